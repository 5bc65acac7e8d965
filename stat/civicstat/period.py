"""Periods and their names: days, weeks, months, quarters, calendar and fiscal years, half-open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

__all__ = ["ALL", "GRAINS", "Calendar", "FiscalYear", "Length", "Period", "fiscal_year", "longer_grains"]

GRAINS = ("day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year", "all")

_LONGER = ("quarter", "year", "fiscal_quarter", "fiscal_year", "all")
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "fiscal_quarter": 3, "fiscal_year": 12}
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_NAMES = "`2026-10-14`, `2026-W42`, `2026-10`, `2026-Q4`, `2026`, {fiscal}, {fiscal_quarter} or `all`"
_KEY = re.compile(
    r"(?P<fiscal>FY)?(?P<year>[0-9]{4})"
    r"(?:-(?P<second>[0-9]{2})(?=-Q|$))?"
    r"(?:-(?:(?P<month>[0-9]{2})-(?P<day>[0-9]{2})|W(?P<week>[0-5][0-9])|Q(?P<quarter>[1-4])))?"
)


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """The fiscal year's first month, and which calendar year names it: the one it ends in, starts in, or both."""

    first_month: int = 1
    named_by: Literal["end", "start", "both"] = "end"


@dataclass(frozen=True, slots=True)
class Period:
    """The days ``start <= day < end``, named by ``key``; ``all`` has neither bound."""

    grain: str
    start: date | None
    end: date | None
    key: str

    @property
    def last(self) -> date | None:
        """The last day of the period."""
        return None if self.end is None else self.end - _DAY


ALL = Period("all", None, None, "all")


def fiscal_year(day: date, first_month: int = 7) -> int:
    """Return the fiscal year ``day`` falls in, named by the calendar year it ends in.

    >>> fiscal_year(date(2025, 7, 1)), fiscal_year(date(2026, 6, 30))
    (2026, 2026)
    >>> fiscal_year(date(2026, 1, 1), first_month=1)
    2026
    """
    return day.year + (1 if first_month > 1 and day.month >= first_month else 0)


def longer_grains(base: str, fiscal_year: FiscalYear) -> tuple[str, ...]:
    """Return the grains kept beside a metric's own: those it fits into without a rest, and ``all``.

    >>> longer_grains("month", FiscalYear(7))
    ('quarter', 'year', 'fiscal_quarter', 'fiscal_year', 'all')
    >>> longer_grains("quarter", FiscalYear(7)), longer_grains("quarter", FiscalYear(6))
    (('year', 'fiscal_year', 'all'), ('year', 'all'))
    """
    aligned = fiscal_year.first_month % 3 == 1
    years = {"quarter": ("year", "fiscal_year"), "fiscal_quarter": ("fiscal_year", "year")}
    if base in years:
        return (*years[base][: 2 if aligned else 1], "all")
    if base in ("year", "fiscal_year", "all"):
        return ("all",) if base != "all" else ()
    return _LONGER


