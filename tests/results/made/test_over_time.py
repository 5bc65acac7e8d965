"""Changes, running totals and windows, counted on one's fingers."""

from __future__ import annotations

from datetime import date

import pytest
from tests.results.made.conftest import DATASETS, JANUARY, MARCH, OTHER_WARD, Read, at, case

from civicstat.results import Status

YEARS = [case(date(2025, 3, 1), 5), case(date(2025, 3, 2), 5), case(MARCH, 4), case(date(2025, 1, 2), -10)]
BEGAN = {"cases": {"first": date(2025, 1, 1)}}


@pytest.mark.parametrize(
    ("how", "opened", "spent"), [("percent", -50, 140), ("difference", -1, 14), ("ratio", 0.5, -0.4)]
)
def test_a_change_is_against_the_number_a_year_before(read: Read, how: str, opened: float, spent: float) -> None:
    cases = [*YEARS, case(JANUARY, 4)]
    of_rows = read(f"type: change, metric: opened, against: prior_year, as: {how}", cases, clocks=BEGAN)
    of_costs = read(f"type: change, metric: spent, against: prior_year, as: {how}", cases, clocks=BEGAN)

    assert at(of_rows, "2026-03").value == opened
    assert at(of_costs, "2026-01").value == pytest.approx(spent), "up from less than nothing is up"
    assert [item.name for item in at(of_rows, "2026-03").used] == ["opened", "opened@prior_year"]


def test_a_change_from_nothing_has_no_percentage_and_one_from_a_part_of_a_period_none_at_all(read: Read) -> None:
    readings = read("type: change, metric: opened, against: prior_period", YEARS, clocks=BEGAN, as_of="2026-03-20")

    assert at(readings, "2025-03").reason.code == "nothing_to_divide"
    assert (at(readings, "2025-04").value, at(readings, "2025-01").value) == (-100, None)
    assert (at(readings, "2026-03").value, at(readings, "2026-03").reason.code) == (None, "part_missing")


def test_a_percentage_changes_by_points(read: Read) -> None:
    shares = "numerator: {where: cost > 4}, denominator: count(*)"
    text = DATASETS + f"  dear: {{title: D, dataset: cases, type: ratio, {shares}}}\n"
    readings = read("type: change, metric: dear, against: prior_year", YEARS, declared=text, clocks=BEGAN)

    assert at(readings, "2026-03").value == -100


def test_a_change_may_be_against_the_same_time_of_a_named_year_or_against_one_named_period(read: Read) -> None:
    cases = [case(date(2024, 3, 1))] * 4 + [case(date(2025, 3, 1))] + [case(MARCH)] * 6
    began = {"cases": {"first": date(2024, 1, 1)}}
    of_year = read("type: change, metric: opened, against: 2024", cases, clocks=began)
    of_month = read("type: change, metric: opened, against: 2024-03", cases, clocks=began)
    of_fiscal = read("type: change, metric: opened, against: FY2024", cases, clocks=began)

    assert at(of_year, "2026-03").value == 50
    assert at(of_year, "2026-03").used[1].period == "2024-03"
    assert at(of_year, "2026-Q1").used[1].period == "2024-Q1"
    assert (at(of_year, "2024-03").value, at(of_year, "2025").used[1].period) == (0, "2024")
    assert at(of_month, "2026-04").value == -100
    assert at(of_month, "2024-02").value is None, "what it is held against comes later"
    assert at(of_month, "2026-Q1").value is None, "a month is no quarter"
    assert at(of_fiscal, "2026-03").used[1].period == "2024-03"
    assert at(of_fiscal, "2025-11").used[1].period == "2023-11"


