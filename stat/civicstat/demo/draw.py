"""Draws from tables: only ``random()`` and plain arithmetic, so that no machine's logarithm moves a record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

__all__ = ["along", "at", "chance", "day_in", "next_working_day", "pick", "us_day"]

Member = TypeVar("Member")
Knots = Sequence[tuple[float, float]]


def along(knots: Knots, x: float) -> float:
    """Return the value at ``x`` on the broken line through ``knots``, level beyond its ends.

    >>> along([(0, 10), (2, 20)], 1), along([(0, 10), (2, 20)], 5)
    (15.0, 20)
    """
    before = knots[0]
    for knot in knots:
        if x < knot[0]:
            width = knot[0] - before[0]
            return before[1] + (knot[1] - before[1]) * (x - before[0]) / width if width else knot[1]
        before = knot
    return before[1]


def pick(rng: Random, weights: Sequence[tuple[Member, float]]) -> Member:
    """Return a member, drawn by weight; the weights need not add to one."""
    left = rng.random() * sum(weight for _, weight in weights)
    for member, weight in weights:
        left -= weight
        if left < 0:
            return member
    return weights[-1][0]


def chance(rng: Random, share: float) -> bool:
    """Return true in ``share`` of the draws."""
    return rng.random() < share


def day_in(rng: Random, knots: Knots) -> int:
    """Return whole days (or seconds) drawn from quantiles: ``[(0, least), (0.5, median), (1, most)]``."""
    return int(along(knots, rng.random()))


def next_working_day(day: date) -> date:
    """Return ``day``, or the Monday after it where it is a weekend.

    >>> next_working_day(date(2026, 10, 31))
    datetime.date(2026, 11, 2)
    """
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def at(moment: datetime | None) -> str:
    """Return a moment as the dispatch system writes it, empty where there is none."""
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def us_day(day: date | None) -> str:
    """Return a day as the case system writes it, empty where there is none."""
    return day.strftime("%m/%d/%Y") if day else ""
