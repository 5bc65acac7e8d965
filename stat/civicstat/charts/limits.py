"""What a process behaviour chart adds to a line: mean and limits of each stretch, where one begins, and signals."""

from __future__ import annotations

from collections.abc import Iterator

from civicstat.charts.data import LineChart, Size, Stretch
from civicstat.charts.picture import Dot, Line, Mark, Plot

__all__ = ["limit_lines", "limits_of", "signal_dots"]

_DASHES = {False: (8, 4), True: (2, 5)}  # settled limits, and those that still move
_REACH = 0.4  # a stretch goes on a little beyond its points, and does not touch the next


def limits_of(chart: LineChart) -> list[float]:
    """Return every mean and limit that is drawn: the scale holds them."""
    ends = ((item.mean, item.lower, item.upper) for item in chart.stretches)
    return [value for values in ends for value in values if value is not None]


def limit_lines(chart: LineChart, field: Plot) -> list[Mark]:
    """Return mean and limits of each stretch, and an upright line where one begins anew."""
    drawn: list[Mark] = [mark for item in chart.stretches for mark in _stretch(item, field)]
    begins = dict.fromkeys((*(item.first for item in chart.stretches[1:]), *chart.breaks))
    starts = [at - 0.5 for at in begins if at]
    return [*drawn, *(Line(((at, field.y[1]), (at, field.y[0])), "chart-step", 1, (1, 3)) for at in starts)]


def _stretch(item: Stretch, field: Plot) -> Iterator[Line]:
    first, last = max(item.first - _REACH, field.x[0]), min(item.last + _REACH, field.x[1])
    yield Line(((first, item.mean), (last, item.mean)), "chart-centre", 1)
    for limit in (item.lower, item.upper):
        if limit is not None:
            yield Line(((first, limit), (last, limit)), "chart-limit", 1.4, _DASHES[item.trial])


def signal_dots(chart: LineChart, size: Size, field: Plot) -> list[Mark]:
    """Return the points that are a signal, each kind in a shape of its own; smaller where points stand close."""
    apart = (field.right - field.left) / len(chart.points)
    radius = min(size.font / 3.2, max(size.font / 5.4, apart * 0.6))
    return [
        Dot((at, point.value), f"chart-{point.signal}", radius)
        for at, point in enumerate(chart.points)
        if point.signal is not None and point.value is not None
    ]
