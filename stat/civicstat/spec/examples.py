"""Worked examples: rows and the values expected of them, which travel with a definition."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from civicstat.errors import suggest
from civicstat.period import Calendar
from civicstat.spec.amounts import read_amount
from civicstat.spec.cursor import Value, choices_text, read_day, read_moment
from civicstat.spec.expr import ColumnType
from civicstat.spec.model import (
    City,
    Dataset,
    WorkedExample,
)
from civicstat.spec.scope import Scope, TypeOf, type_word

__all__ = ["read_examples"]


def read_examples(
    value: Value, dataset: Dataset | None, scope: Scope, unit: str, city: City
) -> tuple[WorkedExample, ...]:
    """Return the examples; their values are of the types of the columns."""
    if value.is_map:
        value.fault("not-a-list", "a list of examples", "put `- ` before each")
        return ()
    return tuple(_example(item, dataset, scope, unit, city) for item in value.items())


_AS_IN = {ColumnType.DATE: ", as `2026-03-31`", ColumnType.TIMESTAMP: ", as `2026-03-31 14:05`"}


def _example(value: Value, dataset: Dataset | None, scope: Scope, unit: str, city: City) -> WorkedExample:
    fields = value.fields(("rows", "as_of", "expect", "within"), (), "an example")
    rows, expect = fields.need("rows", "the rows, as a list of maps"), fields.need("expect", "`{period: value}`")
    as_of, within = fields.get("as_of"), fields.get("within")
    found: dict[str, float | None] = {}
    decimals: dict[str, int] = {}
    for period, item in expect.entries() if expect else ():
        if not _is_period(expect, period, item, city):
            continue
        found[period] = None if item.is_null else read_amount(item, unit)
        decimals[period] = len(item.bare.rstrip(" %").partition(".")[2])
    clock = (read_day(as_of.bare) or read_moment(as_of.bare)) if as_of else None
    if as_of and clock is None:
        as_of.fault("not-a-day", "a day or moment, as `2026-03-31`")
    return WorkedExample(
        rows=tuple(_row(item, dataset, scope) for item in rows.items()) if rows else (),
        as_of=clock,
        expect=found,
        decimals=decimals,
        within=within.number() if within else None,
        place=value.place,
    )


def _is_period(expect: Value | None, period: str, item: Value, city: City) -> bool:
    try:
        Calendar(city.fiscal_year, city.week_start).parse(period)
    except ValueError as error:
        assert expect is not None
        sentence = str(error).partition(": ")[2]
        expect.notes.add("not-a-period", item.path, expect.key_place(period), f"`{period}`", sentence)
        return False
    return True


def _row(value: Value, dataset: Dataset | None, scope: Scope) -> dict[str, Any]:
    row: dict[str, Any] = {}
    declared = dataset.columns if dataset else {}
    for name, item in value.entries():
        if name in declared:
            row[name] = _cell(item, scope.columns.get(name))
        elif scope.known:
            computed = dataset is not None and name in dataset.derive
            expected = f"a column of `{scope.dataset}`: {choices_text(declared)}"
            mend = "it is computed from the others" if computed else suggest(name, declared)
            value.notes.add("unknown-column", item.path, value.key_place(name), f"column `{name}`", expected, mend)
    return row


def _cell(value: Value, kind: TypeOf) -> str | int | float | bool | date | datetime | None:
    if value.is_null or kind is None:
        return None
    text = value.string(f"a value: {type_word(kind)}")
    made: str | int | float | bool | date | datetime | None
    match kind:
        case ColumnType.TEXT:
            return text
        case ColumnType.INTEGER:
            made = int(text) if re.fullmatch(r"[-+]?[0-9]{1,18}", text) else None
        case ColumnType.NUMBER | ColumnType.MONEY:
            made = float(text) if re.fullmatch(r"[-+]?[0-9]{1,18}(\.[0-9]+)?", text) else None
        case ColumnType.BOOLEAN:
            made = {"true": True, "false": False}.get(text)
        case ColumnType.DATE:
            made = read_day(text)
        case ColumnType.TIMESTAMP:
            day = read_day(text)
            made = datetime(day.year, day.month, day.day) if day else read_moment(text)  # noqa: DTZ001 - local by meaning
    if made is None and text:
        value.fault("different-types", f"{type_word(kind)}{_AS_IN.get(kind, '')}")
    return made
