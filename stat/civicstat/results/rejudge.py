"""Goals that ask for other numbers: of a year or a period before, of another metric, of the periods on end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from civicstat.period import Calendar, Period
from civicstat.results.goals import NO_TARGET, goal_in, paced, share_due
from civicstat.results.reading import SCORED, Reading, Reason, Status
from civicstat.results.status import Standing, score
from civicstat.spec import Goal, Improve, Level, Metric, OfMetric, Project, adds_up_over_time, break_between

__all__ = ["judged_again"]

Slice = frozenset[tuple[str, str]]
_DAY = timedelta(days=1)
_TOLD = frozenset({*SCORED, Status.INFORMATIONAL, Status.BASELINE, Status.NO_GOAL})
"""The statuses of numbers that stand as they are, by which another may be judged."""


def judged_again(
    metric: Metric, readings: Mapping[str, Sequence[Reading]], project: Project, calendar: Calendar
) -> list[Reading]:
    """Return the readings of a metric, those judged by other numbers scored, changes of status held back.

    ``readings`` are those of every metric. What is withheld, unsettled or missing is no number to judge by.
    """
    others = {
        goal.target.metric: _index(readings.get(goal.target.metric, ()))
        for goal in metric.goals
        if isinstance(goal.target, OfMetric)
    }
    judge = _Judge(
        metric, project, calendar, _index(readings[metric.name]), others, adds_up_over_time(metric, project.metrics)
    )
    return _held([judge.again(item) for item in readings[metric.name]], metric, calendar)


def _index(readings: Sequence[Reading]) -> dict[tuple[str, Slice], Reading]:
    return {(item.period, frozenset(item.slice.items())): item for item in readings}


@dataclass(frozen=True, slots=True)
class _Judge:
    """A metric with the numbers it is judged by: its own of other periods, and those of others.

    ``grows``: the number of a year is the sum of those of its months.
    """

    metric: Metric
    project: Project
    calendar: Calendar
    own: Mapping[tuple[str, Slice], Reading]
    others: Mapping[str, Mapping[tuple[str, Slice], Reading]]
    grows: bool

    def again(self, item: Reading) -> Reading:
        """Return a reading scored, where only the number to judge it by was missing and is known."""
        if item.reason != NO_TARGET or item.value is None:
            return item
        period = Period(item.grain, item.start, item.end, item.period)
        goal = goal_in(self.metric, period)
        assert goal is not None
        level = self._level(goal, item, period)
        if level is None:
            return item
        stands, year = replace(goal, target=level), None
        pace = goal.pace
        if self.grows and isinstance(goal.target, Improve) and item.grain in ("fiscal_year", "year"):
            pace = pace or "last_year"  # a part of a year is held against as much of the one before
        if pace and not item.complete:
            share = self._share(replace(goal, pace=pace), item, period)
            if share is None:
                return item
            stands, year = paced(stands, level, share), level
        standing = Standing(
            item.value, stands, self.metric.better, self.metric.unit, self.project.city.near,
            complete=item.complete, running=not item.complete, through=item.through, year=year,
        )  # fmt: skip
        judged = score(item.value, stands, standing)
        target = stands.target if isinstance(stands.target, int | float | tuple) else None
        return item._replace(status=judged.status, reason=judged.reason, goal=target, gap=judged.gap)

    def _level(self, goal: Goal, item: Reading, period: Period) -> Level | None:
        chosen = frozenset(item.slice.items())
        if len(item.slice) == 1:
            [(by, member)] = item.slice.items()
            if (own := goal.slices.get(by, {}).get(member)) is not None:
                return own
        match goal.target:
            case Improve() as improve:
                if period.start is None:
                    return None
                to = self.calendar.year_before if improve.on == "prior_year" else self.calendar.previous
                before = self.own.get((to(period).key, chosen))
                if before is None or not _settled(before) or before.value is None or self._broken(before, period):
                    return None
                step = abs(before.value) * improve.amount if improve.share else improve.amount
                return before.value + step if self.metric.better == "higher" else before.value - step
            case OfMetric(metric=name):
                other = self.others[name].get((item.period, chosen)) or self._whole(name, item)
                known = other and other.status in _TOLD and not other.suppressed and other.through == item.through
                return other.value if other and known else None
            case int() | float() | tuple() as level:
                return level
        return None

    def _whole(self, name: str, item: Reading) -> Reading | None:
        """Return the total of a metric that is not split as this reading is."""
        split = any(dict(chosen).keys() == dict(item.slice).keys() for _, chosen in self.others[name])
        return None if split else self.others[name].get((item.period, frozenset()))

    def _share(self, goal: Goal, item: Reading, period: Period) -> float | None:
        if item.through is None:
            return None
        if goal.pace != "last_year":
            business = self.project.city.business_days
            return share_due(goal, period, item.through, self.metric.period, self.calendar, business)
        chosen, base = frozenset(item.slice.items()), self.metric.period
        whole = self.own.get((self.calendar.year_before(period).key, chosen))
        assert period.start is not None
        parts = self.calendar.between(base, period.start, item.through)
        earlier = [self.own.get((key, chosen)) for key in {self.calendar.year_before(part).key for part in parts}]
        if not all(each and _settled(each) for each in (whole, *earlier)):
            return None
        assert whole is not None
        if self._broken(whole, period):
            return None
        so_far = sum(each.value for each in earlier if each and each.value is not None)
        return so_far / whole.value if whole.value else None

    def _broken(self, before: Reading, period: Period) -> bool:
        return break_between(self.metric.breaks, before.start, period.end) is not None


def _settled(item: Reading) -> bool:
    return item.value is not None and item.complete and item.final and not item.suppressed


def _held(readings: Sequence[Reading], metric: Metric, calendar: Calendar) -> list[Reading]:
    """Return readings whose status changes only where so many periods in a row are of another.

    A period that is not scored ends the row. Met and on track are one: which of them follows from the period.
    """
    shown: dict[tuple[str, Slice], Status] = {}
    row: dict[tuple[str, Slice], list[Status]] = defaultdict(list)
    made = []
    for item in readings:
        series = item.grain, frozenset(item.slice.items())
        goal = goal_in(metric, Period(item.grain, item.start, item.end, item.period))
        if item.status not in SCORED or goal is None or goal.hold < 2:
            row[series] = []
            made.append(item)
            continue
        status = Status.MET if item.status is Status.ON_TRACK else item.status
        row[series].append(status)
        before = shown.get(series)
        last = row[series][-goal.hold :]
        if before is None or (len(last) == goal.hold and set(last) == {status}):
            shown[series] = status
        elif status is not before:
            kept = Status.ON_TRACK if before is Status.MET and not item.complete else before
            reason = Reason(item.reason.code, {**item.reason.args, "held": goal.hold})
            item = item._replace(status=kept, reason=reason)
        made.append(item)
    return made
