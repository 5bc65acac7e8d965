"""Opening a number lists exactly the rows it counted: every type of metric, period and slice, in both files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from civicstat.editions import Edition, Store, build_edition
from civicstat.results import Reading
from civicstat.spec import load_project

pytestmark = pytest.mark.slow

Once = Callable[..., Path]
BOTH = pytest.mark.parametrize("office", [False, True], ids=["public", "office"])

CITY = """
name: Oddville
languages: [en]
time_zone: America/Chicago
fiscal_year: {starts: 08-01, named_by: end}
week_start: sunday
business_days: {country: US, closures: [2026-05-19]}
"""
DATASET = """
datasets:
  jobs:
    title: Jobs
    row: one row is one job
    source: {{file: data/jobs.csv}}
    time: opened_at
    as_of: {as_of}
    covers: {covers}
    columns:
      number:    {{from: Number, type: integer}}
      opened_at: {{from: Opened, type: timestamp}}
      closed_at: {{from: Closed, type: timestamp}}
      opened_on: {{from: Opened on, type: date}}
      closed_on: {{from: Closed on, type: date}}
      due_on:    {{from: Due, type: date}}
      ward:      {{from: Ward, type: text}}
      wards:     {{from: Wards, type: text, split: "|"}}
      kind:      {{from: Kind, type: text}}
      cost:      {{from: Cost, type: number}}
    records: {{columns: [number, ward], public: {public}}}
departments:
  works: {{title: Works}}
