"""A checked `select` over other datasets: what it reads, joins, groups and keeps, free of any SQL text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from civicstat.spec.expr import Aggregate, Call, Case, Column, ColumnType, Expr, Ordered, Over, parts_of, walk

__all__ = ["From", "Join", "Query", "Select", "aggregated", "beside_windows", "swapped"]

Join = Literal["inner", "left", "right", "full"]


@dataclass(frozen=True, slots=True)
class From:
    """A dataset read under a name; all but the first are joined ``on`` a condition."""

    name: str
    dataset: str
    join: Join = "inner"
    on: Expr | None = None


@dataclass(frozen=True, slots=True)
class Select:
    """One SELECT. A column is named ``name.column`` by the name its dataset is read under."""

    items: tuple[Expr, ...]
    sources: tuple[From, ...]
    where: Expr | None = None
    group: tuple[Expr, ...] = ()
    having: Expr | None = None
    qualify: Expr | None = None
    distinct: bool = False

    def exprs(self) -> Iterator[Expr]:
        """Yield every expression in it."""
        yield from self.items
        yield from self.group
        conditions = (*(item.on for item in self.sources), self.where, self.having, self.qualify)
        yield from (item for item in conditions if item is not None)

    @property
    def grouped(self) -> bool:
        """Whether a row of the result is a group of rows."""
        shown = (*self.items, *(item for item in (self.having, self.qualify) if item is not None))
        return bool(self.group) or self.having is not None or any(map(aggregated, shown))


@dataclass(frozen=True, slots=True)
class Query:
    """One SELECT, or several one below the other (``union all``), and the columns of their rows."""

    selects: tuple[Select, ...]
    columns: Mapping[str, ColumnType]

    def exprs(self) -> Iterator[Expr]:
        """Yield every expression in it."""
        for select in self.selects:
            yield from select.exprs()

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets it reads, each once."""
        return tuple(dict.fromkeys(item.dataset for select in self.selects for item in select.sources))

    @property
    def rows_of(self) -> tuple[str, ...]:
        """The datasets behind `from`, whose clock is the clock of the result; the joined ones are looked up."""
        return tuple(dict.fromkeys(select.sources[0].dataset for select in self.selects))

    @property
    def names_clock(self) -> bool:
        """Whether the rows are others when ``as_of`` is."""
        return any(isinstance(part, Column) and part.name == "as_of" for expr in self.exprs() for part in walk(expr))


def aggregated(expr: Expr) -> bool:
    """Return whether an aggregate over a group stands in ``expr``; one over a window alone is none."""
    return isinstance(expr, Aggregate) or any(map(aggregated, beside_windows(expr)))


def beside_windows(expr: Expr) -> Iterator[Expr]:
    """Yield what ``expr`` is put together of; of a window what its own function reads, not the function."""
    for part in parts_of(expr):
        if isinstance(expr, Over) and part is expr.of:
            yield from parts_of(part)
        else:
            yield part


def swapped(expr: Expr, parts: Mapping[Expr, Expr]) -> Expr:
    """Return ``expr`` with each of ``parts`` in it replaced, the outermost first."""
    if expr in parts:
        return parts[expr]
    match expr:
        case Call(name=name, args=args, type=kind):
            return Call(name, tuple(swapped(arg, parts) for arg in args), kind)
        case Case(whens=whens, otherwise=otherwise, type=kind):
            pairs = tuple((swapped(when, parts), swapped(then, parts)) for when, then in whens)
            return Case(pairs, swapped(otherwise, parts) if otherwise else None, kind)
        case Aggregate(name=name, arg=arg, type=kind, distinct=distinct, share=share):
            return Aggregate(name, swapped(arg, parts) if arg else None, kind, distinct, share)
        case Over(of=of, partition=partition, order=order, frame=frame, type=kind):
            made = swapped(of, parts) if isinstance(of, Call) else _inside(of, parts)
            assert isinstance(made, Aggregate | Call)
            ordered = tuple(Ordered(swapped(item.expr, parts), item.descending, item.nulls_first) for item in order)
            return Over(made, tuple(swapped(part, parts) for part in partition), ordered, frame, kind)
    return expr


def _inside(of: Aggregate, parts: Mapping[Expr, Expr]) -> Aggregate:
    """A window's own aggregate is none over a group, though it may read the same."""
    arg = swapped(of.arg, parts) if of.arg else None
    return Aggregate(of.name, arg, of.type, of.distinct, of.share)
