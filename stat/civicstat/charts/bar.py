"""A measure by the members of a dimension as SVG: bars from zero, in the order given, each with its value.

Classes: those of the line chart that are named there, and ``chart-bar``, ``chart-name``.
"""

from __future__ import annotations

from dataclasses import dataclass

from civicstat.charts.data import BLANK, WIDE, Bar, BarChart, Size, goal_ends
from civicstat.charts.svg import drawing, element, polyline, text, text_width, truncate
from civicstat.words import phrase

__all__ = ["bar_chart", "describe_bars", "drawn_first"]

_LONGEST_NAME = 0.4  # of the width
_THICK = 1.25  # of the size of the type


@dataclass(frozen=True, slots=True)
class _Field:
    """Where bars begin and end, and what is above the first of them."""

    left: float
    right: float
    top: float
    row: float
    low: float
    high: float

    def across(self, value: float) -> float:
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)


def bar_chart(chart: BarChart, size: Size = WIDE) -> str:
    """Return the chart, as high as its members need; a narrow one puts each name above its bar.

    Without members it is the empty string.
    """
    bars = drawn_first(chart.bars)
    if not bars:
        return ""
    field = _field(chart, bars, size)
    height = field.top + field.row * len(bars) + 4
    boxes = [_box(bar, index, size, field) for index, bar in enumerate(bars) if _is_drawn(bar)]
    words = [line for index, bar in enumerate(bars) for line in _words(chart, bar, index, size, field)]
    zero = field.across(0)
    base = [] if size.narrow and not field.low else [polyline([(zero, field.top), (zero, height)], "chart-base", 1)]
    parts = [*boxes, *base, *_goal(chart, size, field, height), *words]
    return drawing(parts, chart.title, describe_bars(chart), size.name, size.width, height)


def describe_bars(chart: BarChart) -> str:
    """Return what the chart is, in words: its kind and the finding."""
    return " ".join(part for part in (phrase("chart.bar", chart.numbers.lang), chart.summary) if part)


def drawn_first(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """Return the bars in the order given; then what is missing, what has no value and what is withheld.

    >>> [bar.label for bar in drawn_first((Bar("(blank)", 9), Bar("A", 1), Bar("C", None), Bar("B", 2)))]
    ['A', 'B', '(blank)', 'C']
    """
    return tuple(sorted(bars, key=_order))


def _order(bar: Bar) -> int:
    if _is_drawn(bar):
        return 0
    return 3 if bar.withheld else 2 if bar.value is None else 1


def _is_drawn(bar: Bar) -> bool:
    return bar.value is not None and not bar.withheld and bar.label != BLANK


def _field(chart: BarChart, bars: tuple[Bar, ...], size: Size) -> _Field:
    ends = goal_ends(chart.goal)
    drawn = [bar.value for bar in bars if bar.value is not None and _is_drawn(bar)]
    low, high = min([0.0, *drawn, *ends]), max([0.0, *drawn, *ends])
    names = 0.0 if size.narrow else max(text_width(_name(chart, bar), size.font) for bar in bars) + 12
    left = min(names, size.width * _LONGEST_NAME)
    right = size.width - max(text_width(_said(chart, bar), size.font, bold=True) for bar in bars) - 14
    top = size.font * 1.7 if ends else 2
    row = size.font * (3.0 if size.narrow else 1.9)
    return _Field(left, max(right, left + 40), top, row, low, high if high > low else low + 1)


def _box(bar: Bar, index: int, size: Size, field: _Field) -> str:
    """Return the bar itself, from zero; a value of zero has none."""
    value = bar.value or 0.0
    ends = field.across(min(value, 0)), field.across(max(value, 0))
    width = max(ends[1] - ends[0], 1) if value else 0
    height, y = size.font * _THICK, _top(index, size, field)
    return element("rect", x=ends[0], y=y, width=width, height=height, class_="chart-bar", fill="currentColor")


def _words(chart: BarChart, bar: Bar, index: int, size: Size, field: _Field) -> list[str]:
    """Return a member's name and its value, or why it has none."""
    font, y = size.font, _top(index, size, field) + size.font * (_THICK / 2 + 0.35)
    name = truncate(_name(chart, bar), font, size.width if size.narrow else field.left - 10)
    if size.narrow:
        named = text(name, 0, field.top + index * field.row + font * 1.05, "chart-name", font)
    else:
        named = text(name, field.left - 10, y, "chart-name", font, "end")
    if bar.value is None or not _is_drawn(bar):
        return [named, text(_said(chart, bar), field.across(0) + 8, y, "chart-soft", font)]
    return [named, text(_said(chart, bar), size.width - 2, y, "chart-value", font, "end")]


def _top(index: int, size: Size, field: _Field) -> float:
    """Return where the bar begins, below its name in a narrow chart."""
    spare = field.row - size.font * _THICK
    return field.top + index * field.row + (spare - size.font * 0.2 if size.narrow else spare / 2)


def _name(chart: BarChart, bar: Bar) -> str:
    return phrase("chart.blank", chart.numbers.lang) if bar.label == BLANK else bar.label


def _said(chart: BarChart, bar: Bar) -> str:
    if bar.withheld:
        return phrase("chart.withheld", chart.numbers.lang)
    return phrase("chart.no_value", chart.numbers.lang) if bar.value is None else chart.numbers.text(bar.value)


def _goal(chart: BarChart, size: Size, field: _Field, height: float) -> list[str]:
    """Return the goal across the bars, and its label above them."""
    if chart.goal is None:
        return []
    places = [field.across(end) for end in goal_ends(chart.goal)]
    words = chart.numbers.goal(chart.goal)
    half = text_width(words, size.font, bold=True) / 2
    middle = min(max(sum(places) / len(places), half), size.width - half)
    lines = [polyline([(x, field.top), (x, height)], "chart-goal", 1.6, "6 5") for x in places]
    return [*lines, text(words, middle, size.font * 1.1, "chart-goal-label", size.font, "middle")]
