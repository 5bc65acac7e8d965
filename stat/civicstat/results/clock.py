"""A dataset's clock: what is known by when, and which periods it is complete for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from civicstat.compiler import AsOfValue
from civicstat.period import Calendar, Period

__all__ = ["Clock", "State"]

State = Literal["complete", "partial", "gap"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """Due, open, age and partial are judged at ``as_of``, local time, never at the wall clock.

    ``is_date``: the whole day of ``as_of`` is known. ``covers`` are the declared days, both ends included; without
    them the data hold the days from ``first`` to ``as_of``. ``lag`` days make a day complete. ``stale`` says that
    no news came for ``stale_days`` at the time of the build.
    """

    as_of: datetime
    is_date: bool = False
    first: date | None = None
    covers: tuple[tuple[date, date], ...] = ()
    lag: int = 0
    stale: bool = False
    stale_days: int | None = None

    @property
    def value(self) -> AsOfValue:
        """The clock as conditions use it."""
        return AsOfValue(self.as_of, self.is_date)

    @property
    def cut(self) -> datetime:
        """The first instant after what is known; rows dated later are not counted anywhere."""
        return _midnight(self.as_of.date() + _DAY) if self.is_date else self.as_of + timedelta(microseconds=1)

    @property
    def name(self) -> str:
        """The clock as text that sorts as it goes."""
        return f"{self.as_of.isoformat(timespec='microseconds')} {self.cut.isoformat(timespec='microseconds')}"

    @property
    def now(self) -> datetime:
        """The moment ages are judged at in a running period: the end of a day that is known whole."""
        return self.cut if self.is_date else self.as_of

    @property
    def last_day(self) -> date:
        """The last day of which something is known."""
        return self.as_of.date()

    @property
    def ranges(self) -> tuple[tuple[date, date], ...]:
        """The closed ranges of days held, in order, those that touch joined."""
        if not self.covers:
            return ((self.first, self.last_day),) if self.first and self.first <= self.last_day else ()
        joined: list[tuple[date, date]] = []
        for low, high in sorted(self.covers):
            if joined and low <= joined[-1][1] + _DAY:
                joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
            else:
                joined.append((low, high))
        return tuple(joined)

    def complete_through(self) -> date | None:
        """Return the last day whose records are complete, or None where none is."""
        if not self.ranges:
            return None
        known = self.last_day if self.is_date or self.covers else self.last_day - _DAY
        day = min(known - timedelta(days=self.lag), self.ranges[-1][1])
        return day if day >= self.ranges[0][0] else None

    def state(self, period: Period) -> State:
        """Return whether the data hold all days of ``period``, some, or none."""
        start, last = period.start, period.last
        if start is None or last is None:
            return "complete"
        if not any(low <= last and high >= start for low, high in self.ranges):
            return "gap"
        inside = any(low <= start and high >= last for low, high in self.ranges)
        return "complete" if inside and self._settled(last) else "partial"

    def periods(self, calendar: Calendar, grain: str) -> list[Period]:
        """Return every period of ``grain`` from the first day held to the clock."""
        if not self.ranges:
            return []
        return calendar.between(grain, self.ranges[0][0], self.last_day)

    def settled_end(self, calendar: Calendar, grain: str) -> date | None:
        """Return the first day after the last complete period of ``grain``; None where no period is complete."""
        ends = [period.end for period in self.periods(calendar, grain) if self.state(period) == "complete"]
        return ends[-1] if ends else None

    def _settled(self, last: date) -> bool:
        if self.is_date or self.covers:
            return last + timedelta(days=self.lag) <= self.last_day
        return _midnight(last + _DAY) + timedelta(days=self.lag) <= self.as_of


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
