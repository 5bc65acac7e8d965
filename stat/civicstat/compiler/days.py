"""Which rows changed: for each day a count and a sum of row hashes, equal where the rows of the day are equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from civicstat.compiler.engines import apart

__all__ = ["Moment", "plan_days"]

Moment = tuple[str, ...]
"""The columns that place a row in time: none, one, or the later of two that must both be there."""


def plan_days(table: sa.FromClause, columns: Sequence[str], moments: Sequence[Moment]) -> sa.Select[Any]:
    """Return one row for each moment and day: ``moment`` (its place), ``day``, ``rows`` and ``total``, a sum of hashes.

    Sums do not depend on the order of rows, and those of two files add up. Rows without a day have a row of their own.
    Without ``columns`` rows are counted and nothing is summed.
    """
    every = [table.c[name] for name in columns]
    found = apart("row_print", *every) if every else sa.literal(0, sa.BigInteger())
    days = [_day(table, moment).label(f"day_{place}") for place, moment in enumerate(moments)]
    marked = sa.select(found.label("print"), *days).select_from(table).subquery()
    named = [marked.c[f"day_{place}"] for place in range(len(moments))]
    mask = sa.func.grouping(*named, type_=sa.BigInteger()).label("grouping")
    sets = named if len(named) == 1 else [sa.func.grouping_sets(*(sa.tuple_(day) for day in named))]
    total = sa.func.sum(marked.c.print).label("total")
    return sa.select(mask, *named, sa.func.count().label("rows"), total).group_by(*sets)


def _day(table: sa.FromClause, moment: Moment) -> sa.ColumnElement[Any]:
    columns = [table.c[name] for name in moment]
    if not columns:
        return sa.cast(sa.null(), sa.Date())
    there = sa.and_(*(column.is_not(sa.null()) for column in columns))
    latest = columns[0] if len(columns) == 1 else sa.func.greatest(*columns)
    return sa.cast(sa.case((there, latest)), sa.Date())
