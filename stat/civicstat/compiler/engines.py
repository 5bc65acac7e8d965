"""The one place that knows where engines differ: each such piece of SQL by name, as DuckDB and as PostgreSQL say it.

An expression holds the piece by its name and its arguments; which words stand for it is settled when the statement is
compiled for a connection. What both engines write alike and mean alike is written plainly where it is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal

__all__ = ["APART", "Apart", "apart"]

_SPACES = "".join(f"\\{code:04x}" for code in (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000))
"""Every space of Unicode."""
_S = r"[ \t\n\v\f\r]*"
_NUMERAL = rf"^{_S}[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?{_S}$"
_YMD = rf"^{_S}([0-9]{{1,4}})([-/ \\])([0-9]{{1,2}})\2([0-9]{{1,2}})"
_TIME = r"(?:[01]?[0-9]|2[0-3]):[0-5]?[0-9](?::[0-5]?[0-9](?:\.[0-9]{1,6})?)?"
_CLOCK = rf"(?:[ T]({_TIME})(?:(?<=\.[0-9]{{6}})[0-9]+)?Z?{_S})?"
_DATE, _MOMENT = rf"{_YMD}{_CLOCK}{_S}$", rf"{_YMD}{_CLOCK}$"


def _half_away(number: str) -> str:
    """PostgreSQL rounds the half of a broken number to the even side."""
    whole = f"trunc({number})"
    return f"(CASE WHEN abs(({number}) - {whole}) >= 0.5 THEN {whole} + sign({number}) ELSE {whole} END)"


def _to_decimals() -> str:
    up, down = (f"power(CAST(10 AS DOUBLE PRECISION), {sign}({{1}}))" for sign in ("", "-"))
    more, fewer = _half_away(f"({{0}}) * {up}"), _half_away(f"({{0}}) / {down}")
    return f"(CASE WHEN {{1}} < 0 THEN {fewer} * {down} ELSE {more} / {up} END)"


def _fits(pattern: str) -> str:
    return "{0} ~ '" + pattern.replace("{", "{{").replace("}", "}}") + "'"


def _found(pattern: str, place: int) -> str:
    braces = pattern.replace("{", "{{").replace("}", "}}")
    return f"(regexp_match({{0}}, '{braces}'))[{place}]"


def _exact(kind: str, edge: str, shift: str = "") -> str:
    value = "CAST({0} AS NUMERIC)"
    inside = f"CASE WHEN abs({value}{shift}) < {edge} THEN CAST({value} AS {kind}) END"
    return f"(CASE WHEN {_fits(_NUMERAL)} THEN {inside} END)"


def _broken() -> str:
    value = "CAST({0} AS NUMERIC)"
    small, large = f"WHEN abs({value}) < 1e-307 THEN 0", f"WHEN abs({value}) < 1.7976931348623158e308"
    whens = f"{small} {large} THEN CAST({{0}} AS DOUBLE PRECISION) ELSE sign({value}) * CAST('inf' AS DOUBLE PRECISION)"
    return f"(CASE WHEN {_fits(_NUMERAL)} THEN CASE {whens} END END)"


def _day(pattern: str) -> str:
    year, month, day = (f"CAST({_found(pattern, place)} AS INTEGER)" for place in (1, 3, 4))
    first = f"make_date({year}, {month}, 1)"
    there = f"{year} > 0 AND {month} BETWEEN 1 AND 12"
    last = f"EXTRACT(DAY FROM {first} + INTERVAL '1 month' - INTERVAL '1 day')"
    inside = f"CASE WHEN {day} BETWEEN 1 AND {last} THEN make_date({year}, {month}, {day}) END"
    return f"(CASE WHEN {_fits(pattern)} THEN CASE WHEN {there} THEN {inside} END END)"


def _timestamp() -> str:
    return f"({_day(_MOMENT)} + coalesce(CAST({_found(_MOMENT, 5)} AS INTERVAL), INTERVAL '0 second'))"


def _flag() -> str:
    yes, no = "('true', 't', 'yes', 'y', '1')", "('false', 'f', 'no', 'n', '0')"
    return f"(CASE WHEN lower({{0}}) IN {yes} THEN true WHEN lower({{0}}) IN {no} THEN false END)"


_CENTS = f"CAST(CAST({_half_away('({0}) * 100')} AS BIGINT) * 0.01 AS NUMERIC(18, 2))"
_READ = {
    "BIGINT": _exact("BIGINT", "9223372036854775808", " + 0.5"),
    "DOUBLE PRECISION": _broken(),
    "NUMERIC(18, 2)": _exact("NUMERIC(18, 2)", "9999999999999999.995"),
    "BOOLEAN": _flag(),
    "DATE": _day(_DATE),
    "TIMESTAMP": _timestamp(),
}
"""How PostgreSQL reads a text as a value; one that cannot be read is missing."""


def _or_refused(kind: str) -> str:
    """A value that is missing though there is a text is refused, as by a cast that cannot be done."""
    read = _READ[kind]
    return (
        f"(CASE WHEN {read} IS NULL AND {{0}} IS NOT NULL THEN CAST('no value: ' || {{0}} AS {kind}) ELSE {read} END)"
    )


def _size(place: str) -> str:
    return f"(CASE WHEN {place} < 0 THEN char_length({{0}}) + 1 + {place} ELSE {place} END)"


APART: Mapping[str, tuple[str, str]] = {
    # time: PostgreSQL's intervals are multiplied by broken numbers, so that seconds and the rest are added apart
    "micros": ("epoch_us({0})", "CAST(EXTRACT(EPOCH FROM {0}) * 1000000 AS BIGINT)"),
    "moment": (
        "make_timestamp({0})",
        "(TIMESTAMP '1970-01-01 00:00:00' + ({0}) / 1000000 * INTERVAL '1 second'"
        " + mod({0}, 1000000) * INTERVAL '1 microsecond')",
    ),
    "day_difference": ("date_diff('day', {0}, {1})", "CAST(({1}) - ({0}) AS BIGINT)"),
    "days": ("INTERVAL {0} DAY", "INTERVAL '{0} day'"),
    "months": ("INTERVAL {0} MONTH", "INTERVAL '{0} month'"),
    # a day would be taken for a moment of the session's time zone
    "truncated": ("date_trunc({0}, {1})", "date_trunc({0}, CAST({1} AS TIMESTAMP))"),
    "part": ("EXTRACT({0} FROM {1})", "floor(EXTRACT({0} FROM {1}))"),
    # aggregates
    "quantile": ("quantile_cont({0}, {1})", "percentile_cont({1}) WITHIN GROUP (ORDER BY {0})"),
    "quantile_of": ("list_extract(quantile_cont({0}, {1}), {2})", "percentile_cont({3}) WITHIN GROUP (ORDER BY {0})"),
    # lists in a list, of different lengths: PostgreSQL's own may not be
    "two_lists": (
        "list_value(list({0}) FILTER (WHERE {1}), list({0}) FILTER (WHERE {2}))",
        "json_build_array(json_agg({0}) FILTER (WHERE {1}), json_agg({0}) FILTER (WHERE {2}))",
    ),
    # missing values are a rank of their own, which is no different value
    "different_in": (
        "count(DISTINCT {0}) OVER (PARTITION BY {1})",
        "(dense_rank() OVER (PARTITION BY {1} ORDER BY {0}) + dense_rank() OVER (PARTITION BY {1} ORDER BY {0} DESC)"
        " - CASE WHEN count(*) OVER (PARTITION BY {1}) > count({0}) OVER (PARTITION BY {1}) THEN 2 ELSE 1 END)",
    ),
    # lists
    "list": ("list_value({all})", "CAST(ARRAY[{all}] AS TEXT[])"),
    "empty_list": ("[]", "CAST(ARRAY[] AS TEXT[])"),
    "list_length": ("len({0})", "cardinality({0})"),
    "in_list": ("list_contains({0}, {1})", "({1} = ANY({0}))"),
    "in_both_lists": ("list_intersect({0}, {1})", "ARRAY(SELECT unnest({0}) INTERSECT SELECT unnest({1}))"),
    "lists_joined": ("list_concat({0}, {1})", "array_cat({0}, {1})"),
    "pieces": (
        "list_distinct(regexp_extract_all({0}, {1}))",
        "ARRAY(SELECT DISTINCT found[1] FROM regexp_matches({0}, {2}, 'g') AS found)",
    ),
    "number_at": ("list_extract({0}, {1})", "(CAST(ARRAY {0} AS BIGINT[]))[CAST({1} AS INTEGER)]"),
    "bits": ("bit_count({0})", "bit_count(CAST({0} AS BIT(32)))"),
    "row_print": (
        "hash(hash({all}))",
        "CAST(CAST('x' || substr(md5(CAST(ROW({all}) AS TEXT)), 1, 16) AS BIT(64)) AS BIGINT)",
    ),
    # texts: capitals whatever the locale of the database, every kind of space, places counted from the end too
    "lower": ("lower({0})", 'lower({0} COLLATE "pg_c_utf8")'),
    "upper": ("upper({0})", "replace(upper({0} COLLATE \"pg_c_utf8\"), U&'\\00df', U&'\\1e9e')"),
    "trim": ("trim({0})", f"btrim({{0}}, U&'{_SPACES}')"),
    "length": ("length({0})", "CAST(char_length({0}) AS BIGINT)"),
    "substr_from": ("substr({0}, {1})", f"substr({{0}}, CAST({_size('{1}')} AS INTEGER))"),
    "substr": (
        "substr({0}, {1}, {2})",
        f"substr({{0}}, CAST({_size('{1}')} + least({{2}}, 0) AS INTEGER), CAST(abs({{2}}) AS INTEGER))",
    ),
    "split_part": (
        "split_part({0}, {1}, {2})",
        "(CASE WHEN {0} IS NULL OR {1} IS NULL OR {2} IS NULL THEN NULL WHEN {2} = 0 THEN '' WHEN {1} = '' THEN"
        f" coalesce((string_to_array({{0}}, NULL))[CAST({_size('{2}')} AS INTEGER)], '')"
        " ELSE split_part({0}, {1}, CAST({2} AS INTEGER)) END)",
    ),
    # patterns: the engines' languages look alike and differ in what a choice or a repetition takes
    "regexp_replace": ("regexp_replace({all})", ""),
    "regexp_extract": ("regexp_extract({all})", ""),
    "like_pattern": ("{0}", "replace({0}, '\\', '\\\\')"),
    # numbers
    "round": ("round({0})", _half_away("{0}")),
    "round_to": ("round({0}, {1})", _to_decimals()),
    "round_exact_to": ("round({0}, {1})", "round(CAST({0} AS NUMERIC), {1})"),
    # one type as another
    "number_as_text": (
        "CAST({0} AS VARCHAR)",
        "(CASE WHEN {0} = 0 THEN CAST({0} AS TEXT) || '.0'"
        " WHEN abs({0}) >= 1e16 OR abs({0}) < 1e-4 THEN CAST({0} AS TEXT)"
        " ELSE CAST(CAST(CAST({0} AS TEXT) AS NUMERIC) AS TEXT)"
        " || (CASE WHEN {0} = trunc({0}) THEN '.0' ELSE '' END) END)",
    ),
    "number_as_money": ("CAST({0} AS NUMERIC(18, 2))", _CENTS),
    "try_number_as_money": ("TRY_CAST({0} AS NUMERIC(18, 2))", f"(CASE WHEN abs({{0}}) < 1e16 THEN {_CENTS} END)"),
    "try_as_integer": ("TRY_CAST({0} AS BIGINT)", "(CASE WHEN abs({0}) < 9.2e18 THEN CAST({0} AS BIGINT) END)"),
    "try_as_money": (
        "TRY_CAST({0} AS NUMERIC(18, 2))",
        "(CASE WHEN abs({0}) < 1e16 THEN CAST({0} AS NUMERIC(18, 2)) END)",
    ),
    "number_as_flag": ("CAST({0} AS BOOLEAN)", "(({0}) <> 0)"),
    "flag_as_number": ("CAST({0} AS {1})", "CAST(CAST({0} AS INTEGER) AS {1})"),
    **dict(
        chain.from_iterable(
            (
                (f"text_as_{kind}", (f"CAST({{0}} AS {kind})", _or_refused(kind))),
                (f"try_text_as_{kind}", (f"TRY_CAST({{0}} AS {kind})", read)),
            )
            for kind, read in _READ.items()
        )
    ),
}
"""What DuckDB says and what PostgreSQL says. ``{0}``, ``{1}``, … are the arguments, ``{all}`` all of them.

