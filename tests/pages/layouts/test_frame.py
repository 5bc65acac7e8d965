"""What every page has round it and how it is ordered, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages import layouts
from civicstat.pages.ask import Ask
from civicstat.pages.render import to_html

METRIC = "closed_in_30_days"
Page = Callable[[Edition, Ask], Component]
PAGES: dict[str, tuple[str, dict[str, Any], Page]] = {
    "city": ("/", {}, layouts.city_page),
    "department": ("/d/code", {}, lambda edition, ask: layouts.department_page(edition, "code", ask)),
    "empty department": ("/d/parks", {}, lambda edition, ask: layouts.department_page(edition, "parks", ask)),
    "over time": (f"/m/{METRIC}", {}, lambda edition, ask: layouts.metric_page(edition, METRIC, ask)),
    "compared": (
        f"/m/{METRIC}",
        {"compare": "year", "by": "district", "member": "4"},
        lambda edition, ask: layouts.metric_page(edition, METRIC, ask),
    ),
    "split": (f"/m/{METRIC}", {"tab": "split"}, lambda edition, ask: layouts.metric_page(edition, METRIC, ask)),
    "rows": (f"/m/{METRIC}", {"tab": "rows"}, lambda edition, ask: layouts.metric_page(edition, METRIC, ask)),
    "how": (f"/m/{METRIC}", {"tab": "how"}, lambda edition, ask: layouts.metric_page(edition, METRIC, ask)),
    "failed": ("/m/broken", {}, lambda edition, ask: layouts.metric_page(edition, "broken", ask)),
    "goals": ("/goals", {}, layouts.goals_page),
    "goals chosen": ("/goals", {"department": "code", "q": "cases", "sort": "name"}, layouts.goals_page),
    "archive": ("/archive", {}, layouts.archive_page),
    "search": ("/search", {"q": "cases"}, layouts.search_page),
    "nothing found": ("/search", {"q": "zzzz"}, layouts.search_page),
    "data": ("/data", {}, layouts.data_page),
    "dataset": ("/data/cases", {}, lambda edition, ask: layouts.dataset_page(edition, "cases", ask)),
    "help": ("/help", {}, layouts.help_page),
    "not found": ("/nowhere", {}, layouts.not_found_page),
}


@pytest.fixture(scope="module", params=["en", "es"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=PAGES)
def page(request: pytest.FixtureRequest, city: Edition, asked: Callable[..., Ask], lang: str) -> Component:
    path, more, draw = PAGES[request.param]
    return draw(city, asked(path, lang, **more))


def test_headings_go_down_one_step_at_a_time_below_one_h1(page: Component, tree: Any) -> None:
    levels = [int(node._type[1]) for node in tree.parts(page) if re.fullmatch(r"H[1-6]", node._type)]

    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_a_page_has_its_landmarks_and_each_navigation_its_own_name(page: Component, tree: Any) -> None:
    kinds = [node._type for node in tree.parts(page)]
    names = [tree.get(node, "aria-label") for node in tree.parts(page) if node._type == "Nav"]

    assert [kinds.count(kind) for kind in ("Main", "Footer")] == [1, 1]
    assert "Header" in kinds
    assert all(names)
    assert len(set(names)) == len(names)


def test_every_link_says_where_it_leads_and_none_leads_nowhere(page: Component, tree: Any) -> None:
    for node in tree.parts(page):
        if isinstance(node, html.A):
            assert tree.words(node).strip()
            assert tree.get(node, "href")


def test_one_text_never_leads_to_two_places_inside_the_page(page: Component, tree: Any) -> None:
    main = next(node for node in tree.parts(page) if node._type == "Main")
    places: dict[str, set[str]] = {}
    for node in tree.parts(main):
        if isinstance(node, html.A):
            places.setdefault(tree.words(node), set()).add(tree.get(node, "href"))

    assert {text: found for text, found in places.items() if len(found) > 1} == {}


def test_tables_have_a_caption_and_every_head_a_scope(page: Component, tree: Any) -> None:
    for node in tree.parts(page):
        if isinstance(node, html.Table):
            kinds = [part._type for part in tree.parts(node)]
            assert kinds[1] == "Caption"
            assert all(tree.get(part, "scope") in ("col", "row") for part in tree.parts(node) if part._type == "Th")
            rows = [
                sum(cell._type in ("Th", "Td") for cell in row.children)
                for row in tree.parts(node)
                if row._type == "Tr"
            ]
            assert len(set(rows)) == 1


def test_every_field_has_a_label_and_every_id_stands_once(page: Component, tree: Any) -> None:
    ids = [tree.get(node, "id") for node in tree.parts(page) if tree.get(node, "id")]
    labels = {tree.get(node, "htmlFor") for node in tree.parts(page) if isinstance(node, html.Label)}

    assert len(set(ids)) == len(ids)
    assert {tree.get(node, "id") for node in tree.parts(page) if node._type in ("Select", "SearchField")} <= labels


def test_a_chart_has_its_table_and_says_where_it_comes_from(page: Component, tree: Any) -> None:
    for node in tree.parts(page):
        if isinstance(node, html.Figure):
            assert (tree.get(node, "data-metric"), tree.get(node, "data-drawn")) == (METRIC, "svg")
            assert len(tree.parts(node, "Table")) == 1
            assert node.children[-1]._type == "Figcaption"


def test_a_card_holds_its_metric_period_status_and_unrounded_value(page: Component, tree: Any) -> None:
    for node in tree.parts(page):
        if isinstance(node, html.Article):
            assert tree.get(node, "data-metric")
            assert tree.get(node, "data-status")
            assert tree.get(node, "data-period") is not None
            data = [part for part in tree.parts(node) if isinstance(part, html.Data)]
            assert [tree.get(part, "className").split()[0] for part in data] == ["value"]


def test_the_page_can_be_written_as_html_without_a_style_attribute_or_a_script(page: Component, tree: Any) -> None:
    written = to_html(page)

    assert " style=" not in written
    assert "<script" not in written


def test_the_part_of_the_site_shown_is_marked_and_a_page_that_is_not_there_marks_none(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    def marked(draw: Page, path: str) -> list[tuple[str, str]]:
        header = next(node for node in tree.parts(draw(city, asked(path))) if node._type == "Header")
        links = [node for node in tree.parts(header) if isinstance(node, html.A) and tree.get(node, "aria-current")]
        return [(tree.words(node), tree.get(node, "aria-current")) for node in links]

    assert marked(layouts.city_page, "/") == [("City", "page")]
    assert marked(PAGES["dataset"][2], "/data/cases") == [("Data", "true")]
    assert marked(layouts.not_found_page, "/nowhere") == []


def test_the_other_language_keeps_what_is_shown(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    page = layouts.metric_page(city, METRIC, asked(f"/m/{METRIC}", "es", period="2026-Q3", tab="how"))
    links = [node for node in tree.parts(page) if tree.get(node, "lang") == "en"]

    assert [(tree.words(node), tree.get(node, "href")) for node in links] == [
        ("English", f"/m/{METRIC}?period=2026-Q3&tab=how")
    ]


def test_an_address_not_understood_is_said_without_repeating_it(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    page = layouts.city_page(city, asked("/", misread=("period", "tab")))
    alert = next(node for node in tree.parts(page) if "alert" in (tree.get(node, "className") or ""))

    assert tree.words(alert) == (
        "Part of this address was not understood "
        "The page shows its usual choice instead of what the address says about: the period, the tab."
    )
