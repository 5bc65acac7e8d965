"""Why each row of a dataset is in a metric's number or out of it: one reason a row, so that the counts add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.conditions import Counting, Scope
from civicstat.compiler.counting import counting, recorded, time_column
from civicstat.compiler.members import member_of
from civicstat.compiler.plan import period_key, scope_for
from civicstat.compiler.row import AsOfValue
from civicstat.compiler.stock import Ending, open_rows, still_open
from civicstat.compiler.windows import cohort_of, first_day, in_days, repeated
from civicstat.spec import Conversion, Dimension, Metric, Project, Ratio, Recurrence, Snapshot, Stock

__all__ = ["COUNTED", "Asked", "plan_account"]

Sql = ColumnElement[Any]
Reasons = Iterator[tuple[str, Sql]]

COUNTED = "counted"
"""What stands in place of a reason where the row is in the number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows are asked about: the half-open days of a period, None for no bound, and its end as a stock sees it.

    Without ``start`` and ``before`` any period will do. ``undated`` says that rows without a date may count. Nothing
    from ``cut`` on is known.
    """

    cut: datetime
    end: Ending
    start: date | None = None
    before: date | None = None
    undated: bool = False


def plan_account(
    metric: Metric,
    project: Project,
    table: sa.FromClause,
    as_of: AsOfValue | None,
    asked: Asked,
    by: Sequence[Dimension] = (),
) -> sa.Select[Any]:
    """Return the query of the number of rows by ``reason``, then by the members of the columns ``by``.

    The first reason that applies is a row's only one: first those of its date, then the metric's ``where``, then those
    of its type. ``counted`` is a reason too.
    """
    scope = scope_for(project, metric.dataset, table, as_of)
    if isinstance(metric.body, Stock):
        dated = list(_stock_dates(metric.body, scope, asked))
        rows = open_rows(metric, scope, _moment(asked.end.at), _day(asked.end.last))
    elif isinstance(metric.body, Recurrence):
        dated = list(_window_dates(metric, metric.body, scope, asked))
        rows = _again(metric, metric.body, scope, dated, project, table, as_of)
    else:
        dated = list(_dates(metric, scope, asked))
        rows = counting(metric, scope, _recording(metric, scope, project, dated, asked))
    whens = [*dated, *_where(metric, scope, rows), (COUNTED, rows.counted), *rows.aside.items(), *_sides(metric, rows)]
    match metric.body:
        case Conversion():
            whens.append(("not_first", sa.not_(counting(metric, scope).counted)))
        case Snapshot():
            whens += [("other_recording", counting(metric, scope).counted), ("no_value", sa.true())]
        case Recurrence():
            whens += [("not_again", counting(metric, scope).counted), ("no_value", sa.true())]
    reason = sa.case(*((condition, sa.literal(name, sa.String())) for name, condition in whens), else_="not_counted")
    members = [member_of(item, scope, rows.builtin) for item in by]
    keys = [item.key.label(f"k_{place}") for place, item in enumerate(members)]
    inner = sa.select(reason.label("reason"), *keys).select_from(table).subquery("each")
    groups = [inner.c.reason, *(inner.c[key.name] for key in keys)]
    return sa.select(*groups, sa.func.count(type_=sa.BigInteger()).label("rows")).group_by(*groups)


def _dates(metric: Metric, scope: Scope, asked: Asked) -> Reasons:
    name = time_column(metric)
    if name is None:
        return
    when = scope.columns[name]
    if not asked.undated:
        yield "no_date", when.is_(sa.null())
    yield "after_clock", when >= _moment(asked.cut)
    if asked.start is not None:
        yield "other_period", when < _day(asked.start)
    if asked.before is not None:
        yield "other_period", when >= _day(asked.before)


def _recording(
    metric: Metric, scope: Scope, project: Project, dated: Sequence[tuple[str, Sql]], asked: Asked
) -> Sql | None:
    """Return the moment that stands for the period asked about, or without one for the period of each row."""
    found = recorded(metric, scope)
    if found is None:
        return None
    out = sa.or_(*(condition for _, condition in dated))
    whole = asked.start is None and asked.before is None
    key = period_key(scope, time_column(metric), metric.period, project) if whole else sa.literal_column("0")
    inside: Sql = found.filter(sa.not_(out)).over(partition_by=key)
    return inside


def _window_dates(metric: Metric, body: Recurrence, scope: Scope, asked: Asked) -> Reasons:
    when = scope.columns[time_column(metric) or ""]
    first = first_day(body, asked.end.last)
    inside: Sql = sa.and_(when >= _day(first), when < _moment(asked.end.cut))
    if body.cohort is not None:
        found = in_days(when, body.cohort.begins, body.cohort.on)
        inside = sa.or_(inside, found) if first >= body.cohort.on else sa.false()
    yield "no_date", when.is_(sa.null())
    yield "after_clock", when >= _moment(asked.cut)
    yield "outside_window", sa.not_(inside)


def _again(
    metric: Metric,
    body: Recurrence,
    scope: Scope,
    dated: Sequence[tuple[str, Sql]],
    project: Project,
    table: sa.FromClause,
    as_of: AsOfValue | None,
) -> Counting:
    known = counting(metric, scope)
    if body.cohort is not None:
        whose = scope.columns[body.entity].in_(cohort_of(metric, body.cohort, project, table, as_of))
        return replace(known, counted=sa.and_(known.counted, whose))
    if body.show == "share":
        return known
    out = sa.or_(*(condition for _, condition in dated))
    inside = sa.and_(known.counted, sa.not_(out))
    return replace(repeated(body, scope, replace(known, counted=inside), []), aside=known.aside)


def _stock_dates(body: Stock, scope: Scope, asked: Asked) -> Reasons:
    opened, end = scope.columns[body.opened], _moment(asked.end.cut)
    yield "no_date", opened.is_(sa.null())
    yield "opened_later", opened >= end
    yield "closed_before", sa.not_(still_open(body, scope, end))


def _where(metric: Metric, scope: Scope, rows: Counting) -> Reasons:
    if metric.where is not None:
        condition = scope.sql(metric.where, **rows.builtin)
        yield "where_missing", condition.is_(sa.null())
        yield "where_false", sa.not_(condition)


def _sides(metric: Metric, rows: Counting) -> Reasons:
    """A row of a ratio may be in no side, or in one that finds no value in it."""
    if isinstance(metric.body, Ratio):
        assert rows.sides is not None
        yield "no_side", sa.not_(sa.or_(*rows.sides))
        yield "no_value", sa.or_(*rows.sides)


def _moment(value: datetime) -> Sql:
    return sa.literal(value, sa.DateTime())


def _day(value: date) -> Sql:
    return sa.literal(value, sa.Date())
