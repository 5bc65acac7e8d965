"""Which numbers of other metrics go into a number: of which metric, period and slice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from civicstat.period import Calendar, Period
from civicstat.results.reading import Reading
from civicstat.results.term import WHOLE, Index, Slice, Term
from civicstat.spec import (
    AGAINST,
    FACTOR,
    Break,
    Change,
    Cumulative,
    Equivalent,
    Factor,
    Metric,
    Operand,
    Quotient,
    Share,
    break_between,
    operands_of,
)

__all__ = ["Terms"]


@dataclass(frozen=True, slots=True)
class Terms:
    """All numbers of the metrics that one is ``found`` to be made of; ``own`` are its readings as they come.

    ``breaks`` are those of each of the metrics.
    """

    metric: Metric
    found: Mapping[str, Index]
    own: Index
    calendar: Calendar
    breaks: Mapping[str, Sequence[Break]] = field(default_factory=dict)
    _inside: dict[str, list[Period]] = field(default_factory=dict)
    _levels: dict[str, str] = field(default_factory=dict)

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
            case Quotient(numerator=top, denominator=under, levels=levels):
                return [
                    self._level(name, period, here) if name in levels else self._term(name, name, period, here)
                    for name in (top, under)
                ]
            case Equivalent():
                return self._converted(self.metric.body, period, chosen)
            case Cumulative():
                return list(self._gathered(self.metric.body, period, here))
        return [
            self._earlier(item, period, here) if item.shift else self._term(item.name, item.metric, period, here)
            for item in operands_of(self.metric.body)
        ]

    def state(self, period: Period, chosen: Mapping[str, str], terms: Sequence[Term]) -> list[Reading]:
        """Return the readings of the very period, by which it is complete or not."""
        if isinstance(self.metric.body, Cumulative | Equivalent):
            where = frozenset((column, member) for column, member in chosen.items() if column != FACTOR)
            terms = [self._term("", self.metric.body.metric, period, where)]
        return [term.reading for term in terms if term.here and term.reading]

    def _term(self, name: str, metric: str, period: Period, where: Slice) -> Term:
        return Term(name, metric, period.key, where, self.found[metric].at.get((period.key, where)))

    def _level(self, name: str, period: Period, where: Slice) -> Term:
        """Return the level of a period: its own, or the last one of a period that has ended by then."""
        if period.key not in self._levels:
            index, end = self.found[name], period.end or date.max
            own = index.at.get((period.key, WHOLE)) if period.end else None
            timed = [item for item in index.periods.values() if item.end] or list(index.periods.values())
            known = [item for item in timed if (item.end or date.min) <= end]
            told = [item for item in known if index.at[item.key, WHOLE].value is not None]
            last = max(told, key=lambda item: (item.end or date.min, _begins(item)), default=period)
            self._levels[period.key] = period.key if own and own.value is not None else last.key
        key = self._levels[period.key]
        return Term(name, name, key, where, self.found[name].at.get((key, where)), here=False, level=True)

    def _earlier(self, operand: Operand, period: Period, where: Slice) -> Term:
        """Return an earlier number, which is there where both periods are complete."""
        then, index = self._shifted(period, operand.shift), self.found[operand.metric]
        if then is None:
            return Term(operand.name, operand.metric, operand.shift, where, None, here=False)
        broken = break_between(self.breaks.get(operand.metric, ()), _begins(then), period.end)
        if broken:
            return Term(operand.name, operand.metric, then.key, where, None, here=False, broken=broken)
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
        [index] = self.found.values()
        inside = self._own_inside(period)
        settled = [item for item in inside if index.at[item.key, WHOLE].complete]
        return (settled or inside)[-1] if inside else None

    def _own_inside(self, period: Period) -> list[Period]:
        """Return the periods of the metric's own kind that a longer one holds, in order."""
        if period.key not in self._inside:
            [index] = self.found.values()
            first, end, grain = _begins(period), period.end or date.max, self.metric.period
            own = (item for item in index.periods.values() if item.grain == grain and first <= _begins(item) < end)
            self._inside[period.key] = sorted(own, key=_begins)
        return self._inside[period.key]

    def _converted(self, body: Equivalent, period: Period, chosen: Mapping[str, str]) -> list[Term]:
        """Return the number with its factor; where that changes inside a period, the numbers inside are converted."""
        factors = body.others[chosen[FACTOR]] if FACTOR in chosen else body.factors
        where = frozenset((column, member) for column, member in chosen.items() if column != FACTOR)
        inside = self._own_inside(period) or [period]
        known = dict.fromkeys(_factor(factors, item) for item in inside)
        if len(known) > 1 and None not in known:
            name, own = self.metric.name, frozenset(chosen.items())
            read = ((item, self.own.at.get((item.key, own))) for item in inside)
            return [Term(name, name, item.key, own, reading, here=False) for item, reading in read]
        factor = None if None in known else next(iter(known))
        return [replace(self._term(body.metric, body.metric, period, where), factor=factor)]

    def _year(self, period: Period) -> Period:
        return self.calendar.containing(_begins(period), "fiscal_year")


def _begins(period: Period) -> date:
    return period.start or date.min


def _factor(factors: Sequence[Factor], period: Period) -> float | None:
    """Return the factor in force when a period begins; None before the first."""
    begun = [item.value for item in factors if item.since is None or item.since <= _begins(period)]
    return begun[-1] if begun else None
