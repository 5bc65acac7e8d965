"""What rests on a column is found, through whatever it is computed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from civicstat.spec import Metric, Project, Use, load_files, load_project, uses_of

ROOT = Path(__file__).parents[2]

CITY = "name: Smallville\ntime_zone: America/Chicago\n"
REQUESTS = """
datasets:
  requests:
    row: one row is one request
    source: {file: requests.csv}
    key: id
    keep: latest by changed
    time: opened
    as_of: max(opened, changed)
    columns:
      id: {type: text}
      opened: {type: date}
      changed: {type: date}
      closed: {type: date}
      due_on: {type: date}
      kind: {type: text}
      ward: {type: text}
      cost: {type: money}
      spare: {type: text}
    derive:
      dear: cost > 100
      costly: dear and kind = 'Sign'
    checks:
      - {not_null: [closed], level: warn}
      - {expect: cost >= 0, level: warn}
    records: {columns: [id, costly]}
departments:
  works: {title: Works, metrics: [share, spent, late]}
  office: {title: Office, metrics: [open]}
metrics:
  share:
    title: A
    dataset: requests
    type: ratio
    numerator: {where: costly}
    denominator: {measure: sum(cost), where: ward = '1'}
    better: lower
    goal: {target: 5%}
    unit: percent
  spent: {title: A, dataset: requests, type: simple, measure: sum(cost), time: closed, dimensions: [kind, [kind, ward]],
    privacy: {min_count: 5, dimensions: [ward]}, tests: [{rows: [{closed: 2026-01-01}], expect: {2026-01: null}}]}
  late: {title: A, dataset: requests, type: within, from: opened, to: closed, limit: due_on, where: kind is not null}
  open: {title: A, dataset: requests, type: stock, opened: opened, closed: closed, visibility: staff}
"""


@pytest.fixture(scope="module")
def city() -> Project:
    return load_files({"metrics/city.yaml": CITY, "metrics/requests.yaml": REQUESTS}, ROOT)


def told(city: Project, column: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [dataclasses.astuple(use) for use in uses_of(city, "requests", column)]


def test_a_column_is_found_through_every_column_that_is_computed_from_it(city: Project) -> None:
    assert told(city, "cost") == [
        ("column", "dear", "computed from it", ()),
        ("column", "costly", "computed from it", ("dear",)),
        ("check", "requests: 2", "expect", ()),
        ("dataset", "requests", "records: columns", ("dear", "costly")),
        ("metric", "share", "denominator", ()),
        ("metric", "share", "numerator", ("dear", "costly")),
        ("metric", "spent", "measure", ()),
        ("goal", "share", "judges that metric", ()),
        ("page", "/m/share", "the metric", ()),
        ("page", "/m/spent", "the metric", ()),
        ("page", "/d/works", "lists share, spent", ()),
        ("page", "/goals", "lists the goal", ()),
        ("page", "/data/requests", "the dataset", ()),
    ]


def test_each_word_that_names_a_column_is_told(city: Project) -> None:
    def words(column: str) -> set[tuple[str, str]]:
        return {(use.name, use.how) for use in uses_of(city, "requests", column) if use.what == "metric"}

    assert words("closed") == {("spent", "time"), ("spent", "tests"), ("late", "to"), ("open", "closed")}
    assert words("due_on") == {("late", "limit")}
    assert words("kind") == {
        ("spent", "dimensions: kind"),
        ("spent", "dimensions: kind,ward"),
        ("late", "where"),
        ("share", "numerator"),
    }
    assert words("ward") == {
        ("share", "denominator"),
        ("spent", "dimensions: kind,ward"),
        ("spent", "privacy: dimensions"),
    }


def test_what_decides_which_rows_there_are_moves_every_metric_of_the_dataset(city: Project) -> None:
    uses = uses_of(city, "requests", "changed")

    assert [use for use in uses if use.what == "dataset"] == [
        Use("dataset", "requests", "keep"),
        Use("dataset", "requests", "as_of"),
    ]
    assert {use.name: use.how for use in uses if use.what == "metric"} == dict.fromkeys(
        ("share", "spent", "late", "open"), "as_of of its dataset"
    )


def test_a_metric_for_the_staff_has_no_public_page(city: Project) -> None:
    assert "/m/open" not in {use.name for use in uses_of(city, "requests", "closed")}


def test_nothing_rests_on_a_column_that_is_not_named(city: Project) -> None:
    assert [use.what for use in uses_of(city, "requests", "spare")] == ["page"]


def names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from names(item)
    elif dataclasses.is_dataclass(value):
        for part in dataclasses.fields(value):
            yield from names(getattr(value, part.name))


def test_no_type_of_metric_is_forgotten() -> None:
    project = load_project(ROOT)

    def rests(metric: Metric, column: str) -> bool:
        uses = uses_of(project, metric.dataset, column)
        return any(
            (use.what, use.name, use.through) == ("metric", metric.name, ()) and use.how != "tests" for use in uses
        )

    seen = 0
    for metric in project.metrics.values():
        if metric.dataset:
            for column in set(names(metric.body)) & set(project.datasets[metric.dataset].types()):
                assert rests(metric, column), (metric.name, column)
                seen += 1
    assert seen > 20
