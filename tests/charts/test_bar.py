"""The bar chart: in the order given, from zero, and what is withheld in words."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from civicstat.charts import NARROW, ROOM, WIDE, Bar, BarChart, Numbers, bar_chart
from civicstat.words import plain

DAYS = Numbers("days", 1, "en")
BARS = (Bar("East", 2.0), Bar("(blank)", 9.0), Bar("Harbor", None, withheld=True), Bar("West", 4.0), Bar("Hill", None))


def all_of(svg: str, name: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter(name))


def words(svg: str) -> list[str]:
    return [plain(item.text or "") for item in all_of(svg, "text")]


def test_members_stand_in_the_order_given_and_those_without_a_bar_last() -> None:
    assert words(bar_chart(BarChart("By district", BARS, DAYS))) == [
        *("East", "2.0 days", "Not recorded", "9.0 days", "West", "4.0 days"),
        *("Hill", "no value", "Harbor", "withheld"),
    ]


def test_a_member_that_is_withheld_or_has_no_value_has_no_bar() -> None:
    assert len(all_of(bar_chart(BarChart("By district", BARS, DAYS)), "rect")) == 3


def test_a_withheld_value_is_nowhere_in_the_drawing() -> None:
    svg = bar_chart(BarChart("By district", (Bar("East", 20.0), Bar("Harbor", 3.7, withheld=True)), DAYS))

    assert "3.7" not in svg
    assert len(all_of(svg, "rect")) == 1


def test_bars_are_as_long_as_their_values_from_zero() -> None:
    svg = bar_chart(BarChart("t", (Bar("a", 10.0), Bar("b", 5.0), Bar("c", 0.0), Bar("d", -5.0)), DAYS))

    starts = [float(box.attrib["x"]) for box in all_of(svg, "rect")]
    lengths = [float(box.attrib["width"]) for box in all_of(svg, "rect")]
    assert [round(length / lengths[0], 2) for length in lengths] == [1, 0.5, 0, 0.5]
    assert starts[0] == starts[1] == starts[2] == pytest.approx(starts[3] + lengths[3], abs=0.2)


def test_the_goal_crosses_the_bars_at_its_value() -> None:
    svg = bar_chart(BarChart("t", (Bar("a", 10.0),), DAYS, 5))

    (box,) = all_of(svg, "rect")
    (goal,) = [line for line in all_of(svg, "polyline") if line.attrib["class"] == "chart-goal"]
    middle = float(box.attrib["x"]) + float(box.attrib["width"]) / 2
    assert abs(float(goal.attrib["points"].split(",")[0]) - middle) < 0.2
    assert "Goal 5" in words(svg)


def test_a_long_name_is_cut_with_an_ellipsis_and_a_narrow_chart_gives_it_a_line() -> None:
    name = "South Boston and the South Boston Waterfront, with the Seaport District"
    chart = BarChart("t", (Bar(name, 10.0), Bar("b", 5.0)), DAYS)

    wide, narrow = words(bar_chart(chart, WIDE))[0], words(bar_chart(chart, NARROW))[0]

    assert (wide.endswith("…"), narrow.endswith("…")) == (True, True)
    assert len(narrow) > len(wide) > 20
    heights = {all_of(bar_chart(chart, NARROW), "text")[at].attrib["y"] for at in (0, 1)}
    assert len(heights) == 2


def test_a_chart_grows_with_its_members() -> None:
    def height(count: int) -> float:
        bars = tuple(Bar(f"District {at}", float(at)) for at in range(count))
        return float(ET.fromstring(bar_chart(BarChart("t", bars, DAYS))).attrib["viewBox"].split()[3])

    assert height(20) > 1.9 * height(10)


def test_names_are_escaped_and_no_members_are_no_chart() -> None:
    svg = bar_chart(BarChart("a & b", (Bar("<b>Harbor</b>", 1.0),), DAYS, summary="1 < 2"))

    assert "<b>" not in svg
    assert ET.fromstring(svg).findtext("desc") == "Bar chart. 1 < 2"
    assert bar_chart(BarChart("t", (), DAYS)) == ""


def test_bars_too_many_for_the_height_of_a_screen_say_so_to_the_style_sheet() -> None:
    def looks(count: int) -> str:
        chart = BarChart("t", tuple(Bar(str(n), float(n)) for n in range(count)), DAYS)
        return bar_chart(chart, ROOM).partition('class="')[2].partition('"')[0]

    assert looks(5) == "chart-svg room"
    assert looks(24) == "chart-svg room tall"
