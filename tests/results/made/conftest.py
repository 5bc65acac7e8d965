"""Four metrics of two small datasets, of which others are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicstat.compiler import SQL_TYPES
from civicstat.results import Clock, Reading, read_metrics
from civicstat.spec import Project, load_files

CITY = """
name: Smallville
languages: [en]
time_zone: America/Chicago
fiscal_year: {starts: 07-01, named_by: end}
"""
DATASETS = """
datasets:
  cases:
    row: one row is one case
    source: {file: cases.csv}
    time: opened_on
    columns: {opened_on: {type: date}, ward: {type: text}, kind: {type: text}, cost: {type: number}}
  people:
    row: one row is one member of staff on a day
    source: {file: people.csv}
    time: day
    columns: {day: {type: date}, ward: {type: text}}
metrics:
  opened:
    {title: Opened, dataset: cases, type: simple, measure: count(*), unit: cases,
     dimensions: [ward, kind, [ward, kind]]}
  spent: {title: Spent, dataset: cases, type: simple, measure: sum(cost), unit: dollars, dimensions: [ward]}
  middle: {title: Middle, dataset: cases, type: simple, measure: median(cost), unit: dollars, dimensions: [ward]}
  staff: {title: Staff, dataset: people, type: simple, measure: count(*), unit: people, dimensions: [ward]}
"""

Rows = Sequence[Mapping[str, Any]]
Read = Callable[..., list[Reading]]

JANUARY, MARCH, OTHER_WARD = date(2026, 1, 15), date(2026, 3, 10), "2"


def fill(connection: sa.Connection, project: Project, name: str, rows: Rows) -> sa.Table:
    types = project.datasets[name].types()
    table = sa.Table(name, sa.MetaData(), *(sa.Column(column, SQL_TYPES[kind]) for column, kind in types.items()))
    table.drop(connection, checkfirst=True)
    table.create(connection)
    if rows:
        connection.execute(sa.insert(table), [{column: row.get(column) for column in types} for row in rows])
    return table


def case(day: date, cost: float | None = None, ward: str = "1", kind: str = "Lot") -> dict[str, Any]:
    return {"opened_on": day, "cost": cost, "ward": ward, "kind": kind}


def at(readings: Sequence[Reading], period: str, **chosen: str) -> Reading:
    [found] = [item for item in readings if item.period == period and dict(item.slice) == chosen]
    return found


CASES = [
    case(JANUARY, 10),
    case(JANUARY, 30, OTHER_WARD),
    case(MARCH, 8),
    case(MARCH, None),
    case(MARCH, 4, OTHER_WARD),
]


@pytest.fixture
def read(memory: sa.Engine) -> Iterator[Read]:
    """Return the readings of the metric ``it``, declared in YAML beside four others, over the rows of two datasets."""
    with memory.connect() as connection:

        def run(
            yaml: str,
            cases: Rows = CASES,
            people: Rows = (),
            as_of: str = "2026-06-30",
            *,
            declared: str = DATASETS,
            city: str = "",
            clocks: Mapping[str, Mapping[str, Any]] | None = None,
            failed: dict[str, str] | None = None,
        ) -> list[Reading]:
            text = f"{declared}  it: {{title: It, {yaml}}}\n"
            project = load_files({"metrics/city.yaml": CITY + city, "metrics/a.yaml": text}, Path())
            tables, known = {}, {}
            for name, rows in (("cases", cases), ("people", people)):
                tables[name] = fill(connection, project, name, rows)
                given = {"first": date(2026, 1, 1), "as_of": as_of, **(clocks or {}).get(name, {})}
                known[name] = Clock(datetime.fromisoformat(given.pop("as_of")), is_date=True, **given)
            return read_metrics(project, connection, tables, known, failed=failed)["it"]

        yield run
        connection.rollback()
