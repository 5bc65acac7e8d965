"""How a metric's value is made of aggregates: the parts to ask for, and the arithmetic over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.constructs import quantile
from civicstat.compiler.counting import Counting, Scope
from civicstat.spec import (
    Aggregate,
    Call,
    Column,
    ColumnType,
    Duration,
    Expr,
    Metric,
    Ratio,
    Simple,
    Stock,
    Within,
    walk,
)

__all__ = ["Parts", "Recipe", "recipe"]

Sql = ColumnElement[Any]


@dataclass(slots=True)
class Parts:
    """The aggregates of one plan by label; an equal aggregate asked for twice is one part."""

    columns: dict[str, Sql] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def add(self, aggregate: Sql) -> str:
        """Return the label of ``aggregate``, adding it where it is new."""
        text = str(aggregate.compile(compile_kwargs={"literal_binds": True}))
        if text not in self.labels:
            self.labels[text] = f"p{len(self.labels)}"
            self.columns[self.labels[text]] = aggregate
        return self.labels[text]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Arithmetic over part labels (``Column`` leaves named by label).

    The value is ``numerator / denominator * scale``; without a denominator it is ``numerator`` itself.
    ``additive`` says that the numerator is a plain sum or count, so that it may be shown as a part. ``zero`` says
    that a complete period without rows is 0 and not a gap: counts and sums. ``behind`` are further counts that are as
    private as ``n``: for a share the rows in its numerator and in its denominator, else the distinct things counted.
    """

    numerator: Expr
    denominator: Expr | None
    scale: float
    n: str
    aside: Mapping[str, str]
    pending: str | None
    additive: bool
    zero: bool
    behind: tuple[str, ...] = ()


def recipe(metric: Metric, scope: Scope, rows: Counting, parts: Parts) -> Recipe:
    """Return the recipe of a metric, having added the aggregates it needs to ``parts``."""
    ask = _asker(scope, parts, rows.builtin, apart=isinstance(metric.body, Ratio))
    common: dict[str, Any] = {
        "n": parts.add(_count(rows.counted)),
        "aside": {reason: parts.add(_count(condition)) for reason, condition in rows.aside.items()},
        "pending": parts.add(_count(rows.pending)) if rows.pending is not None else None,
    }
    match metric.body:
        case Simple(measure=measure) | Duration(measure=measure) | Stock(measure=measure):
            top, under = _mean(measure)
            numerator = ask(top, rows.counted)
            denominator = ask(under, rows.counted) if under is not None else None
            names = {part.name for part in walk(measure) if isinstance(part, Aggregate)}
            plain = not any(isinstance(part, Aggregate) and part.distinct for part in walk(measure))
            additive = names <= {"count", "sum", "avg"} and plain and (isinstance(measure, Aggregate))
            zero = names <= {"count", "sum"} and not _divides(measure)
            things = [part for part in walk(measure) if isinstance(part, Aggregate) and part.distinct]
            behind = tuple(part.name for thing in things if isinstance(part := ask(thing, rows.counted), Column))
            return Recipe(numerator, denominator, 1.0, additive=additive, zero=zero, behind=behind, **common)
        case Ratio(numerator=top_side, denominator=under_side, per=per):
            assert rows.sides is not None
            numerator = ask(top_side.measure, rows.sides[0])
            denominator = ask(under_side.measure, rows.sides[1])
            behind = tuple(parts.add(_count(side)) for side in rows.sides)
            return Recipe(numerator, denominator, per, additive=True, zero=False, behind=behind, **common)
        case Within():
            assert rows.hit is not None
            hits = Column(parts.add(_count(rows.hit)), ColumnType.INTEGER)
            base = Column(common["n"], ColumnType.INTEGER)
            behind = hits.name, base.name
            return Recipe(hits, base, 100.0, additive=True, zero=False, behind=behind, **common)


def _mean(measure: Expr) -> tuple[Expr, Expr | None]:
    """An average is a sum over a count, so that its parts can be shown."""
    if isinstance(measure, Aggregate) and measure.name == "avg" and not measure.distinct:
        total = Aggregate("sum", measure.arg, ColumnType.NUMBER)
        return total, Aggregate("count", measure.arg, ColumnType.INTEGER)
    return measure, None


def _divides(measure: Expr) -> bool:
    """Whether the measure divides by an aggregate, so that no rows means nothing to divide by."""
    divisors = [part.args[1] for part in walk(measure) if isinstance(part, Call) and part.name == "div"]
    return any(isinstance(item, Aggregate) for divisor in divisors for item in walk(divisor))


def _count(condition: Sql) -> Sql:
    return sa.func.count(sa.case((condition, sa.literal_column("1"))), type_=sa.BigInteger())


def _asker(scope: Scope, parts: Parts, builtin: Mapping[str, Sql], apart: bool) -> Callable[[Expr, Sql], Expr]:
    """Return a function that swaps each aggregate of a measure, over rows that meet a condition, for its part.

    ``apart``: the rows may be none though the metric counts some, as on one side of a ratio; their sum is then 0.
    """

    def aggregate(item: Aggregate, rows: Sql) -> Sql:
        if item.arg is None:
            return _count(rows)
        value = scope.sql(item.arg, **builtin)
        chosen = sa.case((rows, value))
        match item.name:
            case "count":
                return sa.func.count(sa.distinct(chosen) if item.distinct else chosen, type_=sa.BigInteger())
            case "sum":
                exact = item.arg.type in (ColumnType.INTEGER, ColumnType.MONEY)
                total: Sql = sa.func.sum(chosen if exact else sa.cast(chosen, sa.Double()))
                nothing: Sql = sa.literal_column("0")
                return sa.case((_count(rows) > nothing, total), else_=nothing) if apart else total
            case "avg":
                return sa.func.avg(sa.distinct(sa.cast(chosen, sa.Double())), type_=sa.Double())
            case "median":
                return quantile(chosen, 0.5)
            case "percentile":
                return quantile(chosen, item.share if item.share is not None else 0.5)
            case _:
                return sa.func.min(chosen) if item.name == "min" else sa.func.max(chosen)

    def ask(measure: Expr, rows: Sql) -> Expr:
        match measure:
            case Aggregate():
                return Column(parts.add(aggregate(measure, rows)), measure.type)
            case Call(name=name, args=args, type=kind):
                return Call(name, tuple(ask(arg, rows) for arg in args), kind)
            case _:
                return measure

    return ask
