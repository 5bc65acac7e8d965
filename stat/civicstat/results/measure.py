"""Every reading of a project's metrics: plans run, parts divided, statuses judged, small counts marked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler import group_metrics, group_stocks, group_windows
from civicstat.period import Calendar
from civicstat.results.assemble import assemble, failed_reading
from civicstat.results.clock import Clock
from civicstat.results.collector import collector_paused
from civicstat.results.gather import Gather
from civicstat.results.made import made_readings
from civicstat.results.memory import Memory
from civicstat.results.reading import Reading
from civicstat.results.rejudge import judged_again
from civicstat.results.resolve import resolved
from civicstat.spec import Metric, OfMetric, Project, needed_for, operands_of

__all__ = ["Earlier", "read_metrics"]

Earlier = Callable[[str, Collection[str]], Sequence[Reading]]
"""Returns the readings of a metric in some periods, as they were the last time."""


@collector_paused()
def read_metrics(
    project: Project,
    connection: Connection,
    tables: Mapping[str, sa.FromClause],
    clocks: Mapping[str, Clock],
    *,
    metrics: Collection[str] | None = None,
    failed: dict[str, str] | None = None,
    memory: Memory | None = None,
    taken: Earlier | None = None,
) -> dict[str, list[Reading]]:
    """Return every reading of ``metrics`` (default all), by metric: its own grain, the longer ones, each slice.

    Readings are ordered by grain, slice and period. A withheld reading keeps its value and says ``suppressed``: what
    is published must blank it. A metric whose query fails has one reading, ``failed``, and its error goes to
    ``failed``; without that mapping the error is raised. What ``memory`` holds of an earlier time and is still so is
    not computed again; readings that it names as they were then are left out, and their periods told in it.
    ``taken`` gives them to the metrics that are made of others, which are made anew each time.
    """
    calendar = Calendar(project.city.fiscal_year, project.city.week_start)
    chosen = [metric for name, metric in project.metrics.items() if metrics is None or name in metrics]
    needed = needed_for(chosen, project.metrics)
    counted = [metric for metric in needed if not operands_of(metric.body)]
    groups: list[list[Metric]] = [*group_metrics(counted).values(), *group_stocks(counted).values()]
    groups += group_windows(counted).values()
    memory = memory or Memory(names=False)
    gather = Gather(project, counted, connection, tables, clocks, calendar, memory)
    readings: dict[str, list[Reading]] = {}
    for group in groups:
        try:
            readings |= _read_group(group, gather)
        except (sa.exc.SQLAlchemyError, ValueError) as error:
            if failed is None:
                raise
            for metric in group:
                try:
                    readings |= _read_group([metric], gather)
                except (sa.exc.SQLAlchemyError, ValueError) as own:
                    failed[metric.name] = str(getattr(own, "orig", None) or own)
                    readings[metric.name] = [failed_reading(metric, clocks[metric.dataset], calendar)]
            if len(group) > 1 and not any(metric.name in failed for metric in group):
                raise ValueError("the fused plan fails though each of its metrics succeeds") from error
    for metric in needed:
        if operands_of(metric.body):
            broken = [item.metric for item in operands_of(metric.body) if failed and item.metric in failed]
            if broken:
                assert failed is not None
                failed[metric.name] = f"`{broken[0]}`, which it is made of: {failed[broken[0]]}"
            others = {item.metric for item in operands_of(metric.body)}
            known = {name: [*readings[name], *_taken(name, memory, taken)] for name in others}
            readings[metric.name] = made_readings(metric, known, project, clocks, calendar, failed=bool(broken))
    for metric in chosen:
        if any(goal.asks_others for goal in metric.goals):
            named = {goal.target.metric for goal in metric.goals if isinstance(goal.target, OfMetric)}
            known = {name: [*readings[name], *_taken(name, memory, taken)] for name in named & readings.keys()}
            readings[metric.name] = judged_again(
                metric, known | {metric.name: readings[metric.name]}, project, calendar
            )
    return {metric.name: readings[metric.name] for metric in chosen}


def _taken(name: str, memory: Memory, taken: Earlier | None) -> Sequence[Reading]:
    """Return the readings of a metric that are those of the last time and were not made."""
    told = memory.told.get(name)
    return taken(name, told.alike) if taken and told and told.alike else ()


def _read_group(group: Sequence[Metric], gather: Gather) -> dict[str, list[Reading]]:
    name, city = group[0].dataset, gather.project.city
    clock = gather.clocks[name]
    group = [resolved(metric, gather.project, gather.connection, gather.tables[name], clock) for metric in group]
    found = gather.cells(group)
    return {
        metric.name: assemble(
            replace(metric, privacy=metric.privacy or city.privacy),
            *found[metric.name],
            clock,
            gather.calendar,
            city.near,
            gather.memory,
            city.business_days,
        )
        for metric in group
    }
