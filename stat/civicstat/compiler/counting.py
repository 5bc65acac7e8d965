"""Which rows a metric counts, which of them are hits, and which it sets aside, one function a metric type."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.business import business_number
from civicstat.compiler.conditions import Counting, Promise, Scope
from civicstat.compiler.constructs import DAY_US, elapsed_us, later, quotient
from civicstat.compiler.passed import true_us
from civicstat.spec import (
    Aggregate,
    Column,
    ColumnType,
    Conversion,
    Distinct,
    DueColumn,
    Duration,
    Expr,
    FixedLimit,
    LimitBy,
    Metric,
    Ratio,
    Recurrence,
    Simple,
    Snapshot,
    Stock,
    Within,
    walk,
)

__all__ = ["counting", "recorded", "time_column", "unit_micros", "where_sql"]

Sql = ColumnElement[Any]

_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400, "weeks": 604_800}


def time_column(metric: Metric) -> str | None:
    """Return the column that puts a row of ``metric`` in a period; the word ``due`` is the due column's name."""
    if metric.time == "due" and isinstance(metric.body, Within) and isinstance(metric.body.limit, DueColumn):
        return metric.body.limit.column
    return metric.time


def unit_micros(unit: str) -> float:
    """Return the microseconds of a unit of duration."""
    return _UNIT_SECONDS[unit] * 1_000_000.0


def counting(metric: Metric, scope: Scope, recording: Sql | None = None) -> Counting:
    """Return the conditions of a metric; a stock's condition on ``age`` is left to its plan.

    ``recording`` is what ``recorded`` gives for the period of the row; without it the rows of all recordings count.
    """
    match metric.body:
        case Snapshot() as body:
            return _snapshot(metric, body, scope, recording)
        case Conversion() as body:
            return _conversion(metric, body, scope)
        case Recurrence() as body:
            return _of_somebody(metric, body, scope)
        case Simple(measure=measure) | Distinct(measure=measure):
            where, known = _where(metric, scope), _some_value(measure, scope)
            missing = {} if _true(known) else {"no_value": _both(where, sa.not_(known))}
            return Counting(_both(where, known), aside=missing)
        case Ratio(numerator=top, denominator=under):
            where = _where(metric, scope)
            over, below = (
                _both(where, _sure(scope.sql(side.where)) if side.where else sa.true()) for side in (top, under)
            )
            valued = _both(over, _some_value(top.measure, scope))
            counted = sa.or_(valued, _both(below, _some_value(under.measure, scope)))
            return Counting(counted, hit=valued, sides=(over, below))
        case Within():
            return _within(metric, metric.body, scope)
        case Duration():
            return _duration(metric, metric.body, scope)
        case Stock():
            return Counting(_where(metric, scope))
        case _:
            raise ValueError(f"`{metric.name}` is made of other metrics: it counts no rows")


def _of_somebody(metric: Metric, body: Recurrence, scope: Scope) -> Counting:
    """Return which rows count if it is one who comes again: ``hit`` says of whom that can be told."""
    rows = _both(_where(metric, scope), _some_value(body.measure, scope))
    somebody = scope.columns[body.entity].is_not(sa.null())
    if body.show == "share":
        return Counting(rows, hit=sa.and_(rows, somebody))
    return Counting(sa.and_(rows, somebody), aside={"no_value": sa.and_(rows, sa.not_(somebody))})


def _conversion(metric: Metric, body: Conversion, scope: Scope) -> Counting:
    """A first event counts once the time after it has passed, whether the second came or not."""
    if scope.as_of is None:
        raise ValueError(f"the dataset `{scope.dataset.name}` has no clock to judge by what is still to come")
    when, micros = scope.columns[metric.time or ""], round(body.inside.seconds * 1_000_000)
    dates = scope.kind(metric.time or "") is ColumnType.DATE
    clock = scope.as_of.as_literal(ColumnType.DATE if dates else ColumnType.TIMESTAMP)
    clock = sa.cast(clock, sa.DateTime()) if dates else clock
    first = _both(_where(metric, scope), _sure(scope.sql(body.base)))
    dated, known = when.is_not(sa.null()), scope.columns[body.entity].is_not(sa.null())
    due = later(when, micros)
    base, ripe = sa.and_(first, dated, known), _sure(due < clock)
    counted, waiting = sa.and_(base, ripe), sa.and_(base, sa.not_(ripe))
    return Counting(
        counted,
        hit=sa.and_(counted, _followed(metric, body, scope, micros)),
        pending=waiting,
        aside={
            "no_start": sa.and_(first, sa.not_(dated)),
            "no_value": sa.and_(first, dated, sa.not_(known)),
            "not_ripe": waiting,
        },
        promise=Promise(base, base, due, clock),
    )