def test_several_earlier_periods_stand_side_by_side(read: Read) -> None:
    readings = read(
        "type: change, metric: opened, against: [prior_year, prior_period], as: difference, dimensions: [ward]",
        [*YEARS, case(date(2026, 2, 1))], clocks=BEGAN,
    )  # fmt: skip

    assert at(readings, "2026-03").value == -1, "the first is the number of the whole"
    assert at(readings, "2026-03", against="prior_year").value == -1
    assert at(readings, "2026-03", against="prior_period").value == 0
    assert [item.period for item in at(readings, "2026-03", against="prior_period").used] == ["2026-03", "2026-02"]
    assert at(readings, "2026-03", ward="1").value == -1


def test_a_change_may_be_against_one_member_of_a_dimension(read: Read) -> None:
    cases = [case(MARCH), case(MARCH, kind="Fence"), case(MARCH, ward=OTHER_WARD)]
    readings = read("type: change, metric: opened, against: {ward: '1'}, as: difference", cases)

    assert at(readings, "2026-03").value == 1
    assert at(readings, "2026-03", ward="2").value == -1
    assert at(readings, "2026-03", ward="1").value == 0
    assert at(readings, "2026-03", kind="Lot").value == 1, "of the same kind in that ward"
    assert at(readings, "all").value == 1
    assert [dict(item.slice) for item in at(readings, "2026-03", kind="Lot").used] == [
        {"kind": "Lot"},
        {"kind": "Lot", "ward": "1"},
    ]


SPREAD = [case(date(2025, 5, 3), 7), case(date(2025, 8, 2), 1), case(JANUARY, 10), case(MARCH, 4, OTHER_WARD)]
FROM_MAY = {"cases": {"first": date(2025, 5, 1)}}


def test_a_running_total_is_of_the_fiscal_year_or_of_all_and_a_longer_period_has_that_of_its_end(read: Read) -> None:
    of_year = read("type: cumulative, metric: spent, over: fiscal_year", SPREAD, clocks=FROM_MAY)
    of_all = read("type: cumulative, metric: opened, over: all", SPREAD, clocks=FROM_MAY)

    assert [at(of_year, period).value for period in ("2025-08", "2025-12", "2026-01", "2026-04")] == [1, 1, 11, 15]
    assert [at(of_year, period).value for period in ("2025-Q4", "FY2026-Q3", "2025", "FY2026")] == [1, 15, 1, 15]
    assert [at(of_all, period).value for period in ("2025-05", "2025-08", "2026-06", "all")] == [1, 2, 4, 4]
    assert at(of_all, "2026-06", ward="2").value == 1
    assert [(item.name, item.period) for item in at(of_all, "2026-01").used] == [
        ("it@prior_period", "2025-12"),
        ("opened", "2026-01"),
    ]
    assert at(of_year, "FY2025").complete is False, "the records begin in May"
    assert (at(of_year, "2026").value, at(of_year, "2026").complete) == (15, False)


def test_a_window_is_of_so_many_periods_and_has_no_number_before_it_is_full(read: Read) -> None:
    total = read("type: cumulative, metric: spent, over: 3 months", SPREAD, clocks=FROM_MAY)
    average = read("type: cumulative, metric: opened, over: 3 months, as: average", SPREAD, clocks=FROM_MAY)

    assert at(total, "2025-06").value is None
    assert [at(total, period).value for period in ("2025-07", "2025-08", "2026-01", "2026-03")] == [7, 1, 10, 14]
    assert at(average, "2026-03").value == pytest.approx(2 / 3)
    assert at(average, "2026-Q1").value == pytest.approx(2 / 3)
    assert [item.period for item in at(average, "2026-03").used] == ["2026-03", "2026-02", "2026-01"]


