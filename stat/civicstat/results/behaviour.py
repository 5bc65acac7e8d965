"""How each series of a metric behaves: its process behaviour chart, from the values that are published of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from civicstat.period import Period
from civicstat.results.goals import goal_in
from civicstat.results.reading import Reading
from civicstat.spec import Better, Metric
from civicstat.statistics import SEASONAL, Behaviour, Direction, read_behaviour, season_strength

__all__ = ["LEAST", "NotCharted", "ProcessChart", "process_charts"]

NotCharted = Literal["too_few", "rare", "step_outside", "seasonal"]
"""Why a series has no limits: too few values, half of them or more zero, a step that is not among its periods, or a
season, which would make a signal of every winter."""

LEAST = 6
"""Limits on fewer values than these say nothing."""

_YEARS: Mapping[str, tuple[int, int]] = {"month": (12, 3), "quarter": (4, 5), "fiscal_quarter": (4, 5)}
"""How many periods are a year, and how many years must be known before a season can be told from chance."""

_WAYS: Mapping[Better, Direction] = {
    "higher": "increase",
    "lower": "decrease",
    "within": "neutral",
    "neither": "neutral",
}


@dataclass(frozen=True, slots=True)
class ProcessChart:
    """One series: ``periods`` from the first with a value to the last complete one, a rule for each in ``behaviour``.

    ``target`` is the goal of the period that speaks, in the metric's unit. Where ``refused`` says why, no limits are
    told: of the whole series, or (``behaviour`` is there) since its last step. ``low`` and ``high`` are where values
    end: limits may lie beyond, and are drawn and said no farther.
    """

    slice: Mapping[str, str]
    periods: tuple[str, ...]
    behaviour: Behaviour | None
    target: float | None = None
    refused: NotCharted | None = None
    low: float | None = None
    high: float | None = None

    @property
    def period(self) -> str | None:
        """The period whose value speaks for the series."""
        at = self.behaviour.at if self.behaviour else None
        return None if at is None else self.periods[at]


def process_charts(metric: Metric, readings: Sequence[Reading]) -> list[ProcessChart]:
    """Return the chart of the total and of each slice of a metric that declares one, in the order of its readings.

    Complete and final values of the metric's own period count. One that is withheld is as one that is missing, so that
    limits tell nothing that the values shown beside them do not.
    """
    series: dict[tuple[tuple[str, str], ...], list[Reading]] = {}
    for item in readings if metric.spc and metric.time else ():
        if item.grain == metric.period and item.start is not None:
            series.setdefault(tuple(item.slice.items()), []).append(item)
    return [
        _chart(metric, dict(chosen), sorted(items, key=lambda item: item.start or date.min))
        for chosen, items in series.items()
    ]


def _chart(metric: Metric, chosen: Mapping[str, str], items: Sequence[Reading]) -> ProcessChart:
    spc = metric.spc
    assert spc is not None
    values = [_published(item) for item in items]
    first = next((at for at, value in enumerate(values) if value is not None), len(values))
    last = max((at for at, item in enumerate(items) if item.complete), default=-1)
    items, values = items[first : last + 1], values[first : last + 1]
    periods = tuple(item.period for item in items)
    known = [value for value in values if value is not None]
    if len(known) < LEAST:
        return ProcessChart(chosen, periods, None, refused="too_few")
    if known.count(0.0) * 2 >= len(known):
        return ProcessChart(chosen, periods, None, refused="rare")
    if metric.period in _YEARS and (season_strength(values, *_YEARS[metric.period]) or 0) > SEASONAL:
        return ProcessChart(chosen, periods, None, refused="seasonal")
    starts = {item.start: at for at, item in enumerate(items)}
    steps = [starts.get(step.on, 0) for step in spc.rebase]
    if 0 in steps:
        return ProcessChart(chosen, periods, None, refused="step_outside")
    steps = sorted({*steps, *_broken(metric, items)})
    target = _target(metric, items, values)
    found = read_behaviour(
        values, direction=_WAYS[metric.better], target=target,
        rebase_at=steps, baseline=spc.baseline, method=spc.method,
    )  # fmt: skip
    told = _told(found)
    few = told.segments[-1].count < LEAST
    low = 0.0 if min(known) >= 0 else None
    high = 100.0 if metric.unit == "percent" and max(known) <= 100 else None
    return ProcessChart(chosen, periods, told, target, "too_few" if few else None, low, high)


def _broken(metric: Metric, items: Sequence[Reading]) -> Iterator[int]:
    """Yield where limits begin anew since the metric means something else: no limit is of values before and after."""
    for item in metric.breaks:
        first = next((at for at, reading in enumerate(items) if reading.start and reading.start >= item.on), 0)
        if first and item.compare == "refuse":
            yield first


def _published(item: Reading) -> float | None:
    return item.value if item.complete and item.final and not item.suppressed else None


def _target(metric: Metric, items: Sequence[Reading], values: Sequence[float | None]) -> float | None:
    """Return the goal in force at the last value; none where it is a range, or was set later."""
    at = max(at for at, value in enumerate(values) if value is not None)
    item = items[at]
    goal, end = item.goal, item.end
    promised = goal_in(metric, Period(item.grain, item.start, end, item.period))
    set_on = promised.set_on if promised else None
    late = set_on is not None and end is not None and end <= set_on
    return None if late or isinstance(goal, tuple) else goal


def _told(found: Behaviour) -> Behaviour:
    """Return a behaviour without the limits of segments too short for any, and without what they would say."""
    short = [item.count < LEAST for item in found.segments]
    if not any(short):
        return found
    segments = tuple(
        replace(item, lower=None, upper=None, near_lower=None, near_upper=None) if few else item
        for item, few in zip(found.segments, short, strict=True)
    )
    rules = list(found.rules)
    for item, few in zip(found.segments, short, strict=True):
        if few:
            rules[item.start : item.end + 1] = [None] * (item.end + 1 - item.start)
    spoken = None if short[-1] else found.variation
    return replace(
        found, segments=segments, rules=tuple(rules), variation=spoken,
        assurance=None if short[-1] else found.assurance,
    )  # fmt: skip
