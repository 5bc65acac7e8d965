"""The spans of rows that a metric's cells are computed from, each kept for as long as it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from civicstat.compiler import Ending, Flow, Moment, Reach, first_day, longer_grains, time_column
from civicstat.period import Calendar, Period
from civicstat.results.clock import Clock
from civicstat.results.days import Days
from civicstat.spec import Conversion, Metric, Recurrence, Stock

__all__ = ["Slot", "ending", "ends", "flow_slots", "longer_slots", "moments", "own_slots", "reach_of", "rows_named"]


_DAY = timedelta(days=1)
_MOST_SPANS = 50


@dataclass(frozen=True, slots=True)
class Slot:
    """The rows of ``first <= day < end`` (None: no bound) and, with ``undated``, those without a day.

    ``grain`` and ``start`` name the period whose cells they make; of a stock ``grain`` is the flow or ``end``. ``own``
    is false for a period longer than the metric's own. ``like`` is another grain whose periods are the same days.
    """

    grain: str
    start: date | None
    first: date | None = None
    end: date | None = None
    undated: bool = False
    own: bool = True
    like: str = ""

    @property
    def name(self) -> str:
        """What the slot is kept by."""
        return f"{self.like or self.grain}:{self.start or ''}"

    def whole(self, clock: Clock) -> bool:
        """Return whether it ended before the clock, so that no row of it can be beyond what is known."""
        return self.end is None or _midnight(self.end) <= clock.cut

    def holds(self, own: Slot) -> bool:
        """Return whether the slot of a longer period holds one of the metric's own grain."""
        if own.start is None:
            return self.undated
        return (self.first is None or own.start >= self.first) and (self.end is None or own.start < self.end)


def moments(metric: Metric) -> tuple[Moment, ...]:
    """Return the moments by whose days the rows of ``metric`` are told apart."""
    body = metric.body
    if isinstance(body, Stock):
        return ((body.opened,), (body.closed, body.opened)) if body.closed else ((body.opened,),)
    column = time_column(metric)
    return ((column,),) if column else ((),)


def rows_named(metric: Metric, slot: Slot, days: Days) -> str:
    """Return a name of the rows that the cells of a slot are computed from: second events may come after it."""
    end = slot.end
    if isinstance(metric.body, Conversion) and end is not None and end > date.min:
        after = timedelta(seconds=metric.body.inside.seconds)
        end = (datetime.combine(end, time()) + after).date() + _DAY if after < date.max - end - _DAY else None
    return days.between(slot.first, end, undated=slot.undated)


def own_slots(metric: Metric, days: Days, clock: Clock, calendar: Calendar) -> list[Slot]:
    """Return a slot for each period of the metric's own grain that may hold rows, and one for rows without a date."""
    if not metric.time or metric.period == "all":
        return [Slot("all", None, end=_after(clock) if metric.time else None, undated=True)]
    undated = [Slot(metric.period, None, end=date.min, undated=True)] if None in days.prints else []
    return [*undated, *(_slot(metric.period, period) for period in _periods(days, metric.period, clock, calendar))]


def longer_slots(metric: Metric, days: Days, settled_end: date | None, calendar: Calendar) -> list[Slot]:
    """Return a slot for each longer period: it ends with the last complete period of the metric's own grain."""
    if not metric.time or settled_end is None:
        return []
    settled = [day for day in days.dated if day < settled_end]
    slots = []
    for grain in longer_grains(metric.period, calendar.fiscal_year):
        for period in _around(settled, grain, calendar):
            end = min(period.end or settled_end, settled_end)
            slots.append(
                Slot(
                    grain,
                    period.start,
                    period.start,
                    end,
                    undated=grain == "all",
                    own=False,
                    like=_like(grain, calendar),
                )
            )
        if grain == "all" and not settled and None in days.prints:
            slots.append(Slot(grain, None, None, settled_end, undated=True, own=False))
    return slots


def flow_slots(metric: Metric, flow: Flow, days: Days, clock: Clock, calendar: Calendar) -> list[Slot]:
    """Return a slot for each period in which rows may have moved."""
    return [_slot(flow, period) for period in _periods(days, metric.period, clock, calendar)]


def ends(metric: Metric, clock: Clock, calendar: Calendar) -> dict[Slot, Ending]:
    """Return where each period of a stock or a window ends.

    What is open there was opened on any day before; a window has a first day, and none lies in the time in which its
    cohort was found.
    """
    found, body = {}, metric.body
    for period in clock.periods(calendar, metric.period):
        end, first = ending(period, clock), None
        if isinstance(body, Recurrence):
            first = first_day(body, end.last)
            if body.cohort is not None:
                if first < body.cohort.on:
                    continue
                first = body.cohort.begins
        found[Slot("end", period.start, first, period.end)] = end
    return found


def ending(period: Period, clock: Clock) -> Ending:
    """Return the end of a period, the clock where the period still runs."""
    assert period.start is not None
    assert period.end is not None
    assert period.last is not None
    end = datetime.combine(period.end, time())
    if end <= clock.cut:
        return Ending(period.start, end, end, period.last)
    return Ending(period.start, clock.cut, clock.now, clock.last_day)


def reach_of(slots: Iterable[Slot], clock: Clock) -> Reach:
    """Return the rows of the slots, spans that touch joined; many spans are read as one, which holds more."""
    bounds = sorted((item.first or date.min, item.end or date.max) for item in slots if item.end != date.min)
    joined: list[tuple[date, date]] = []
    for first, end in bounds:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((first, end))
    if len(joined) > _MOST_SPANS:
        joined = [(joined[0][0], joined[-1][1])]
    spans = tuple(
        (None if first == date.min else _midnight(first), min(_midnight(end), clock.cut)) for first, end in joined
    )
    return Reach(spans, any(item.undated for item in slots))


def _periods(days: Days, grain: str, clock: Clock, calendar: Calendar) -> list[Period]:
    return _around([day for day in days.dated if _midnight(day) < clock.cut], grain, calendar)


def _around(days: Iterable[date], grain: str, calendar: Calendar) -> list[Period]:
    """Return the periods that the days, given in order, lie in."""
    found: list[Period] = []
    for day in days:
        end = found[-1].end if found else date.min
        if end is not None and day >= end:
            found.append(calendar.containing(day, grain))
    return found


def _slot(grain: str, period: Period) -> Slot:
    return Slot(grain, period.start, period.start, period.end)


def _like(grain: str, calendar: Calendar) -> str:
    first = calendar.fiscal_year.first_month
    same = {"fiscal_quarter": "quarter"} if first % 3 == 1 else {}
    return (same | ({"fiscal_year": "year"} if first == 1 else {})).get(grain, "")


def _after(clock: Clock) -> date:
    return clock.last_day + _DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
