from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler import columns_of, parameters_of, sql_text

ROWS = sa.table(
    "rows",
    sa.column("said", sa.String()),
    sa.column("cost", sa.Double()),
    sa.column("paid", sa.Numeric(18, 2)),
    sa.column("number", sa.BigInteger()),
    sa.column("day", sa.Date()),
    sa.column("came", sa.DateTime()),
    sa.column("done", sa.Boolean()),
)
said, cost, paid, number, day, came, done = ROWS.c
WORDS = ["it's", "10:30", "a::b", r"C\:x", "50% (off)s", "%(param_1)s", "a;--", "?", ":cut", "$1", '"', "ñ\n2", ""]
HELD = [
    (
        word,
        at / 10,
        Decimal(at) / 100,
        at,
        date(2026, 1, 1 + at),
        datetime.fromisoformat(f"2026-01-01T{at:02}:30"),
        bool(at % 2),
    )
    for at, word in enumerate(WORDS)
]


@pytest.fixture(scope="module")
def rows(engine_connection: Connection) -> Connection:
    kinds = "said VARCHAR, cost DOUBLE, paid DECIMAL(18,2), number BIGINT, day DATE, came TIMESTAMP, done BOOLEAN"
    engine_connection.execute(sa.text(f"CREATE OR REPLACE TABLE rows ({kinds})"))
    engine_connection.execute(sa.insert(ROWS), [dict(zip(ROWS.c.keys(), row, strict=True)) for row in HELD])
    return engine_connection


@pytest.mark.parametrize("word", WORDS)
def test_words_kept_in_a_text_are_found_as_they_were_written(rows: Connection, word: str) -> None:
    assert kept(rows, said == word) == asked(rows, said == word) == [WORDS.index(word)]
    assert kept(rows, said.like(f"%{word}%")) == asked(rows, said.like(f"%{word}%"))


@pytest.mark.parametrize(
    "condition",
    [
        said.in_([sa.literal("it's"), sa.literal("10:30")]),
        cost * sa.literal(3.0, sa.Double()) == sa.literal(0.9, sa.Double()),  # not true of three times 0.3 in doubles
        cost > sa.literal(1e-9, sa.Double()),
        number * sa.literal(Decimal("0.1"), sa.Numeric(18, 2)) == sa.literal(Decimal("0.3"), sa.Numeric(18, 2)),
        paid - sa.literal(Decimal("-0.01"), sa.Numeric(18, 2)) > sa.literal(Decimal("0.05"), sa.Numeric(18, 2)),
        -(number - sa.literal(-5, sa.BigInteger())) < sa.literal(-7, sa.BigInteger()),
        day >= sa.literal(date(2026, 1, 5), sa.Date()),
        came < sa.literal(datetime.fromisoformat("2026-01-01T04:30:00.000001"), sa.DateTime()),
        sa.func.date_diff(sa.literal_column("'day'"), day, sa.literal(date(2026, 1, 9), sa.Date())) > 3,
        done == sa.literal(True, sa.Boolean()),
        sa.case((done, said), else_=sa.cast(sa.null(), sa.String())).is_not(sa.null()),
        sa.func.coalesce(said > sa.literal("b"), sa.false(), type_=sa.Boolean()),
        said.in_(["a", "it's: 12:30", "%(name)s"]),
        number.not_in([1, -2, 3]),
    ],
    ids=str,
)
def test_a_condition_kept_as_text_means_what_it_meant(rows: Connection, condition: sa.ColumnElement[Any]) -> None:
    assert kept(rows, condition) == asked(rows, condition)


def asked(rows: Connection, condition: sa.ColumnElement[Any]) -> list[int]:
    """The rows that meet a condition."""
    return list(rows.execute(sa.select(number).where(condition).order_by(number)).scalars())


def kept(rows: Connection, condition: sa.ColumnElement[Any]) -> list[int]:
    """The rows that meet the text of a condition, beside a parameter of the query's own."""
    text = sa.text(f"({sql_text(condition, rows.dialect)}) AND number >= :param_1 ORDER BY number")
    select = sa.select(sa.column("number", sa.BigInteger())).select_from(sa.table("rows")).where(text)
    return list(rows.execute(select, {"param_1": 0}).scalars())


def test_a_parameter_with_a_name_stays_one_and_no_value_is_taken_for_it(rows: Connection) -> None:
    condition = sa.and_(came < sa.bindparam("cut", type_=sa.DateTime()), said != ":cut")
    text = sql_text(condition, rows.dialect)

    found = rows.execute(
        sa.text(f"SELECT count(*) FROM rows WHERE {text}"), {"cut": datetime.fromisoformat("2026-01-01T09:00")}
    )

    assert found.scalar_one() == 8
    assert columns_of(condition) == {"came", "said"}
    assert parameters_of(condition) == {"cut"}
