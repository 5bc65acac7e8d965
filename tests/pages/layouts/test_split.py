"""A number by the members of a dimension: bars, small charts over time, and what is too small or too many to draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from dash.development.base_component import Component

from civicstat.charts import shape
from civicstat.editions import DimensionInfo, Edition, MetricInfo
from civicstat.pages.ask import Ask, parse_ask, settle
from civicstat.pages.layouts import metric_page
from civicstat.results import Reading, Reason, Status

METRIC = "closed_in_30_days"


@pytest.fixture
def split(city: Edition, edition_of: Callable[..., Edition], asked: Callable[..., Ask]) -> Callable[..., Component]:
    """Return how to draw the tab of a metric whose members have these values in October, and ten less before."""

    def draw(values: dict[str, float | None], *, goal: bool = True, **more: Any) -> Component:
        whole = city.catalogue.metrics[METRIC]
        members = tuple(sorted(values))
        dimensions = (replace(whole.dimensions[0], members=members),)
        info = replace(whole, dimensions=dimensions, chance="share", per=100.0)
        totals = city.readings(METRIC, grain="month")
        slices = [item for name, value in values.items() for item in _months(totals, name, value, goal)]
        page = metric_page(edition_of((info, [*totals, *slices])), METRIC, asked(f"/m/{METRIC}", tab="split", **more))
        return page

    return draw


def _months(totals: list[Reading], member: str, value: float | None, judged: bool) -> list[Reading]:
    return [
        item._replace(
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
    few = city.readings(METRIC, period="2026-10")[0]._replace(
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

    assert "District 4 7 Too few Too few to compare" in [tree.words(row) for row in tree.parts(grid, "Tr")]
    alone = metric_page(edition, METRIC, asked(f"/m/{METRIC}", by="district", member="4", period="2026-10"))
    assert tree.words(tree.classed(alone, "big")) == "Too few Too few to compare"
    assert shape("too_few") in tree.parts(tree.classed(alone, "big"), "Markup")[0].markup


def test_who_stands_last_unranked_is_said_and_why(split: Any, tree: Any) -> None:
    page = split({"Harbor": 70.0, "Hillside": 60.0, "(blank)": 10.0})
    said = "“Not recorded” stands last and is not ranked"

    assert first_cells(page, tree)[-1] == "Not recorded"
    assert said in tree.words(tree.classed(page, "tab"))
    assert said not in tree.words(tree.classed(split({"Harbor": 70.0}), "tab"))


AGE = DimensionInfo("age", {"en": "Age"}, ("0-7", "7-30", "30+", "(blank)"), ("age",), "bands", ordered=True)
KIND = DimensionInfo("kind", {"en": "Kind"}, ("Fence", "Rubbish", "other", "(blank)"), ("kind",), "top", min_n=30)


@pytest.fixture
def sliced(city: Edition, edition_of: Callable[..., Edition], asked: Callable[..., Ask]) -> Callable[..., Component]:
    """Return how to draw the page of a metric with some dimensions, and slices with these values in October."""

    def draw(
        dimensions: tuple[DimensionInfo, ...], slices: list[tuple[dict[str, str], float | None]], **more: Any
    ) -> Component:
        whole = city.catalogue.metrics[METRIC]
        (october,) = city.readings(METRIC, period="2026-10")
        parts = [october._replace(slice=names, value=value, gap=80 - (value or 0), n=9) for names, value in slices]
        edition = edition_of((replace(whole, dimensions=dimensions), [*city.readings(METRIC), *parts]))
        return metric_page(edition, METRIC, asked(f"/m/{METRIC}", **more))

    return draw


def test_bands_stand_in_their_order_and_are_told_in_words(sliced: Any, tree: Any) -> None:
    page = sliced(
        (AGE,), [({"age": name}, value) for name, value in (("30+", 20.0), ("0-7", 70.0), ("7-30", 50.0))], tab="split"
    )

    assert first_cells(page, tree) == ["0 to under 7", "7 to under 30", "30 and more"]
    assert tree.words(tree.parts(tree.classed(page, "chart")[0], "Caption")) == "October 2026 by age, in order"


def test_a_band_asked_for_is_named_with_its_dimension(sliced: Any, tree: Any) -> None:
    page = sliced((AGE,), [({"age": "30+"}, 20.0)], by="age", member="30+")
    chosen = [node for node in tree.parts(page, "Option") if tree.get(node, "selected")]

    assert tree.words(tree.classed(page, "now")).startswith("October 2026, Age 30 and more 20.0 %")
    assert "30 and more" in [tree.words(node).lower() for node in chosen]


def test_all_others_stand_behind_the_first_and_before_what_is_not_recorded(sliced: Any, tree: Any) -> None:
    values = {"other": 1.0, "(blank)": 0.5, "Rubbish": 40.0, "Fence": 60.0}
    page = sliced((KIND,), [({"kind": name}, value) for name, value in values.items()], tab="split")

    assert first_cells(page, tree) == ["Rubbish", "Fence", "All others", "Not recorded"]
    assert "With fewer than 30 records there is no value." in tree.words(tree.classed(page, "tab"))


def test_members_that_overlap_say_that_they_do_not_add_up(sliced: Any, tree: Any) -> None:
    page = sliced((replace(KIND, multiple=True, min_n=0),), [({"kind": "Fence"}, 60.0)], tab="split")

    assert "A record may count in several of these, so they add up to more than the whole." in tree.words(
        tree.classed(page, "tab")
    )


CROSS = DimensionInfo("age,kind", {"en": "Age × Kind"}, (), ("age", "kind"), "cross", parts=(AGE, KIND))
CELLS = [
    ({"age": "0-7", "kind": "Fence"}, 82.0),
    ({"age": "30+", "kind": "Fence"}, 41.0),
    ({"age": "30+", "kind": "other"}, None),
]


def test_a_cross_is_a_table_of_both_its_columns_with_each_cell_opened(sliced: Any, tree: Any) -> None:
    page = sliced((CROSS,), CELLS, tab="split", by="age,kind")
    grid = tree.parts(tree.classed(page, "chart")[0], "Table")[0]

    assert [[tree.words(cell) for cell in row.children] for row in tree.parts(grid, "Tr")] == [
        ["Age", "Fence", "Rubbish", "All others", "Not recorded"],
        ["0 to under 7", "82.0 % (Age 0 to under 7, Kind Fence) Off track", "", "", ""],
        ["30 and more", "41.0 % (Age 30 and more, Kind Fence) Off track", "", "No value", ""],
    ]
    assert [tree.get(node, "href") for node in tree.parts(grid, "A")] == [
        f"/m/{METRIC}?by=age%2Ckind&member=0-7&across=Fence",
        f"/m/{METRIC}?by=age%2Ckind&member=30%2B&across=Fence",
    ]
    assert tree.classed(page, "multiples") == []


def test_a_cell_of_a_cross_has_its_page_with_a_choice_for_each_column(sliced: Any, tree: Any) -> None:
    page = sliced((CROSS,), CELLS, by="age,kind", member="30+", across="Fence")
    selects = {tree.get(node, "name"): node for node in tree.parts(tree.classed(page, "controls"), "Select")}

    assert tree.words(tree.classed(page, "now")).startswith("October 2026, Age 30 and more, Kind Fence 41.0 %")
    assert list(selects) == ["period", "member", "across", "compare"]
    assert [tree.get(node, "value") for node in selects["across"].children if tree.get(node, "selected")] == ["Fence"]
    assert [tree.get(node, "value") for node in tree.parts(page, "Hidden")] == ["age,kind"]


@pytest.mark.parametrize(
    ("query", "by", "member", "across", "misread"),
    [
        ("by=age,kind&member=30%2B&across=Fence", "age,kind", "30+", "Fence", ()),
        ("by=age,kind&member=30%2B", "age", "30+", "", ()),  # half of a cross: the slice of that column alone
        ("by=age,kind&across=Fence", "age,kind", "", "", ("member",)),  # the metric is not split by kind alone
        ("by=age,kind&member=30%2B&across=Sign", "age,kind", "", "", ("member",)),
        ("by=age&member=30%2B&across=Fence", "age", "", "", ("member",)),
        ("by=kind,age&member=Fence&across=30%2B", "age,kind", "30+", "Fence", ()),  # named in the other order
        ("by=kind,age", "age,kind", "", "", ()),
        ("by=kind,age&member=Fence", "age,kind", "", "", ("member",)),
        ("by=kind,nothing&member=Fence", "", "", "", ("by",)),
        ("across=Fence", "", "", "", ("member",)),
    ],
)
def test_an_address_names_a_cell_by_both_its_members(
    city: Edition, query: str, by: str, member: str, across: str, misread: tuple[str, ...]
) -> None:
    info = replace(city.catalogue.metrics[METRIC], dimensions=(AGE, CROSS))
    catalogue = replace(city.catalogue, metrics={METRIC: info})
    ask = settle(parse_ask(f"/m/{METRIC}", query, ("en", "es")), catalogue, city.calendar)

    assert (ask.by, ask.member, ask.across, ask.misread) == (by, member, across, misread)


def test_a_share_says_between_which_values_chance_moves_it_and_where_the_order_is_not_certain(
    split: Any, tree: Any
) -> None:
    page = split(
        {"Harbor": 70.0, "Hillside": 60.0}
    )  # both with the parts of the whole, so that nothing tells them apart

    grid = tree.parts(tree.classed(page, "chart")[0], "Table")[0]
    heads = [tree.words(cell) for cell in tree.parts(tree.parts(grid, "Tr")[0], "Th")]
    between = [tree.words(row.children[heads.index("By chance")]) for row in tree.parts(grid, "Tr")[1:]]
    assert "The order of these is not certain" in tree.words(page)
    assert len(set(between)) == 1
    assert " to " in between[0]


def test_a_withheld_share_says_nothing_of_chance(split: Any, tree: Any) -> None:
    page = split({"Harbor": None, "Hillside": 60.0})

    rows = tree.parts(tree.parts(tree.classed(page, "chart")[0], "Table")[0], "Tr")[1:]
    assert ["" if " to " not in tree.words(row.children[3]) else "told" for row in rows] == ["told", ""]
    assert "The order of these" not in tree.words(page)
