"""A small line beside a value: the way it went, with the goal.

Classes: ``spark``, and inside it those of the line chart.
"""

from __future__ import annotations

from collections.abc import Sequence

from civicstat.charts.data import Point, Target, goal_ends, goal_paths
from civicstat.charts.path import hollow_points, open_path, runs
from civicstat.charts.svg import element, polyline

__all__ = ["sparkline"]

_WIDTH, _HEIGHT = 400.0, 48.0


def sparkline(
    points: Sequence[Point],
    goal: Target | None = None,
    ends: tuple[float, float] | None = None,
    height: float = _HEIGHT,
    goal_from: int = 0,
    moving: Sequence[Target | None] = (),
) -> str:
    """Return the line, hidden from screen readers: the value and its change stand beside it in words.

    ``ends`` is the scale where several lines share one; ``goal_from`` the index of the first point at which the goal
    stood, and ``moving`` is the goal at each point where it is another from one to the next. With nothing to draw it
    is the empty string.
    """
    values = [point.value for point in points if point.value is not None and point.state != "gap"]
    if not values:
        return ""
    goals = [end for item in (moving or (goal,)) for end in goal_ends(item)]
    low, high = ends or (min(values + goals), max(values + goals))
    slack = (high - low) or abs(high) or 1.0
    low, high = (low, high) if high > low else (low - slack / 2, high + slack / 2)

    def across(index: float) -> float:
        return _WIDTH - 5 - (len(points) - 1 - index) * (_WIDTH - 10) / max(len(points) - 1, 1)

    def down(value: float) -> float:
        return height - 7 - (value - low) / (high - low) * (height - 14)

    begun = across(goal_from) - (across(1) - across(0)) / 2 if goal_from else 0.0
    if moving:
        paths = [[(across(x), down(y)) for x, y in path] for path in goal_paths(moving)]
        drawn = [polyline(path, "chart-goal", 1.2, "5 4") for path in paths]
    else:
        drawn = [_goal_line(begun, down(value)) for value in goals]
    finals = runs(points, across, down)
    drawn += [polyline(run, "chart-line", 2) for run in finals if len(run) > 1]
    waiting = open_path(points, across, down)
    drawn += [polyline(waiting, "chart-open", 1.2, "1 4")] if len(waiting) > 1 else []
    drawn += [_dot(*run[0], 2.5) for run in finals[:-1] if len(run) == 1]
    if finals:
        drawn.append(_dot(*finals[-1][-1], 4))
    drawn += [
        element("circle", cx=x, cy=y, r=4, class_="chart-hollow", fill="#fff", stroke="currentColor", stroke_width=1.6)
        for x, y in hollow_points(points, across, down)
    ]
    box = f"0 0 {_WIDTH:.0f} {height:.0f}"
    return element("svg", "".join(drawn), class_="spark", view_box=box, aria_hidden="true", focusable="false")


def _goal_line(x: float, y: float) -> str:
    return polyline([(x, y), (_WIDTH, y)], "chart-goal", 1.2, "5 4")


def _dot(x: float, y: float, radius: float) -> str:
    return element("circle", cx=x, cy=y, r=radius, class_="chart-dot", fill="currentColor")
