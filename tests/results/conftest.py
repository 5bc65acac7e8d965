"""A dataset small enough to write in the test, and the readings of one metric over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler import SQL_TYPES
from civicstat.results import Clock, Reading, read_metrics
from civicstat.spec import Dataset, Project, load_files

CITY = """
name: Smallville
languages: [en]
time_zone: America/Chicago
fiscal_year: {starts: 07-01, named_by: end}
"""

DATASET = """
datasets:
  cases:
    title: Cases
    row: one row is one case
    source: {file: cases.csv}
    key: id
    time: opened_at
    columns:
      id:        {from: id, type: text}
      opened_at: {from: opened_at, type: timestamp}
      closed_at: {from: closed_at, type: timestamp}
      due_at:    {from: due_at, type: timestamp}
      opened_on: {from: opened_on, type: date}
      closed_on: {from: closed_on, type: date}
      due_on:    {from: due_on, type: date}
      ward:      {from: ward, type: text}
      kind:      {from: kind, type: text}
      cost:      {from: cost, type: number}
      counted_it: {from: counted_it, type: text}
      wards:     {from: wards, type: text, split: ","}
departments:
  works: {title: Works, metrics: [it]}
metrics:
  it:
"""

Rows = Sequence[Mapping[str, Any]]
Measure = Callable[..., list[Reading]]
Copy = Callable[[Project, Mapping[str, sa.Table], Connection, Connection], dict[str, sa.FromClause]]
Unlike = Callable[[list[Reading], list[Reading]], list[tuple[Any, Any]]]
Hold = Callable[[Dataset], tuple[Connection, sa.Table]]


@pytest.fixture(scope="session")
def memory() -> Iterator[sa.Engine]:
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.pool.StaticPool)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def hold() -> Iterator[Hold]:
    """Make the empty table of a dataset in an engine of its own; both are there until the module ends."""
    with ExitStack() as opened:

        def make(dataset: Dataset) -> tuple[Connection, sa.Table]:
            engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.pool.StaticPool)
            opened.callback(engine.dispose)
            connection = opened.enter_context(engine.connect())
            columns = (sa.Column(name, SQL_TYPES[kind]) for name, kind in dataset.types().items())
            table = sa.Table(dataset.name, sa.MetaData(), *columns)
            table.create(connection)
            return connection, table

        yield make


@pytest.fixture
def measure(memory: sa.Engine, second_engine: sa.Engine | None, copied: Copy, unlike: Unlike) -> Iterator[Measure]:
    """Return the readings of the metric ``it``, declared in YAML, over rows given as mappings of text.

    Where there is a PostgreSQL they are read there as well, and have to be the same.
    """
    with ExitStack() as opened:
        connection = opened.enter_context(memory.connect())
        second = opened.enter_context(second_engine.connect()) if second_engine else None

        def run(yaml: str, rows: Rows, as_of: str = "2026-06-30", **clock: Any) -> list[Reading]:
            project = declare(yaml)
            table = fill(connection, project, rows)
            at = datetime.fromisoformat(as_of)
            first = clock.pop("first", date(2026, 1, 1))
            known = Clock(at, is_date=len(as_of) == 10, first=first, **clock)
            found = read_metrics(project, connection, {"cases": table}, {"cases": known})["it"]
            if second is not None:
                there = copied(project, {"cases": table}, connection, second)
                again = read_metrics(project, second, there, {"cases": known})["it"]
                assert unlike(found, again) == [], "PostgreSQL reads something else"
            return found

        yield run
        connection.rollback()


@pytest.fixture(scope="session")
def small() -> SimpleNamespace:
    """The declaration of ``it`` and the filling of its table, for tests that read it in their own way."""
    return SimpleNamespace(declare=declare, fill=fill)


def declare(yaml: str, city: str = "") -> Project:
    """A metric named ``it``; unit and direction are filled in where the test does not care."""
    lines = ["title: It", *yaml.splitlines()]
    given = {line.partition(":")[0] for line in lines}
    shares = {"type: within", "type: ratio", "type: conversion", "show: share", "show: change"} & set(lines)
    lines += ["better: neither"] * ("better" not in given)
    lines += ["unit: cases"] * ("unit" not in given and not shares)
    body = "\n".join(f"    {line}" for line in lines)
    return load_files({"metrics/city.yaml": f"{CITY}{city}\n", "metrics/datasets/cases.yaml": DATASET + body}, Path())


def fill(connection: Connection, project: Project, rows: Rows) -> sa.Table:
    types = project.datasets["cases"].types()
    table = sa.Table("cases", sa.MetaData(), *(sa.Column(name, SQL_TYPES[kind]) for name, kind in types.items()))
    table.drop(connection, checkfirst=True)
    table.create(connection)
    if rows:
        connection.execute(sa.insert(table), [{name: _typed(name, row.get(name)) for name in types} for row in rows])
    return table


def _typed(name: str, value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name.endswith("_on") else value
