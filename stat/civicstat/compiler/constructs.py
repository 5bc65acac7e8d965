"""The few pieces of SQL that engines spell apart: elapsed time, quantiles, calendar periods, safe division."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.period import FiscalYear

__all__ = [
    "DAY_US",
    "days_between",
    "elapsed_us",
    "epoch_us",
    "fiscal_year_of",
    "later",
    "period_start",
    "pieces",
    "quantile",
    "quantiles",
    "quotient",
]

Sql = ColumnElement[Any]
DAY_US = 86_400_000_000
"""Microseconds of a day of 24 hours: local wall clocks know no other."""


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
        return sa.func.date_diff(sa.literal_column("'day'"), start, end, type_=sa.BigInteger())
    return quotient(elapsed_us(start, end), sa.literal(float(DAY_US), sa.Double()))


def later(moment: Sql, micros: Sql | int) -> Sql:
    """Return ``moment`` and ``micros`` after it, as a local timestamp."""
    step = sa.literal(micros, sa.BigInteger()) if isinstance(micros, int) else sa.cast(micros, sa.BigInteger())
    shifted: Sql = sa.func.make_timestamp(epoch_us(moment) + step, type_=sa.DateTime())
    return shifted


def epoch_us(moment: Sql) -> Sql:
    """Return the microseconds from 1970 to a local moment as the wall clock reads it; a date is its 00:00."""
    plain = moment if isinstance(moment.type, sa.DateTime) else sa.cast(moment, sa.DateTime())
    micros: Sql = sa.func.epoch_us(plain, type_=sa.BigInteger())
    return micros


def quantile(values: Sql, share: float) -> Sql:
    """Return the exact quantile by linear interpolation (type 7), nulls out (semantics 12)."""
    return sa.func.quantile_cont(sa.cast(values, sa.Double()), sa.literal_column(repr(float(share))), type_=sa.Double())


def quantiles(values: Sql, shares: Sequence[float]) -> list[Sql]:
    """Return what ``quantile`` gives for each of several shares; the engine gathers the values once for them all."""
    listed: Sql = sa.literal_column(f"[{', '.join(repr(float(share)) for share in shares)}]")
    found = sa.func.quantile_cont(sa.cast(values, sa.Double()), listed)
    return [
        sa.func.list_extract(found, sa.literal_column(str(place)), type_=sa.Double())
        for place in range(1, len(shares) + 1)
    ]


def pieces(text: Sql, mark: str) -> Sql:
    """Return the different pieces of a text between ``mark``, a single character, spaces around them left out."""
    inside = rf"\x{{{ord(mark):x}}}"
    pattern = rf"[^{inside}\s](?:[^{inside}]*[^{inside}\s])?"
    found = sa.func.regexp_extract_all(text, sa.literal_column(f"'{pattern}'"))
    return sa.func.list_distinct(found)


def period_start(moment: Sql, grain: str, fiscal_year: FiscalYear, week_start: int) -> Sql:
    """Return the first day of the period ``moment`` falls in, for every grain but ``all``."""
    months = fiscal_year.first_month - 1
    unit, shift = {
        "day": ("day", ""),
        "week": ("week", f"INTERVAL {week_start} DAY" if week_start else ""),
        "month": ("month", ""),
        "quarter": ("quarter", ""),
        "year": ("year", ""),
        "fiscal_quarter": ("quarter", f"INTERVAL {months % 3} MONTH" if months % 3 else ""),
        "fiscal_year": ("year", f"INTERVAL {months} MONTH" if months else ""),
    }[grain]
    day = sa.cast(moment, sa.Date())
    step: Sql | None = sa.literal_column(shift) if shift else None
    moved = day if step is None else day.op("-")(step)
    truncated: Sql = sa.func.date_trunc(sa.literal_column(f"'{unit}'"), moved)
    return sa.cast(truncated if step is None else truncated.op("+")(step), sa.Date())


def fiscal_year_of(moment: Sql, fiscal_year: FiscalYear) -> Sql:
    """Return the number a fiscal year is named by: the year it ends in, or starts in where the city says so."""
    start = period_start(moment, "fiscal_year", fiscal_year, 0)
    first = sa.cast(sa.extract("year", start), sa.BigInteger())
    ends_next_year = fiscal_year.first_month > 1 and fiscal_year.named_by == "end"
    return first + 1 if ends_next_year else first