def _followed(metric: Metric, body: Conversion, scope: Scope, micros: int) -> Sql:
    """Return whether another row of the same one is a second event inside the time after a row."""
    table = scope.columns[body.entity].table.alias("second")
    there = replace(scope, columns={name: table.c[name] for name in scope.columns})
    name = metric.time or ""
    second = _both(_where(metric, there), _sure(there.sql(body.then)))
    passed = elapsed_us(scope.columns[name], there.columns[name])
    inside = sa.and_(passed >= 0, passed <= sa.literal(micros, sa.BigInteger()))
    same = there.columns[body.entity] == scope.columns[body.entity]
    number = sa.select(sa.func.count()).select_from(table).where(second, same, inside).scalar_subquery()
    itself = sa.case((_both(_where(metric, scope), _sure(scope.sql(body.then))), 1), else_=0)
    return _sure(number > itself)


def recorded(metric: Metric, scope: Scope) -> sa.FunctionElement[Any] | None:
    """Return the aggregate that says which recording of a level stands for a period: its moment, or how many there are.

    None where the metric is no such level.
    """
    if not isinstance(metric.body, Snapshot):
        return None
    rows, when = _recordings(metric, metric.body, scope)
    moment = sa.case((rows, when))
    match metric.body.take:
        case "last":
            return sa.func.max(moment, type_=when.type)
        case "first":
            return sa.func.min(moment, type_=when.type)
        case "avg":
            return sa.func.count(sa.distinct(moment), type_=sa.BigInteger())


def _snapshot(metric: Metric, body: Snapshot, scope: Scope, recording: Sql | None) -> Counting:
    rows, when = _recordings(metric, body, scope)
    if recording is None:
        return Counting(rows)
    if body.take == "avg":
        return Counting(rows, recordings=recording)
    return Counting(sa.and_(rows, _sure(when == recording)))


def _recordings(metric: Metric, body: Snapshot, scope: Scope) -> tuple[Sql, Sql]:
    """Return which rows record a level, and when."""
    assert metric.time is not None
    when = scope.columns[metric.time]
    return _both(_both(_where(metric, scope), _some_value(body.measure, scope)), when.is_not(sa.null())), when


def where_sql(metric: Metric, scope: Scope, **builtin: Sql) -> Sql:
    """Return the metric's own condition, never null; the columns its type adds are ``builtin``."""
    return sa.true() if metric.where is None else _sure(scope.sql(metric.where, **builtin))


def _where(metric: Metric, scope: Scope) -> Sql:
    names_age = metric.where and any(isinstance(part, Column) and part.name == "age" for part in walk(metric.where))
    return sa.true() if names_age else where_sql(metric, scope)


def _sure(condition: Sql) -> Sql:
    """Null is not true (semantics 13)."""
    return sa.func.coalesce(condition, sa.false(), type_=sa.Boolean())


def _true(condition: Sql) -> bool:
    return isinstance(condition, type(sa.true()))


def _both(left: Sql, right: Sql) -> Sql:
    if _true(left) or _true(right):
        return right if _true(left) else left
    return sa.and_(left, right)


def _some_value(measure: Expr, scope: Scope, **builtin: Sql) -> Sql:
    """A row counts in ``sum(x)`` where x has a value, in ``count(*)`` always."""
    args = [part.arg for part in walk(measure) if isinstance(part, Aggregate)]
    if not args or any(arg is None for arg in args):
        return sa.true()
    return sa.or_(*(scope.sql(arg, **builtin).is_not(sa.null()) for arg in args if arg is not None))


def _duration(metric: Metric, body: Duration, scope: Scope) -> Counting:
    start, end = scope.columns[body.start], scope.columns[body.end]
    where = _where(metric, scope)
    micros, elapsed = _in_unit(body, start, end, scope)
    if body.open_rows == "censor":
        return _censored(body, where, micros, elapsed, scope)
    return Counting(
        _both(where, _sure(micros >= 0)),
        aside={
            "to_before_from": _both(where, _sure(micros < 0)),
            "open": _both(where, sa.and_(start.is_not(sa.null()), end.is_(sa.null()))),
            "no_start": _both(where, start.is_(sa.null())),
        },
        builtin={"elapsed": elapsed},
    )


def _censored(body: Duration, where: Sql, micros: Sql, elapsed: Sql, scope: Scope) -> Counting:
    """Open rows count with the time they have lasted at the clock; whether a row counts does not depend on it."""
    if scope.as_of is None:
        raise ValueError(f"the dataset `{scope.dataset.name}` has no clock to judge open rows by")
    start, end = scope.columns[body.start], scope.columns[body.end]
    is_open = _sure(sa.and_(start.is_not(sa.null()), end.is_(sa.null())))
    dates = ColumnType.DATE is scope.kind(body.start) is scope.kind(body.end)
    _, lasted = _in_unit(body, start, scope.as_of.as_literal(ColumnType.DATE) if dates else scope.as_of.end(), scope)
    nothing: Sql = sa.literal_column("0", sa.Double())
    return Counting(
        _both(where, sa.or_(_sure(micros >= 0), is_open)),
        hit=_both(where, _sure(micros >= 0)),
        still_open=_both(where, is_open),
        aside={
            "to_before_from": _both(where, _sure(micros < 0)),
            "no_start": _both(where, start.is_(sa.null())),
        },
        builtin={"elapsed": sa.case((end.is_(sa.null()), sa.func.greatest(lasted, nothing)), else_=elapsed)},
    )


