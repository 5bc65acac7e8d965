"""The tree a row condition or a measure becomes: checked, typed, free of any SQL text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

__all__ = [
    "Aggregate",
    "Call",
    "Case",
    "Column",
    "ColumnType",
    "Expr",
    "Literal",
    "Ordered",
    "Over",
    "parts_of",
    "walk",
]


class ColumnType(StrEnum):
    """What a column holds. Days are ``date``, moments local to the city ``timestamp``, lengths of time ``duration``."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    DURATION = "duration"


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


@dataclass(frozen=True, slots=True)
class Ordered:
    """One of the values by which rows are put in order; those without one stand last unless ``nulls_first``."""

    expr: Expr
    descending: bool = False
    nulls_first: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """A value of the rows around a row, in a ``select`` alone: an aggregate, or a function such as ``lag``.

    ``frame`` is the first and last row of ``rows between``, counted from the row itself; None is no bound.
    """

    of: Aggregate | Call
    partition: tuple[Expr, ...]
    order: tuple[Ordered, ...]
    frame: tuple[int | None, int | None] | None
    type: ColumnType


Expr = Literal | Column | Call | Case | Aggregate | Over


def parts_of(expr: Expr) -> tuple[Expr, ...]:
    """Return the expressions that ``expr`` is put together of."""
    match expr:
        case Call(args=args):
            return args
        case Case(whens=whens, otherwise=otherwise):
            return (*(part for when in whens for part in when), *([otherwise] if otherwise else []))
        case Aggregate(arg=arg):
            return (arg,) if arg else ()
        case Over(of=of, partition=partition, order=order):
            return (of, *partition, *(item.expr for item in order))
    return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """Yield ``expr`` and every expression inside it, outermost first."""
    yield expr
    for part in parts_of(expr):
        yield from walk(part)
