"""What happened meanwhile, on a chart: lines, bands and letters that do not touch."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from civicstat.charts import NARROW, ROOM, WIDE, Happened, LineChart, Numbers, Point, Size, draw_line, line_chart
from civicstat.charts.picture import Box, Line, Words
from civicstat.charts.svg import text_width

POINTS = tuple(Point(f"M{at}", 40.0 + at) for at in range(24))
EVENTS = (Happened(3, 3, "A"), Happened(3, 8, "B"), Happened(4, 4, "C"), Happened(23, 23, "D"))
CHART = LineChart("Cases", POINTS, Numbers("cases", 0, "en"), events=EVENTS)


@pytest.mark.parametrize("size", [WIDE, NARROW, ROOM], ids=["wide", "narrow", "room"])
def test_each_day_has_one_line_and_letters_do_not_touch(size: Size) -> None:
    picture = draw_line(CHART, size)
    assert picture is not None
    lines = [mark for mark in picture.marks if isinstance(mark, Line) and mark.class_ == "chart-event"]
    letters = [mark for mark in picture.marks if isinstance(mark, Words) and mark.class_ == "chart-event-label"]

    assert [line.places[0][0] for line in lines] == [3, 4, 23]
    assert [mark.text for mark in letters] == ["A B", "C", "D"]
    spans = [(mark.x - half, mark.x + half) for mark in letters for half in [text_width(mark.text, size.font) / 2]]
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    assert spans[0][0] >= 0 and spans[-1][1] <= size.width
    assert all(mark.y <= picture.plot.top for mark in letters)


def test_what_went_on_is_a_band_below_everything() -> None:
    picture = draw_line(CHART)
    assert picture is not None

    assert picture.marks[0] == Box((3, picture.plot.y[1]), (8, picture.plot.y[0]), "chart-event-band")
    classes = [item.get("class") for item in ET.fromstring(line_chart(CHART)).iter() if item.get("class")]
    assert classes.index("chart-event-band") < classes.index("chart-grid")
