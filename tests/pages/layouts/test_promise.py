"""A goal that moves, in words: on a card, among all goals, beside the number and in the tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from civicstat.editions import Edition, GoalInfo, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import goals_page, metric_page
from civicstat.results import Reading

METRIC = "closed_in_30_days"
SLOPE = {"form": "slope", "from": 72, "on": "2024-07-01", "to": 92, "by": "2026-12-31"}
FIXED = GoalInfo(60.0, "month", ends="2024-06-30")


@pytest.fixture
def moved(city: Edition) -> tuple[MetricInfo, list[Reading]]:
    """The metric with a fixed goal at first and then one that rises, held against which its months are."""
    goal = GoalInfo(None, "month", plan=SLOPE, margin=("units", 3.0), begins="2024-07-01", hold=2)
    info = replace(city.catalogue.metrics[METRIC], goal=goal, goals=(FIXED, goal))
    months = city.readings(METRIC, grain="month")
    return info, [item._replace(goal=60.0 + at) for at, item in enumerate(months)]


def test_a_goal_that_moves_says_what_it_is_now_and_how_it_moves(
    moved: tuple[MetricInfo, list[Reading]], edition_of: Callable[..., Edition], asked: Callable[..., Ask], tree: Any
) -> None:
    info, readings = moved
    edition = edition_of((info, readings))
    goal = next(item.goal for item in readings if item.period == "2026-10")
    assert isinstance(goal, float)
    table, page = goals_page(edition, asked("/goals")), metric_page(edition, METRIC, asked(f"/m/{METRIC}"))

    said = tree.words(next(node for node in tree.parts(table, "Tr") if tree.get(node, "data-metric") == METRIC))
    assert f"At least {goal:.0f} % ; from {goal - 3:.0f} % counts as near." in said
    assert "From 72 % on 1 July 2024 in even steps to 92 % by 31 December 2026." in said
    assert "The status changes after 2 periods in a row." in said
    assert "It stands from 1 July 2024. Before: at least 60 %, through 30 June 2024." in tree.words(page)


def test_the_table_over_time_has_the_goal_of_each_period(
    moved: tuple[MetricInfo, list[Reading]], edition_of: Callable[..., Edition], asked: Callable[..., Ask], tree: Any
) -> None:
    info, readings = moved
    page = metric_page(edition_of((info, readings)), METRIC, asked(f"/m/{METRIC}"))
    heads = [tree.words(node) for node in tree.parts(page, "Th")]
    cells = [tree.words(row) for row in tree.parts(page, "Tr")]

    assert "Goal" in heads
    for item in readings[-3:]:
        assert any(f"at least {item.goal:.0f} %" in row for row in cells)


def test_what_is_due_of_a_year_is_said_beside_what_was_promised_for_it(
    city: Edition, edition_of: Callable[..., Edition], asked: Callable[..., Ask], tree: Any
) -> None:
    goal = GoalInfo(1200.0, "month", pace=(0.1, 0.3, 0.6, 1.0), margin=("share", 0.05))
    info = replace(city.catalogue.metrics[METRIC], goal=goal, goals=(goal,), unit="cases", decimals=0)
    readings = [
        item._replace(
            goal=500.0,
            reason=replace(item.reason, args={**item.reason.args, "goal": 500.0, "year": 1200.0, "unit": "cases"}),
        )
        for item in city.readings(METRIC, grain="month")
    ]

    said = tree.words(goals_page(edition_of((info, readings)), asked("/goals")))

    assert "At least 1,200 cases ; from 475 counts as near." in said
    assert "What is due by the end of each quarter: 10 %, 30 %, 60 %, 100 %." in said


def test_where_a_year_would_end_stands_beside_its_status(
    city: Edition, edition_of: Callable[..., Edition], asked: Callable[..., Ask], tree: Any
) -> None:
    goal = GoalInfo(120.0, "fiscal_year", pace="even")
    info = replace(city.catalogue.metrics[METRIC], goal=goal, goals=(goal,), unit="cases", decimals=0)
    months = [item for item in city.readings(METRIC, grain="month") if "2026-07" <= item.period <= "2026-10"]
    counted = [item._replace(value=value) for item, value in zip(months, (8.0, 12.0, 8.0, 12.0), strict=True)]
    year = counted[-1]._replace(
        period="FY2027", grain="fiscal_year", start=date(2026, 7, 1), end=date(2027, 7, 1), through=date(2026, 10, 31),
        value=40.0, goal=40.0, complete=False, final=False,
    )  # fmt: skip

    page = metric_page(edition_of((info, [*counted, year])), METRIC, asked(f"/m/{METRIC}", period="FY2027"))

    assert "If it goes on as it did, the year ends at 120 cases, likely between 98 cases and 142 cases." in tree.words(
        page
    )
