"""What the engine returned, as parts by period and slice: a plan's rows told apart by their grouping."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from civicstat.compiler import Plan, Window

__all__ = ["Cells", "Member", "Values", "levels", "run_plan"]

Parts = Mapping[str, Any]
Key = tuple[date | None, str]  # first day of the period (None: all), slice member ('' the total)
Member = tuple[str, str]  # dimension and member, both '' for the total
Values = tuple[Any, ...]  # parts in the order of a recipe's labels


@dataclass(slots=True)
class Cells:
    """Parts by window, then by period and member."""

    by_window: dict[Window, dict[Key, Parts]] = field(default_factory=dict)

    def put(
        self, base: str, grain: str, start: date | None, cells: Mapping[Member, Values], labels: Sequence[str]
    ) -> None:
        """Add the cells of one period."""
        for (dimension, member), values in cells.items():
            window = self.by_window.setdefault(Window(base, grain, dimension), {})
            window[start, member] = dict(zip(labels, values, strict=True))

    def at(self, window: Window, start: date | None, member: str) -> Parts | None:
        """Return the parts of one cell, None where no row fell into it."""
        return self.by_window.get(window, {}).get((start, member))

    def members(self, base: str, dimension: str) -> set[str]:
        """Return the members seen in any period; those of a cross of two as a JSON list."""
        return {
            member
            for window, cells in self.by_window.items()
            if window.base == base and window.dimension == dimension
            for _, member in cells
        }

    def starts(self, base: str) -> set[date]:
        """Return the first days of the base periods that hold rows."""
        return {
            start
            for window, cells in self.by_window.items()
            if window.base == base == window.grain
            for start, _ in cells
            if start is not None
        }


def run_plan(
    connection: Connection, plan: Plan, dimensions: Mapping[str, Collection[str]]
) -> dict[str, dict[date | None, dict[Member, Values]]]:
    """Run a fused plan and return each metric's cells by period, of those ``dimensions`` that are its own."""
    found: dict[str, dict[date | None, dict[Member, Values]]] = {name: {} for name in plan.recipes}
    result = connection.execute(plan.select)
    columns = {name: place for place, name in enumerate(result.keys())}
    picks = {
        name: [columns[label] for label in recipe.labels]
        for name, recipe in plan.recipes.items()
        if all(label in columns for label in recipe.labels)
    }
    for row in map(tuple, result):
        window = plan.windows[row[columns["grouping"]]]
        start = None if window.grain == "all" else row[columns[f"k_{window.grain}"]]
        member = _member([row[columns[f"k_{label}"]] for label in window.dimension.split(",") if label])
        for name, pick in picks.items():
            if window.dimension in dimensions[name]:
                cells = found[name].setdefault(start, {})
                cells[window.dimension, member] = tuple([row[place] for place in pick])
    for other in plan.beside:
        for name, periods in run_plan(connection, other, dimensions).items():
            for start, cells in periods.items():
                found[name].setdefault(start, {}).update(cells)
    return found


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
