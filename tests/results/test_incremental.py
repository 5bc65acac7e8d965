"""Whatever happens to records, clock and declarations, reusing what still holds gives the numbers of a full build."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from civicstat.compiler import SQL_TYPES
from civicstat.results import Clock, Memory, Reading, Status, read_metrics
from civicstat.results.measure import Earlier
from civicstat.spec import Project, load_files

CITY = "name: Daily\nlanguages: [en]\ntime_zone: America/Chicago\nfiscal_year: {starts: 07-01}\nstatus: {near: NEAR}\n"
METRICS = """
datasets:
  jobs:
    title: Jobs
    row: one row is one job
    source: {file: jobs.csv}
    time: opened
    columns:
      opened: {from: a, type: timestamp}
      closed: {from: b, type: timestamp}
      till:   {from: c, type: date}
      ward:   {from: d, type: text}
      cost:   {from: e, type: integer}
departments:
  works: {title: Works, metrics: [NAMES]}
metrics:
  came: {type: simple, measure: count(*), where: cost > LEAST, unit: jobs, dimensions: [ward], since: SINCE}
  weekly: {type: simple, period: week, measure: sum(cost), unit: dollars}
  dearest: {type: simple, measure: max(cost), goal: {target: {from: 3, on: 2026-02-01, to: 9, by: 2026-04-30}}}
  kinds: {type: simple, measure: count(distinct ward), unit: wards}
  costs: {type: simple, measure: count(*), unit: jobs, dimensions: [{by: ward, top: TOP}, cost]}
  private: {type: simple, measure: count(*), unit: jobs, dimensions: [ward], privacy: {min_count: SMALL}}
  share: {type: ratio, numerator: {where: cost > LEAST}, denominator: count(*), dimensions: [ward], goal: {target: AIM}}
  leaving_out: {type: within, from: opened, to: closed, limit: 20 days, dimensions: [ward]}
  missing: {type: within, from: opened, to: closed, limit: 20 days, open_rows: miss}
  ripe: {type: within, from: opened, to: closed, limit: till, open_rows: mature}
  lasting: {type: duration, from: opened, to: closed, unit: days, measure: median(elapsed), open_rows: censor}
  slow: {type: duration, from: opened, to: closed, unit: days, measure: median(elapsed), dimensions: [ward]}
  finished: {type: simple, time: closed, measure: count(*), unit: jobs}
  kept_up: {type: simple, time: closed, measure: count(*), unit: jobs, goal: {target: "{came}", hold: 2}}
  rising: {type: simple, measure: sum(cost), dimensions: [ward], goal: {target: {improve: 9% on prior_period}}}
  waiting: {type: simple, measure: count(*), where: "closed is null and days_between(opened, as_of) > 30", unit: jobs}
  levels: {type: snapshot, measure: sum(cost), unit: dollars, dimensions: [ward]}
  levels_on_average: {type: snapshot, take: avg, period: week, measure: count(*), unit: jobs}
  people: {type: distinct, entity: ward, unit: wards, dimensions: [ward]}
  again: {type: recurrence, entity: ward, more_than: 3, over: 2 months, unit: wards, dimensions: [ward]}
  of_a_few: {type: recurrence, entity: ward, show: change, cohort: {top: 1, on: 2026-02-15, before: 30 days}}
  back: {type: conversion, entity: ward, base: cost > 4, then: cost < 3, inside: 20 days, dimensions: [ward]}
  open: {type: stock, opened: opened, closed: closed, unit: jobs, dimensions: [ward]}
  open_long: {type: stock, opened: opened, closed: closed, where: age > 10, unit: jobs, dimensions: [ward]}
