"""Why a number moved: each cause by itself, on a city small enough to see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from civicstat.editions import Change, Store
from civicstat.results import Reading, read_metrics

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]

CASES = """
datasets:
  cases:
    title: Cases
    row: one row is one case
    source: {file: data/cases*.csv, take: all}
    KEY
    time: opened_on
    as_of: AS_OF
    covers: [[2026-01-01, 2026-12-31]]
    columns:
      id:        {from: Id, type: text}
      opened_on: {from: Opened, type: date, required: true}
      closed_on: {from: Closed, type: date}
      ward:      {from: Ward, type: text}
      note:      {from: Note, type: text}
"""
METRICS = """
departments:
  works: {title: Works, metrics: [cases, in_30_days, days, open_cases]}
metrics:
  cases:
    {title: Cases, dataset: cases, type: simple, measure: count(*), unit: cases, better: neither, dimensions: [ward]}
  in_30_days:
    title: In 30 days
    dataset: cases
    type: within
    from: opened_on
    to: closed_on
    limit: 30 days
    open_rows: exclude
    better: higher
  days: {title: Days, dataset: cases, type: duration, from: opened_on, to: closed_on, unit: days, measure: avg(elapsed)}
  open_cases:
    {title: Open, dataset: cases, type: stock, opened: opened_on, closed: closed_on, measure: count(*), unit: cases}
