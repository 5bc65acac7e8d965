"""What a page gives a chart to answer with, and what a reader may take away from it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import chart_file, metric_page
from civicstat.pages.layouts.downloads import download_links
from civicstat.pages.render import to_html

METRIC = "closed_in_30_days"
SVG = "{http://www.w3.org/2000/svg}"
Draw = Callable[..., Component]


@pytest.fixture
def drawn(city: Edition, asked: Callable[..., Ask]) -> Draw:
    def make(lang: str = "en", **more: Any) -> Component:
        return metric_page(city, METRIC, asked(f"/m/{METRIC}", lang, **more))

    return make


def addresses(links: list[Component]) -> list[str]:
    return [str(vars(link)["href"]) for link in links]


def test_a_chart_knows_what_to_say_of_each_period_in_the_order_of_time(drawn: Draw, tree: Any) -> None:
    (chart,) = tree.parts(drawn(), "Chart")
    spots = [[str(part).replace("\xa0", " ") for part in spot] for spot in chart.spots]

    assert spots[-2][:1] + spots[-2][2:] == [
        str(len(spots) - 2),
        "October 2026",
        "73.4 %",
        "Goal: at least 80 %",
        "Off track",
    ]
    assert [float(spot[0]) for spot in spots] == list(range(len(spots)))
    assert chart.along == "x"
    assert set(chart.figures) == {"wide", "narrow", "room"}


def test_a_chart_by_dimension_says_the_goal_and_status_of_each_member(drawn: Draw, tree: Any) -> None:
    (chart,) = tree.parts(drawn(tab="split", by="district"), "Chart")

    assert chart.along == "y"
    assert [spot[1] for spot in chart.spots] == [at + 0.5 for at in range(len(chart.spots))]
    assert len({spot[2] for spot in chart.spots}) == len(chart.spots)


def test_the_html_of_a_chart_is_its_drawing_alone(drawn: Draw, tree: Any) -> None:
    (chart,) = tree.parts(drawn(), "Chart")
    html = to_html(chart)

    assert html.count("<svg") == 3
    assert html.startswith('<div class="drawing"><div class="ink"><svg')
    assert html.endswith('</svg></div><div class="over"></div></div>')
    assert "annotations" not in html


def test_downloads_ask_for_what_the_chart_shows(drawn: Draw, tree: Any) -> None:
    over_time = tree.classed(drawn(), "take")[0]
    split = tree.classed(drawn("es", tab="split", by="district"), "take")[0]

    assert addresses(tree.parts(over_time, "A")) == [
        f"/m/{METRIC}/chart.svg",
        *(f"/api/v1/metrics/{METRIC}.{form}?lang=en" for form in ("csv", "xlsx", "json")),
    ]
    assert addresses(tree.parts(split, "A")) == [
        f"/es/m/{METRIC}/chart.svg?by=district&tab=split",
        *(f"/api/v1/metrics/{METRIC}.{form}?period=2026-10&by=district&lang=es" for form in ("csv", "xlsx", "json")),
    ]
    assert tree.words(over_time).startswith("Download")
    assert tree.words(split).startswith("Descargar")


def test_the_numbers_of_a_member_are_downloaded_by_its_dimension(asked: Callable[..., Ask]) -> None:
    ask = asked(f"/m/{METRIC}", by="district", member="Market Hill")

    assert addresses(download_links(ask, METRIC))[0] == f"/api/v1/metrics/{METRIC}.csv?by=district&lang=en"


def test_the_picture_is_offered_by_a_button_that_knows_the_file(drawn: Draw, tree: Any) -> None:
    (button,) = tree.parts(tree.classed(drawn(), "take")[0], "Button")

    assert vars(button)["data-png"] == f"/m/{METRIC}/chart.svg"
    assert vars(button)["data-name"] == f"{METRIC}.png"
    assert button.className == "png"


@pytest.mark.parametrize("tab", ["time", "split"])
def test_the_file_of_a_chart_says_whose_numbers_it_shows_and_how_far_they_reach(
    city: Edition, asked: Callable[..., Ask], tab: str
) -> None:
    file = chart_file(city, METRIC, asked(f"/m/{METRIC}", tab=tab, by="district"))
    assert file is not None
    said = " ".join(item.text or "" for item in ET.fromstring(file).iter(f"{SVG}text")).replace("\xa0", " ")

    assert "Source: Code enforcement cases, complete through" in said
    assert "Edition of" in said
    assert "Demonstration city: the records are synthetic" in said
    assert ("Now 73.4 %" in said) == (tab == "time")


def test_a_metric_without_a_value_has_no_file(city: Edition, asked: Callable[..., Ask]) -> None:
    empty = [name for name in city.catalogue.metrics if not any(item.value is not None for item in city.readings(name))]

    assert empty
    assert [chart_file(city, name, asked(f"/m/{name}")) for name in empty] == [None] * len(empty)
