"""What the engine returned, as parts by period and slice: a plan's rows told apart by their grouping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from civicstat.compiler import BLANK, Plan, StockPlans, Window

__all__ = ["Cells", "flow_cells", "run_plan"]

Parts = Mapping[str, Any]
Key = tuple[date | None, str]  # first day of the period (None: all), slice member ('' the total)


@dataclass(slots=True)
class Cells:
    """Parts by window, then by period and member."""

    by_window: dict[Window, dict[Key, Parts]] = field(default_factory=dict)

    def at(self, window: Window, start: date | None, member: str) -> Parts | None:
        """Return the parts of one cell, None where no row fell into it."""
        return self.by_window.get(window, {}).get((start, member))

    def members(self, base: str, dimension: str) -> list[str]:
        """Return the members seen in any period, sorted, ``(blank)`` last."""
        seen = {
            member
            for window, cells in self.by_window.items()
            if window.base == base and window.dimension == dimension
            for _, member in cells
        }
        return sorted(seen, key=lambda member: (member == BLANK, member))

    def starts(self, base: str) -> set[date]:
        """Return the first days of the base periods that hold rows."""
        return {
            start
            for window, cells in self.by_window.items()
            if window.base == base == window.grain
            for start, _ in cells
            if start is not None
        }


def run_plan(connection: Connection, plan: Plan) -> Cells:
    """Run a fused plan and return its cells; rows without a date are in no period but ``all``."""
    cells = Cells({window: {} for window in plan.windows.values()})
    for row in connection.execute(plan.select).all():
        values = row._mapping
        window = plan.windows[values["grouping"]]
        period = values[f"k_{_period_key(plan, window)}"]
        if period is None:
            continue
        start = None if window.grain == "all" else period
        member = values[f"k_by_{window.dimension}"] if window.dimension else ""
        cells.by_window[window][start, member] = dict(values)
    return cells


def _period_key(plan: Plan, window: Window) -> str:
    joined = f"{window.base}_{window.grain}"
    return joined if joined in plan.keys else window.grain


def flow_cells(connection: Connection, plans: StockPlans, starts: Sequence[date]) -> Cells:
    """Run the two flows of a stock and return, for each of ``starts`` in order, what is open at that period's end.

    Each cell's parts are openings so far less closings so far; a member once seen has a cell in every later period.
    """
    opened, closed = run_plan(connection, plans.opened), run_plan(connection, plans.closed)
    cells = Cells({window: {} for window in plans.opened.windows.values()})
    for window, target in cells.by_window.items():
        labels = sorted({recipe.n for recipe in plans.opened.recipes.values()})
        flows: dict[str, dict[date, dict[str, int]]] = {}
        for sign, flow in ((1, opened), (-1, closed)):
            for (start, member), parts in flow.by_window.get(window, {}).items():
                if start is not None:
                    days = flows.setdefault(member, {}).setdefault(start, dict.fromkeys(labels, 0))
                    for label in labels:
                        days[label] += sign * int(parts[label] or 0)
        for member, moves in flows.items():
            target.update({(start, member): level for start, level in _levels(moves, labels, starts)})
    return cells


def _levels(
    days: Mapping[date, Mapping[str, int]], labels: Iterable[str], starts: Sequence[date]
) -> Iterable[tuple[date, Parts]]:
    level = dict.fromkeys(labels, 0)
    waiting = sorted(days.items())
    for start in starts:
        while waiting and waiting[0][0] <= start:
            _, change = waiting.pop(0)
            for label in level:
                level[label] += change[label]
        yield start, dict(level)
