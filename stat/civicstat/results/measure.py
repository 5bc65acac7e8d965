"""Every reading of a project's metrics: plans run, parts divided, statuses judged, small counts marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler import (
    Bounds,
    Ending,
    Recipe,
    group_metrics,
    group_stocks,
    plan_ends,
    plan_flows,
    plan_rows,
)
from civicstat.period import Calendar, Period
from civicstat.results.assemble import assemble, failed_reading
from civicstat.results.cells import Cells, flow_cells, run_plan
from civicstat.results.clock import Clock
from civicstat.results.reading import Reading
from civicstat.spec import Metric, Project

__all__ = ["read_metrics"]


def read_metrics(
    project: Project,
    connection: Connection,
    tables: Mapping[str, sa.FromClause],
    clocks: Mapping[str, Clock],
    *,
    metrics: Collection[str] | None = None,
    failed: dict[str, str] | None = None,
) -> dict[str, list[Reading]]:
    """Return every reading of ``metrics`` (default all), by metric: its own grain, the longer ones, each slice.

    Readings are ordered by grain, slice and period. A withheld reading keeps its value and says ``suppressed``: what
    is published must blank it. A metric whose query fails has one reading, ``failed``, and its error goes to
    ``failed``; without that mapping the error is raised.
    """
    calendar = Calendar(project.city.fiscal_year, project.city.week_start)
    chosen = [metric for name, metric in project.metrics.items() if metrics is None or name in metrics]
    groups: list[list[Metric]] = [*group_metrics(chosen).values(), *group_stocks(chosen).values()]
    readings: dict[str, list[Reading]] = {}
    for group in groups:
        try:
            readings |= _read_group(group, project, connection, tables, clocks, calendar)
        except (sa.exc.SQLAlchemyError, ValueError) as error:
            if failed is None:
                raise
            for metric in group:
                try:
                    readings |= _read_group([metric], project, connection, tables, clocks, calendar)
                except (sa.exc.SQLAlchemyError, ValueError) as own:
                    failed[metric.name] = str(getattr(own, "orig", None) or own)
                    readings[metric.name] = [failed_reading(metric, clocks[metric.dataset], calendar)]
            if len(group) > 1 and not any(metric.name in failed for metric in group):
                raise ValueError("the fused plan fails though each of its metrics succeeds") from error
    return {metric.name: readings[metric.name] for metric in chosen}


def _read_group(
    group: Sequence[Metric],
    project: Project,
    connection: Connection,
    tables: Mapping[str, sa.FromClause],
    clocks: Mapping[str, Clock],
    calendar: Calendar,
) -> dict[str, list[Reading]]:
    name = group[0].dataset
    clock, table = clocks[name], tables[name]
    flows = group_stocks(group)
    if not flows:
        bounds = Bounds(
            clock.cut, {metric.period: clock.settled_end(calendar, metric.period) for metric in group if metric.time}
        )
        plan = plan_rows(group, project, table, clock.value, bounds)
        recipes: Mapping[str, Recipe] = plan.recipes
        cells = run_plan(connection, plan)
    else:
        ((*_, running),) = flows
        base = group[0].period
        periods = clock.periods(calendar, base)
        if running:
            pair = plan_flows(group, project, table, clock.value, clock.cut)
            recipes = pair.opened.recipes
            cells = flow_cells(connection, pair, _starts(periods))
        else:
            ends = [_ending(period, clock) for period in periods]
            if not ends:
                return {metric.name: [] for metric in group}
            plan = plan_ends(group, project, table, clock.value, ends)
            recipes, cells = plan.recipes, run_plan(connection, plan)
    return {metric.name: _read_one(metric, recipes, cells, project, clock, calendar) for metric in group}


def _read_one(
    metric: Metric, recipes: Mapping[str, Recipe], cells: Cells, project: Project, clock: Clock, calendar: Calendar
) -> list[Reading]:
    city = project.city
    near = city.near
    full = replace(metric, privacy=metric.privacy or city.privacy)
    return assemble(full, recipes[metric.name], cells, clock, calendar, near)


def _starts(periods: Sequence[Period]) -> list[date]:
    return [period.start for period in periods if period.start is not None]


def _ending(period: Period, clock: Clock) -> Ending:
    assert period.start is not None
    assert period.end is not None
    assert period.last is not None
    end = datetime.combine(period.end, time())
    if end <= clock.cut:
        return Ending(period.start, end, end, period.last)
    return Ending(period.start, clock.cut, clock.now, clock.last_day)
