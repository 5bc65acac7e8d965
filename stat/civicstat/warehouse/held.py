"""Records loaded before, to which those of new files are added; and when that would not give what one load gives."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from civicstat.compiler import SQL_TYPES
from civicstat.spec import Column, Dataset, walk
from civicstat.warehouse.checks import kept_by_key
from civicstat.warehouse.connect import attach, attach_joined, execute
from civicstat.warehouse.report import LoadReport

__all__ = ["CannotAddError", "Held", "attach_held", "names_clock", "refuse_repeats"]

Sql = sa.ColumnElement[Any]
Why = Literal["clock-moved", "key-repeated", "value-repeated"]
_SCHEMA = "held"


class CannotAddError(Exception):
    """All files must be loaded together: what is new changes what is held."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Held:
    """The records of the first of a dataset's files: where they lie, and the report of their loads, joined."""

    files: tuple[Path, ...]
    report: LoadReport


def names_clock(dataset: Dataset) -> bool:
    """Return whether the query, a derived column or a check reads ``as_of``: with another clock rows are others."""
    if dataset.source.query and dataset.source.query.names_clock:
        return True
    exprs = [item.expr for item in dataset.derive.values()]
    exprs += [check.expr for check in dataset.checks if check.expr is not None]
    return any(isinstance(part, Column) and part.name == "as_of" for expr in exprs for part in walk(expr))


def attach_held(engine: sa.Engine, held: Held) -> None:
    """Make the held rows readable; before the engine's first statement."""
    parts = [f"{_SCHEMA}_{position}" for position in range(len(held.files))]
    for part, path in zip(parts, held.files, strict=True):
        attach(engine, path, part)
    attach_joined(engine, parts, _SCHEMA, ("rows",))


def refuse_repeats(engine: sa.Engine, dataset: Dataset) -> None:
    """Compare the new rows with the attached ones.

    Raises:
        CannotAddError: a key is held already, or a value that a check wants to be unique.
    """
    # An empty key equals nothing where it is wholly empty, and a value that must be unique where any of it is.
    # Where keys ascend the engine reads no held row to see that a new one is above them all: for `=` it knows that.
    equal = sa.ColumnElement.is_not_distinct_from if len(dataset.key) > 1 else operator.eq
    if dataset.key and _meet(engine, dataset, dataset.key, equal, sa.or_):
        raise CannotAddError("key-repeated")
    for check in dataset.checks:
        open_to_repeats = check.kind == "unique" and not kept_by_key(dataset, check)
        if open_to_repeats and _meet(engine, dataset, check.columns, operator.eq, sa.and_):
            raise CannotAddError("value-repeated")


def _meet(
    engine: sa.Engine,
    dataset: Dataset,
    names: Sequence[str],
    equal: Callable[[Sql, Sql], Any],
    filled: Callable[..., Sql],
) -> bool:
    new, old = _rows(dataset, names), _rows(dataset, names, _SCHEMA)
    same = sa.and_(*(equal(new.c[name], old.c[name]) for name in names))
    some = filled(*(new.c[name].is_not(sa.null()) for name in names))
    return bool(execute(engine, sa.select(sa.literal(1)).join_from(new, old, same).where(some).limit(1)))


def _rows(dataset: Dataset, names: Sequence[str], schema: str | None = None) -> sa.TableClause:
    types = dataset.types()
    return sa.table("rows", *(sa.column(name, SQL_TYPES[types[name]]) for name in names), schema=schema)
