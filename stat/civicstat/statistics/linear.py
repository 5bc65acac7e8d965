"""What equations over amounts that are not negative leave open: exact linear programming, in fractions."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

__all__ = ["Contradiction", "extremes"]

Name = TypeVar("Name", bound=Hashable)
Line = dict[int, Fraction]
_NOTHING = Fraction(0)


class Contradiction(ValueError):
    """No amounts fulfil all equations."""


def extremes(
    equations: Sequence[tuple[Mapping[Name, int], int]], names: Iterable[Name]
) -> dict[Name, tuple[Fraction, Fraction | None]]:
    """Return the least and the greatest amount each of ``names`` can have (None: no limit), all being 0 or more.

    An equation is the times each amount is taken, and their sum. The simplex method in exact fractions, by Bland's
    rule, which never goes round in a circle.

    >>> low, high = extremes([({"a": 1, "b": 1}, 7), ({"b": 1, "c": 1}, 5)], ["b"])["b"]
    >>> int(low), int(high)
    (0, 5)

    Raises:
        Contradiction: no amounts fulfil all equations.
    """
    places: dict[Name, int] = {}
    for times, _ in equations:
        for name in times:
            places.setdefault(name, len(places))
    tableau = _begin(equations, places)
    found: dict[Name, tuple[Fraction, Fraction | None]] = {}
    for name in names:
        if name not in places:
            found[name] = (_NOTHING, None)
            continue
        low, high = (tableau.optimum({places[name]: Fraction(sign)}) for sign in (1, -1))
        assert low is not None  # nothing is below 0
        found[name] = (low, None if high is None else -high)
    return found


@dataclass(slots=True)
class _Tableau:
    """A feasible corner: each line solved for the amount in ``basis``, its other amounts being 0."""

    lines: list[Line]
    right: list[Fraction]
    basis: list[int]

    def optimum(self, cost: Line) -> Fraction | None:
        """Return the least value of a cost, None where there is none; the corner where it was found is kept."""
        cost, value = dict(cost), _NOTHING
        for place, column in enumerate(self.basis):
            times = cost.get(column)
            if times:
                _take(cost, self.lines[place], times)
                value += times * self.right[place]
        while True:
            entering = min((column for column, times in cost.items() if times < 0), default=None)
            if entering is None:
                return value
            ratios = (
                (self.right[place] / line[entering], self.basis[place], place)
                for place, line in enumerate(self.lines)
                if line.get(entering, _NOTHING) > 0
            )
            leaving = min(ratios, default=None)
            if leaving is None:
                return None
            place = leaving[2]
            self.pivot(place, entering)
            times = cost[entering]
            _take(cost, self.lines[place], times)
            value += times * self.right[place]

    def pivot(self, place: int, column: int) -> None:
        """Solve one line for another amount, and take it out of the other lines."""
        by = self.lines[place][column]
        line = self.lines[place] = {at: times / by for at, times in self.lines[place].items()}
        self.right[place] /= by
        self.basis[place] = column
        for other, entries in enumerate(self.lines):
            times = entries.get(column)
            if other != place and times:
                _take(entries, line, times)
                self.right[other] -= times * self.right[place]


def _begin(equations: Sequence[tuple[Mapping[Name, int], int]], places: Mapping[Name, int]) -> _Tableau:
    """Return a first corner, found by letting a helper amount in each equation go to 0."""
    lines, right = [], []
    for times, total in equations:
        sign = -1 if total < 0 else 1
        lines.append({places[name]: Fraction(sign * count) for name, count in times.items() if count})
        right.append(Fraction(sign * total))
    helpers = range(len(places), len(places) + len(lines))
    for line, helper in zip(lines, helpers, strict=True):
        line[helper] = Fraction(1)
    tableau = _Tableau(lines, right, list(helpers))
    if tableau.optimum(dict.fromkeys(helpers, Fraction(1))):
        raise Contradiction("no amounts fulfil all equations")
    for place, column in enumerate(tableau.basis):
        if column in helpers:
            own = next((at for at, times in tableau.lines[place].items() if at not in helpers and times), None)
            if own is not None:
                tableau.pivot(place, own)
    kept = [place for place, column in enumerate(tableau.basis) if column not in helpers]
    return _Tableau(
        [{at: times for at, times in tableau.lines[place].items() if at not in helpers} for place in kept],
        [tableau.right[place] for place in kept],
        [tableau.basis[place] for place in kept],
    )


def _take(line: Line, other: Line, times: Fraction) -> None:
    for column, count in other.items():
        left = line.get(column, _NOTHING) - times * count
        if left:
            line[column] = left
        else:
            line.pop(column, None)
