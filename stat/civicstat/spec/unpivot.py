"""Columns that become rows: `{"Spent {year}": spent}` makes of each heading like it a row with its year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from civicstat.spec.cursor import NAME, Value, choices_text
from civicstat.spec.file_kind import file_kind
from civicstat.spec.model import ColumnDef, Source, Unpivot

__all__ = ["read_unpivot"]


def read_unpivot(
    value: Value, columns: Mapping[str, ColumnDef], source: Source
) -> tuple[Unpivot | None, dict[str, ColumnDef]]:
    """Return the headings that become rows, and the columns with those that are filled by them."""
    filled = dict(columns)
    if source.sql or (source.file and file_kind(source.file) != "table"):
        found = "`unpivot` of a `select`" if source.sql else f"`unpivot` of `{source.file}`"
        value.fault("not-for-this-file", "a table, whose headings are columns", "leave it out", found)
        return None, filled
    names: dict[str, str] = {}
    patterns: dict[str, str] = {}
    for pattern, target in value.entries():
        marks = re.findall(r"\{([^{}]*)\}", pattern)
        place = value.key_place(pattern)
        if len(marks) != 1 or not NAME.fullmatch(marks[0]) or set(pattern) & set("{}") != set("{}"):
            expected = "a heading with one name in braces, as `Spent {year}`"
            value.notes.add("not-a-pattern", target.path, place, f"`{pattern}`", expected)
            continue
        names.setdefault(marks[0], pattern)
        column = target.string("the column that takes the values")
        if column in patterns:
            target.fault("named-twice", "each column once")
        patterns[column] = pattern
        for name in (marks[0], column):
            _fill(target, name, pattern if name == column else "", columns, filled)
    if len(names) > 1:
        found = f"rows by {choices_text(names)}"
        value.fault("not-a-pattern", "one name in all headings, whose values make the rows", found=found)
    if not names and value.is_map and not list(value.entries()):
        value.fault("nothing-written", 'headings, as `"Spent {year}": spent`', found="an empty map")
    return Unpivot(next(iter(names)), patterns) if names else None, filled


def _fill(value: Value, name: str, source: str, columns: Mapping[str, ColumnDef], filled: dict[str, ColumnDef]) -> None:
    column = columns.get(name)
    if column is None:
        if name:
            mend = f"add `{name}: {{type: …}}` to `columns`"
            value.fault("unknown-column", f"a declared column: {choices_text(columns)}", mend, f"`{name}`")
        return
    if column.source != name:
        path = f"{value.path.split('.unpivot')[0]}.columns.{name}.from"
        found = f"`from` of `{name}`, which `unpivot` fills"
        value.notes.add("not-a-key-here", path, column.place, found, "a column without `from`", "leave it out")
    filled[name] = replace(column, source=source)
