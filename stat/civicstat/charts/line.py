"""A measure over time: few grid lines, direct labels, the goal dashed, the running period hollow.

Classes: ``chart-svg`` with ``wide``, ``narrow`` or ``room``; lines ``chart-grid chart-base chart-line chart-open
chart-compare chart-goal chart-mark chart-centre chart-limit chart-step chart-event``; ``chart-goal-band
chart-event-band``; points ``chart-dot chart-hollow chart-ring chart-improvement chart-concern chart-change``; text
``chart-tick chart-goal-label chart-value chart-soft chart-compare-label chart-limit-label chart-event-label``.
"""

from __future__ import annotations

from civicstat.charts.beside import beside
from civicstat.charts.data import WIDE, LineChart, Size, goal_ends, goal_paths
from civicstat.charts.events import event_bands, event_letters
from civicstat.charts.field import field_of, heading, scale_of, tick_text
from civicstat.charts.ink import svg_of
from civicstat.charts.limits import limit_lines, limits_of, signal_dots
from civicstat.charts.path import hollow_points, open_path, runs
from civicstat.charts.picture import Box, Dot, Line, Mark, Picture, Plot, Words
from civicstat.charts.scale import spread
from civicstat.charts.spots import line_spots
from civicstat.charts.svg import text_width
from civicstat.words import capital, phrase

__all__ = ["describe_line", "draw_line", "line_chart"]

_STEPS = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240)
_MARKED = 13  # so many points at most are each drawn


def line_chart(chart: LineChart, size: Size = WIDE) -> str:
    """Return the chart as SVG for ``size``; a page draws it in several and its stylesheet shows one.

    Without a single value it is the empty string: the page then says so in words.
    """
    return svg_of(draw_line(chart, size))


def draw_line(chart: LineChart, size: Size = WIDE) -> Picture | None:
    """Return the chart drawn for ``size``; None without a single value."""
    if not any(point.value is not None for point in chart.points):
        return None
    field = field_of(chart, size)
    marks = (
        *event_bands(chart, field),
        *_grid(chart, size, field),
        *limit_lines(chart, field),
        *_goal(chart, field),
        *_mark(chart, size, field),
        *_series(chart, size),
        *signal_dots(chart, size, field),
        *_periods(chart, size, field),
        *event_letters(chart, size, field),
        *_labels(chart, size, field),
        *_value(chart, size, field),
    )
    labels = tuple(point.label for point in chart.points) if len(chart.points) > _MARKED else ()
    return Picture(chart.title, describe_line(chart), size, size.height, field, marks, line_spots(chart), labels)


def describe_line(chart: LineChart) -> str:
    """Return what the chart is, in words: its kind, the periods it spans, the finding, and a cut scale."""
    lang, scale = chart.numbers.lang, scale_of(chart)
    first, last = (point.name or point.label for point in (chart.points[0], chart.points[-1]))
    said = [phrase("chart.line", lang), capital(phrase("chart.span", lang, first=first, last=last)), chart.summary]
    if scale.cut:
        said.append(phrase("chart.cut_scale", lang, value=tick_text(chart, scale.low, scale)))
    return " ".join(part for part in said if part)


def _grid(chart: LineChart, size: Size, field: Plot) -> list[Mark]:
    scale = scale_of(chart)
    drawn: list[Mark] = []
    for tick in scale.ticks:
        drawn.append(_across(field, tick, "chart-grid" if tick else "chart-base", 1))
        y = field.down(tick) + size.font * 0.35
        drawn.append(Words(tick_text(chart, tick, scale), field.left - 8, y, "chart-tick", "end"))
    said = heading(chart)
    return [*drawn, Words(said, 0, size.font, "chart-tick")] if said else drawn


def _goal(chart: LineChart, field: Plot) -> list[Mark]:
    """Return the goal from the first period in which it stood, one that moves as it moved."""
    if chart.goals:
        left, right = field.x
        return [
            Line(tuple((min(max(x, left), right), y) for x, y in path), "chart-goal", 1.6, (6, 5))
            for path in goal_paths(chart.goals, slopes=chart.slopes)
            if len(path) > 1
        ]
    ends = goal_ends(chart.goal)
    first = chart.goal_from - 0.5 if chart.goal_from else field.x[0]
    lines: list[Mark] = [Line(((first, end), (field.x[1], end)), "chart-goal", 1.6, (6, 5)) for end in ends]
    if len(ends) < 2:
        return lines
    return [Box((first, max(ends)), (field.x[1], min(ends)), "chart-goal-band"), *lines]


