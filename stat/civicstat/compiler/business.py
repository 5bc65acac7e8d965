"""Business days in SQL: how many there are up to a day, so that a difference is the number between two days."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.engines import apart
from civicstat.spec import BusinessDays

__all__ = ["LISTS", "business_index", "business_number", "lists_of"]

Sql = ColumnElement[Any]

_FIRST, _LAST = 1980, 2059
LISTS = ("business_days_before_each_month", "business_days_of_each_month")
"""What stands for the two lists of months where people read a query."""


def business_index(moment: Sql, working: BusinessDays) -> Sql:
    """Return the number of business days from 1980 to the day of ``moment``, itself included; null outside 1980-2059.

    Two lists with an entry a month: the business days before it, and as bits those in it.
    """
    day = sa.cast(moment, sa.Date())
    month = (sa.extract("year", day) - _FIRST) * 12 + sa.extract("month", day)
    before, inside = (sa.literal_column(text, sa.BigInteger()) for text in lists_of(working))
    one = sa.cast(sa.literal_column("1"), sa.BigInteger())
    passed: Sql = one.op("<<")(sa.cast(sa.extract("day", day), sa.Integer())) - one
    days = apart("number_at", inside, month, kind=sa.BigInteger())
    count = apart("bits", days.op("&")(sa.cast(passed, sa.BigInteger())), kind=sa.BigInteger())
    total: Sql = apart("number_at", before, month, kind=sa.BigInteger()) + count
    months = (_LAST - _FIRST + 1) * 12
    return sa.case((month.between(sa.literal_column("1"), sa.literal_column(str(months))), total))


def business_number(day: date, working: BusinessDays) -> int | None:
    """Return what ``business_index`` gives for one day."""
    if not _FIRST <= day.year <= _LAST:
        return None
    before, inside = _months(working)
    month = (day.year - _FIRST) * 12 + day.month - 1
    return before[month] + (inside[month] & ((1 << day.day) - 1)).bit_count()


@lru_cache(maxsize=4)
def lists_of(working: BusinessDays) -> tuple[str, str]:
    """Return the two lists as SQL."""
    before, inside = _months(working)
    return f"{list(before)}", f"{list(inside)}"


@lru_cache(maxsize=4)
def _months(working: BusinessDays) -> tuple[tuple[int, ...], tuple[int, ...]]:
    closed, day = set(working.closed), date(_FIRST, 1, 1)
    inside = [0] * ((_LAST - _FIRST + 1) * 12)
    while day.year <= _LAST:
        if day.weekday() not in working.weekend and day not in closed:
            inside[(day.year - _FIRST) * 12 + day.month - 1] |= 1 << (day.day - 1)
        day += timedelta(days=1)
    before = [0]
    for mask in inside[:-1]:
        before.append(before[-1] + mask.bit_count())
    return tuple(before), tuple(inside)
