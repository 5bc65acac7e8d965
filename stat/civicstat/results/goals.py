"""What a goal asks of a period: which one stands there, and the number that it is due to have by then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from civicstat.compiler import business_number
from civicstat.period import Calendar, Period
from civicstat.results.reading import Reason
from civicstat.spec import Baseline, BusinessDays, Goal, Improve, Level, Metric, OfMetric, Slope, Yearly

__all__ = ["NO_TARGET", "Asked", "asked_of", "goal_in", "judged_elsewhere", "paced", "share_due"]

_DAY = timedelta(days=1)
NO_TARGET = Reason("no_target")
"""A goal stands, and there is no number, or not yet, by which to judge."""


class Asked(NamedTuple):
    """The goal that stands in a period, with a number or a range as its target; None where none stands.

    ``year`` is what is asked of the whole year where ``goal`` has what is due of it so far. ``lacking`` says why
    nothing is asked: that none stands, or that the number it is made from is not there. ``own``: it is a slice's own.
    """

    goal: Goal | None = None
    year: Level | None = None
    lacking: Reason | None = None
    own: bool = False

    @property
    def level(self) -> Level | None:
        """What the value is held against."""
        target = self.goal.target if self.goal and not self.lacking else None
        return target if isinstance(target, int | float | tuple) else None


_NONE = Asked()


def asked_of(
    metric: Metric,
    period: Period,
    through: date | None,
    chosen: Mapping[str, str],
    calendar: Calendar,
    business: BusinessDays | None,
) -> Asked:
    """Return what is asked of a period and slice; ``through`` is the last day counted where the period still runs."""
    goal = goal_in(metric, period)
    if goal is None:
        return _not_standing(metric, period)
    level = _of_part(goal, chosen)
    own = level is not None
    day = through or period.last
    if level is None:
        match goal.target:
            case Yearly(levels=levels):
                level = levels.get(calendar.containing(period.last, "fiscal_year").key) if period.last else None
                if level is None:
                    return Asked(lacking=Reason("no_goal_then"))
            case Slope() as slope:
                if period.last is None or day is None or period.last < slope.on:
                    return Asked(lacking=Reason("before_goal"))
                level = _on_slope(slope, day, metric.period, calendar)
            case Baseline() | Improve() | OfMetric():
                return Asked(goal, lacking=None if isinstance(goal.target, Baseline) else NO_TARGET)
            case known:
                level = known
    stands = replace(goal, target=level)
    if goal.pace is None or through is None or period.start is None:
        return Asked(stands, own=own)
    share = share_due(goal, period, through, metric.period, calendar, business)
    if share is None:
        return Asked(stands, lacking=NO_TARGET, own=own)
    return Asked(paced(stands, level, share), level, own=own)


def goal_in(metric: Metric, period: Period) -> Goal | None:
    """Return the goal that stands on the last day of a period; of what has no last day the newest."""
    if period.last is None:
        return metric.goal
    standing = [goal for goal in metric.goals if (goal.begins or date.min) <= period.last <= (goal.ends or date.max)]
    return standing[-1] if standing else None


def judged_elsewhere(metric: Metric, period: Period) -> str | None:
    """Return the kind of period by which the goal that stands in a period is judged, where it is not this one."""
    goal = goal_in(metric, period)
    if goal is None or goal.grain == period.grain:
        return None
    whole = period.grain == "all" and (metric.period == "all" or not (metric.time or not metric.dataset))
    return None if whole else goal.grain


def paced(goal: Goal, level: Level, share: float) -> Goal:
    """Return the goal with that share of a level as its target."""
    return replace(goal, target=(level[0] * share, level[1] * share) if isinstance(level, tuple) else level * share)


def share_due(
    goal: Goal, period: Period, through: date, base: str, calendar: Calendar, business: BusinessDays | None
) -> float | None:
    """Return the share of a year's total that is due by the end of a day; None where only other numbers tell it."""
    assert period.start is not None
    assert period.last is not None
    match goal.pace:
        case "last_year":
            return None
        case "business_days":
            days = [
                business_number(day, business) if business else None
                for day in (period.start - _DAY, through, period.last)
            ]
            before, now, whole = days
            return (
                None if before is None or now is None or whole in (None, before) else (now - before) / (whole - before)
            )
        case tuple() as shares:
            return _listed(shares, period, through, calendar)
    return _passed(period.start, period.last, through, base, calendar)


def _not_standing(metric: Metric, period: Period) -> Asked:
    if not metric.goals:
        return _NONE
    first = metric.goals[0].begins
    before = first is not None and period.last is not None and period.last < first
    return Asked(lacking=Reason("before_goal" if before else "no_goal_then"))


def _of_part(goal: Goal, chosen: Mapping[str, str]) -> Level | None:
    """Return the target of a slice's own, which is one by one of the dimensions that have such targets."""
    if len(chosen) != 1:
        return None
    [(by, member)] = chosen.items()
    return goal.slices.get(by, {}).get(member)


def _on_slope(slope: Slope, day: date, base: str, calendar: Calendar) -> float:
    if day >= slope.by:
        return slope.end
    return slope.start + (slope.end - slope.start) * _passed(slope.on, slope.by, day, base, calendar)


def _passed(first: date, last: date, day: date, base: str, calendar: Calendar) -> float:
    """Return which part of a span is over at the end of a day.

    In periods of a metric's own kind where the span and the day end with one, else in days.
    """
    if day < first:
        return 0.0
    if base != "all" and all(_begins(item, base, calendar) for item in (first, last + _DAY, day + _DAY)):
        return len(calendar.between(base, first, day)) / len(calendar.between(base, first, last))
    return ((day - first).days + 1) / ((last - first).days + 1)


def _begins(day: date, base: str, calendar: Calendar) -> bool:
    return calendar.containing(day, base).start == day


def _listed(shares: tuple[float, ...], period: Period, through: date, calendar: Calendar) -> float:
    """Return what a list says is due: between two of its ends it grows in even steps, of months where one ends."""
    assert period.start is not None
    assert period.last is not None
    months = calendar.between("month", period.start, period.last)
    each = len(months) // len(shares)
    before = 0.0
    for at, share in enumerate(shares):
        part = months[at * each : (at + 1) * each]
        first, last = part[0].start, part[-1].last
        assert first is not None
        assert last is not None
        if through <= last:
            return before + (share - before) * _passed(first, last, through, "month", calendar)
        before = share
    return before
