"""What people look for is found by any of its words, in either language, in spite of accents and small slips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import search_page
from civicstat.pages.render import to_html
from civicstat.pages.search import find

METRIC = "closed_in_30_days"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("permits", ("metric", "permits")),
        ("REVISADOS", ("metric", "permits")),
        ("permisos revisado", ("metric", "permits")),
        ("dias habiles", ("metric", "permits")),
        ("días hábiles", ("metric", "permits")),
        ("closed_in_30_days", ("metric", METRIC)),
        ("code enforcement", ("department", "code")),
        ("normas de vivienda", ("department", "code")),
        ("case_id", ("dataset", "cases")),
        ("how many calls are answered", ("metric", "answered")),
        ("satisf", ("metric", "satisfied")),
        ("parks", ("department", "parks")),
    ],
)
def test_the_best_answer_comes_first(city: Edition, words: str, first: tuple[str, str]) -> None:
    found = find(city.catalogue, words)

    assert found.places[0] == first
    assert (found.whole, found.meant) == (True, ())


@pytest.mark.parametrize(
    ("words", "meant", "first"),
    [
        ("pemrits", "permits", ("metric", "permits")),
        ("satisfeid", "satisfied", ("metric", "satisfied")),
        ("audencias", "audiencias", ("metric", "hearings")),
    ],
)
def test_a_slip_of_the_pen_is_forgiven_and_said(city: Edition, words: str, meant: str, first: tuple[str, str]) -> None:
    found = find(city.catalogue, words)

    assert found.places[0] == first
    assert meant in found.meant


def test_a_short_word_is_not_bent_into_another(city: Edition) -> None:
    assert find(city.catalogue, "xyz").places == ()
    assert find(city.catalogue, "9l1").places == ()


def test_where_nothing_holds_every_word_those_with_the_most_of_them_are_shown(city: Edition) -> None:
    found = find(city.catalogue, "permits reviewed zzzzzz")

    assert found.whole is False
    assert found.places == (("metric", "permits"),)


def test_a_title_counts_for_more_than_a_mention(city: Edition) -> None:
    info = city.catalogue.metrics[METRIC]
    mention = replace(info, name="mention", title={"en": "Lots"}, why={"en": "A hydrant is near."})
    title = replace(info, name="title", title={"en": "Hydrants flushed"}, why=None)
    catalogue = replace(city.catalogue, metrics={"mention": mention, "title": title})

    assert find(catalogue, "hydrants").places == (("metric", "title"), ("metric", "mention"))


@pytest.mark.parametrize("words", ["", "   ", "?!", "\U0001f692", "de la", "x" * 100, "%' or 1=1 --", "(((((["])
def test_whatever_is_typed_gets_an_answer(city: Edition, words: str) -> None:
    assert isinstance(find(city.catalogue, words).places, tuple)


@pytest.fixture
def searched(city: Edition, asked: Callable[..., Ask]) -> Callable[..., Component]:
    def search(words: str, lang: str = "en") -> Component:
        return search_page(city, asked("/search", lang, q=words))

    return search


def _answers(page: Component, tree: Any) -> tuple[str, list[str]]:
    """Return the sentence above the list, and where its links lead."""
    main = tree.parts(page, "Main")[0]
    return tree.words(tree.classed(main, "lead")), [tree.get(node, "href") for node in tree.parts(main, "A")]


def test_the_page_lists_what_was_found_with_its_value_and_status(searched: Callable[..., Component], tree: Any) -> None:
    page = searched("911 calls answered")

    assert _answers(page, tree) == ("1 answer, best match first.", ["/m/answered"])
    assert tree.words(tree.classed(page, "line")) == (
        "911 calls answered in 10 seconds, busiest hour of the day (Number) Number, 911 Center 89.1 % Near"
    )


def test_nothing_found_and_nothing_asked_lead_on(searched: Callable[..., Component], tree: Any) -> None:
    assert _answers(searched("zzzz"), tree) == (
        "Nothing here answers to these words. Try fewer or other words, or look in one of these lists.",
        ["/goals", "/", "/data"],
    )
    assert _answers(searched("", "es"), tree) == (
        "Busque un número, un departamento o un conjunto de datos por cualquiera de sus palabras.",
        ["/es/goals", "/es/", "/es/data"],
    )


def test_what_was_typed_stands_in_the_box_and_is_not_said_again(searched: Callable[..., Component], tree: Any) -> None:
    page = searched('"><img src=x>zebra')

    assert "<img" not in to_html(page)
    assert "zebra" not in tree.words(page)
    assert [tree.get(node, "value") for node in tree.parts(page, "SearchField")] == ['"><img src=x>zebra']
