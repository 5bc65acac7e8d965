"""An independent judge of what is withheld: from all that is published it tries to work out each small count.

It knows nothing of how cells are chosen. It writes down every equation between published and withheld numbers of a
small city (members, crosses, longer periods, both sides of a share) and asks by exact linear programming which values
each withheld small count could have. One value alone is a leak.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import lcm
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from civicstat.period import Calendar, FiscalYear
from civicstat.results import Reading, Reason, Status, withheld
from civicstat.spec import Privacy
from civicstat.statistics import extremes

CALENDAR = Calendar(FiscalYear(7))
SPANS = {
    "2026-02": ["2026-02"],
    "2026-03": ["2026-03"],
    "2026-04": ["2026-04"],
    "2026-Q1": ["2026-02", "2026-03"],
    "2026-Q2": ["2026-04"],
    "2026": ["2026-02", "2026-03", "2026-04"],
    "all": ["2026-02", "2026-03", "2026-04"],
}
MONTHS = SPANS["2026"]
MEMBERS = {"unit": ("N", "S", "W"), "shift": ("day", "eve")}
KEYS = list(product(MONTHS, MEMBERS["unit"], MEMBERS["shift"]))

Slice = tuple[tuple[str, str], ...]
Cell = tuple[str, Slice]
Name = Any
Line = dict[Name, Fraction]
Counts = tuple[int, ...]  # rows; of a share also those in its numerator and those left


@dataclass(frozen=True)
class City:
    """Rows and hits by month, unit and shift, and by which dimensions they are published."""

    rows: Mapping[tuple[str, str, str], tuple[int, int]]
    splits: Sequence[tuple[str, ...]]
    share: bool
    limit: int
    private: tuple[str, ...] = ()

    def cells(self) -> dict[Cell, Counts]:
        return {
            (period, chosen): self.counts(period, chosen)
            for split in ((), *self.splits)
            for members in product(*(MEMBERS[name] for name in split))
            for chosen in [tuple(zip(split, members, strict=True))]
            for period in SPANS
        }

    def counts(self, period: str, chosen: Slice) -> Counts:
        inside = [
            counts
            for (month, unit, shift), counts in self.rows.items()
            if month in SPANS[period] and set(chosen) <= {("unit", unit), ("shift", shift)}
        ]
        n, hits = sum(n for n, _ in inside), sum(hits for _, hits in inside)
        return (n, hits, n - hits) if self.share else (n,)

    def withheld(self) -> set[Cell]:
        cells = self.cells()
        readings = [reading(period, dict(chosen), counts) for (period, chosen), counts in cells.items()]
        behind = [(n, more[0], n, more[1]) if more else (n,) for n, *more in cells.values()]
        places = withheld(
            readings, Privacy(self.limit, self.private), rows=behind, over_time="sum", base="month", environment={}
        )
        return {cell for place, cell in enumerate(cells) if place in places}

    def small(self) -> set[tuple[Cell, int]]:
        """The counts to protect: which cell, and which of its counts."""
        return {
            (cell, place)
            for cell, counts in self.cells().items()
            if not self.private or any(name in self.private for name, _ in cell[1])
            for place, count in enumerate(counts)
            if 0 < count < self.limit
        }


def reading(period: str, chosen: dict[str, str], counts: Counts) -> Reading:
    named, n = CALENDAR.parse(period), counts[0]
    return Reading(
        "injuries", period, named.grain, named.start, named.end, named.last, chosen, float(n), float(counts[-1]),
        float(n), n, complete=True, final=True, suppressed=False, status=Status.NO_GOAL, reason=Reason("no_goal"),
    )  # fmt: skip


def sums(cells: Collection[Cell]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Every published cell with the published cells it is the sum of."""
    for period, chosen in cells:
        names = {name for name, _ in chosen}
        for size in (1, 2):
            for more in combinations(sorted(set(MEMBERS) - names), size):
                parts = [
                    (period, tuple(sorted((*chosen, *zip(more, members, strict=True)))))
                    for members in product(*(MEMBERS[name] for name in more))
                ]
                known = {tuple(sorted(cell[1])): cell for cell in cells if cell[0] == period}
                if all(part[1] in known for part in parts):
                    yield (period, chosen), [known[part[1]] for part in parts]
        if len(SPANS[period]) > 1 or period == "2026-Q2":
            yield (period, chosen), [(month, chosen) for month in SPANS[period]]


def worked_out(city: City, hidden: Collection[Cell]) -> set[tuple[Cell, int]]:
    """The protected counts that have one value only, all equations together."""
    cells = city.cells()
    lines: list[Line] = []
    for whole, parts in sums(cells):
        for place in range(len(cells[whole])):
            line: Line = {(part, place): Fraction(1) for part in parts if part in hidden}
            if whole in hidden:
                line[whole, place] = Fraction(-1)
            lines.append(line)
    for cell in hidden:
        lines.append({(cell, 0): Fraction(1), ("more than one", cell): Fraction(-1)})  # a zero would be shown
        if city.share:
            lines.append({(cell, 0): Fraction(1), (cell, 1): Fraction(-1), (cell, 2): Fraction(-1)})
    amounts: dict[Name, int] = {(cell, place): count for cell in hidden for place, count in enumerate(cells[cell])}
    amounts |= {("more than one", cell): cells[cell][0] - 1 for cell in hidden}
    return determined(lines, amounts) & {item for item in city.small() if item[0] in hidden}