def _across(field: Plot, value: float, class_: str, width: float) -> Line:
    return Line(((field.x[0], value), (field.x[1], value)), class_, width)


def _series(chart: LineChart, size: Size) -> list[Mark]:
    thick = size.font / 5.4
    compared, finals = runs(chart.compare, float, float), runs(chart.points, float, float)
    marks: list[Mark] = [Line(tuple(run), "chart-compare", thick * 0.7, (2, 4)) for run in compared if len(run) > 1]
    marks += [Line(tuple(run), "chart-line", thick) for run in finals if len(run) > 1]
    waiting = open_path(chart.points, float, float)
    marks += [Line(tuple(waiting), "chart-open", thick * 0.6, (1, 4))] if len(waiting) > 1 else []
    marked = [place for run in finals if len(run) == 1 or len(chart.points) <= _MARKED for place in run]
    marks += [Dot(place, "chart-dot", thick * 1.2) for place in marked]
    marks += [Dot(finals[-1][-1], "chart-dot", thick * 1.9)] if finals else []
    hollow = hollow_points(chart.points, float, float)
    return [*marks, *(Dot(place, "chart-hollow", thick * 1.9, thick * 0.75) for place in hollow)]


def _periods(chart: LineChart, size: Size, field: Plot) -> list[Mark]:
    """Return the labels of the time axis: the last complete period and as many before it, evenly, as have room.

    Behind it stands that of the running period, where it has room too.
    """
    points, font = chart.points, size.font
    last = max((at for at, point in enumerate(points) if point.state == "final"), default=len(points) - 1)
    widest = max(text_width(point.label, font) for point in points) + font
    room = max(1, int((field.right - field.left) // widest))
    step = next((step for step in _STEPS if len(points) <= step * room), len(points))
    drawn: list[Mark] = []
    indices = list(range(last, -1, -step))
    end = len(points) - 1
    if field.across(end) - field.across(last) >= widest:
        indices.append(end)  # the one that runs
    for index in indices:
        half = text_width(points[index].label, font) / 2
        x = min(max(field.across(index), half), size.width - half)
        drawn.append(Words(points[index].label, x, size.height - font * 0.5, "chart-tick", "middle", index))
    return drawn


def _labels(chart: LineChart, size: Size, field: Plot) -> list[Mark]:
    """Return the words beside the plot, moved apart where they would touch; those of a series belong to its end."""
    labels, line = beside(chart, size), size.font * 1.2
    heights = [line * len(label.lines) for label in labels]
    middles = spread([field.down(label.value) for label in labels], heights, 0, field.bottom + line / 2)
    return [
        Words(words, field.right + 10, middle - height / 2 + line * (at + 0.8), label.class_, at=label.at)
        for label, height, middle in zip(labels, heights, middles, strict=True)
        for at, words in enumerate(label.lines)
    ]


def _mark(chart: LineChart, size: Size, field: Plot) -> list[Mark]:
    """Return the line and the ring that say which point was asked for; the newest complete one needs none."""
    value = None if chart.mark is None else chart.points[chart.mark].value
    if chart.mark is None or value is None or chart.mark == _last_final(chart):
        return []
    ring = Dot((chart.mark, value), "chart-ring", size.font / 2.2, size.font / 7)
    return [Line(((chart.mark, field.y[1]), (chart.mark, field.y[0])), "chart-mark", 1), ring]


def _last_final(chart: LineChart) -> int | None:
    return max((at for at, point in enumerate(chart.points) if point.state == "final"), default=None)


def _value(chart: LineChart, size: Size, field: Plot) -> list[Mark]:
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
    return [Words(words, x, free + font * 0.35, "chart-value", "middle", last)]


def _crowding(
    chart: LineChart, field: Plot, middle: float, point_at: float, span: tuple[float, float], font: float
) -> float:
    """Return how much lies under words at height ``middle`` inside ``span``, for a point at height ``point_at``."""
    goals = [field.down(end) for end in (*goal_ends(chart.goal), *limits_of(chart))]
    crowd = sum(3.0 for goal in goals if abs(goal - middle) < font * 0.55)
    crowd += sum(4.0 for goal in goals if min(middle, point_at) < goal < max(middle, point_at))  # on its own side
    crowd += 5.0 if not field.top - font * 0.6 < middle < field.bottom - font * 0.5 else 0.0
    for index, point in enumerate((*chart.points, *chart.compare)):
        if point.value is not None and span[0] - 6 < field.across(index % len(chart.points)) < span[1] + 6:
            near = max(0.0, 1 - abs(field.down(point.value) - middle) / (font * 1.2))
            crowd += near if point.state == "final" else 3 * near
    return crowd
