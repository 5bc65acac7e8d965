"""The target of a goal in each of its forms, and how what is due of it grows in a year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from civicstat.period import Calendar
from civicstat.spec.amounts import read_amount, read_near
from civicstat.spec.cursor import Value, choices_text
from civicstat.spec.model import Better
from civicstat.spec.promised import Baseline, Improve, Level, OfMetric, Pace, Slope, Target, Yearly
from civicstat.spec.yaml_nodes import Scalar

__all__ = ["PACES", "read_level", "read_pace", "read_slices", "read_target"]

_SLOPE = ("from", "on", "to", "by")
_IMPROVE = re.compile(r"(?P<amount>.+) on (?P<on>prior_year|prior_period)")
_REFERENCE = re.compile(r"\{ ?([a-z][a-z0-9_]{0,59}) ?\}")
PACES = ("even", "last_year", "business_days")
_PARTS = (4, 12)  # quarters or months of a year
_FORMS = "`{from: …, on: …, to: …, by: …}`, or `{improve: …}`"


def read_target(value: Value, unit: str, better: Better, calendar: Calendar, until: Value | None) -> Target:
    """Return the target; ``until`` is the last day of a baseline."""
    if value.bare == "baseline":
        day = until.day() if until else None
        if until is None:
            value.fault("baseline-without-end", "`until`, the last day on which it is measured without a target")
        return Baseline(day) if day else 0.0
    if reference := _REFERENCE.fullmatch(value.bare):
        _one_number(value, better, "another metric's number")
        return OfMetric(reference[1])
    if value.bare.startswith("improve "):
        said = value.bare.removeprefix("improve ")
        value.fault("not-a-map", "the key `improve` with what is promised", f"write `{{improve: {said}}}`")
        return 0.0
    if not value.is_map:
        return read_level(value, unit, better)
    keys = [name for name, _ in value.entries()]
    if "improve" in keys:
        return _improve(value, unit, better)
    if any(name in _SLOPE for name in keys):
        return _slope(value, unit, better)
    return _yearly(value, unit, better, calendar)


def read_level(value: Value, unit: str, better: Better) -> Level:
    """Return one number, or two where a range is better."""
    if not value.is_list:
        number = read_amount(value, unit)
        if better == "within":
            value.fault("goal-and-direction", "a range for `better: within`, as `[3, 5]`")
        return number
    ends = [read_amount(item, unit) for item in value.items()]
    if len(ends) != 2 or ends[0] > ends[1]:
        value.fault("not-a-range", "the least and the greatest value, as `[3, 5]`")
        return 0.0
    if better in ("higher", "lower"):
        value.fault("goal-and-direction", f"one number for `better: {better}`", "a range goes with `better: within`")
    return ends[0], ends[1]


def read_slices(value: Value, unit: str, better: Better) -> Mapping[str, Mapping[str, Level]]:
    """Return the targets of members by dimension, as ``slice: {district: {North: 75%}}``."""
    return {
        by: {member: read_level(level, unit, better) for member, level in members.entries()}
        for by, members in value.entries()
    }


def read_pace(value: Value) -> Pace:
    """Return how what is due grows: a word, or the shares due by the end of each quarter or month."""
    if not value.is_list:
        word = value.word(PACES)
        return "last_year" if word == "last_year" else "business_days" if word == "business_days" else "even"
    shares = [read_amount(item, "percent") / 100 for item in value.items()]
    rises = all(before <= after for before, after in pairwise([0.0, *shares]))
    if len(shares) not in _PARTS or not rises or shares[-1] != 1.0:
        expected = (
            "4 shares, one a quarter, or 12, one a month, due by its end, none below that before it, the last `100%`"
        )
        value.fault("not-a-pace", expected)
        return "even"
    return tuple(shares)


def _yearly(value: Value, unit: str, better: Better, calendar: Calendar) -> Target:
    levels = {}
    if not list(value.entries()):
        value.fault("nothing-written", "a target for each fiscal year, as `{FY2027: 80}`", found="an empty map")
    for name, level in value.entries():
        try:
            known = calendar.parse(name).grain == "fiscal_year"
        except ValueError:
            known = False
        if not known:
            mend = f'write `"{{{name}}}"` in quotes, if the metric is meant' if level.is_null else ""
            value.fault("unknown-word", f"a fiscal year of the city, or {_FORMS}", mend, f"`{name}`")
            continue
        value.notes.places[level.path] = level.place
        levels[name] = read_level(level, unit, better)
    return Yearly(levels)


def _slope(value: Value, unit: str, better: Better) -> Target:
    fields = value.fields(_SLOPE, (), "a target that moves in steps")
    start, on, end, by = (fields.need(key, f"{choices_text(_SLOPE)}, all four") for key in _SLOPE)
    _one_number(value, better, "a target that moves in steps")
    if not (start and on and end and by):
        return 0.0
    first, last = on.day(), by.day()
    numbers = read_amount(start, unit), read_amount(end, unit)
    if first is None or last is None:
        return 0.0
    if last < first:
        by.fault("goal-keys-contradict", f"a day after `on`, {first}")
        return 0.0
    return Slope(numbers[0], first, numbers[1], last)


def _improve(value: Value, unit: str, better: Better) -> Target:
    written = dict(value.entries())
    said = written["improve"] if len(written) == 1 else None
    _one_number(value, better, "a better number than one before")
    found = _IMPROVE.fullmatch(said.bare) if said else None
    if said is None or found is None:
        (said or value).fault("unknown-word", "an amount and what it is held against, as `improve: 10% on prior_year`")
        return 0.0
    part = Value(Scalar(found["amount"], "text", "", said.node.span), said.path, said.notes)
    amount = read_near(part, unit)
    if amount.kind == "value":
        said.fault("percent-or-number", f"`{found['amount']}%` of that number, or an amount with its unit, `{unit}`")
    return Improve(
        amount.amount, amount.kind == "share", "prior_year" if found["on"] == "prior_year" else "prior_period"
    )


def _one_number(value: Value, better: Better, what: str) -> None:
    if better == "within":
        value.fault("goal-and-direction", "a range for `better: within`, as `[3, 5]`", found=what)
