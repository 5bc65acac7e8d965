"""A goal on a card: what it says in every state, and how cards are ordered and counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask
from civicstat.pages.layouts.card import card
from civicstat.pages.layouts.department import department_page
from civicstat.pages.layouts.view import headline
from civicstat.results import Reading, Status


@pytest.fixture
def drawn(city: Edition, asked: Callable[..., Ask]) -> Callable[..., Component]:
    def make(name: str, lang: str = "en") -> Component:
        return card(city, headline(city, name), asked("/d/code", lang))

    return make


def test_a_card_says_the_number_its_status_its_goal_and_how_it_moved(drawn: Any, tree: Any) -> None:
    assert tree.words(drawn("permits")) == (
        "Permits reviewed within 5 business days 87.4 % Off track Goal: at least 92 % . Higher is better. "
        "4.6 points short, not met since it was set (Jun 2026). "
        "▲ 9.3 points in a year Up 9.3 points in a year October 2026"
    )


def test_a_card_speaks_the_language_of_the_address(drawn: Any, tree: Any) -> None:
    assert tree.words(drawn("open_cases", "es")).startswith(
        "Casos abiertos al fin del mes 1,284 casos Fuera de la meta "
        "Meta: no más de 1,000 casos . Cuanto más bajo, mejor."
    )


def test_a_card_says_how_far_off_still_counts_as_near(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    info = city.catalogue.metrics["permits"]
    assert info.goal is not None
    shown = headline(city, "permits")
    words = [
        tree.words(card(city, replace(shown, info=replace(info, goal=replace(info.goal, near=edge))), asked("/")))
        for edge in (90.0, None)
    ]

    assert "Goal: at least 92 % ; from 90 % counts as near. Higher is better." in words[0]
    assert "counts as near" not in words[1]


@pytest.mark.parametrize(
    ("name", "status", "value", "said"),
    [
        ("broken", "failed", "", "This number could not be worked out in this edition."),
        ("satisfied", "not_due", "", "First reading due 15 January 2027"),
        ("hearings", "no_data", "", "The records do not cover this period"),
        ("small", "too_small", "", "Withheld to protect privacy: a count under 5, or one that would give it away"),
        ("stale", "stale", "71.0", "No new records in the 92 days after 3 August 2026"),
    ],
)
def test_a_card_without_a_score_says_why_and_holds_no_invented_value(
    drawn: Any, tree: Any, name: str, status: str, value: str, said: str
) -> None:
    shown = drawn(name)
    data = tree.parts(shown, "Data")

    assert tree.get(shown, "data-status") == status
    assert [tree.get(item, "value") for item in data] == [value]
    assert [tree.words(item) for item in tree.classed(shown, "reason")] == [said]


def test_one_mark_stands_for_every_withheld_value(drawn: Any, tree: Any) -> None:
    assert tree.words(tree.parts(drawn("small"), "Data")) == "Withheld"


def test_a_number_without_a_goal_has_no_word_for_its_status_but_keeps_it_in_the_page(drawn: Any, tree: Any) -> None:
    shown = drawn("calls")

    assert tree.get(shown, "data-status") == "informational"
    assert tree.classed(shown, "chip") == []
    assert tree.classed(shown, "goal") == []


def test_the_value_in_the_page_is_unrounded(
    edition_of: Callable[..., Edition], asked: Callable[..., Ask], city: Edition, tree: Any
) -> None:
    reading = city.readings("permits")[-2]._replace(value=66.23456789)
    edition = edition_of((city.catalogue.metrics["permits"], [reading]))
    data = tree.parts(card(edition, headline(edition, "permits"), asked("/d/code")), "Data")

    assert [(tree.words(item), tree.get(item, "value")) for item in data] == [("66.2", "66.23456789")]


def test_a_card_opens_on_the_newest_period_that_is_settled(
    edition_of: Callable[..., Edition], asked: Callable[..., Ask], city: Edition
) -> None:
    months = city.readings("permits")
    young = [item._replace(status=Status.PROVISIONAL, final=False) for item in months[-3:-1]]
    edition = edition_of((city.catalogue.metrics["permits"], [*months[:-3], *young, months[-1]]))

    shown = headline(edition, "permits")

    assert shown.reading is not None
    assert shown.reading.period == "2026-08"
    assert [item.period for item in shown.series[-3:]] == ["2026-09", "2026-10", "2026-11"]


def test_a_running_quarter_is_passed_over_unless_it_is_scored_as_it_runs(
    edition_of: Callable[..., Edition], city: Edition
) -> None:
    info = city.catalogue.metrics["closed_in_30_days"]
    assert info.goal is not None
    quarterly = replace(info, goal=replace(info.goal, judge="quarter"))
    done, whole = (item for item in city.readings(info.name) if item.grain == "quarter")
    stale = whole._replace(status=Status.STALE, complete=False, final=False)
    running = whole._replace(status=Status.ON_TRACK, complete=False, final=False)

    def period(*readings: Reading) -> str:
        reading = headline(edition_of((quarterly, readings)), info.name).reading
        return reading.period if reading else ""

    assert period(done, stale) == "2026-Q2"
    assert period(done, running) == "2026-Q3"


def test_a_gap_at_the_end_is_shown_and_not_passed_over(edition_of: Callable[..., Edition], city: Edition) -> None:
    months = city.readings("permits")[:-1]
    gap = months[-1]._replace(value=None, status=Status.NO_DATA)

    shown = headline(edition_of((city.catalogue.metrics["permits"], [*months[:-1], gap])), "permits")

    assert (shown.status.value, shown.reading and shown.reading.period) == ("no_data", "2026-10")


def test_a_goal_judged_by_the_quarter_shows_its_quarter(
    edition_of: Callable[..., Edition], asked: Callable[..., Ask], city: Edition, tree: Any
) -> None:
    info = city.catalogue.metrics["closed_in_30_days"]
    assert info.goal is not None
    quarterly = replace(info, goal=replace(info.goal, judge="quarter"))
    edition = edition_of((quarterly, city.readings("closed_in_30_days")))

    shown = tree.words(card(edition, headline(edition, info.name), asked("/d/code")))

    assert "72.5 % Off track Goal: at least 80 % . Higher is better. Judged each quarter." in shown
    assert shown.endswith("July to September 2026")


def test_goals_stand_worst_first_and_within_a_status_by_how_far_they_miss(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    page = department_page(city, "code", asked("/d/code"))
    cards = tree.classed(page, "card")

    assert [(tree.get(item, "data-metric"), tree.get(item, "data-status")) for item in cards] == [
        ("open_cases", "off_track"),
        ("closed_in_30_days", "off_track"),
        ("permits", "off_track"),
        ("broken", "failed"),
        ("hearings", "no_data"),
        ("days_to_issue", "on_track"),
        ("inspected", "met"),
        ("satisfied", "not_due"),
        ("fees", "informational"),
    ]


def test_a_department_counts_every_goal_also_the_unscored(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    page = department_page(city, "code", asked("/d/code"))

    assert tree.words(tree.classed(page, "tally")) == (
        "8 goals 3 off track 1 could not be computed 1 no data 1 on track 1 met 1 not measured yet"
    )


def test_a_department_says_what_it_is_for_who_answers_and_how_far_the_data_reach(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    page = department_page(city, "code", asked("/d/code"))

    assert tree.words(tree.classed(page, "head")) == (
        "Code Enforcement "
        "Keeps homes and lots safe: answers complaints, inspects, and sees that what is unsafe is mended. "
        "Data through 31 October 2026 Edition of 3 November 2026 Accountable the director"
    )


def test_a_department_without_numbers_says_so(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    page = department_page(city, "parks", asked("/d/parks"))

    assert tree.words(tree.classed(page, "empty")) == "No numbers have been published here yet."
    assert tree.classed(page, "tally") == []
