"""Where the points of a series stand: unbroken runs of final values, and hollow points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from civicstat.charts.data import Point

__all__ = ["Place", "hollow_points", "open_path", "runs"]

Place = tuple[float, float]


def runs(points: Sequence[Point], across: Callable[[int], float], down: Callable[[float], float]) -> list[list[Place]]:
    """Return the final values as runs without a break: a gap, a missing value or a hollow point ends a run."""
    found: list[list[Place]] = []
    unbroken = False
    for index, point in enumerate(points):
        if point.state == "final" and point.value is not None:
            if not unbroken:
                found.append([])
            found[-1].append((across(index), down(point.value)))
            unbroken = True
        else:
            unbroken = False
    return found


def hollow_points(
    points: Sequence[Point], across: Callable[[int], float], down: Callable[[float], float]
) -> list[Place]:
    """Return the places of provisional and partial values."""
    return [
        (across(index), down(point.value))
        for index, point in enumerate(points)
        if point.state in ("provisional", "partial") and point.value is not None
    ]


def open_path(points: Sequence[Point], across: Callable[[int], float], down: Callable[[float], float]) -> list[Place]:
    """Return the path from the last final value over the provisional ones after it, empty where there are none."""
    end = len(points)
    while end and (points[end - 1].state == "partial" or points[end - 1].value is None):
        end -= 1
    begin = end
    while begin and points[begin - 1].state == "provisional" and points[begin - 1].value is not None:
        begin -= 1
    if begin == end:
        return []
    if begin and points[begin - 1].state == "final" and points[begin - 1].value is not None:
        begin -= 1
    return [
        (across(index), down(point.value))
        for index, point in enumerate(points[begin:end], start=begin)
        if point.value is not None
    ]
