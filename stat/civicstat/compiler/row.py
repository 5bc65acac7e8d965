"""A checked row expression becomes a SQLAlchemy expression over given columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.business import business_index
from civicstat.compiler.constructs import as_text, days_between, fiscal_year_of, quotient
from civicstat.compiler.engines import apart
from civicstat.period import FiscalYear
from civicstat.spec import BusinessDays, Call, Case, Column, ColumnType, Expr, Literal

__all__ = ["SQL_TYPES", "AsOfValue", "row_sql"]

SQL_TYPES: Mapping[ColumnType, sa.types.TypeEngine[Any]] = {
    ColumnType.TEXT: sa.String(),
    ColumnType.INTEGER: sa.BigInteger(),
    ColumnType.NUMBER: sa.Double(),
    ColumnType.MONEY: sa.Numeric(18, 2),
    ColumnType.BOOLEAN: sa.Boolean(),
    ColumnType.DATE: sa.Date(),
    ColumnType.TIMESTAMP: sa.DateTime(),
}


@dataclass(frozen=True, slots=True)
class AsOfValue:
    """A dataset's clock. ``is_date``: the whole day ``at`` stands for is known, not only its first instant."""

    at: datetime
    is_date: bool = False

    def as_literal(self, kind: ColumnType) -> ColumnElement[Any]:
        """Return the clock as a value of the column type it meets."""
        if kind is ColumnType.DATE:
            return sa.literal(self.at.date(), sa.Date())
        return sa.literal(self.at, sa.DateTime())

    def end(self) -> ColumnElement[Any]:
        """Return the moment up to which all is known: of a whole day its end."""
        return sa.literal(self.at + timedelta(days=1) if self.is_date else self.at, sa.DateTime())


Sql = ColumnElement[Any]


def row_sql(
    expr: Expr,
    columns: Mapping[str, ColumnElement[Any]],
    as_of: AsOfValue | None = None,
    fiscal_year: FiscalYear | None = None,
    working: BusinessDays | None = None,
) -> ColumnElement[Any]:
    """Return ``expr`` over ``columns``, the row's own and the built-in ones (``elapsed``, ``age``, ``due``).

    Raises:
        KeyError: a column is not among ``columns``; the checks of ``spec`` leave no way there.
        ValueError: ``as_of`` is named where the dataset has no clock, or an aggregate stands in a row.
    """
    match expr:
        case Literal(value=None):
            return sa.null()
        case Literal(value=value, type=kind):
            return sa.literal(value, SQL_TYPES[kind] if kind else None)
        case Column(name="as_of", type=kind) if "as_of" not in columns:
            if as_of is None:
                raise ValueError("as_of is named where no clock is known")
            return as_of.as_literal(kind)
        case Column(name=name):
            return columns[name]
        case Case(whens=whens, otherwise=otherwise, type=kind):
            pairs = [tuple(row_sql(part, columns, as_of, fiscal_year, working) for part in when) for when in whens]
            last = sa.null() if otherwise is None else row_sql(otherwise, columns, as_of, fiscal_year, working)
            return sa.case(*((when[0], when[1]) for when in pairs), else_=sa.cast(last, SQL_TYPES[kind]))
        case Call(name=name, args=args, type=kind):
            if name == "fiscal_year":
                return fiscal_year_of(
                    row_sql(args[0], columns, as_of, fiscal_year, working), fiscal_year or FiscalYear()
                )
            if name == "days_between":
                return _days_between(args, [row_sql(arg, columns, as_of, fiscal_year, working) for arg in args])
            if name == "business_days":
                return _business_days([row_sql(arg, columns, as_of, fiscal_year, working) for arg in args], working)
            if name in ("extract", "date_trunc"):
                return _calendar(name, args[0], row_sql(args[1], columns, as_of, fiscal_year, working), kind)
            inner = [row_sql(arg, columns, as_of, fiscal_year, working) for arg in args]
            if name in ("cast", "try_cast"):
                return _as_type(inner[0], args[0].type, kind, trying=name == "try_cast")
            if name == "round":
                return _rounded(inner, kind)
            return _CALLS[name](*inner)
        case _:
            raise ValueError("an aggregate cannot stand in a row expression")


def _days_between(args: tuple[Expr, ...], inner: list[Sql]) -> Sql:
    dates = all(getattr(arg, "type", None) is ColumnType.DATE for arg in args)
    return days_between(inner[0], inner[1], dates)


