"""The chart as a file: whole, in its own colours, with where it comes from."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from civicstat.charts import WIDE, Bar, BarChart, LineChart, Numbers, Point, draw_bars, draw_line, svg_alone
from civicstat.charts.palette import LIGHT

SVG = "{http://www.w3.org/2000/svg}"
DAYS = Numbers("days", 1, "en")
POINTS = (Point("Sep", 4.0), Point("Oct", 5.0, "provisional"), Point("Nov", 3.0, "partial"))
LINE = LineChart("By month <1>", POINTS, DAYS, (2, 6), POINTS, "before", summary="Now 4 days.")
SOURCE = "Cases, complete through October 31, 2026. Edition of November 2, 2026."


def test_a_file_carries_its_title_its_finding_and_where_it_comes_from() -> None:
    picture = draw_line(LINE)
    assert picture is not None
    root = ET.fromstring(svg_alone(picture, ["Closed in time", "By month <1>"], [SOURCE]))

    said = [item.text for item in root.iter(f"{SVG}text")]
    assert (root.tag, root.findtext(f"{SVG}title")) == (f"{SVG}svg", "Closed in time. By month <1>")
    assert "Now 4 days." in (root.findtext(f"{SVG}desc") or "")
    assert said[:2] == ["Closed in time", "By month <1>"]
    assert said[-1] == SOURCE


def test_a_file_needs_no_style_sheet() -> None:
    bars = draw_bars(BarChart("t", (Bar("a", 3.0), Bar("b", None)), DAYS, 2))
    line = draw_line(LINE)
    assert bars is not None
    assert line is not None
    for picture in (bars, line):
        file = svg_alone(picture, ["t"], [SOURCE])
        root = ET.fromstring(file)
        colours = {item.get(name) for item in root.iter() for name in ("fill", "stroke")} - {None, "none"}
        assert colours <= set(LIGHT.values())
        assert "currentColor" not in file
        assert next(root.iter(f"{SVG}rect")).attrib["fill"] == "#ffffff"
        assert [item for item in root.iter(f"{SVG}text") if not item.get("fill")] == []


def test_words_too_long_for_the_file_go_on_in_the_next_line() -> None:
    picture = draw_line(LINE, WIDE)
    assert picture is not None
    source = " ".join(["Records of the department"] * 12)

    said = [item.text or "" for item in ET.fromstring(svg_alone(picture, ["t"], [source])).iter(f"{SVG}text")]

    lines = [text for text in said if "Records" in text]
    assert len(lines) > 1
    assert " ".join(lines) == source
