"""Parts of one metric become its readings: gaps told from zeros, longer periods, status, suppression."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from civicstat.compiler import Recipe, Window, longer_grains
from civicstat.period import Calendar, Period
from civicstat.results.cells import Cells
from civicstat.results.clock import Clock
from civicstat.results.formula import evaluate
from civicstat.results.reading import Reading, Status
from civicstat.results.status import Standing, judge
from civicstat.results.suppress import threshold, withheld
from civicstat.spec import Column, Dimension, Metric, Near, Ratio, Stock, Within, in_order, walk

__all__ = ["assemble", "failed_reading"]

_DAY = timedelta(days=1)
_BEFORE_TOO_SMALL = frozenset({Status.FAILED, Status.NOT_DUE, Status.STALE})


@dataclass(frozen=True, slots=True)
class _Span:
    """A period as one metric sees it. ``source``: where a level of a longer period is read from."""

    period: Period
    through: date | None
    complete: bool
    running: bool = False
    gap: bool = False
    holes: bool = False
    source: tuple[str, date | None] | None = None


def assemble(
    metric: Metric, recipe: Recipe, cells: Cells, clock: Clock, calendar: Calendar, near: Near | None
) -> list[Reading]:
    """Return the readings of ``metric``, withheld ones marked, ordered by grain, slice and period."""
    base = metric.period if metric.time else "all"
    spans = list(_spans(metric, base, cells, clock, calendar))
    readings, behind = [], []
    for item in (None, *metric.dimensions):
        split = recipe.splits[item.by] if item else ""
        for member in _members(item, cells.members(base, split)) if item else [""]:
            chosen = _slice(item, member) if item else {}
            for span in spans:
                grain, start = span.source or (span.period.grain, span.period.start)
                parts = cells.at(Window(base, grain, split), start, member)
                readings.append(_reading(metric, recipe, parts, span, chosen, clock, near))
                behind.append(_behind(metric, recipe, parts))
    return _few(_marked(readings, behind, metric, base, clock, near), metric)


def _members(item: Dimension, seen: set[str]) -> Sequence[str]:
    return sorted(seen) if item.cross else in_order(item, seen)


def _slice(item: Dimension, member: str) -> dict[str, str]:
    return dict(zip(item.columns, json.loads(member) if item.cross else [member], strict=True))


def failed_reading(metric: Metric, clock: Clock, calendar: Calendar) -> Reading:
    """Return the one reading of a metric whose query failed: its last complete period, without a value."""
    base = metric.period if metric.time else "all"
    periods = [item for item in clock.periods(calendar, base) if clock.state(item) == "complete"]
    period = periods[-1] if periods else calendar.containing(clock.last_day, base)
    judged = judge(Standing(None, metric.goal, metric.better, metric.unit, error="query"))
    return Reading(
        metric.name, period.key, period.grain, period.start, period.end, period.last, {},
        None, None, None, None, complete=False, final=False, suppressed=False,
        status=judged.status, reason=judged.reason,
    )  # fmt: skip


def _spans(metric: Metric, base: str, cells: Cells, clock: Clock, calendar: Calendar) -> Iterator[_Span]:
    if base == "all":
        yield _Span(calendar.parse("all"), None, complete=True)
        return
    known = {item.start: item for item in clock.periods(calendar, base)}
    for start in sorted(cells.starts(base) - set(known)):
        known[start] = calendar.containing(start, base)
    periods = sorted(known.values(), key=lambda item: item.start or date.min)
    settled_end = clock.settled_end(calendar, base)
    for period in periods:
        state = clock.state(period)
        through = min(period.last or clock.last_day, clock.last_day)
        over = bool(settled_end and period.end and period.end <= settled_end)
        holes = state == "gap" or (state == "partial" and over)
        yield _Span(period, through, state == "complete", gap=state == "gap", holes=holes)
    yield from _longer(metric, base, periods, clock, calendar)


def _longer(metric: Metric, base: str, periods: Sequence[Period], clock: Clock, calendar: Calendar) -> Iterator[_Span]:
    """Longer periods hold the base periods up to the last complete one; what comes after is not settled."""
    settled_end = clock.settled_end(calendar, base)
    if settled_end is None:
        return
    settled = [item for item in periods if item.end and item.end <= settled_end]
    level = isinstance(metric.body, Stock)
    for grain in longer_grains(base, calendar.fiscal_year):
        groups: dict[str, list[Period]] = {}
        for item in settled:
            assert item.start is not None
            groups.setdefault(calendar.containing(item.start, grain).key, []).append(item)
        for key, inside in groups.items():
            whole = calendar.parse(key)
            if level:  # a week that goes on after the period says nothing of the period's end
                inside = [item for item in inside if item.end and (whole.end is None or item.end <= whole.end)]
            if not inside:
                continue
            last, ended = inside[-1], whole.end is None or whole.end <= settled_end
            assert last.last is not None
            holes = any(
                clock.state(item) != "complete"
                for item in (inside if whole.end is None else [replace(whole, end=min(whole.end, settled_end))])
            )
            yield _Span(
                whole, min(last.last, whole.last or last.last), complete=ended and not holes,
                running=not ended and not holes, holes=holes, source=(base, last.start) if level else None,
            )  # fmt: skip


def _reading(
    metric: Metric,
    recipe: Recipe,
    parts: Mapping[str, Any] | None,
    span: _Span,
    chosen: Mapping[str, str],
    clock: Clock,
    near: Near | None,
) -> Reading:
    count = int(parts[recipe.n] or 0) if parts else 0
    aside = {reason: int(parts[label] or 0) for reason, label in recipe.aside.items()} if parts else {}
    top = under = value = None
    if count and parts:
        top = evaluate(recipe.numerator, parts)
        under = evaluate(recipe.denominator, parts) if recipe.denominator is not None else None
        value = top if recipe.denominator is None else _divide(top, under, recipe.scale)
    elif recipe.zero and (span.complete or span.running):
        value = top = evaluate(recipe.numerator, parts if parts and aside.get("no_value") else _nothing(recipe))
    elif recipe.denominator is not None and parts:
        top, under = evaluate(recipe.numerator, parts), evaluate(recipe.denominator, parts)
    pending = int(parts[recipe.pending] or 0) if parts and recipe.pending else 0
    begins = _not_before(metric, span.period.end)
    if begins:
        top = under = value = None
    shown = recipe.additive
    standing = Standing(
        value, metric.goal, metric.better, metric.unit, near,
        not_before=begins,
        divides=recipe.denominator is not None,
        as_of=clock.last_day,
        stale_days=clock.stale_days if clock.stale else None,
        complete=span.complete, running=span.running, gap=span.gap, through=None if span.holes else span.through,
        pending=pending, statistic=metric.statistic, judged_by=_judged_by(metric, span.period.grain),
        part=bool(chosen) and recipe.additive and recipe.denominator is None,
    )  # fmt: skip
    judged = judge(standing)
    target = metric.goal.target if metric.goal and standing.judged_by is None and not standing.part else None
    return Reading(
        metric.name, span.period.key, span.period.grain, span.period.start, span.period.end, span.through, chosen,
        value,
        top if shown else None,
        (under if recipe.denominator is not None else 1.0 if top is not None else None) if shown else None,
        count, span.complete, span.complete and not pending, suppressed=False,
        status=judged.status, reason=judged.reason, goal=target, gap=judged.gap,
        aside={reason: number for reason, number in aside.items() if number},
    )  # fmt: skip


def _nothing(recipe: Recipe) -> Mapping[str, int]:
    """The parts of no rows: counts and sums, all 0."""
    return {part.name: 0 for part in walk(recipe.numerator) if isinstance(part, Column)}


def _divide(top: float | None, under: float | None, scale: float) -> float | None:
    return None if top is None or not under else top / under * scale


def _behind(metric: Metric, recipe: Recipe, parts: Mapping[str, Any] | None) -> tuple[int, ...]:
    """The counts of which none may be small where privacy is in force; of a share also the rows left over."""
    counts = [int(parts[label] or 0) if parts else 0 for label in (recipe.n, *recipe.behind)]
    return (*counts, counts[2] - counts[1]) if isinstance(metric.body, Ratio | Within) else tuple(counts)


def _not_before(metric: Metric, end: date | None) -> date | None:
    """A metric that begins later has nothing to show before."""
    return metric.since if metric.since and end and end <= metric.since else None


def _judged_by(metric: Metric, grain: str) -> str | None:
    if metric.goal is None or metric.goal.judge == grain:
        return None
    whole = metric.period == "all" or not metric.time
    return None if whole and grain == "all" else metric.goal.judge


def _few(readings: Sequence[Reading], metric: Metric) -> list[Reading]:
    """Take the value from slices of fewer rows than their dimension asks for; their rows are still told."""
    least = {frozenset(item.columns): item.min_n for item in metric.dimensions}
    made = []
    for reading in readings:
        wanted = least.get(frozenset(reading.slice), 0)
        if reading.value is not None and reading.n is not None and reading.n < wanted:
            judged = judge(Standing(reading.value, None, metric.better, metric.unit, few=(reading.n, wanted)))
            kept = reading.suppressed or reading.status in _BEFORE_TOO_SMALL
            reading = replace(
                reading, value=None, numerator=None, denominator=None, gap=None,
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
        adds_over_time=not isinstance(metric.body, Stock),
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
            reading = replace(reading, suppressed=True, status=judged.status, reason=judged.reason, gap=None)
        made.append(reading)
    return made
