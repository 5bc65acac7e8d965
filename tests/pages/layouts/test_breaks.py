"""A metric that came to mean something else: its page marks the day, and refuses what cannot be compared across it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from dash.development.base_component import Component

from civicstat.editions import BreakInfo, Edition
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import metric_page
from civicstat.pages.layouts.view import headline
from civicstat.publish import broken_before
from civicstat.publish.compared import compared_with

METRIC = "closed_in_30_days"
Changed = Callable[[str], Edition]
Draw = Callable[..., Component]


@pytest.fixture
def changed(city: Edition, edition_of: Callable[..., Edition]) -> Changed:
    """Return the city with one metric, of which something else is counted from June 2026 on."""

    def make(compare: str) -> Edition:
        broken = (BreakInfo("2026-06-01", {"en": "Calls by app count too", "es": "También por app"}, compare),)
        return edition_of((replace(city.catalogue.metrics[METRIC], breaks=broken), city.readings(METRIC)))

    return make


@pytest.fixture
def page(asked: Callable[..., Ask]) -> Draw:
    def draw(edition: Edition, lang: str = "en", **more: Any) -> Component:
        return metric_page(edition, METRIC, asked(f"/m/{METRIC}", lang, **more))

    return draw


def test_the_sentence_begins_with_the_present_meaning(changed: Changed, page: Draw, tree: Any) -> None:
    refused, marked = (tree.words(tree.classed(page(changed(how)), "lead")) for how in ("refuse", "mark"))

    assert "Up 9.2 points since February 2025." in marked
    assert "2025" not in refused


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "It is not compared with what lies before 1 June 2026, when what is counted changed: Calls by app"),
        ("es", "No se compara con lo anterior al 1 de junio de 2026, cuando cambió lo que se cuenta: También por app"),
    ],
)
def test_a_comparison_across_the_day_is_refused_with_the_reason(
    changed: Changed, page: Draw, tree: Any, lang: str, said: str
) -> None:
    drawn = page(changed("refuse"), lang, compare="year", period="2026-10")

    assert said in tree.words(tree.classed(tree.classed(drawn, "tab"), "prose"))


def test_months_on_one_side_of_the_day_are_compared(changed: Changed) -> None:
    edition = changed("refuse")
    info = edition.catalogue.metrics[METRIC]
    found = [item for item in edition.readings(METRIC, grain="month") if "2026-05" <= item.period <= "2026-07"]

    told = compared_with(edition, info, found, "previous")

    assert [item.difference is None for item in told] == [False, True, False]
    assert [item.json("en").get("refused") for item in told] == [None, "Calls by app count too", None]
    assert [broken_before(edition, info, item, "year") is None for item in found] == [True, False, False]


def test_a_mark_refuses_nothing(changed: Changed) -> None:
    edition = changed("mark")
    info = edition.catalogue.metrics[METRIC]
    found = [item for item in edition.readings(METRIC, grain="month") if item.period == "2026-06"]

    assert [item.difference is None for item in compared_with(edition, info, found, "previous")] == [False]


def test_a_card_tells_of_no_change_in_a_year_across_the_day(changed: Changed) -> None:
    assert [headline(changed(how), METRIC).before is None for how in ("refuse", "mark")] == [True, False]


@pytest.mark.parametrize(("how", "said"), [("refuse", "Not compared with"), ("mark", "Compare with what lies before")])
def test_the_day_is_in_the_table_and_under_how_it_is_counted(
    changed: Changed, page: Draw, tree: Any, how: str, said: str
) -> None:
    rows = [tree.words(row) for row in tree.parts(tree.parts(page(changed(how)), "Tbody")[0], "Tr")]
    bullets = tree.words(tree.classed(page(changed(how), tab="how"), "how"))

    assert [row.split()[0] for row in rows if said in row] == ["June"]
    assert f"From 1 June 2026: Calls by app count too. {said}" in bullets