def _business_days(inner: list[Sql], working: BusinessDays | None) -> Sql:
    if working is None:
        raise ValueError("business days are counted where the city names none")
    return business_index(inner[1], working) - business_index(inner[0], working)


def _calendar(name: str, part: Expr, moment: Sql, kind: ColumnType) -> Sql:
    unit = str(part.value) if isinstance(part, Literal) else ""
    if name == "extract":
        return sa.cast(apart("part", sa.literal_column(unit), moment), sa.BigInteger())
    return sa.cast(apart("truncated", sa.literal_column(f"'{unit}'"), moment), SQL_TYPES[kind])


_WRITTEN = {
    ColumnType.INTEGER: "BIGINT",
    ColumnType.NUMBER: "DOUBLE PRECISION",
    ColumnType.MONEY: "NUMERIC(18, 2)",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.TIMESTAMP: "TIMESTAMP",
}


def _as_type(value: Sql, given: ColumnType | None, kind: ColumnType, *, trying: bool) -> Sql:
    """Return a value as one of another type, by the piece of ``APART`` where engines convert it apart."""
    made, written = SQL_TYPES[kind], _WRITTEN.get(kind, "")
    numbers, broken = (ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.MONEY), given is ColumnType.NUMBER
    attempt = "try_" if trying else ""
    match given, kind:
        case ColumnType.TEXT, _ if kind is not ColumnType.TEXT:
            return apart(f"{attempt}text_as_{written}", value, kind=made)
        case _, ColumnType.TEXT:
            return as_text(value)
        case ColumnType.BOOLEAN, _ if kind in numbers:
            return apart("flag_as_number", value, sa.literal_column(written), kind=made)
        case _, ColumnType.BOOLEAN if given in numbers:
            return apart("number_as_flag", value, kind=made)
        case _, ColumnType.MONEY if broken or (trying and given in numbers):
            return apart(f"{attempt}{'number_' if broken else ''}as_money", value, kind=made)
        case _, ColumnType.INTEGER if trying and given in numbers:
            return apart("try_as_integer", value, kind=made)
        case _:
            return sa.cast(value, made)


def _rounded(inner: Sequence[Sql], kind: ColumnType) -> Sql:
    number, broken, made = inner[0], kind is ColumnType.NUMBER, SQL_TYPES[kind]
    if len(inner) > 1:
        return apart("round_to" if broken else "round_exact_to", number, _short(inner[1]), kind=made)
    return apart("round", number, kind=made) if broken else sa.func.round(number, type_=made)


def _short(number: Sql) -> Sql:
    """Return a whole number as the engines take a length or a count of decimals."""
    return sa.cast(number, sa.Integer())


def _function(name: str) -> Callable[..., Sql]:
    def call(*args: Sql) -> Sql:
        made: Sql = getattr(sa.func, name)(*args)
        return made

    return call


_CALLS: Mapping[str, Callable[..., Sql]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": quotient,
    "neg": lambda a: -a,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "and": lambda *parts: sa.and_(*parts),
    "or": lambda *parts: sa.or_(*parts),
    "not": lambda a: sa.not_(a),
    "in": lambda a, *members: a.in_(members),
    "not_in": lambda a, *members: a.not_in(members),
    "between": lambda a, low, high: a.between(low, high),
    "is_null": lambda a: a.is_(sa.null()),
    "is_not_null": lambda a: a.is_not(sa.null()),
    "is_distinct": lambda a, b: a.is_distinct_from(b),
    "is_not_distinct": lambda a, b: a.is_not_distinct_from(b),
    "like": lambda a, b: a.like(apart("like_pattern", b)),
    "not_like": lambda a, b: a.not_like(apart("like_pattern", b)),
    "concat": lambda a, b: as_text(a).op("||", return_type=sa.String())(as_text(b)),
    "lpad": lambda text, size, sign: sa.func.lpad(text, _short(size), sign, type_=sa.String()),
    "substr": lambda *args: apart("substr" if len(args) > 2 else "substr_from", *args, kind=sa.String()),
    "length": partial(apart, "length", kind=sa.BigInteger()),
    **{
        name: partial(apart, name, kind=sa.String())
        for name in ("lower", "upper", "trim", "split_part", "regexp_replace", "regexp_extract")
    },
    **{
        name: _function(name)
        for name in (
            *("coalesce", "nullif", "replace", "starts_with"),
            *("greatest", "least", "abs", "floor", "ceil"),
        )
    },
}
