"""A picture that stands alone, as a file: its own colours and font, its title above, and below where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from civicstat.charts.ink import marks_of
from civicstat.charts.look import TEXT
from civicstat.charts.palette import LIGHT
from civicstat.charts.picture import Picture
from civicstat.charts.svg import element, text_width

__all__ = ["svg_alone"]

_MARGIN = 24.0
_TITLE = 18.0
_SMALL = 12.0


def svg_alone(picture: Picture, titles: Sequence[str], notes: Sequence[str]) -> str:
    """Return the picture as a whole file on white: ``titles`` above it (the first is its name), ``notes`` below."""
    width, font = picture.size.width, picture.size.font
    heads, under = _written(titles[:1], _TITLE, width, 0, fill=LIGHT["--c-ink"], font_weight="bold")
    more, under = _written(titles[1:], font, width, under, fill=LIGHT[TEXT])
    chart = element("g", marks_of(picture, LIGHT), transform=f"translate(0 {under + font:.1f})")
    feet, under = _written(notes, _SMALL, width, under + font + picture.height + _SMALL, fill=LIGHT[TEXT])
    whole, high = width + 2 * _MARGIN, under + 2 * _MARGIN
    content = "".join((*heads, *more, chart, *feet))
    place = f"translate({_MARGIN:.0f} {_MARGIN:.0f})"
    return element(
        "svg",
        element("title", escape(". ".join(titles)))
        + element("desc", escape(picture.description))
        + element("rect", width=whole, height=high, fill=LIGHT["--c-page"])
        + element("g", content, transform=place, font_family="system-ui,sans-serif"),
        xmlns="http://www.w3.org/2000/svg",
        width=whole,
        height=high,
        view_box=f"0 0 {whole:.1f} {high:.1f}",
        role="img",
    )


def _written(
    paragraphs: Iterable[str], size: float, width: float, under: float, **look: str
) -> tuple[list[str], float]:
    """Return paragraphs as lines that fit, from ``under`` downward, and where the last one ends."""
    lines = []
    for words in (line for paragraph in paragraphs for line in _wrapped(paragraph, size, width)):
        under += size * 1.35
        lines.append(element("text", escape(words), x=0, y=under, font_size=size, **look))
    return lines, under


def _wrapped(words: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=True) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
