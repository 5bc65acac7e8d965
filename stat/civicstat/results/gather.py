"""The cells of metrics that share a scan: known ones are taken, others computed, longer periods merged from them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler import (
    AsOfValue,
    Ending,
    Flow,
    Merge,
    Moment,
    Plan,
    Reach,
    Recipe,
    flows_of,
    plan_ends,
    plan_flow,
    plan_rows,
    plan_windows,
    runs,
)
from civicstat.period import Calendar
from civicstat.results.cells import Cells, Member, Source, Values, levels, run_plan
from civicstat.results.clock import Clock
from civicstat.results.days import Days, find_days
from civicstat.results.memory import Kept, Memory
from civicstat.results.rollup import merger
from civicstat.results.slots import Slot, ends, flow_slots, longer_slots, moments, own_slots, reach_of, rows_named
from civicstat.spec import Column, Metric, Project, Recurrence, Stock

__all__ = ["Gather"]

_Longer = tuple[Slot, tuple[date | None, ...]]  # a longer period, and where the periods inside it begin
Plans = Callable[[Sequence[Metric], Sequence[Slot]], Plan]
_ByClock = Literal["never", "pending", "always"]
_Known = tuple[Plan, str, _ByClock]
Ends = Callable[[Sequence[Metric], Project, sa.FromClause, AsOfValue | None, Sequence[Ending]], Plan]
FLOWS: tuple[Flow, ...] = ("opened", "closed")
_THEN = datetime(1000, 1, 1, 0, 0, 0, 1)  # noqa: DTZ001 - a local clock that no dataset has
_ENDING = Ending(_THEN.date(), _THEN, _THEN, _THEN.date())


@dataclass(frozen=True, slots=True)
class _Alone:
    """A metric by itself: its recipe, what is asked of it, and how the clock changes its cells."""

    recipe: Recipe
    merges: Mapping[str, Merge]
    dimensions: frozenset[str]
    by_clock: _ByClock

    @property
    def rolls(self) -> bool:
        """Whether all its parts of longer periods follow from those of shorter ones."""
        return self.recipe.rolls and all(label in self.merges for label in self.recipe.labels)

    def final(self, cells: Mapping[Member, Values], *, whole: bool) -> bool:
        """Return whether no later clock changes the cells of a slot; ``whole``: it ended before this one."""
        waiting = 0
        if self.by_clock == "pending" and self.recipe.waiting is not None:
            place = self.recipe.labels.index(self.recipe.waiting)
            waiting = sum(values[place] for values in cells.values())
        return whole and self.by_clock != "always" and not waiting


@dataclass(slots=True)
class Gather:
    """One reading of some of a project's ``metrics``."""

    project: Project
    metrics: Sequence[Metric]
    connection: Connection
    tables: Mapping[str, sa.FromClause]
    clocks: Mapping[str, Clock]
    calendar: Calendar
    memory: Memory
    _alone: dict[str, _Alone] = field(default_factory=dict)
    _days: dict[tuple[str, Moment], Days] = field(default_factory=dict)

    def cells(self, group: Sequence[Metric]) -> dict[str, tuple[Recipe, Cells]]:
        """Return the recipe and the cells of each metric of a group that one scan serves."""
        self._look(group[0].dataset)
        self._begin(group)
        if isinstance(group[0].body, Recurrence):
            made = self._ends(group, plan_windows)
        elif not isinstance(group[0].body, Stock):
            made = self._rows(group)
        elif runs(group[0]):
            made = self._flows(group)
        else:
            made = self._ends(group, plan_ends)
        return {name: (self._alone[name].recipe, cells) for name, cells in made.items()}

    def _look(self, name: str) -> None:
        """Find the days of a dataset's rows by the moments of all that is read of it, unless they are known."""
        asked = dict.fromkeys(moment for metric in self.metrics if metric.dataset == name for moment in moments(metric))
        known = self.memory.days.get(name, {})
        self._days |= {(name, moment): known[moment] for moment in asked if moment in known}
        missing = [moment for moment in asked if (name, moment) not in self._days]
        if missing:
            columns = tuple(self.project.datasets[name].types()) if self.memory.names else ()
            found = find_days(self.connection, self.tables[name], columns, missing)
            self._days |= {(name, moment): days for moment, days in found.items()}

    def _begin(self, group: Sequence[Metric]) -> None:
        """Plan each metric alone where its cells are kept: it is known by its text at a clock that no dataset has."""
        unnamed: _Known | None = None if self.memory.names else (self._plan_now(group), "", "always")
        for metric in group:
            plan, then, by_clock = unnamed or self._known_by(metric)
            recipe = plan.recipes[metric.name]
            dimensions = frozenset(["", *recipe.splits.values()])
            self._alone[metric.name] = _Alone(recipe, plan.merges, dimensions, by_clock)
            self.memory.begin(metric.name, hashlib.sha256(f"{self.memory.code}\n{then}".encode()).hexdigest())

    def _known_by(self, metric: Metric) -> _Known:
        """Return the plan of a metric, its text at a clock that no dataset has, and how the clock changes its cells."""
        try:
            plan = self._plan_of([metric], None)
            return plan, self._text(plan), "never"
        except ValueError:  # it asks for the clock
            plan = self._plan_now([metric])
            then = self._text(self._plan_of([metric], AsOfValue(_THEN)))
            if then == self._text(plan):
                return plan, then, "never"
            waits = plan.recipes[metric.name].waiting is not None and not _names_clock(metric)
            return plan, then, "pending" if waits else "always"

    def _plan_now(self, group: Sequence[Metric]) -> Plan:
        return self._plan_of(group, self.clocks[group[0].dataset].value)

    def _plan_of(self, group: Sequence[Metric], as_of: AsOfValue | None) -> Plan:
        table = self.tables[group[0].dataset]
        if isinstance(group[0].body, Recurrence):
            return plan_windows(group, self.project, table, as_of, [_ENDING])
        if not isinstance(group[0].body, Stock):
            return plan_rows(group, self.project, table, as_of, Reach.until(_THEN))
        if runs(group[0]):
            return plan_flow(group, self.project, table, as_of, _THEN, "opened")
        return plan_ends(group, self.project, table, as_of, [_ENDING])

    def _text(self, plan: Plan) -> str:
        binds = {"literal_binds": True}
        scans = (plan, *plan.beside)
        return "\n".join(
            str(scan.select.compile(dialect=self.connection.dialect, compile_kwargs=binds)) for scan in scans
        )

    def _rows(self, group: Sequence[Metric]) -> dict[str, Cells]:
        first = group[0]
        clock, table = self.clocks[first.dataset], self.tables[first.dataset]
        days = self._days[first.dataset, moments(first)[0]]
        own = own_slots(first, days, clock, self.calendar)
        settled_end = clock.settled_end(self.calendar, first.period) if first.time else None
        longer = longer_slots(first, days, settled_end, self.calendar)

        def plan(together: Sequence[Metric], wanted: Sequence[Slot]) -> Plan:
            reach, grain = reach_of(wanted, clock), wanted[0].grain
            return plan_rows(together, self.project, table, clock.value, reach, grain)

        self._fill(group, own, days, plan)
        whole = [metric for metric in group if not self._rolls(metric)]
        for grain in dict.fromkeys(slot.grain for slot in longer if not slot.like):
            self._fill(whole, [slot for slot in longer if slot.grain == grain], days, plan)
        inside = [(slot, tuple(item.start for item in own if slot.holds(item))) for slot in longer]
        return {metric.name: self._periods(metric, own, inside) for metric in group}

    def _rolls(self, metric: Metric) -> bool:
        """A week that lies in two quarters is in neither of them."""
        return metric.period != "week" and self._alone[metric.name].rolls

    def _periods(self, metric: Metric, own: Sequence[Slot], longer: Sequence[_Longer]) -> Cells:
        base = own[0].grain if own else "all"
        there = [slot for slot in own if slot.start is not None or base == "all"]
        found = Cells({(base, slot.start): self._source(metric, slot) for slot in there})
        if not self._rolls(metric):
            found.sources |= {(slot.grain, slot.start): self._source(metric, slot) for slot, _ in longer}
            return found
        kept = {slot.start: self.memory.slot(metric.name, slot) for slot in own}
        merged = merger(self._alone[metric.name].recipe.labels, self._alone[metric.name].merges)

        @cache
        def by_member() -> dict[Member, dict[date | None, Values]]:
            held: dict[Member, dict[date | None, Values]] = defaultdict(dict)
            for start, item in kept.items():
                for member, values in item.cells.items():
                    held[member][start] = values
            return held

        @cache  # a fiscal quarter may hold what a quarter holds
        def make(inside: tuple[date | None, ...]) -> dict[Member, Values]:
            parts = ((member, [held[day] for day in inside if day in held]) for member, held in by_member().items())
            return {member: merged(rows) for member, rows in parts if rows}

        for slot, inside in longer:
            members = set[Member]().union(*(kept[day].cells for day in inside))
            name = " ".join(kept[day].name for day in inside)
            found.sources[slot.grain, slot.start] = Source(name, members, partial(make, inside))
        return found

    def _source(self, metric: Metric, slot: Slot) -> Source:
        kept = self.memory.slot(metric.name, slot)
        return Source.of(kept.cells, kept.name)

    def _flows(self, group: Sequence[Metric]) -> dict[str, Cells]:
        first = group[0]
        clock, table = self.clocks[first.dataset], self.tables[first.dataset]
        slots: dict[Flow, list[Slot]] = {flow: [] for flow in FLOWS}
        assert isinstance(first.body, Stock)
        for flow, moment in zip(flows_of(first.body), moments(first), strict=True):

            def plan(together: Sequence[Metric], wanted: Sequence[Slot], flow: Flow = flow) -> Plan:
                reach = reach_of(wanted, clock)
                return plan_flow(together, self.project, table, clock.value, clock.cut, flow, reach)

            days = self._days[first.dataset, moment]
            slots[flow] = flow_slots(first, flow, days, clock, self.calendar)
            self._fill(group, slots[flow], days, plan)
        starts = [period.start for period in clock.periods(self.calendar, first.period) if period.start is not None]
        return {metric.name: self._levels(metric, slots, starts) for metric in group}

    def _levels(self, metric: Metric, slots: Mapping[Flow, Sequence[Slot]], starts: Sequence[date]) -> Cells:
        opened, closed = (
            {slot.start: self.memory.cells(metric.name, slot) for slot in slots[flow] if slot.start is not None}
            for flow in FLOWS
        )
        there = levels(opened, closed, starts)
        return Cells({(metric.period, start): Source.of(cells, self.memory.name(cells)) for start, cells in there})

    def _ends(self, group: Sequence[Metric], plan_at: Ends) -> dict[str, Cells]:
        first = group[0]
        clock, table = self.clocks[first.dataset], self.tables[first.dataset]
        there = ends(first, clock, self.calendar)

        def plan(together: Sequence[Metric], wanted: Sequence[Slot]) -> Plan:
            return plan_at(together, self.project, table, clock.value, [there[slot] for slot in wanted])

        self._fill(group, list(there), self._days[first.dataset, moments(first)[0]], plan)
        return {
            metric.name: Cells({(first.period, slot.start): self._source(metric, slot) for slot in there})
            for metric in group
        }

    def _fill(self, group: Sequence[Metric], slots: Sequence[Slot], days: Days, plan: Plans) -> None:
        """Compute the cells that are not known, metrics that lack the same slots in one scan."""
        missing: dict[tuple[Slot, ...], list[Metric]] = defaultdict(list)
        rows = {(metric.name, slot): rows_named(metric, slot, days) for metric in group for slot in slots}
        clock = self.clocks[group[0].dataset] if group else None
        for metric in group:
            assert clock is not None
            known = self.memory.recall
            wanted = tuple(
                slot
                for slot in slots
                if not known(metric.name, slot, rows[metric.name, slot], clock.name, whole=slot.whole(clock))
            )
            if wanted:
                missing[wanted].append(metric)
        for wanted, together in missing.items():
            dimensions = {metric.name: self._alone[metric.name].dimensions for metric in together}
            made = run_plan(self.connection, plan(together, wanted), dimensions)
            for metric in together:
                for slot in wanted:
                    assert clock is not None
                    cells = made[metric.name].get(slot.start, {})
                    final = self._alone[metric.name].final(cells, whole=slot.whole(clock))
                    kept = Kept(rows[metric.name, slot], clock.name, final, cells, self.memory.name(cells))
                    self.memory.keep(metric.name, slot, kept)


def _names_clock(value: object) -> bool:
    """Return whether a declared value names ``as_of``: no column of a dataset may be called so."""
    if isinstance(value, Column):
        return value.name == "as_of"
    if isinstance(value, tuple):
        return any(_names_clock(item) for item in value)
    return is_dataclass(value) and any(_names_clock(getattr(value, item.name)) for item in fields(value))
