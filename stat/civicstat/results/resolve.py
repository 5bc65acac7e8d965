"""The members of most rows, found over the records before a metric is split by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler import Ending, plan_ranking
from civicstat.results.clock import Clock
from civicstat.spec import Dimension, Metric, Project, needed_for, operands_of

__all__ = ["resolve_members", "resolved"]


def resolve_members(
    project: Project, connection: Connection, tables: Mapping[str, sa.FromClause], clocks: Mapping[str, Clock]
) -> Project:
    """Return the project with the members of every ``top`` found, as ``resolved`` finds them for one metric.

    A metric whose ranking fails stays as it is declared: reading it fails too, and says why.
    """
    metrics: dict[str, Metric] = {}
    for metric in needed_for(project.metrics.values(), project.metrics):
        name = metric.name
        if operands_of(metric.body):
            metrics[name] = replace(metric, dimensions=_taken_over(metric, metrics))
            continue
        try:
            metrics[name] = resolved(metric, project, connection, tables[metric.dataset], clocks[metric.dataset])
        except (sa.exc.SQLAlchemyError, ValueError):
            metrics[name] = metric
    return replace(project, metrics={name: metrics[name] for name in project.metrics})


def _taken_over(metric: Metric, found: Mapping[str, Metric]) -> tuple[Dimension, ...]:
    """Return the dimensions of a metric made of one other with the members that were found for it."""
    behind = [
        part for item in operands_of(metric.body) for whole in found[item.metric].dimensions for part in whole.parts
    ]
    known = {part.by: part.members for part in behind if part.top is not None}

    def with_members(item: Dimension) -> Dimension:
        return replace(item, members=known.get(item.by, item.members), cross=tuple(map(with_members, item.cross)))

    return tuple(map(with_members, metric.dimensions))


def resolved(metric: Metric, project: Project, connection: Connection, table: sa.FromClause, clock: Clock) -> Metric:
    """Return the metric with the members of each ``top`` that is not known yet: one small query a column.

    They are those of most rows, of equals the first by name, among all rows of the metric's ``where`` that are known at
    the clock; of a stock among the rows open then.
    """
    known = Ending(clock.last_day, clock.cut, clock.now, clock.last_day)

    def found(part: Dimension) -> Dimension:
        if part.top is None or part.members is not None:
            return part
        select = plan_ranking(metric, part, project, table, clock.value, known)
        return replace(part, members=tuple(row[0] for row in connection.execute(select)))

    def whole(item: Dimension) -> Dimension:
        return replace(item, cross=tuple(map(found, item.cross))) if item.cross else found(item)

    return replace(metric, dimensions=tuple(map(whole, metric.dimensions))) if metric.dimensions else metric
