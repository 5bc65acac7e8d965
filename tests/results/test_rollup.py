"""What is merged from months is what a scan of the rows of the longer period gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from civicstat.compiler import Merge, Reach, group_metrics, longer_grains, plan_rows
from civicstat.period import Calendar
from civicstat.results import Clock
from civicstat.results.cells import Cells, run_plan
from civicstat.results.gather import Gather
from civicstat.results.memory import Memory
from civicstat.results.rollup import merger
from civicstat.spec import Dataset, Project, load_files

Hold = Callable[[Dataset], tuple[Connection, sa.Table]]

CITY = "name: Rolled\nlanguages: [en]\ntime_zone: America/Chicago\nfiscal_year: {starts: 10-01}\n"
METRICS = """
datasets:
  jobs:
    title: Jobs
    row: one row is one job
    source: {file: jobs.csv}
    time: done_on
    columns:
      done_on: {from: a, type: date}
      ward:    {from: b, type: text}
      cost:    {from: c, type: number}
      paid:    {from: d, type: money}
      hours:   {from: e, type: integer}
departments:
  works: {title: Works, metrics: [jobs, spent, paid, least, most, share, cost_an_hour, by_week, by_quarter, middle]}
metrics:
  jobs:  {title: A, dataset: jobs, type: simple, measure: count(*), unit: jobs, dimensions: [ward]}
  spent: {title: B, dataset: jobs, type: simple, measure: sum(cost) / 2, unit: dollars, dimensions: [ward]}
  paid:  {title: C, dataset: jobs, type: simple, measure: sum(paid), where: hours > 3, unit: dollars}
  least: {title: D, dataset: jobs, type: simple, measure: min(paid), unit: dollars, dimensions: [ward]}
  most:  {title: E, dataset: jobs, type: simple, measure: max(cost), unit: dollars}
  share: {title: F, dataset: jobs, type: ratio, numerator: {where: cost > 4}, denominator: count(*)}
  cost_an_hour: {title: G, dataset: jobs, type: ratio, numerator: {measure: sum(cost), where: hours > 3},
                 denominator: sum(hours), per: 1, dimensions: [ward]}
  by_week: {title: H, dataset: jobs, type: simple, period: week, measure: sum(hours), unit: hours}
  by_quarter: {title: I, dataset: jobs, type: simple, period: quarter, measure: avg(hours), unit: hours}
  middle: {title: J, dataset: jobs, type: simple, measure: count(distinct ward) + median(cost), unit: points,
           dimensions: [ward]}
"""
CLOCK = Clock(datetime.fromisoformat("2026-05-20T00:00:00"), is_date=True, first=date(2025, 7, 3))
CALENDAR = Calendar(load_files({"metrics/city.yaml": CITY}, Path()).city.fiscal_year)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "done_on": st.none() | st.dates(date(2025, 6, 20), date(2026, 6, 10)),
            "ward": st.sampled_from([None, "1", "2"]),
            "cost": st.none() | st.floats(0, 1e6),
            "paid": st.none() | st.decimals(-999, 999, places=2),
            "hours": st.none() | st.integers(0, 9),
        }
    ),
    max_size=25,
)
Row = Mapping[str, object]


@pytest.fixture(scope="module")
def project() -> Project:
    return load_files({"metrics/city.yaml": CITY, "metrics/datasets/jobs.yaml": METRICS}, Path())


@pytest.fixture(scope="module")
def held(project: Project, hold: Hold) -> tuple[Connection, sa.Table]:
    return hold(project.datasets["jobs"])


@settings(max_examples=15, deadline=None)
@given(rows=ROWS)
def test_longer_periods_are_the_same_merged_and_scanned(
    project: Project, held: tuple[Connection, sa.Table], rows: Sequence[Row]
) -> None:
    connection, table = held
    connection.execute(sa.delete(table))
    if rows:
        connection.execute(sa.insert(table), list(rows))
    metrics = list(project.metrics.values())
    gather = Gather(project, metrics, connection, {"jobs": table}, {"jobs": CLOCK}, CALENDAR, Memory())

    for group in group_metrics(metrics).values():
        found, period = gather.cells(group), group[0].period
        settled_end = CLOCK.settled_end(CALENDAR, period)
        assert settled_end is not None
        for grain in longer_grains(period, CALENDAR.fiscal_year):
            reach = Reach.until(datetime.combine(settled_end, time()), undated=grain == "all")
            plan = plan_rows(group, project, table, CLOCK.value, reach, grain)
            dimensions = {metric.name: {"", *plan.recipes[metric.name].splits.values()} for metric in group}
            scanned = run_plan(connection, plan, dimensions)
            for name in dimensions:
                assert_near(_merged(found[name][1], grain), _scanned(scanned[name]))


def _merged(cells: Cells, grain: str) -> dict[tuple[object, ...], Mapping[int, object]]:
    cells.take(cells.sources)
    return {
        (start, *member): dict(enumerate(parts))
        for member, periods in cells.by_member.items()
        for (name, start), parts in periods.items()
        if name == grain
    }


def _scanned(
    found: Mapping[date | None, Mapping[tuple[str, str], Sequence[object]]],
) -> dict[tuple[object, ...], Mapping[int, object]]:
    return {
        (start, *member): dict(enumerate(values)) for start, cells in found.items() for member, values in cells.items()
    }


def assert_near(
    held: Mapping[tuple[object, ...], Mapping[int, object]], scanned: Mapping[tuple[object, ...], Mapping[int, object]]
) -> None:
    """Integers and money are equal, doubles to nine digits."""
    assert held.keys() == scanned.keys()
    for key, parts in scanned.items():
        for place, value in parts.items():
            exact = not isinstance(value, float)
            assert held[key][place] == (value if exact else pytest.approx(value, rel=1e-9)), (key, place)


def test_the_only_rows_of_a_side_without_a_value_leave_it_without_one() -> None:
    merged = merger(["rows", "total"], {"rows": Merge("sum"), "total": Merge("sum", "rows")})

    assert merged([(0, 0), (2, None)]) == (2, None)
    assert merged([(0, 0), (0, 0)]) == (0, 0)
    assert merged([(0, 0), (2, Decimal("1.10"))]) == (2, Decimal("1.10"))
