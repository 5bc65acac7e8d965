"""Every function and operator of a row means the same on both engines, on values that are drawn."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler import SQL_TYPES, row_sql
from civicstat.period import FiscalYear
from civicstat.spec import BusinessDays
from civicstat.spec.cursor import Notes, Value
from civicstat.spec.expr import ColumnType
from civicstat.spec.expression import parse_row
from civicstat.spec.functions import EXTRACT_PARTS, FUNCTIONS, OPERATORS, TRUNC_PARTS
from civicstat.spec.scope import Scope
from civicstat.spec.yaml_nodes import MapNode, read_yaml

TYPES = {
    "n": ColumnType.INTEGER,
    "word": ColumnType.TEXT,
    "other": ColumnType.TEXT,
    "written": ColumnType.TEXT,
    "visits": ColumnType.INTEGER,
    "place": ColumnType.INTEGER,
    "ratio": ColumnType.NUMBER,
    "cost": ColumnType.MONEY,
    "urgent": ColumnType.BOOLEAN,
    "opened_on": ColumnType.DATE,
    "closed_on": ColumnType.DATE,
    "seen_at": ColumnType.TIMESTAMP,
    "left_at": ColumnType.TIMESTAMP,
}
WORKING = BusinessDays((5, 6), (date(2024, 1, 1), date(2026, 7, 3)))

SIGNS = "aAbBzZéÉßıİñÑΣ019.,-;:/'%_\\ \t\u00a0\u3000e\u0301"
NUMERALS = (
    *(("", " ", "\t"), ("", "-", "+", "- "), ("0", "7", "12", "2134", "")),
    *(("", ".", ".0", ".5", ".25", ".995", "e3", "e-2", ".5e1", ",5"), ("", " ", "x")),
)
DAYS = (
    *(("2024", "1999", "24", "0999"), ("-", "/"), ("1", "02", "12", "13", "0"), ("-", "/")),
    ("5", "29", "30", "31", "32", "0"),
    ("", " ", " 10:30", "T10:30:05", " 23:59:59.25", "T9:5", " 10:00:00.1234567", " 10:60", "x"),
)
WORDS = (
    *("true", "F", "yes", "NO", "1", "0", "t", "n", "on", " true", "99999999999999999", "-1e17", "1e400", "-1e-400"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775808", "9223372036854775807.4"),
)
ODD = (1e15, 1234567890123456.8, 1e16, 1e22, -1e300, 0.0001, 0.00012345, 0.00001, 0.49999999999999994, -0.0, 1.005)
FIRST, LAST = datetime.fromisoformat("1899-01-01"), datetime.fromisoformat("2102-01-01")


def drawn(number: int) -> list[tuple[Any, ...]]:
    """So many rows, the same ones each time, with what is likely to be taken for something else."""
    dice = random.Random(20261101)

    def letters() -> str:
        return "".join(dice.choices(SIGNS, k=dice.randrange(9)))

    def written() -> str:
        kind = dice.choice((NUMERALS, NUMERALS, DAYS, DAYS, WORDS, None))
        if kind is None:
            return letters()
        return dice.choice(WORDS) if kind is WORDS else "".join(map(dice.choice, kind))

    def broken() -> float:
        near = dice.uniform(-1e6, 1e6)
        return dice.choice((near, round(near, 2), dice.randint(-4000, 4000) / 8, dice.choice(ODD)))

    def moment() -> datetime:
        return FIRST + timedelta(microseconds=dice.randrange(int((LAST - FIRST) / timedelta(microseconds=1))))

    def day() -> date:
        return moment().date()

    ways: list[Callable[[], Any]] = [
        *(letters, letters, written, lambda: dice.randint(-(10**6), 10**6), lambda: dice.randint(-9, 9), broken),
        *(lambda: Decimal(dice.randint(-(10**8), 10**8)) / 100, lambda: dice.random() < 0.5, day, day, moment, moment),
    ]
    return [(n, *(None if dice.random() < 0.1 else way() for way in ways)) for n in range(number)]


TEXTS = [
    "coalesce(word, other)",
    "nullif(word, other)",
    "lower(word)",
    "upper(word)",
    "trim(word)",
    "lpad(word, 5, '0x')",
    "lpad(word, place, ' ')",
    "length(word)",
    "replace(word, 'a', other)",
    "replace(word, other, 'x')",
    "substr(word, place)",
    "substr(word, place, 3)",
    "substr(word, place, visits)",
    "split_part(word, '-', place)",
    "split_part(word, other, place)",
    "starts_with(word, other)",
    "greatest(word, other)",
    "least(word, other, 'a')",
    "greatest(visits, place, 2)",
    "least(opened_on, closed_on)",
    "greatest(seen_at, opened_on)",
    "least(visits, ratio)",
    "abs(visits)",
    "abs(ratio)",
    "abs(cost)",
    "round(ratio)",
    "round(ratio, 2)",
    "round(ratio, -1)",
    "round(cost)",
    "round(cost, 1)",
    "round(visits)",
    "round(visits, -2)",
    "round(ratio, place)",
    "floor(ratio)",
    "floor(cost)",
    "ceil(ratio)",
    "ceil(visits)",
    "days_between(opened_on, closed_on)",
    "days_between(opened_on, seen_at)",
    "days_between(left_at, seen_at)",
    "business_days(opened_on, closed_on)",
    "business_days(seen_at, closed_on)",
    "fiscal_year(opened_on)",
    "fiscal_year(seen_at)",
    "visits + place",
    "visits - cost",
    "visits * 3",
    "ratio * cost",
    "visits / place",
    "cost / 4",
    "ratio / visits",
    "-visits",
    "-ratio",
    "word = other",
    "word <> 'a'",
    "word < other",
    "word <= 'b'",
    "word > other",
    "word >= 'Z'",
    "ratio > cost",
    "opened_on < seen_at",
    "urgent and visits > 0",
    "urgent or place > 0",
    "not urgent",
    "word in ('a', 'A', '')",
    "visits not in (1, 2)",
    "place between -2 and 2",
    "word is null",
    "ratio is not null",
    "word is distinct from other",
    "word is not distinct from other",
    "word like '%a%'",
    "word like other",
    "word like '%\\\\%'",
    "word not like 'a_%'",
    "word || other",
    "cast(visits as text) || '-' || cast(ratio as text)",
    "case when urgent then word when visits = 0 then 'b' else other end",
    "case when urgent then cost else visits end",
    *(f"extract({part} from seen_at)" for part in EXTRACT_PARTS),
    *(f"extract({part} from opened_on)" for part in EXTRACT_PARTS if part not in ("hour", "minute", "second")),
    *(f"date_trunc('{part}', seen_at)" for part in TRUNC_PARTS),
    *(f"date_trunc('{part}', opened_on)" for part in TRUNC_PARTS if part not in ("hour", "minute")),
    *(f"try_cast(written as {kind.value})" for kind in ColumnType if kind is not ColumnType.DURATION),
    *(f"cast({column} as text)" for column in TYPES),
    *(f"try_cast(ratio as {kind})" for kind in ("integer", "money", "boolean")),
    *(f"cast(cost as {kind})" for kind in ("integer", "number", "boolean")),
    *(f"cast(visits as {kind})" for kind in ("number", "money", "boolean")),
    *(f"cast(urgent as {kind})" for kind in ("integer", "number", "money")),
    "cast(seen_at as date)",
    "cast(opened_on as timestamp)",
]
NO_EQUAL = ["regexp_replace(word, '[a-z]', '*')", "regexp_extract(word, '[0-9]+')"]


@cache
def parsed(text: str) -> Any:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    root, _ = read_yaml(f'x: "{quoted}"', "metrics/case.yaml")
    assert isinstance(root, MapNode)
    notes = Notes()
    expr = parse_row(Value(root.entries["x"].value, "x", notes), Scope("r", TYPES))
    assert notes.faults == [], text
    return expr


def compiled(text: str, columns: Any) -> Any:
    return row_sql(parsed(text), columns, None, FiscalYear(7), WORKING)


def asked(connection: Connection, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    names = [sa.column(name, SQL_TYPES[kind]) for name, kind in TYPES.items()]
    given = sa.values(*names, name="given").data(rows)
    types = {name: sa.Text() if kind is ColumnType.TEXT else SQL_TYPES[kind] for name, kind in TYPES.items()}
    typed = sa.select(*(sa.cast(given.c[name], kind).label(name) for name, kind in types.items())).subquery("r")
    made = [compiled(text, typed.c).label(f"e{place}") for place, text in enumerate(TEXTS)]
    found = connection.execute(sa.select(*made).order_by(typed.c.n)).all()
    return [dict(zip(TEXTS, map(plain, row), strict=True)) for row in found]


def plain(value: Any) -> Any:
    """A number as it is compared: whole, exact and broken ones alike, to 12 digits."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    return float(f"{value:.12g}") if math.isfinite(value) else value


