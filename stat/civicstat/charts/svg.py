"""SVG as text: elements with escaped content and no style attribute, so that a strict content policy holds."""

from __future__ import annotations

from html import escape

__all__ = ["element", "polyline", "short", "symbol", "text", "text_width", "truncate"]

_NARROW = frozenset("iIjJl.,:;'|!()[] ftr-·\N{NO-BREAK SPACE}")
_WIDE = frozenset("mwMW%@\N{HORIZONTAL ELLIPSIS}")


def element(name: str, content: str = "", /, **attributes: str | float | None) -> str:
    """Return one element; ``class_`` is ``class`` and ``text_anchor`` is ``text-anchor``; None leaves one out.

    >>> element("line", x1=0, x2=10.04, class_="chart-grid")
    '<line x1="0" x2="10" class="chart-grid"/>'
    """
    written = "".join(f" {_name(key)}={_quote(value)}" for key, value in attributes.items() if value is not None)
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text(words: str, x: float, y: float, class_: str, size: float, anchor: str = "start", **more: str | float) -> str:
    """Return words at a place, escaped."""
    return element("text", escape(words), x=x, y=y, class_=class_, font_size=size, text_anchor=anchor, **more)


def polyline(
    places: list[tuple[float, float]],
    class_: str,
    width: float,
    dashes: str | None = None,
    stroke: str | float | None = None,
) -> str:
    """Return a line through ``places``, in the current colour until a stylesheet gives it its own."""
    points = " ".join(f"{short(x)},{short(y)}" for x, y in places)
    return element(
        "polyline",
        points=points,
        class_=class_,
        fill="none",
        stroke=stroke or "currentColor",
        stroke_width=width,
        stroke_dasharray=dashes,
        stroke_linejoin="round",
    )


def symbol(name: str, x: float, y: float, radius: float, class_: str, **look: str | float) -> str:
    """Return a shape about its middle, in Plotly's word for it and about as large as Plotly draws it."""
    around = {
        "square": ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)),
        "diamond": ((0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)),
        "triangle-up": ((0.0, -1.1), (1.1, 0.8), (-1.1, 0.8)),
    }[name]
    corners = " ".join(f"{short(x + right * radius)},{short(y + down * radius)}" for right, down in around)
    return element("polygon", points=corners, class_=class_, **look)


def text_width(words: str, size: float, bold: bool = False) -> float:
    """Return about how wide ``words`` are in Public Sans, on the wide side."""
    ems = sum(_ems(char) for char in words)
    return ems * size * (1.04 if bold else 1)


def truncate(words: str, size: float, width: float) -> str:
    """Return as much of ``words`` as fits, with an ellipsis where something is cut."""
    if text_width(words, size) <= width:
        return words
    while words and text_width(words + "\N{HORIZONTAL ELLIPSIS}", size) > width:
        words = words[:-1]
    return words.rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _ems(char: str) -> float:
    """Return the width of a character in Public Sans with tabular figures, as measured, rounded up by class."""
    if char in _NARROW:
        return 0.34
    return 0.92 if char in _WIDE else 0.58 if char.islower() else 0.73 if char.isupper() else 0.7


def _name(key: str) -> str:
    return key.rstrip("_") if key in ("class_",) else "viewBox" if key == "view_box" else key.replace("_", "-")


def _quote(value: str | float) -> str:
    return f'"{escape(value) if isinstance(value, str) else short(value)}"'


def short(value: float) -> str:
    """Return a length with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
