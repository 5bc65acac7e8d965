"""The line chart: what is drawn, what is left out, and what it says to those who do not see it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import combinations

import pytest

from civicstat.charts import (
    NARROW,
    ROOM,
    WIDE,
    LineChart,
    Numbers,
    Point,
    Size,
    describe_line,
    draw_line,
    figure_of,
    line_chart,
    sparkline,
)
from civicstat.charts.svg import text_width
from civicstat.words import plain

PERCENT = Numbers("percent", 1, "en")
SVG = "{http://www.w3.org/2000/svg}"


def months(*values: float | None) -> tuple[Point, ...]:
    names = [f"{name} 2026" for name in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct")]
    return tuple(
        Point(name, value, "gap" if value is None else "final") for name, value in zip(names, values, strict=False)
    )


def chart(points: tuple[Point, ...], goal: float | tuple[float, float] | None = None, **more: object) -> LineChart:
    return LineChart("Answered in time", points, PERCENT, goal, **more)  # type: ignore[arg-type]


def elements(svg: str, class_: str) -> list[ET.Element]:
    return [item for item in ET.fromstring(svg).iter() if class_ in item.get("class", "").split()]


def words(svg: str) -> list[str]:
    return [plain(item.text or "") for item in ET.fromstring(svg).iter("text")]


def boxes(svg: str) -> Iterator[tuple[str, float, float, float, float]]:
    """Yield the words of a chart with the box each fills: left, right, top, bottom."""
    for item in ET.fromstring(svg).iter("text"):
        said, size = item.text or "", float(item.attrib["font-size"])
        width, x, y = text_width(said, size) * 0.9, float(item.attrib["x"]), float(item.attrib["y"])
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[item.attrib["text-anchor"]]
        yield said, left, left + width, y - size * 0.75, y + size * 0.1


def test_the_point_asked_for_is_ringed_and_its_value_stands_beside_it() -> None:
    marked = line_chart(chart(months(61, 72, 83, 84, 85), mark=1))

    (ring,) = elements(marked, "chart-ring")
    assert ring.get("cx") == elements(marked, "chart-mark")[0].get("points", "").partition(",")[0]
    assert "72.0 %" in words(marked)
    assert elements(line_chart(chart(months(61, 72, 83), mark=2)), "chart-ring") == []
    assert elements(line_chart(chart(months(61, None, 83), mark=1)), "chart-ring") == []


def test_a_gap_breaks_the_line() -> None:
    svg = line_chart(chart(months(60, 70, None, 80, 90, 95)))

    assert [len(line.attrib["points"].split()) for line in elements(svg, "chart-line")] == [2, 3]


def test_a_single_value_between_gaps_is_a_point() -> None:
    many = tuple(Point(f"M{at}", None if at in (5, 7) else 50.0 + at) for at in range(20))

    svg = line_chart(chart(many))

    assert [len(line.attrib["points"].split()) for line in elements(svg, "chart-line")] == [5, 12]
    assert len(elements(svg, "chart-dot")) == 2  # the single value and the last one


def test_the_running_period_is_hollow_apart_and_says_so_far() -> None:
    points = (*months(60, 70, 80), Point("Apr 2026", 55.0, "partial"))

    svg = line_chart(chart(points))

    assert len(elements(svg, "chart-hollow")) == 1
    assert [len(line.attrib["points"].split()) for line in elements(svg, "chart-line")] == [3]
    assert elements(svg, "chart-open") == []
    assert {"so far", "80.0 %"} <= set(words(svg))
    assert "55.0 %" not in words(svg)


def test_provisional_periods_are_hollow_and_held_by_a_dotted_line() -> None:
    points = (*months(60, 70), Point("Mar 2026", 75.0, "provisional"), Point("Apr 2026", 78.0, "provisional"))

    svg = line_chart(chart(points))

    assert len(elements(svg, "chart-hollow")) == 2
    assert [len(line.attrib["points"].split()) for line in elements(svg, "chart-open")] == [3]
    assert "may change" in words(svg)


def test_the_goal_is_dashed_and_named_beside_its_line() -> None:
    svg = line_chart(chart(months(60, 70), 92))

    (line,) = elements(svg, "chart-goal")
    assert line.attrib["stroke-dasharray"] == "6 5"
    assert "Goal 92 %" in words(svg)


def test_a_range_is_a_band_between_two_lines() -> None:
    svg = line_chart(chart(months(60, 70), (50, 80)))

    assert (len(elements(svg, "chart-goal")), len(elements(svg, "chart-goal-band"))) == (2, 1)
    assert "Goal 50 to 80 %" in words(svg)


def test_the_comparison_is_dashed_and_named() -> None:
    svg = line_chart(chart(months(60, 70, 75), compare=months(50, 55, 58), compare_label="a year before"))

    assert len(elements(svg, "chart-compare")) == 1
    assert "a year before" in words(svg)


@pytest.mark.parametrize("size", [WIDE, NARROW, ROOM], ids=["wide", "narrow", "room"])
@pytest.mark.parametrize(
    "points",
    [
        months(74, 76, 77, 79, 80, 83, 85, 87, 88, 89.6),  # the last value beside the goal
        (*months(58, 61, 60, 63, 72, 74, 80, 83, 87.4), Point("Oct 2026", 86.0, "partial")),
        (*months(58, 61, 60, 63, 72, 74, 80, 83, 92), Point("Oct 2026", 91.0, "provisional")),
        months(90),
    ],
    ids=["beside the goal", "running", "provisional", "one"],
)
def test_no_words_lie_on_each_other_or_off_the_chart(points: tuple[Point, ...], size: Size) -> None:
    compare = tuple(Point(point.label, 89.0) for point in points)

    placed = list(boxes(line_chart(chart(points, 90, compare=compare, compare_label="before"), size)))

    touching = [
        (one[0], other[0])
        for one, other in combinations(placed, 2)
        if one[1] < other[2] and other[1] < one[2] and one[3] < other[4] and other[3] < one[4]
    ]
    assert touching == []
    assert [said for said, left, right, top, bottom in placed if left < 0 or right > size.width] == []
    assert [said for said, left, right, top, bottom in placed if top < 0 or bottom > size.height] == []


def test_a_cut_scale_says_so_on_the_chart_and_in_its_description() -> None:
    cut, whole = chart(months(60, 70)), chart(months(60, 70), zero=True)

    assert "scale starts at 58 %" in words(line_chart(cut))
    assert plain(describe_line(cut)).endswith("The scale starts at 58 %, not at zero.")
    assert not any("scale" in said for said in words(line_chart(whole)))
    assert "0 %" in words(line_chart(whole))


def test_a_chart_has_a_name_and_a_description_in_words() -> None:
    points = (Point("Sep 2026", 88.0, name="September 2026"), Point("Oct 2026", 91.0, name="October 2026"))
    drawn = LineChart("Answered in time", points, PERCENT, 90, summary="Now 91.0 %.", zero=True)

    root = ET.fromstring(line_chart(drawn))

    assert root.attrib["role"] == "img"
    assert [root.findtext("title"), root.findtext("desc")] == [
        "Answered in time",
        "Line chart. September 2026 to October 2026. Now 91.0 %.",
    ]


def test_spanish_words_stand_in_a_spanish_chart() -> None:
    points = (*months(60, 70), Point("Mar 2026", 65.0, "partial"))
    drawn = LineChart("A tiempo", points, Numbers("days", 1, "es"), 50, summary="")

    assert {"días · la escala empieza en 45", "Meta 50", "hasta hoy", "70.0 días"} <= set(words(line_chart(drawn)))


def test_text_from_data_is_escaped() -> None:
    points = (Point('<script>"a"&', 1.0), Point("b", 2.0))
    drawn = LineChart("<b>Fire & EMS</b>", points, PERCENT, compare=points, compare_label="<i>", summary="a < b")

    svg = line_chart(drawn)

    assert "<script" not in svg
    assert ET.fromstring(svg).findtext("title") == "<b>Fire & EMS</b>"


def test_nothing_to_draw_is_no_chart() -> None:
    gaps = months(None, None)

    assert [line_chart(chart(gaps)), line_chart(chart(())), sparkline(gaps), sparkline(())] == ["", "", "", ""]


def test_a_chart_carries_no_style_and_no_script() -> None:
    svg = line_chart(chart(months(60, 70), 65)) + sparkline(months(60, 70), 65)

    assert not any(part in svg for part in ("style", "script", "onload", "href"))


def test_a_sparkline_is_silent_and_shows_goal_gaps_and_the_running_period() -> None:
    svg = sparkline((*months(3, 4, None, 5, 6), Point("Jun 2026", 7.0, "partial")), (2, 4))

    assert ET.fromstring(svg).attrib["aria-hidden"] == "true"
    assert [len(elements(svg, name)) for name in ("chart-line", "chart-goal", "chart-dot", "chart-hollow")] == [
        2,
        2,
        1,
        1,
    ]


def test_the_goal_of_a_sparkline_begins_when_it_was_set() -> None:
    always, later = (
        [line.attrib["points"] for line in elements(sparkline(months(3, 4, 5, 6), 4, goal_from=at), "chart-goal")]
        for at in (0, 2)
    )

    assert [float(points[0].split(",")[0]) for points in (always, later)] == [0.0, 200.0]


def test_a_flat_sparkline_runs_through_the_middle() -> None:
    (line,) = elements(sparkline(months(5, 5, 5)), "chart-line")

    assert {place.split(",")[1] for place in line.attrib["points"].split()} == {"24"}  # of 48


def test_the_running_period_is_named_on_the_axis_where_it_has_room() -> None:
    def named(points: tuple[Point, ...]) -> list[str]:
        return [plain(item.text or "") for item in elements(line_chart(chart(points)), "chart-tick") if item.text]

    running = Point("Mar 2026", 70.0, "partial")
    many = (*(Point(f"M{at}", 50.0 + at) for at in range(60)), Point("M60", 70.0, "partial"))

    assert named((*months(60, 65), running))[-3:] == ["Feb 2026", "Jan 2026", "Mar 2026"]
    assert "M60" not in named(many)


def test_a_goal_is_drawn_from_the_first_period_in_which_it_stood() -> None:
    def start(goal_from: int) -> float:
        svg = line_chart(chart(months(1, 2, 3, 4, 5, 6), 3.0, goal_from=goal_from))
        (drawn,) = elements(svg, "chart-goal")
        return float(drawn.get("points", "").split(",")[0])

    assert start(3) > start(1) > start(0)


def test_a_goal_that_moves_is_drawn_as_it_moved_on_the_page_and_as_a_figure() -> None:
    stepped = chart(months(5, 6, 7, 8), 4.0, goals=(None, 6.0, 6.0, 4.0))
    sloped = chart(months(5, 6, 7, 8), 3.0, goals=(6.0, 5.0, 4.0, 3.0), slopes=True)

    (stairs,), (line,) = (elements(line_chart(item), "chart-goal") for item in (stepped, sloped))
    picture = draw_line(stepped)

    heights = [point.split(",")[1] for point in stairs.attrib["points"].split()]
    assert [heights[0] == heights[1], heights[1] == heights[2], heights[2] == heights[3]] == [True, False, True]
    assert len(line.attrib["points"].split()) == 2
    assert picture is not None
    shapes = [item for item in figure_of(picture)["layout"]["shapes"] if item["line"].get("dash")]
    assert [(item["x0"], item["y0"], item["x1"], item["y1"]) for item in shapes] == [
        (0.5, 6.0, 2.5, 6.0), (2.5, 6.0, 2.5, 4.0), (2.5, 4.0, 3, 4.0),
    ]  # fmt: skip
    assert "Goal 4 %" in words(line_chart(stepped))


def test_a_sparkline_s_goal_moves_too() -> None:
    (drawn,) = elements(sparkline(months(3, 4, 5), 4, moving=(None, 6.0, 4.0)), "chart-goal")

    assert len(drawn.attrib["points"].split()) == 4
