"""One scan for all metrics gives what a scan for each gives, and what a person is shown is what was run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from civicstat.results import Clock, Reading, read_metrics
from civicstat.spec import Dataset, Project, load_files, pretty_sql

Hold = Callable[[Dataset], tuple[Connection, sa.Table]]

CITY = "name: Twin\nlanguages: [en]\ntime_zone: America/Chicago\nfiscal_year: {starts: 10-01}\n"
METRICS = """
datasets:
  jobs:
    title: Jobs
    row: one row is one job
    source: {file: jobs.csv}
    time: opened_on
    columns:
      opened_on: {from: a, type: date}
      closed_on: {from: b, type: date}
      ward:      {from: c, type: text}
      cost:      {from: d, type: number}
departments:
  works: {title: Works, metrics: [jobs_opened, spent, cheap, dear, quick, slow, usual, open_jobs, open_by_age, wards]}
metrics:
  jobs_opened: {title: A, dataset: jobs, type: simple, measure: count(*), unit: jobs, better: neither,
                dimensions: [ward]}
  spent: {title: B, dataset: jobs, type: simple, measure: sum(cost) / 2 - min(cost), unit: dollars, better: neither}
  cheap: {title: C, dataset: jobs, type: ratio, numerator: {where: cost < 5}, denominator: count(*), better: higher}
  dear: {title: D, dataset: jobs, type: simple, time: closed_on, measure: avg(cost), unit: dollars, better: lower}
  quick: {title: E, dataset: jobs, type: within, from: opened_on, to: closed_on, limit: 20 days, better: higher,
          dimensions: [ward]}
  slow: {title: F, dataset: jobs, type: duration, from: opened_on, to: closed_on, unit: days,
         measure: "percentile(elapsed, 0.9)", better: lower}
  usual: {title: J, dataset: jobs, type: duration, from: opened_on, to: closed_on, unit: days, measure: median(elapsed),
          better: lower, dimensions: [ward]}
  open_jobs: {title: G, dataset: jobs, type: stock, opened: opened_on, closed: closed_on, unit: jobs, better: lower,
              dimensions: [ward]}
  open_by_age: {title: H, dataset: jobs, type: stock, opened: opened_on, closed: closed_on, where: age >= 0, unit: jobs,
                better: lower, dimensions: [ward]}
  wards: {title: I, dataset: jobs, type: simple, measure: count(distinct ward), unit: wards, better: neither}
"""
CLOCK = Clock(datetime.fromisoformat("2026-05-20T00:00:00"), is_date=True, first=date(2025, 12, 1))
DAYS = st.none() | st.dates(date(2025, 12, 1), date(2026, 6, 10))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "opened_on": DAYS,
            "closed_on": DAYS,
            "ward": st.sampled_from([None, "1", "2"]),
            "cost": st.none() | st.integers(0, 9),
        }
    ),
    max_size=25,
)


@dataclass(frozen=True)
class Twin:
    project: Project
    connection: Connection
    table: sa.Table

    def read(self, *metrics: str) -> Mapping[str, Sequence[Reading]]:
        return read_metrics(
            self.project, self.connection, {"jobs": self.table}, {"jobs": CLOCK}, metrics=metrics or None
        )

    def fill(self, rows: Sequence[Mapping[str, object]]) -> None:
        self.connection.execute(sa.delete(self.table))
        if rows:
            self.connection.execute(sa.insert(self.table), list(rows))


@pytest.fixture(scope="module")
def twin(hold: Hold) -> Twin:
    project = load_files({"metrics/city.yaml": CITY, "metrics/datasets/jobs.yaml": METRICS}, Path())
    return Twin(project, *hold(project.datasets["jobs"]))


@settings(max_examples=15)
@given(rows=ROWS)
def test_a_metric_reads_the_same_alone_and_among_others(twin: Twin, rows: list[dict[str, object]]) -> None:
    twin.fill(rows)
    together = twin.read()

    assert {name: twin.read(name)[name] for name in twin.project.metrics} == together


@settings(max_examples=15)
@given(rows=ROWS)
def test_running_sums_and_joined_ends_count_the_same_stock(twin: Twin, rows: list[dict[str, object]]) -> None:
    twin.fill(rows)
    readings = twin.read("open_jobs", "open_by_age")

    def numbers(name: str) -> dict[tuple[str, str], float | None]:
        return {(item.period, str(dict(item.slice))): item.value for item in readings[name]}

    running, joined = numbers("open_jobs"), numbers("open_by_age")
    assert {key: running[key] for key in joined} == joined
    assert all(not value for key, value in running.items() if key not in joined)


@settings(max_examples=15)
@given(rows=ROWS)
def test_opening_and_in_less_out_is_closing(twin: Twin, rows: list[dict[str, object]]) -> None:
    twin.fill(rows)
    level = 0
    for item in twin.read("open_jobs")["open_jobs"]:
        if item.grain != "month" or item.slice:
            continue
        assert item.start is not None
        end = min(item.end or date.max, date(2026, 5, 21))
        came = [row for row in rows if _in(row["opened_on"], item.start, end)]
        left = [row for row in rows if _in(_gone(row), item.start, end)]
        level += len(came) - len(left)
        assert (item.value or 0) == level  # a partial month without rows is a gap, not a zero


def _gone(row: Mapping[str, object]) -> object:
    opened, closed = row["opened_on"], row["closed_on"]
    return max(closed, opened) if isinstance(opened, date) and isinstance(closed, date) else None


def _in(day: object, start: date, end: date) -> bool:
    return isinstance(day, date) and start <= day < end


def test_the_query_as_people_read_it_returns_what_the_query_as_it_ran_returned(twin: Twin) -> None:
    from civicstat.compiler import Reach, plan_rows

    twin.fill(
        [
            {
                "opened_on": date(2026, 1, 1) + timedelta(days=step),
                "closed_on": date(2026, 1, 1) + timedelta(days=step * 3) if step % 3 else None,
                "ward": "12"[step % 2],
                "cost": step % 9,
            }
            for step in range(90)
        ]
    )
    dialect = twin.connection.dialect
    for name in ("jobs_opened", "cheap", "quick", "slow"):
        metric = twin.project.metrics[name]
        reach = Reach.until(CLOCK.cut)
        select = plan_rows([metric], twin.project, twin.table, CLOCK.value, reach).select
        text = pretty_sql(str(select.compile(dialect=dialect, compile_kwargs={"literal_binds": True})))
        ran, read = twin.connection.execute(select).all(), twin.connection.exec_driver_sql(text).all()
        assert sorted(map(str, read)) == sorted(map(str, ran))
