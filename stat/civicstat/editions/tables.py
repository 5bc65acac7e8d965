"""The tables of an edition's files, and readings to rows and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from civicstat.results import Reading, Reason, Status, Used

__all__ = [
    "CATALOGUE",
    "META",
    "READINGS",
    "USED",
    "given_rows",
    "insert_many",
    "reading_of",
    "reading_row",
    "used_of",
    "used_rows",
]

META = sa.MetaData()

READINGS = sa.Table(
    "readings",
    META,
    sa.Column("metric", sa.Text, nullable=False),
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("grain", sa.Text, nullable=False),
    sa.Column("start", sa.Date),
    sa.Column("end", sa.Date),
    sa.Column("through", sa.Date),
    sa.Column("dimension", sa.Text, nullable=False),
    sa.Column("slice", sa.Text, nullable=False),
    sa.Column("value", sa.Double),
    sa.Column("numerator", sa.Double),
    sa.Column("denominator", sa.Double),
    sa.Column("n", sa.BigInteger),
    sa.Column("complete", sa.Boolean, nullable=False),
    sa.Column("final", sa.Boolean, nullable=False),
    sa.Column("suppressed", sa.Boolean, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("reason_args", sa.Text, nullable=False),
    sa.Column("goal_low", sa.Double),
    sa.Column("goal_high", sa.Double),
    sa.Column("gap", sa.Double),
    sa.Column("aside", sa.Text, nullable=False),
)

CATALOGUE = sa.Table(
    "catalogue",
    META,
    sa.Column("part", sa.Text, nullable=False),  # `catalogue`, and `records`: which columns the records tables hold
    sa.Column("body", sa.Text, nullable=False),
)

USED = sa.Table(
    "used",
    META,
    sa.Column("metric", sa.Text, nullable=False),
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("slice", sa.Text, nullable=False),
    sa.Column("place", sa.BigInteger, nullable=False),  # the order in which the numbers are named
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("of_metric", sa.Text, nullable=False),
    sa.Column("of_period", sa.Text, nullable=False),
    sa.Column("of_slice", sa.Text, nullable=False),
    sa.Column("of_value", sa.Double),
)
"""The numbers that a number made of others is made of; editions of the first versions have no such table."""

_BATCH = 20_000
_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


def insert_many(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, given as JSON values (days as ISO text), in few statements: one row at a time takes minutes."""
    kinds = {column.name: column.type for column in table.columns}
    for first in range(0, len(rows), _BATCH):
        given = given_rows(rows[first : first + _BATCH], kinds, connection.dialect)
        connection.execute(sa.insert(table).from_select([*kinds], given))


def given_rows(
    rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, sa.types.TypeEngine[Any]], dialect: Dialect
) -> sa.Select[Any]:
    """Return rows of JSON values (days and moments as ISO text) as a query, a list for each column."""
    fields = []
    for name, kind in kinds.items():
        body = json.dumps([row.get(name) for row in rows], allow_nan=False, default=str)
        values = sa.func.from_json(sa.literal(body), sa.literal(json.dumps([kind.compile(dialect)])))
        fields.append(sa.func.unnest(values, type_=kind).label(name))
    return sa.select(*fields)


def reading_row(reading: Reading) -> dict[str, Any]:
    """Return a reading as JSON values, one for each column of ``READINGS``."""
    low, high = reading.goal if isinstance(reading.goal, tuple) else (reading.goal, None)
    return {
        "metric": reading.metric,
        "period": reading.period,
        "grain": reading.grain,
        "start": _iso(reading.start),
        "end": _iso(reading.end),
        "through": _iso(reading.through),
        "dimension": ",".join(sorted(reading.slice)),
        "slice": _json(reading.slice),
        "value": reading.value,
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "n": reading.n,
        "complete": reading.complete,
        "final": reading.final,
        "suppressed": reading.suppressed,
        "status": reading.status.value,
        "reason": reading.reason.code,
        "reason_args": _json(reading.reason.args),
        "goal_low": low,
        "goal_high": high,
        "gap": reading.gap,
        "aside": _json(reading.aside),
    }


def reading_of(row: sa.Row[Any]) -> Reading:
    """Return the reading a row of ``READINGS`` holds."""
    goal = row.goal_low if row.goal_high is None else (row.goal_low, row.goal_high)
    return Reading(
        metric=row.metric,
        period=row.period,
        grain=row.grain,
        start=row.start,
        end=row.end,
        through=row.through,
        slice=json.loads(row.slice),
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        n=row.n,
        complete=row.complete,
        final=row.final,
        suppressed=row.suppressed,
        status=Status(row.status),
        reason=Reason(row.reason, json.loads(row.reason_args)),
        goal=goal,
        gap=row.gap,
        aside=json.loads(row.aside),
    )


def used_rows(reading: Reading) -> list[dict[str, Any]]:
    """Return what a reading is made of as JSON values, a row of ``USED`` each."""
    return [
        {
            "metric": reading.metric,
            "period": reading.period,
            "slice": _json(reading.slice),
            "place": place,
            "name": item.name,
            "of_metric": item.metric,
            "of_period": item.period,
            "of_slice": _json(item.slice),
            "of_value": item.value,
        }
        for place, item in enumerate(reading.used)
    ]


def used_of(row: sa.Row[Any]) -> Used:
    """Return the number that a row of ``USED`` holds."""
    return Used(row.name, row.of_metric, row.of_period, json.loads(row.of_slice), row.of_value)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _json(value: Mapping[str, Any]) -> str:
    return _encode(value) if value else "{}"
