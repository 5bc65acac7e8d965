"""Where a year's total that is due by a pace would end if it went on as it did; it decides no status."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from civicstat.editions import Edition, MetricInfo
from civicstat.results import Reading
from civicstat.statistics import Interval, YearEnd, project_year

__all__ = ["year_end_of"]


def year_end_of(edition: Edition, info: MetricInfo, reading: Reading) -> YearEnd | None:
    """Return the projection of a year that runs from its months; None of what is not due by a pace, or has gaps.

    Where no month was below 0 the year does not end below what it has.
    """
    goal, first, last = info.goal_of(reading.end), reading.start, reading.through
    if goal is None or goal.pace is None or info.period != "month" or reading.complete or first is None or last is None:
        return None
    found = edition.readings(info.name, grain="month", dimension=",".join(sorted(reading.slice)))
    months = [item for item in found if dict(item.slice) == dict(reading.slice) and _inside(item, first, last)]
    values = [item.value for item in months if item.value is not None and not item.suppressed]
    if not values or len(values) < len(months):
        return None
    made = project_year(values)
    if made.interval is None or min(values) < 0:
        return made
    return replace(made, interval=Interval(max(made.interval.lower, made.to_date), made.interval.upper))


def _inside(item: Reading, first: date, last: date) -> bool:
    return item.complete and item.start is not None and first <= item.start <= last