"""
FIRST = date(2026, 1, 1)
LAST = datetime.fromisoformat("2026-05-31T23:00:00")
MOMENTS = st.datetimes(datetime.fromisoformat("2025-12-20T00:00:00"), LAST)
VALUES = {
    "opened": st.none() | MOMENTS,
    "closed": st.none() | MOMENTS,
    "till": st.none() | MOMENTS.map(datetime.date),
    "ward": st.sampled_from([None, "1", "2", "3"]),
    "cost": st.none() | st.integers(0, 9),
}
JOBS = st.fixed_dictionaries(VALUES)
CLOCKS = st.builds(
    lambda moment, whole, lag, stale, hole: Clock(
        datetime.combine(moment.date(), datetime.min.time()) if whole else moment,
        is_date=whole,
        first=FIRST,
        lag=lag,
        stale=stale is not None,
        stale_days=stale,
        covers=((FIRST, date(2026, 2, 10)), (date(2026, 3, 1), date(2026, 5, 31))) if hole else (),
    ),
    st.datetimes(datetime.fromisoformat("2026-02-20T00:00:00"), LAST),
    st.booleans(),
    st.sampled_from([0, 0, 3]),
    st.sampled_from([None, None, 9, 12]),
    st.booleans(),
)
WORDS: dict[str, list[Any]] = {
    "LEAST": [4, 0, 8],
    "AIM": ["50%", "70%"],
    "NEAR": ["10%", "40%"],
    "SINCE": ["2026-01-01", "2026-03-01"],
    "TOP": [1, 2],
    "SMALL": [4, 9],
}
CHANGES = st.one_of(
    st.tuples(st.just("add"), st.lists(JOBS, min_size=1, max_size=4)),
    st.tuples(st.just("remove"), st.integers(0, 30)),
    st.tuples(st.just("change"), st.tuples(st.integers(0, 30), st.sampled_from(sorted(VALUES)), JOBS)),
    st.tuples(st.just("clock"), CLOCKS),
    st.sampled_from(sorted(WORDS)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(WORDS[name]))),
    st.tuples(st.just("code"), st.sampled_from(["", "another"])),
    st.tuples(st.just("minimum"), st.sampled_from(["", "7"])),
    st.tuples(st.just("lost"), st.none()),
    st.tuples(st.just("nothing"), st.none()),
)


def declared(**words: Any) -> Project:
    names = [line.partition(":")[0].strip() for line in METRICS.partition("\nmetrics:\n")[2].splitlines()]
    city, text = CITY, METRICS.replace("NAMES", ", ".join(names))
    for word, values in WORDS.items():
        value = str(words.get(word, values[0]))
        city, text = city.replace(word, value), text.replace(word, value)
    for name in names:
        better = "higher" if name in ("share", "dearest", "kept_up", "rising") else "neither"
        text = text.replace(f"  {name}: {{type", f"  {name}: {{title: It, dataset: jobs, better: {better}, type")
    return load_files({"metrics/city.yaml": city, "metrics/datasets/jobs.yaml": text}, Path())


PROJECT = declared()
ASKING = {"kept_up", "rising"}
"""Metrics whose goals ask for other numbers: they are judged anew each time."""

JANUARY = {"2026-01", "2026-Q1", "2026", "FY2026", "FY2026-Q3", "all"}
NOON = Clock(datetime.fromisoformat("2026-04-15T12:00:00"), first=FIRST)


@dataclass
class Town:
    connection: Connection
    table: sa.Table
    jobs: list[dict[str, Any]] = field(default_factory=list)
    clock: Clock = NOON
    project: Project = PROJECT
    memory: Memory = field(default_factory=Memory)
    words: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    readings: Mapping[str, list[Reading]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def apply(self, kind: str, what: Any) -> None:
        match kind:
            case "add":
                self.jobs += what
            case "remove" if self.jobs:
                self.jobs.pop(what % len(self.jobs))
            case "change" if self.jobs:
                place, column, job = what
                self.jobs[place % len(self.jobs)] |= {column: job[column]}
            case "clock":
                self.clock = what
            case "code":
                self.code = what
            case "minimum":
                os.environ["CIVICSTAT_MIN_COUNT"] = what
            case "lost":
                self.memory.kept = {name: replace(held, readings={}) for name, held in self.memory.kept.items()}
            case _ if kind in WORDS:
                self.words[kind] = what
                self.project = declared(**self.words)

    def read(self, memory: Memory | None = None, taken: Earlier | None = None) -> Mapping[str, list[Reading]]:
        self.connection.execute(sa.delete(self.table))
        if self.jobs:
            self.connection.execute(sa.insert(self.table), self.jobs)
        self.asked.clear()
        tables, clocks = {"jobs": self.table}, {"jobs": self.clock}
        return read_metrics(self.project, self.connection, tables, clocks, memory=memory, taken=taken)

    def read_again(self) -> Mapping[str, list[Reading]]:
        """Read with what the last reading kept, and take from it the readings that are as they were."""
        self.memory = Memory(held=self.memory.kept, code=self.code)
        before = self.readings
        made = self.read(self.memory, lambda name, keys: [old for old in before.get(name, ()) if old.period in keys])
        self.readings = {
            name: [*items, *(old for old in self.readings.get(name, ()) if old.period in self.memory.told[name].alike)]
            for name, items in made.items()
        }
        return self.readings


@pytest.fixture
def town() -> Iterator[Town]:
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.pool.StaticPool)
    types = PROJECT.datasets["jobs"].types()
    with engine.connect() as connection:
        table = sa.Table("jobs", sa.MetaData(), *(sa.Column(name, SQL_TYPES[kind]) for name, kind in types.items()))
        table.create(connection)
        made = Town(connection, table)
        sa.event.listen(engine, "before_cursor_execute", lambda *asked: made.asked.append(asked[2]))
        yield made
    engine.dispose()


def jobs(count: int = 60) -> list[dict[str, Any]]:
    """One job every other day from January on, one in five never closed."""
    start = datetime.fromisoformat("2026-01-02T09:00:00")
    return [
        {
            "opened": start + timedelta(days=2 * step),
            "closed": start + timedelta(days=2 * step + 1 + step % 9) if step % 5 else None,
            "till": (start + timedelta(days=2 * step + 5)).date(),
            "ward": "12"[step % 2],
            "cost": step % 9,
        }
        for step in range(count)
    ]


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(rows=st.lists(JOBS, max_size=25), clock=CLOCKS, changes=st.lists(CHANGES, min_size=1, max_size=5))
def test_a_build_that_goes_on_reads_what_a_build_from_scratch_reads(
    rows: list[dict[str, Any]], clock: Clock, changes: list[tuple[str, Any]]
) -> None:
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.pool.StaticPool)
    types = PROJECT.datasets["jobs"].types()
    with engine.connect() as connection:
        table = sa.Table("jobs", sa.MetaData(), *(sa.Column(name, SQL_TYPES[kind]) for name, kind in types.items()))
        table.create(connection)
        town = Town(connection, table, [dict(row) for row in rows], clock)
        town.read_again()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CIVICSTAT_MIN_COUNT", "")
            for kind, what in changes:
                town.apply(kind, what)
                assert in_order(town.read_again()) == in_order(town.read()), kind
    engine.dispose()


def in_order(readings: Mapping[str, list[Reading]]) -> dict[str, list[Reading]]:
    return {name: sorted(items, key=lambda item: (item.period, str(item.slice))) for name, items in readings.items()}


def test_a_month_whose_records_are_as_they_were_is_not_computed_again(town: Town) -> None:
    town.jobs = jobs()
    before = town.read_again()["came"]
    march = town.memory.kept["came"].slots["month:2026-03-01"]
    told = {member: (999, *values[1:]) for member, values in march.cells.items()}
    town.memory.kept["came"].slots["month:2026-03-01"] = replace(march, cells=told, name="other")
    town.jobs[0]["cost"] = 9

    after = {item.period: item.n for item in town.read_again()["came"] if not item.slice}

    assert after["2026-03"] == 999
    assert after["2026-01"] == next((item.n or 0) for item in before if item.period == "2026-01") + 1
    assert town.memory.told["came"].summary() == {"reused": 3, "recomputed": 1, "why": ["rows"]}


def test_only_the_days_of_changed_months_are_scanned(town: Town) -> None:
    town.jobs = jobs()
    town.read_again()
    town.jobs[0]["cost"] = 9
    town.read_again()

    bounds = [asked for asked in town.asked if "counted_came" in asked]
    assert len(bounds) == 1
    assert re.search(r"WHERE jobs.opened >= \S+ AND jobs.opened < \S+ AS counted", bounds[0].replace(")", ""))


def test_nothing_is_scanned_but_the_days_of_the_rows_where_nothing_changed(town: Town) -> None:
    town.jobs = jobs()
    town.read_again()
    town.read_again()

    assert not [asked for asked in town.asked if "counted_" in asked]
    assert {name: told.summary()["recomputed"] for name, told in town.memory.told.items()} == dict.fromkeys(
        town.project.metrics, 0
    )


def test_the_clock_alone_computes_what_was_open_and_what_names_it(town: Town) -> None:
    town.jobs = jobs()
    town.clock = Clock(datetime.fromisoformat("2026-04-15T00:00:00"), is_date=True, first=FIRST)
    town.read_again()
    town.clock = Clock(datetime.fromisoformat("2026-04-16T00:00:00"), is_date=True, first=FIRST)
    town.read_again()

    told = {name: told.summary() for name, told in town.memory.told.items()}
    april = {"reused": 3, "recomputed": 1, "why": ["clock"]}
    assert told["came"] == told["leaving_out"] == told["open_long"] == april
    assert told["waiting"] == {"reused": 0, "recomputed": 4, "why": ["clock"]}
    assert told["weekly"] == {"reused": 15, "recomputed": 1, "why": ["clock"]}


def test_another_definition_computes_its_metric_whole_and_no_other(town: Town) -> None:
    town.jobs = jobs()
    town.read_again()
    town.project = declared(LEAST=5)
    town.read_again()

    told = {name: told.summary() for name, told in town.memory.told.items()}
    assert told["came"] == told["share"] == {"reused": 0, "recomputed": 4, "why": ["definition"]}
    assert {name for name, item in told.items() if item["recomputed"]} == {"came", "share"}


def test_a_late_row_computes_the_longer_median_that_holds_it_and_leaves_the_others(town: Town) -> None:
    town.jobs = jobs()
    town.read_again()
    before = town.memory.kept["slow"].slots
    late = datetime.fromisoformat("2026-01-09T09:00:00")
    town.jobs.append({"opened": late, "closed": late + timedelta(days=40), "till": None, "ward": "1", "cost": 1})
    town.read_again()

    after = town.memory.kept["slow"].slots
    changed = {name for name, kept in after.items() if before.get(name) is not kept}
    assert changed == {"month:2026-01-01", "quarter:2026-01-01", "year:2026-01-01", "fiscal_year:2025-07-01", "all:"}


def test_only_the_readings_of_changed_months_are_made_again(town: Town) -> None:
    town.jobs = jobs()
    town.read_again()
    town.jobs[0]["cost"] = 9
    before = dict(town.readings)
    after = town.read_again()

    alike = {name: told.alike for name, told in town.memory.told.items()}
    assert {item.period for item in before["came"]} - alike["came"] == JANUARY
    assert {item.period for item in before["finished"]} == alike["finished"]
    assert after["came"] != before["came"]


def test_a_metric_that_withholds_small_counts_is_made_again_whole_or_not_at_all(town: Town) -> None:
    town.jobs = jobs()
    months = {item.period for item in town.read_again()["private"]}
    town.read_again()
    assert town.memory.told["private"].alike == months

    town.jobs.append(town.jobs[0])
    town.read_again()
    assert not town.memory.told["private"].alike


@pytest.mark.parametrize(
    ("word", "value", "metrics"),
    [
        ("AIM", "70%", {"share"}),
        ("SINCE", "2026-03-01", {"came"}),
        ("TOP", 2, {"costs"}),
        ("SMALL", 9, {"private"}),
        ("NEAR", "40%", set(PROJECT.metrics)),
        ("code", "another", set(PROJECT.metrics)),
    ],
)
def test_what_is_declared_otherwise_makes_the_readings_of_its_metrics_again(
    town: Town, word: str, value: object, metrics: set[str]
) -> None:
    town.jobs = jobs()
    town.read_again()
    town.apply(word, value)
    town.read_again()

    assert {name for name, told in town.memory.told.items() if not told.alike} == metrics | ASKING


def test_readings_of_records_that_became_stale_are_made_again(town: Town) -> None:
    town.jobs = jobs()
    town.read_again()
    town.clock = replace(town.clock, stale=True, stale_days=9)
    readings = town.read_again()

    assert not any(told.alike for told in town.memory.told.values())
    assert {item.status for item in readings["weekly"] if item.value is not None} == {Status.STALE}


def test_a_member_seen_for_the_first_time_has_a_reading_in_every_month(town: Town) -> None:
    town.jobs = jobs()
    town.read_again()
    town.jobs.append(town.jobs[1] | {"ward": "9", "cost": 9})
    readings = town.read_again()["came"]

    assert {item.period for item in readings if item.slice == {"ward": "9"}} == {item.period for item in readings}
