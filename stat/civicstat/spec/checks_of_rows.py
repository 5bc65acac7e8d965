"""The checks a dataset makes of its own rows when it is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from civicstat.spec.cursor import Value, choices_text, read_day, read_moment
from civicstat.spec.expr import ColumnType
from civicstat.spec.expression import parse_condition
from civicstat.spec.model import (
    Check,
)
from civicstat.spec.references import ORDERED, column_name, column_names
from civicstat.spec.scope import Scope, group, type_word

__all__ = ["read_checks"]

_KINDS = ("not_null", "unique", "range", "values", "expect")
_LATER = ("relation", "rows")


def read_checks(value: Value, scope: Scope) -> tuple[Check, ...]:
    """Return the checks in order.

    Forms: ``{unique: a}``, ``{not_null: [a, b]}``, ``{range: {a: [0, 100]}}`` (null: no bound),
    ``{values: {a: [x, y]}}``, ``{expect: condition}``; each with ``level: error | warn``.
    """
    if value.is_map:
        value.fault("not-a-list", "a list of checks", "put `- ` before each")
        return ()
    return tuple(check for item in value.items() for check in _check(item, scope))


def _check(value: Value, scope: Scope) -> Iterator[Check]:
    fields = value.fields((*_KINDS, "level"), _LATER, "a check")
    kinds = [kind for kind in _KINDS if fields.get(kind)]
    later = value.is_map and any(key in _LATER for key, _ in value.entries())
    if fields.is_map and len(kinds) != 1:
        if not later:
            found = f"{len(kinds)} of them" if kinds else "none of them"
            value.fault("one-of", f"one of {choices_text(_KINDS)}", found=found)
        return
    if not kinds:
        return
    level_value = fields.need("level", "`level: error` (the load is refused) or `level: warn`")
    level: Literal["error", "warn"] = level_value.word(("error", "warn")) if level_value else "warn"
    item = fields.values[kinds[0]]
    match kinds[0]:
        case "not_null":
            yield Check("not_null", level, column_names(item, scope), place=item.place)
        case "unique":
            yield Check("unique", level, column_names(item, scope), place=item.place)
        case "expect":
            yield Check("expect", level, expr=parse_condition(item, scope, warn=False), sql=item.bare, place=item.place)
        case "range":
            yield from _ranges(item, scope, level)
        case _:
            yield from _values(item, scope, level)


def _ranges(value: Value, scope: Scope, level: Literal["error", "warn"]) -> Iterator[Check]:
    for name, ends in value.entries():
        if not column_name(ends, scope, ORDERED, name, value.key_place(name)):
            continue
        bounds = ends.items() if ends.is_list else []
        if len(bounds) != 2:
            ends.fault("not-a-range", "the least and the greatest value: `[0, 100]`, `null` for no bound")
            continue
        low, high = (None if end.is_null else _bound(end, scope.columns.get(name)) for end in bounds)
        if low is not None and high is not None and type(low) is type(high) and low > high:
            ends.fault("not-a-range", "the least value first", "turn them round")
        yield Check("range", level, (name,), low, high, place=ends.place)


def _bound(value: Value, kind: ColumnType | None) -> Any:
    if group(kind) != "moment":
        return value.number()
    moment = read_day(value.bare) or (read_moment(value.bare) if kind is ColumnType.TIMESTAMP else None)
    if moment is None:
        value.fault("not-a-day", f"a bound of a column that is {type_word(kind)}, as `2026-03-31`")
    return moment


def _values(value: Value, scope: Scope, level: Literal["error", "warn"]) -> Iterator[Check]:
    for name, allowed in value.entries():
        if column_name(allowed, scope, (), name, value.key_place(name)):
            yield Check("values", level, (name,), allowed=allowed.strings(), place=allowed.place)
