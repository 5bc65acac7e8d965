"""People and places that come again: rows meet the windows they lie in, and are told by what else is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.conditions import Counting, Scope
from civicstat.compiler.counting import counting, time_column
from civicstat.compiler.plan import Groups, Plan, Window, grouped, scope_for
from civicstat.compiler.row import AsOfValue
from civicstat.compiler.stock import Ending
from civicstat.period import Length
from civicstat.spec import Cohort, Metric, Project, Recurrence

__all__ = ["cohort_of", "first_day", "group_windows", "in_days", "load_of", "plan_windows", "repeated"]

Sql = ColumnElement[Any]
_DAY = timedelta(days=1)


def first_day(body: Recurrence, last: date) -> date:
    """Return the first day of the window that ends with the day ``last``."""
    return body.over.before(last + _DAY)


def group_windows(metrics: Iterable[Metric]) -> dict[tuple[str, str | None, str, Length, Cohort | None], list[Metric]]:
    """Return the metrics that one scan serves together, by dataset, time, grain and windows."""
    groups: dict[tuple[str, str | None, str, Length, Cohort | None], list[Metric]] = defaultdict(list)
    for metric in metrics:
        if isinstance(metric.body, Recurrence):
            body = metric.body
            groups[metric.dataset, time_column(metric), metric.period, body.over, body.cohort].append(metric)
    return dict(groups)


def plan_windows(
    metrics: Sequence[Metric],
    project: Project,
    table: sa.FromClause,
    as_of: AsOfValue | None,
    ends: Sequence[Ending],
) -> Plan:
    """Return the plan of metrics that share dataset, time, grain and windows, at the given ends of periods."""
    body, base = metrics[0].body, metrics[0].period
    assert isinstance(body, Recurrence)
    scope = scope_for(project, metrics[0].dataset, table, as_of)
    ending = _ending(body, ends)
    when = scope.columns[time_column(metrics[0]) or ""]
    inside = sa.and_(when >= ending.c["first"], when < ending.c["cut"])
    if body.cohort is not None:
        inside = sa.or_(inside, in_days(when, body.cohort.begins, body.cohort.on))

    def counted(metric: Metric, scope: Scope) -> Counting:
        assert isinstance(metric.body, Recurrence)
        known = counting(metric, scope)
        if metric.body.cohort is not None:
            members = cohort_of(metric, metric.body.cohort, project, table, as_of)
            return _of_cohort(metric, metric.body, metric.body.cohort, scope, known, ending.c["weight"], members)
        return repeated(metric.body, scope, known, [ending.c["start"]])

    groups = Groups({base: ending.c["start"]})
    for metric in metrics:
        groups.add(metric, scope, Window(base, base, ""), {})
    rows = sa.select().select_from(table.join(ending, inside))
    return grouped(metrics, project, scope, rows, None, groups, counted)


def in_days(when: Sql, first: date, before: date) -> Sql:
    """Return whether a moment lies in the half-open days."""
    return sa.and_(when >= sa.literal(first, sa.Date()), when < sa.literal(before, sa.Date()))


def repeated(body: Recurrence, scope: Scope, known: Counting, window: Sequence[Sql]) -> Counting:
    """Return the conditions of rows that are in a window already, of those of one ``window`` together."""
    somebody = known.counted if known.hit is None else known.hit
    times: Sql = sa.over(sa.func.count(sa.case((somebody, 1))), partition_by=[*window, scope.columns[body.entity]])
    again = sa.and_(somebody, times > sa.literal(body.more_than, sa.BigInteger()))
    if body.show == "entities":
        return replace(known, counted=again)
    return replace(known, hit=again, sides=(again, known.counted))


def cohort_of(metric: Metric, cohort: Cohort, project: Project, table: sa.FromClause, as_of: AsOfValue | None) -> Sql:
    """Return the query of the entities of a cohort, of equals the first by name."""
    assert isinstance(metric.body, Recurrence)
    scope = scope_for(project, metric.dataset, table.alias("frozen"), as_of)
    when, entity = scope.columns[time_column(metric) or ""], scope.columns[metric.body.entity]
    rows = sa.and_(counting(metric, scope).counted, in_days(when, cohort.begins, cohort.on))
    total = sa.func.sum(load_of(metric.body, scope))
    found = sa.select(entity).where(rows).group_by(entity).order_by(total.desc(), entity).limit(cohort.top)
    return found.scalar_subquery()


def load_of(body: Recurrence, scope: Scope) -> Sql:
    """Return what a row adds to the load."""
    measure = body.measure
    if measure.arg is None:
        return sa.literal(1, sa.BigInteger())
    value = scope.sql(measure.arg)
    return sa.case((value.is_not(sa.null()), 1), else_=0) if measure.name == "count" else value


def _of_cohort(
    metric: Metric, body: Recurrence, cohort: Cohort, scope: Scope, known: Counting, weight: Sql, members: Sql
) -> Counting:
    then = scope.columns[time_column(metric) or ""] < sa.literal(cohort.on, sa.Date())
    counted = sa.and_(known.counted, scope.columns[body.entity].in_(members))
    later = sa.and_(counted, sa.not_(then))
    return replace(known, counted=counted, hit=later, sides=(later, sa.and_(counted, then)), weight=weight)


def _ending(body: Recurrence, ends: Sequence[Ending]) -> sa.Subquery:
    """Return the windows as a table: of a cohort also by how much the load after is to be made longer or shorter."""
    kinds: dict[str, Any] = {"start": sa.Date(), "first": sa.Date(), "cut": sa.DateTime(), "weight": sa.Double()}
    rows = []
    for end in ends:
        first = first_day(body, end.last)
        rows.append((end.start, first, end.cut, _weight(body, first, end.last)))
    given = sa.values(*(sa.column(name, kind) for name, kind in kinds.items()), name="ends").data(rows)
    return sa.select(*(sa.cast(given.c[name], kind).label(name) for name, kind in kinds.items())).subquery("ending")


def _weight(body: Recurrence, first: date, last: date) -> float:
    """Times of one length are compared as they are, others by the day."""
    cohort = body.cohort
    if cohort is None or cohort.before == body.over:
        return 1.0
    return (cohort.on - cohort.begins).days / ((last + _DAY) - first).days
