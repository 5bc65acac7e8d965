"""Metrics made of metrics: what each gives at its edges, counted on one's fingers."""

from __future__ import annotations

from datetime import date

import pytest
from tests.results.made.conftest import CASES, DATASETS, MARCH, OTHER_WARD, Read, at, case

from civicstat.results import Status


def test_a_formula_is_worked_out_in_every_period_and_slice_from_the_numbers_there(read: Read) -> None:
    readings = read('type: derived, formula: "{spent} / {opened}"')

    assert at(readings, "2026-01").value == 20
    assert at(readings, "2026-03").value == 4
    assert at(readings, "2026-Q1").value == pytest.approx(52 / 5)  # not the mean of 20 and 4
    assert at(readings, "2026-03", ward="1").value == 4
    assert [item.n for item in readings] == [None] * len(readings)


def test_what_a_number_is_made_of_is_kept_with_it(read: Read) -> None:
    reading = at(read('type: derived, formula: "({spent} - 2) / {opened}"'), "2026-03", ward="1")

    assert [(item.name, item.metric, item.period, dict(item.slice), item.value) for item in reading.used] == [
        ("spent", "spent", "2026-03", {"ward": "1"}, 8),
        ("opened", "opened", "2026-03", {"ward": "1"}, 2),
    ]


def test_a_missing_number_makes_the_formula_missing_and_dividing_by_nothing_is_no_number(read: Read) -> None:
    readings = read('type: derived, formula: "{middle} + {opened}"')
    divided = read('type: derived, formula: "{spent} / {opened}"')

    assert (at(readings, "2026-02").value, at(readings, "2026-02").status) == (None, Status.NO_DATA)
    assert at(readings, "2026-02").reason.code == "part_missing"
    assert (at(divided, "2026-02").value, at(divided, "2026-02").reason.code) == (None, "nothing_to_divide")


def test_a_formula_over_a_year_before_has_a_number_where_both_years_have_one(read: Read) -> None:
    cases = [case(date(2025, 3, 1), 5), case(date(2025, 3, 2), 5), case(MARCH, 1)]
    began = {"cases": {"first": date(2025, 3, 1)}}
    readings = read('type: derived, formula: "{opened} - {opened@prior_year}"', cases, clocks=began)

    assert at(readings, "2026-03").value == -1
    assert at(readings, "2026-04").value == 0
    assert at(readings, "2025-03").value is None
    assert [item for item in readings if item.grain == "all"] == []
    assert at(readings, "2026-03").used[1].period == "2025-03"


def test_numbers_of_two_datasets_meet_in_period_and_slice(read: Read) -> None:
    people = [{"day": MARCH, "ward": "1"}, {"day": MARCH, "ward": "1"}, {"day": MARCH, "ward": "3"}]
    readings = read('type: derived, formula: "{opened} / {staff}"', CASES, people)

    assert at(readings, "2026-03").value == 1
    assert at(readings, "2026-03", ward="1").value == 1
    assert at(readings, "2026-03", ward="2").value is None, "no staff is known of ward 2"
    assert at(readings, "2026-03", ward="3").value is None, "no case is known of ward 3"
    assert {name for item in readings for name in item.slice} == {"ward"}


def test_numbers_that_reach_different_days_are_not_held_against_one_another(read: Read) -> None:
    people = [{"day": MARCH, "ward": "1"}]
    readings = read(
        'type: derived, formula: "{opened} / {staff}"', CASES, people, clocks={"cases": {"as_of": "2026-05-31"}}
    )
    later = read(
        'type: derived, formula: "{opened} / {staff}"', CASES, people, clocks={"cases": {"first": date(2026, 2, 1)}}
    )

    assert at(readings, "2026-03").value == 3
    assert (at(readings, "2026").value, at(readings, "2026").reason.code) == (None, "uneven")
    assert (at(later, "all").value, at(later, "all").reason.code) == (None, "uneven")


def test_a_share_is_each_part_out_of_the_whole(read: Read) -> None:
    readings = read("type: share, metric: opened, of: total")

    assert at(readings, "2026-03", ward="1").value == pytest.approx(200 / 3)
    assert (at(readings, "2026-03", ward="1").numerator, at(readings, "2026-03", ward="1").denominator) == (2, 3)
    assert at(readings, "2026-Q1", ward="2").value == 40
    assert at(readings, "2026-03").value == 100
    assert at(readings, "2026-02", ward="1").reason.code == "nothing_to_divide"


