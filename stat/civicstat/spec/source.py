"""Where the rows of a dataset come from, and how the file is read."""

from __future__ import annotations

import codecs
import re
from typing import Literal

from civicstat.spec.cursor import Fields, Value
from civicstat.spec.file_kind import ending_of, file_kind
from civicstat.spec.model import (
    Source,
)

__all__ = ["read_source", "select_of"]

_TAKES: tuple[Literal["all", "last", "first"], ...] = ("all", "last", "first")
_KEYS = ("file", "select", "take", "encoding", "delimiter", "quote", "header", "records")
_OF_TABLES = ("delimiter", "quote", "header")
_LATER = (
    *("socrata", "arcgis", "ckan", "carto", "opendatasoft", "open311", "sql", "in_place"),
    *("sheet", "member"),
)
_LATER_ENDINGS = ("xlsx", "xls", "parquet", "sqlite", "db", "zip")


def select_of(value: Value | None) -> Value | None:
    """Return the query of a source that is a `select` over other datasets, None for another source."""
    if value is None or not value.is_map or "select" not in dict(value.entries()):
        return None
    fields = value.fields(_KEYS, _LATER, "a source")
    for key in _KEYS:
        if key != "select" and (word := fields.get(key)):
            mend = "a dataset of the file's own, and this one over it"
            word.fault("not-a-key-here", "`select` alone", mend, f"`{key}` beside `select`")
    return fields.get("select")


def read_source(value: Value | None) -> tuple[Source, bool]:
    """Return the source, and whether it is one whose columns have to be declared."""
    nothing = Source("")
    if value is None:
        return nothing, False
    fields = value.fields(_KEYS, _LATER, "a source")
    if fields.get("file") is None and value.is_map and any(key in _LATER for key, _ in value.entries()):
        return nothing, False
    file = fields.need("file", "a file, as `file: data/cases.csv`, or a `select` over other datasets")
    name = file.string("a file's path from the project folder") if file else ""
    ending = ending_of(name)
    if file and ending in _LATER_ENDINGS:
        file.later(f"a `.{ending}` file", "save it as csv")
    elif file and re.match(r"[a-z][a-z0-9+]+://", name):
        file.later("a web address", "save the file in the project folder")
    take = fields.get("take")
    if file and take is None and re.search(r"[*?\[]", name):
        mend = "`take: all` makes one table of all, `take: last` reads the last by name alone"
        file.fault("missing-key", "`take` beside a pattern that may match many files", mend)
    encoding, delimiter, quote, header = (fields.get(key) for key in ("encoding", "delimiter", "quote", "header"))
    return Source(
        name,
        take.word(_TAKES) if take else None,
        _encoding(encoding) if encoding else None,
        _one_sign(delimiter) if delimiter else None,
        _one_sign(quote) if quote else None,
        _header(header) if header else None,
        _records(fields, name),
        place=file.place if file else None,
    ), True


def _records(fields: Fields, name: str) -> str | None:
    """Return the path of the list of records; refuse the words that do not fit the kind of file."""
    kind, path = file_kind(name), fields.get("records")
    if path and kind in ("table", "lines"):
        path.fault("not-for-this-file", "`records` beside a file of JSON: .json or .geojson", found=f"`{name}`")
    for key in _OF_TABLES if kind != "table" else ():
        if word := fields.get(key):
            word.fault("not-for-this-file", f"a file of JSON without `{key}`", "leave it out", f"`{key}` of `{name}`")
    if path is None:
        return None
    text = path.string("the path of the list of records")
    if text and not all(text.split(".")):
        path.fault("not-a-path", "keys joined by points, as `result.records`")
    return text or None


def _encoding(value: Value) -> str:
    try:
        return codecs.lookup(value.bare or "?").name
    except LookupError:
        value.fault("unknown-encoding", "the name of an encoding, as `utf-8`, `cp1252`, `latin-1`")
        return "utf-8"


def _one_sign(value: Value) -> str:
    text = {"tab": "\t", "\\t": "\t"}.get(value.bare, value.bare)
    if len(text) != 1:
        value.fault("not-one-sign", 'one sign in quotes, as `";"`, or `tab`')
    return text


def _header(value: Value) -> int | None:
    if value.is_list or value.bare == "none":
        value.later("a header of several rows" if value.is_list else "`header: none`")
        return None
    return value.whole(1, 1000, "the number of the row with the headings,")
