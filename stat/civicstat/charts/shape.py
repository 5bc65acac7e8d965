"""The shape of each status: told apart without colour, in print and by those who see colours differently.

Classes: ``shape`` with ``shape--on``, ``shape--near``, ``shape--off`` or ``shape--none``; the body of a shape is drawn
in ``currentColor`` (the class gives it its colour), what stands inside it in ``shape-mark``.
"""

from __future__ import annotations

__all__ = ["BEHAVIOURS", "SHAPES", "behaviour_shape", "shape"]

_RING = '<circle cx="9" cy="9" r="7.5" fill="none" stroke="currentColor" stroke-width="1.6"/>'
_DOTTED = _RING.replace("/>", ' stroke-dasharray="2.4 2.3"/>')
_CIRCLE = '<circle cx="9" cy="9" r="8" fill="currentColor"/>'


def _inside(path: str) -> str:
    """Return lines drawn over a filled body, in the colour of the paper."""
    return f'<path class="shape-mark" d="{path}" fill="none" stroke="#fff" stroke-width="2"/>'


def _stroke(path: str, width: float = 2) -> str:
    return f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="{width}"/>'


SHAPES = {
    "met": ("on", _CIRCLE + _inside("M5 9.2l2.8 2.8L13 6.5")),
    "on_track": ("on", _CIRCLE + _inside("M4.5 9h8M9.2 5.4L12.8 9l-3.6 3.6")),
    "near": ("near", '<path d="M9 1l8.4 15.5H.6z" fill="currentColor"/>' + _inside("M9 6.4v5M9 13v1.6")),
    "off_track": (
        "off",
        '<rect x="1" y="1" width="16" height="16" rx="2" fill="currentColor"/>' + _inside("M5.5 5.5l7 7m0-7l-7 7"),
    ),
    "failed": ("none", _stroke("M6 1.5h6L16.5 6v6L12 16.5H6L1.5 12V6z", 1.6) + _stroke("M9 5v5M9 11.4v1.8")),
    "not_due": ("none", _RING + _stroke("M5 9h8")),
    "no_data": ("none", _DOTTED + _stroke("M5 9h8")),
    "stale": ("none", _RING + _stroke("M9 4.6V9l3 2.2", 1.8)),
    "too_small": (
        "none",
        '<rect x="3" y="8" width="12" height="8.5" rx="1.5" fill="currentColor"/>'
        + _stroke("M5.5 8V5.5a3.5 3.5 0 0 1 7 0V8", 1.8),
    ),
    "too_few": ("none", _RING + "".join(f'<circle cx="{x}" cy="9" r="1.4" fill="currentColor"/>' for x in (5, 9, 13))),
    "partial": ("none", _RING + '<path d="M9 1.5a7.5 7.5 0 0 1 0 15z" fill="currentColor"/>'),
    "provisional": ("none", _DOTTED + _stroke("M5.4 10.2q1.8-3 3.6-1.2t3.6-1.2", 1.8)),
    "informational": ("none", _RING + _stroke("M9 8v5.2M9 4.8v1.8")),
    "baseline": ("none", _stroke("M2 15.5h14", 1.8) + _stroke("M4.5 13v-3M9 13V7.5M13.5 13V4")),
    "no_goal": ("none", _RING + '<circle cx="9" cy="9" r="2.6" fill="currentColor"/>'),
}
"""Status → its class and what is drawn, on a field of 18 by 18; ``too_few`` is a status too small to compare, which has
nothing to do with privacy."""


_WAVE = _stroke("M1.5 11q2-6 4-2t4 0t4 0t3-2", 1.8)
BEHAVIOURS = {
    "common": ("none", _WAVE + _stroke("M1 3.5h16M1 15.5h16", 1.2)),
    "improvement": (
        "on",
        '<rect x="1.5" y="1.5" width="15" height="15" fill="currentColor"/>' + _inside("M9 13V5M5.6 8.4L9 5l3.4 3.4"),
    ),
    "concern": ("off", '<path d="M9 .5L17.5 9 9 17.5.5 9z" fill="currentColor"/>' + _inside("M9 5v5M9 11.6v1.8")),
    "change": ("none", '<path d="M9 1l8 15H1z" fill="currentColor"/>'),
    "consistent_pass": ("on", _RING + _stroke("M5 9.2l2.8 2.8L13 6.5")),
    "consistent_fail": ("off", _RING + _stroke("M6 6l6 6m0-6l-6 6")),
    "inconsistent": ("none", _RING + _stroke("M5 9.4q2-5 4-.4t4-.6", 1.8)),
}
"""What a series says of itself, and of a goal → class and drawing, as those of ``SHAPES``."""


def behaviour_shape(name: str) -> str:
    """Return the SVG of a variation or an assurance; hidden from screen readers, as that of a status is."""
    return _drawn(*BEHAVIOURS[name])


def shape(status: str) -> str:
    """Return the SVG of a status or of ``too_few``; hidden from screen readers, since its word stands beside it."""
    return _drawn(*SHAPES[status])


def _drawn(kind: str, drawn: str) -> str:
    return (
        f'<svg class="shape shape--{kind}" viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">{drawn}</svg>'
    )