def _in_unit(body: Duration, start: Sql, end: Sql, scope: Scope) -> tuple[Sql, Sql]:
    """Return the time between two moments in microseconds, and in the unit of a duration."""
    micros = scope.micros(start, end, true_time=body.true_time)
    if body.unit == "business_days":
        return micros, sa.cast(scope.business(end) - scope.business(start), sa.Double())
    return micros, quotient(micros, sa.literal(unit_micros(body.unit), sa.Double()))


def _within(metric: Metric, body: Within, scope: Scope) -> Counting:
    start, end = scope.columns[body.start], scope.columns[body.end]
    where = _where(metric, scope)
    backwards = _sure(scope.micros(start, end, true_time=body.limit.true_time) < 0)
    started = start.is_not(sa.null())
    promised, in_time, due, clock = _promise(body, scope)
    due_passed = _sure(due < clock)
    is_open = end.is_(sa.null())
    base = _both(where, _both(promised, sa.and_(started, sa.not_(backwards))))
    waiting = sa.and_(base, is_open, sa.not_(due_passed))
    pending = waiting
    counts_from: Sql = due
    match body.open_rows:
        case "exclude":
            counted = sa.and_(base, sa.or_(sa.not_(is_open), due_passed))
            counts_from = sa.case((is_open, due))
        case "miss":
            counted, counts_from = base, sa.null()
        case "mature":
            counted, pending = sa.and_(base, due_passed), sa.and_(base, sa.not_(due_passed))
    aside = {
        "no_start": _both(where, sa.not_(started)),
        "to_before_from": _both(where, backwards),
    }
    if not _true(promised):
        aside["no_promise"] = _both(where, sa.and_(started, sa.not_(backwards), sa.not_(promised)))
    if body.open_rows != "miss":
        aside["not_yet_due"] = pending
    promise = Promise(base, sa.and_(base, in_time), counts_from, clock)
    return Counting(counted, hit=sa.and_(counted, in_time), pending=pending, aside=aside, promise=promise)


def _promise(body: Within, scope: Scope) -> tuple[Sql, Sql, Sql, Sql]:
    """Return (there is a promise, finished inside it, when it is due, the clock beside it), the first two not null."""
    start, end = scope.columns[body.start], scope.columns[body.end]
    if scope.as_of is None:
        raise ValueError(f"the dataset `{scope.dataset.name}` has no clock to judge open rows by")
    match body.limit:
        case DueColumn(column=name):
            due = scope.columns[name]
            kind, end_kind = scope.kind(name), scope.kind(body.end)
            whole_day = kind is ColumnType.DATE and end_kind is ColumnType.TIMESTAMP
            in_time = end < later(due, DAY_US) if whole_day else end <= due
            return due.is_not(sa.null()), _sure(in_time), due, scope.as_of.as_literal(kind)
        case FixedLimit(business=int(days)):
            return _business_promise(sa.literal(days, sa.BigInteger()), start, end, scope)
        case LimitBy(column=name, limits=limits) if any(limit.business is not None for limit in limits.values()):
            whens = ((scope.columns[name] == member, limit.business) for member, limit in limits.items())
            allowed = sa.case(*((here, sa.literal(days, sa.BigInteger())) for here, days in whens))
            return _business_promise(allowed, start, end, scope)
        case FixedLimit(seconds=seconds):
            micros: Sql = sa.literal(round(seconds * 1_000_000), sa.BigInteger())
        case LimitBy(column=name, limits=limits):
            micros = sa.case(
                *(
                    (scope.columns[name] == member, sa.literal(round(limit.seconds * 1_000_000), sa.BigInteger()))
                    for member, limit in limits.items()
                ),
                else_=sa.cast(sa.null(), sa.BigInteger()),
            )
    dates = scope.kind(body.start) is ColumnType.DATE
    clock = scope.as_of.as_literal(ColumnType.DATE if dates else ColumnType.TIMESTAMP)
    promised: Sql = sa.true() if isinstance(body.limit, FixedLimit) else micros.is_not(sa.null())
    in_time = _sure(scope.micros(start, end, true_time=body.limit.true_time) <= micros)
    if body.limit.true_time:
        return promised, in_time, true_us(start, scope.zone, end=False) + micros, true_us(clock, scope.zone, end=True)
    return promised, in_time, later(start, micros), sa.cast(clock, sa.DateTime()) if dates else clock


def _business_promise(allowed: Sql, start: Sql, end: Sql, scope: Scope) -> tuple[Sql, Sql, Sql, Sql]:
    """Return the promise of so many business days (semantics 21); ``due`` and the clock are numbers of such days.

    What is finished on the closed days behind the last of them is in time, so that an open row is late after those.
    """
    assert scope.as_of is not None
    due = scope.business(start) + allowed
    known = business_number(scope.as_of.at.date(), scope.working) if scope.working else None
    clock: Sql = sa.cast(sa.null(), sa.BigInteger()) if known is None else sa.literal(known, sa.BigInteger())
    return due.is_not(sa.null()), _sure(scope.business(end) <= due), due, clock
