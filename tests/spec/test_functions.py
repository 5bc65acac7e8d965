"""Every function of the table: what it takes and what it gives."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from civicstat.spec.cursor import Notes, Value
from civicstat.spec.expr import Aggregate, Call, Case, Column, ColumnType, Expr, Literal, walk
from civicstat.spec.expression import parse_condition, parse_measure, parse_row
from civicstat.spec.functions import AGGREGATES, FUNCTIONS, OPERATORS
from civicstat.spec.scope import Scope
from civicstat.spec.yaml_nodes import MapNode, read_yaml

T = ColumnType
SCOPE = Scope(
    "cases",
    {
        "kind": T.TEXT,
        "visits": T.INTEGER,
        "ratio": T.NUMBER,
        "cost": T.MONEY,
        "urgent": T.BOOLEAN,
        "day": T.DATE,
        "at": T.TIMESTAMP,
    },
)

TYPED = {
    "coalesce(visits, ratio)": T.NUMBER,
    "coalesce(visits, cost)": T.MONEY,
    "coalesce(kind, 'x')": T.TEXT,
    "nullif(visits, 0)": T.INTEGER,
    "lower(kind)": T.TEXT,
    "upper(kind)": T.TEXT,
    "trim(kind)": T.TEXT,
    "lpad(kind, 5, '0')": T.TEXT,
    "length(kind)": T.INTEGER,
    "replace(kind, 'a', 'b')": T.TEXT,
    "substr(kind, 1)": T.TEXT,
    "substr(kind, 1, 2)": T.TEXT,
    "split_part(kind, ':', 2)": T.TEXT,
    "regexp_replace(kind, '[0-9]', '')": T.TEXT,
    "regexp_extract(kind, '[0-9]')": T.TEXT,
    "starts_with(kind, 'a')": T.BOOLEAN,
    "greatest(day, at)": T.TIMESTAMP,
    "least(visits, 1, 2)": T.INTEGER,
    "abs(cost)": T.MONEY,
    "round(ratio, 1)": T.NUMBER,
    "floor(visits)": T.INTEGER,
    "ceil(ratio)": T.NUMBER,
    "date_trunc('month', day)": T.DATE,
    "date_trunc('month', at)": T.TIMESTAMP,
    "days_between(day, day)": T.INTEGER,
    "days_between(day, at)": T.NUMBER,
    "fiscal_year(day)": T.INTEGER,
    "business_days(day, at)": T.INTEGER,
    "extract(year from day)": T.INTEGER,
    "cast(visits as text)": T.TEXT,
    "cast(kind as money)": T.MONEY,
    "try_cast(kind as number)": T.NUMBER,
    "visits + visits": T.INTEGER,
    "visits - ratio": T.NUMBER,
    "visits * cost": T.MONEY,
    "visits / visits": T.NUMBER,
    "-visits": T.INTEGER,
    "kind || 'x'": T.TEXT,
    "case when urgent then 1 else 0.5 end": T.NUMBER,
    "visits = 1": T.BOOLEAN,
    "visits <> 1": T.BOOLEAN,
    "visits < 1": T.BOOLEAN,
    "visits <= 1": T.BOOLEAN,
    "visits > 1": T.BOOLEAN,
    "visits >= 1": T.BOOLEAN,
    "urgent and urgent": T.BOOLEAN,
    "urgent or urgent": T.BOOLEAN,
    "not urgent": T.BOOLEAN,
    "kind in ('a')": T.BOOLEAN,
    "kind not in ('a')": T.BOOLEAN,
    "visits between 1 and 2": T.BOOLEAN,
    "kind is null": T.BOOLEAN,
    "kind is not null": T.BOOLEAN,
    "kind is distinct from 'a'": T.BOOLEAN,
    "kind is not distinct from 'a'": T.BOOLEAN,
    "kind like 'a%'": T.BOOLEAN,
    "kind not like 'a%'": T.BOOLEAN,
}

MEASURES: dict[str, Expr] = {
    "count(*)": Aggregate("count", None, T.INTEGER),
    "count(kind)": Aggregate("count", Column("kind", T.TEXT), T.INTEGER),
    "count(distinct kind)": Aggregate("count", Column("kind", T.TEXT), T.INTEGER, distinct=True),
    "sum(cost)": Aggregate("sum", Column("cost", T.MONEY), T.MONEY),
    "avg(visits)": Aggregate("avg", Column("visits", T.INTEGER), T.NUMBER),
    "median(ratio)": Aggregate("median", Column("ratio", T.NUMBER), T.NUMBER),
    "percentile(ratio, 0.9)": Aggregate("percentile", Column("ratio", T.NUMBER), T.NUMBER, share=0.9),
    "min(visits)": Aggregate("min", Column("visits", T.INTEGER), T.INTEGER),
    "max(cost)": Aggregate("max", Column("cost", T.MONEY), T.MONEY),
    "sum(cost) / count(*)": Call(
        "div", (Aggregate("sum", Column("cost", T.MONEY), T.MONEY), Aggregate("count", None, T.INTEGER)), T.NUMBER
    ),
    "-(sum(visits) - 2) * 0.5": Call(
        "mul",
        (
            Call(
                "neg",
                (
                    Call(
                        "sub",
                        (Aggregate("sum", Column("visits", T.INTEGER), T.INTEGER), Literal(2, T.INTEGER)),
                        T.INTEGER,
                    ),
                ),
                T.INTEGER,
            ),
            Literal(Decimal("0.5"), T.NUMBER),
        ),
        T.NUMBER,
    ),
}


def as_value(text: str) -> Value:
    root, _ = read_yaml(f'x: "{text}"', "a.yaml")
    assert isinstance(root, MapNode)
    return Value(root.entries["x"].value, "x", Notes())


def row(text: str) -> Expr:
    value = as_value(text)
    made = parse_row(value, SCOPE)
    assert value.notes.faults == []
    return made


@pytest.mark.parametrize(("text", "kind"), TYPED.items())
def test_an_expression_has_its_type(text: str, kind: ColumnType) -> None:
    assert row(text).type is kind


@pytest.mark.parametrize(("text", "tree"), MEASURES.items())
def test_a_measure_becomes_aggregates_and_arithmetic(text: str, tree: Expr) -> None:
    value = as_value(text)
    assert (parse_measure(value, SCOPE), value.notes.faults) == (tree, [])


def test_every_function_operator_and_aggregate_of_the_table_is_typed_here() -> None:
    made = {part.name for text in TYPED for part in walk(row(text)) if isinstance(part, Call)}
    assert made == {*FUNCTIONS, *OPERATORS}
    assert {
        part.name
        for text in MEASURES
        for part in walk(parse_measure(as_value(text), SCOPE))
        if isinstance(part, Aggregate)
    } == {*AGGREGATES}


def test_the_clock_takes_the_type_of_what_it_meets() -> None:
    assert row("day < as_of") == Call("lt", (Column("day", T.DATE), Column("as_of", T.DATE)), T.BOOLEAN)
    assert row("as_of >= at") == Call("ge", (Column("as_of", T.TIMESTAMP), Column("at", T.TIMESTAMP)), T.BOOLEAN)
    assert row("days_between(day, as_of)") == Call(
        "days_between", (Column("day", T.DATE), Column("as_of", T.DATE)), T.INTEGER
    )


def test_a_day_written_as_text_becomes_a_day_beside_a_day_and_a_moment_beside_a_moment() -> None:
    assert row("day = '2026-01-31'") == Call(
        "eq", (Column("day", T.DATE), Literal(date(2026, 1, 31), T.DATE)), T.BOOLEAN
    )
    assert row("at < '2026-01-31'") == Call(
        "lt",
        (Column("at", T.TIMESTAMP), Literal(datetime.fromisoformat("2026-01-31"), T.TIMESTAMP)),
        T.BOOLEAN,
    )
    assert row("day > '2026-01-31' or kind = '2026-01-31'") == Call(
        "or",
        (
            Call("gt", (Column("day", T.DATE), Literal(date(2026, 1, 31), T.DATE)), T.BOOLEAN),
            Call("eq", (Column("kind", T.TEXT), Literal("2026-01-31", T.TEXT)), T.BOOLEAN),
        ),
        T.BOOLEAN,
    )


def test_case_with_a_subject_compares_it_with_each() -> None:
    assert row("case kind when 'a' then 1 end") == Case(
        ((Call("eq", (Column("kind", T.TEXT), Literal("a", T.TEXT)), T.BOOLEAN), Literal(1, T.INTEGER)),),
        None,
        T.INTEGER,
    )


def test_conditions_in_a_row_stand_side_by_side() -> None:
    text = " and ".join(["urgent"] * 300)
    assert row(text) == Call("and", (Column("urgent", T.BOOLEAN),) * 300, T.BOOLEAN)


@pytest.mark.parametrize(
    "text",
    [
        "visits = " + "(" * 1500 + "1" + ")" * 1500,
        "kind = " + " || ".join(["kind"] * 400),
        "not " * 400 + "urgent",
        "urgent or " * 1000 + "urgent",
    ],
    ids=["parentheses", "a chain", "negations", "a long text"],
)
def test_an_expression_that_would_exhaust_the_machine_is_refused(text: str) -> None:
    value = as_value(text)
    assert parse_condition(value, SCOPE) == Literal(None, None)
    assert [fault.code for fault in value.notes.faults] in (["too-deep"], ["not-an-expression"])


@pytest.mark.parametrize(
    "text",
    [
        "kind <> 'a' and kind is not null",
        "kind not in ('a') and kind like 'b%'",
        "visits = 1 and kind <> 'a' and kind > 'b'",
        "kind is distinct from 'a'",
        "coalesce(kind, '') <> 'a'",
    ],
)
def test_no_warning_where_the_rows_without_a_value_are_spoken_of(text: str) -> None:
    value = as_value(text)
    parse_condition(value, Scope("cases", SCOPE.columns, frozenset({"kind"})))
    assert value.notes.faults == []


def test_a_column_that_is_never_missing_is_no_trap() -> None:
    value = as_value("kind <> 'a'")
    parse_condition(value, SCOPE)
    assert value.notes.faults == []
