"""What the engine returned, as parts by slice and period: a plan's rows told apart by their grouping."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, CursorResult

from civicstat.compiler import Plan
from civicstat.statistics import survival_quantile

__all__ = ["At", "Cells", "Member", "Source", "Values", "levels", "name_of", "run_plan"]

At = tuple[str, date | None]  # grain and first day of a period (None: all)
Member = tuple[str, str]  # dimension and member, both '' for the total; of a cross the members are a JSON list
Values = tuple[Any, ...]  # parts in the order of a recipe's labels
_DIGITS = 20
_FEW = 64
"""So many rows with lists of times are taken at once: each list is as long as its group."""


@dataclass(frozen=True, slots=True)
class Source:
    """The cells of one period, put together when they are asked for; ``name`` is another where they are others."""

    name: str
    members: Collection[Member]
    make: Callable[[], Mapping[Member, Values]]

    @classmethod
    def of(cls, cells: Mapping[Member, Values], name: str) -> Source:
        """Return the source of cells that are there."""
        return cls(name, cells.keys(), lambda: cells)


@dataclass(slots=True)
class Cells:
    """A metric's parts by member, then by period, of the periods that were taken from ``sources``."""

    sources: dict[At, Source] = field(default_factory=dict)
    by_member: defaultdict[Member, dict[At, Values]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, periods: Iterable[At]) -> None:
        """Put the cells of some periods together."""
        for at in dict.fromkeys(at for at in periods if at in self.sources):
            for member, values in self.sources[at].make().items():
                self.by_member[member][at] = values

    def name(self, at: At) -> str:
        """Return what the cells of a period are named by, "" where no row fell into it."""
        return self.sources[at].name if at in self.sources else ""

    def of(self, dimension: str, member: str) -> Mapping[At, Values]:
        """Return the parts of one member by period; a period in which no row fell into it is not there."""
        return self.by_member.get((dimension, member), {})

    def members(self, dimension: str) -> set[str]:
        """Return the members seen in any period."""
        seen: set[Member] = set()
        seen.update(*(source.members for source in self.sources.values()))
        return {member for name, member in seen if name == dimension}

    def starts(self, grain: str) -> frozenset[date]:
        """Return the first days of the periods of ``grain`` that hold rows; where there is any, there is a total."""
        held = (at for at, source in self.sources.items() if ("", "") in source.members)
        return frozenset(start for name, start in held if name == grain and start is not None)


def name_of(cells: Mapping[Member, Values]) -> str:
    """Return a name of cells that is the same where they are."""
    return hashlib.sha256(repr(sorted(cells.items())).encode()).hexdigest()[:_DIGITS]


def run_plan(
    connection: Connection, plan: Plan, dimensions: Mapping[str, Collection[str]]
) -> dict[str, dict[date | None, dict[Member, Values]]]:
    """Run a fused plan and return each metric's cells by period, of those ``dimensions`` that are its own."""
    found: dict[str, dict[date | None, dict[Member, Values]]] = {name: defaultdict(dict) for name in plan.recipes}
    result = connection.execute(plan.select)
    columns = {name: place for place, name in enumerate(result.keys())}
    takers = {
        name: (found[name], _taker([columns[label] for label in recipe.labels]))
        for name, recipe in plan.recipes.items()
        if all(label in columns for label in recipe.labels)
    }
    groups = {
        mask: (
            None if window.grain == "all" else columns[f"k_{window.grain}"],
            window.dimension,
            [columns[f"k_{label}"] for label in window.dimension.split(",") if label],
            [taker for name, taker in takers.items() if window.dimension in dimensions[name]],
        )
        for mask, window in plan.windows.items()
    }
    mask = columns["grouping"]
    for row in _rows(result, {columns[label]: share for label, share in plan.curves.items() if label in columns}):
        place, dimension, keys, asking = groups[row[mask]]
        start = None if place is None else row[place]
        member = dimension, _member([row[key] for key in keys])
        for periods, take in asking:
            periods[start][member] = take(row)
    for other in plan.beside:
        for name, periods in run_plan(connection, other, dimensions).items():
            for start, cells in periods.items():
                found[name][start].update(cells)
    return found


def _rows(result: CursorResult[Any], curves: Mapping[int, float]) -> Iterator[Values]:
    """Yield the rows of a plan, each curve of times read at its share: what it is made of is not kept."""
    if not curves:
        yield from map(tuple, result.all())
        return
    while some := result.fetchmany(_FEW):
        for row in some:
            values = list(row)
            for place, share in curves.items():
                finished, still_open = values[place]
                values[place] = survival_quantile(finished or (), still_open or (), share)
            yield tuple(values)


def _taker(places: Sequence[int]) -> Callable[[Values], Values]:
    """Return a function that takes the values at ``places`` out of a row."""
    if len(places) == 1:
        return itemgetter(slice(places[0], places[0] + 1))
    return itemgetter(*places)


def _member(members: Sequence[str]) -> str:
    return json.dumps(members, ensure_ascii=False) if len(members) > 1 else "".join(members)


def levels(
    opened: Mapping[date, Mapping[Member, Values]],
    closed: Mapping[date, Mapping[Member, Values]],
    starts: Sequence[date],
) -> Iterator[tuple[date, dict[Member, Values]]]:
    """Yield for each of ``starts`` in order what is open at that period's end: openings so far less closings so far.

    A member once seen has a cell in every later period, the first included.
    """
    level: dict[Member, list[int]] = {}
    waiting = sorted({*opened, *closed})
    for flow in (opened, closed):
        for cells in flow.values():
            for member, values in cells.items():
                level.setdefault(member, [0] * len(values))
    for start in starts:
        while waiting and waiting[0] <= start:
            day = waiting.pop(0)
            for sign, flow in ((1, opened), (-1, closed)):
                for member, values in flow.get(day, {}).items():
                    level[member] = [old + sign * int(new or 0) for old, new in zip(level[member], values, strict=True)]
        yield start, {member: tuple(values) for member, values in level.items()}
