"""A dataset: what is loaded, from where, what a row is, and when it is complete."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from civicstat.spec.checks_of_rows import read_checks
from civicstat.spec.columns import read_columns, read_derive, read_selected
from civicstat.spec.cursor import Fields, Value, read_day, read_moment
from civicstat.spec.model import (
    AsOf,
    ColumnDef,
    Dataset,
    Keep,
    Records,
    Source,
    Text,
    Updates,
)
from civicstat.spec.references import MOMENTS, ORDERED, column_name, column_names
from civicstat.spec.scope import Scope, TypeOf
from civicstat.spec.selecting import Known, read_query
from civicstat.spec.source import read_source, select_of
from civicstat.spec.unpivot import read_unpivot

__all__ = ["read_dataset"]

_KEYS = (
    *("title", "description", "row", "source", "key", "keep", "time", "as_of", "covers", "lag", "columns", "unpivot"),
    "derive",
    *("checks", "updates", "records", "owner", "steward", "sensitivity", "license"),
)
_CADENCES = ("hour", "day", "week", "month", "quarter", "year")


def read_dataset(
    name: str, value: Value, find: Callable[[str], Known | None], names: list[str]
) -> tuple[Dataset, Scope]:
    """Return the dataset, and what an expression over it may name.

    ``find`` gives another dataset that a `select` reads, ``names`` are those there are.
    """
    fields = value.fields(_KEYS, (), "a dataset")
    source_value = fields.need("source", "where the rows come from, as `source: {file: data/cases.csv}`")
    row = fields.need("row", "what a row is, as `row: one row is one case`")
    if select := select_of(source_value):
        source, columns, scope = _read_select(name, select, fields, find, names)
    else:
        source, can_be_read = read_source(source_value)
        columns, scope = _read_columns(name, fields, can_be_read)
    unpivot = None
    if rows := fields.get("unpivot"):
        unpivot, columns = read_unpivot(rows, columns, source)
    derive, checks = fields.get("derive"), fields.get("checks")
    derived, scope = read_derive(derive, columns, scope) if derive else ({}, scope)
    key = fields.get("key")
    dataset = Dataset(
        name=name,
        title=fields.text("title") or _title(name, value),
        row=row.text() if row else {},
        source=source,
        columns=columns,
        description=fields.text("description"),
        key=column_names(key, scope) if key else (),
        keep=_keep(fields, scope),
        time=_time(fields, scope),
        as_of=_as_of(fields, scope),
        covers=_covers(fields),
        lag=lag.days() if (lag := fields.get("lag")) else 0,
        unpivot=unpivot,
        derive=derived,
        checks=read_checks(checks, scope) if checks else (),
        updates=_updates(fields),
        records=_records(fields, scope),
        owner=fields.text("owner"),
        steward=fields.text("steward"),
        sensitivity=fields.string("sensitivity"),
        license=fields.string("license"),
        place=value.notes.places.get(value.path),
    )
    return dataset, scope


def _read_columns(name: str, fields: Fields, needed: bool) -> tuple[dict[str, ColumnDef], Scope]:
    value = fields.need("columns", "the columns that are used") if needed else fields.get("columns")
    columns, broken = read_columns(value) if value else ({}, frozenset())
    types = {column: None if column in broken else item.held for column, item in columns.items()}
    nullable = frozenset(column for column, item in columns.items() if not item.required)
    return columns, Scope(name, types, nullable, known=value is not None)


def _read_select(
    name: str, value: Value, fields: Fields, find: Callable[[str], Known | None], names: list[str]
) -> tuple[Source, dict[str, ColumnDef], Scope]:
    """Return the source with its query, and the columns of its rows with what `columns` says of them."""
    selected = read_query(value, find, names)
    source = Source("", query=selected.query if selected else None, sql=value.bare.strip(), place=value.place)
    if selected is None:
        return source, {}, Scope(name, {}, known=False)
    made = {
        column: ColumnDef(column, column, kind, sensitive=column in selected.sensitive)
        for column, kind in selected.query.columns.items()
    }
    said = fields.get("columns")
    types: dict[str, TypeOf] = dict(selected.query.columns)
    return source, read_selected(said, made) if said else made, Scope(name, types, selected.nullable)


def _title(name: str, value: Value) -> Text:
    return dict.fromkeys(value.notes.languages, name.replace("_", " ").capitalize())


def _keep(fields: Fields, scope: Scope) -> Keep | None:
    value = fields.get("keep")
    if value is None:
        return None
    if fields.get("key") is None:
        value.fault(
            "needs-a-key", "a `key`: without one every row stays", "add `key:` with the columns that identify a row"
        )
    if value.bare in ("first", "last"):
        return Keep("first" if value.bare == "first" else "last")
    match = re.fullmatch(r"(latest|earliest) by ([a-z0-9_]+(?:, ?[a-z0-9_]+)*)", value.bare)
    if match is None:
        value.fault("unknown-word", "`first`, `last`, `latest by column` or `earliest by column`")
        return None
    names = re.split(r", ?", match[2])
    return Keep("latest" if match[1] == "latest" else "earliest", column_names(value, scope, ORDERED, names))


def _time(fields: Fields, scope: Scope) -> str | None:
    value = fields.get("time")
    return column_name(value, scope, MOMENTS) if value else None


def _as_of(fields: Fields, scope: Scope) -> AsOf:
    value = fields.get("as_of")
    if value is None:
        return AsOf()
    day, moment = read_day(value.bare), read_moment(value.bare)
    if day or moment:
        return AsOf(at=day or moment)
    match = re.fullmatch(r"max\( ?([a-z0-9_]+(?:, ?[a-z0-9_]+)*) ?\)", value.bare)
    if match is None:
        value.fault("not-a-day", "a day or moment as `2026-03-31`, or `max(column, …)` over date columns")
        return AsOf()
    return AsOf(columns=column_names(value, scope, MOMENTS, re.split(r", ?", match[1])))


def _covers(fields: Fields) -> tuple[tuple[date, date], ...]:
    value = fields.get("covers")
    if value is None:
        return ()
    if fields.get("time") is None:
        value.fault("missing-key", "a `time` column, whose days are covered", found="`covers` without `time`")
    ranges: list[tuple[date, date]] = []
    wanted = "ranges of a first and a last day: `[[2026-01-01, 2026-03-31]]`"
    if not any(item.is_list for item in value.items()):
        value.fault("not-a-range", wanted)
        return ()
    for item in value.items():
        days = [day.day() for day in item.items()] if item.is_list else []
        if len(days) != 2:
            item.fault("not-a-range", wanted)
        elif days[0] and days[1]:
            if days[0] > days[1]:
                item.fault(
                    "not-a-range", "the first day before the last", "turn them round", f"{days[0]} after {days[1]}"
                )
            elif ranges and days[0] <= ranges[-1][1]:
                found = f"a range from {days[0]}, inside or before the one to {ranges[-1][1]}"
                item.fault("not-a-range", "ranges one after the other, none overlapping", found=found)
            ranges.append((days[0], days[1]))
    return tuple(ranges)


def _updates(fields: Fields) -> Updates:
    value = fields.get("updates")
    if value is None:
        return Updates()
    inner = value.fields(("every", "warn_after", "stale_after"), (), "`updates`")
    every, warn, stale = inner.get("every"), inner.get("warn_after"), inner.get("stale_after")
    return Updates(
        every.word(_CADENCES) if every else None,
        warn.days() if warn else None,
        stale.days() if stale else None,
    )


def _records(fields: Fields, scope: Scope) -> Records:
    value = fields.get("records")
    if value is None:
        return Records()
    inner = value.fields(("columns", "public"), ("link", "limit", "order"), "`records`")
    columns, public = (column_names(item, scope) if (item := inner.get(key)) else () for key in ("columns", "public"))
    return Records(columns, public)
