"""Every reading of a project's metrics: plans run, parts divided, statuses judged, small counts marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler import group_metrics, group_stocks
from civicstat.period import Calendar
from civicstat.results.assemble import assemble, failed_reading
from civicstat.results.clock import Clock
from civicstat.results.collector import collector_paused
from civicstat.results.gather import Gather
from civicstat.results.memory import Memory
from civicstat.results.reading import Reading
from civicstat.results.resolve import resolved
from civicstat.spec import Metric, Project

__all__ = ["read_metrics"]


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
) -> dict[str, list[Reading]]:
    """Return every reading of ``metrics`` (default all), by metric: its own grain, the longer ones, each slice.

    Readings are ordered by grain, slice and period. A withheld reading keeps its value and says ``suppressed``: what
    is published must blank it. A metric whose query fails has one reading, ``failed``, and its error goes to
    ``failed``; without that mapping the error is raised. What ``memory`` holds of an earlier time and is still so is
    not computed again; readings that it names as they were then are left out, and their periods told in it.
    """
    calendar = Calendar(project.city.fiscal_year, project.city.week_start)
    chosen = [metric for name, metric in project.metrics.items() if metrics is None or name in metrics]
    groups: list[list[Metric]] = [*group_metrics(chosen).values(), *group_stocks(chosen).values()]
    gather = Gather(project, chosen, connection, tables, clocks, calendar, memory or Memory(names=False))
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
    return {metric.name: readings[metric.name] for metric in chosen}


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
        )
        for metric in group
    }
