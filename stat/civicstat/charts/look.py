"""Which colour each class of a chart has, by its custom property; a test holds ``assets/civicstat.css`` to the same."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["BOLD", "FILLS", "STROKES", "SYMBOLS", "TEXT", "WORDS"]

STROKES: Mapping[str, str] = {
    "chart-grid": "--c-line",
    "chart-base": "--c-edge",
    "chart-line": "--c-blue",
    "chart-open": "--c-blue",
    "chart-hollow": "--c-blue",
    "chart-compare": "--c-soft",
    "chart-goal": "--c-ink",
    "chart-mark": "--c-edge",
    "chart-ring": "--c-ink",
    "chart-centre": "--c-soft",
    "chart-limit": "--c-soft",
    "chart-step": "--c-soft",
    "chart-event": "--c-soft",
}
FILLS: Mapping[str, str] = {
    "chart-dot": "--c-blue",
    "chart-bar": "--c-blue",
    "chart-hollow": "--c-page",
    "chart-goal-band": "--c-on-wash",
    "chart-event-band": "--c-band",
    "chart-improvement": "--c-on",
    "chart-concern": "--c-off",
    "chart-change": "--c-ink",
}
SYMBOLS: Mapping[str, str] = {
    "chart-improvement": "square",
    "chart-concern": "diamond",
    "chart-change": "triangle-up",
}
"""The shape of what is no circle, in Plotly's word: told apart without colour."""

WORDS: Mapping[str, str] = {
    "chart-name": "--c-ink",
    "chart-goal-label": "--c-ink",
    "chart-event-label": "--c-ink",
    "chart-value": "--c-blue",
}
TEXT = "--c-soft"
"""The colour of words whose class has none of its own."""

BOLD = frozenset({"chart-goal-label", "chart-event-label", "chart-value"})
