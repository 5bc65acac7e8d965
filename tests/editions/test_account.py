"""Every row is in a number or out of it for one reason, and the counts add up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from civicstat.editions import Draft, Folder, account_of, build_edition, open_draft
from civicstat.errors import CivicstatError
from civicstat.spec import load_project

MORE = """
  in_ward_1: {title: A, dataset: cases, type: simple, measure: count(*), where: ward = '1', dimensions: [ward]}
  fines_of_2: {title: A, dataset: cases, type: simple, measure: sum(fine), where: ward = '2'}
  halves:
    title: A
    dataset: cases
    type: ratio
    numerator: {measure: sum(fine), where: ward = '1'}
    denominator: {where: ward = '2' and closed is not null}
    dimensions: [ward]
  due_in_time: {title: A, dataset: cases, type: within, from: opened, to: closed, limit: due_on, open_rows: mature}
  by_closing: {title: A, dataset: cases, type: duration, from: opened, to: closed, time: closed, measure: avg(elapsed)}
  last_fines: {title: A, dataset: cases, type: snapshot, time: opened, measure: sum(fine), dimensions: [ward]}
  fines_on_average: {title: A, dataset: cases, type: snapshot, time: opened, measure: sum(fine), take: avg}
  wards: {title: A, dataset: cases, type: distinct, time: opened, entity: ward}
  back: {title: A, dataset: cases, type: conversion, time: opened, entity: ward, base: fine > 10,
    then: closed is null, inside: 90 days, dimensions: [ward]}
  again: {title: A, dataset: cases, type: recurrence, time: opened, entity: ward, more_than: 1, over: 4 months,
    dimensions: [ward]}
  theirs: {title: A, dataset: cases, type: recurrence, time: opened, entity: ward, more_than: 1, over: 4 months,
    show: share}
  since: {title: A, dataset: cases, type: recurrence, time: opened, entity: ward, show: change,
    cohort: {top: 1, on: 2023-07-01, before: 6 months, after: 3 months}, dimensions: [ward]}
  old: {title: A, dataset: cases, type: stock, opened: opened, closed: closed, where: age > 60,
    dimensions: [{by: age, bands: [70, 100]}, [ward, age]]}
