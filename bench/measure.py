"""A figure beside the bound it must keep."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

__all__ = ["Measure", "median_of", "table"]


class Measure(NamedTuple):
    """A figure with its unit; ``limit`` is the most it may be, or the least where ``least`` says so; None: told only.

    ``firm``: there is no leeway. Else a time may miss its limit by two times, where the next step is written down.
    """

    name: str
    figure: float
    unit: str
    limit: float | None = None
    least: bool = False
    firm: bool = False

    @property
    def miss(self) -> float:
        """How many times the limit is missed by; at most 1 where it is kept."""
        if self.limit is None:
            return 0.0
        return self.limit / self.figure if self.least else self.figure / self.limit

    @property
    def verdict(self) -> str:
        """Return ``kept``, ``missed`` with by how much, or nothing where there is no limit."""
        if self.limit is None:
            return ""
        return "kept" if self.miss <= 1 else f"missed {self.miss:.1f} times"

    @property
    def fails(self) -> bool:
        """Whether the miss is one that nothing excuses."""
        return self.miss > (1 if self.firm else 2)


def median_of(work: Callable[[], object], times: int) -> float:
    """Return the median wall clock seconds of ``times`` runs."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def table(measures: Sequence[Measure]) -> str:
    """Return the measures as a table of Markdown."""
    lines = ["| measure | figure | limit | |", "|---|---:|---:|---|"]
    for item in measures:
        sign = "at least " if item.least else ""
        limit = "" if item.limit is None else f"{sign}{item.limit:g} {item.unit}"
        lines.append(
            f"| {item.name} | {item.figure:,.{_decimals(item.figure)}f} {item.unit} | {limit} | {item.verdict} |"
        )
    return "\n".join(lines)


def _decimals(figure: float) -> int:
    return 0 if figure >= 100 else 1 if figure >= 10 else 2
