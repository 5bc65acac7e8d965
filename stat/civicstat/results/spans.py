"""The periods that a metric has readings for: which are complete, which are gaps, and what a longer one holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from civicstat.compiler import first_day, longer_grains
from civicstat.period import Calendar, Period
from civicstat.results.cells import At
from civicstat.results.clock import Clock
from civicstat.spec import Recurrence

__all__ = ["Span", "of_window", "spans_of"]


@dataclass(frozen=True, slots=True)
class Span:
    """A period as metrics see it; ``at`` is where its cells are, of a level those of its last base period.

    ``not_before``: the day before which a window that ends with a period cannot be whole.
    """

    period: Period
    at: At
    through: date | None
    complete: bool
    running: bool = False
    gap: bool = False
    holes: bool = False
    not_before: date | None = None


@lru_cache(maxsize=32)
def spans_of(base: str, held: frozenset[date], clock: Clock, calendar: Calendar, *, level: bool) -> tuple[Span, ...]:
    """Return the periods of ``base`` from the first day held to the clock, and those that rows are ``held`` of.

    The longer ones follow. Metrics of one grain have the same, so that they are worked out once. ``level``: a longer
    period has what its last period of ``base`` has.
    """
    if base == "all":
        return (Span(calendar.parse("all"), ("all", None), None, complete=True),)
    known = {item.start: item for item in clock.periods(calendar, base)}
    for start in sorted(held - set(known)):
        known[start] = calendar.containing(start, base)
    periods = sorted(known.values(), key=lambda item: item.start or date.min)
    settled_end = clock.settled_end(calendar, base)
    own = (_own(period, settled_end, clock) for period in periods)
    return (*own, *_longer(base, periods, settled_end, clock, calendar, level=level))


def of_window(span: Span, body: Recurrence, clock: Clock) -> Span:
    """Return the span of a window that ends with it: whole only where the days before it are known, too."""
    if span.through is None or not clock.ranges:
        return span
    first, begins = first_day(body, span.through), clock.ranges[0][0]
    due = body.over.after(begins)
    if body.cohort is not None:
        begins, due = body.cohort.on, body.over.after(body.cohort.on)
    if first < begins:
        return replace(span, complete=False, running=False, not_before=due)
    asked = [(first, span.through)]
    if body.cohort is not None:
        asked.append((body.cohort.begins, body.cohort.on - timedelta(days=1)))
    if all(any(low <= start and last <= high for low, high in clock.ranges) for start, last in asked):
        return span
    return replace(span, complete=False, running=False, holes=True)


def _own(period: Period, settled_end: date | None, clock: Clock) -> Span:
    state = clock.state(period)
    through = min(period.last or clock.last_day, clock.last_day)
    over = bool(settled_end and period.end and period.end <= settled_end)
    holes = state == "gap" or (state == "partial" and over)
    at = period.grain, period.start
    return Span(period, at, through, state == "complete", gap=state == "gap", holes=holes)


def _longer(
    base: str, periods: Sequence[Period], settled_end: date | None, clock: Clock, calendar: Calendar, *, level: bool
) -> Iterator[Span]:
    """Longer periods hold the base periods up to the last complete one; what comes after is not settled."""
    if settled_end is None:
        return
    settled = [item for item in periods if item.end and item.end <= settled_end]
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
            yield Span(
                whole, (base, last.start) if level else (grain, whole.start),
                min(last.last, whole.last or last.last), complete=ended and not holes,
                running=not ended and not holes, holes=holes,
            )  # fmt: skip
