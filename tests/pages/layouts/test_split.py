"""A number by the members of a dimension: bars, small charts over time, and what is too small or too many to draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from dash.development.base_component import Component

from civicstat.editions import Edition, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import metric_page
from civicstat.results import Reading, Reason, Status

METRIC = "closed_in_30_days"


@pytest.fixture
def split(city: Edition, edition_of: Callable[..., Edition], asked: Callable[..., Ask]) -> Callable[..., Component]:
    """Return how to draw the tab of a metric whose members have these values in October, and ten less before."""

    def draw(values: dict[str, float | None], *, goal: bool = True, **more: Any) -> Component:
        whole = city.catalogue.metrics[METRIC]
        members = tuple(sorted(values))
        info = replace(whole, dimensions=(replace(whole.dimensions[0], members=members),))
        totals = city.readings(METRIC, grain="month")
        slices = [item for name, value in values.items() for item in _months(totals, name, value, goal)]
        page = metric_page(edition_of((info, [*totals, *slices])), METRIC, asked(f"/m/{METRIC}", tab="split", **more))
        return page

    return draw


def _months(totals: list[Reading], member: str, value: float | None, judged: bool) -> list[Reading]:
    return [
        replace(
            item,
            slice={"district": member},
            value=value if value is None or item.period == "2026-10" else value - 10,
            status=Status.OFF_TRACK if judged else Status.INFORMATIONAL,
            gap=80.0 - (value or 0) if judged else None,
        )
        for item in totals
    ]


def first_cells(page: Component, tree: Any) -> list[str]:
    grid = tree.parts(tree.classed(page, "chart")[0], "Table")[0]
    return [tree.words(row.children[0]) for row in tree.parts(grid, "Tr")[1:]]


def test_the_worst_member_stands_first_and_the_missing_one_last(split: Any, tree: Any) -> None:
    page = split({"(blank)": 10.0, "Harbor": 70.0, "Hillside": 60.0})

    assert first_cells(page, tree) == ["Hillside", "Harbor", "Not recorded"]
    assert tree.parts(page, "Chart")[0].markup.count('class="chart-bar"') == 3 * 3  # each a bar, in three sizes


def test_each_member_has_a_small_chart_on_one_scale_with_its_value_in_the_period_shown(split: Any, tree: Any) -> None:
    page = split({"Harbor": 70.0, "Hillside": 60.0})
    small = tree.classed(page, "multiples")[0]

    assert [tree.words(item) for item in small.children] == ["Hillside 60.0 %", "Harbor 70.0 %"]
    assert "November 2023 to November 2026, all on one scale from 50.0 % to 80.0 %. The dashed line is the goal." in (
        tree.words(tree.classed(page, "tab"))
    )
    earlier = tree.classed(split({"Harbor": 70.0}, period="2026-09"), "multiples")[0]
    assert tree.words(earlier) == "Harbor 60.0 %"


def test_small_charts_show_no_goal_that_does_not_judge_parts(split: Any, tree: Any) -> None:
    page = split({"Harbor": 70.0, "Hillside": 60.0}, goal=False)

    assert "all on one scale from 50.0 % to 70.0 %." in tree.words(tree.classed(page, "tab"))
    assert not any("chart-goal" in item.markup for item in tree.parts(tree.classed(page, "multiples"), "Markup"))


def test_a_chart_of_many_members_shows_the_first_and_the_table_all(split: Any, tree: Any) -> None:
    page = split({f"District {at:02}": 50.0 + at for at in range(40)})

    assert "The chart shows the first 30; the table has all." in tree.words(tree.classed(page, "tab"))
    assert len(first_cells(page, tree)) == 40
    assert "District 29" in tree.parts(page, "Chart")[0].markup
    assert "District 30" not in tree.parts(page, "Chart")[0].markup
    assert len(tree.classed(page, "multiples")[0].children) == 12


def test_a_member_without_values_has_no_small_chart(split: Any, tree: Any) -> None:
    page = split({"Harbor": None, "Hillside": 60.0})

    assert [tree.words(item) for item in tree.classed(page, "multiples")[0].children] == ["Hillside 60.0 %"]


def test_a_member_with_too_few_records_says_so_in_place_of_a_value(
    city: Edition, edition_of: Callable[..., Edition], asked: Callable[..., Ask], tree: Any
) -> None:
    info: MetricInfo = city.catalogue.metrics[METRIC]
    few = replace(
        city.readings(METRIC, period="2026-10")[0],
        slice={"district": "4"},
        value=None,
        n=7,
        gap=None,
        status=Status.TOO_SMALL,
        reason=Reason("too_few_rows", {"n": 7, "min_n": 30}),
    )
    edition = edition_of((info, [*city.readings(METRIC), few]))
    page = metric_page(edition, METRIC, asked(f"/m/{METRIC}", tab="split"))
    grid = tree.parts(tree.classed(page, "chart")[0], "Table")[0]

    assert "District 4 7 Too few Too few to show" in [tree.words(row) for row in tree.parts(grid, "Tr")]
