"""The tree a row condition or a measure becomes: checked, typed, free of any SQL text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

__all__ = ["Aggregate", "Call", "Case", "Column", "ColumnType", "Expr", "Literal", "walk"]


class ColumnType(StrEnum):
    """What a column holds. Days are ``date``, moments local to the city are ``timestamp``."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; ``value`` None is SQL's null."""

    value: str | int | Decimal | bool | date | datetime | None
    type: ColumnType | None


@dataclass(frozen=True, slots=True)
class Column:
    """A declared, derived or built-in column (``elapsed``, ``due``, ``age``, ``as_of``)."""

    name: str
    type: ColumnType


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function of the table in ``spec.functions``, by its name there."""

    name: str
    args: tuple[Expr, ...]
    type: ColumnType


@dataclass(frozen=True, slots=True)
class Case:
    """``case when … then … else … end``; ``otherwise`` None is null."""

    whens: tuple[tuple[Expr, Expr], ...]
    otherwise: Expr | None
    type: ColumnType


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate of a measure: ``count sum avg median percentile min max``.

    ``arg`` None is ``count(*)``; ``share`` is the quantile of ``percentile(x, share)``.
    """

    name: str
    arg: Expr | None
    type: ColumnType
    distinct: bool = False
    share: float | None = None


Expr = Literal | Column | Call | Case | Aggregate


def walk(expr: Expr) -> Iterator[Expr]:
    """Yield ``expr`` and every expression inside it, outermost first."""
    yield expr
    match expr:
        case Call(args=args):
            inner: tuple[Expr | None, ...] = args
        case Case(whens=whens, otherwise=otherwise):
            inner = (*(part for when in whens for part in when), otherwise)
        case Aggregate(arg=arg):
            inner = (arg,)
        case _:
            inner = ()
    for part in inner:
        if part is not None:
            yield from walk(part)
