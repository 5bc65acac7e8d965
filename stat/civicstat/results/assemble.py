"""Parts of one metric become its readings: gaps told from zeros, longer periods, status, suppression."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite

from civicstat.compiler import Recipe
from civicstat.period import Calendar
from civicstat.results.alike import names_of
from civicstat.results.cells import At, Cells, Values
from civicstat.results.clock import Clock
from civicstat.results.formula import Formula, formula
from civicstat.results.goals import Asked, asked_of, judged_elsewhere
from civicstat.results.memory import Memory
from civicstat.results.reading import NOTHING_ASIDE, SCORED, Reading, Status
from civicstat.results.spans import Span, of_window, spans_of
from civicstat.results.status import Judged, Standing, judge
from civicstat.results.suppress import OverTime, threshold, withheld
from civicstat.spec import BusinessDays, Dimension, Metric, Near, Recurrence, Snapshot, Stock, in_order

__all__ = ["assemble", "failed_reading"]

_BEFORE_TOO_SMALL = frozenset({Status.FAILED, Status.NOT_DUE, Status.STALE})


@dataclass(frozen=True, slots=True)
class _Sums:
    """A recipe whose parts are known by their places; ``nothing`` is its value of no rows, where that is a value."""

    n: int
    aside: tuple[tuple[str, int], ...]
    pending: int | None
    behind: tuple[int, ...]
    top: Formula
    under: Formula | None
    scale: float
    additive: bool
    zero: bool
    nothing: float | None
    still_open: int | None
    rest: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """What the readings of one period, of the whole, of any slice or of one with a goal of its own, have in common.

    ``judged`` are the statuses given there so far that are the same for every number, by whether there is a number, by
    whether there could be none yet, and by the rows that are pending.
    """

    span: Span
    not_before: date | None
    judged_by: str | None
    part: bool
    asked: Asked
    judged: dict[tuple[bool, bool, int], Judged] = field(default_factory=dict)

    @property
    def judges(self) -> bool:
        """Whether the goal is one for these readings."""
        return self.judged_by is None and not self.part


def assemble(
    metric: Metric,
    recipe: Recipe,
    cells: Cells,
    clock: Clock,
    calendar: Calendar,
    near: Near | None,
    memory: Memory,
    business: BusinessDays | None = None,
) -> list[Reading]:
    """Return the readings of ``metric``, withheld ones marked, ordered by grain, slice and period.

    Those of periods that were made of the same before, as ``memory`` has it, are left out; where a goal asks for other
    numbers all are made. ``business`` are the days by which a goal may be due.
    """
    base = metric.period if metric.time else "all"
    members = {item.by: _members(item, cells.members(recipe.splits[item.by])) for item in metric.dimensions}
    level = isinstance(metric.body, Stock | Recurrence)
    spans = spans_of(base, cells.starts(base), clock, calendar, level=level)
    if isinstance(metric.body, Recurrence):
        spans = tuple(of_window(span, metric.body, clock) for span in spans)
    if memory.names and not any(goal.asks_others for goal in metric.goals):
        made_of = {span.period.key: (span, cells.name(span.at)) for span in spans}
        shared = memory.code, metric, recipe, members, near, calendar, business
        alike = memory.alike(metric.name, names_of(made_of, shared, metric.privacy, clock))
        spans = tuple(span for span in spans if span.period.key not in alike)
    cells.take(span.at for span in spans)
    sums = _sums(recipe)

    def places_of(chosen: Mapping[str, str]) -> list[_Place]:
        return [_place(metric, recipe, span, chosen, calendar, business) for span in spans]

    of_all, of_slices = places_of({}), places_of({"": ""})
    own = {(by, name) for goal in metric.goals for by, named in goal.slices.items() for name in named}
    readings: list[Reading] = []
    behind: list[tuple[int, ...]] = []
    for item in (None, *metric.dimensions):
        split = recipe.splits[item.by] if item else ""
        for member in members[item.by] if item else [""]:
            places = of_slices if item else of_all
            if item and (item.by, member) in own:
                places = places_of({item.by: member})
            chosen, parts = _slice(item, member) if item else {}, cells.of(split, member)
            readings += _readings(metric, sums, parts, places, chosen, clock, near)
            if metric.privacy is not None:
                behind += [_behind(sums, parts.get(span.at)) for span in spans]
    return _few(_marked(readings, behind, metric, base, clock, near), metric)


def _members(item: Dimension, seen: set[str]) -> Sequence[str]:
    return sorted(seen) if item.cross else in_order(item, seen)


def _slice(item: Dimension, member: str) -> dict[str, str]:
    return dict(zip(item.columns, json.loads(member) if item.cross else [member], strict=True))


def failed_reading(metric: Metric, clock: Clock, calendar: Calendar) -> Reading:
    """Return the one reading of a metric whose query failed: its last complete period, without a value."""
    base = metric.period
    periods = [item for item in clock.periods(calendar, base) if clock.state(item) == "complete"]
    period = periods[-1] if periods else calendar.containing(clock.last_day, base)
    judged = judge(Standing(None, metric.goal, metric.better, metric.unit, error="query"))
    return Reading(
        metric.name, period.key, period.grain, period.start, period.end, period.last, {},
        None, None, None, None, complete=False, final=False, suppressed=False,
        status=judged.status, reason=judged.reason,
    )  # fmt: skip


def _sums(recipe: Recipe) -> _Sums:
    labels = recipe.labels
    top = formula(recipe.numerator, labels)
    return _Sums(
        labels.index(recipe.n),
        tuple((reason, labels.index(label)) for reason, label in recipe.aside.items()),
        None if recipe.pending is None else labels.index(recipe.pending),
        tuple(map(labels.index, recipe.behind)),
        top,
        None if recipe.denominator is None else formula(recipe.denominator, labels),
        recipe.scale,
        recipe.additive,
        recipe.zero,
        top([0] * len(labels)) if recipe.zero else None,
        None if recipe.still_open is None else labels.index(recipe.still_open),
        recipe.rest,
    )


def _place(
    metric: Metric,
    recipe: Recipe,
    span: Span,
    chosen: Mapping[str, str],
    calendar: Calendar,
    business: BusinessDays | None,
) -> _Place:
    asked = asked_of(metric, span.period, span.through if span.running else None, chosen, calendar, business)
    judged_by = judged_elsewhere(metric, span.period)
    part = bool(chosen) and recipe.amount and not asked.own
    return _Place(span, _not_before(metric, span.period.end) or span.not_before, judged_by, part, asked)


def _readings(
    metric: Metric,
    sums: _Sums,
    cells: Mapping[At, Values],
    places: Sequence[_Place],
    chosen: Mapping[str, str],
    clock: Clock,
    near: Near | None,
) -> Iterator[Reading]:
    """Yield the reading of each place; many are made, so that nothing is asked here that does not depend on parts."""
    name, shares = metric.name, sums.under is not None
    for place in places:
        span = place.span
        parts = cells.get(span.at)
        top, under, value, count, pending, aside = _numbers(sums, parts, span)
        if place.not_before:
            top = under = value = None
        there = value is not None and isfinite(value)
        unreached = sums.still_open is not None and count > 0 and not there
        judged = place.judged.get((there, unreached, pending))
        if judged is None:
            judged = judge(_standing(metric, place, value, pending, shares, clock, near, unreached=unreached))
            if judged.status not in SCORED:
                place.judged[there, unreached, pending] = judged
        if sums.still_open is not None:
            top, under = (None, None) if place.not_before else _finished(sums.still_open, parts, count)
        elif not sums.additive:
            top = under = None
        elif not shares and top is not None:
            under = 1.0
        period = span.period
        yield Reading(
            name, period.key, period.grain, period.start, period.end, span.through, chosen,
            value, top, under, count, span.complete, span.complete and not pending, False,
            judged.status, judged.reason, place.asked.level if place.judges else None, judged.gap, aside,
        )  # fmt: skip


def _numbers(
    sums: _Sums, parts: Values | None, span: Span
) -> tuple[float | None, float | None, float | None, int, int, Mapping[str, int]]:
    """Return numerator, denominator, value, rows counted, rows pending and rows set aside of one cell."""
    if parts is None:
        value = sums.nothing if span.complete or span.running else None
        return value, None, value, 0, 0, NOTHING_ASIDE
    count = int(parts[sums.n] or 0)
    pending = 0 if sums.pending is None else int(parts[sums.pending] or 0)
    aside = NOTHING_ASIDE
    if sums.aside:
        aside = {reason: int(parts[place]) for reason, place in sums.aside if parts[place]} or NOTHING_ASIDE
    if count:
        top = sums.top(parts)
        if sums.under is None:
            return top, None, top, count, pending, aside
        under = sums.under(parts)
        return top, under, _divide(top, under, sums.scale), count, pending, aside
    if sums.zero and (span.complete or span.running):
        value = sums.top(parts) if aside.get("no_value") else sums.nothing
        return value, None, value, count, pending, aside
    if sums.under is not None:
        return sums.top(parts), sums.under(parts), None, count, pending, aside
    return None, None, None, count, pending, aside


def _finished(still_open: int, parts: Values | None, count: int) -> tuple[float | None, float | None]:
    """Return how many of the rows counted are finished, and how many there are."""
    return (float(count - int(parts[still_open] or 0)), float(count)) if parts and count else (None, None)


def _standing(
    metric: Metric,
    place: _Place,
    value: float | None,
    pending: int,
    shares: bool,
    clock: Clock,
    near: Near | None,
    *,
    unreached: bool,
) -> Standing:
    span, asked = place.span, place.asked
    return Standing(
        value, asked.goal, metric.better, metric.unit, near,
        not_before=place.not_before,
        divides=shares,
        unreached=unreached,
        as_of=clock.last_day,
        stale_days=clock.stale_days if clock.stale else None,
        complete=span.complete, running=span.running, gap=span.gap, through=None if span.holes else span.through,
        pending=pending, statistic=metric.statistic, judged_by=place.judged_by, part=place.part,
        year=asked.year, lacking=asked.lacking,
    )  # fmt: skip


def _divide(top: float | None, under: float | None, scale: float) -> float | None:
    return None if top is None or not under else top / under * scale


def _behind(sums: _Sums, parts: Values | None) -> tuple[int, ...]:
    """The counts of which none may be small where privacy is in force; of a share also the rows left over."""
    counts = [int(parts[place] or 0) if parts else 0 for place in (sums.n, *sums.behind)]
    return (*counts, counts[2] - counts[1]) if sums.rest else tuple(counts)


def _over_time(metric: Metric) -> OverTime:
    """Return how the rows of a longer period are those of the shorter ones."""
    match metric.body:
        case Stock() | Recurrence():
            return "end"
        case Snapshot(take="last" | "first" as take):
            return take
    return "sum"


def _not_before(metric: Metric, end: date | None) -> date | None:
    """A metric that begins later has nothing to show before."""
    return metric.since if metric.since and end and end <= metric.since else None


def _few(readings: list[Reading], metric: Metric) -> list[Reading]:
    """Take the value from slices of fewer rows than their dimension asks for; their rows are still told."""
    least = {frozenset(item.columns): item.min_n for item in metric.dimensions}
    if not any(least.values()):
        return readings
    made = []
    for reading in readings:
        wanted = least.get(frozenset(reading.slice), 0)
        if reading.value is not None and reading.n is not None and reading.n < wanted:
            judged = judge(Standing(reading.value, None, metric.better, metric.unit, few=(reading.n, wanted)))
            kept = reading.suppressed or reading.status in _BEFORE_TOO_SMALL
            reading = reading._replace(
                value=None, numerator=None, denominator=None, gap=None,
                status=reading.status if kept else judged.status, reason=reading.reason if kept else judged.reason,
            )  # fmt: skip
        made.append(reading)
    return made


def _marked(
    readings: list[Reading],
    behind: Sequence[Sequence[int]],
    metric: Metric,
    base: str,
    clock: Clock,
    near: Near | None,
) -> list[Reading]:
    if metric.privacy is None:
        return readings
    places = withheld(
        readings,
        metric.privacy,
        rows=behind,
        over_time=_over_time(metric),
        base=base,
        multiple={part.by for item in metric.dimensions for part in item.parts if part.split},
    )
    limit = threshold(metric.privacy)
    made = []
    for place, reading in enumerate(readings):
        if place in places:
            standing = Standing(
                reading.value, metric.goal, metric.better, metric.unit, near, min_count=limit,
                not_before=_not_before(metric, reading.end),
                as_of=clock.last_day, stale_days=clock.stale_days if clock.stale else None,
            )  # fmt: skip
            judged = judge(standing)
            if reading.status is Status.NOT_DUE:
                judged = Judged(reading.status, reading.reason)
            reading = reading._replace(suppressed=True, status=judged.status, reason=judged.reason, gap=None)
        made.append(reading)
    return made