def determined(lines: list[Line], amounts: Mapping[Name, int]) -> set[Any]:
    """The amounts, none of them negative, that cannot be other than they are while every line keeps its sum.

    What may change is a direction in which no line's sum changes and no amount that is 0 falls. Amounts above 0 are
    eliminated first. What is left of the others are the equations of a cone; a direction in it is found, or not, by
    linear programming.
    """
    free = {name for name, amount in amounts.items() if amount}
    given: dict[Name, Line] = {}
    cone: list[Line] = []
    for line in lines:
        line = dict(line)
        for pivot in [name for name in line if name in given]:
            add(line, given[pivot], -line[pivot])
        pivot = next((name for name in line if name in free), None)
        if pivot is None:
            if line:
                cone.append(line)
            continue
        line = {name: times / line[pivot] for name, times in line.items()}
        for other in given.values():
            if pivot in other:
                add(other, line, -other[pivot])
        given[pivot] = line
    found: set[Any] = set()
    for name in amounts:
        moves = {
            other: times
            for other, times in given.get(name, {name: Fraction(1)}).items()
            if other != name or name not in given
        }
        if not any(other in free for other in moves) and not any(can_move(moves, cone, sign) for sign in (1, -1)):
            found.add(name)
    return found


def can_move(moves: Line, cone: list[Line], sign: int) -> bool:
    """Whether some direction of the cone changes the sum of ``moves`` to the side of ``sign``."""
    if not moves:
        return False
    if not cone:
        return any(times * sign > 0 for times in moves.values())
    whole = [*cone, {**moves, "changed": Fraction(-sign)}]
    scaled = []
    for line in whole:
        by = lcm(*(times.denominator for times in line.values()))
        scaled.append(({name: int(times * by) for name, times in line.items()}, 0))
    return extremes(scaled, ["changed"])["changed"][1] != 0


def add(line: Line, other: Line, times: Fraction) -> None:
    for name, count in other.items():
        left = line.get(name, Fraction(0)) + times * count
        if left:
            line[name] = left
        else:
            line.pop(name, None)


NUMBERS = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 6, 9, 20])
CITIES = st.builds(
    City,
    rows=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=18, max_size=18).map(
        lambda found: {key: (hits + rest, hits) for key, (hits, rest) in zip(KEYS, found, strict=True)}
    ),
    splits=st.sampled_from([[("unit",)], [("unit",), ("shift",)], [("unit",), ("shift",), ("shift", "unit")]]),
    share=st.booleans(),
    limit=st.integers(3, 6),
    private=st.sampled_from([(), ("unit",)]),
)


def crossed(*rows: int, limit: int = 5) -> City:
    """A city of plain counts with all its splits, its rows by month, unit and shift."""
    splits = [("unit",), ("shift",), ("shift", "unit")]
    return City({key: (n, 0) for key, n in zip(KEYS, rows, strict=True)}, splits, share=False, limit=limit)


@settings(max_examples=100, deadline=None)
@given(CITIES)
@example(crossed(0, 3, 1, 0, 0, 0, 3, 0, 0, 1, 0, 0, 0, 3, 1, 0, 2, 3))  # once told by totals that left no room
def test_no_small_count_follows_from_all_that_is_published(city: City) -> None:
    hidden = city.withheld()

    assert {cell for cell, _ in city.small()} <= hidden
    assert worked_out(city, hidden) == set()


@settings(max_examples=60, deadline=None)
@given(CITIES)
def test_the_totals_of_great_counts_stay_so_that_no_other_page_says_what_is_withheld_here(city: City) -> None:
    """Another metric of the same rows, and the dataset's page, say the totals too."""
    filled = {key: (n + 40, hits + 20) for key, (n, hits) in city.rows.items()}
    one = next(iter(filled))
    small = City({**filled, one: (2, 1)}, city.splits, city.share, city.limit, city.private)

    hidden = small.withheld()

    assert {cell for cell in hidden if not cell[1]} == set()
    assert worked_out(small, hidden) == set()


def test_a_judge_who_is_shown_the_total_beside_one_withheld_member_works_it_out() -> None:
    rows = dict.fromkeys(KEYS, (9, 0))
    city, north = City(rows, [("unit",)], share=False, limit=20), (("unit", "N"),)

    assert worked_out(city, {("2026-02", north)}) == {(("2026-02", north), 0)}
    assert worked_out(city, {("2026-02", north), ("2026-02", ())}) == {(("2026-02", north), 0)}  # by its quarter
