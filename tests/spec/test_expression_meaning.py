"""An expression means what its text says: the embedded engine reads the text, and the tree that came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from civicstat.compiler import SQL_TYPES, row_sql
from civicstat.spec.cursor import Notes, Value
from civicstat.spec.expr import ColumnType
from civicstat.spec.expression import parse_row
from civicstat.spec.scope import Scope
from civicstat.spec.yaml_nodes import MapNode, read_yaml

TYPES = {
    "kind": ColumnType.TEXT,
    "zip": ColumnType.TEXT,
    "visits": ColumnType.INTEGER,
    "ratio": ColumnType.NUMBER,
    "cost": ColumnType.MONEY,
    "urgent": ColumnType.BOOLEAN,
    "opened_on": ColumnType.DATE,
    "closed_on": ColumnType.DATE,
    "seen_at": ColumnType.TIMESTAMP,
}
at = datetime.fromisoformat
ROWS: list[tuple[Any, ...]] = [
    (
        "Noise",
        " 02134 ",
        3,
        0.5,
        Decimal("12.50"),
        True,
        date(2026, 3, 2),
        date(2026, 3, 9),
        at("2026-03-02 14:05:00"),
    ),
    ("noise 100%", "2134.0", 0, -1.5, Decimal("0.00"), False, date(2025, 12, 31), None, at("2026-01-01 00:00:00")),
    (None, None, None, None, None, None, date(2026, 2, 28), date(2026, 2, 27), None),
    (
        "it's",
        "x",
        -7,
        2.5,
        Decimal("-3.25"),
        None,
        date(2026, 6, 30),
        date(2026, 6, 30),
        at("2026-06-30 23:59:59"),
    ),
]

SAME_TEXT = [
    "kind = 'Noise'",
    "kind <> 'Noise'",
    "kind = 'it''s'",
    "kind in ('Noise', 'it''s')",
    "kind not in ('Noise', 'x')",
    "kind like '%oise%'",
    "kind not like 'N%'",
    "not kind like 'N%'",
    "kind is null",
    "kind is not null",
    "kind is distinct from 'Noise'",
    "kind is not distinct from null",
    "visits between -7 and 0",
    "visits not between -7 and 0",
    "visits > 1 or visits < 0 and urgent",
    "(visits > 1 or visits < 0) and urgent",
    "not urgent",
    "not (urgent or visits = 0)",
    "not urgent or visits = 0",
    "urgent = true",
    "visits + 2 * visits - 1",
    "-visits + -2",
    "visits / 2",
    "7 / 2",
    "(visits + 1) / nullif(visits, 0)",
    "ratio * cost",
    "cost - 0.25",
    "1e3 + visits",
    ".5 + visits",
    "case when urgent then 'a' when visits = 0 then 'b' else 'c' end",
    "case when urgent then 1 end",
    "case kind when 'Noise' then 1 when 'it''s' then 2 else 3 end",
    "coalesce(kind, 'none')",
    "coalesce(visits, 1.5)",
    "nullif(visits, 0)",
    "lower(kind) || '-' || upper(kind)",
    "trim(zip)",
    "lpad(regexp_replace(trim(zip), '\\.0$', ''), 5, '0')",
    "regexp_replace(kind, '[a-z]', '*')",
    "regexp_extract(zip, '[0-9]+')",
    "regexp_extract(zip, '([0-9])([0-9])', 2)",
    "length(kind)",
    "replace(kind, 'o', '0')",
    "substr(kind, 2)",
    "substr(kind, 2, 3)",
    "split_part(kind, ' ', 2)",
    "starts_with(kind, 'No')",
    "greatest(visits, 1, 2)",
    "least(opened_on, closed_on)",
    "greatest(seen_at, opened_on)",
    "abs(visits)",
    "round(ratio)",
    "round(cost, 1)",
    "floor(ratio)",
    "ceil(ratio)",
    "cast(visits as text)",
    "cast(ratio as integer)",
    "try_cast(trim(zip) as integer)",
    "try_cast(kind as double)",
    "try_cast(zip as date)",
    "cast(opened_on as timestamp)",
    "cast(seen_at as date)",
    "extract(year from opened_on)",
    "extract(hour from seen_at)",
    "extract(isodow from opened_on)",
    "extract(dow from opened_on)",
    "extract(doy from opened_on)",
    "extract(week from opened_on)",
    "extract(second from seen_at)",
    "cast(date_trunc('month', opened_on) as date)",
    "date_trunc('hour', seen_at)",
    "opened_on >= '2026-01-01'",
    "seen_at < '2026-03-02 14:05'",
    "seen_at >= '2026-06-30'",
    "closed_on >= opened_on",
    "seen_at > opened_on",
    "closed_on is null or closed_on >= opened_on",
    "opened_on in ('2026-03-02', '2026-06-30')",
    "opened_on between '2026-01-01' and '2026-03-31'",
    "case when closed_on = opened_on then '2026-01-01' else opened_on end",
]

OUR_OWN = {
    "days_between(opened_on, closed_on)": [7, None, -1, 0],
    "days_between(opened_on, seen_at)": [0.5868055555555556, 1.0, None, 0.9999884259259259],
    "fiscal_year(opened_on)": [2026, 2025, 2026, 2026],
    "days_between(opened_on, '2026-07-01')": [121.0, 182.0, 123.0, 1.0],
}


@pytest.fixture(scope="module")
def rows() -> Iterator[tuple[sa.Connection, sa.Table]]:
    engine = sa.create_engine("duckdb:///:memory:")
    table = sa.Table(
        "r", sa.MetaData(), sa.Column("n", sa.Integer), *(sa.Column(c, SQL_TYPES[t]) for c, t in TYPES.items())
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        table.create(connection)
        connection.execute(
            table.insert(), [dict(zip(("n", *TYPES), (n, *row), strict=True)) for n, row in enumerate(ROWS)]
        )
        yield connection, table
    engine.dispose()


def read(text: str, table: sa.Table) -> sa.ColumnElement[Any]:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    root, _ = read_yaml(f'x: "{quoted}"', "metrics/case.yaml")
    assert isinstance(root, MapNode)
    notes = Notes()
    expr = parse_row(Value(root.entries["x"].value, "x", notes), Scope("r", TYPES))
    assert notes.faults == []
    return row_sql(expr, {name: table.c[name] for name in TYPES})


@pytest.mark.parametrize("text", SAME_TEXT)
def test_the_tree_gives_what_the_engine_gives_for_the_text(text: str, rows: tuple[sa.Connection, sa.Table]) -> None:
    connection, table = rows
    made = connection.execute(sa.select(read(text, table)).select_from(table).order_by(table.c.n)).scalars().all()
    meant = connection.exec_driver_sql(f"select {text} from r order by n").fetchall()
    assert [as_number(value) for value in made] == [as_number(value) for (value,) in meant]


@pytest.mark.parametrize(("text", "values"), OUR_OWN.items())
def test_a_function_of_our_own_gives(text: str, values: list[Any], rows: tuple[sa.Connection, sa.Table]) -> None:
    connection, table = rows
    made = connection.execute(sa.select(read(text, table)).select_from(table).order_by(table.c.n)).scalars().all()
    assert made == pytest.approx(values)


def as_number(value: Any) -> Any:
    return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else value
