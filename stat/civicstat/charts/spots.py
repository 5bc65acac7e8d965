"""What is said of each point and each bar to a reader who points at it, by mouse, finger or arrow keys."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from civicstat.charts.data import BLANK, Bar, BarChart, LineChart, Point
from civicstat.charts.picture import Spot
from civicstat.words import capital, phrase

__all__ = ["bar_spots", "line_spots", "name_of", "said_of"]


def line_spots(chart: LineChart) -> tuple[Spot, ...]:
    """Return a spot for each period, those without a value too, from the first."""
    together = zip_longest(chart.points, chart.compare)
    return tuple(
        Spot(index, _height(point), (capital(point.name or point.label), _value(chart, point), *point.notes, *more))
        for index, (point, other) in enumerate(together)
        for more in [_compared(chart, other)]
    )


def bar_spots(chart: BarChart, bars: Sequence[Bar]) -> tuple[Spot, ...]:
    """Return a spot for each bar in the order drawn, where it ends, in the middle of its row."""
    return tuple(
        Spot(0.0 if bar.value is None or bar.withheld else bar.value, index + 0.5, _bar(chart, bar))
        for index, bar in enumerate(bars)
    )


def name_of(chart: BarChart, bar: Bar) -> str:
    """Return a member's name, or the word for a missing one."""
    return phrase("chart.blank", chart.numbers.lang) if bar.label == BLANK else bar.label


def said_of(chart: BarChart, bar: Bar) -> str:
    """Return a member's value, or why it has none."""
    if bar.withheld:
        return phrase("chart.withheld", chart.numbers.lang)
    return phrase("chart.no_value", chart.numbers.lang) if bar.value is None else chart.numbers.text(bar.value)


def _bar(chart: BarChart, bar: Bar) -> tuple[str, ...]:
    return name_of(chart, bar), said_of(chart, bar), *bar.notes


def _height(point: Point) -> float | None:
    return None if point.state == "gap" else point.value


def _value(chart: LineChart, point: Point) -> str:
    """Return a period's value, and why it is hollow if it is."""
    lang = chart.numbers.lang
    if _height(point) is None:
        return phrase("chart.no_value", lang)
    value = chart.numbers.text(point.value)
    if point.state == "final":
        return value
    open_word = phrase("chart.so_far" if point.state == "partial" else "chart.may_change", lang)
    return phrase("chart.open_value", lang, value=value, state=open_word)


def _compared(chart: LineChart, other: Point | None) -> tuple[str, ...]:
    if other is None or _height(other) is None:
        return ()
    value = chart.numbers.text(other.value)
    return (phrase("chart.compared", chart.numbers.lang, name=capital(chart.compare_label), value=value),)