Nothing stands where PostgreSQL has no words that mean the same.
"""


class Apart(ColumnElement[Any]):
    """A piece of SQL of ``APART`` with its arguments."""

    __visit_name__ = "apart"
    _traverse_internals = [  # noqa: RUF012 - as SQLAlchemy's own elements declare what they are made of
        ("name", InternalTraversal.dp_string),
        ("arguments", InternalTraversal.dp_clauseelement_tuple),
        ("type", InternalTraversal.dp_type),
    ]

    def __init__(self, name: str, arguments: tuple[ColumnElement[Any], ...], kind: sa.types.TypeEngine[Any]) -> None:
        self.name = name
        self.arguments = arguments
        self.type = kind

    @property
    def _from_objects(self) -> Any:
        return list(chain.from_iterable(item._from_objects for item in self.arguments))


def apart(
    name: str, *arguments: ColumnElement[Any], kind: sa.types.TypeEngine[Any] | None = None
) -> ColumnElement[Any]:
    """Return a piece of SQL that engines spell apart; without ``kind`` it is of no known type.

    >>> day = apart("truncated", sa.literal_column("'month'"), sa.column("opened"))
    >>> print(day)
    date_trunc('month', opened)
    >>> from sqlalchemy.dialects import postgresql
    >>> print(day.compile(dialect=postgresql.dialect()))
    date_trunc('month', CAST(opened AS TIMESTAMP))
    """
    return Apart(name, arguments, kind or sa.types.NullType())


@compiles(Apart)
def _as_duckdb(element: Apart, compiler: SQLCompiler, **how: Any) -> str:
    return _written(element, 0, compiler, how)


@compiles(Apart, "postgresql")
def _as_postgresql(element: Apart, compiler: SQLCompiler, **how: Any) -> str:
    return _written(element, 1, compiler, how)


def _written(element: Apart, engine: int, compiler: SQLCompiler, how: dict[str, Any]) -> str:
    add = how.pop("add_to_result_map", None)
    if add is not None:
        add(element.name, element.name, (element, element.name), element.type)
    words = APART[element.name][engine]
    if not words:
        mend = "make a column of it in the dataset's `derive`, which is worked out when the records are loaded"
        raise sa.exc.CompileError(f"`{element.name}` has no equal on PostgreSQL: {mend}")
    arguments = [compiler.process(item, **how) for item in element.arguments]
    return words.format(*arguments, all=", ".join(arguments))
