"""Process behaviour charts in a published edition: kept as they were, and never from a number that is withheld."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from civicstat.editions import Edition, Folder, Store, build_edition
from civicstat.editions.readers import reader_of
from civicstat.editions.tables import CATALOGUE
from civicstat.editions.verify import verify_public
from civicstat.errors import EditionError
from civicstat.spec import load_project
from civicstat.warehouse import execute, open_writer

Write = Callable[..., Path]

DATASET = """
datasets:
  visits:
    title: Visits
    row: one row is one visit
    source: {file: data/visits.csv}
    key: id
    time: came_on
    as_of: 2026-03-31
    covers: [[2025-01-01, 2026-03-31]]
    columns:
      id:       {from: Id, type: text, required: true}
      came_on:  {from: Came, type: date, required: true}
      clinic:   {from: Clinic, type: text}
"""
DEPARTMENT = """
departments:
  health: {title: Health}
metrics:
  visits:
    title: Visits
    dataset: visits
    type: simple
    measure: count(*)
    unit: visits
    better: lower
    dimensions: [clinic]
    privacy: {min_count: 5}
    spc:
      rebase: [{on: 2025-04-01, why: "New doors", by: The office}]
  staff_only:
    title: Visits, for the staff
    dataset: visits
    type: simple
    measure: count(*)
    visibility: staff
    spc: {}
"""
NORTH = [12, 9, 14, 10, 11, 13, 9, 12, 10, 14, 11, 9, 12, 10, 13]
SOUTH = [8, 9, 6, 8, 7, 9, 8, 3, 4, 9, 8, 7, 9, 8, 10]  # August and September are withheld


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("behaviour"), SOUTH)


def build(root: Path, south: list[int], north: list[int] = NORTH) -> Path:
    lines = ["Id,Came,Clinic"]
    for month, counts in enumerate(zip(north, south, strict=True)):
        day = date(2025 + month // 12, month % 12 + 1, 2)
        for clinic, count in zip(("North", "South"), counts, strict=True):
            lines += [f"{clinic}-{month}-{number},{day},{clinic}" for number in range(count)]
    for path, text in {
        "metrics/city.yaml": "name: Tinytown\ntime_zone: America/Chicago\n",
        "metrics/datasets/visits.yaml": DATASET,
        "metrics/departments/health.yaml": DEPARTMENT,
        "data/visits.csv": "\n".join(lines),
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    build_edition(load_project(root), as_of=date(2026, 3, 31))
    return root


def open_both(root: Path) -> tuple[Edition, Edition]:
    return Store(root).current(), Store(root, office=True).current()


def test_the_public_and_the_office_read_the_same_chart(town: Path) -> None:
    public, office = open_both(town)
    assert len(public.charts("visits")) == 3
    assert list(public.charts("visits")) == list(office.charts("visits"))
    assert public.chart("visits", {"clinic": "East"}) is None


def test_a_month_that_is_withheld_is_in_no_limit(town: Path) -> None:
    public, office = open_both(town)
    chart = public.chart("visits", {"clinic": "South"})
    assert chart is not None and chart.behaviour is not None
    hidden = {item.period for item in office.readings("visits", dimension="clinic") if item.suppressed}
    assert {"2025-08", "2025-09"} <= hidden
    missing = [period for period, rule in zip(chart.periods, chart.behaviour.rules, strict=True) if rule is None]
    assert set(missing[-2:]) == {"2025-08", "2025-09"}
    known = [
        item.value
        for item in public.readings("visits", grain="month", dimension="clinic", first=date(2025, 4, 1))
        if item.slice["clinic"] == "South" and item.value is not None
    ]
    assert chart.behaviour.segments[-1].mean == sum(known) / len(known)


def test_two_cities_that_publish_the_same_numbers_publish_the_same_limits(town: Path, tmp_path: Path) -> None:
    # In August and September both clinics are withheld, and their total is published.
    other = build(tmp_path, [*SOUTH[:7], 4, 3, *SOUTH[9:]], [*NORTH[:7], 11, 11, *NORTH[9:]])
    mine, theirs = open_both(town), open_both(other)
    assert seen(mine[1]) != seen(theirs[1])
    assert seen(mine[0]) == seen(theirs[0])
    assert list(mine[0].charts("visits")) == list(theirs[0].charts("visits"))


def seen(edition: Edition) -> list[tuple[str, str, float | None]]:
    return [
        (item.period, str(dict(item.slice)), item.value)
        for by in ("", "clinic")
        for item in edition.readings("visits", dimension=by)
    ]


def test_how_the_chart_is_made_stands_in_the_catalogue(town: Path) -> None:
    info = Store(town).current().catalogue.metrics["visits"].spc
    assert info is not None
    assert (info.rules, info.screen, info.shift, info.trend, info.baseline) == ("nhs_r", True, 7, 7, None)
    assert [(step.on, step.why["en"], step.by["en"]) for step in info.rebase] == [
        ("2025-04-01", "New doors", "The office")
    ]


def test_the_chart_of_a_staff_metric_is_not_in_the_public_file(town: Path) -> None:
    public, office = open_both(town)
    assert "staff_only" not in public.catalogue.metrics
    assert office.charts("staff_only") != ()
    folder = Folder(town)
    reader = reader_of(folder.edition(folder.current()) / "public.duckdb")
    parts = [row.part for row in execute(reader.engine, sa.select(CATALOGUE.c.part))]
    assert [part for part in parts if part.startswith("behaviour:")] == ["behaviour:visits"]


@pytest.mark.parametrize(
    ("part", "told"),
    [("behaviour:visits", "limits that rest on more"), ("behaviour:staff_only", "limits that rest on more")],
)
def test_limits_from_other_numbers_than_those_published_stop_the_build(part: str, told: str, tmp_path: Path) -> None:
    root = build(tmp_path, SOUTH)
    folder = Folder(root)
    edition = folder.edition(folder.current())
    office = open_writer(edition / "office.duckdb")
    body = execute(office, sa.select(CATALOGUE.c.body).where(CATALOGUE.c.part == "behaviour:staff_only"))[0].body
    office.dispose()
    file = open_writer(edition / "public.duckdb")
    with file.begin() as connection:
        connection.execute(sa.delete(CATALOGUE).where(CATALOGUE.c.part == part))
        connection.execute(sa.insert(CATALOGUE).values(part=part, body=body))
    file.dispose()
    with pytest.raises(EditionError) as caught:
        verify_public(edition / "public.duckdb", load_project(root), folder, {})
    assert told in str(caught.value)
