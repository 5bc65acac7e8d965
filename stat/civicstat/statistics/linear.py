"""What equations over amounts that are not negative leave open: elimination and linear programming, both exact."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

__all__ = ["Contradiction", "extremes", "fixed_amounts"]

Name = TypeVar("Name", bound=Hashable)
Number = int | Fraction  # whole where it can be: fractions are slow
Line = dict[Name, Number]


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
    lines: list[Line[int]] = [{places[name]: count for name, count in times.items() if count} for times, _ in equations]
    tableau = _begin(lines, [total for _, total in equations], len(places))
    found: dict[Name, tuple[Fraction, Fraction | None]] = {}
    for name in names:
        if name not in places:
            found[name] = (Fraction(0), None)
            continue
        low, high = (tableau.optimum({places[name]: sign}) for sign in (1, -1))
        assert low is not None  # nothing is below 0
        found[name] = (Fraction(low), None if high is None else Fraction(-high))
    return found


def fixed_amounts(lines: Iterable[Mapping[Name, int]], amounts: Mapping[Name, bool]) -> set[Name]:
    """Return the amounts that cannot be other than they are, none being negative and each line keeping its sum.

    A line is the times each amount is taken. Of ``amounts`` only one thing matters: whether each is above 0, so that it
    might be less. Those are eliminated first. The lines that are left, over amounts that can only rise, say in which
    directions these may rise together, and whether that changes another is a question of linear programming.

    >>> sorted(fixed_amounts([{"a": 1, "b": 1}, {"c": 1, "d": 1}], {"a": True, "b": True, "c": False, "d": False}))
    ['c', 'd']
    """
    solved: dict[Name, Line[Name]] = {}
    rising: dict[Name, Line[Name]] = {}
    for item in lines:
        line: Line[Name] = dict(item)
        _clear(line, solved)
        pivot = next((name for name in line if amounts[name]), None)
        if pivot is not None:
            _solve(line, pivot, solved)
        elif line:
            _clear(line, rising)
            if line:
                _solve(line, next(iter(line)), rising)
    places = {
        name: place for place, name in enumerate(dict.fromkeys(name for line in rising.values() for name in line))
    }
    tableau = _Tableau(
        [{places[name]: times for name, times in line.items()} for line in rising.values()],
        [0] * len(rising),
        [places[name] for name in rising],
    )
    fixed = set()
    for name, above in amounts.items():
        if name in solved:
            moves = {other: -times for other, times in solved[name].items() if other != name}
        elif above:
            continue  # no line asks for it, or others give way
        else:
            moves = {name: 1}
        if places.keys() >= moves.keys() and not tableau.changes({places[at]: times for at, times in moves.items()}):
            fixed.add(name)
    return fixed


@dataclass(slots=True)
class _Tableau:
    """A feasible corner: each line solved for the amount in ``basis``, its other amounts being 0."""

    lines: list[Line[int]]
    right: list[Number]
    basis: list[int]

    def changes(self, moves: Mapping[int, Number]) -> bool:
        """Return whether a sum of amounts grows or falls without end: where all lines are 0, whether it may at all."""
        return any(self.optimum({at: sign * times for at, times in moves.items()}) is None for sign in (1, -1))

    def optimum(self, cost: Mapping[int, Number]) -> Number | None:
        """Return the least value of a cost, None where there is none; the corner where it was found is kept."""
        open_cost, value = dict(cost), Fraction(0)
        for place, column in enumerate(self.basis):
            times = open_cost.get(column)
            if times:
                _take(open_cost, self.lines[place], times)
                value += times * self.right[place]
        while True:
            entering = min((column for column, times in open_cost.items() if times < 0), default=None)
            if entering is None:
                return value
            ratios = (
                (Fraction(self.right[place]) / line[entering], self.basis[place], place)
                for place, line in enumerate(self.lines)
                if line.get(entering, 0) > 0
            )
            leaving = min(ratios, default=None)
            if leaving is None:
                return None
            place = leaving[2]
            self.pivot(place, entering)
            times = open_cost[entering]
            _take(open_cost, self.lines[place], times)
            value += times * self.right[place]

    def pivot(self, place: int, column: int) -> None:
        """Solve one line for another amount, and take it out of the other lines."""
        by = self.lines[place][column]
        line = self.lines[place] = _divided(self.lines[place], by)
        self.right[place] = self.right[place] * by if by in (1, -1) else Fraction(self.right[place]) / by
        self.basis[place] = column
        for other, entries in enumerate(self.lines):
            times = entries.get(column)
            if other != place and times:
                _take(entries, line, times)
                self.right[other] -= times * self.right[place]


def _begin(lines: list[Line[int]], right: Sequence[int], count: int) -> _Tableau:
    """Return a first corner, found by letting a helper amount in each equation go to 0."""
    helpers = range(count, count + len(lines))
    whole = [
        {helper: 1, **{place: -times if total < 0 else times for place, times in line.items()}}
        for line, total, helper in zip(lines, right, helpers, strict=True)
    ]
    tableau = _Tableau(whole, [abs(total) for total in right], list(helpers))
    if tableau.optimum(dict.fromkeys(helpers, 1)):
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


def _solve(line: Line[Name], pivot: Name, solved: dict[Name, Line[Name]]) -> None:
    """Add ``line``, solved for ``pivot``, to lines that are solved for other amounts, and take it out of them."""
    line.update(_divided(line, line[pivot]))
    for other in solved.values():
        if pivot in other:
            _take(other, line, other[pivot])
    solved[pivot] = line


def _clear(line: Line[Name], solved: Mapping[Name, Line[Name]]) -> None:
    """Put into ``line``, for each amount that is solved, the others it follows from."""
    for name in [name for name in line if name in solved]:
        _take(line, solved[name], line[name])


def _divided(line: Line[Name], by: Number) -> Line[Name]:
    whole = by in (1, -1)
    return {name: times * by if whole else Fraction(times) / by for name, times in line.items()}


def _take(line: Line[Name], other: Mapping[Name, Number], times: Number) -> None:
    for name, count in other.items():
        left = line.get(name, 0) - times * count
        if left:
            line[name] = left
        else:
            line.pop(name, None)
