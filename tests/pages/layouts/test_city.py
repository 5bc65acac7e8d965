"""The city's page: goals counted by status, never averaged, and each department with its worst."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from civicstat.editions import Edition
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import city_page, not_found_page


def test_the_city_counts_every_goal_once(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    page = city_page(city, asked("/"))

    assert tree.words(tree.classed(page, "head")) == (
        "How Riverbend is doing Met or on track: 2 of the city’s 11 goals. "
        "Data through 31 October 2026 Edition of 3 November 2026"
    )
    assert tree.words(tree.classed(page, "tally")[0]) == (
        "11 goals 3 off track 1 near 1 could not be computed 1 out of date 1 no data 1 too few to show "
        "1 on track 1 met 1 not measured yet"
    )


def test_each_department_shows_its_three_worst_goals_and_a_way_to_the_rest(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    panel = tree.classed(city_page(city, asked("/")), "panel")[0]

    assert [tree.get(item, "data-metric") for item in tree.classed(panel, "line")] == [
        "open_cases",
        "closed_in_30_days",
        "permits",
    ]
    assert [(tree.words(item), tree.get(item.children, "href")) for item in tree.classed(panel, "more")] == [
        ("All 9 numbers of Code Enforcement", "/d/code")
    ]


def test_a_department_without_numbers_has_a_panel_that_says_so(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    panels = tree.classed(city_page(city, asked("/")), "panel")

    assert tree.words(panels[2]) == "Parks No numbers have been published here yet."


def test_departments_that_promise_something_come_before_those_that_only_count(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    names = reversed(list(city.catalogue.departments))
    turned = {name: city.catalogue.departments[name] for name in names}
    edition = cast(Edition, replace(cast(Any, city), catalogue=replace(city.catalogue, departments=turned)))

    titles = [tree.words(tree.parts(panel, "H3")) for panel in tree.classed(city_page(edition, asked("/")), "panel")]

    assert next(iter(turned)) == "parks"
    assert titles.index("Parks") > titles.index("Code Enforcement")


def test_themes_are_rows_of_counts_and_a_goal_without_one_is_not_lost(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    body = tree.parts(city_page(city, asked("/")), "Tbody")[0]

    assert [tree.words(row) for row in body.children] == [
        "A safe city 2 0 1 0 1 0 0 0 0 0",
        "Sound homes 8 3 0 1 0 1 0 1 1 1",
        "No theme 1 0 0 0 0 0 1 0 0 0",
    ]


def test_a_city_without_goals_says_so_and_still_shows_its_numbers(
    edition_of: Callable[..., Edition], city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    page = city_page(edition_of((city.catalogue.metrics["calls"], city.readings("calls"))), asked("/"))

    assert tree.words(tree.classed(page, "lead")) == (
        "The city has not set any goals yet. These are the numbers it follows."
    )
    assert (
        tree.words(tree.classed(page, "panel"))
        == "911 Center 1 number followed, no goals set Calls to 911 45,312 calls"
    )


def test_numbers_of_no_department_are_not_lost(
    edition_of: Callable[..., Edition], city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    alone = replace(city.catalogue.metrics["calls"], departments=())
    page = city_page(edition_of((alone, city.readings("calls"))), asked("/"))

    assert tree.words(tree.parts(page, "H3")) == "Other numbers"


def test_old_data_are_announced_above_everything(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    old = replace(city.catalogue.datasets["cases"], stale=True)
    edition = cast(Edition, replace(cast(Any, city), catalogue=replace(city.catalogue, datasets={"cases": old})))

    page = city_page(edition, asked("/"))

    assert tree.words(tree.classed(page, "alert")) == (
        "These numbers are older than they should be “Code enforcement cases” has had no new records since "
        "3 November 2026. Numbers that rest on it are not compared with their goals."
    )
    assert tree.classed(not_found_page(edition, asked("/")), "alert") == []  # where there is no number to doubt
