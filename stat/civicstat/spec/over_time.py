"""Metrics that hold a number against another one, or gather the numbers of several periods."""

from __future__ import annotations

import re
from typing import Literal

from civicstat.errors import suggest
from civicstat.period import Calendar
from civicstat.spec.basis import Basis, Find, one_metric
from civicstat.spec.behind import pools
from civicstat.spec.cursor import Fields, Value, choices_text
from civicstat.spec.dimension import Dimension
from civicstat.spec.formula import SHIFTS
from civicstat.spec.kinds import AGAINST, Change, Cumulative
from civicstat.spec.model import Metric
from civicstat.words import phrase

__all__ = ["read_change", "read_cumulative"]

_HOW: tuple[Literal["percent", "points", "difference", "ratio"], ...] = ("percent", "points", "difference", "ratio")
_GATHERED: tuple[Literal["total", "average"], ...] = ("total", "average")
_MOST_PERIODS = 366
_YEARS = ("year", "fiscal_year")


def read_change(fields: Fields, find: Find, calendar: Calendar) -> Basis:
    """A percentage moves by points; anything else by percent, where nothing is said."""
    metric, how_value, unit_value = one_metric(fields, find), fields.get("as"), fields.get("unit")
    against_value = fields.need("against", "what it is held against: `prior_year` or `prior_period`")
    member: tuple[str, str] | None = None
    against: tuple[str, ...] = (SHIFTS[1],)
    if against_value and against_value.is_map:
        member, against = _member(against_value, metric), ()
    elif against_value:
        against = _periods(against_value, _grain(fields, metric), calendar)
    own = metric.unit if metric else ""
    how = how_value.word(_HOW) if how_value else "points" if own == "percent" else "percent"
    if metric and how_value and how == "points" and own != "percent":
        how_value.fault("unknown-word", "`percent`, `difference` or `ratio`: points are there for a percentage only")
    unit = {"percent": "percent", "points": "points", "ratio": ""}.get(how, "points" if own == "percent" else own)
    if unit_value and how != "ratio" and unit_value.bare != unit:
        unit_value.fault("unknown-word", f"`{unit}`, which it follows from `as`" if unit else "no unit")
    unit = unit_value.bare if unit_value and how == "ratio" else unit
    body = Change(metric.name if metric else "", against, how, member)
    splits = (_side_by_side(fields, metric, against),) if len(against) > 1 else ()
    return Basis(body, unit, (metric,) if metric else (), splits)


def read_cumulative(fields: Fields, find: Find) -> Basis:
    """Without a word it is the total."""
    metric = one_metric(fields, find)
    value = fields.need("over", "the periods gathered: `fiscal_year`, `all` or `12 months`")
    over = _over(value, _grain(fields, metric)) if value else "all"
    if metric and metric.period == "all":
        mend = "a running total gathers periods, and this metric has one value"
        fields.values["metric"].fault("needs-a-time", "a metric whose rows fall into periods", mend)
    how = fields.word("as", _GATHERED, _GATHERED[0])
    per = pools(metric) if metric and how == "average" else None
    own = metric.unit if metric else ""
    body = Cumulative(metric.name if metric else "", over, how, per is not None, 1.0 if per is None else per)
    return Basis(body, fields.string("unit") or own, (metric,) if metric else ())


def _grain(fields: Fields, metric: Metric | None) -> str:
    """Return the kind of period of a metric made of another: the one written, else that of the other."""
    written = fields.get("period")
    return written.bare if written else metric.period if metric else "month"


def _periods(value: Value, grain: str, calendar: Calendar) -> tuple[str, ...]:
    """Return the earlier periods that are named, each once."""
    found: dict[str, None] = {}
    for item in value.items():
        name = item.bare
        try:
            known = name in SHIFTS or calendar.parse(name).grain in (*_YEARS, grain)
        except ValueError:
            known = False
        if not known:
            own = f" or a {grain.replace('_', ' ')}" if grain not in _YEARS else ""
            expected = f"one of {choices_text(SHIFTS)}, or the name of a year{own}"
            item.fault("unknown-word", expected, suggest(name, SHIFTS))
        elif name in found:
            item.fault("named-twice", "each earlier period once", found=f"`{name}` twice")
        found[name] = None
    return tuple(found)


def _member(value: Value, metric: Metric | None) -> tuple[str, str] | None:
    entries = list(value.entries())
    if len(entries) != 1:
        value.fault("not-a-whole", "one member of a dimension, as `{district: North}`")
        return None
    [(by, member)] = entries
    names = [item.by for item in metric.dimensions if not item.cross] if metric else [by]
    if metric and by not in names:
        expected = f"a dimension of `{metric.name}`: {choices_text(names) or 'none'}"
        value.notes.add("unknown-dimension", value.path, value.key_place(by), f"`{by}`", expected, suggest(by, names))
    return by, member.string("a member of the dimension")


def _side_by_side(fields: Fields, metric: Metric | None, against: tuple[str, ...]) -> Dimension:
    if metric and any(AGAINST in item.columns for item in metric.dimensions):
        found = f"the dimension `{AGAINST}` of `{metric.name}`"
        expected = "another name: the earlier periods are a dimension of that name"
        fields.values["against"].fault("reserved-name", expected, found=found)
    title = {lang: phrase("counted.against", lang) for lang in fields.value.notes.languages}
    return Dimension(AGAINST, title, order=against)


def _over(value: Value, grain: str) -> Literal["fiscal_year", "all"] | int:
    match value.bare:
        case "fiscal_year" | "all" as word:
            return word
    match = re.fullmatch(r"([0-9]{1,3}) ([a-z_]+?)s?", value.bare)
    if not match or not 1 < int(match[1]) <= _MOST_PERIODS or match[2] != grain:
        expected = f"`fiscal_year`, `all`, or its periods, from 2 to {_MOST_PERIODS}, as `12 {grain}s`"
        value.fault("unknown-word", expected)
        return 2
    return int(match[1])
