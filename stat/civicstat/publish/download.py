"""Downloads of a metric: its readings as CSV, spreadsheet or JSON, and the rows behind one of them as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from civicstat.editions import BenchmarkInfo, Edition, MetricInfo
from civicstat.publish.answer import as_promised, find_readings, number, reading_reason
from civicstat.publish.answer import readings_json as as_json
from civicstat.publish.behaviour import metric_behaviour
from civicstat.publish.chance import interval_of
from civicstat.publish.compared import Compared, compared_with
from civicstat.publish.sheet import Sheet
from civicstat.results import Reading
from civicstat.words import phrase, pick, plain

__all__ = ["MOST_ROWS", "every_reading", "readings_json", "readings_sheet", "rows_sheet", "told_readings"]

_FIRST = ("metric", "period", "start", "end")
_LAST = (
    *("value", "unit", "numerator", "denominator", "n", "complete", "final", "suppressed"),
    *("status", "reason", "goal_low", "goal_high", "data_through"),
)
_INTERVAL = ("interval_low", "interval_high")
MOST_ROWS = 100_000
"""Rows of one download; more are asked for slice by slice or period by period."""


def every_reading(edition: Edition, metric: str, period: str, by: Sequence[str]) -> list[Reading]:
    """Return the readings of ``period``, or where it is "" those of every period of the metric's own kind.

    Raises:
        CivicstatError: as ``find_readings``.
    """
    found = find_readings(edition, metric, period, by)
    if period or not found:
        return found
    grain, dimension = found[0].grain, ",".join(sorted(found[0].slice))
    info = edition.catalogue.metrics[metric]
    return [as_promised(item, info) for item in edition.readings(metric, grain=grain, dimension=dimension)]


def readings_sheet(
    edition: Edition, info: MetricInfo, found: Sequence[Reading], compare: str = "", lang: str = "en"
) -> Sheet:
    """Return readings as a table: a column for each dimension, blank cells where a number is withheld or missing.

    A dimension that is called like one of the other columns stands there as ``by_unit``. ``compare`` adds the other
    number and the difference. A share or a rate of events has the ends of its 95 % interval.
    """
    split = tuple(dict.fromkeys(name for item in found for name in item.slice))
    named = (f"by_{name}" if name in _FIRST + _LAST + _INTERVAL else name for name in split)
    used = [{part.name: number(part.value) for part in parts} for parts in edition.used(found)]
    made_of = tuple(dict.fromkeys(name for parts in used for name in parts))
    columns = (*_FIRST, *named, *_LAST, *made_of)
    lines = zip(found, used, strict=True)
    rows = [(*_line(item, info, split, lang), *(parts.get(name) for name in made_of)) for item, parts in lines]
    if info.chance:
        columns += _INTERVAL
        rows = [(*row, *_ends(item, info)) for row, item in zip(rows, found, strict=True)]
    about = _about(edition, info, lang)
    if compare:
        compared = compared_with(edition, info, found, compare)
        columns += ("compared_with", "compared_period", "compared_value", "difference")
        rows = [(*row, *_beside(other, lang)) for row, other in zip(rows, compared, strict=True)]
        others = info.benchmarks if compare == "benchmark" else ()
        about += tuple(("benchmark", plain(_benchmark(item, lang))) for item in others)
    return Sheet("readings", columns, rows, about)


def readings_json(
    edition: Edition, metric: str, found: Sequence[Reading], compare: str = "", lang: str = "en"
) -> dict[str, Any]:
    """Return readings with what their reader must know, each as the interface gives it."""
    info = edition.catalogue.metrics[metric]
    told = told_readings(edition, metric, found, compare, lang)
    given: dict[str, Any] = {"about": dict(_about(edition, info, lang)), "readings": told}
    if info.spc is not None:
        given["behaviour"] = metric_behaviour(edition, info, lang, [item.slice for item in found])
    return given


def told_readings(
    edition: Edition, metric: str, found: Sequence[Reading], compare: str, lang: str
) -> list[dict[str, Any]]:
    """Return each reading as the interface gives it, beside what it is compared with where that is asked."""
    info = edition.catalogue.metrics[metric]
    told = as_json(edition, info, found, lang)
    if not compare:
        return told
    others = compared_with(edition, info, found, compare)
    return [{**item, "compared": other.json(lang)} for item, other in zip(told, others, strict=True)]


def _ends(item: Reading, info: MetricInfo) -> tuple[float | None, float | None]:
    ends = interval_of(item, info)
    return (None, None) if ends is None else (ends.lower, ends.upper)


def _beside(other: Compared, lang: str) -> tuple[Any, ...]:
    whose = other.benchmark
    named = plain(f"{pick(whose.who, lang)}, {whose.year}") if whose else other.kind
    return named, other.period, number(other.value), number(other.difference)


def _benchmark(item: BenchmarkInfo, lang: str) -> str:
    return f"{pick(item.who, lang)}, {item.year}: {number(item.value)} ({pick(item.source, lang)})"


def rows_sheet(edition: Edition, info: MetricInfo, reading: Reading, lang: str) -> Sheet:
    """Return the rows a reading counted; ``counts_for`` says which of a share's rows are in its numerator.

    Raises:
        CivicstatError: the rows are not open in this file, or the reading is withheld.
    """
    pages = edition.all_rows(info.name, reading.period, reading.slice)
    first = next(pages)
    marked = any(hit is not None for hit in first.hits)

    def lines() -> Iterator[tuple[Any, ...]]:
        for page in chain([first], pages):
            for row, hit in zip(page.rows, page.hits, strict=True):
                yield (*row, hit) if marked else row

    columns = (*first.columns, *(("counts_for",) if marked else ()))
    return Sheet("rows", columns, lines(), _about(edition, info, lang))


def _line(item: Reading, info: MetricInfo, split: Sequence[str], lang: str) -> tuple[Any, ...]:
    low, high = item.goal if isinstance(item.goal, tuple) else (item.goal, None)
    if info.better == "lower" and high is None:
        low, high = None, low  # at most so much
    hidden = item.suppressed
    numbers = (None,) * 4 if hidden else (item.value, item.numerator, item.denominator, item.n)
    value, over, under, count = map(number, numbers)
    return (
        *(item.metric, item.period, item.start, item.end, *(item.slice.get(name, "") for name in split)),
        *(value, info.unit, over, under, count, item.complete, item.final, hidden, str(item.status)),
        *(plain(reading_reason(item, info, lang)), number(low), number(high), item.through),
    )


def _about(edition: Edition, info: MetricInfo, lang: str) -> tuple[tuple[str, str], ...]:
    behind = edition.catalogue.behind(info)
    told = (
        ("title", pick(info.title, lang)),
        ("why", pick(info.why, lang) if info.why else ""),
        ("city", pick(edition.catalogue.city.name, lang)),
        ("notice", pick(edition.catalogue.city.notice, lang) if edition.catalogue.city.notice else ""),
        ("dataset", ", ".join(pick(item.title, lang) for item in behind)),
        ("license", ", ".join(dict.fromkeys(item.license for item in behind if item.license))),
        ("complete_through", edition.catalogue.complete_through(info) or ""),
        ("edition", edition.id),
        ("as_of", edition.as_of.isoformat()),
        ("counted", " ".join(info.counted.get(lang, ()))),
        ("breaks", "; ".join(f"{item.on}: {pick(item.what, lang)}" for item in info.breaks)),
        ("interval", phrase(f"download.interval_{info.chance}", lang) if info.chance else ""),
        ("empty_cells", phrase("download.empty", lang)),
    )
    return tuple((label, plain(text)) for label, text in told if text)
