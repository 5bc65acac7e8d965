"""The columns of a dataset: where each comes from, what it holds, how it is written in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from civicstat.errors import suggest
from civicstat.spec.city import read_zone
from civicstat.spec.cursor import Value, choices_text
from civicstat.spec.expr import Column, ColumnType, walk
from civicstat.spec.expression import parse_row
from civicstat.spec.lengths import length_parts
from civicstat.spec.model import (
    ColumnDef,
    Derived,
)
from civicstat.spec.scope import Scope, TypeOf

__all__ = ["RESERVED", "read_columns", "read_derive", "read_selected"]

RESERVED = ("elapsed", "due", "age", "as_of")

_ABOUT = ("title", "description", "sensitive")
_KEYS = ("from", "type", "format", "required", "values", "missing", "map", "split", "zone", "unit", *_ABOUT)
_SAID = (*_ABOUT, "split", "unit")
_OF_FILES = dict.fromkeys(set(_KEYS) - set(_SAID), "the query says it: `cast(x as date)`, `coalesce`, `case`")
_MOMENTS = (ColumnType.DATE, ColumnType.TIMESTAMP)
_DERIVED = ("sql", "title", "description")
_TYPES = tuple(item.value for item in ColumnType)
_DIRECTIVES = frozenset("aAbBdfHIjmMpSyYzZ%")


def read_columns(value: Value) -> tuple[dict[str, ColumnDef], frozenset[str]]:
    """Return the declared columns, and the names of those whose type could not be read."""
    columns, broken = {}, set()
    for name, column in value.names("the column", RESERVED):
        before = len(value.notes.faults)
        columns[name] = _column(name, column)
        if any(fault.level == "error" for fault in value.notes.faults[before:]):
            broken.add(name)
    if not columns and value.is_map and not broken:
        value.fault("nothing-written", "at least one column", found="no columns")
    return columns, frozenset(broken)


def read_selected(value: Value, columns: Mapping[str, ColumnDef]) -> dict[str, ColumnDef]:
    """Return the columns of a `select` with what is said of some of them: their types are those of the query."""
    said = dict(columns)
    for name, item in value.names("the column", RESERVED):
        if name not in columns:
            expected = f"a column of the query: {choices_text(columns)}"
            place = value.key_place(name)
            value.notes.add("unknown-column", item.path, place, f"`{name}`", expected, suggest(name, columns))
            continue
        fields = item.fields(_SAID, (), "a column of a `select`", _OF_FILES)
        split, sensitive = fields.get("split"), fields.get("sensitive")
        hidden = columns[name].sensitive
        if sensitive and not sensitive.flag() and hidden:
            mend = "leave it out of the query, or out of `records`"
            sensitive.fault("sensitive-column", "`true`: it is made of a sensitive column", mend)
        said[name] = replace(
            columns[name],
            split=_split(split, columns[name].type) if split else "",
            sensitive=hidden or bool(sensitive and sensitive.flag()),
            unit=fields.text("unit"),
            title=fields.text("title"),
            description=fields.text("description"),
            place=item.notes.places.get(item.path),
        )
    return said


def read_derive(value: Value, columns: Mapping[str, ColumnDef], scope: Scope) -> tuple[dict[str, Derived], Scope]:
    """Return the computed columns in order, and the scope with them; each sees those before it."""
    derived: dict[str, Derived] = {}
    sensitive = {name for name, column in columns.items() if column.sensitive}
    types: dict[str, TypeOf] = dict(scope.columns)
    nullable = set(scope.nullable)
    names = [name for name, _ in value.entries()]
    for name, item in value.names("the column", RESERVED):
        if name in columns:
            mend = "give the computed column a name of its own"
            value.notes.add("name-clash", item.path, value.key_place(name), f"`{name}`, a declared column", "", mend)
            continue
        before = len(value.notes.faults)
        fields = item.fields(_DERIVED, ("place",), "a computed column") if item.is_map else None
        sql = item if fields is None else fields.get("sql")
        if sql is None:
            if len(value.notes.faults) == before:
                item.fault("missing-key", "`sql`, the expression, as `sql: fine > 0`", found="no `sql`")
            types[name] = None
            continue
        below = frozenset(names[names.index(name) + 1 :])
        expr = parse_row(sql, replace(scope, columns=types, nullable=frozenset(nullable), below=below))
        if expr.type is None and None not in types.values() and len(value.notes.faults) == before:
            sql.fault("no-type", "an expression whose type is known", "write `cast(null as text)`")
        used = {part.name for part in walk(expr) if isinstance(part, Column)}
        hidden = bool(used & sensitive)
        if hidden:
            sensitive.add(name)
        kind = expr.type or ColumnType.TEXT
        title, about = (fields.text("title"), fields.text("description")) if fields else (None, None)
        derived[name] = Derived(name, expr, sql.bare, kind, hidden, title, about, value.key_place(name))
        types[name] = expr.type
        nullable.add(name)
    return derived, replace(scope, columns=types, nullable=frozenset(nullable))


def _column(name: str, value: Value) -> ColumnDef:
    fields = value.fields(_KEYS, (), "a column")
    kind_value = fields.need("type", f"one of {choices_text(_TYPES)}")
    kind = ColumnType(kind_value.word(_TYPES, ("time", "point"))) if kind_value else ColumnType.TEXT
    recode, missing, values, sensitive = (fields.get(key) for key in ("map", "missing", "values", "sensitive"))
    required, patterns, split, zone = (fields.get(key) for key in ("required", "format", "split", "zone"))
    if kind_value and kind is ColumnType.DURATION and patterns is None:
        kind_value.fault("missing-key", "how it is written, as `format: mm:ss` or `h:mm:ss`", found="no `format`")
    return ColumnDef(
        name=name,
        source=_source(fields.get("from")) or name,
        type=kind,
        format=_format(patterns, kind) if patterns else (),
        required=required.flag() if required else False,
        values=values.strings() if values else (),
        missing=tuple(item.bare for item in missing.items()) if missing else (),
        map=_map(recode) if recode else {},
        split=_split(split, kind) if split else "",
        zone=_zone(zone, kind) if zone else "",
        unit=fields.text("unit"),
        sensitive=sensitive.flag() if sensitive else False,
        title=fields.text("title"),
        description=fields.text("description"),
        place=value.notes.places.get(value.path),
    )


def _source(value: Value | None) -> str:
    """Return the heading; a position, written as a number without quotes, as ``$3``."""
    if value is None:
        return ""
    if getattr(value.node, "kind", "") == "integer" and value.is_plain:
        return f"${value.whole(1, 10_000, 'a position')}"
    name = value.string("the column's heading in the file")
    if name.startswith("$"):
        value.later(f"`{name}`")
    elif re.search(r"\S#0+$", name):
        value.fault("not-a-number", "the number of a repeated heading, counted from 1, as `Name#1`")
    return name


def _split(value: Value, kind: ColumnType) -> str:
    if kind is not ColumnType.TEXT:
        value.fault("not-a-text-column", "`split` in a column of type `text`", found=f"a column of type `{kind}`")
    mark = value.bare.strip() or value.bare
    if len(mark) != 1 or mark.isalnum():
        value.fault("not-a-separator", 'one character between members, no letter or digit, as `","`')
    return mark


def _format(value: Value, kind: ColumnType) -> tuple[str, ...]:
    patterns = value.strings()
    if kind is ColumnType.DURATION:
        for item in value.items():
            if not length_parts(item.bare):
                item.fault(
                    "not-a-format", "hours, minutes and seconds in this order, as `mm:ss`, `h:mm:ss` or `mm:ss:00`"
                )
        return patterns
    if kind not in _MOMENTS:
        value.fault(
            "not-a-date-column",
            "`format` in a column of type `date`, `timestamp` or `duration`",
            found=f"a column of type `{kind}`",
        )
        return ()
    for item in value.items():
        for mark in re.findall(r"%[-#]?(.?)", item.bare):
            if mark not in _DIRECTIVES or not mark:
                item.fault("not-a-format", "strptime marks, as `%m/%d/%Y %I:%M:%S %p`", f"`%{mark}` is not one of them")
                break
        else:
            if "%" not in item.bare and item.bare:
                item.fault("not-a-format", "strptime marks, as `%m/%d/%Y`")
    return patterns


def _zone(value: Value, kind: ColumnType) -> str:
    if kind is not ColumnType.TIMESTAMP:
        value.fault("not-a-date-column", "`zone` in a column of type `timestamp`", found=f"a column of type `{kind}`")
    return value.bare if value.bare == "local" else read_zone(value)


def _map(value: Value) -> dict[str, str]:
    if not value.is_map and value.bare.endswith(".csv"):
        value.later("a map from a file")
        return {}
    return {name: "" if item.is_null else item.string() for name, item in value.entries()}
