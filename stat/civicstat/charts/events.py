"""What happened meanwhile: an upright line where it began, a band as long as it went on, and a letter above."""

from __future__ import annotations

from civicstat.charts.data import LineChart, Size
from civicstat.charts.picture import Box, Line, Mark, Plot, Words
from civicstat.charts.scale import spread
from civicstat.charts.svg import text_width

__all__ = ["event_bands", "event_letters"]


def event_bands(chart: LineChart, field: Plot) -> list[Mark]:
    """Return the bands, which lie below everything else, and the lines."""
    bands: list[Mark] = [
        Box((item.first, field.y[1]), (item.last, field.y[0]), "chart-event-band")
        for item in chart.events
        if item.last > item.first
    ]
    starts = dict.fromkeys(item.first for item in chart.events)
    return [*bands, *(Line(((at, field.y[1]), (at, field.y[0])), "chart-event", 1.2, (3, 3)) for at in starts)]


def event_letters(chart: LineChart, size: Size, field: Plot) -> list[Mark]:
    """Return the letters above the plot, moved apart where they would touch."""
    signs: dict[int, list[str]] = {}
    for item in chart.events:
        signs.setdefault(item.first, []).append(item.sign)
    texts = [" ".join(found) for found in signs.values()]
    widths = [text_width(text, size.font, bold=True) + size.font * 0.4 for text in texts]
    places = spread([field.across(at) for at in signs], widths, field.left - size.font, size.width)
    y = field.top - size.font * 0.2
    return [
        Words(text, x, y, "chart-event-label", "middle", at) for at, text, x in zip(signs, texts, places, strict=True)
    ]