metrics:
"""
WARDS = ["1", "1 | 2", "2|3|2", " | ", ""]
KINDS = ["a", "a", "b", "c", "other", "100%(x)s", ""]
METRICS = {
    "opened": "type: simple, measure: count(*)",
    "opened_a_week": "type: simple, measure: count(*), period: week",
    "closed_a_quarter": "type: simple, measure: count(*), time: closed_on, period: quarter",
    "spent": "type: simple, measure: sum(cost)",
    "wards": "type: simple, measure: count(distinct ward), period: fiscal_quarter",
    "cheap": "type: ratio, numerator: {where: cost < 3}, denominator: {where: cost is not null}, unit: percent",
    "cost_of_1": "type: ratio, numerator: {measure: sum(cost), where: ward = '1'}, denominator: {where: cost > 4}",
    "quick": "type: within, from: opened_at, to: closed_at, limit: 5 days",
    "quick_in_business": "type: within, from: opened_at, to: closed_on, limit: 9 business_days, open_rows: mature",
    "quick_or_missed": "type: within, from: opened_at, to: closed_on, limit: due_on, open_rows: miss, period: week",
    "quick_once_due": "type: within, from: opened_on, to: closed_on, limit: due_on, open_rows: mature, time: due",
    "median_open": "type: duration, from: opened_on, to: closed_at, measure: median(elapsed), unit: days,"
    " open_rows: censor",
    "median_days": "type: duration, from: opened_on, to: closed_at, measure: median(elapsed), unit: days",
    "open_jobs": "type: stock, opened: opened_at, closed: closed_at",
    "open_on_a_day": "type: stock, opened: opened_on, closed: closed_at, where: cost >= 2, period: week",
    "open_old": "type: stock, opened: opened_at, closed: closed_at, where: age > 20 and cost < 8",
    "open_young": "type: stock, opened: opened_at, closed: closed_on, where: age <= 9.5, period: week",
    "open_old_days": "type: stock, opened: opened_on, closed: closed_on, where: age between 10 and 60",
    "never_closed": "type: stock, opened: opened_on",
    "level": "type: snapshot, measure: sum(cost), time: opened_on",
    "level_at_first": "type: snapshot, measure: count(*), time: opened_at, take: first, period: week, where: cost > 2",
    "level_on_average": "type: snapshot, measure: sum(cost), time: closed_on, take: avg",
    "kinds": "type: distinct, entity: kind",
    "kinds_back": "type: conversion, entity: kind, base: ward = '1', then: cost > 6, inside: 9 days, time: opened_on",
    "kinds_again": "type: recurrence, entity: kind, more_than: 9, over: 60 days, time: opened_on",
    "wards_again": "type: recurrence, entity: ward, more_than: 9, over: 5 weeks, show: share, measure: sum(cost)",
    "kinds_since": "type: recurrence, entity: kind, show: change, cohort: {top: 3, on: 2026-02-10, before: 1 month}",
}


def unequal(edition: Edition, readings: Iterator[Reading]) -> tuple[list[str], int]:
    """The readings that do not list their rows, and how many were looked at."""
    wrong, looked_at = [], 0
    for item in readings:
        if item.n is None or item.suppressed or not edition.opens(item.metric, item.slice):
            continue
        page = edition.rows(item.metric, item.period, item.slice, limit=item.n + 9)
        looked_at += 1
        hits = item.numerator if item.metric in ("cheap", "quick", "quick_or_missed", "quick_once_due") else None
        if not len(page.rows) == page.total == item.n or (hits is not None and hits != sum(map(bool, page.hits))):
            wrong.append(f"{item.metric} {item.period} {dict(item.slice)}: {len(page.rows)} rows, n {item.n}")
    return wrong, looked_at


def every(edition: Edition) -> Iterator[Reading]:
    for name, info in edition.catalogue.metrics.items():
        for dimension in ("", *(item.by for item in info.dimensions)):
            yield from edition.readings(name, dimension=dimension)


ALL = "[number, opened_at, closed_at, opened_on, closed_on, due_on, ward, wards, kind, cost]"


@pytest.fixture(
    scope="module",
    params=[(as_of, public) for as_of in ("2026-05-20", "2026-05-20T09:30:00") for public in ("[number, ward]", ALL)],
    ids=["a day, few columns", "a day, all columns", "a moment, few columns", "a moment, all columns"],
)
def oddville(request: pytest.FixtureRequest, once: Once) -> Path:
    """Jobs without dates, closed before they were opened, after the clock, before what is covered, in no ward."""
    as_of, public = request.param

    def build(root: Path) -> None:
        covers = "[[2026-01-01, 2026-02-28], [2026-04-01, 2026-05-20]]"
        metrics = "".join(
            f"  {name}: {{title: It, dataset: jobs, {body}, {ways(body)}{unit(body)}}}\n"
            for name, body in METRICS.items()
        )
        texts = {
            "metrics/city.yaml": CITY,
            "metrics/datasets/jobs.yaml": DATASET.format(as_of=as_of, covers=covers, public=public) + metrics,
            "data/jobs.csv": "\n".join(
                ["Number,Opened,Closed,Opened on,Closed on,Due,Ward,Wards,Kind,Cost", *jobs(Random(7))]
            ),
        }
        for name, text in texts.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        build_edition(load_project(root), as_of=date(2026, 5, 20))

    return once(f"oddville-{'moment' if 'T' in as_of else 'day'}-{'all' if public == ALL else 'few'}", build)


def ways(body: str) -> str:
    """Every way to split; a stock by the age of its rows, too."""
    aged = "{by: age, bands: [20, 60]}, [age, wards], " if "stock" in body else ""
    took = "{by: elapsed, bands: [5, 20.5]}, " if "duration" in body and "censor" not in body else ""
    return f"dimensions: [ward, {aged}{took}{{by: cost, bands: [3, 6]}}, {{by: kind, top: 2}}, wards, [kind, wards]]"


def unit(body: str) -> str:
    return "" if "within" in body or "unit" in body or "show" in body or "conversion" in body else ", unit: jobs"


def jobs(chance: Random) -> Iterator[str]:
    for number in range(240):
        days = [date(2025, 12, 20) + timedelta(days=chance.randrange(165)) for _ in range(5)]
        hours = [f"{day}T{chance.choice(['00:00:00', '09:30:00', '23:59:59'])}" for day in days[:2]]
        dates = [cell if chance.random() < 0.85 else "" for cell in (*hours, *(day.isoformat() for day in days[2:]))]
        cost = str(chance.randrange(10))
        yield ",".join(
            [str(number), *dates, chance.choice(["1", "2", ""]), chance.choice(WARDS), chance.choice(KINDS), cost]
        )


@BOTH
def test_a_list_of_rows_is_as_long_as_its_number_whatever_the_records_hold(oddville: Path, office: bool) -> None:
    edition = Store(oddville, office=office).current()

    opened = [item for item in every(edition) if edition.opens(item.metric, item.slice)]
    chosen = Random(5).sample(opened, 300)

    assert unequal(edition, iter(chosen)) == ([], 300)
    ages, moments = {"open_old", "open_young", "open_old_days"}, {"level", "level_at_first"}
    again = {"kinds_again", "wards_again", "kinds_since"}
    few = not office and len(edition.records["jobs"].shown) == 2
    assert {item.metric for item in opened} == set(METRICS) - ((ages | moments) if few else set()) - (
        set() if office else again
    )


@BOTH
def test_riverbend_lists_what_it_counts(demo_project: Path, office: bool) -> None:
    edition = Store(demo_project, office=office).current()
    chance = Random(3)
    small = [item for item in every(edition) if item.n is not None and item.n < 3000]
    by_metric = [[item for item in small if item.metric == name] for name in edition.catalogue.metrics]
    chosen = [item for mine in by_metric for item in chance.sample(mine, min(len(mine), 8))]

    wrong, looked_at = unequal(edition, iter(chosen))

    assert wrong == []
    assert looked_at > 100
