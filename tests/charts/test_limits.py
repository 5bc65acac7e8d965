"""What a process behaviour chart adds to a line: limits broken at each step, and signals in shapes of their own."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest

from civicstat.charts import (
    NARROW,
    ROOM,
    WIDE,
    LineChart,
    Numbers,
    Point,
    Size,
    Stretch,
    behaviour_shape,
    draw_line,
    figure_of,
    line_chart,
)
from civicstat.charts.look import FILLS, STROKES, SYMBOLS
from civicstat.charts.shape import BEHAVIOURS
from civicstat.words import plain

COUNTS = Numbers("cases", 0, "en")
VALUES = (40, 44, 39, 60, 41, 43, 21, 20, 24, 22, 9, 23, 22, 21)
SIGNALS = {3: "concern", 10: "improvement", 12: "change"}
POINTS = tuple(Point(f"M{at}", float(value), signal=SIGNALS.get(at)) for at, value in enumerate(VALUES))  # type: ignore[arg-type]
STEP = (Stretch(0, 5, 44.5, 20.0, 69.0), Stretch(6, 13, 20.25, None, 37.0, trial=True))
CHART = LineChart("Cases", POINTS, COUNTS, 30.0, stretches=STEP)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, ROOM], ids=["wide", "narrow", "room"])


def elements(svg: str, class_: str) -> list[ET.Element]:
    return [item for item in ET.fromstring(svg).iter() if item.get("class") == class_]


def ends(item: ET.Element) -> tuple[float, float]:
    """Where a level line begins and ends."""
    places = [tuple(map(float, pair.split(","))) for pair in item.attrib["points"].split()]
    assert places[0][1] == places[1][1]
    return places[0][0], places[1][0]


def words(svg: str) -> list[str]:
    return [plain(item.text or "") for item in ET.fromstring(svg).iter("text")]


def test_each_stretch_has_its_own_mean_and_limits_that_do_not_touch_the_next() -> None:
    svg = line_chart(CHART)
    means, limits = elements(svg, "chart-centre"), elements(svg, "chart-limit")
    assert (len(means), len(limits)) == (2, 3)
    assert ends(means[0])[1] < ends(means[1])[0]
    (step,) = elements(svg, "chart-step")
    at = float(step.attrib["points"].split(",")[0])
    assert ends(means[0])[1] < at < ends(means[1])[0]


def test_trial_limits_look_unlike_settled_ones() -> None:
    dashes = [item.get("stroke-dasharray") for item in elements(line_chart(CHART), "chart-limit")]
    assert dashes[0] == dashes[1] != dashes[2]
    assert all(dashes)


@SIZES
def test_limits_are_inside_the_scale(size: Size) -> None:
    picture = draw_line(CHART, size)
    assert picture is not None
    assert picture.plot.y[0] <= 20.0 and picture.plot.y[1] >= 69.0


def test_a_chart_without_limits_is_drawn_as_before() -> None:
    plain_points = tuple(replace(point, signal=None) for point in POINTS)
    svg = line_chart(replace(CHART, stretches=(), points=plain_points))
    classes = ("chart-centre", "chart-limit", "chart-step", *SYMBOLS)
    assert [elements(svg, class_) for class_ in classes] == [[]] * len(classes)


@SIZES
def test_each_signal_stands_on_its_point_in_a_shape_that_is_no_circle(size: Size) -> None:
    svg = line_chart(CHART, size)
    corners = {class_: [len(item.attrib["points"].split()) for item in elements(svg, class_)] for class_ in SYMBOLS}
    assert corners == {"chart-improvement": [4], "chart-concern": [4], "chart-change": [3]}
    turned = [elements(svg, class_)[0].attrib["points"].split()[0] for class_ in ("chart-improvement", "chart-concern")]
    assert turned[0].split(",")[0] != turned[1].split(",")[0]


@SIZES
def test_the_figure_carries_the_same_signals_and_limits(size: Size) -> None:
    picture = draw_line(CHART, size)
    assert picture is not None
    figure: dict[str, Any] = figure_of(picture)
    marked = {item["marker"]["symbol"]: item for item in figure["data"] if "symbol" in item.get("marker", {})}
    assert {name: (item["x"], item["y"]) for name, item in marked.items()} == {
        SYMBOLS[f"chart-{signal}"]: ([at], [float(VALUES[at])]) for at, signal in SIGNALS.items()
    }
    assert all(item["marker"]["color"] == FILLS[f"chart-{SIGNALS[item['x'][0]]}"] for item in marked.values())
    level = [
        item["y0"]
        for item in figure["layout"]["shapes"]
        if item["type"] == "line" and item["y0"] == item["y1"] and item["line"]["color"] == STROKES["chart-limit"]
    ]
    assert sorted(level) == [20.0, 20.25, 37.0, 44.5, 69.0]


def test_the_limits_of_the_last_stretch_are_told_beside_it_where_there_is_room() -> None:
    assert {"mean 20", "upper limit 37"} <= set(words(line_chart(CHART)))
    assert not any(word.startswith("lower limit") for word in words(line_chart(CHART)))  # it is not drawn
    assert [word for word in words(line_chart(CHART, NARROW)) if "limit" in word] == []
    spanish = replace(CHART, numbers=replace(COUNTS, lang="es"))
    assert {"promedio 20", "límite superior 37"} <= set(words(line_chart(spanish)))


def test_signals_are_smaller_where_points_stand_close() -> None:
    def width(count: int, size: Size) -> float:
        points = tuple(Point(f"M{at}", 40.0, signal="improvement" if at == 3 else None) for at in range(count))
        (mark,) = elements(line_chart(LineChart("Cases", points, COUNTS), size), "chart-improvement")
        left, right = (float(mark.attrib["points"].split()[at].split(",")[0]) for at in (0, 1))
        return right - left

    assert width(60, NARROW) < width(12, NARROW) == pytest.approx(width(12, WIDE), abs=0.2)
    assert width(600, NARROW) >= 5


def test_every_word_of_behaviour_has_a_shape_of_its_own() -> None:
    drawn = {name: behaviour_shape(name) for name in BEHAVIOURS}
    assert len(set(drawn.values())) == len(drawn)
    assert all('aria-hidden="true"' in svg for svg in drawn.values())


@SIZES
@pytest.mark.parametrize(("breaks", "lines"), [((), 1), ((6,), 1), ((0, 9), 2)])
def test_an_upright_line_stands_where_something_else_is_counted(
    size: Size, breaks: tuple[int, ...], lines: int
) -> None:
    drawn = line_chart(replace(CHART, breaks=breaks), size)

    assert len(elements(drawn, "chart-step")) == lines
    assert len(elements(line_chart(replace(CHART, stretches=(), breaks=(9,)), size), "chart-step")) == 1
