"""Membership of a row in a metric, so that a list of rows needs no compiler and can never disagree with the count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.conditions import Promise, Scope
from civicstat.compiler.counting import counting, time_column
from civicstat.compiler.members import member_of
from civicstat.compiler.plan import scope_for
from civicstat.compiler.row import AsOfValue
from civicstat.compiler.stock import names_age, open_rows, still_open
from civicstat.compiler.windows import load_of
from civicstat.period import Length
from civicstat.spec import Call, Cohort, Conversion, Expr, Metric, Project, Recurrence, Snapshot, Stock

__all__ = ["RowFlags", "row_flags"]

Sql = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Again:
    """Of the rows in a window those count whose ``entity`` is told by all of them together.

    It is one with more than ``more_than`` rows in the window, or of the ``cohort`` by ``load``. ``window`` is the
    window's length. ``marked``: all rows are counted, and those of such an entity are hits.
    """

    entity: Sql
    load: Sql
    window: Length
    more_than: int
    cohort: Cohort | None
    marked: bool


@dataclass(frozen=True, slots=True)
class RowFlags:
    """Conditions over one row, those of the counts themselves.

    ``counted``: the row is part of the number; ``hit``: it is in the numerator. ``members`` says of each column it is
    split by whether the row is in the member that the parameter ``member_<column>`` names; ``keys`` are the members, a
    row that is in several there once for each. A column whose members of most rows are not known yet is in neither.
    The column ``time`` puts a row in a period. A stock has ``opened`` and ``closed`` instead: ``still`` says whether
    the row was open at the moment ``cut``, and an age in ``counted``, ``members`` or ``keys`` is judged at the moment
    ``at`` or on the day ``last``: parameters too, as of an ``Ending``.

    ``lasting`` holds of every row that is counted at some time, and changes neither with the clock nor with the period,
    unless the metric's own words name ``as_of``. ``promise``: what is judged by the clock in a share inside a limit.
    ``take``: of the counted rows of a period only those of the ``last`` or of the ``first`` moment are in its number.
    ``again``: of the rows of a window only those of some entities.
    """

    counted: Sql
    lasting: Sql
    members: Mapping[str, Sql]
    keys: Mapping[str, Sql]
    hit: Sql | None = None
    time: str | None = None
    opened: str | None = None
    closed: str | None = None
    still: Sql | None = None
    promise: Promise | None = None
    take: Literal["", "last", "first"] = ""
    again: Again | None = None


def row_flags(metric: Metric, project: Project, table: sa.FromClause, as_of: AsOfValue | None) -> RowFlags:
    """Return the flags of ``metric`` over the rows of its dataset's ``table``."""
    scope = scope_for(project, metric.dataset, table, as_of)
    body = metric.body
    if not isinstance(body, Stock):
        rows = counting(metric, scope)
        lasting = rows.promise.base if rows.promise else rows.counted
        members = _members(metric, scope, rows.builtin)
        time, promise = time_column(metric), rows.promise
        take = body.take if isinstance(body, Snapshot) and body.take != "avg" else ""
        again = _again(body, scope) if isinstance(body, Recurrence) else None
        hit = None if isinstance(body, Recurrence | Conversion) else rows.hit  # other rows have a word in it
        return RowFlags(rows.counted, lasting, *members, hit, time, promise=promise, take=take, again=again)
    at, last = sa.bindparam("at", type_=sa.DateTime()), sa.bindparam("last", type_=sa.Date())
    ageless = [scope.sql(part) for part in _conjuncts(metric.where) if not names_age(part)]
    rows = open_rows(metric, scope, at, last)
    return RowFlags(
        rows.counted,
        sa.func.coalesce(sa.and_(sa.true(), *ageless), sa.false(), type_=sa.Boolean()),
        *_members(metric, scope, rows.builtin),
        opened=body.opened,
        closed=body.closed,
        still=still_open(body, scope, sa.bindparam("cut", type_=sa.DateTime())),
    )


def _members(metric: Metric, scope: Scope, builtin: Mapping[str, Sql]) -> tuple[dict[str, Sql], dict[str, Sql]]:
    every = {part.by: part for item in metric.dimensions for part in item.parts}
    known = {
        name: member_of(part, scope, builtin)
        for name, part in every.items()
        if part.top is None or part.members is not None
    }
    named = {name: sa.bindparam(f"member_{name}", type_=sa.String()) for name in known}
    return {name: item.holds(named[name]) for name, item in known.items()}, {n: item.key for n, item in known.items()}


def _again(body: Recurrence, scope: Scope) -> Again:
    entity, marked = scope.columns[body.entity], body.show == "share"
    return Again(entity, load_of(body, scope), body.over, body.more_than, body.cohort, marked)


def _conjuncts(expr: Expr | None) -> Iterator[Expr]:
    if isinstance(expr, Call) and expr.name == "and":
        for part in expr.args:
            yield from _conjuncts(part)
    elif expr is not None:
        yield expr
