"""The field of a line chart: where its plot lies, and what its scale says."""

from __future__ import annotations

from civicstat.charts.beside import beside
from civicstat.charts.data import LineChart, Size, goal_ends
from civicstat.charts.limits import limits_of
from civicstat.charts.picture import Plot
from civicstat.charts.scale import Scale, decimals_of, value_scale
from civicstat.charts.svg import text_width
from civicstat.words import phrase

__all__ = ["field_of", "heading", "scale_of", "tick_text"]


def field_of(chart: LineChart, size: Size) -> Plot:
    """Return the plot that leaves room for the ticks at the left and the direct labels at the right.

    A single period stands at the right.
    """
    scale, font = scale_of(chart), size.font
    left = max(text_width(tick_text(chart, tick, scale), font) for tick in scale.ticks) + 10
    lines = [line for label in beside(chart, size) for line in label.lines]
    widest = max((text_width(line, font, bold=True) + 14 for line in lines), default=12.0)
    top = font * (2.2 if heading(chart) else 1.2)
    across = (0.0, len(chart.points) - 1.0) if len(chart.points) > 1 else (-1.0, 0.0)
    return Plot(left, size.width - widest, top, size.height - font * 2.1, across, (scale.low, scale.high))


def scale_of(chart: LineChart) -> Scale:
    """Return the scale that holds the values, the comparison, the goal and the limits."""
    shown = [point.value for point in (*chart.points, *chart.compare) if point.value is not None]
    most = 100.0 if chart.numbers.unit == "percent" else None
    whole = chart.numbers.decimals == 0
    goals = [end for goal in (chart.goal, *chart.goals) for end in goal_ends(goal)]
    return value_scale([*shown, *goals, *limits_of(chart)], zero=chart.zero, whole=whole, most=most)


def tick_text(chart: LineChart, tick: float, scale: Scale) -> str:
    """Return a tick as it is printed, with as many decimals as the ticks need."""
    return chart.numbers.short(tick, decimals_of(scale.ticks))


def heading(chart: LineChart) -> str:
    """Return what stands over the scale: the unit, and that the scale is cut."""
    scale, lang = scale_of(chart), chart.numbers.lang
    cut = phrase("chart.cut", lang, value=tick_text(chart, scale.low, scale)) if scale.cut else ""
    return " · ".join(part for part in (chart.numbers.unit_apart(), cut) if part)
