"""The trap of SQL's null: a comparison that silently leaves out rows whose value is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from civicstat.spec.expr import Call, Column, Expr, Literal, walk

__all__ = ["MissingTrap", "conjuncts", "kept_out", "missing_trap"]

_SIGNS = {"ne": "<>", "not_in": "not in", "not_like": "not like"}
_KEEPS_OUT = {"eq", "lt", "le", "gt", "ge", "in", "between", "like", "is_not_null"}


@dataclass(frozen=True, slots=True)
class MissingTrap:
    """A column whose missing values a condition drops, and how to say what is meant."""

    column: str
    found: str
    mend: str


def missing_trap(condition: Expr, nullable: frozenset[str]) -> MissingTrap | None:
    """Return the first ``<>``, ``not in`` or ``not like`` that drops rows without a value, None where there is none.

    No trap is a column that another part of the same ``and`` keeps from being missing.
    """
    settled = kept_out(condition)
    for part in walk(condition):
        if isinstance(part, Call) and part.name in _SIGNS and isinstance(part.args[0], Column):
            name = part.args[0].name
            if name in nullable and name not in settled:
                found = f"`{name} {_SIGNS[part.name]} …`, which leaves out the rows without a `{name}`"
                return MissingTrap(name, found, _mend(part, name))
    return None


def kept_out(condition: Expr) -> set[str]:
    """Return the columns that have a value in every row that meets a condition."""
    return {
        arg.name
        for part in conjuncts(condition)
        if isinstance(part, Call) and part.name in _KEEPS_OUT
        for arg in part.args
        if isinstance(arg, Column)
    }


def conjuncts(condition: Expr) -> Iterator[Expr]:
    """Yield the parts of a condition that must all hold."""
    if isinstance(condition, Call) and condition.name == "and":
        for part in condition.args:
            yield from conjuncts(part)
    else:
        yield condition


def _mend(part: Call, name: str) -> str:
    other = part.args[1]
    if part.name == "ne" and isinstance(other, Literal | Column):
        said = other.name if isinstance(other, Column) else _written(other)
        return f"`{name} is distinct from {said}` counts them, `and {name} is not null` says that they are left out"
    return f"`or {name} is null` counts them, `and {name} is not null` says that they are left out; " + _DISTINCT


_DISTINCT = "of one value, `is distinct from` counts them too"


def _written(literal: Literal) -> str:
    value = literal.value
    if isinstance(value, bool) or value is None or not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) or not hasattr(value, "isoformat") else f"'{value}'"
    return "'" + value.replace("'", "''") + "'"
