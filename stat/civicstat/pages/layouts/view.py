"""Which readings a page shows: the newest that can be judged, the series that leads to it, worst first, and counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from civicstat.editions import DatasetInfo, Edition, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.results import SCORED, Reading, Status
from civicstat.words import day_text, phrase

__all__ = [
    "POINTS",
    "Headline",
    "around",
    "count_statuses",
    "edition_facts",
    "headline",
    "headline_of",
    "is_judged",
    "series_to",
    "stale_datasets",
    "stood",
    "worst_first",
    "year_before",
]

_WORST = (
    Status.OFF_TRACK,
    Status.NEAR,
    Status.FAILED,
    Status.STALE,
    Status.NO_DATA,
    Status.TOO_SMALL,
    Status.PROVISIONAL,
    Status.PARTIAL,
    Status.ON_TRACK,
    Status.MET,
    Status.BASELINE,
    Status.INFORMATIONAL,
    Status.NOT_DUE,
    Status.NO_GOAL,
)
_RECENT = 4  # readings among which a settled one is preferred to a newer one that may still change
POINTS = 60
"""Points of a chart over time: five years of months."""

_AFTER = 13
_SHOWN = 25  # points of a sparkline: two years of months and the month they are compared with


@dataclass(frozen=True, slots=True)
class Headline:
    """A metric with the reading it is judged by; ``series`` leads up to it, ``before`` is the one a year earlier."""

    info: MetricInfo
    reading: Reading | None = None
    series: tuple[Reading, ...] = ()
    before: Reading | None = None

    @property
    def status(self) -> Status:
        """The status shown: a metric without a reading failed, or has no data."""
        if self.info.error is not None:
            return Status.FAILED
        return self.reading.status if self.reading else Status.NO_DATA


def headline(edition: Edition, name: str) -> Headline:
    """Return the newest reading of a metric that can be judged, in the period its goal is judged by.

    A period that is still open is passed over while one of the three before it is settled, unless it is scored as it
    runs; one that has no value, or is out of date, is not. Older than that, the newest is news even if it may change.
    """
    info = edition.catalogue.metrics[name]
    if info.error is not None:
        return Headline(info)
    grain = info.goal.judge if info.goal else info.period
    found = edition.readings(name, grain=grain) or edition.readings(name, grain="all")
    reading = headline_of(found, _last_day(edition, info))
    if reading is None:
        return Headline(info)
    series = series_to(found, reading)[-_SHOWN:]
    return Headline(info, reading, tuple(series), year_before(edition, found, reading))


def headline_of(found: Sequence[Reading], last: date | None) -> Reading | None:
    """Return the newest of some readings that can be judged, of those that begin by the day ``last``."""
    known = _up_to(found, last)
    settled = [item for item in known[-_RECENT:] if item.status in SCORED or _is_settled(item)]
    return (settled or known)[-1] if known else None


def series_to(found: Sequence[Reading], reading: Reading) -> list[Reading]:
    """Return the readings up to ``reading`` and the unsettled ones right after it that have a value."""
    series = []
    for item in found:
        late = item.start is not None and reading.start is not None and item.start > reading.start
        if late and (item.value is None or _is_settled(item)):
            break
        series.append(item)
    return series


def _is_settled(item: Reading) -> bool:
    return item.complete and item.final


def year_before(edition: Edition, found: Iterable[Reading], reading: Reading) -> Reading | None:
    """Return the complete reading of the same period a year before, if both have a value and mean the same."""
    if reading.start is None or reading.value is None or not reading.complete:
        return None
    earlier = edition.calendar.year_before(edition.calendar.parse(reading.period))
    key = earlier.key
    if edition.catalogue.metrics[reading.metric].broken(earlier.start, reading.end):
        return None
    return next((item for item in found if item.period == key and item.value is not None and item.complete), None)


def worst_first(headlines: Iterable[Headline]) -> list[Headline]:
    """Return goals with the worst first: by status, then by how far they miss as a share of the goal."""
    return sorted(headlines, key=lambda item: (_WORST.index(item.status), -_miss(item.reading)))


def _miss(reading: Reading | None) -> float:
    if reading is None or reading.gap is None:
        return 0.0
    goal = max(map(abs, reading.goal)) if isinstance(reading.goal, tuple) else abs(reading.goal or 0)
    return reading.gap / goal if goal else reading.gap


def count_statuses(headlines: Iterable[Headline]) -> dict[Status, int]:
    """Return how many stand at each status, the worst first; those with none are left out."""
    found = [item.status for item in headlines]
    return {status: found.count(status) for status in _WORST if status in found}


def is_judged(info: MetricInfo) -> bool:
    """Return whether a metric has a goal; without one it is a management statistic."""
    return info.goal is not None


def stood(info: MetricInfo, reading: Reading) -> bool:
    """Return whether the goal stood in the period of a reading; without a goal nothing stands in the way."""
    goal = info.goal_of(reading.end)
    return goal is None or goal.stood(reading.end)


def around(found: Sequence[Reading], key: str) -> Sequence[Reading]:
    """Return the newest readings, or older ones that hold the period asked for with a year after it."""
    at = next((at for at, item in enumerate(found) if item.period == key), len(found))
    end = min(len(found), max(at + _AFTER, POINTS)) if at < len(found) - POINTS else len(found)
    return found[max(0, end - POINTS) : end]


def edition_facts(edition: Edition, metrics: Iterable[str], ask: Ask) -> list[tuple[str, str | None]]:
    """Return how far the data of ``metrics`` reach and which edition this is, for the head of a page."""
    through = _data_through(edition, metrics)
    days = None
    if through:
        first, last = (day_text(day, ask.lang) for day in through)
        days = first if first == last else phrase("page.through_between", ask.lang, first=first, last=last)
    published = phrase("page.edition_of", ask.lang, day=edition.published_at.date())
    return [(phrase("page.data_through", ask.lang), days), (phrase("page.edition", ask.lang), published)]


def _data_through(edition: Edition, metrics: Iterable[str]) -> tuple[date, date] | None:
    """Return the first and the last day through which the metrics' datasets are complete (often the same)."""
    catalogue = edition.catalogue
    used = {dataset for name in metrics for dataset in catalogue.metrics[name].datasets}
    days = [date.fromisoformat(day) for name in used if (day := catalogue.datasets[name].complete_through)]
    return (min(days), max(days)) if days else None


def stale_datasets(edition: Edition, ask: Ask) -> list[DatasetInfo]:
    """Return the stale datasets behind the page asked for: of its metric, its department or itself, else all."""
    catalogue = edition.catalogue
    kind, _, name = ask.path.removeprefix("/").partition("/")
    if kind == "m" and name in catalogue.metrics:
        names = set(catalogue.metrics[name].datasets)
    elif kind == "d" and name in catalogue.departments:
        names = {
            dataset for item in catalogue.departments[name].metrics for dataset in catalogue.metrics[item].datasets
        }
    elif kind == "data":
        names = {name}
    else:
        names = set(catalogue.datasets) if not kind else set()
    return [info for info in catalogue.datasets.values() if info.stale and info.name in names]


def _last_day(edition: Edition, info: MetricInfo) -> date | None:
    return edition.calendar.parse(info.last).start if info.last else None


def _up_to(found: Sequence[Reading], last: date | None) -> Sequence[Reading]:
    known = [item for item in found if last is None or item.start is None or item.start <= last]
    return known or found
