"""Membership of a row in a metric, so that a list of rows needs no compiler and can never disagree with the count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.counting import counting, time_column
from civicstat.compiler.plan import scope_for
from civicstat.compiler.row import AsOfValue
from civicstat.spec import Call, Column, ColumnType, Expr, Literal, Metric, Project, Stock, walk

__all__ = ["AgeBounds", "RowFlags", "row_flags"]


@dataclass(frozen=True, slots=True)
class AgeBounds:
    """Conditions on a stock's age in days, each ``(operator, days)`` of ``lt le gt ge``; all must hold."""

    bounds: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class RowFlags:
    """Two conditions over a row and the columns that place it in time.

    A row belongs to a period of a stock while ``opened`` < T and ``closed`` is null or >= T, and its age fits; of any
    other metric when ``time`` falls in it.
    """

    counted: ColumnElement[Any]
    hit: ColumnElement[Any] | None
    time: str | None
    opened: str | None = None
    closed: str | None = None
    age: AgeBounds | None = None
    whole_days: bool = False


def row_flags(metric: Metric, project: Project, table: sa.FromClause, as_of: AsOfValue | None) -> RowFlags:
    """Return the flags of ``metric`` over the rows of its dataset's ``table``.

    Raises:
        ValueError: a stock's condition on ``age`` is more than a comparison with a number of days.
    """
    scope = scope_for(project, metric.dataset, table, as_of)
    if not isinstance(metric.body, Stock):
        rows = counting(metric, scope)
        return RowFlags(rows.counted, rows.hit, time_column(metric))
    ages: list[tuple[str, float]] = []
    rest: list[ColumnElement[Any]] = []
    for part in _conjuncts(metric.where):
        if any(isinstance(item, Column) and item.name == "age" for item in walk(part)):
            ages += _age_bounds(part)
        else:
            rest.append(scope.sql(part))
    counted = sa.func.coalesce(sa.and_(sa.true(), *rest), sa.false(), type_=sa.Boolean())
    body = metric.body
    whole = scope.kind(body.opened) is ColumnType.DATE
    return RowFlags(
        counted, None, metric.time, body.opened, body.closed, AgeBounds(tuple(ages)) if ages else None, whole
    )


def _conjuncts(expr: Expr | None) -> Iterator[Expr]:
    if isinstance(expr, Call) and expr.name == "and":
        for part in expr.args:
            yield from _conjuncts(part)
    elif expr is not None:
        yield expr


def _age_bounds(part: Expr) -> list[tuple[str, float]]:
    turned = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
    match part:
        case Call(name=name, args=(Column(name="age"), Literal(value=days))) if name in turned:
            return [(name, _days(days))]
        case Call(name=name, args=(Literal(value=days), Column(name="age"))) if name in turned:
            return [(turned[name], _days(days))]
        case Call(name="between", args=(Column(name="age"), Literal(value=low), Literal(value=high))):
            return [("ge", _days(low)), ("le", _days(high))]
    raise ValueError("a condition on `age` compares it with a number of days, as in `age > 30`")


def _days(value: object) -> float:
    return float(str(value))
