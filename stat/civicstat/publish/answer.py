"""The readings a question asks for, and a reading as JSON: the same for ``civicstat value --json`` and for the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from civicstat.editions import MetricInfo, Numbers
from civicstat.errors import CivicstatError, Fault, suggest
from civicstat.period import Calendar, Period
from civicstat.publish.chance import interval_of
from civicstat.results import SCORED, Reading, Reason, Status, Used
from civicstat.words import gap_text, plain, reason_text

__all__ = ["as_promised", "find_readings", "number", "reading_gap", "reading_json", "reading_reason", "readings_json"]

_LONGEST_DAYS = 36_600  # a hundred years


def find_readings(edition: Numbers, metric: str, period: str = "", by: Sequence[str] = ()) -> list[Reading]:
    """Return the readings of ``metric``: totals, or with ``by`` one for each member of a dimension, a cross by both
    its columns.

    ``period`` is one period, ``A..B`` (each of the metric's own kind), or "" for the last complete one. Where the
    edition has no such period the list is empty.

    Raises:
        CivicstatError: code ``no-such-metric``, ``bad-period`` or ``no-such-dimension``, with what there is instead.
    """
    info = edition.catalogue.metrics.get(metric)
    if info is None:
        names = sorted(edition.catalogue.metrics)
        listed = ", ".join(f"`{name}`" for name in names)
        raise CivicstatError(
            Fault("no-such-metric", metric, f"`{metric}`", f"a metric: {listed}", suggest(metric, names))
        )
    dimension = _dimension(info, by)
    found: list[Reading] = []
    if not period and info.last is None:
        return found
    wanted = _periods(edition.calendar, info, period or info.last or "")
    if len(wanted) == 1:
        return [as_promised(item, info) for item in edition.readings(metric, period=wanted[0].key, dimension=dimension)]
    keys = {item.key for item in wanted}
    grain, first, last = wanted[0].grain, wanted[0].start, wanted[-1].last
    readings = edition.readings(metric, grain=grain, dimension=dimension, first=first, last=last)
    return [as_promised(item, info) for item in readings if item.period in keys]


def as_promised(reading: Reading, info: MetricInfo) -> Reading:
    """Return a reading of a period that ended before the goal was set without a goal: nothing was promised then."""
    goal = info.goal_of(reading.end)
    if goal is None or goal.stood(reading.end) or reading.status not in SCORED:
        return reading
    return reading._replace(status=Status.NO_GOAL, reason=Reason("before_goal"), goal=None, gap=None)


def _dimension(info: MetricInfo, by: Sequence[str]) -> str:
    declared = [item.by for item in info.dimensions]
    if not by:
        return ""
    wanted = ",".join(sorted(name for names in by for name in names.split(",")))
    if wanted in declared:
        return wanted
    listed = ", ".join(f"`{name}`" for name in declared) or "none"
    raise CivicstatError(
        Fault(
            "no-such-dimension",
            f"metrics.{info.name}.dimensions",
            found=" and ".join(f"`{name}`" for name in by),
            expected=f"one of those declared: {listed}",
            help=suggest(by[0], declared),
        )
    )


def _periods(calendar: Calendar, info: MetricInfo, text: str) -> list[Period]:
    try:
        bounds = [calendar.parse(part) for part in text.split("..")]
        first, last = bounds[0].start, bounds[-1].last
        if len(bounds) > 1 and first and last and (last - first).days > _LONGEST_DAYS:
            raise ValueError("a range spans at most a hundred years")
        return calendar.parse_range(text, info.period)
    except ValueError as error:
        raise CivicstatError(Fault("bad-period", "--period", f"`{text}`", str(error))) from error


def readings_json(edition: Numbers, info: MetricInfo, found: Sequence[Reading], lang: str) -> list[dict[str, Any]]:
    """Return readings of a metric as JSON prints them; of one made of others each says what it is made of."""
    if not info.made_of:
        return [reading_json(item, info, lang) for item in found]
    pairs = zip(found, edition.used(found), strict=True)
    return [{**reading_json(item, info, lang), "made_of": [_used_json(part) for part in used]} for item, used in pairs]


def _used_json(item: Used) -> dict[str, Any]:
    return {
        "name": item.name,
        "metric": item.metric,
        "period": item.period,
        "slice": dict(item.slice),
        "value": number(item.value),
    }


def reading_json(reading: Reading, info: MetricInfo, lang: str = "en") -> dict[str, Any]:
    """Return a reading as JSON prints it: ``value`` unrounded in the metric's unit, whole numbers without a point.

    A share or a rate of events has its 95 % ``interval`` too.
    """
    goal = reading.goal
    hidden = reading.suppressed
    ends = interval_of(reading, info)
    told = {"interval": {"low": ends.lower, "high": ends.upper} if ends else None} if info.chance else {}
    return {
        "metric": reading.metric,
        "period": reading.period,
        "slice": dict(reading.slice),
        "value": None if hidden else number(reading.value),
        "unit": info.unit,
        "numerator": None if hidden else number(reading.numerator),
        "denominator": None if hidden else number(reading.denominator),
        "n": None if hidden else reading.n,
        **told,
        "complete": reading.complete,
        "suppressed": hidden,
        "status": str(reading.status),
        "reason": plain(reading_reason(reading, info, lang)),
        "goal": {"low": number(goal[0]), "high": number(goal[1])} if isinstance(goal, tuple) else number(goal),
    }


def reading_reason(reading: Reading, info: MetricInfo, lang: str) -> str:
    """Return why a reading has its status, its numbers printed as the metric prints them."""
    return reason_text(_printed(reading, info), lang)


def reading_gap(reading: Reading, info: MetricInfo, lang: str) -> str:
    """Return how far a scored reading is from its goal, in words; "" where it is not scored."""
    return gap_text(_printed(reading, info), lang)


def _printed(reading: Reading, info: MetricInfo) -> Reason:
    """Return a reading's reason with how the metric prints its numbers."""
    look = {"decimals": info.decimals, "prefix": info.prefix, "suffix": info.suffix, "compact": info.compact}
    return replace(reading.reason, args={**look, **reading.reason.args})


def number(value: float | None) -> float | None:
    """Return a number as JSON prints it: a whole one without a point."""
    return int(value) if value is not None and float(value).is_integer() else value
