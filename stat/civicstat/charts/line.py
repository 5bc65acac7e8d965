"""A measure over time as SVG: few grid lines, direct labels, the goal dashed, the running period hollow.

Classes: ``chart-svg`` with ``wide``, ``narrow`` or ``room``; lines ``chart-grid chart-base chart-line chart-open
chart-compare chart-goal chart-mark``; ``chart-goal-band``; points ``chart-dot chart-hollow chart-ring``; text
``chart-tick chart-goal-label chart-value chart-soft chart-compare-label``.
"""

from __future__ import annotations

from civicstat.charts.beside import beside
from civicstat.charts.data import WIDE, LineChart, Size, goal_ends
from civicstat.charts.field import Field, field_of, heading, scale_of, tick_text
from civicstat.charts.path import Place, hollow_points, open_path, runs
from civicstat.charts.scale import spread
from civicstat.charts.svg import drawing, element, polyline, text, text_width
from civicstat.words import capital, phrase

__all__ = ["describe_line", "line_chart"]

_STEPS = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240)
_MARKED = 13  # so many points at most are each drawn


def line_chart(chart: LineChart, size: Size = WIDE) -> str:
    """Return the chart drawn for ``size``; a page draws it in several and its stylesheet shows one.

    Without a single value it is the empty string: the page then says so in words.
    """
    if not any(point.value is not None for point in chart.points):
        return ""
    field = field_of(chart, size)
    parts = [
        *_grid(chart, size, field),
        *_goal(chart, field),
        *_mark(chart, size, field),
        *_series(chart, size, field),
        *_periods(chart, size, field),
        *_labels(chart, size, field),
        *_value(chart, size, field),
    ]
    return drawing(parts, chart.title, describe_line(chart), size.name, size.width, size.height)


def describe_line(chart: LineChart) -> str:
    """Return what the chart is, in words: its kind, the periods it spans, the finding, and a cut scale."""
    lang, scale = chart.numbers.lang, scale_of(chart)
    first, last = (point.name or point.label for point in (chart.points[0], chart.points[-1]))
    said = [phrase("chart.line", lang), capital(phrase("chart.span", lang, first=first, last=last)), chart.summary]
    if scale.cut:
        said.append(phrase("chart.cut_scale", lang, value=tick_text(chart, scale.low, scale)))
    return " ".join(part for part in said if part)


def _grid(chart: LineChart, size: Size, field: Field) -> list[str]:
    drawn = []
    for tick in field.scale.ticks:
        y = field.down(tick)
        drawn.append(polyline([(field.left, y), (field.right, y)], "chart-grid" if tick else "chart-base", 1))
        words = tick_text(chart, tick, field.scale)
        drawn.append(text(words, field.left - 8, y + size.font * 0.35, "chart-tick", size.font, "end"))
    said = heading(chart)
    return [*drawn, text(said, 0, size.font, "chart-tick", size.font)] if said else drawn


def _goal(chart: LineChart, field: Field) -> list[str]:
    heights = [field.down(end) for end in goal_ends(chart.goal)]
    lines = [polyline([(field.left, y), (field.right, y)], "chart-goal", 1.6, "6 5") for y in heights]
    if len(heights) < 2:
        return lines
    box = {
        "x": field.left,
        "width": field.right - field.left,
        "y": min(heights),
        "height": abs(heights[0] - heights[1]),
    }
    return [element("rect", class_="chart-goal-band", fill="none", **box), *lines]


def _series(chart: LineChart, size: Size, field: Field) -> list[str]:
    thick = size.font / 5.4
    compared = runs(chart.compare, field.across, field.down)
    drawn = [polyline(run, "chart-compare", thick * 0.7, "2 4") for run in compared if len(run) > 1]
    finals = runs(chart.points, field.across, field.down)
    drawn += [polyline(run, "chart-line", thick) for run in finals if len(run) > 1]
    waiting = open_path(chart.points, field.across, field.down)
    drawn += [polyline(waiting, "chart-open", thick * 0.6, "1 4")] if len(waiting) > 1 else []
    marked = [place for run in finals if len(run) == 1 or len(chart.points) <= _MARKED for place in run]
    drawn += [_dot(place, thick * 1.2) for place in marked]
    drawn += [_dot(finals[-1][-1], thick * 1.9)] if finals else []
    for x, y in hollow_points(chart.points, field.across, field.down):
        look = {"class_": "chart-hollow", "fill": "#fff", "stroke": "currentColor"}
        drawn.append(element("circle", cx=x, cy=y, r=thick * 1.9, stroke_width=thick * 0.75, **look))
    return drawn