@pytest.fixture(scope="module")
def first() -> Iterator[Connection]:
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.pool.StaticPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def second(postgresql: sa.Engine) -> Iterator[Connection]:
    with postgresql.connect() as connection:
        yield connection


def test_both_engines_give_the_same(first: Connection, second: Connection) -> None:
    rows = drawn(400)
    on_duckdb, on_postgresql = asked(first, rows), asked(second, rows)

    wrong = [
        (text, rows[place], one[text], other[text])
        for place, (one, other) in enumerate(zip(on_duckdb, on_postgresql, strict=True))
        for text in TEXTS
        if one[text] != other[text]
    ]
    assert wrong == []


def test_each_drawn_expression_has_values_to_differ_in(first: Connection) -> None:
    found = asked(first, drawn(400))

    assert [text for text in TEXTS if len({row[text] for row in found}) < 2] == []


def test_every_function_and_operator_of_the_language_is_asked() -> None:
    used = {name for text in (*TEXTS, *NO_EQUAL) for name in names_in(parsed(text))}

    assert used == FUNCTIONS.keys() | OPERATORS.keys()


def names_in(expr: Any) -> Iterator[str]:
    from civicstat.spec import Call, walk

    return (part.name for part in walk(expr) if isinstance(part, Call))


@pytest.mark.parametrize("text", NO_EQUAL)
def test_what_postgresql_cannot_say_is_refused_with_what_to_do_instead(text: str) -> None:
    made = compiled(text, {name: sa.column(name, SQL_TYPES[kind]) for name, kind in TYPES.items()})

    with pytest.raises(sa.exc.CompileError, match=re.escape("make a column of it in the dataset's `derive`")):
        made.compile(dialect=sa.make_url("postgresql+psycopg://").get_dialect()())


@pytest.mark.parametrize("text", ["cast(word as integer)", "cast(word as date)", "cast(word as boolean)"])
def test_a_cast_that_cannot_be_done_is_refused_on_both(first: Connection, second: Connection, text: str) -> None:
    made = sa.select(compiled(text, {**dict.fromkeys(TYPES), "word": sa.literal("tomorrow", sa.Text())}))

    for connection in (first, second):
        with pytest.raises(sa.exc.DBAPIError):
            connection.execute(made)
        connection.rollback()
