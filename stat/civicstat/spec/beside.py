"""What stands beside a metric's numbers: what others achieve, days that changed its meaning, steps and signals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from civicstat.statistics import Method

__all__ = ["Benchmark", "Break", "Rebase", "Spc"]

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What others achieve, in the metric's unit (percent 0-100), and where that can be looked up."""

    who: Text
    value: float
    year: int
    source: Text


@dataclass(frozen=True, slots=True)
class Break:
    """A day from which a metric means something else: what changed, and whether that forbids to compare."""

    on: date
    what: Text
    compare: Literal["refuse", "mark"] = "refuse"


@dataclass(frozen=True, slots=True)
class Rebase:
    """A step known by its cause: from the period that begins ``on`` this day mean and limits are other ones."""

    on: date
    why: Text
    by: Text


@dataclass(frozen=True, slots=True)
class Spc:
    """``rules`` names the dialect that ``method`` is or was made from; ``baseline`` None takes every value."""

    method: Method
    rules: str
    baseline: int | None = None
    rebase: tuple[Rebase, ...] = ()
