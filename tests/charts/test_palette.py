"""Colours: far enough from what they stand on, in light and dark, and the same in the stylesheet as here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from civicstat.charts import (
    NARROW,
    Bar,
    BarChart,
    LineChart,
    Numbers,
    Point,
    bar_chart,
    line_chart,
    shape,
    sparkline,
)
from civicstat.charts.palette import DARK, GRAPHICS, LIGHT, TEXTS, contrast
from civicstat.charts.shape import SHAPES

STYLESHEET = Path(__file__).parents[2] / "assets" / "civicstat.css"
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


@THEMES
def test_words_stand_out_from_what_they_stand_on(theme: Mapping[str, str]) -> None:
    pairs = {(text, paper): contrast(theme[f"--c-{text}"], theme[f"--c-{paper}"]) for text, paper in TEXTS}

    assert {pair: round(found, 2) for pair, found in pairs.items() if found < 4.5} == {}


@THEMES
def test_lines_and_shapes_stand_out_from_what_they_stand_on(theme: Mapping[str, str]) -> None:
    pairs = {(line, paper): contrast(theme[f"--c-{line}"], theme[f"--c-{paper}"]) for line, paper in GRAPHICS}

    assert {pair: round(found, 2) for pair, found in pairs.items() if found < 3} == {}


@pytest.mark.parametrize(
    ("colour", "on_white"),
    [("#005ea2", 6.72), ("#b38c00", 3.15), ("#8b0a03", 9.80), ("#71767a", 4.59), ("#ffbe2e", 1.66), ("#000000", 21.0)],
)
def test_contrast_is_that_of_the_published_table(colour: str, on_white: float) -> None:
    """Reference: accessibility.md, part 5, worked out with the WCAG formula by other means."""
    assert round(contrast(colour, "#ffffff"), 2) == on_white


def declared(css: str) -> dict[str, str]:
    found = re.findall(r"(--c-[\w-]+):\s*(#[0-9a-fA-F]{3,6})\b", css)
    return {name: six_digits(colour) for name, colour in found}


def six_digits(colour: str) -> str:
    return colour.lower() if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:].lower())


def test_the_stylesheet_declares_the_palette() -> None:
    css = STYLESHEET.read_text(encoding="utf-8")
    light, dark, _ = re.split(
        r"@media [^{]*prefers-color-scheme: dark[^{]*\{(.*?)\n\}", css, maxsplit=1, flags=re.DOTALL
    )

    for theme, part in ((LIGHT, light), (DARK, dark)):
        found = declared(part)
        assert {name: found.get(name) for name in theme} == theme


def test_the_stylesheet_knows_every_class_of_a_chart() -> None:
    numbers = Numbers("days", 1, "en")
    final, gap = (Point("a", 1), Point("b", 2)), Point("d", None, "gap")
    states = (*final, Point("c", 3, "provisional"), gap, Point("e", 4, "partial"))
    line = LineChart("t", states, numbers, (1, 2), compare=final, compare_label="before")
    bars = BarChart("t", (Bar("a", 1), Bar("b", None)), numbers, 2)
    drawn = [line_chart(line), line_chart(line, NARROW), bar_chart(bars), sparkline(states, 2), *map(shape, SHAPES)]
    used = {name for svg in drawn for names in re.findall(r'class="([^"]+)"', svg) for name in names.split()}

    plain = {"chart-tick", "chart-soft", "chart-compare-label"}  # in the colour of all text of a chart
    css = STYLESHEET.read_text(encoding="utf-8")
    assert ".chart-svg text" in css
    assert sorted(name for name in used - plain - {"spark"} if not re.search(rf"\.{name}\b(?!-)", css)) == []
