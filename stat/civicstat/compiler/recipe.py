"""How a metric's value is made of aggregates: the parts to ask for, and the arithmetic over them."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.conditions import Counting, Scope
from civicstat.compiler.constructs import quantile, quantiles
from civicstat.compiler.engines import apart
from civicstat.spec import (
    Aggregate,
    Call,
    Column,
    ColumnType,
    Conversion,
    Distinct,
    Duration,
    Expr,
    Metric,
    Ratio,
    Recurrence,
    Simple,
    Snapshot,
    Stock,
    Within,
    is_sum,
    walk,
)

__all__ = ["Merge", "Parts", "Recipe", "recipe"]

Sql = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Merge:
    """How a part of several periods is had from the part of each, nulls left out.

    ``rows`` is the label of a count: where that is 0, the part's 0 stands for no rows and is left out too.
    """

    how: Literal["sum", "min", "max"]
    rows: str = ""


@dataclass(slots=True)
class Parts:
    """The aggregates of one plan by label; an equal aggregate asked for twice is one part.

    ``merges`` says of the parts that can be merged how; quantiles and distinct counts are not among them. ``shares``
    are the quantiles asked of the same values: the values by their text, and the share of each label.
    ``curves`` are two lists, of times and of times that are not over, of which one is made where they are read.
    """

    columns: dict[str, Sql] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    merges: dict[str, Merge] = field(default_factory=dict)
    shares: dict[str, tuple[Sql, dict[str, float]]] = field(default_factory=dict)
    curves: dict[str, float] = field(default_factory=dict)

    def add(self, aggregate: Sql, merge: Merge | None = None) -> str:
        """Return the label of ``aggregate``, adding it where it is new."""
        text = _text(aggregate)
        if text not in self.labels:
            self.labels[text] = f"p{len(self.labels)}"
            self.columns[self.labels[text]] = aggregate
            if merge is not None:
                self.merges[self.labels[text]] = merge
        return self.labels[text]

    def count(self, condition: Sql) -> str:
        """Return the label of the number of rows that meet ``condition``."""
        return self.add(_count(condition), Merge("sum"))

    def quantile(self, values: Sql, share: float) -> str:
        """Return the label of a quantile of ``values``."""
        label = self.add(quantile(values, share))
        self.shares.setdefault(_text(values), (values, {}))[1][label] = share
        return label

    def curve(self, times: Sql, finished: Sql, still_open: Sql, share: float) -> str:
        """Return the label of the times of finished rows and, apart, of open ones, read where a share is finished."""
        lists = apart("two_lists", times, finished, still_open)
        text = f"{_text(lists)} {share}"
        label = self.labels.setdefault(text, f"p{len(self.labels)}")
        self.columns[label], self.curves[label] = lists, share
        return label

    def selected(self, asked: Container[str]) -> list[Sql]:
        """Return the columns of the labels that are ``asked`` for, quantiles of the same values taken together."""
        together: dict[str, Sql] = {}
        for values, shares in self.shares.values():
            wanted = {label: share for label, share in shares.items() if label in asked}
            if len(wanted) > 1:
                together |= zip(wanted, quantiles(values, list(wanted.values())), strict=True)
        return [together.get(label, part).label(label) for label, part in self.columns.items() if label in asked]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Arithmetic over part labels (``Column`` leaves named by label).

    The value is ``numerator / denominator * scale``; without a denominator it is ``numerator`` itself.
    ``additive`` says that the numerator is a plain sum or count, so that it may be shown as a part. ``zero`` says
    that a complete period without rows is 0 and not a gap: counts and sums. ``behind`` are further counts that are as
    private as ``n``: for a share the rows in its numerator and in its denominator, else the distinct things counted.
    ``splits`` says by which ``Window.dimension`` the metric's dimensions are grouped, by their name. ``amount`` says
    that a slice is a part of the whole, so that what is promised of the whole says nothing of it. ``rolls`` is false
    where a longer period is never made of the parts of shorter ones. ``still_open`` counts the rows that are in the
    number with the time they have lasted so far. ``rest``: what is in the denominator, the second of ``behind``, and
    not in the numerator, the first, is as private.
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
    splits: Mapping[str, str] = field(default_factory=dict)
    amount: bool = False
    rolls: bool = True
    still_open: str | None = None
    rest: bool = False

    @property
    def waiting(self) -> str | None:
        """The count of the rows of which a later clock may know more."""
        return self.pending or self.still_open

    @property
    def labels(self) -> tuple[str, ...]:
        """Every part it stands on, once, in an order that depends on the metric alone."""
        sides = (self.numerator, *(() if self.denominator is None else (self.denominator,)))
        named = (part.name for side in sides for part in walk(side) if isinstance(part, Column))
        waiting = () if self.waiting is None else (self.waiting,)
        return tuple(dict.fromkeys((self.n, *self.aside.values(), *waiting, *self.behind, *named)))


def recipe(metric: Metric, scope: Scope, rows: Counting, parts: Parts) -> Recipe:
    """Return the recipe of a metric, having added the aggregates it needs to ``parts``."""
    ask = _asker(scope, parts, rows.builtin, apart=isinstance(metric.body, Ratio | Recurrence))
    common: dict[str, Any] = {
        "n": parts.count(rows.counted),
        "aside": {reason: parts.count(condition) for reason, condition in rows.aside.items()},
        "pending": parts.count(rows.pending) if rows.pending is not None else None,
    }
    match metric.body:
        case Snapshot(measure=measure):
            numerator, total = ask(measure, rows.counted), is_sum(measure)
            recordings = None
            if rows.recordings is not None:
                recordings = Column(parts.add(sa.func.max(rows.recordings)), ColumnType.INTEGER)
            return Recipe(
                numerator, recordings, 1.0, additive=total, zero=False, amount=total, rolls=False, **common
            )  # fmt: skip
        case Duration(measure=Aggregate(share=share)) if rows.still_open is not None:
            assert rows.hit is not None
            half = 0.5 if share is None else share
            curve = parts.curve(rows.builtin["elapsed"], rows.hit, rows.still_open, half)
            finished, waiting = parts.count(rows.hit), parts.count(rows.still_open)
            return Recipe(
                Column(curve, ColumnType.NUMBER), None, 1.0,
                additive=False, zero=False, behind=(finished, waiting), still_open=waiting, **common,
            )  # fmt: skip
        case Simple(measure=measure) | Duration(measure=measure) | Stock(measure=measure) | Distinct(measure=measure):
            top, under = _mean(measure)
            numerator = ask(top, rows.counted)
            denominator = ask(under, rows.counted) if under is not None else None
            names = {part.name for part in walk(measure) if isinstance(part, Aggregate)}
            plain = not any(isinstance(part, Aggregate) and part.distinct for part in walk(measure))
            additive = names <= {"count", "sum", "avg"} and plain and (isinstance(measure, Aggregate))
            zero = names <= {"count", "sum"} and not _divides(measure)
            things = [part for part in walk(measure) if isinstance(part, Aggregate) and part.distinct]
            behind = tuple(part.name for thing in things if isinstance(part := ask(thing, rows.counted), Column))
            amount = (additive and under is None) or isinstance(metric.body, Distinct)
            return Recipe(
                numerator, denominator, 1.0, additive=additive, zero=zero, behind=behind, amount=amount, **common
            )  # fmt: skip
        case Conversion(entity=entity):
            assert rows.hit is not None
            value = scope.columns[entity]
            behind = tuple(parts.add(_different(part, value)) for part in (rows.hit, rows.counted))
            came, every = (Column(label, ColumnType.INTEGER) for label in behind)
            return Recipe(came, every, 100.0, additive=True, zero=False, behind=behind, rest=True, **common)
        case Recurrence() as body:
            return _again(body, scope, rows, parts, ask, common)
        case Ratio(numerator=top_side, denominator=under_side, per=per):
            assert rows.sides is not None
            numerator = ask(top_side.measure, rows.sides[0])
            denominator = ask(under_side.measure, rows.sides[1])
            behind = tuple(parts.count(side) for side in rows.sides)
            return Recipe(
                numerator, denominator, per, additive=True, zero=False, behind=behind, rest=True, **common
            )  # fmt: skip
        case Within():
            assert rows.hit is not None
            hits = Column(parts.count(rows.hit), ColumnType.INTEGER)
            base = Column(common["n"], ColumnType.INTEGER)
            behind = hits.name, base.name
            return Recipe(hits, base, 100.0, additive=True, zero=False, behind=behind, rest=True, **common)
        case _:
            raise ValueError(f"`{metric.name}` is made of other metrics: it has no recipe")


def _again(
    body: Recurrence,
    scope: Scope,
    rows: Counting,
    parts: Parts,
    ask: Callable[[Expr, Sql], Expr],
    common: dict[str, Any],
) -> Recipe:
    """Return the recipe of who comes again: behind each number stand rows, and the people or places they are of."""
    who = rows.counted if body.show == "entities" or rows.hit is None else rows.hit
    entities = parts.add(_different(who, scope.columns[body.entity]))
    if body.show == "entities":
        count = Column(entities, ColumnType.INTEGER)
        return Recipe(count, None, 1.0, additive=False, zero=True, behind=(entities,), amount=True, **common)
    assert rows.sides is not None
    top, under = (ask(body.measure, side) for side in rows.sides)
    behind = (*(parts.count(side) for side in rows.sides), entities)
    if body.show == "share":
        return Recipe(top, under, 100.0, additive=True, zero=False, behind=behind, rest=True, **common)
    assert rows.weight is not None
    weight = Column(parts.add(sa.func.max(rows.weight)), ColumnType.NUMBER)
    change = Call("sub", (Call("mul", (top, weight), ColumnType.NUMBER), under), ColumnType.NUMBER)
    return Recipe(change, under, 100.0, additive=False, zero=False, behind=behind, **common)


def _different(rows: Sql, value: Sql) -> Sql:
    return sa.func.count(sa.distinct(sa.case((rows, value))), type_=sa.BigInteger())


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


def _text(sql: Sql) -> str:
    return str(sql.compile(compile_kwargs={"literal_binds": True}))


def _count(condition: Sql) -> Sql:
    return sa.func.count(sa.case((condition, sa.literal_column("1"))), type_=sa.BigInteger())


def _asker(scope: Scope, parts: Parts, builtin: Mapping[str, Sql], apart: bool) -> Callable[[Expr, Sql], Expr]:
    """Return a function that swaps each aggregate of a measure, over rows that meet a condition, for its part.

    ``apart``: the rows may be none though the metric counts some, as on one side of a ratio; their sum is then 0.
    """

    def aggregate(item: Aggregate, rows: Sql) -> str:
        if item.arg is None:
            return parts.count(rows)
        value = scope.sql(item.arg, **builtin)
        chosen = sa.case((rows, value))
        match item.name:
            case "count" if item.distinct:
                return parts.add(sa.func.count(sa.distinct(chosen), type_=sa.BigInteger()))
            case "count":
                return parts.add(sa.func.count(chosen, type_=sa.BigInteger()), Merge("sum"))
            case "sum":
                exact = item.arg.type in (ColumnType.INTEGER, ColumnType.MONEY)
                total: Sql = sa.func.sum(chosen if exact else sa.cast(chosen, sa.Double()))
                if not apart:
                    return parts.add(total, Merge("sum"))
                nothing: Sql = sa.literal_column("0")
                sure = sa.case((_count(rows) > nothing, total), else_=nothing)
                return parts.add(sure, Merge("sum", parts.count(rows)))
            case "avg":
                return parts.add(sa.func.avg(sa.distinct(sa.cast(chosen, sa.Double())), type_=sa.Double()))
            case "median":
                return parts.quantile(chosen, 0.5)
            case "percentile":
                return parts.quantile(chosen, item.share if item.share is not None else 0.5)
            case "min":
                return parts.add(sa.func.min(chosen), Merge("min"))
            case _:
                return parts.add(sa.func.max(chosen), Merge("max"))

    def ask(measure: Expr, rows: Sql) -> Expr:
        match measure:
            case Aggregate():
                return Column(aggregate(measure, rows), measure.type)
            case Call(name=name, args=args, type=kind):
                return Call(name, tuple(ask(arg, rows) for arg in args), kind)
            case _:
                return measure

    return ask