"""


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Draft]:
    root = tmp_path_factory.mktemp("account") / "smallville"
    shutil.copytree(Path(__file__).parents[1] / "fixtures" / "smallville", root)
    with (root / "metrics/departments/town_hall.yaml").open("a", encoding="utf-8") as file:
        file.write(MORE)
    manifest = build_edition(load_project(root), as_of=date(2024, 4, 10))
    with open_draft(load_project(root), Folder(root), manifest) as made:
        yield made


def test_of_every_number_the_rows_in_it_are_its_n_and_all_rows_add_up(draft: Draft) -> None:
    seen = 0
    for name, metric in draft.project.metrics.items():
        for by in ("", *(item.by for item in metric.dimensions)):
            for period in {reading.period for reading in draft.readings(name, dimension=by)}:
                report, accounts = account_of(draft, name, period, by)
                readings = {
                    tuple(item.slice.items()): item for item in draft.readings(name, dimension=by, period=period)
                }
                counted = {tuple(item.slice.items()): item.counted for item in accounts}
                assert {key: counted[tuple(dict(key).items())] for key in readings} == {
                    key: item.n for key, item in readings.items()
                }, (name, period, by)
                assert sum(item.rows or 0 for item in accounts) == report.loaded
                assert "not_counted" not in {reason for item in accounts for reason in item.out}
                seen += 1
    assert seen > 250


def test_what_was_read_is_loaded_a_duplicate_or_in_quarantine(draft: Draft) -> None:
    report, _ = account_of(draft, "opened")
    assert (report.read, report.loaded, report.duplicates, report.quarantined) == (22, 19, 1, 2)
    assert dict(report.quarantine) == {"not-a-date": 2}


@pytest.mark.parametrize(
    ("metric", "period", "counted", "out"),
    [
        ("opened", "", 18, {"after_clock": 1}),
        ("opened", "2023-06", 3, {"after_clock": 1, "other_period": 15}),
        ("opened", "all", 17, {"after_clock": 1, "other_period": 1}),
        ("closed", "", 13, {"no_date": 6}),
        ("closed", "all", 19, {}),
        ("in_ward_1", "", 9, {"after_clock": 1, "where_missing": 1, "where_false": 8}),
        ("fines_of_2", "", 2, {"after_clock": 1, "where_missing": 1, "where_false": 9, "no_value": 6}),
        ("halves", "", 8, {"after_clock": 1, "no_side": 2, "no_value": 8}),
        ("days_to_close", "", 12, {"after_clock": 1, "open": 5, "to_before_from": 1}),
        ("due_in_time", "", 5, {"after_clock": 1, "to_before_from": 1, "no_promise": 11, "not_yet_due": 1}),
        ("open_at_end", "", 5, {"opened_later": 1, "closed_before": 13}),
        ("open_at_end", "2023-05", 3, {"opened_later": 16}),
        ("old", "2024-03", 2, {"opened_later": 2, "closed_before": 13, "where_false": 2}),
    ],
)
def test_each_row_that_is_out_is_out_for_the_first_reason_that_applies(
    draft: Draft, metric: str, period: str, counted: int, out: dict[str, int]
) -> None:
    _, (account,) = account_of(draft, metric, period)
    assert (account.counted, dict(account.out)) == (counted, out)


def test_the_account_of_a_member_holds_its_own_rows(draft: Draft) -> None:
    _, accounts = account_of(draft, "in_ward_1", "2023-05", "ward")
    assert [(item.slice["ward"], item.counted, item.rows) for item in accounts] == [
        ("1", 2, 10),
        ("2", 0, 8),
        ("(blank)", 0, 1),
    ]


def test_a_period_or_dimension_that_is_not_there_is_refused(draft: Draft) -> None:
    for arguments, code in ((("2031-01", ""), "no-such-reading"), (("", "street"), "no-such-dimension")):
        with pytest.raises(CivicstatError) as raised:
            account_of(draft, "opened", *arguments)
        assert raised.value.faults[0].code == code


def test_an_account_tells_nothing_of_a_number_that_is_withheld(tmp_path: Path) -> None:
    root = tmp_path / "smallville"
    shutil.copytree(Path(__file__).parents[1] / "fixtures" / "smallville", root)
    city = root / "metrics/city.yaml"
    city.write_text(f"{city.read_text('utf-8')}\nprivacy: {{min_count: 5}}\n", "utf-8")
    dataset = root / "metrics/datasets/cases.yaml"
    dataset.write_text(
        dataset.read_text("utf-8").replace("      public: [id, opened, closed, due_on, ward]\n", ""), "utf-8"
    )
    metrics = root / "metrics/departments/town_hall.yaml"
    text = metrics.read_text("utf-8")
    metrics.write_text(text.replace("Cases closed\n", "Cases closed\n    period: year\n", 1), "utf-8")
    manifest = build_edition(load_project(root), as_of=date(2024, 4, 10))
    with open_draft(load_project(root), Folder(root), manifest, ["opened", "closed"]) as draft:
        with pytest.raises(CivicstatError, match="period-needed"):
            account_of(draft, "opened")
        _, (account,) = account_of(draft, "opened", "2023-05")
        _, (shown,) = account_of(draft, "closed", "2023")

    assert (account.withheld, account.counted, dict(account.out), account.rows) == (True, None, {}, None)
    # All rows, less what the periods that are shown count, would be what is withheld.
    assert (shown.withheld, shown.counted, dict(shown.out), shown.rows) == (False, 9, {}, None)


@pytest.mark.slow
def test_in_the_demonstration_city_too_the_rows_in_a_number_are_its_n(demo_project: Path) -> None:
    folder, seen = Folder(demo_project), 0
    with open_draft(load_project(demo_project), folder, folder.manifest(folder.current())) as draft:
        for name, metric in draft.project.metrics.items():
            if not metric.dataset:
                continue
            last = draft.catalogue.metrics[name].last or ""
            for by in ("", *(item.by for item in metric.dimensions)):
                for period in (last, "all"):
                    found = draft.readings(name, dimension=by, period=period)
                    report, accounts = account_of(draft, name, period, by)
                    counted = {tuple(sorted(item.slice.items())): item.counted for item in accounts}
                    for reading in found:
                        key = tuple(sorted(reading.slice.items()))
                        assert counted[key] == (None if reading.suppressed else reading.n), (name, period, key)
                    if not by and not accounts[0].private:
                        assert accounts[0].rows == report.loaded
                    seen += len(found)
    assert seen > 200