def _dot(place: Place, radius: float) -> str:
    return element("circle", cx=place[0], cy=place[1], r=radius, class_="chart-dot", fill="currentColor")


def _periods(chart: LineChart, size: Size, field: Field) -> list[str]:
    """Return the labels of the time axis: the last complete period and as many before it, evenly, as have room."""
    points, font = chart.points, size.font
    last = max((at for at, point in enumerate(points) if point.state == "final"), default=len(points) - 1)
    widest = max(text_width(point.label, font) for point in points) + font
    room = max(1, int((field.right - field.left) // widest))
    step = next((step for step in _STEPS if len(points) <= step * room), len(points))
    drawn = []
    for index in range(last, -1, -step):
        half = text_width(points[index].label, font) / 2
        x = min(max(field.across(index), half), size.width - half)
        drawn.append(text(points[index].label, x, size.height - font * 0.5, "chart-tick", font, "middle"))
    return drawn


def _labels(chart: LineChart, size: Size, field: Field) -> list[str]:
    """Return the words beside the plot, moved apart where they would touch."""
    labels, line = beside(chart, size), size.font * 1.2
    heights = [line * len(label.lines) for label in labels]
    middles = spread([field.down(label.value) for label in labels], heights, 0, field.bottom + line / 2)
    return [
        text(words, field.right + 10, middle - height / 2 + line * (at + 0.8), label.class_, size.font)
        for label, height, middle in zip(labels, heights, middles, strict=True)
        for at, words in enumerate(label.lines)
    ]


def _mark(chart: LineChart, size: Size, field: Field) -> list[str]:
    """Return the line and the ring that say which point was asked for; the newest complete one needs none."""
    value = None if chart.mark is None else chart.points[chart.mark].value
    if chart.mark is None or value is None or chart.mark == _last_final(chart):
        return []
    x, y = field.across(chart.mark), field.down(value)
    look = {"class_": "chart-ring", "fill": "none", "stroke": "currentColor"}
    ring = element("circle", cx=x, cy=y, r=size.font / 2.2, stroke_width=size.font / 7, **look)
    return [polyline([(x, field.top), (x, field.bottom)], "chart-mark", 1), ring]


def _last_final(chart: LineChart) -> int | None:
    return max((at for at, point in enumerate(chart.points) if point.state == "final"), default=None)


def _value(chart: LineChart, size: Size, field: Field) -> list[str]:
    """Return the value asked for above or below its point; without one the last complete, if hollow points follow."""
    last = _last_final(chart) if chart.mark is None else chart.mark
    value = None if last is None else chart.points[last].value
    if last is None or value is None or last == len(chart.points) - 1:
        return []
    words, font, y = chart.numbers.text(value), size.font, field.down(value)
    half = text_width(words, font, bold=True) / 2
    x = min(max(field.across(last), field.left + half), field.right - font * 0.6 - half)
    middles = [y - font * step for step in (0.95, 1.7, 2.4)] + [y + font * step for step in (1.1, 1.8, 2.5)]
    span = x - half, x + half
    free = min(middles, key=lambda middle: _crowding(chart, field, middle, y, span, font) + abs(middle - y) / 99)
    return [text(words, x, free + font * 0.35, "chart-value", font, "middle")]


def _crowding(
    chart: LineChart, field: Field, middle: float, point_at: float, span: tuple[float, float], font: float
) -> float:
    """Return how much lies under words at height ``middle`` inside ``span``, for a point at height ``point_at``."""
    goals = [field.down(end) for end in goal_ends(chart.goal)]
    crowd = sum(3.0 for goal in goals if abs(goal - middle) < font * 0.55)
    crowd += sum(4.0 for goal in goals if min(middle, point_at) < goal < max(middle, point_at))  # on its own side
    crowd += 5.0 if not field.top - font * 0.6 < middle < field.bottom - font * 0.5 else 0.0
    for index, point in enumerate((*chart.points, *chart.compare)):
        if point.value is not None and span[0] - 6 < field.across(index % field.count) < span[1] + 6:
            near = max(0.0, 1 - abs(field.down(point.value) - middle) / (font * 1.2))
            crowd += near if point.state == "final" else 3 * near
    return crowd
