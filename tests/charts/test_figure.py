"""The Plotly figure of a chart: what the SVG shows, at the same places, in the same colours."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from civicstat.charts import (
    NARROW,
    ROOM,
    WIDE,
    Bar,
    BarChart,
    Happened,
    LineChart,
    Numbers,
    Picture,
    Point,
    Size,
    draw_bars,
    draw_line,
    figure_of,
    svg_of,
)
from civicstat.charts.look import BOLD, FILLS, STROKES, TEXT, WORDS
from civicstat.charts.palette import LIGHT

PERCENT = Numbers("percent", 1, "en")
DASHES = {"chart-open": "1px,4px", "chart-compare": "2px,4px", "chart-goal": "6px,5px"}
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, ROOM], ids=["wide", "narrow", "room"])
VALUES = (61.0, None, 58.5, 64.0, 66.2, None, 71.0, 100.0, 83.3, 80.0, 86.4, 87.0, 88.9, 90.1, 85.0)
POINTS = (
    *(Point(f"M{at}", value, "gap" if value is None else "final") for at, value in enumerate(VALUES)),
    Point("M15", 84.0, "provisional"),
    Point("M16", 70.0, "partial"),
)
COMPARED = tuple(Point("", None if at == 4 else 50.0 + at) for at in range(len(POINTS)))
LINES = [
    LineChart("In time", POINTS, PERCENT, 92),
    LineChart("In time", POINTS, PERCENT, (50, 100), COMPARED, "a year before", zero=True),
    LineChart("In time", POINTS[:5], PERCENT, events=(Happened(1, 3, "A"), Happened(4, 4, "B"))),
    LineChart("In time", POINTS[:1], PERCENT, 60),
]
BARS = [
    BarChart("By <b>", (Bar("a <i>x</i> & y", 40.0), Bar("b", 0.0), Bar("c", -12.5), Bar("(blank)", 3.0)), PERCENT, 30),
    BarChart("By", (Bar("a", 0.4), Bar("b", None), Bar("c", 7.7, withheld=True)), PERCENT, (0.2, 0.3)),
]
CHARTS = pytest.mark.parametrize("chart", [*LINES, *BARS], ids=lambda chart: f"{type(chart).__name__}-{chart.goal}")


def drawn(chart: LineChart | BarChart, size: Size) -> Picture:
    picture = draw_line(chart, size) if isinstance(chart, LineChart) else draw_bars(chart, size)
    assert picture is not None
    return picture


def by_class(svg: str, class_: str) -> list[ET.Element]:
    return [item for item in ET.fromstring(svg).iter() if item.get("class") == class_]


def polylines(svg: str, class_: str) -> list[list[tuple[float, ...]]]:
    found = [item.attrib["points"].split() for item in by_class(svg, class_)]
    return [[tuple(map(float, pair.split(","))) for pair in pairs] for pairs in found]


class Placed:
    """A figure with the place on the screen of each value, worked out from its own margins and ranges."""

    def __init__(self, figure: dict[str, Any]) -> None:
        self.data, self.layout = figure["data"], figure["layout"]
        self.margin = self.layout["margin"]

    def across(self, value: float) -> float:
        low, high = self.layout["xaxis"]["range"]
        wide = self.layout["width"] - self.margin["l"] - self.margin["r"]
        return float(self.margin["l"] + (value - low) / (high - low) * wide)

    def down(self, value: float) -> float:
        low, high = self.layout["yaxis"]["range"]
        tall = self.layout["height"] - self.margin["t"] - self.margin["b"]
        return float(self.layout["height"] - self.margin["b"] - (value - low) / (high - low) * tall)

    def places(self, trace: dict[str, Any]) -> list[tuple[float, float]]:
        return [(self.across(x), self.down(y)) for x, y in zip(trace["x"], trace["y"], strict=True)]

    def lines(self, class_: str) -> list[dict[str, Any]]:
        look = {"color": STROKES[class_], "dash": DASHES.get(class_)}
        lines = [item for item in self.data if item.get("mode") == "lines"]
        return [item for item in lines if {"dash": None, **item["line"], "width": 0} == {**look, "width": 0}]

    def dots(self, class_: str) -> list[dict[str, Any]]:
        dots = [item for item in self.data if item.get("mode") == "markers"]
        return [item for item in dots if item["marker"]["color"] == FILLS[class_]]

    def words(self) -> list[tuple[str, float, float]]:
        found = []
        for item in self.layout["annotations"]:
            start = self.margin["l"] if item["xref"] == "paper" else self.across(item["x"])
            found.append((item["text"], start + item["xshift"], self.margin["t"] - item["yshift"]))
        return found


def near(one: list[Any], other: list[Any]) -> bool:
    """Say whether places are the same, to half a unit: the SVG has one decimal."""
    flat = [[number for place in places for number in place] for places in (one, other)]
    return flat[0] == pytest.approx(flat[1], abs=0.5)


@SIZES
@pytest.mark.parametrize("chart", LINES)
def test_both_outputs_carry_the_same_points(chart: LineChart, size: Size) -> None:
    picture = drawn(chart, size)
    svg, figure = svg_of(picture), Placed(figure_of(picture))

    for class_ in ("chart-line", "chart-open", "chart-compare"):
        shown, own = polylines(svg, class_), figure.lines(class_)
        assert len(own) == len(shown)
        assert all(near(figure.places(item), places) for item, places in zip(own, shown, strict=True))
    for class_ in ("chart-dot", "chart-hollow"):
        dots = [(float(item.attrib["cx"]), float(item.attrib["cy"])) for item in by_class(svg, class_)]
        places = [place for item in figure.dots(class_) for place in figure.places(item)]
        assert near(sorted(places), sorted(dots))


@SIZES
@CHARTS
def test_both_outputs_carry_the_same_goal_and_grid(chart: LineChart | BarChart, size: Size) -> None:
    picture = drawn(chart, size)
    svg, figure = svg_of(picture), Placed(figure_of(picture))

    for class_ in ("chart-goal", "chart-grid", "chart-base"):
        shown = polylines(svg, class_)
        shapes = [
            item
            for item in figure.layout["shapes"]
            if item["type"] == "line" and item["line"]["color"] == STROKES[class_]
        ]
        own = [
            [(figure.across(item["x0"]), figure.down(item["y0"])), (figure.across(item["x1"]), figure.down(item["y1"]))]
            for item in shapes
        ]
        assert len(own) == len(shown)
        assert all(near(one, other) for one, other in zip(own, shown, strict=True))
        assert all(item["line"].get("dash") == DASHES.get(class_) for item in shapes)
    bands = [item for item in figure.layout["shapes"] if item["type"] == "rect"]
    assert len(bands) == sum(len(by_class(svg, class_)) for class_ in ("chart-goal-band", "chart-event-band"))


@SIZES
@CHARTS
def test_both_outputs_carry_the_same_words_at_the_same_places(chart: LineChart | BarChart, size: Size) -> None:
    picture = drawn(chart, size)
    shown = [
        (item.text or "", float(item.attrib["x"]), float(item.attrib["y"]) - size.font * 0.35)
        for item in ET.fromstring(svg_of(picture)).iter("text")
    ]

    own = Placed(figure_of(picture)).words()

    assert [text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for text, _, _ in own] == [
        text for text, _, _ in shown
    ]
    assert near([place[1:] for place in own], [place[1:] for place in shown])


@SIZES
@pytest.mark.parametrize("chart", BARS)
def test_both_outputs_carry_the_same_bars(chart: BarChart, size: Size) -> None:
    picture = drawn(chart, size)
    boxes = by_class(svg_of(picture), "chart-bar")
    figure = Placed(figure_of(picture))
    (bars,) = [item for item in figure.data if item["type"] == "bar"]

    assert len(bars["x"]) == len(boxes)
    for box, value, middle, thick in zip(boxes, bars["x"], bars["y"], bars["width"], strict=True):
        left, right = sorted((figure.across(0), figure.across(value)))
        top, bottom = sorted((figure.down(middle - thick / 2), figure.down(middle + thick / 2)))
        sides = [float(box.attrib[name]) for name in ("x", "y", "width", "height")]
        least = 1 if value else 0  # a bar too small to see is drawn one unit long
        assert sides == pytest.approx([left, top, max(right - left, least), bottom - top], abs=0.5)


def test_a_withheld_value_is_nowhere_in_the_figure_nor_among_what_is_said() -> None:
    picture = drawn(BARS[1], WIDE)

    assert "7.7" not in json.dumps(figure_of(picture))
    assert [spot.said for spot in picture.spots][-1] == ("c", "withheld")
    assert picture.spots[-1].x == 0


def test_a_name_from_the_records_is_never_markup() -> None:
    figure = json.dumps(figure_of(drawn(BARS[0], WIDE)))

    assert "a &lt;i&gt;x&lt;/i&gt; &amp; y" in figure
    assert "<" not in figure


@pytest.mark.slow
@SIZES
@CHARTS
def test_plotly_knows_every_part_of_the_figure(chart: LineChart | BarChart, size: Size) -> None:
    text = json.dumps(figure_of(drawn(chart, size)), allow_nan=False)
    for name, colour in LIGHT.items():
        text = text.replace(f'"{name}"', f'"{colour}"')

    assert "--c-" not in text
    import_module("plotly.graph_objects").Figure(json.loads(text))  # refuses what it does not know


def test_colours_are_those_the_stylesheet_gives_the_classes() -> None:
    css = (Path(__file__).parents[2] / "assets" / "civicstat.css").read_text("utf-8")
    css = css[css.index("/* What charts are drawn with */") : css.index(".tools")]
    rules: dict[tuple[str, str], str] = {}
    for chosen, body in re.findall(r"^([^{}]+)\{([^}]*)\}", css, re.MULTILINE):
        for class_ in (part.split(".")[-1].strip() for part in chosen.split(",")):
            for name, value in re.findall(r"(fill|stroke|font-weight): ([^;]+);", body):
                rules[class_, name] = value

    for name, looks in (("stroke", STROKES), ("fill", FILLS), ("fill", WORDS)):
        assert {class_: rules.get((class_, name)) for class_ in looks} == {
            class_: f"var({token})" for class_, token in looks.items()
        }
    assert rules["chart-svg text", "fill"] == f"var({TEXT})"
    assert {class_ for class_, name in rules if name == "font-weight"} == BOLD


def test_a_reader_who_points_at_a_period_is_told_its_value_and_what_was_promised() -> None:
    points = (
        Point("Sep", 88.0, name="september 2026", notes=("Goal: at least 90 %", "Off track")),
        Point("Oct", None, "gap", "october 2026"),
        Point("Nov", 91.0, "partial", "november 2026"),
    )
    compare = (Point("", 80.0), Point("", None, "gap"), Point("", 85.0))

    spots = drawn(LineChart("t", points, PERCENT, 90, compare, "a year before"), WIDE).spots

    assert [(spot.x, spot.y, *(text.replace("\xa0", " ") for text in spot.said)) for spot in spots] == [
        (0, 88.0, "September 2026", "88.0 %", "Goal: at least 90 %", "Off track", "A year before: 80.0 %"),
        (1, None, "October 2026", "no value"),
        (2, 91.0, "November 2026", "91.0 %, so far", "A year before: 85.0 %"),
    ]
