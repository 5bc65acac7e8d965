"""Metrics made of metrics: each number is worked out from numbers of others in the same period and slice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from civicstat.period import Calendar, Period, longer_grains
from civicstat.results.assemble import failed_reading
from civicstat.results.clock import Clock
from civicstat.results.formula import formula
from civicstat.results.reading import Reading, Reason, Status, Used
from civicstat.results.status import Judged, Standing, judge
from civicstat.results.suppress import threshold
from civicstat.spec import (
    Change,
    Dimension,
    Formula,
    Metric,
    Operand,
    Project,
    Share,
    adds_up,
    datasets_behind,
    in_order,
    needed_for,
    operands_of,
)

__all__ = ["least_shown", "made_readings"]

Slice = frozenset[tuple[str, str]]
Worked = tuple[float | None, float | None, float | None]
"""A value, and its numerator and denominator where it is a quotient of two counts or sums."""


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
    whole = _Whole(
        metric, project, calendar,
        clock=max(stale or behind, key=lambda item: item.stale_days or 0),
        begins=frozenset(item.ranges[0][0] for item in behind if item.ranges),
        found={name: _Index.of(readings[name]) for name in others},
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
class _Index:
    """The readings of one metric by period and slice, and the periods of its totals."""

    at: Mapping[tuple[str, Slice], Reading]
    periods: Mapping[str, Period]

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> _Index:
        totals = [item for item in readings if not item.slice]
        return cls(
            {(item.period, frozenset(item.slice.items())): item for item in readings},
            {item.period: Period(item.grain, item.start, item.end, item.period) for item in totals},
        )


@dataclass(frozen=True, slots=True)
class _Term:
    """One number that goes into another: its operand, the period it is of, and its reading if there is one."""

    name: str
    operand: Operand
    period: str
    slice: Slice
    reading: Reading | None

    @property
    def value(self) -> float | None:
        return self.reading.value if self.reading else None

    @property
    def used(self) -> Used:
        return Used(self.name, self.operand.metric, self.period, dict(sorted(self.slice)), self.value)


@dataclass(frozen=True, slots=True)
class _Whole:
    """A metric and all that its readings are made from.

    ``clock``: the most out of date of those behind it; ``begins``: the first day that each of them holds. ``since``:
    the day from which it and all that it is made of are measured. ``least``: the smallest count that any of them shows.
    ``additive``: its parts add up to its total.
    """

    metric: Metric
    project: Project
    calendar: Calendar
    clock: Clock
    begins: frozenset[date]
    found: Mapping[str, _Index]
    since: date | None
    least: int
    additive: bool

    def readings(self) -> Iterator[Reading]:
        """Yield every reading: of each slice the periods of its own kind, then the longer ones."""
        periods = self._periods()
        for chosen in ({}, *(chosen for item in self.metric.dimensions for chosen in self._slices(item))):
            for period in periods:
                yield self._reading(period, chosen)

    def _periods(self) -> list[Period]:
        """Return the periods that any of the metrics has, without ``all`` where nothing comes before it."""
        grains = (self.metric.period, *longer_grains(self.metric.period, self.project.city.fiscal_year))
        shifted = any(item.shift for item in operands_of(self.metric.body))
        known = {key: period for index in self.found.values() for key, period in index.periods.items()}
        chosen = [item for item in known.values() if item.grain in grains and not (shifted and item.grain == "all")]
        return sorted(chosen, key=lambda item: (grains.index(item.grain), item.start or date.min))

    def _slices(self, item: Dimension) -> list[dict[str, str]]:
        """Return the members of a dimension that any of the metrics has, in the order in which they are shown."""
        seen = set()
        within = self._within()
        for index in self.found.values():
            for _, chosen in index.at:
                members = dict(chosen - within)
                if within <= chosen and set(members) == set(item.columns):
                    seen.add(tuple(members[name] for name in item.columns))
        if item.cross:
            ordered: Sequence[tuple[str, ...]] = sorted(seen)
        else:
            ordered = [(member,) for member in in_order(item, (member for (member,) in seen))]
        return [dict(zip(item.columns, members, strict=True)) for members in ordered]

    def _within(self) -> Slice:
        """Return the slice of the other metric that this one lies in: the one member a share is of."""
        body = self.metric.body
        return frozenset([body.of]) if isinstance(body, Share) and body.of else frozenset()

    def _terms(self, period: Period, chosen: Mapping[str, str]) -> list[_Term]:
        body, here = self.metric.body, frozenset(chosen.items())
        if isinstance(body, Share):
            whole = self._within()
            operand = Operand(body.metric)
            return [self._term("part", operand, period, whole | here), self._term("whole", operand, period, whole)]
        return [self._term(item.name, item, period, here) for item in operands_of(body)]

    def _term(self, name: str, operand: Operand, period: Period, chosen: Slice) -> _Term:
        index, of = self.found[operand.metric], period
        if operand.shift:
            of = (
                self.calendar.previous(period) if operand.shift == "prior_period" else self.calendar.year_before(period)
            )
            both = (index.at.get((key, frozenset())) for key in (period.key, of.key))
            if not all(reading and reading.complete for reading in both):
                return _Term(name, operand, of.key, chosen, None)
        return _Term(name, operand, of.key, chosen, index.at.get((of.key, chosen)))

    def _reading(self, period: Period, chosen: Mapping[str, str]) -> Reading:
        metric, terms = self.metric, self._terms(period, chosen)
        known = [term.reading for term in terms if term.reading]
        present = [term.reading for term in terms if term.reading and not term.operand.shift]
        not_before = self.since if self.since and period.end and period.end <= self.since else None
        uneven = self._uneven(period, present)
        value, top, under = (None,) * 3 if not_before or uneven else _worked(metric, terms)
        complete = len(known) == len(terms) and all(item.complete for item in known)
        suppressed = any(item.suppressed for item in known)
        through = min((item.through for item in present if item.through), default=None)
        standing = Standing(
            value, metric.goal, metric.better, metric.unit, self.project.city.near,
            not_before=not_before,
            divides=all(term.value is not None for term in terms),
            as_of=self.clock.last_day,
            stale_days=self.clock.stale_days if self.clock.stale else None,
            min_count=self.least if suppressed else None,
            complete=complete, running=not complete and all(map(_runs, known)),
            gap=any(item.reason.code == "gap" for item in known),
            through=None if any(item.reason.code == "incomplete" for item in known) else through,
            pending=sum(int(item.reason.args.get("pending") or 0) for item in known),
            statistic=metric.statistic, judged_by=_judged_by(metric, period.grain),
            part=bool(chosen) and self.additive,
        )  # fmt: skip
        judged = self._judged(standing, known, uneven=uneven)
        target = metric.goal.target if metric.goal and standing.judged_by is None and not standing.part else None
        return Reading(
            metric.name, period.key, period.grain, period.start, period.end, through, dict(chosen),
            value, top, under, None, complete, complete and all(item.final for item in known), suppressed,
            status=judged.status, reason=judged.reason, goal=target, gap=judged.gap,
            used=tuple(term.used for term in terms),
        )  # fmt: skip

    def _uneven(self, period: Period, present: Sequence[Reading]) -> bool:
        """Return whether the numbers count through different days, so that they cannot be held against one another."""
        if len({item.through for item in present}) > 1:
            return True
        return period.grain == "all" and len(self.begins) > 1

    def _judged(self, standing: Standing, known: Sequence[Reading], *, uneven: bool) -> Judged:
        """Return the status; where there is no value, the reason says which of the others is to blame for it."""
        judged = judge(standing)
        if judged.status is not Status.NO_DATA:
            return judged
        few = [item.reason for item in known if item.reason.code == "too_few_rows"]
        if few:
            return Judged(Status.TOO_SMALL, few[0])
        if uneven:
            return Judged(Status.NO_DATA, Reason("uneven"))
        return Judged(Status.NO_DATA, Reason("part_missing")) if judged.reason.code == "no_data" else judged


def _worked(metric: Metric, terms: Sequence[_Term]) -> Worked:
    """Return the value that the terms give; a missing one stays missing."""
    values = {term.name: term.value for term in terms}
    match metric.body:
        case Formula(expr=expr):
            return formula(expr, tuple(values))(tuple(values.values())), None, None
        case Share():
            part, whole = values["part"], values["whole"]
            return (100 * part / whole if part is not None and whole else None), part, whole
        case Change(how=how):
            now, then = values.values()
            return _changed(now, then, how), None, None
    raise ValueError(f"`{metric.name}` is not made of other metrics")


def _changed(now: float | None, then: float | None, how: str) -> float | None:
    """Return a number against an earlier one; of an earlier one below 0 the percentage still says up or down."""
    if now is None or then is None:
        return None
    match how:
        case "percent":
            return 100 * (now - then) / abs(then) if then else None
        case "ratio":
            return now / then if then else None
    return now - then


def _runs(item: Reading) -> bool:
    """Return whether a reading is complete so far: its period is over, or every part of it that is over is there."""
    return item.complete or (item.value is not None and item.status is not Status.PARTIAL)


def _judged_by(metric: Metric, grain: str) -> str | None:
    """Return the kind of period that the goal is judged by, where it is not this one."""
    if metric.goal is None or grain in (metric.goal.judge, metric.period if metric.period == "all" else ""):
        return None
    return metric.goal.judge