@dataclass(frozen=True, slots=True)
class Calendar:
    """The city's calendar: it names periods, reads their names and steps between them.

    ``week_start`` 0 is Monday, 6 Sunday. A week has the year and number of its fourth day: with Monday these are ISO
    8601 weeks, with Sunday the weeks of the U.S. CDC (MMWR). A year has 52 or 53 of them.
    """

    fiscal_year: FiscalYear = FiscalYear()
    week_start: int = 0

    def parse(self, text: str) -> Period:
        """Return the period named ``text``.

        >>> Calendar(FiscalYear(7)).parse("FY2027-Q1").start
        datetime.date(2026, 7, 1)

        Raises:
            ValueError: with a sentence that says which names exist.
        """
        if text == "all":
            return ALL
        grain, start = self._read(text)
        period = self.containing(start, grain) if start else None
        if period is None or period.key != text:
            raise ValueError(f"`{text}` is not a period: write it as {self._names()}")
        return period

    def parse_range(self, text: str, grain: str) -> list[Period]:
        """Return the one period named ``text``; for ``A..B`` each period of ``grain`` from A's first day to B's last.

        Raises:
            ValueError: with a sentence, also where A or B cuts through a period of ``grain``.
        """
        first, dots, last = text.partition("..")
        if not dots:
            return [self.parse(text)]
        begin, finish = self.parse(first), self.parse(last)
        if begin.start is None or finish.last is None:
            raise ValueError(f"`{text}`: `all` cannot be the end of a range")
        if finish.last < begin.start:
            raise ValueError(f"`{text}` ends before it begins: write `{last}..{first}`")
        periods = self.between(grain, begin.start, finish.last)
        if periods[0].start not in (None, begin.start) or periods[-1].end not in (None, finish.end):
            word = grain.replace("_", " ")
            raise ValueError(
                f"`{text}` does not begin and end with a {word}: write `{periods[0].key}..{periods[-1].key}`"
            )
        return periods

    def containing(self, day: date, grain: str) -> Period:
        """Return the period of ``grain`` that ``day`` lies in.

        >>> Calendar(week_start=6).containing(date(2026, 1, 3), "week").key
        '2025-W53'
        """
        match grain:
            case "day":
                return Period(grain, day, day + _DAY, day.isoformat())
            case "week":
                start = day - timedelta(days=(day.weekday() - self.week_start) % 7)
                middle = start + 3 * _DAY
                number = (middle.timetuple().tm_yday + 6) // 7
                return Period(grain, start, start + _WEEK, f"{middle.year:04}-W{number:02}")
            case "all":
                return ALL
            case "month" | "quarter" | "year" | "fiscal_quarter" | "fiscal_year":
                offset = self.fiscal_year.first_month - 1 if grain.startswith("fiscal") else 0
                width = _MONTHS[grain]
                months = day.year * 12 + day.month - 1
                months -= (months - offset) % width
                start = _month(months)
                return Period(grain, start, _month(months + width), self._key(grain, start))
        raise ValueError(f"`{grain}` is not a kind of period: choose from {', '.join(GRAINS)}")

    def between(self, grain: str, first: date, last: date) -> list[Period]:
        """Return every period of ``grain`` that touches the days ``first`` to ``last``, both included, in order."""
        periods: list[Period] = []
        while first <= last:
            period = self.containing(first, grain)
            periods.append(period)
            if period.end is None:
                break
            first = period.end
        return periods

    def previous(self, period: Period) -> Period:
        """Return the period of the same kind just before.

        Raises:
            ValueError: for ``all``, which has no neighbour.
        """
        start, _ = _bounds(period)
        return self.containing(start - _DAY, period.grain)

    def next(self, period: Period) -> Period:
        """Return the period of the same kind just after.

        Raises:
            ValueError: for ``all``, which has no neighbour.
        """
        _, end = _bounds(period)
        return self.containing(end, period.grain)

    def year_before(self, period: Period) -> Period:
        """Return the period of the same name a year earlier; 29 February gives the 28th, week 53 a year's last week.

        >>> Calendar().year_before(Calendar().parse("2026-W53")).key
        '2025-W52'

        Raises:
            ValueError: for ``all``, which has no neighbour.
        """
        start, _ = _bounds(period)
        if period.grain == "week":
            year, number = int(period.key[:4]) - 1, int(period.key[-2:])
            first = self._first_week(year)
            week = self.containing(first + (number - 1) * _WEEK, "week")
            return week if week.key.startswith(f"{year:04}") else self.previous(week)
        day = min(start.day, 28) if start.month == 2 else start.day
        return self.containing(start.replace(year=start.year - 1, day=day), period.grain)

    def inside(self, period: Period, grain: str) -> list[Period]:
        """Return the periods of ``grain`` wholly inside ``period``, in order: weeks cut by its ends are left out.

        Raises:
            ValueError: for ``all``, which has no bounds.
        """
        start, end = _bounds(period)
        return [
            item
            for item in self.between(grain, start, end - _DAY)
            if item.start is not None and item.end is not None and start <= item.start and item.end <= end
        ]

    def _key(self, grain: str, start: date) -> str:
        if grain == "month":
            return f"{start.year:04}-{start.month:02}"
        if grain == "year":
            return f"{start.year:04}"
        if grain == "quarter":
            return f"{start.year:04}-Q{(start.month + 2) // 3}"
        first_month, named_by = self.fiscal_year.first_month, self.fiscal_year.named_by
        ends = fiscal_year(start, first_month)
        starts = ends if first_month == 1 else ends - 1
        year = f"FY{starts if named_by != 'end' else ends:04}"
        if named_by == "both" and starts != ends:
            year += f"-{ends % 100:02}"
        if grain == "fiscal_year":
            return year
        return f"{year}-Q{(start.month - first_month) % 12 // 3 + 1}"

    def _read(self, text: str) -> tuple[str, date | None]:
        """Return the grain of ``text`` and its first day (None: no such day); the caller checks the name is exact."""
        found = _KEY.fullmatch(text)
        if not found:
            return "day", None
        part = found.groupdict()
        year = int(part["year"])
        if not 1 < year < 9999:
            return "day", None
        if part["fiscal"]:
            first_month = self.fiscal_year.first_month
            starts = year - 1 if self.fiscal_year.named_by == "end" and first_month > 1 else year
            if part["quarter"] is None:
                return "fiscal_year", date(starts, first_month, 1)
            return "fiscal_quarter", _month(starts * 12 + first_month - 1 + 3 * (int(part["quarter"]) - 1))
        if part["week"]:
            return "week", self._first_week(year) + (int(part["week"]) - 1) * _WEEK
        if part["quarter"]:
            return "quarter", _month(year * 12 + 3 * (int(part["quarter"]) - 1))
        month, day = int(part["month"] or part["second"] or 1), int(part["day"] or 1)
        grain = "day" if part["day"] else "month" if part["second"] else "year"
        try:
            return grain, date(year, month, day)
        except ValueError:
            return grain, None

    def _first_week(self, year: int) -> date:
        fourth = date(year, 1, 4)
        return fourth - timedelta(days=(fourth.weekday() - self.week_start) % 7)

    def _names(self) -> str:
        sample = date(2026, 7, 1)
        return _NAMES.format(
            fiscal=f"`{self.containing(sample, 'fiscal_year').key}`",
            fiscal_quarter=f"`{self.containing(sample, 'fiscal_quarter').key}`",
        )


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time by the calendar, as ``12 months``."""

    count: int
    unit: Literal["days", "weeks", "months", "years"]

    def before(self, day: date) -> date:
        """Return the day so long before; of a month without that day its last one.

        >>> Length(1, "months").before(date(2026, 3, 31))
        datetime.date(2026, 2, 28)
        """
        return self._moved(day, -self.count)

    def after(self, day: date) -> date:
        """Return the day so long after, likewise."""
        return self._moved(day, self.count)

    def _moved(self, day: date, count: int) -> date:
        if self.unit in ("days", "weeks"):
            return day + timedelta(days=count * (7 if self.unit == "weeks" else 1))
        months = day.year * 12 + day.month - 1 + count * (12 if self.unit == "years" else 1)
        last = _month(months + 1) - timedelta(days=1)
        return last.replace(day=min(day.day, last.day))


def _month(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _bounds(period: Period) -> tuple[date, date]:
    if period.start is None or period.end is None:
        raise ValueError("the period `all` has no first and last day")
    return period.start, period.end
