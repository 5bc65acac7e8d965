"""A picture as a Plotly figure in plain JSON: the same marks at the same places, so that one may lie over the other.

Colours are the names of custom properties (``--c-blue``): the page that shows the figure puts in the ones it has, light
or dark or the reader's own, and its font. Lengths are in the units of the picture, which a wider page makes larger.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any

from civicstat.charts.look import BOLD, FILLS, STROKES, SYMBOLS, TEXT, WORDS
from civicstat.charts.picture import Box, Dot, Line, Mark, Picture, Words

__all__ = ["figure_of"]

_OVERLAP = 6.0  # the plot is that much wider on each side, so that no line is cut off at its edge
_SERIES = frozenset({"chart-line", "chart-open", "chart-compare"})
_CLEAR = "rgba(0,0,0,0)"


def figure_of(picture: Picture) -> dict[str, Any]:
    """Return the figure: series as traces, grid, goal and bands as shapes, words as annotations."""
    bars = [mark for mark in picture.marks if isinstance(mark, Box) and mark.class_ == "chart-bar"]
    traces = [_line(mark) for mark in picture.marks if isinstance(mark, Line) and mark.class_ in _SERIES]
    return {
        "data": [*([_bars(bars)] if bars else []), *traces, *_dots(picture.marks)],
        "layout": _layout(picture),
    }


def _layout(picture: Picture) -> dict[str, Any]:
    size, plot = picture.size, picture.plot
    sides = (plot.left, size.width - plot.right, plot.top, picture.height - plot.bottom)
    left, right, top, bottom = (min(_OVERLAP, side) for side in sides)
    margin = dict(zip("lrtb", (_short(side - min(_OVERLAP, side)) for side in sides), strict=True))
    x = _range(plot.x, (left, right), plot.right - plot.left)
    still = {"visible": False, "fixedrange": True}
    near = {"minallowed": x[0], "maxallowed": x[1], "fixedrange": False} if picture.labels else {}
    corner = plot.left - left, plot.top - top
    return {
        "width": size.width,
        "height": _short(picture.height),
        "margin": {**margin, "pad": 0},
        "paper_bgcolor": _CLEAR,
        "plot_bgcolor": _CLEAR,
        "font": {"size": size.font, "color": TEXT},
        "showlegend": False,
        "hovermode": False,
        "dragmode": "zoom" if picture.labels else False,
        "xaxis": {**still, "range": x, **near},
        "yaxis": {**still, "range": _range(plot.y, (bottom, top), plot.bottom - plot.top)},
        "shapes": [shape for mark in picture.marks for shape in _shape(mark)],
        "annotations": [_words(mark, picture, corner) for mark in picture.marks if isinstance(mark, Words)],
        "template": {"layout": {"annotationdefaults": {"showarrow": False, "borderpad": 0, "borderwidth": 0}}},
    }


def _range(ends: tuple[float, float], more: tuple[float, float], length: float) -> list[float]:
    """Return the values at the edges of a plot that is longer by ``more`` at its ends."""
    step = (ends[1] - ends[0]) / length
    return [ends[0] - more[0] * step, ends[1] + more[1] * step]


def _line(mark: Line) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", **_places(mark.places), "line": _stroke(mark)}


def _stroke(mark: Line) -> dict[str, Any]:
    dash = {"dash": ",".join(f"{length}px" for length in mark.dashes)} if mark.dashes else {}
    return {"color": STROKES[mark.class_], "width": _short(mark.width), **dash}


def _dots(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Return one trace for each look of dots."""
    looks: dict[tuple[str, float, float], list[Dot]] = {}
    for mark in marks:
        if isinstance(mark, Dot):
            looks.setdefault((mark.class_, mark.radius, mark.edge), []).append(mark)
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "cliponaxis": False,
            **_places([dot.place for dot in dots]),
            "marker": {
                "color": FILLS.get(class_, _CLEAR),
                "opacity": 1,
                "size": _short(radius * 2),
                **({"symbol": SYMBOLS[class_]} if class_ in SYMBOLS else {}),
                "line": {"color": STROKES.get(class_, _CLEAR), "width": _short(edge)},
            },
        }
        for (class_, radius, edge), dots in looks.items()
    ]


def _bars(boxes: Sequence[Box]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": [_middle(box) for box in boxes],
        "x": [box.other[0] for box in boxes],
        "width": [_short(box.other[1] - box.one[1], 4) for box in boxes],
        "marker": {"color": FILLS["chart-bar"], "line": {"width": 0}},
    }


def _middle(box: Box) -> float:
    return _short((box.one[1] + box.other[1]) / 2, 4)


def _places(places: Sequence[tuple[float, float]]) -> dict[str, list[float]]:
    return {"x": [x for x, _ in places], "y": [y for _, y in places]}


def _shape(mark: Mark) -> list[dict[str, Any]]:
    """Return a line of the grid or of a goal, or a band; goals lie over the bars and under the lines."""
    if isinstance(mark, Line) and mark.class_ not in _SERIES:
        look = {"layer": "below" if mark.class_ == "chart-grid" else "between", "line": _stroke(mark)}
        return [_corners("line", *one, *other) | look for one, other in pairwise(mark.places)]
    if isinstance(mark, Box) and mark.class_ != "chart-bar":
        band = {"layer": "below", "fillcolor": FILLS[mark.class_], "line": {"width": 0}}
        return [_corners("rect", *mark.one, *mark.other) | band]
    return []


def _corners(kind: str, x0: float, y0: float, x1: float, y1: float) -> dict[str, Any]:
    return {"type": kind, "x0": x0, "y0": y0, "x1": x1, "y1": y1}


def _words(mark: Words, picture: Picture, corner: tuple[float, float]) -> dict[str, Any]:
    """Return words where the picture has them; those of a period move with it."""
    plot = picture.plot
    side = {"start": "left", "middle": "center", "end": "right"}[mark.anchor]
    across: dict[str, Any] = {"xref": "paper", "x": 0, "xshift": _short(mark.x - corner[0])}
    if mark.at is not None:
        across = {"xref": "x", "x": mark.at, "xshift": _short(mark.x - plot.across(mark.at))}
        across["name"] = "period" if mark.class_ == "chart-tick" else "value"
    middle = mark.y - picture.size.font * 0.35
    down = {"yref": "paper", "y": 1, "yshift": _short(corner[1] - middle), "yanchor": "middle"}
    font = {"color": WORDS.get(mark.class_, TEXT), **({"weight": "bold"} if mark.class_ in BOLD else {})}
    return {"text": escape(mark.text, quote=False), "xanchor": side, **across, **down, "font": font}


def _short(value: float, digits: int = 1) -> float:
    return round(value, digits)
