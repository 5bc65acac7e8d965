"""Stocks: rows open at the end of each period, by running sums where it can be and by joining the ends where not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.conditions import Counting, Scope
from civicstat.compiler.constructs import DAY_US, elapsed_us, period_start, quotient
from civicstat.compiler.counting import where_sql
from civicstat.compiler.engines import apart
from civicstat.compiler.plan import Groups, Plan, Reach, Window, grouped, scope_for
from civicstat.compiler.row import AsOfValue
from civicstat.spec import Aggregate, Column, ColumnType, Expr, Metric, Project, Stock, walk

__all__ = [
    "Ending",
    "Flow",
    "flows_of",
    "group_stocks",
    "names_age",
    "open_rows",
    "plan_ends",
    "plan_flow",
    "runs",
    "still_open",
]

Sql = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a period: rows opened before ``cut`` and not closed before it are open; age is judged ``at``.

    For a running period the clock stands in for the end; ``last`` is the last day of the period so far.
    """

    start: date
    cut: datetime
    at: datetime
    last: date


Flow = Literal["opened", "closed"]
"""A stock is its openings less its closings, none of them before the opening (semantics 8)."""


def flows_of(body: Stock) -> tuple[Flow, ...]:
    """Return the flows of a stock: one that nothing closes has openings alone."""
    return ("opened",) if body.closed is None else ("opened", "closed")


def runs(metric: Metric) -> bool:
    """Whether the stock is a plain count, so that openings less closings give it."""
    body = metric.body
    assert isinstance(body, Stock)
    plain = isinstance(body.measure, Aggregate) and body.measure.name == "count" and body.measure.arg is None
    by_age = any("age" in item.columns for item in metric.dimensions)
    return plain and not by_age and not names_age(metric.where)


def group_stocks(metrics: Iterable[Metric]) -> dict[tuple[str, str, str | None, str, bool], list[Metric]]:
    """Return the stocks that one scan serves together, by dataset, columns, grain and way of counting."""
    groups: dict[tuple[str, str, str | None, str, bool], list[Metric]] = defaultdict(list)
    for metric in metrics:
        if isinstance(metric.body, Stock):
            groups[metric.dataset, metric.body.opened, metric.body.closed, metric.period, runs(metric)].append(metric)
    return dict(groups)


def plan_flow(
    metrics: Sequence[Metric],
    project: Project,
    table: sa.FromClause,
    as_of: AsOfValue | None,
    cut: datetime,
    flow: Flow,
    reach: Reach | None = None,
) -> Plan:
    """Return the openings or the closings of stocks that share their columns, by period and slice.

    ``reach`` leaves out what moved outside it; nothing after ``cut`` is known.
    """
    body = metrics[0].body
    assert isinstance(body, Stock)
    scope = scope_for(project, metrics[0].dataset, table, as_of)
    opened = scope.columns[body.opened]
    rows = sa.and_(opened.is_not(sa.null()), opened < cut)
    moment: Sql = opened
    if flow == "closed":
        assert body.closed is not None
        closed = scope.columns[body.closed]
        moment = sa.func.greatest(closed, opened, type_=sa.DateTime())
        rows = sa.and_(rows, closed.is_not(sa.null()), closed < cut)
    base = metrics[0].period
    groups = Groups({base: period_start(moment, base, project.city.fiscal_year, project.city.week_start)})
    for metric in metrics:
        groups.add(metric, scope, Window(base, base, ""), {})
    chosen = rows if reach is None else sa.and_(rows, reach.condition(moment))
    return grouped(metrics, project, scope, sa.select().select_from(table), chosen, groups)


def plan_ends(
    metrics: Sequence[Metric],
    project: Project,
    table: sa.FromClause,
    as_of: AsOfValue | None,
    ends: Sequence[Ending],
) -> Plan:
    """Return the plan of stocks that ask for ``age``: rows meet the ends at which they are open."""
    name = metrics[0].dataset
    body = metrics[0].body
    assert isinstance(body, Stock)
    scope = scope_for(project, name, table, as_of)
    moments = sa.values(
        sa.column("start", sa.Date()),
        sa.column("cut", sa.DateTime()),
        sa.column("at", sa.DateTime()),
        sa.column("last", sa.Date()),
        name="ends",
    ).data([(end.start, end.cut, end.at, end.last) for end in ends])
    typed = sa.select(
        *(sa.cast(moments.c[key], kind).label(key) for key, kind in (("start", sa.Date()), ("last", sa.Date()))),
        *(sa.cast(moments.c[key], sa.DateTime()).label(key) for key in ("cut", "at")),
    ).subquery("ending")
    base = metrics[0].period

    def counted(metric: Metric, scope: Scope) -> Counting:
        return open_rows(metric, scope, typed.c["at"], typed.c["last"])

    groups = Groups({base: typed.c["start"]})
    for metric in metrics:
        groups.add(metric, scope, Window(base, base, ""), counted(metric, scope).builtin)
    rows = sa.select().select_from(table.join(typed, still_open(body, scope, typed.c["cut"])))
    return grouped(metrics, project, scope, rows, None, groups, counted)


def still_open(body: Stock, scope: Scope, cut: Sql) -> Sql:
    """Return whether a row was opened before ``cut`` and not closed before it."""
    opened = scope.columns[body.opened]
    if body.closed is None:
        return opened < cut
    closed = scope.columns[body.closed]
    return sa.and_(opened < cut, sa.or_(closed.is_(sa.null()), closed >= cut))


def open_rows(metric: Metric, scope: Scope, at: Sql, last: Sql) -> Counting:
    """Return which of the rows that are open count, their age judged ``at`` a moment, or on the day ``last``."""
    assert isinstance(metric.body, Stock)
    opened = scope.columns[metric.body.opened]
    days = scope.kind(metric.body.opened) is ColumnType.DATE
    age: Sql = (
        apart("day_difference", opened, last, kind=sa.BigInteger())
        if days
        else quotient(elapsed_us(opened, at), sa.literal(float(DAY_US), sa.Double()))
    )
    return Counting(where_sql(metric, scope, age=age), builtin={"age": age})


def names_age(expr: Expr | None) -> bool:
    """Whether a condition asks how old a row is."""
    return expr is not None and any(isinstance(part, Column) and part.name == "age" for part in walk(expr))