def test_a_share_of_one_member_is_of_that_member_alone(read: Read) -> None:
    cases = [
        case(MARCH, kind="Lot"),
        case(MARCH, kind="Lot"),
        case(MARCH, kind="Fence"),
        case(MARCH, kind="Lot", ward=OTHER_WARD),
    ]
    readings = read("type: share, metric: opened, of: {kind: Lot}", cases)

    assert at(readings, "2026-03", ward="1").value == pytest.approx(200 / 3)
    assert at(readings, "2026-03").value == 100
    assert {name for item in readings for name in item.slice} == {"ward"}


def test_a_goal_is_judged_as_for_any_metric(read: Read) -> None:
    readings = read('type: derived, formula: "{spent} / {opened}", better: lower, goal: {target: 10, near: 12}')
    total = read('type: derived, formula: "{spent} + 2 * {opened}", better: lower, goal: {target: 10}')

    assert at(readings, "2026-03").status is Status.MET
    assert at(readings, "2026-01").status is Status.OFF_TRACK
    assert at(readings, "2026-Q1").reason.code == "informational"
    assert at(readings, "2026-01", ward="1").status is Status.MET
    assert at(total, "2026-03", ward="1").reason.code == "part_of_goal"


def test_the_running_month_is_partial_and_a_stale_dataset_makes_stale(read: Read) -> None:
    readings = read('type: derived, formula: "{spent} / {opened}"', as_of="2026-03-12")
    stale = read(
        'type: derived, formula: "{opened} / {staff}"',
        CASES,
        [{"day": MARCH}],
        clocks={"people": {"stale": True, "stale_days": 40}},
    )

    assert (at(readings, "2026-03").status, at(readings, "2026-03").complete) == (Status.PARTIAL, False)
    assert at(readings, "2026-03").reason.args == {"through": "2026-03-12"}
    assert (at(stale, "2026-03").status, at(stale, "2026-03").reason.args["days"]) == (Status.STALE, 40)


def test_a_number_made_of_a_withheld_one_is_withheld(read: Read) -> None:
    cases = [case(MARCH, 5)] * 12 + [case(MARCH, 7, OTHER_WARD)] * 2 + [case(MARCH, 7, "3")] * 4
    readings = read('type: derived, formula: "10 * {opened}"', cases, city="privacy: {min_count: 5}\n")
    share = read("type: share, metric: opened, of: total", cases, city="privacy: {min_count: 5}\n")

    for found in (readings, share):
        assert at(found, "2026-03", ward=OTHER_WARD).suppressed
        assert at(found, "2026-03", ward=OTHER_WARD).reason.args == {"min_count": 5}
        assert at(found, "2026-03", ward="3").suppressed, "or the total less ward 1 would tell ward 2"
        assert not at(found, "2026-03", ward="1").suppressed


def test_too_few_rows_for_a_part_are_too_few_for_what_is_made_of_it(read: Read) -> None:
    text = DATASETS.replace(
        "measure: median(cost), unit: dollars, dimensions: [ward]",
        "measure: median(cost), unit: dollars, dimensions: [{by: ward, min_n: 3}]",
    )
    readings = read('type: derived, formula: "{middle} / 2"', declared=text)

    assert (at(readings, "2026-03", ward="1").status, at(readings, "2026-03", ward="1").reason.code) == (
        Status.TOO_SMALL,
        "too_few_rows",
    )


def test_metrics_made_of_made_metrics_are_worked_out_in_turn(read: Read) -> None:
    text = DATASETS + '  twice: {title: Twice, type: derived, formula: "2 * {opened}"}\n'
    readings = read('type: derived, formula: "{twice} + {opened}"', declared=text)

    assert at(readings, "2026-03").value == 9


def test_a_metric_made_of_one_that_fails_fails_with_it(read: Read) -> None:
    failed: dict[str, str] = {}
    text = DATASETS.replace("measure: sum(cost)", 'measure: "sum(cast(kind as number))"')
    readings = read('type: derived, formula: "{spent} / {opened}"', declared=text, failed=failed)

    assert [item.status for item in readings] == [Status.FAILED]
    assert failed["it"].startswith("`spent`, which it is made of")


def test_nothing_is_measured_before_all_it_is_made_of_are(read: Read) -> None:
    readings = read('type: derived, formula: "{opened} * 1", since: 2026-03-01')

    assert (at(readings, "2026-02").status, at(readings, "2026-02").value) == (Status.NOT_DUE, None)
    assert at(readings, "2026-03").value == 3