def test_an_average_of_percentages_is_of_all_rows_and_one_of_a_stock_of_its_ends(read: Read) -> None:
    text = DATASETS + (
        "  dear: {title: D, dataset: cases, type: ratio, numerator: {where: cost > 4}, denominator: count(*)}\n"
        "  there: {title: T, dataset: cases, type: stock, opened: opened_on}\n"
    )
    cases = [case(JANUARY, 10), case(MARCH, 1), case(MARCH, 1), case(MARCH, 9)]
    dear = read("type: cumulative, metric: dear, over: all, as: average", cases, declared=text)
    there = read("type: cumulative, metric: there, over: 2 months, as: average", cases, declared=text)

    assert (at(dear, "2026-03").value, at(dear, "2026-03").numerator, at(dear, "2026-03").denominator) == (50, 2, 4)
    assert [at(there, period).value for period in ("2026-02", "2026-03", "2026-04")] == [1, 2.5, 4]


def test_a_running_total_over_a_gap_is_of_what_there_is_and_says_so(read: Read) -> None:
    covers = ((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 3, 1), date(2026, 6, 30)))
    readings = read("type: cumulative, metric: opened, over: all", clocks={"cases": {"covers": covers}})
    window = read("type: cumulative, metric: opened, over: 2 months", clocks={"cases": {"covers": covers}})

    assert [at(readings, key).value for key in ("2026-01", "2026-02", "2026-03")] == [2, 2, 5]
    assert (at(readings, "2026-03").status, at(readings, "2026-03").reason.code) == (Status.PARTIAL, "incomplete")
    assert at(readings, "2026-Q2").value == 5
    assert [at(window, key).value for key in ("2026-02", "2026-03", "2026-04")] == [None, None, 3]


def test_a_running_total_that_holds_a_withheld_number_is_withheld(read: Read) -> None:
    cases = [case(JANUARY)] * 9 + [case(date(2026, 2, 2))] * 2 + [case(MARCH)] * 9
    readings = read("type: cumulative, metric: opened, over: all", cases, city="privacy: {min_count: 5}\n")

    held = {item.period for item in readings if item.suppressed and not item.slice and item.grain == "month"}
    assert "2026-02" in held
    assert "2026-03" in held, "or what is shown for March would tell February"


def test_a_window_is_of_the_periods_that_the_total_itself_has(read: Read) -> None:
    readings = read("type: cumulative, metric: opened, over: 2 quarters, period: quarter", SPREAD, clocks=FROM_MAY)

    assert [at(readings, key).value for key in ("2025-Q4", "2026-Q1")] == [1, 2]


MEANS = "breaks: [{on: 2026-02-01, what: Calls by app count too, compare: HOW}]"
BREAKS = DATASETS.replace("unit: cases,", f"unit: cases, {MEANS},")
CHANGE = "type: change, metric: opened, against: prior_period, as: difference"


@pytest.mark.parametrize(("compare", "february", "march"), [("refuse", None, 3.0), ("mark", -2.0, 3.0)])
def test_what_is_counted_may_change_and_no_number_is_held_against_one_of_another_meaning(
    read: Read, compare: str, february: float | None, march: float
) -> None:
    found = read(CHANGE, declared=BREAKS.replace("HOW", compare))

    assert (at(found, "2026-02").value, at(found, "2026-03").value) == (february, march)
    assert at(found, "2026-02", ward="1").value == (None if compare == "refuse" else -1)


def test_a_number_that_is_not_taken_across_a_break_says_why(read: Read) -> None:
    found = at(read(CHANGE, declared=BREAKS.replace("HOW", "refuse")), "2026-02")

    assert (found.status, found.reason.code) == (Status.NO_DATA, "broken")
    assert dict(found.reason.args) == {"on": "2026-02-01", "what": {"en": "Calls by app count too"}}
    assert [(item.name, item.value) for item in found.used] == [("opened", 0), ("opened@prior_period", None)]


def test_a_metric_made_of_one_that_changed_has_its_break(read: Read) -> None:
    twice = BREAKS.replace("HOW", "refuse") + '  double: {title: Double, type: derived, formula: "{opened} * 2"}\n'

    found = read(CHANGE.replace("metric: opened", "metric: double"), declared=twice)

    assert (at(found, "2026-02").reason.code, at(found, "2026-03").value) == ("broken", 6)
