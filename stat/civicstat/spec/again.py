"""What metrics of people and places that come again say of themselves."""

from __future__ import annotations

import re
from typing import Literal

from civicstat.period import Length
from civicstat.spec.amounts import read_limit
from civicstat.spec.cursor import Fields, Value
from civicstat.spec.expr import Aggregate, ColumnType
from civicstat.spec.expression import NOTHING, parse_condition, parse_measure
from civicstat.spec.kinds import Cohort, Conversion, FixedLimit, Recurrence
from civicstat.spec.references import ENTITIES, column_name
from civicstat.spec.scope import Scope

__all__ = ["read_conversion", "read_entity", "read_recurrence"]

_SHOW: tuple[Literal["entities", "share", "change"], ...] = ("entities", "share", "change")
_COUNT = Aggregate("count", None, ColumnType.INTEGER)
_YEAR = Length(1, "years")
_LENGTH = re.compile("([1-9][0-9]{0,3}) (day|week|month|year)s?")
_LONGEST = 36_525  # days
_DAYS = {"days": 1, "weeks": 7, "months": 31, "years": 366}


def read_entity(fields: Fields, scope: Scope) -> tuple[str, ColumnType]:
    """Return the column that tells people or places apart, and its type."""
    value = fields.need("entity", "the column that tells people or places apart, as `entity: person`")
    name = column_name(value, scope, ENTITIES) if value else ""
    return name, scope.columns.get(name) or ColumnType.TEXT


def read_recurrence(fields: Fields, scope: Scope, unit: str) -> tuple[Recurrence, Scope, str]:
    """Return who comes again, what the metric's ``where`` may name, and the unit."""
    entity, kind = read_entity(fields, scope)
    show, measure = fields.word("show", _SHOW, "entities"), fields.get("measure")
    if measure and show == "entities":
        measure.fault(
            "not-a-key-here", "no `measure`: entities are counted", "`show: share` tells what is theirs of it"
        )
    if show != "entities" and unit not in ("", "percent"):
        fields.values["unit"].fault("unknown-word", f"`percent`: `show: {show}` is in percent of the load")
    load = _load(measure, scope) if measure else _COUNT
    unit = unit if show == "entities" else "percent"
    if show == "change":
        for key in ("more_than", "over"):
            if value := fields.get(key):
                value.fault("not-a-key-here", f"no `{key}`: a cohort is the `top` of a time before, found once")
        cohort, after = _cohort(fields)
        return Recurrence(entity, kind, load, after, show, cohort=cohort), scope, unit
    if value := fields.get("cohort"):
        value.fault("not-a-key-here", "no `cohort`", "`show: change` tells what became of it")
    least = fields.need("more_than", "how often it takes to come again, as `more_than: 15`")
    over = fields.need("over", "the length of time that ends with the period, as `over: 12 months`")
    return Recurrence(entity, kind, load, _length(over), show, _least(least)), scope, unit


def read_conversion(fields: Fields, scope: Scope, unit: str) -> tuple[Conversion, Scope, str]:
    """Return who comes from one event to another, what the metric's ``where`` may name, and the unit."""
    if unit not in ("", "percent"):
        fields.values["unit"].fault("unknown-word", "`percent`: `conversion` is the share with the second event")
    entity, kind = read_entity(fields, scope)
    base = fields.need("base", "which records are a first event, as `base: kind = 'Applied'`")
    then = fields.need("then", "which records are the second one, as `then: kind = 'Approved'`")
    inside = fields.need("inside", "how long after the first the second may come, as `inside: 30 days`")
    first, second = (parse_condition(value, scope) if value else NOTHING for value in (base, then))
    limit = read_limit(inside) if inside else FixedLimit(0.0, "")
    if inside and (limit.business is not None or limit.true_time):
        inside.fault("not-a-duration", "a length of time, as `30 days`, `8 hours` or `2 weeks`")
    one, other = (value.bare if value else "" for value in (base, then))
    return Conversion(first, second, entity, kind, limit, one, other), scope, "percent"


def _load(value: Value, scope: Scope) -> Aggregate:
    """Return what is added up of each row, so that it can be told whose it is."""
    made = parse_measure(value, scope)
    if isinstance(made, Aggregate) and made.name in ("count", "sum") and not made.distinct:
        return made
    if made is not NOTHING:
        value.fault("not-a-load", "`count(*)`, `count(x)` or `sum(x)`, which is added up of each record")
    return _COUNT


def _least(value: Value | None) -> int:
    if value is None:
        return 1
    if value.bare == "0":
        mend = "everyone with a record has more than 0: a metric of type `distinct` counts them"
        value.fault("not-a-number", "a number of records from 1 on", mend)
        return 1
    return value.whole(1, 1_000_000, "a number of records")


def _cohort(fields: Fields) -> tuple[Cohort | None, Length]:
    value = fields.need("cohort", "whose change it is, as `cohort: {top: 10, on: 2026-01-01, before: 12 months}`")
    if value is None:
        return None, _YEAR
    inner = value.fields(("top", "on", "before", "after"), (), "`cohort`")
    top = inner.need("top", "how many it holds, those of most load before that day, as `top: 10`")
    on = inner.need("on", "the day on which it is written down, as `on: 2026-01-01`")
    before = inner.need(
        "before", "the length of time in which it is found, which ends on that day, as `before: 12 months`"
    )
    after = inner.get("after")
    size, day, length = top.whole(1, 10_000) if top else 1, on.day() if on else None, _length(before)
    return (Cohort(size, day, length) if day else None), _length(after) if after else length


def _length(value: Value | None) -> Length:
    match = _LENGTH.fullmatch(value.bare) if value else None
    if value is None:
        return _YEAR
    if match is None or int(match[1]) * _DAYS[f"{match[2]}s"] > _LONGEST:
        value.fault(
            "not-a-length", "a length of time up to 99 years, as `12 months`, `90 days`, `4 weeks` or `2 years`"
        )
        return _YEAR
    units: dict[str, Literal["days", "weeks", "months", "years"]] = {
        "day": "days", "week": "weeks", "month": "months", "year": "years",
    }  # fmt: skip
    return Length(int(match[1]), units[match[2]])
