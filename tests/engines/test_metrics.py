"""Whole cities read on both engines: every reading of every metric is the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler import SQL_TYPES
from civicstat.editions import Folder, Store, build_edition, explain_metric, open_draft
from civicstat.results import Reading, read_metrics
from civicstat.spec import Duration, Project, Ratio, Simple, Stock, Within, datasets_behind, load_project, operands_of

SMALLVILLE = Path(__file__).parents[1] / "fixtures" / "smallville"

Copy = Callable[[Project, Mapping[str, sa.Table], Connection, Connection], dict[str, sa.FromClause]]
Unlike = Callable[[list[Reading], list[Reading]], list[tuple[Any, Any]]]


def read_twice(
    root: Path, postgresql: sa.Engine, copied: Copy, metrics: Collection[str]
) -> dict[str, tuple[list[Reading], list[Reading]]]:
    project, manifest = load_project(root), Store(root).current().manifest
    with open_draft(project, Folder(root), manifest, metrics) as draft, postgresql.connect() as second:
        there = copied(draft.project, draft.tables, draft.connection, second)
        found = read_metrics(draft.project, draft.connection, draft.tables, draft.clocks, metrics=metrics)
        again = read_metrics(draft.project, second, there, draft.clocks, metrics=metrics)
    return {name: (found[name], again[name]) for name in metrics}


def test_a_city_counted_on_fingers_is_the_same(
    tmp_path: Path, postgresql: sa.Engine, copied: Copy, unlike: Unlike
) -> None:
    for part in ("metrics", "data"):
        shutil.copytree(SMALLVILLE / part, tmp_path / part)
    project = load_project(tmp_path)
    build_edition(project, as_of=date(2024, 4, 10))

    read = read_twice(tmp_path, postgresql, copied, list(project.metrics))

    assert {name: different for name, pair in read.items() if (different := unlike(*pair))} == {}
    assert all(found for found, _ in read.values())


def test_the_query_for_people_is_one_that_postgresql_takes(postgresql: sa.Engine) -> None:
    project = load_project(SMALLVILLE)
    with postgresql.connect() as connection:
        connection.exec_driver_sql("SET TRANSACTION READ WRITE")
        connection.exec_driver_sql("DISCARD TEMP")
        for dataset in project.datasets.values():
            columns = [sa.Column(name, SQL_TYPES[kind]) for name, kind in dataset.types().items()]
            sa.Table(dataset.name, sa.MetaData(), *columns, prefixes=["TEMPORARY"]).create(connection, checkfirst=False)
        for metric in project.metrics.values():
            if not operands_of(metric.body):
                sql = explain_metric(metric, project, date(2024, 4, 10), "postgresql").sql
                for query in sql.split("\n\n"):
                    if "SELECT" in query:  # what is not is a comment above two of them
                        connection.exec_driver_sql(query).all()
        connection.rollback()


@pytest.mark.slow
def test_each_type_that_the_demonstration_city_has_is_the_same(
    demo_project: Path, postgresql: sa.Engine, copied: Copy, unlike: Unlike
) -> None:
    project = load_project(demo_project)
    known = Store(demo_project).current().catalogue.datasets
    weights = {
        name: sum(known[dataset].loaded for dataset in datasets_behind(metric, project.metrics))
        for name, metric in project.metrics.items()
    }
    lightest: dict[type, str] = {}
    for name in sorted(weights, key=lambda name: weights[name]):
        lightest.setdefault(type(project.metrics[name].body), name)

    read = read_twice(demo_project, postgresql, copied, list(lightest.values()))

    assert {name: different for name, pair in read.items() if (different := unlike(*pair))} == {}
    assert {Simple, Ratio, Within, Duration, Stock} <= lightest.keys()
