"""Small counts are withheld, and with them every total that would give one away by subtraction."""

from __future__ import annotations

import os
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Literal

from civicstat.results.reading import Reading
from civicstat.spec import BLANK, Privacy
from civicstat.statistics import fixed_amounts

__all__ = ["FLOOR", "OverTime", "threshold", "withheld"]

OverTime = Literal["sum", "end", "last", "first"]
"""How a longer period is made of shorter ones: all of them, the last of them, or the last or first that holds rows."""

FLOOR = 3
"""No count below this is published where privacy is declared, whatever the YAML says."""

Slice = tuple[tuple[str, str], ...]  # dimension and member, by dimension
Cell = tuple[str, Slice]  # period, slice
_MOST_HIDDEN = 1_000
"""Where more cells than these are hidden, crosses are withheld whole: what is left gives away takes minutes to tell."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """A published cell that is the sum of others; with ``overlap`` at most their sum, since they may share rows."""

    whole: Cell
    parts: tuple[Cell, ...]
    overlap: bool = False


@dataclass(frozen=True, slots=True)
class _Table:
    """The cells of one metric: the counts behind each, the first of them the rows, and the sums they make."""

    counts: Mapping[Cell, Sequence[int]]
    sums: Sequence[_Sum]
    primary: frozenset[Cell]
    limit: int


def threshold(privacy: Privacy, environment: Mapping[str, str] | None = None) -> int:
    """Return the smallest count shown: the declared one, never under the floor; the environment may raise it."""
    raised = (os.environ if environment is None else environment).get("CIVICSTAT_MIN_COUNT", "")
    return max(FLOOR, privacy.min_count, int(raised) if raised.isdigit() else 0)


def withheld(
    readings: Sequence[Reading],
    privacy: Privacy,
    *,
    rows: Sequence[Sequence[int]],
    over_time: OverTime,
    base: str,
    multiple: Collection[str] = (),
    environment: Mapping[str, str] | None = None,
) -> set[int]:
    """Return the places in ``readings`` (all of one metric) that must not be published.

    ``rows`` are the counts behind each reading: the rows it counted, and what else must not be small (of a share the
    rows in its numerator and those left). First the cells with 0 < count < t. Then, until nothing changes, each sum
    with a single hidden part loses another part, and the sum itself only where no other part holds rows; a hidden sum
    loses a part. What still follows from several sums together, no count being negative, gets company too.
    ``over_time`` says how a quarter is made of its ``base`` periods.
    A row may be in several members of the dimensions ``multiple``: their sum tells the least a hidden one can be.
    Crosses that leave very many cells to hide are withheld whole.

    Source: reference practice of U.S. health statistics (CMS cell-size policy, Washington State DOH small numbers).
    """
    limit = threshold(privacy, environment)
    cells = {_cell(reading): place for place, reading in enumerate(readings)}
    primary = frozenset(
        cell
        for cell, place in cells.items()
        if _applies(readings[place], privacy.dimensions) and any(0 < count < limit for count in rows[place])
    )
    counts = {cell: rows[place] for cell, place in cells.items()}
    sums = [*_over_members(cells, multiple), *_over_time(readings, cells, base, over_time)]
    table = _Table(counts, sums, primary, limit)
    crossed = {place for cell, place in cells.items() if len(cell[1]) > 1}
    apart = [place for place in range(len(readings)) if place not in crossed]

    def alone() -> set[int]:
        return withheld(
            [readings[place] for place in apart], privacy, rows=[rows[place] for place in apart],
            over_time=over_time, base=base, multiple=multiple, environment=environment,
        )  # fmt: skip

    cover = _Cover(table)
    more: Collection[Cell] = primary
    while more:
        cover.hide(more)
        if crossed and len(cover.hidden) > _MOST_HIDDEN:
            return crossed | {apart[place] for place in alone()}
        more = cover.company(_followed(table, cover.hidden))
    return {cells[cell] for cell in cover.hidden}


def _cell(reading: Reading) -> Cell:
    return reading.period, tuple(sorted(reading.slice.items()))


def _applies(reading: Reading, dimensions: Collection[str]) -> bool:
    return not dimensions or any(name in dimensions for name in reading.slice)


def _over_members(cells: Iterable[Cell], multiple: Collection[str]) -> list[_Sum]:
    """Return what adds up to a total and, of a cross, to each member of one of its dimensions."""
    groups: dict[tuple[Cell, tuple[str, ...]], list[Cell]] = defaultdict(list)
    for cell in cells:
        period, chosen = cell
        for left in range(2 ** len(chosen) - 1):
            kept = tuple(item for place, item in enumerate(chosen) if left >> place & 1)
            gone = tuple(name for name, _ in chosen if name not in dict(kept))
            groups[(period, kept), gone].append(cell)
    known = set(cells)
    return [
        _Sum(whole, tuple(parts), overlap=any(name in multiple for name in gone))
        for (whole, gone), parts in groups.items()
        if whole in known
    ]


def _over_time(readings: Sequence[Reading], cells: Mapping[Cell, int], base: str, how: OverTime) -> list[_Sum]:
    finer: dict[Slice, list[Reading]] = defaultdict(list)
    for reading in readings:
        if reading.grain == base:
            finer[_cell(reading)[1]].append(reading)
    sums = []
    for reading in readings:
        if reading.grain == base:
            continue
        inside = [
            part
            for part in finer[_cell(reading)[1]]
            if part.end is not None
            and (reading.start is None or (part.start is not None and part.start >= reading.start))
            and (reading.through is None or part.through is None or part.through <= reading.through)
        ]
        if how != "sum":
            held = inside if how == "end" else [part for part in inside if part.n]
            inside = held[:1] if how == "first" else held[-1:]
        parts = tuple(map(_cell, inside))
        if parts and _cell(reading) in cells:
            sums.append(_Sum(_cell(reading), parts))
    return sums


@dataclass(slots=True)
class _Cover:
    """What is hidden so far, with the sums it stands in."""

    table: _Table
    hidden: set[Cell] = field(default_factory=set)
    sums_of: dict[Cell, list[int]] = field(default_factory=lambda: defaultdict(list))
    parts_out: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, item in enumerate(self.table.sums):
            for cell in (item.whole, *item.parts):
                self.sums_of[cell].append(number)
        self.parts_out = [0] * len(self.table.sums)

    def hide(self, cells: Iterable[Cell]) -> None:
        """Hide cells and then, sum by sum, what each alone would tell; sums of few parts first."""
        sums = self.table.sums
        waiting: list[tuple[int, int]] = []
        more = sorted(cells)
        while more or waiting:
            for cell in more:
                if cell not in self.hidden:
                    self.hidden.add(cell)
                    for number in self.sums_of[cell]:
                        self.parts_out[number] += cell != sums[number].whole
                        heappush(waiting, (len(sums[number].parts), number))
            found = self._extra(heappop(waiting)[1]) if waiting else None
            more = [] if found is None else [found]

    def company(self, told: Iterable[Cell]) -> set[Cell]:
        """Return more cells to hide beside ``told``: one of each of its sums, else of those of hidden cells there."""
        return {cell for item in sorted(told) for cell in self._near(item)}

    def _near(self, told: Cell) -> set[Cell]:
        waiting, seen = deque([told]), {told}
        while waiting:
            sums = [self.table.sums[number] for number in self.sums_of[waiting.popleft()]]
            found = set(filter(None, map(self._beside, sums)))
            if found:
                return found
            for cell in (cell for item in sums for cell in (item.whole, *item.parts)):
                if cell in self.hidden and cell not in seen:
                    seen.add(cell)
                    waiting.append(cell)
        return set()

    def _extra(self, number: int) -> Cell | None:
        item = self.table.sums[number]
        if item.overlap:
            return _leak_of_overlap(item, self.hidden, self.table)
        return self._beside(item) if self._tells(number) else None

    def _tells(self, number: int, more: int = 0) -> bool:
        """Whether a sum alone tells a hidden cell; ``more`` of its parts being hidden too."""
        return self.parts_out[number] + more == (0 if self.table.sums[number].whole in self.hidden else 1)

    def _beside(self, item: _Sum) -> Cell | None:
        """Return the cell of a sum to hide with those that are: a part, and the whole where no other part holds rows.

        Totals are what other pages say too. Of the parts the one is taken that leaves the fewest sums in need of yet
        another cell, of these the smallest.
        """
        shown = [cell for cell in item.parts if cell not in self.hidden and self.table.counts[cell][0] > 0]
        if shown:
            return min(shown, key=lambda cell: (self._burden(cell), self.table.counts[cell][0], cell))
        return None if item.whole in self.hidden else item.whole

    def _burden(self, cell: Cell) -> int:
        sums = self.table.sums
        return sum(
            self._tells(number, 1) - self._tells(number)
            for number in self.sums_of[cell]
            if not sums[number].overlap and sums[number].whole != cell
        )


def _leak_of_overlap(item: _Sum, hidden: Collection[Cell], table: _Table) -> Cell | None:
    """Return one more cell to hide where parts that overlap, at least as great as their whole, leave one value only.

    All rows are in one part or another: those that the shown parts cannot hold are in the hidden ones.
    """
    out = [cell for cell in item.parts if cell in hidden]
    some = [cell for cell in item.parts if cell not in hidden and table.counts[cell][0] > 0]
    if item.whole in hidden:
        alone = [cell for cell in some if BLANK not in dict(cell[1]).values()]
        return some[0] if some and not out and len(alone) <= 1 else None
    if not out or not table.primary.issuperset(out):
        return None
    shown = [
        sum(counts) for counts in zip(*(table.counts[cell] for cell in item.parts if cell not in hidden), strict=True)
    ]
    least = max(whole - (shown[place] if shown else 0) for place, whole in enumerate(table.counts[item.whole]))
    return item.whole if least >= len(out) * (table.limit - 1) else None


def _followed(table: _Table, hidden: Collection[Cell]) -> set[Cell]:
    """Return the cells of which a small count has one value only, all sums taken together.

    Each kind of count is looked at by itself, which asks more than is needed: that it may change while the others stay.
    A hidden cell holds a row, since a zero would be shown.
    """
    lines = []
    for item in table.sums:
        if not item.overlap:
            line = {cell: 1 for cell in item.parts if cell in hidden}
            if item.whole in hidden:
                line[item.whole] = -1
            lines.append(line)
    lines.sort(key=len)  # short ones first leave the fewest amounts in each
    kinds = range(max((len(table.counts[cell]) for cell in hidden), default=0))
    changing = [{cell: table.counts[cell][0] > 1 and table.counts[cell][kind] > 0 for cell in hidden} for kind in kinds]
    fixed: list[set[Cell]] = []
    for kind in kinds:
        same = changing.index(changing[kind])
        fixed.append(fixed[same] if same < kind else fixed_amounts(lines, changing[kind]))
    return {
        cell
        for cell in table.primary
        if any(table.counts[cell][kind] < table.limit and cell in fixed[kind] for kind in kinds)
    }
