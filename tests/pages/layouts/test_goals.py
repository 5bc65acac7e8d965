"""Every goal in one table, and what an address chooses among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, owner_key
from civicstat.pages.layouts import goals_page
from civicstat.pages.render import to_html
from civicstat.results import Status

METRIC = "closed_in_30_days"


def rows(page: Component, tree: Any) -> list[str]:
    """Return the metric of each goal shown, in order."""
    return [name for node in tree.parts(page, "Tr") if (name := tree.get(node, "data-metric"))]


def test_a_goal_says_its_value_promise_status_gap_period_reach_owner_and_authority(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    page = goals_page(city, asked("/goals"))
    row = next(node for node in tree.parts(page, "Tr") if tree.get(node, "data-metric") == METRIC)

    assert [tree.words(cell) for cell in row.children] == [
        "Cases closed within 30 days Code Enforcement",
        "73.4 % October 2026",
        "At least 80 % . Higher is better.",
        "Off track 6.6 points short",
        "31 Oct 2026",
        "Director of code enforcement FY2027 adopted budget, page 214",
    ]
    assert (tree.get(row, "data-period"), tree.get(row, "data-status")) == ("2026-10", "off_track")


def test_all_goals_are_there_with_the_worst_first_and_those_not_scored_counted(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    page = goals_page(city, asked("/goals"))
    shown = rows(page, tree)

    assert sorted(shown) == sorted(name for name, info in city.catalogue.metrics.items() if info.goal)
    assert shown[:2] == ["open_cases", METRIC]
    assert tree.words(tree.parts(page, "Caption")) == "All 11 goals, worst first"
    assert "1 could not be computed" in tree.words(tree.classed(page, "tally"))


@pytest.mark.parametrize(
    ("chosen", "shown", "caption"),
    [
        ({"department": "calls", "sort": "name"}, ["answered", "small", "stale"], "3 of 11 goals, by name: 911 Center"),
        ({"status": Status.NEAR}, ["answered"], "1 of 11 goals, worst first: near"),
        ({"theme": "safe"}, ["answered", "stale"], "2 of 11 goals, worst first: A safe city"),
        ({"q": "LLAMADAS"}, ["answered"], "1 of 11 goals, worst first: with the words looked for"),
        (
            {"q": "HABILES permisos", "status": Status.OFF_TRACK},
            ["permits"],
            "1 of 11 goals, worst first: off track, with the words looked for",
        ),
    ],
)
def test_a_choice_leaves_the_goals_that_answer_to_all_of_it_and_is_said(
    city: Edition,
    asked: Callable[..., Ask],
    tree: Any,
    chosen: dict[str, Any],
    shown: list[str],
    caption: str,
) -> None:
    page = goals_page(city, asked("/goals", **chosen))

    assert sorted(rows(page, tree)) == sorted(shown)
    assert tree.words(tree.parts(page, "Caption")) == caption


def test_goals_stand_by_name_or_by_department_where_that_is_asked(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    metrics = city.catalogue.metrics
    by_name = rows(goals_page(city, asked("/goals", "es", sort="name")), tree)
    by_department = rows(goals_page(city, asked("/goals", sort="department")), tree)

    assert [metrics[name].title["es"] for name in by_name[:3]] == [
        "Audiencias en la fecha fijada",
        "Casos abiertos al fin del mes",
        "Casos cerrados en 30 días",
    ]
    assert [metrics[name].departments[0] for name in by_department] == ["code"] * 8 + ["calls"] * 3


def test_a_choice_that_leaves_nothing_says_so_and_offers_every_goal_again(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    page = goals_page(city, asked("/goals", department="parks", q="<b>x</b>", sort="name"))

    assert tree.parts(page, "Table") == []
    assert tree.words(tree.classed(page, "empty")) == (
        "No goal answers to this choice: Parks, with the words looked for."
    )
    assert tree.get(tree.parts(tree.classed(page, "pages"), "A")[0], "href") == "/goals?sort=name"


def test_the_words_looked_for_stand_in_their_field_and_nowhere_else(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    page = goals_page(city, asked("/goals", q='"><script>zebra'))
    written = to_html(page)

    assert "<script" not in written
    assert "zebra" not in tree.words(page)
    assert 'name="q" maxlength="100" value="&quot;&gt;&lt;script&gt;zebra"' in written


def test_each_choice_says_how_many_goals_it_has(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    page = goals_page(city, asked("/goals"))
    status = next(node for node in tree.parts(page, "Select") if tree.get(node, "name") == "status")

    assert [tree.words(node) for node in status.children][:3] == ["All", "Off track (3)", "Near (1)"]
    assert [tree.get(node, "name") for node in tree.parts(page, "Select")] == ["department", "status", "theme", "sort"]


def test_the_goals_of_an_owner_are_found_in_either_language(
    city: Edition, edition_of: Callable[..., Edition], asked: Callable[..., Ask], tree: Any
) -> None:
    info = city.catalogue.metrics[METRIC]
    assert info.goal
    chief = {"en": "Chief inspector (north)", "es": "Jefatura de inspección (norte)"}
    other = replace(info, name="inspected", goal=replace(info.goal, owner=chief))
    edition = edition_of((info, city.readings(METRIC)), (other, ()))

    assert owner_key(other) == "chief-inspector-north"
    page = goals_page(edition, asked("/goals", "es", owner="chief-inspector-north"))
    assert rows(page, tree) == ["inspected"]
    assert tree.words(tree.parts(page, "Caption")) == "1 de 2 metas, primero lo peor: Jefatura de inspección (norte)"


def test_a_row_stays_a_row_where_style_makes_it_a_card(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    page = goals_page(city, asked("/goals"))
    grid = tree.parts(page, "Table")[0]

    assert {tree.get(node, "role") for node in tree.parts(grid, "Td")} == {"cell"}
    assert {tree.get(node, "role") for node in tree.parts(grid, "Tr")} == {"row"}
    heads = [tree.words(node) for node in tree.parts(grid, "Thead")[0].children.children]
    assert [tree.get(node, "data-label") for node in tree.parts(grid, "Td")[:5]] == heads[1:]


def test_a_city_without_goals_says_so(
    city: Edition, edition_of: Callable[..., Edition], asked: Callable[..., Ask], tree: Any
) -> None:
    page = goals_page(edition_of((replace(city.catalogue.metrics[METRIC], goal=None), ())), asked("/goals"))

    assert tree.words(tree.classed(page, "empty")) == "The city has not set any goals yet."