"""
HEADER = "Id,Opened,Closed,Ward,Note"
OLD = ["1,2026-01-05,2026-01-20,1,", "2,2026-01-06,2026-03-01,2,", "3,2026-02-10,2026-02-20,1,", "4,2026-03-20,,2,"]


@pytest.fixture
def city(tinytown: Write) -> Callable[..., Path]:
    """Write a city of cases known up to a day: one file, or each of several."""

    def write(rows: Sequence[str], as_of: str = "2026-03-31", key: str = "key: id", **more: Sequence[str]) -> Path:
        dataset = CASES.replace("AS_OF", as_of).replace("KEY", key)
        root = tinytown(dataset=dataset, department=METRICS)
        for path in root.glob("data/cases*.csv"):
            path.unlink()
        for name, lines in {"cases": rows, **more}.items():
            (root / f"data/{name}.csv").write_text("\n".join([HEADER, *lines]), encoding="utf-8")
        return root

    return write


@pytest.fixture
def moved(city: Callable[..., Path], build: Build) -> Callable[..., list[tuple[object, ...]]]:
    """Build twice, and return what moved in months: metric, period, members, kind and causes."""

    def run(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[object, ...]]:
        build(city(**before), as_of=date(2026, 5, 1))
        root = city(**after)
        build(root, as_of=date(2026, 5, 2))
        changes = Store(root, office=True).current().changes
        assert changes is not None
        return [shown(item) for item in changes.changes if item.grain == "month" and item.kind != "new"]

    return run


def shown(item: Change) -> tuple[object, ...]:
    return (item.metric, item.period, *item.slice.values(), item.kind, *(item.cause, *item.also))


Run = Callable[..., list[tuple[object, ...]]]


@pytest.mark.parametrize("key", ["key: id", ""], ids=["with a key", "without"])
def test_a_row_that_only_came_late_is_late_data(moved: Run, key: str) -> None:
    late = ["5,2026-01-07,2026-01-08,1,"]

    assert moved({"rows": OLD, "key": key}, {"rows": OLD + late, "key": key}) == [
        ("cases", "2026-01", "restated", "late_data"),
        ("days", "2026-01", "restated", "late_data"),
        ("in_30_days", "2026-01", "restated", "late_data"),
        ("cases", "2026-01", "1", "restated", "late_data"),
    ]


def test_a_row_that_is_gone_is_a_correction(moved: Run) -> None:
    assert moved({"rows": OLD}, {"rows": OLD[1:]}) == [
        ("cases", "2026-01", "restated", "correction"),
        ("days", "2026-01", "restated", "correction"),
        ("in_30_days", "2026-01", "restated", "correction"),
        ("cases", "2026-01", "1", "restated", "correction"),
    ]


def test_a_row_moved_to_another_month_is_a_correction_in_both(moved: Run) -> None:
    after = ["1,2026-02-05,2026-02-20,1,", *OLD[1:]]
    found = moved({"rows": OLD}, {"rows": after})

    assert [item for item in found if item[0] == "cases" and len(item) == 4] == [
        ("cases", "2026-01", "restated", "correction"),
        ("cases", "2026-02", "restated", "correction"),
    ]


def test_without_a_key_a_row_moved_to_another_month_is_gone_here_and_came_late_there(moved: Run) -> None:
    after = ["1,2026-02-05,2026-02-20,1,", *OLD[1:]]
    found = moved({"rows": OLD, "key": ""}, {"rows": after, "key": ""})

    assert [item for item in found if item[0] == "cases" and len(item) == 4] == [
        ("cases", "2026-01", "restated", "correction"),
        ("cases", "2026-02", "restated", "late_data"),
    ]


def test_a_corrected_end_moves_what_is_measured_by_it_alone(moved: Run) -> None:
    after = ["1,2026-01-05,2026-02-10,1,", *OLD[1:]]

    assert moved({"rows": OLD}, {"rows": after}) == [
        ("days", "2026-01", "restated", "correction"),
        ("in_30_days", "2026-01", "restated", "correction"),
        ("open_cases", "2026-01", "restated", "correction"),
    ]


def test_a_member_is_named_by_the_cause_of_its_own_rows(moved: Run) -> None:
    after = ["1,2026-01-05,2026-01-20,1,", "5,2026-01-09,2026-01-20,1,", *OLD[2:]]
    found = moved({"rows": OLD}, {"rows": after})

    assert [item for item in found if item[0] == "cases"] == [
        ("cases", "2026-01", "1", "restated", "late_data"),
        ("cases", "2026-01", "2", "restated", "correction"),
    ]


def test_what_both_came_and_went_is_a_correction_and_late_data_also(moved: Run) -> None:
    after = [*OLD[1:], "5,2026-01-09,2026-01-20,1,", "6,2026-01-09,2026-01-20,1,"]
    found = moved({"rows": OLD}, {"rows": after})

    assert found[0] == ("cases", "2026-01", "restated", "correction", "late_data")


def test_a_column_that_no_number_is_made_of_is_no_cause(moved: Run) -> None:
    after = [row + "seen by the inspector" for row in OLD]

    assert moved({"rows": OLD}, {"rows": after}) == []


def test_what_fell_due_and_what_was_finished_since_is_the_clock(moved: Run) -> None:
    waiting = [*OLD[:3], "4,2026-03-20,,2,", "5,2026-03-25,,2,"]
    finished = [*OLD[:3], "4,2026-03-20,,2,", "5,2026-03-25,2026-04-10,2,"]
    found = moved({"rows": waiting}, {"rows": finished, "as_of": "2026-04-30"})

    assert found == [
        ("days", "2026-03", "restated", "clock"),
        ("in_30_days", "2026-03", "settled", "clock"),
    ]


def test_an_end_that_lay_before_the_earlier_clock_and_was_not_known_is_a_correction(moved: Run) -> None:
    waiting = [*OLD[:3], "4,2026-03-20,,2,"]
    finished = [*OLD[:3], "4,2026-03-20,2026-03-29,2,"]

    assert moved({"rows": waiting}, {"rows": finished, "as_of": "2026-04-30"}) == [
        ("days", "2026-03", "restated", "correction"),
        ("in_30_days", "2026-03", "settled", "correction"),
        ("open_cases", "2026-03", "restated", "correction"),
    ]


def test_a_running_month_that_went_on_is_settled_by_the_clock(moved: Run) -> None:
    more = [*OLD, "5,2026-03-28,2026-03-30,1,"]
    found = moved({"rows": OLD, "as_of": "2026-03-25"}, {"rows": more})

    assert [item for item in found if item[0] == "cases"] == [
        ("cases", "2026-03", "settled", "clock"),
        ("cases", "2026-03", "1", "settled", "clock"),
        ("cases", "2026-03", "2", "settled", "clock"),
    ]


def test_a_file_that_is_read_no_more_is_another_source(moved: Run) -> None:
    before = {"rows": OLD[:2], "cases_b": OLD[2:]}
    after = {"rows": OLD[:2], "cases_c": [*OLD[2:], "5,2026-01-09,2026-01-20,1,"]}

    assert {item[3:] for item in moved(before, after) if len(item) == 4} == {("source",)}


def test_a_further_file_is_not_another_source_its_rows_came_late(moved: Run) -> None:
    after = {"rows": OLD, "cases_b": ["5,2026-01-09,2026-01-20,1,"]}

    assert moved({"rows": OLD}, after)[0] == ("cases", "2026-01", "restated", "late_data")


def test_records_that_are_no_longer_kept_leave_the_cause_unknown(
    city: Callable[..., Path], build: Build, tmp_path: Path
) -> None:
    root = city(rows=OLD)
    build(root, as_of=date(2026, 5, 1))
    for path in (root / "data/segments").glob("*.duckdb"):
        path.unlink()
    city(rows=OLD[1:])
    build(root, as_of=date(2026, 5, 2))
    changes = Store(root, office=True).current().changes

    assert changes is not None
    assert set(changes.causes) == {"not_known"}


@pytest.mark.parametrize(("code", "cause"), [("another", "product"), ("the same", "not_known")])
def test_a_number_that_moves_though_all_it_rests_on_is_the_same_is_the_products_or_not_known(
    city: Callable[..., Path], build: Build, monkeypatch: pytest.MonkeyPatch, code: str, cause: str
) -> None:
    def miscounted(*args: Any, **words: Any) -> dict[str, list[Reading]]:
        words["memory"].held = {}  # so that none is taken from the edition before
        readings = read_metrics(*args, **words)
        return {**readings, "cases": [item._replace(value=(item.value or 0) + 1) for item in readings["cases"]]}

    root = city(rows=OLD)
    build(root, as_of=date(2026, 5, 1))
    monkeypatch.setattr("civicstat.editions.build.read_metrics", miscounted)
    if code == "another":
        monkeypatch.setattr("civicstat.editions.build.code_digest", lambda: code)
    build(root, as_of=date(2026, 5, 2))
    changes = Store(root, office=True).current().changes

    assert changes is not None
    assert (set(changes.causes), {item.metric for item in changes.changes}) == ({cause}, {"cases"})


def test_rows_of_later_days_alone_are_not_looked_through_number_by_number(
    moved: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the rows behind a number were asked for")

    monkeypatch.setattr("civicstat.editions.moved_rows._select", never)
    came = ["5,2026-04-02,,1,"]
    found = moved({"rows": OLD, "as_of": "2026-03-30"}, {"rows": OLD, "as_of": "2026-04-03", "cases2": came})

    assert {(item[1], item[-1]) for item in found} == {("2026-03", "clock")}
