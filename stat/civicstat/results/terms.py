"""Which numbers of other metrics go into a number: of which metric, period and slice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from civicstat.period import Calendar, Period
from civicstat.results.reading import Reading, Used
from civicstat.spec import AGAINST, Change, Cumulative, Metric, Operand, Share, operands_of

__all__ = ["Index", "Slice", "Term", "Terms"]

Slice = frozenset[tuple[str, str]]
WHOLE: Slice = frozenset()


@dataclass(frozen=True, slots=True)
class Index:
    """The readings of one metric by period and slice, and the periods of its totals."""

    at: dict[tuple[str, Slice], Reading]
    periods: dict[str, Period]

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> Index:
        """Return the index of some readings."""
        index = cls({}, {})
        for item in readings:
            index.add(item)
        return index

    def add(self, item: Reading) -> None:
        """Take up a reading."""
        self.at[item.period, frozenset(item.slice.items())] = item
        if not item.slice:
            self.periods[item.period] = Period(item.grain, item.start, item.end, item.period)


@dataclass(frozen=True, slots=True)
class Term:
    """One number that goes into another: what it is called there, where it is from, and its reading if there is one.

    ``here``: it is of the very period of the other, whose state it decides.
    """

    name: str
    metric: str
    period: str
    slice: Slice
    reading: Reading | None
    here: bool = True

    @property
    def value(self) -> float | None:
        """The number; None where there is none."""
        return self.reading.value if self.reading else None

    @property
    def used(self) -> Used:
        """The number as the other is said to be made of it."""
        return Used(self.name, self.metric, self.period, dict(sorted(self.slice)), self.value)


@dataclass(frozen=True, slots=True)
class Terms:
    """All numbers of the metrics that one is ``found`` to be made of; ``own`` are its readings as they come."""

    metric: Metric
    found: Mapping[str, Index]
    own: Index
    calendar: Calendar
    _last: dict[str, Period | None] = field(default_factory=dict)

    @property
    def within(self) -> Slice:
        """The slice of the other metric that this one lies in: the one member a share is of."""
        body = self.metric.body
        return frozenset([body.of]) if isinstance(body, Share) and body.of else WHOLE

    def of(self, period: Period, chosen: Mapping[str, str]) -> list[Term]:
        """Return what goes into the number of a period and slice."""
        here = frozenset(chosen.items())
        match self.metric.body:
            case Share(metric=name):
                parts = (("part", self.within | here), ("whole", self.within))
                return [self._term(label, name, period, where) for label, where in parts]
            case Change(metric=name, member=(by, member)):
                other = frozenset((column, there) for column, there in here if column != by) | {(by, member)}
                return [self._term(name, name, period, here), self._term(f"{name}[{member}]", name, period, other)]
            case Change(metric=name, against=against):
                there = frozenset((column, member) for column, member in here if column != AGAINST)
                then = Operand(name, chosen.get(AGAINST, against[0]))
                return [self._term(name, name, period, there), self._earlier(then, period, there)]
            case Cumulative():
                return list(self._gathered(self.metric.body, period, here))
        return [
            self._earlier(item, period, here) if item.shift else self._term(item.name, item.metric, period, here)
            for item in operands_of(self.metric.body)
        ]

    def state(self, period: Period, chosen: Mapping[str, str], terms: Sequence[Term]) -> list[Reading]:
        """Return the readings of the very period, by which it is complete or not."""
        if isinstance(self.metric.body, Cumulative):
            terms = [self._term("", self.metric.body.metric, period, frozenset(chosen.items()))]
        return [term.reading for term in terms if term.here and term.reading]

    def _term(self, name: str, metric: str, period: Period, where: Slice) -> Term:
        return Term(name, metric, period.key, where, self.found[metric].at.get((period.key, where)))

    def _earlier(self, operand: Operand, period: Period, where: Slice) -> Term:
        """Return an earlier number, which is there where both periods are complete."""
        then, index = self._shifted(period, operand.shift), self.found[operand.metric]
        if then is None:
            return Term(operand.name, operand.metric, operand.shift, where, None, here=False)
        both = (index.at.get((key, WHOLE)) for key in (period.key, then.key))
        held = all(reading and reading.complete for reading in both)
        reading = index.at.get((then.key, where)) if held else None
        return Term(operand.name, operand.metric, then.key, where, reading, here=False)

    def _shifted(self, period: Period, shift: str) -> Period | None:
        """Return the earlier period that one is held against; None where there is none before it."""
        if shift == "prior_period":
            return self.calendar.previous(period)
        if shift == "prior_year":
            return self.calendar.year_before(period)
        fixed = self.calendar.parse(shift)
        if fixed.grain == period.grain:
            return fixed if _begins(fixed) <= _begins(period) else None
        if fixed.grain not in ("year", "fiscal_year"):
            return None
        while _begins(period) >= _begins(fixed):
            if fixed.end and period.end and period.end <= fixed.end:
                return period
            period = self.calendar.year_before(period)
        return None

    def _gathered(self, body: Cumulative, period: Period, where: Slice) -> Iterator[Term]:
        """Yield the total before this period and what comes to it, or each of the last few periods.

        A longer period has what its last period has.
        """
        name, own = body.metric, self.metric.name
        if period.grain != self.metric.period:
            last = self._last_inside(period)
            if last:
                yield Term(own, own, last.key, where, self.own.at.get((last.key, where)), here=False)
            return
        if isinstance(body.over, int):
            for back in range(body.over):
                label = f"{name}@-{back}" if back else name
                yield Term(label, name, period.key, where, self.found[name].at.get((period.key, where)))
                period = self.calendar.previous(period)
            return
        before = self.calendar.previous(period)
        earlier = self.own.at.get((before.key, where))
        if earlier and (body.over == "all" or self._year(before) == self._year(period)):
            yield Term(f"{own}@prior_period", own, before.key, where, earlier, here=False)
        yield self._term(name, name, period, where)

    def _last_inside(self, period: Period) -> Period | None:
        """Return the last period of the metric's own kind that a longer one holds, as far as it is settled."""
        if period.key not in self._last:
            [index] = self.found.values()
            first, end = _begins(period), period.end or date.max
            grain = self.metric.period
            own = (item for item in index.periods.values() if item.grain == grain)
            inside = [item for item in own if first <= _begins(item) < end]
            settled = [item for item in inside if index.at[item.key, WHOLE].complete]
            self._last[period.key] = max(settled or inside, key=_begins, default=None)
        return self._last[period.key]

    def _year(self, period: Period) -> Period:
        return self.calendar.containing(_begins(period), "fiscal_year")


def _begins(period: Period) -> date:
    return period.start or date.min
