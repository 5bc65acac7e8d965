"""Small counts are withheld, and with them every total that would give one away by subtraction."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from civicstat.results.reading import Reading
from civicstat.spec import BLANK, Privacy

__all__ = ["FLOOR", "threshold", "withheld"]

FLOOR = 3
"""No count below this is published where privacy is declared, whatever the YAML says."""

Slice = tuple[tuple[str, str], ...]  # dimension and member, by dimension
Cell = tuple[str, Slice]  # period, slice
_PRIME = 2**61 - 1
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
    adds_over_time: bool,
    base: str,
    multiple: Collection[str] = (),
    environment: Mapping[str, str] | None = None,
) -> set[int]:
    """Return the places in ``readings`` (all of one metric) that must not be published.

    ``rows`` are the counts behind each reading: the rows it counted, and what else must not be small (of a share the
    rows in its numerator and those left). First the cells with 0 < count < t. Then, until nothing changes, each sum
    with a single hidden part is hidden with it (or, if the sum itself is hidden, its smallest part), so is a sum whose
    hidden parts could have one value only, and what still follows from several sums together gets company.
    ``adds_over_time`` is false for a level: a quarter then repeats its last ``base`` period instead of adding them up.
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
    sums = [*_over_members(cells, multiple), *_over_time(readings, cells, base, adds_over_time)]
    table = _Table(counts, sums, primary, limit)
    crossed = {place for cell, place in cells.items() if len(cell[1]) > 1}
    apart = [place for place in range(len(readings)) if place not in crossed]

    def alone() -> set[int]:
        return withheld(
            [readings[place] for place in apart], privacy, rows=[rows[place] for place in apart],
            adds_over_time=adds_over_time, base=base, multiple=multiple, environment=environment,
        )  # fmt: skip

    hidden = set(primary)
    more = set(primary)
    while more:
        _close(table, hidden)
        if crossed and len(hidden) > _MOST_HIDDEN:
            return crossed | {apart[place] for place in alone()}
        more = _company(table, hidden, _followed(table, hidden) & primary)
        hidden |= more
    return {cells[cell] for cell in hidden}


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


def _over_time(readings: Sequence[Reading], cells: Mapping[Cell, int], base: str, adds: bool) -> list[_Sum]:
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
        parts = tuple(_cell(part) for part in (inside if adds else inside[-1:]))
        if parts and _cell(reading) in cells:
            sums.append(_Sum(_cell(reading), parts))
    return sums


def _close(table: _Table, hidden: set[Cell]) -> None:
    """Hide what each sum alone would tell, until no sum tells anything."""
    changed = True
    while changed:
        changed = False
        for item in table.sums:
            extra = _leak(item, hidden, table)
            if extra is not None:
                hidden.add(extra)
                changed = True


def _leak(item: _Sum, hidden: set[Cell], table: _Table) -> Cell | None:
    """Return one more cell to hide so that this sum tells nothing about its hidden cells."""
    if item.overlap:
        return _leak_of_overlap(item, hidden, table)
    out = [cell for cell in item.parts if cell in hidden]
    if item.whole in hidden:
        return None if out else _smallest(item.parts, hidden, table)
    if not out:
        return None
    rows, *others = (sum(counts) for counts in zip(*(table.counts[cell] for cell in out), strict=True))
    least = rows == len(out)  # each hidden cell holds a row, so that each holds one
    most = not others and rows == len(out) * (table.limit - 1) and table.primary.issuperset(out)
    nothing = 0 in others  # of several shares together none, or all: so of each
    return item.whole if len(out) == 1 or least or most or nothing else None


def _leak_of_overlap(item: _Sum, hidden: set[Cell], table: _Table) -> Cell | None:
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


def _smallest(cells: Iterable[Cell], hidden: Collection[Cell], table: _Table) -> Cell | None:
    """Return the cell with the fewest rows that is shown and holds any."""
    shown = [(table.counts[cell][0], cell) for cell in cells if cell not in hidden and table.counts[cell][0] > 0]
    return min(shown, default=(0, None))[1]


def _company(table: _Table, hidden: Collection[Cell], told: Collection[Cell]) -> set[Cell]:
    """Return one more cell to hide beside each of ``told``, from the first of its sums that shows one."""
    more: set[Cell] = set()
    for cell in sorted(told):
        beside = ((item.whole, *item.parts) for item in table.sums if cell == item.whole or cell in item.parts)
        found = (_smallest(cells, hidden, table) for cells in beside)
        more |= set(next(([one] for one in found if one is not None), []))
    return more


def _followed(table: _Table, hidden: Collection[Cell]) -> set[Cell]:
    """Return the hidden cells that have one value only, all sums taken together.

    Gauss-Jordan elimination in a field so large that a chance agreement can be left out of account.
    """
    done: dict[Cell, dict[Cell, int]] = {}  # pivot → the line that gives it by cells that have none
    for item in table.sums:
        if item.overlap:
            continue
        line = dict.fromkeys((cell for cell in item.parts if cell in hidden), _PRIME - 1)
        if item.whole in hidden:
            line[item.whole] = 1
        for pivot in [cell for cell in line if cell in done]:
            _subtract(line, done[pivot], line[pivot])
        if not line:
            continue
        pivot = min(line)
        scale = pow(line[pivot], -1, _PRIME)
        line = {cell: value * scale % _PRIME for cell, value in line.items()}
        for other in done.values():
            if pivot in other:
                _subtract(other, line, other[pivot])
        done[pivot] = line
    return {pivot for pivot, line in done.items() if len(line) == 1}


def _subtract(line: dict[Cell, int], other: Mapping[Cell, int], times: int) -> None:
    for cell, value in other.items():
        left = (line.get(cell, 0) - times * value) % _PRIME
        if left:
            line[cell] = left
        else:
            line.pop(cell, None)
