"""Small counts in a two-way table: which to hide, which to hide with them, and what a reader could still work out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from civicstat.statistics.linear import extremes

__all__ = ["Audit", "Cell", "Plan", "audit_cells", "plan_cells", "small_cells"]

Table = Sequence[Sequence[int]]
Cell = tuple[int, int]
"""Row and column, from 0."""

_MOST_STEPS = 200_000
"""Ways looked at before a plan is taken that may hide more than the fewest."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What follows for each hidden cell from all that is shown; ``None``: there is no upper limit.

    ``exposed`` are the small ones that can have one value only, ``narrow`` those of fewer values than the threshold.
    """

    ranges: Mapping[Cell, tuple[int, int | None]]
    exposed: tuple[Cell, ...]
    narrow: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Cells to hide; ``fewest`` says that no plan hides fewer (of a large table it may not be known)."""

    primary: tuple[Cell, ...]
    hidden: frozenset[Cell]
    fewest: bool = True


def small_cells(table: Table, threshold: int, *, zero_is_shown: bool = True) -> tuple[Cell, ...]:
    """Return the cells under the threshold, row by row.

    >>> small_cells([[4, 120], [0, 11]], 11)
    ((0, 0),)
    """
    least = 1 if zero_is_shown else 0
    return tuple(
        (row, column)
        for row, cells in enumerate(table)
        for column, value in enumerate(cells)
        if least <= value < threshold
    )


def audit_cells(
    table: Table,
    hidden: Collection[Cell],
    threshold: int,
    *,
    margins_published: bool = True,
    zero_is_shown: bool = True,
) -> Audit:
    """Return what is left open of the hidden cells by the others and, where they are published, the totals.

    A table of one row or one column has one total: those across it would be its cells.
    """
    lines = _lines(table) if margins_published else ()
    equations = [
        (
            {cell: 1 for cell in line if cell in hidden},
            sum(table[row][column] for row, column in line if (row, column) in hidden),
        )
        for line in lines
    ]
    found = extremes([(times, total) for times, total in equations if times], sorted(hidden))
    ranges = {cell: (int(low), None if high is None else int(high)) for cell, (low, high) in found.items()}
    small = [cell for cell in small_cells(table, threshold, zero_is_shown=zero_is_shown) if cell in ranges]
    return Audit(
        ranges,
        exposed=tuple(cell for cell in small if ranges[cell][0] == ranges[cell][1]),
        narrow=tuple(cell for cell in small if _is_narrow(*ranges[cell], threshold)),
    )


def plan_cells(
    table: Table, threshold: int, *, margins_published: bool = True, zero_is_shown: bool = True
) -> Plan | None:
    """Return a plan in which no small cell can be worked out, hiding the fewest cells there are.

    None where no plan within the table is enough: a total has to be hidden too. A hidden cell stays open exactly if its
    row's and column's totals still hold when it changes, so if it lies on a closed path of hidden cells that rise and
    fall by turns; the plan is searched among such paths, fewest cells first.
    """
    primary = small_cells(table, threshold, zero_is_shown=zero_is_shown)
    if not margins_published:
        return Plan(primary, frozenset(primary))
    every = frozenset((row, column) for row, cells in enumerate(table) for column in range(len(cells)))
    if not all(_is_open(table, cell, every) for cell in primary):
        return None
    search = _Search(table, primary)
    for budget in count():
        try:
            found = search.within(frozenset(primary), budget)
        except _TooManySteps:
            return Plan(primary, search.by_turns(), fewest=False)
        if found is not None:
            return Plan(primary, found)
    raise AssertionError("the whole table hidden is a plan")


def _is_narrow(low: int, high: int | None, threshold: int) -> bool:
    return high is not None and high - low + 1 < threshold


def _lines(table: Table) -> list[list[Cell]]:
    """Return the cells of each published total."""
    wide = len(table[0]) if table else 0
    rows = [[(row, column) for column in range(wide)] for row in range(len(table))]
    columns = [[(row, column) for row in range(len(table))] for column in range(wide)]
    if wide == 1:
        return columns
    return rows if len(table) == 1 else rows + columns


class _TooManySteps(Exception):
    """The search for the fewest cells takes too long."""


@dataclass(slots=True)
class _Search:
    table: Table
    primary: tuple[Cell, ...]
    steps: int = 0

    def within(self, hidden: frozenset[Cell], budget: int) -> frozenset[Cell] | None:
        """Return ``hidden`` with at most ``budget`` more cells, so that every small one stays open."""
        told = next((cell for cell in self.primary if not _is_open(self.table, cell, hidden)), None)
        if told is None:
            return hidden
        if not budget:
            return None
        for more in sorted(set(_ways(self.table, told, hidden, budget)), key=lambda cells: (len(cells), sorted(cells))):
            self.steps += 1
            if self.steps > _MOST_STEPS:
                raise _TooManySteps
            found = self.within(hidden | more, budget - len(more))
            if found is not None:
                return found
        return None

    def by_turns(self) -> frozenset[Cell]:
        """Return a plan that gives one small cell after the other the fewest cells it needs."""
        hidden = frozenset(self.primary)
        for cell in self.primary:
            ways = (way for budget in count() for way in _ways(self.table, cell, hidden, budget))
            hidden |= next(ways)
        return hidden


def _is_open(table: Table, cell: Cell, hidden: Collection[Cell]) -> bool:
    return next(_ways(table, cell, hidden, 0), None) is not None


def _ways(table: Table, cell: Cell, hidden: Collection[Cell], budget: int) -> Iterator[frozenset[Cell]]:
    """Yield the cells, at most ``budget``, that close a path from ``cell`` on which rise and fall take turns."""
    for rises in (True, False):
        if rises or table[cell[0]][cell[1]]:
            start, goal = (_side(table, cell, kind) for kind in ("column", "row"))
            yield from _paths(table, start, goal, not rises, frozenset([cell]), {start}, hidden, budget)


def _paths(
    table: Table,
    at: tuple[str, int],
    goal: tuple[str, int],
    rises: bool,
    used: frozenset[Cell],
    seen: set[tuple[str, int]],
    hidden: Collection[Cell],
    budget: int,
) -> Iterator[frozenset[Cell]]:
    kind = "row" if at[0] == "column" else "column"
    for row, cells in enumerate(table):
        for column, value in enumerate(cells):
            cell = (row, column)
            left = budget - (cell not in hidden)
            if cell in used or left < 0 or _side(table, cell, at[0]) != at or not (rises or value):
                continue
            beyond = _side(table, cell, kind)
            if beyond == goal:
                yield (used | {cell}) - frozenset(hidden)
            elif beyond not in seen:
                yield from _paths(table, beyond, goal, not rises, used | {cell}, seen | {beyond}, hidden, left)


def _side(table: Table, cell: Cell, kind: str) -> tuple[str, int]:
    """Return the total on one side of a cell; the sides without totals, in a table of one line, are one."""
    row, column = cell
    if kind == "row":
        return "row", 0 if len(table[0]) == 1 else row
    return "column", 0 if len(table) == 1 else column
