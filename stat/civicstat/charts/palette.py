"""The colours of pages and charts by the name of their custom property, light and dark.

``assets/civicstat.css`` declares the same values; a test compares them, and works out every contrast.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DARK", "GRAPHICS", "LIGHT", "TEXTS", "contrast"]

LIGHT: Mapping[str, str] = {
    "--c-page": "#ffffff",
    "--c-ink": "#1b1b1b",
    "--c-text": "#3d4551",
    "--c-soft": "#565c65",
    "--c-line": "#dfe1e2",
    "--c-edge": "#71767a",
    "--c-wash": "#f7f9fa",
    "--c-band": "#f0f0f0",
    "--c-blue": "#005ea2",
    "--c-deep": "#162e51",
    "--c-on-deep": "#ffffff",
    "--c-on": "#005ea2",
    "--c-on-wash": "#e8f5ff",
    "--c-near": "#a68200",
    "--c-near-text": "#5c4809",
    "--c-near-wash": "#fff5c2",
    "--c-off": "#8b0a03",
    "--c-off-wash": "#fff3f2",
    "--c-none": "#71767a",
    "--c-none-text": "#3d4551",
    "--c-none-wash": "#f0f0f0",
    "--c-focus": "#005ea2",
}

DARK: Mapping[str, str] = {
    "--c-page": "#14181e",
    "--c-ink": "#f0f2f4",
    "--c-text": "#d0d5db",
    "--c-soft": "#b0b7c0",
    "--c-line": "#39424e",
    "--c-edge": "#8d97a5",
    "--c-wash": "#1c222a",
    "--c-band": "#1f262f",
    "--c-blue": "#7cc0f4",
    "--c-deep": "#0d1c33",
    "--c-on-deep": "#f0f2f4",
    "--c-on": "#7cc0f4",
    "--c-on-wash": "#10304c",
    "--c-near": "#e0b93b",
    "--c-near-text": "#f5dc8a",
    "--c-near-wash": "#3b3108",
    "--c-off": "#ff9d92",
    "--c-off-wash": "#4a1613",
    "--c-none": "#a3abb5",
    "--c-none-text": "#d0d5db",
    "--c-none-wash": "#2b333d",
    "--c-focus": "#9fd3ff",
}

TEXTS: tuple[tuple[str, str], ...] = (
    *((text, paper) for text in ("ink", "text", "soft", "blue") for paper in ("page", "wash", "band")),
    *(("on-deep", "deep"), ("on", "on-wash"), ("near-text", "near-wash"), ("off", "off-wash"), ("off", "page")),
    *(("none-text", "none-wash"), ("ink", "near-wash"), ("ink", "off-wash"), ("page", "blue")),
)
"""Words and what they stand on, without ``--c-``: at least 4.5 to 1 (WCAG 1.4.3)."""

GRAPHICS: tuple[tuple[str, str], ...] = (
    *((line, "page") for line in ("blue", "ink", "soft", "edge", "on", "near", "off", "none", "focus")),
    *((shape, f"{shape}-wash") for shape in ("on", "near", "off", "none")),
    *((shape, "wash") for shape in ("on", "near", "off", "none")),
)
"""Lines, points and shapes and what they stand on: at least 3 to 1 (WCAG 1.4.11)."""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by the formula of WCAG.

    >>> round(contrast("#005ea2", "#ffffff"), 2)
    6.72
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
