"""Published scorecards, row by row: our status for the printed value and goal is the one that was published.

The rule set is Louisville's: met on the good side of the goal, near inside a tenth of it, off track otherwise.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from civicstat.results import Standing, Status, judge
from civicstat.spec import Better, Goal, Near

TENTH = Near("share", 0.1)


class Row(NamedTuple):
    source: str
    value: float
    target: float
    better: str
    status: str
    compare_at: int | None = None


ROWS = [
    Row("LouieStat 2016-03-24 Public Works dollars on overtime", 1_743_961, 1_163_734, "lower", "off_track"),
    Row("LouieStat 2016-03-24 Public Works overtime hours paid", 51_655, 36_225, "lower", "off_track"),
    Row("LouieStat 2016-03-24 Public Works hours not worked", 47_727, 38_062, "lower", "off_track"),
    Row("LouieStat 2016-03-24 Public Works hours lost to illness or injury", 2_592, 9_515, "lower", "met"),
    Row("LouieStat 2016-03-24 Public Works employees with high sick leave", 128, 114, "lower", "off_track"),
    Row("LouieStat 2016-03-24 Public Works lost-time injury rate", 4.58, 6, "lower", "met"),
    Row("LouieStat 2017-05-30 Codes and Regulations turnover", 10, 12, "lower", "met"),
    Row("LouieStat 2017-05-30 Codes and Regulations overtime dollars", 119_869, 65_000, "lower", "off_track"),
    Row("LouieStat 2017-05-30 Codes and Regulations overtime hours", 3_883, 2_080, "lower", "off_track"),
    Row("LouieStat 2017-05-30 Codes and Regulations hours not worked", 8_743, 8_079, "lower", "near"),
    Row("LouieStat 2018-12 commercial permits issued after 15 days", 30.25, 16.31, "lower", "off_track"),
    Row("LouieStat 2018-12 single-family permits issued after 4 days", 28.67, 18.13, "lower", "off_track"),
    Row("LouieStat 2018-11-13 Human Resources hours lost, nothing over nothing", 0, 0, "lower", "met"),
    Row("ResultsNOLA 2012-Q1 inspections", 4_235, 5_000, "higher", "off_track"),
    Row("ResultsNOLA 2012-Q1 hearings", 1_375, 3_000, "higher", "off_track"),
    Row("ResultsNOLA 2012-Q1 demolitions, the only goal met", 524, 300, "higher", "met"),
    Row("ResultsNOLA 2012-Q1 potholes", 15_660, 12_500, "higher", "met"),
    Row("ResultsNOLA 2012-Q1 streetlights", 1_197, 2_750, "higher", "off_track"),
    Row("ResultsNOLA 2012-Q1 capital projects on schedule, unrounded", 6300 / 79, 80, "higher", "near"),
    Row("ResultsNOLA 2012-Q1 capital projects on schedule, as published", 6300 / 79, 80, "higher", "met", 0),
    Row("ResultsNOLA 2012-Q1 share of disadvantaged businesses", 38, 35, "higher", "met"),
    Row("BlightStat year 1 pace", 3_214, 3_333, "higher", "near"),
    Row("BlightStat December 2010 inspections in two weeks", 717, 800, "higher", "off_track"),
    Row("TulStat April 2017 911 answered in 10 s, busiest hour", 49, 90, "higher", "off_track"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.source)
def test_a_published_row_gets_its_published_status(row: Row) -> None:
    goal = Goal(row.target, near=TENTH, compare_at=row.compare_at)

    judged = judge(Standing(row.value, goal, row.better, "count"))  # type: ignore[arg-type]

    assert judged.status == row.status


TABLE: list[tuple[str, Goal, Better, list[tuple[float, str]]]] = [
    (
        "increase, t=90 (2 pts)",
        Goal(90.0, near=Near("units", 2.0)),
        "higher",
        [(90.0, "met"), (89.96, "near"), (88.0, "near"), (87.99, "off_track")],
    ),
    (
        "decrease, t=4 days (0.5)",
        Goal(4.0, near=Near("units", 0.5)),
        "lower",
        [(3.96, "met"), (4.5, "near"), (4.51, "off_track")],
    ),
    (
        "range 45-55 (1)",
        Goal((45.0, 55.0), near=Near("units", 1.0)),
        "within",
        [(45.0, "met"), (44.0, "near"), (56.01, "off_track")],
    ),
    (
        "maintain 120 +/- 6 (3)",
        Goal((114.0, 126.0), near=Near("units", 3.0)),
        "within",
        [(126.0, "met"), (129.0, "near"), (111.0, "near"), (110.9, "off_track")],
    ),
    ("trajectory 200 to 140, period 6, line 170 (5)", Goal(170.0, near=Near("units", 5.0)), "lower", [(171.0, "near")]),
    (
        "cumulative 1,200, even, 5 months done, due 500 (5%)",
        Goal(500.0, near=Near("share", 0.05)),
        "higher",
        [(480.0, "near"), (475.0, "near"), (474.0, "off_track")],
    ),
    ("cumulative with season share 0.35, due 420", Goal(420.0), "higher", [(430.0, "met")]),
    (
        "target 0 fatalities (1)",
        Goal(0.0, near=Near("units", 1.0)),
        "lower",
        [(0.0, "met"), (1.0, "near"), (2.0, "off_track")],
    ),
]
"""The cases of performance-stat §4; what a line or a pace asks of a period is held to its table in ``test_goals``."""


@pytest.mark.parametrize(
    ("goal", "better", "rows"), [row[1:] for row in TABLE], ids=[f"performance-stat §4: {row[0]}" for row in TABLE]
)
def test_a_case_of_the_table_of_statuses_is_judged_as_it_says(
    goal: Goal, better: Better, rows: list[tuple[float, str]]
) -> None:
    found = [(value, judge(Standing(value, goal, better, "count")).status.value) for value, _ in rows]

    assert found == rows


def test_a_value_is_never_rounded_up_to_its_goal() -> None:
    judged = judge(Standing(0.991, Goal(1.0), "higher", "score"))

    assert judged.status is Status.OFF_TRACK


def test_zero_is_the_best_value_where_lower_is_better() -> None:
    assert judge(Standing(0.0, Goal(5.0), "lower", "homicides")).status is Status.MET


def test_a_target_of_zero_is_met_by_zero_and_has_no_near() -> None:
    goal = Goal(0.0, near=TENTH)

    assert [judge(Standing(value, goal, "lower", "cases")).status for value in (0.0, 0.001)] == [
        Status.MET,
        Status.OFF_TRACK,
    ]


def test_negative_values_compare_as_numbers_do() -> None:
    goal = Goal(-10.0, near=TENTH)

    assert [judge(Standing(value, goal, "higher", "points")).status for value in (-9.0, -10.0, -10.9, -12.0)] == [
        Status.MET,
        Status.MET,
        Status.NEAR,
        Status.OFF_TRACK,
    ]
