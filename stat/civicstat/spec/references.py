"""Names of columns: that each exists, and is of the type its place asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from civicstat.errors import Place, suggest
from civicstat.spec.cursor import Value, choices_text
from civicstat.spec.expr import ColumnType
from civicstat.spec.scope import Scope, TypeOf
from civicstat.spec.yaml_nodes import Scalar

__all__ = ["ENTITIES", "MOMENTS", "NUMBERS", "ORDERED", "SLICES", "TEXTS", "column_name", "column_names"]

MOMENTS = (ColumnType.DATE, ColumnType.TIMESTAMP)
NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.MONEY)
ORDERED = (*MOMENTS, *NUMBERS)
SLICES = (ColumnType.TEXT, ColumnType.INTEGER, ColumnType.BOOLEAN, ColumnType.DATE)
TEXTS = (ColumnType.TEXT,)
ENTITIES = (ColumnType.TEXT, ColumnType.INTEGER)

_WRONG: Mapping[tuple[ColumnType, ...], tuple[str, str]] = {
    MOMENTS: ("not-a-date-column", "a date column"),
    ORDERED: ("not-an-ordered-column", "a number or date column"),
    TEXTS: ("not-a-text-column", "a text column"),
    ENTITIES: ("not-an-entity-column", "a text or integer column"),
    NUMBERS: ("not-a-number-column", "a number column"),
}
_SLICE_MEND = "`{by: x, bands: [10, 100]}` splits a number in bands"


def column_name(
    value: Value,
    scope: Scope,
    kinds: Sequence[ColumnType] = (),
    name: str = "",
    place: Place | None = None,
    beside: str = "",
) -> str:
    """Return the name of a column of the dataset, of one of ``kinds`` (empty: any); empty after a fault.

    ``name`` and ``place``: where the name is not the whole of ``value``. ``beside``: the column that stands at the
    other end, which is never meant here.
    """
    name = name or value.string("the name of a column")
    if not name or not scope.known:
        return name
    where = place or value.place
    if name not in scope.columns:
        choices = _fitting(scope, kinds)
        word = _WRONG[tuple(kinds)][1] if tuple(kinds) in _WRONG else "a column"
        expected = f"{word} of `{scope.dataset}`: {choices_text(choices)}"
        code = "unknown-column" if tuple(kinds) != MOMENTS else "not-a-date-column"
        mend = _suggested(name, choices, beside) or _suggested(name, scope.columns, beside)
        value.notes.add(code, value.path, where, f"column `{name}`", expected, mend)
        return ""
    kind = scope.columns[name]
    if kinds and kind is not None and kind not in kinds:
        _refuse(value, scope, kinds, name, kind, where, beside)
        return ""
    return name


def column_names(
    value: Value, scope: Scope, kinds: Sequence[ColumnType] = (), names: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the columns a list names, or ``names`` where they stand inside a text; each once."""
    if names:
        found = [column_name(value, scope, kinds, name, _inside(value, name)) for name in names]
    else:
        found = [column_name(item, scope, kinds) for item in value.items()]
    kept = [name for name in found if name]
    for name in sorted({name for name in kept if kept.count(name) > 1}):
        value.fault("named-twice", "each column once", found=f"`{name}` twice")
    return tuple(dict.fromkeys(kept))


def _inside(value: Value, name: str) -> Place:
    match = re.search(rf"\b{re.escape(name)}\b", value.bare)
    if match is None or not isinstance(value.node, Scalar):
        return value.place
    return value.node.inside(match.start(), len(name))


def _fitting(scope: Scope, kinds: Sequence[ColumnType]) -> list[str]:
    return [name for name, kind in scope.columns.items() if not kinds or kind is None or kind in kinds]


def _suggested(name: str, choices: Iterable[str], beside: str) -> str:
    return suggest(name, [choice for choice in choices if choice != beside])


def _refuse(
    value: Value, scope: Scope, kinds: Sequence[ColumnType], name: str, kind: TypeOf, place: Place, beside: str
) -> None:
    choices = _fitting(scope, kinds)
    found = f"column `{name}`, of type `{kind}`"
    if tuple(kinds) == SLICES:
        value.notes.add("not-a-slice-column", value.path, place, found, "a column of few members", _SLICE_MEND)
        return
    code, word = _WRONG[tuple(kinds)]
    mend = _suggested(name, choices, beside)
    value.notes.add(code, value.path, place, found, f"{word} of `{scope.dataset}`: {choices_text(choices)}", mend)
