"""Metrics made of metrics: each number is worked out from numbers of others in the same period and slice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from civicstat.period import Calendar, Period, longer_grains
from civicstat.results.assemble import failed_reading
from civicstat.results.clock import Clock
from civicstat.results.goals import asked_of, judged_elsewhere
from civicstat.results.reading import Reading, Reason, Status
from civicstat.results.status import Judged, Standing, judge
from civicstat.results.suppress import threshold
from civicstat.results.term import Index
from civicstat.results.terms import Terms
from civicstat.results.worked import Worked, worked
from civicstat.spec import (
    AGAINST,
    FACTOR,
    Break,
    Dimension,
    Metric,
    Project,
    Quotient,
    adds_up,
    datasets_behind,
    in_order,
    levels_of,
    needed_for,
    operands_of,
)

__all__ = ["least_shown", "made_readings"]

_OWN = {"change": (AGAINST,), "equivalent": (FACTOR,)}
"""The dimensions that a number has by what it is held against or made of, and not by the rows behind it."""

_HOLES = ("incomplete", "gap")
_NOTHING: Worked = (None, None, None)


def made_readings(
    metric: Metric,
    readings: Mapping[str, Sequence[Reading]],
    project: Project,
    clocks: Mapping[str, Clock],
    calendar: Calendar,
    *,
    failed: bool = False,
) -> list[Reading]:
    """Return the readings of a metric made of others, whose ``readings`` are known, ordered as all readings are.

    ``failed``: one of the others failed, and so does this one.
    """
    behind = [clocks[name] for name in datasets_behind(metric, project.metrics)]
    if failed:
        return [failed_reading(metric, behind[0], calendar)]
    stale = [clock for clock in behind if clock.stale]
    others = dict.fromkeys(item.metric for item in operands_of(metric.body))
    timed = [project.metrics[name] for name in others if name not in levels_of(metric.body)]
    first = (clocks[name] for other in timed for name in datasets_behind(other, project.metrics))
    breaks = {name: project.metrics[name].breaks for name in others}
    whole = _Whole(
        metric, project,
        Terms(metric, {name: Index.of(readings[name]) for name in others}, Index({}, {}), calendar, breaks),
        clock=max(stale or behind, key=lambda item: item.stale_days or 0),
        begins=frozenset(item.ranges[0][0] for item in first if item.ranges),
        since=max((item.since for item in needed_for([metric], project.metrics) if item.since), default=None),
        least=least_shown(metric, project),
        additive=adds_up(metric, project.metrics),
    )  # fmt: skip
    return list(whole.readings())


def least_shown(metric: Metric, project: Project) -> int:
    """Return the smallest count shown of a metric, or of any that it is made of; 0 where none is withheld."""
    policies = (item.privacy or project.city.privacy for item in needed_for([metric], project.metrics) if item.dataset)
    return max((threshold(privacy) for privacy in policies if privacy), default=0)


@dataclass(frozen=True, slots=True)
class _Whole:
    """A metric and all that its readings are made from.

    ``clock``: the most out of date of those behind it; ``begins``: the first day that each of them holds. ``since``:
    the day from which it and all that it is made of are measured. ``least``: the smallest count that any of them shows.
    ``additive``: its parts add up to its total.
    """

    metric: Metric
    project: Project
    terms: Terms
    clock: Clock
    begins: frozenset[date]
    since: date | None
    least: int
    additive: bool

    def readings(self) -> Iterator[Reading]:
        """Yield every reading: of each slice the periods of its own kind, then the longer ones."""
        periods = self._periods()
        for chosen in ({}, *(chosen for item in self.metric.dimensions for chosen in self._slices(item))):
            for period in periods:
                reading = self._reading(period, chosen)
                self.terms.own.add(reading)
                yield reading

    def _periods(self) -> list[Period]:
        """Return the periods that any of the metrics has, without ``all`` where that is held against days."""
        grains = (self.metric.period, *longer_grains(self.metric.period, self.project.city.fiscal_year))
        body = self.metric.body
        bounded = any(item.shift for item in operands_of(body)) or (isinstance(body, Quotient) and body.annual)
        timed = [index for name, index in self.terms.found.items() if name not in levels_of(body)]
        known = {key: period for index in timed for key, period in index.periods.items()}
        chosen = [item for item in known.values() if item.grain in grains and not (bounded and item.grain == "all")]
        return sorted(chosen, key=lambda item: (grains.index(item.grain), item.start or date.min))

    def _slices(self, item: Dimension) -> list[dict[str, str]]:
        """Return the members of a dimension that any of the metrics has, in the order in which they are shown."""
        if item.by in _OWN.get(self.metric.body.type, ()):
            return [{item.by: member} for member in item.order]
        seen = set()
        within = self.terms.within
        for index in self.terms.found.values():
            for _, chosen in index.at:
                members = dict(chosen - within)
                if within <= chosen and set(members) == set(item.columns):
                    seen.add(tuple(members[name] for name in item.columns))
        if item.cross:
            ordered: Sequence[tuple[str, ...]] = sorted(seen)
        else:
            ordered = [(member,) for member in in_order(item, (member for (member,) in seen))]
        return [dict(zip(item.columns, members, strict=True)) for members in ordered]

    def _reading(self, period: Period, chosen: Mapping[str, str]) -> Reading:
        metric, terms = self.metric, self.terms.of(period, chosen)
        present = self.terms.state(period, chosen, terms)
        known = [term.reading for term in terms if term.reading and not term.level]
        known += [item for item in present if not any(item is other for other in known)]
        not_before = self.since if self.since and period.end and period.end <= self.since else None
        uneven = self._uneven(period, present)
        through = min((item.through for item in present if item.through), default=None)
        value, top, under = _NOTHING
        if not not_before and not uneven:
            value, top, under = worked(metric, terms, self._of_year(period, through))
        complete = all(term.reading for term in terms) and all(item.complete for item in known)
        suppressed = any(term.reading.suppressed for term in terms if term.reading)
        running = not complete and all(map(_runs, known))
        asked = asked_of(
            metric, period, through if running else None, chosen, self.terms.calendar, self.project.city.business_days
        )
        standing = Standing(
            value, asked.goal, metric.better, metric.unit, self.project.city.near,
            not_before=not_before,
            divides=all(term.value is not None and term.factor is not None for term in terms),
            as_of=self.clock.last_day,
            stale_days=self.clock.stale_days if self.clock.stale else None,
            min_count=self.least if suppressed else None,
            complete=complete, running=running,
            gap=any(item.reason.code == "gap" for item in known),
            through=None if any(item.reason.code in _HOLES for item in known) else through,
            pending=sum(int(item.reason.args.get("pending") or 0) for item in known),
            statistic=metric.statistic, judged_by=judged_elsewhere(metric, period),
            part=bool(chosen) and self.additive and not asked.own,
            year=asked.year, lacking=asked.lacking,
        )  # fmt: skip
        broken = next((term.broken for term in terms if term.broken), None)
        used = [term.reading for term in terms if term.reading]
        judged = self._judged(standing, used, uneven=uneven, broken=broken)
        target = asked.level if standing.judged_by is None and not standing.part else None
        return Reading(
            metric.name, period.key, period.grain, period.start, period.end, through, dict(chosen),
            value, top, under, None, complete, complete and all(item.final for item in known), suppressed,
            status=judged.status, reason=judged.reason, goal=target, gap=judged.gap,
            used=tuple(term.used for term in terms),
        )  # fmt: skip

    def _of_year(self, period: Period, through: date | None) -> float:
        """Return the part that the days counted are of the year that ends with the period."""
        if period.start is None or period.end is None or through is None:
            return 1.0
        before = self.terms.calendar.containing(period.end, "day")
        year = period.end - (self.terms.calendar.year_before(before).start or period.end)
        return ((through - period.start).days + 1) / year.days

    def _uneven(self, period: Period, present: Sequence[Reading]) -> bool:
        """Return whether the numbers count through different days, so that they cannot be held against one another."""
        if len({item.through for item in present}) > 1:
            return True
        return period.grain == "all" and len(self.begins) > 1

    def _judged(self, standing: Standing, known: Sequence[Reading], *, uneven: bool, broken: Break | None) -> Judged:
        """Return the status; where there is no value, the reason says which of the others is to blame for it."""
        judged = judge(standing)
        if judged.status is not Status.NO_DATA:
            return judged
        few = [item.reason for item in known if item.reason.code == "too_few_rows"]
        if few:
            return Judged(Status.TOO_SMALL, few[0])
        if broken:
            return Judged(Status.NO_DATA, Reason("broken", {"on": broken.on.isoformat(), "what": dict(broken.what)}))
        if uneven:
            return Judged(Status.NO_DATA, Reason("uneven"))
        return Judged(Status.NO_DATA, Reason("part_missing")) if judged.reason.code == "no_data" else judged


def _runs(item: Reading) -> bool:
    """Return whether a reading is complete so far: its period is over, or every part of it that is over is there."""
    return item.complete or (item.value is not None and item.status is not Status.PARTIAL)
