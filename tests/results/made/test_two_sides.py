"""A number for each resident, in another unit, or against a goal that moves, counted on one's fingers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.results.made.conftest import CASES, DATASETS, JANUARY, MARCH, OTHER_WARD, Read, at, case

from civicstat.results import Status


def census(day: date, people: int, ward: str = "1") -> dict[str, Any]:
    return {"day": day, "people": people, "ward": ward}


COUNTED = """
datasets:
  cases:
    row: one row is one case
    source: {file: cases.csv}
    time: opened_on
    columns: {opened_on: {type: date}, ward: {type: text}, kind: {type: text}, cost: {type: number}}
  people:
    row: one row is the residents of a ward at a census
    source: {file: people.csv}
    time: day
    columns: {day: {type: date}, ward: {type: text}, people: {type: integer}}
metrics:
  opened: {title: Opened, dataset: cases, type: simple, measure: count(*), unit: cases, dimensions: [ward, kind]}
  residents:
    {title: Residents, dataset: people, type: snapshot, measure: sum(people), unit: people, dimensions: [ward],
     period: year}
"""
CENSUSES = [
    *(census(date(2015, 4, 1), 1000), census(date(2015, 4, 1), 3000, OTHER_WARD)),
    *(census(date(2025, 4, 1), 2000), census(date(2025, 4, 1), 6000, OTHER_WARD)),
]
KNOWN = {"people": {"first": date(2015, 1, 1), "as_of": "2025-04-01"}, "cases": {"first": date(2025, 1, 1)}}
PER_HEAD = 'type: ratio, numerator: "{opened}", denominator: "{residents}"'


def test_a_rate_per_resident_takes_the_last_census_that_is_known_by_the_end_of_each_period(read: Read) -> None:
    cases = [*[case(date(2025, 11, 2))] * 8, *[case(MARCH)] * 10, *[case(MARCH, ward=OTHER_WARD)] * 3]
    readings = read(f"{PER_HEAD}, per: 1000", cases, CENSUSES, declared=COUNTED, clocks=KNOWN)

    assert at(readings, "2025-11").value == pytest.approx(1000 * 8 / 4000), "the year of the next census still runs"
    assert at(readings, "2026-03").value == pytest.approx(1000 * 13 / 8000)
    assert at(readings, "2026-03", ward="1").value == pytest.approx(5)
    assert at(readings, "2026-03", ward="2").value == pytest.approx(0.5)
    assert at(readings, "2026-Q1").value == pytest.approx(1000 * 13 / 8000), "the count of the quarter, not a year's"
    assert at(readings, "all").value == pytest.approx(1000 * 21 / 8000)
    assert (at(readings, "2026-03").numerator, at(readings, "2026-03").denominator) == (13, 8000)
    assert [item.period for item in at(readings, "2026-03", ward="1").used] == ["2026-03", "2025"]
    assert (at(readings, "2026-03").complete, at(readings, "2026-03").status) == (True, Status.NO_GOAL)
    assert {item.start.year for item in readings if item.start} == {2024, 2025, 2026}, "only where cases are counted"
    assert {name for item in readings for name in item.slice} == {"ward"}


def test_the_whole_city_is_all_rows_over_all_residents_and_a_part_without_residents_has_no_rate(read: Read) -> None:
    cases = [case(MARCH), case(MARCH, ward=OTHER_WARD), case(MARCH, ward="(blank)"), case(MARCH, ward="9")]
    readings = read(f"{PER_HEAD}, per: 1000", cases, CENSUSES, declared=COUNTED, clocks=KNOWN)

    assert at(readings, "2026-03").value == pytest.approx(0.5)
    assert [at(readings, "2026-03", ward=ward).value for ward in ("(blank)", "9")] == [None, None]
    assert at(readings, "2026-03", ward="9").reason.code == "part_missing"


def test_a_rate_a_year_is_by_the_days_that_were_counted(read: Read) -> None:
    cases = [*[case(MARCH)] * 31, *[case(date(2024, 2, 2))] * 29]
    clocks = {**KNOWN, "cases": {"first": date(2024, 1, 1), "as_of": "2026-04-10"}}
    readings = read(f"{PER_HEAD}, per: 1000 a year", cases, CENSUSES, declared=COUNTED, clocks=clocks)

    assert at(readings, "2026-03").value == pytest.approx(1000 * 365 / 8000)
    assert at(readings, "2024-02").value == pytest.approx(1000 * 366 / 4000)
    assert at(readings, "2024").value == pytest.approx(1000 * 29 / 4000), "a whole year is as it is"
    assert at(readings, "2026").value == pytest.approx(1000 * 31 / 8000 * 365 / 90), "January to March"
    assert [item for item in readings if item.grain == "all"] == []


def test_residents_without_a_date_are_those_of_every_period(read: Read) -> None:
    text = (
        COUNTED.replace("    time: day\n", "")
        .replace("type: snapshot", "type: simple")
        .replace(",\n     period: year", "")
    )
    readings = read(f"{PER_HEAD}, per: 1000", [case(MARCH)], CENSUSES[2:], declared=text, clocks=KNOWN)

    assert at(readings, "2026-03").value == at(readings, "all").value == pytest.approx(0.125)
    assert at(readings, "2026-02").value == 0


def test_a_rate_before_the_first_census_has_no_number(read: Read) -> None:
    readings = read(PER_HEAD, [case(MARCH)], CENSUSES[:2], declared=COUNTED, clocks={
        "people": {"first": date(2015, 1, 1)}, "cases": {"first": date(2015, 1, 1)},
    })  # fmt: skip

    assert (at(readings, "2015-11").value, at(readings, "2015-11").reason.code) == (None, "part_missing")
    assert at(readings, "2015-12").value == 0


def test_two_counts_of_two_datasets_are_divided_where_both_are_complete(read: Read) -> None:
    people = [{"day": MARCH, "ward": "1"}, {"day": MARCH, "ward": "1"}, {"day": MARCH, "ward": "3"}]
    readings = read('type: ratio, numerator: "{opened}", denominator: "{staff}", unit: cases', CASES, people)

    assert at(readings, "2026-03").value == 1
    assert at(readings, "2026-03", ward="1").value == 1
    assert at(readings, "2026-04").reason.code == "nothing_to_divide"


def test_a_rate_made_of_a_withheld_count_is_withheld(read: Read) -> None:
    cases = [*[case(MARCH)] * 12, *[case(MARCH, ward=OTHER_WARD)] * 2]
    readings = read(
        PER_HEAD, cases, CENSUSES, declared=COUNTED, clocks=KNOWN, city="privacy: {min_count: 5}\n"
    )  # fmt: skip

    assert at(readings, "2026-03", ward=OTHER_WARD).suppressed


SINCE = "{value: 2, source: A}"
CHANGING = "[{value: 2, source: A}, {value: 3, source: B, from: 2026-02-01}]"


def test_a_number_in_another_unit_is_it_times_the_factor_in_every_period_and_part(read: Read) -> None:
    readings = read(f"type: equivalent, metric: spent, unit: tonnes, factor: {SINCE}")

    assert [at(readings, key).value for key in ("2026-01", "2026-03", "2026-Q1", "all")] == [80, 24, 104, 104]
    assert at(readings, "2026-03", ward="2").value == 8
    assert [(item.metric, item.period, item.value) for item in at(readings, "2026-Q1").used] == [
        ("spent", "2026-Q1", 52)
    ]


def test_a_period_has_the_factor_in_force_when_it_begins_and_a_longer_one_the_sum_of_its_periods(read: Read) -> None:
    readings = read(f"type: equivalent, metric: spent, unit: tonnes, factor: {CHANGING}")

    assert [at(readings, key).value for key in ("2026-01", "2026-03", "2026-Q1", "2026-Q2")] == [80, 36, 116, 0]
    assert [item.period for item in at(readings, "2026-Q1").used] == ["2026-01", "2026-02", "2026-03"]
    assert (at(readings, "all").value, at(readings, "2026").complete) == (116, False)
    assert at(readings, "2026-Q1", ward="2").value == 72


def test_before_the_first_factor_there_is_no_number_and_no_sum_that_would_need_one(read: Read) -> None:
    late = "[{value: 2, source: A, from: 2026-02-01}, {value: 3, source: B, from: 2026-03-01}]"
    readings = read(f"type: equivalent, metric: spent, unit: tonnes, factor: {late}")

    assert [at(readings, key).value for key in ("2026-01", "2026-03", "2026-Q1", "2026-Q2")] == [None, 36, None, 0]
    assert (at(readings, "2026-01").status, at(readings, "2026-01").reason.code) == (Status.NO_DATA, "part_missing")


def test_what_other_official_factors_would_give_stands_beside_it(read: Read) -> None:
    others = "others: {Ministry: {value: 5, source: C}, Agency: " + CHANGING + "}"
    readings = read(f"type: equivalent, metric: spent, unit: tonnes, factor: {SINCE}, {others}, dimensions: [ward]")

    assert at(readings, "2026-03").value == 24
    assert [at(readings, "2026-Q1", factor=who).value for who in ("Ministry", "Agency")] == [260, 116]
    assert {tuple(item.slice) for item in readings} == {(), ("ward",), ("factor",)}


def test_a_number_made_of_others_is_held_against_a_goal_that_moves_and_against_another_metric(read: Read) -> None:
    slope = "goal: {target: {from: 0, on: 2026-01-01, to: 12, by: 2026-03-31}}"
    moved = read(f'type: derived, formula: "{{spent}} / {{opened}}", unit: dollars, better: higher, {slope}')
    middle = read(
        'type: derived, formula: "{spent} / {opened}", unit: dollars, better: lower, goal: {target: "{middle}"}'
    )

    assert [(at(moved, key).goal, at(moved, key).status) for key in ("2026-01", "2026-03")] == [
        (4, Status.MET),
        (12, Status.OFF_TRACK),
    ]
    assert (at(middle, "2026-03", ward="1").goal, at(middle, "2026-03", ward="1").status) == (8, Status.MET)


def test_a_withheld_number_is_no_goal_by_which_it_could_be_guessed(read: Read) -> None:
    few = (
        "  few: {title: Few, dataset: people, type: simple, measure: count(*), unit: cases, privacy: {min_count: 5}}\n"
    )
    goal = 'type: simple, dataset: cases, measure: count(*), unit: cases, better: higher, goal: {target: "{few}"}'

    january = at(read(goal, people=[{"day": JANUARY}], declared=DATASETS + few), "2026-01")

    assert (january.status, january.reason.code, january.goal) == (Status.INFORMATIONAL, "no_target", None)
