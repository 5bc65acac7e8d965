"""A measure by the members of a dimension: bars from zero, in the order given, each with its value.

Classes: those of the line chart that are named there, and ``chart-bar``, ``chart-name``.
"""

from __future__ import annotations

from civicstat.charts.data import WIDE, Bar, BarChart, Size, goal_ends
from civicstat.charts.ink import svg_of
from civicstat.charts.picture import Box, Line, Mark, Picture, Plot, Words
from civicstat.charts.spots import bar_spots, name_of, said_of
from civicstat.charts.svg import text_width, truncate
from civicstat.words import phrase

__all__ = ["bar_chart", "describe_bars", "draw_bars", "drawn_first"]

_LONGEST_NAME = 0.4  # of the width
_THICK = 1.25  # of the size of the type
_FOOT = 4  # below the last row, for lines that cross the bars


def bar_chart(chart: BarChart, size: Size = WIDE) -> str:
    """Return the chart as SVG, as high as its members need; a narrow one puts each name above its bar.

    Without members it is the empty string.
    """
    return svg_of(draw_bars(chart, size))


def draw_bars(chart: BarChart, size: Size = WIDE) -> Picture | None:
    """Return the chart drawn for ``size``; None without members. A row of the picture is 1 high, the first at 0."""
    bars = drawn_first(chart.bars)
    if not bars:
        return None
    field = _field(chart, bars, size)
    boxes = [_box(bar, index, size) for index, bar in enumerate(bars) if _is_drawn(bar)]
    words = [line for index, bar in enumerate(bars) for line in _words(chart, bar, index, size, field)]
    base = [] if size.narrow and not field.x[0] else [_down(0, size, field, "chart-base", 1)]
    marks = (*boxes, *base, *_goal(chart, size, field), *words)
    return Picture(chart.title, describe_bars(chart), size, field.bottom + _FOOT, field, marks, bar_spots(chart, bars))


def describe_bars(chart: BarChart) -> str:
    """Return what the chart is, in words: its kind and the finding."""
    return " ".join(part for part in (phrase("chart.bar", chart.numbers.lang), chart.summary) if part)


def drawn_first(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """Return the bars in the order given; then what has no value, and what is withheld.

    >>> [bar.label for bar in drawn_first((Bar("D", None, True), Bar("A", 1), Bar("C", None), Bar("(blank)", 2)))]
    ['A', '(blank)', 'C', 'D']
    """
    return tuple(sorted(bars, key=_order))


def _order(bar: Bar) -> int:
    if _is_drawn(bar):
        return 0
    return 2 if bar.withheld else 1


def _is_drawn(bar: Bar) -> bool:
    return bar.value is not None and not bar.withheld


def _field(chart: BarChart, bars: tuple[Bar, ...], size: Size) -> Plot:
    ends = goal_ends(chart.goal)
    drawn = [bar.value for bar in bars if bar.value is not None and _is_drawn(bar)]
    low, high = min([0.0, *drawn, *ends]), max([0.0, *drawn, *ends])
    names = 0.0 if size.narrow else max(text_width(name_of(chart, bar), size.font) for bar in bars) + 12
    left = min(names, size.width * _LONGEST_NAME)
    right = size.width - max(text_width(said_of(chart, bar), size.font, bold=True) for bar in bars) - 14
    top = size.font * 1.7 if ends else 2
    row = _row(size)
    across = (low, high if high > low else low + 1)
    bottom = top + row * len(bars)
    return Plot(left, max(right, left + 40), top, bottom, across, (float(len(bars)), 0.0))


def _box(bar: Bar, index: int, size: Size) -> Box:
    """Return the bar itself, from zero; a value of zero has none."""
    top, row = _top(index, size), _row(size)
    return Box((0, top / row), (bar.value or 0.0, (top + size.font * _THICK) / row), "chart-bar")


def _words(chart: BarChart, bar: Bar, index: int, size: Size, field: Plot) -> list[Words]:
    """Return a member's name and its value, or why it has none."""
    font, y = size.font, field.top + _top(index, size) + size.font * (_THICK / 2 + 0.35)
    name = truncate(name_of(chart, bar), font, size.width if size.narrow else field.left - 10)
    if size.narrow:
        named = Words(name, 0, field.top + index * _row(size) + font * 1.05, "chart-name")
    else:
        named = Words(name, field.left - 10, y, "chart-name", "end")
    if bar.value is None or not _is_drawn(bar):
        return [named, Words(said_of(chart, bar), field.across(0) + 8, y, "chart-soft")]
    return [named, Words(said_of(chart, bar), size.width - 2, y, "chart-value", "end")]


def _row(size: Size) -> float:
    """Return how high a member's row is; a narrow one holds its name too."""
    return size.font * (3.0 if size.narrow else 1.9)


def _top(index: int, size: Size) -> float:
    """Return where the bar begins below the top of the plot, and below its name in a narrow chart."""
    spare = _row(size) - size.font * _THICK
    return index * _row(size) + (spare - size.font * 0.2 if size.narrow else spare / 2)


def _goal(chart: BarChart, size: Size, field: Plot) -> list[Mark]:
    """Return the goal across the bars, and its label above them."""
    if chart.goal is None:
        return []
    ends = goal_ends(chart.goal)
    words = chart.numbers.goal(chart.goal)
    half = text_width(words, size.font, bold=True) / 2
    middle = min(max(field.across(sum(ends) / len(ends)), half), size.width - half)
    lines = [_down(end, size, field, "chart-goal", 1.6, (6, 5)) for end in ends]
    return [*lines, Words(words, middle, size.font * 1.1, "chart-goal-label", "middle")]


def _down(
    value: float, size: Size, field: Plot, class_: str, width: float, dashes: tuple[int, int] | None = None
) -> Line:
    return Line(((value, 0), (value, field.y[0] + _FOOT / _row(size))), class_, width, dashes)
