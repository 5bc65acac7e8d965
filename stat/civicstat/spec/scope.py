"""What an expression may name where it stands: columns with their types, built-in columns, and which may be missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from civicstat.spec.expr import ColumnType

__all__ = ["GROUPS", "Scope", "TypeOf", "group", "type_word"]

TypeOf = ColumnType | None
"""The type of an expression; None for null, and for what a fault made unknown: it fits everywhere."""

GROUPS: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "number",
    ColumnType.NUMBER: "number",
    ColumnType.MONEY: "number",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "moment",
    ColumnType.TIMESTAMP: "moment",
}

_WORDS: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "a whole number",
    ColumnType.NUMBER: "a number",
    ColumnType.MONEY: "an amount of money",
    ColumnType.BOOLEAN: "true or false",
    ColumnType.DATE: "a date",
    ColumnType.TIMESTAMP: "a timestamp",
}

_WHERE_BUILT_IN = {
    "elapsed": "`elapsed` is known in `within` and `duration`",
    "due": "`due` is known in `within`",
    "age": "`age` is known in `stock`",
}


def group(kind: TypeOf) -> str:
    """Return what can be compared with one another: text, number, boolean, moment; nothing where it is unknown."""
    return GROUPS[kind] if kind else ""


def type_word(kind: TypeOf) -> str:
    """Return a type as a message says it.

    >>> type_word(ColumnType.INTEGER)
    'a whole number'
    """
    return _WORDS[kind] if kind else "missing"


@dataclass(frozen=True, slots=True)
class Scope:
    """The columns of ``dataset``. A type of None: its own declaration is wrong; ``known`` False: all are."""

    dataset: str
    columns: Mapping[str, TypeOf]
    nullable: frozenset[str] = frozenset()
    builtin: Mapping[str, ColumnType] = field(default_factory=dict)
    known: bool = True
    below: frozenset[str] = frozenset()  # columns computed further down
    later: frozenset[str] = frozenset()  # built-in columns of the language that are not available here yet

    def names(self) -> list[str]:
        """Return every name, columns first."""
        return [*self.columns, *self.builtin]

    def why_not(self, name: str) -> str:
        """Return why a column that is there elsewhere is unknown here."""
        if name in self.below:
            return f"`{name}` is computed further down: a column sees those before it"
        return _WHERE_BUILT_IN.get(name, "")

    def with_later(self, *names: str) -> Scope:
        """Return the scope with built-in columns that are refused as not available yet."""
        return replace(self, later=frozenset(names))

    def with_builtin(self, **builtin: ColumnType) -> Scope:
        """Return the scope with built-in columns added."""
        return replace(self, builtin={**self.builtin, **builtin})
