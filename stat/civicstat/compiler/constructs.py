"""The few pieces that SQL has no plain word for: elapsed time, quantiles, calendar periods, safe division."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.engines import apart
from civicstat.period import FiscalYear

__all__ = [
    "DAY_US",
    "as_text",
    "days_between",
    "elapsed_us",
    "epoch_us",
    "fiscal_year_of",
    "later",
    "over",
    "period_start",
    "pieces",
    "quantile",
    "quantiles",
    "quotient",
]

Sql = ColumnElement[Any]
DAY_US = 86_400_000_000
"""Microseconds of a day of 24 hours: local wall clocks know no other."""


def as_text(value: Sql) -> Sql:
    """Return a value written as text."""
    if isinstance(value.type, sa.Double):
        return apart("number_as_text", value, kind=sa.String())
    return sa.cast(value, sa.String())


def quotient(over: Sql, under: Sql) -> Sql:
    """Return ``over / under`` in floating point, null where there is nothing to divide by (semantics 10)."""
    return sa.cast(over, sa.Double()).op("/", return_type=sa.Double())(
        sa.func.nullif(sa.cast(under, sa.Double()), sa.literal(0.0, sa.Double()))
    )


def elapsed_us(start: Sql, end: Sql) -> Sql:
    """Return the microseconds between two local wall clocks, a date counting as its 00:00 (semantics 3 and 4)."""
    return epoch_us(end) - epoch_us(start)


def days_between(start: Sql, end: Sql, dates: bool) -> Sql:
    """Return whole days where both are dates, else the exact fraction of 86,400 s."""
    if dates:
        return apart("day_difference", start, end, kind=sa.BigInteger())
    return quotient(elapsed_us(start, end), sa.literal(float(DAY_US), sa.Double()))


def later(moment: Sql, micros: Sql | int) -> Sql:
    """Return ``moment`` and ``micros`` after it, as a local timestamp."""
    step = sa.literal(micros, sa.BigInteger()) if isinstance(micros, int) else sa.cast(micros, sa.BigInteger())
    return apart("moment", epoch_us(moment) + step, kind=sa.DateTime())


def epoch_us(moment: Sql) -> Sql:
    """Return the microseconds from 1970 to a local moment as the wall clock reads it; a date is its 00:00."""
    plain = moment if isinstance(moment.type, sa.DateTime) else sa.cast(moment, sa.DateTime())
    return apart("micros", plain, kind=sa.BigInteger())


def quantile(values: Sql, share: float) -> Sql:
    """Return the exact quantile by linear interpolation (type 7), nulls out (semantics 12)."""
    return apart("quantile", sa.cast(values, sa.Double()), _number(share), kind=sa.Double())


def quantiles(values: Sql, shares: Sequence[float]) -> list[Sql]:
    """Return what ``quantile`` gives for each of several shares; the engine gathers the values once for them all."""
    listed: Sql = sa.literal_column(f"[{', '.join(repr(float(share)) for share in shares)}]")
    plain: Sql = sa.cast(values, sa.Double())
    return [
        apart("quantile_of", plain, listed, sa.literal_column(str(place)), _number(share), kind=sa.Double())
        for place, share in enumerate(shares, 1)
    ]


def _number(share: float) -> Sql:
    return sa.literal_column(repr(float(share)))


def over(found: sa.FunctionElement[Any], key: Sql) -> Sql:
    """Return what an aggregate finds among the rows of an equal ``key``, beside each of them."""
    (given,) = found.clauses
    if isinstance(given, sa.UnaryExpression) and given.operator is operators.distinct_op:
        return apart("different_in", given.element, key, kind=found.type)
    return sa.over(found, partition_by=key)


def pieces(text: Sql, mark: str) -> Sql:
    """Return the different pieces of a text between ``mark``, a single character, spaces around them left out."""
    duckdb = _piece(rf"\x{{{ord(mark):x}}}", r"\s")
    postgresql = _piece(rf"\U{ord(mark):08x}", r" \t\n\f\r")
    patterns = (duckdb, f"({postgresql})")
    return apart("pieces", text, *(sa.literal_column(f"'{pattern}'") for pattern in patterns))


def _piece(mark: str, spaces: str) -> str:
    return f"[^{mark}{spaces}](?:[^{mark}]*[^{mark}{spaces}])?"


def period_start(moment: Sql, grain: str, fiscal_year: FiscalYear, week_start: int) -> Sql:
    """Return the first day of the period ``moment`` falls in, for every grain but ``all``."""
    months = fiscal_year.first_month - 1
    unit, shift = {
        "day": ("day", 0),
        "week": ("week", week_start),
        "month": ("month", 0),
        "quarter": ("quarter", 0),
        "year": ("year", 0),
        "fiscal_quarter": ("quarter", months % 3),
        "fiscal_year": ("year", months),
    }[grain]
    day = sa.cast(moment, sa.Date())
    steps = "days" if grain == "week" else "months"
    step: Sql | None = apart(steps, sa.literal_column(str(shift)), kind=sa.Interval()) if shift else None
    moved = day if step is None else day.op("-")(step)
    truncated = apart("truncated", sa.literal_column(f"'{unit}'"), moved)
    return sa.cast(truncated if step is None else truncated.op("+")(step), sa.Date())


def fiscal_year_of(moment: Sql, fiscal_year: FiscalYear) -> Sql:
    """Return the number a fiscal year is named by: the year it ends in, or starts in where the city says so."""
    start = period_start(moment, "fiscal_year", fiscal_year, 0)
    first = sa.cast(sa.extract("year", start), sa.BigInteger())
    ends_next_year = fiscal_year.first_month > 1 and fiscal_year.named_by == "end"
    return first + 1 if ends_next_year else first
