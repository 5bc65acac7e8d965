"""A picture as SVG: for a page, whose style sheet gives each class its colour, or with colours of its own."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from civicstat.charts.look import BOLD, FILLS, STROKES, SYMBOLS, TEXT, WORDS
from civicstat.charts.picture import Box, Dot, Line, Mark, Picture, Plot, Words
from civicstat.charts.svg import element, polyline, short, symbol, text

__all__ = ["marks_of", "svg_of"]

Colours = Mapping[str, str]
Attributes = dict[str, str | float]

_HALO = 4
_TALL = 0.55
"""Height to width from which a chart, pressed into the height of a screen, would be too small to read."""


def svg_of(picture: Picture | None) -> str:
    """Return a picture with its name and description for those who do not see it, "" for none."""
    if picture is None:
        return ""
    named = element("title", escape(picture.title)) + element("desc", escape(picture.description))
    box = f"0 0 {short(picture.size.width)} {short(picture.height)}"
    class_ = f"chart-svg {picture.size.name}"
    if picture.height > _TALL * picture.size.width:
        class_ += " tall"
    return element("svg", named + marks_of(picture), class_=class_, view_box=box, role="img", focusable="false")


def marks_of(picture: Picture, colours: Colours | None = None) -> str:
    """Return the marks in order; without ``colours`` a style sheet gives them theirs, by class."""
    return "".join(_mark(mark, picture.plot, picture.size.font, colours) for mark in picture.marks)


def _mark(mark: Mark, plot: Plot, font: float, colours: Colours | None) -> str:
    match mark:
        case Line(places, class_, width, dashes):
            where = [(plot.across(x), plot.down(y)) for x, y in places]
            stroke = colours[STROKES[class_]] if colours else None
            return polyline(where, class_, width, dashes and "{} {}".format(*dashes), stroke)
        case Dot((x, y), class_, radius, edge):
            inside = "#fff" if class_ in FILLS else "none"
            plain = {"fill": inside, "stroke": "currentColor"} if edge else {"fill": "currentColor"}
            line = {"stroke_width": edge} if edge else {}
            look = plain | _painted(class_, colours)
            if class_ in SYMBOLS:
                return symbol(SYMBOLS[class_], plot.across(x), plot.down(y), radius, class_, **look)
            return element("circle", cx=plot.across(x), cy=plot.down(y), r=radius, **line, class_=class_, **look)
        case Box((x0, y0), (x1, y1), class_):
            left, right = sorted((plot.across(x0), plot.across(x1)))
            top, bottom = sorted((plot.down(y0), plot.down(y1)))
            sides = {"x": left, "y": top, "width": max(right - left, 1) if x0 != x1 else 0, "height": bottom - top}
            plain = {"fill": "currentColor" if class_ == "chart-bar" else "none"}
            return element("rect", **sides, class_=class_, **plain | _painted(class_, colours))
        case Words(words, x, y, class_, anchor):
            return text(words, x, y, class_, font, anchor, **_inked(class_, colours))


def _painted(class_: str, colours: Colours | None) -> Attributes:
    """Return the attributes that stand for a style sheet's rules of a dot or a box."""
    if colours is None:
        return {}
    drawn = {"fill": FILLS, "stroke": STROKES}
    return {name: colours[known[class_]] for name, known in drawn.items() if class_ in known}


def _inked(class_: str, colours: Colours | None) -> Attributes:
    """Return those of words: they keep a little clear of what they lie on."""
    if colours is None:
        return {}
    halo: Attributes = {"stroke": colours["--c-page"], "stroke_width": _HALO, "stroke_linejoin": "round"}
    weight: Attributes = {"font_weight": "bold"} if class_ in BOLD else {}
    return {"fill": colours[WORDS.get(class_, TEXT)], **halo, "paint_order": "stroke", **weight}
