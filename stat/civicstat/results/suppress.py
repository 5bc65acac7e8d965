"""Small counts are withheld, and with them every total that would give one away by subtraction."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from civicstat.results.reading import Reading
from civicstat.spec import Privacy

__all__ = ["FLOOR", "threshold", "withheld"]

FLOOR = 3
"""No count below this is published where privacy is declared, whatever the YAML says."""

Cell = tuple[str, str, str]  # period, dimension, member


@dataclass(frozen=True, slots=True)
class _Sum:
    """A published cell that is the sum of others."""

    whole: Cell
    parts: tuple[Cell, ...]


def threshold(privacy: Privacy, environment: Mapping[str, str] | None = None) -> int:
    """Return the smallest count shown: the declared one, never under the floor; the environment may raise it."""
    raised = (os.environ if environment is None else environment).get("CIVICSTAT_MIN_COUNT", "")
    return max(FLOOR, privacy.min_count, int(raised) if raised.isdigit() else 0)


def withheld(
    readings: Sequence[Reading],
    privacy: Privacy,
    *,
    shares: bool,
    adds_over_time: bool,
    base: str,
    environment: Mapping[str, str] | None = None,
) -> set[int]:
    """Return the places in ``readings`` (all of one metric) that must not be published.

    First the small cells: 0 < n < t, and for a share also a small numerator or a small rest. Then, until nothing
    changes, each sum with a single hidden part is hidden with it (or, if the sum itself is hidden, its smallest part),
    and so is a sum whose hidden parts could have one value only. ``adds_over_time`` is false for a level: a quarter
    then repeats its last ``base`` period instead of adding them up.

    Source: reference practice of U.S. health statistics (CMS cell-size policy, Washington State DOH small numbers).
    """
    limit = threshold(privacy, environment)
    cells = {_cell(reading): place for place, reading in enumerate(readings)}
    counts = {cell: readings[place].n or 0 for cell, place in cells.items()}
    hidden = {
        cell
        for cell, place in cells.items()
        if _applies(readings[place], privacy.dimensions) and _small(readings[place], limit, shares)
    }
    primary = frozenset(hidden)
    sums = [*_over_members(cells), *_over_time(readings, cells, base, adds_over_time)]
    changed = True
    while changed:
        changed = False
        for item in sums:
            extra = _leak(item, hidden, primary, counts, limit)
            if extra is not None:
                hidden.add(extra)
                changed = True
    return {cells[cell] for cell in hidden}


def _cell(reading: Reading) -> Cell:
    name, member = next(iter(reading.slice.items()), ("", ""))
    return reading.period, name, member


def _applies(reading: Reading, dimensions: Collection[str]) -> bool:
    return not dimensions or any(name in dimensions for name in reading.slice)


def _small(reading: Reading, limit: int, shares: bool) -> bool:
    counts = [reading.n]
    if shares and reading.numerator is not None and reading.denominator is not None:
        counts += [int(reading.numerator), int(reading.denominator - reading.numerator)]
    return any(count is not None and 0 < count < limit for count in counts)


def _over_members(cells: Iterable[Cell]) -> list[_Sum]:
    groups: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell[1]:
            groups[cell[0], cell[1]].append(cell)
    return [_Sum((period, "", ""), tuple(parts)) for (period, _), parts in groups.items()]


def _over_time(readings: Sequence[Reading], cells: Mapping[Cell, int], base: str, adds: bool) -> list[_Sum]:
    finer: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for reading in readings:
        if reading.grain == base:
            finer[_cell(reading)[1:]].append(reading)
    sums = []
    for reading in readings:
        if reading.grain == base:
            continue
        inside = [
            part
            for part in finer[_cell(reading)[1:]]
            if part.end is not None
            and (reading.start is None or (part.start is not None and part.start >= reading.start))
            and (reading.through is None or part.through is None or part.through <= reading.through)
        ]
        parts = tuple(_cell(part) for part in (inside if adds else inside[-1:]))
        if parts and _cell(reading) in cells:
            sums.append(_Sum(_cell(reading), parts))
    return sums


def _leak(
    item: _Sum, hidden: set[Cell], primary: frozenset[Cell], counts: Mapping[Cell, int], limit: int
) -> Cell | None:
    """Return one more cell to hide so that this sum tells nothing about its hidden cells."""
    out = [cell for cell in item.parts if cell in hidden]
    if item.whole in hidden:
        if out:
            return None
        shown = sorted((counts[cell], cell) for cell in item.parts if counts[cell] > 0)
        return shown[0][1] if shown else None
    if not out:
        return None
    total, width = sum(counts[cell] for cell in out), len(out)
    least, most = max(1, total - (width - 1) * (limit - 1)), min(limit - 1, total - (width - 1))
    told = width == 1 or (all(cell in primary for cell in out) and least >= most)
    return item.whole if told else None
