"""What tells a signal from common variation, point by point inside one segment of a process behaviour chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

__all__ = ["Direction", "Limits", "Method", "Rule", "is_good", "is_high", "signals", "slack_of"]

Direction = Literal["increase", "decrease", "neutral"]
"""The way that is an improvement."""

Rule = Literal[
    "above_upl",
    "below_lpl",
    "trend_up",
    "trend_down",
    "two_of_three_high",
    "two_of_three_low",
    "shift_high",
    "shift_low",
    "common_cause",
]
"""In the order in which the first that holds names a point."""

Value = float | None

_HIGH = frozenset[Rule]({"above_upl", "trend_up", "two_of_three_high", "shift_high"})


@dataclass(frozen=True, slots=True)
class Method:
    """A dialect of the chart.

    ``screen``: moving ranges that are not under 3.267 times their mean are left out of it, once. ``shift`` points on
    one side of the mean and ``trend`` points in one direction (one step fewer) are a signal. ``two_of_three`` counts
    points ``between`` near limit and limit, or all ``beyond`` the near limit. ``first``: of several rules at one point
    the one first in the ``order`` of Rule, or one that is an ``improvement``. ``least``: with fewer values no variation
    and no assurance is told.
    """

    screen: bool = True
    shift: int = 7
    trend: int = 7
    two_of_three: Literal["between", "beyond"] = "between"
    first: Literal["order", "improvement"] = "order"
    least: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What the points of a segment are held against."""

    mean: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float


def signals(values: Sequence[Value], limits: Limits, method: Method, direction: Direction, slack: float) -> list[Rule]:
    """Return the rule that each point of a segment answers to; a missing value answers to none and breaks every run.

    ``slack`` is the distance up to which two values are the same one.
    """
    above, below = limits.near_upper + slack, limits.near_lower - slack
    found: list[list[Rule]] = [[] for _ in values]
    for at, value in enumerate(values):
        if value is not None and value > limits.upper + slack:
            found[at].append("above_upl")
        if value is not None and value < limits.lower - slack:
            found[at].append("below_lpl")
    for at, way in _trends(values, method.trend, slack).items():
        found[at].append("trend_up" if way > 0 else "trend_down")
    sides = [_sign(value, limits.mean, slack) for value in values]
    inside = (limits.lower - slack, limits.upper + slack)
    counted = [
        value is not None
        and (value > above or value < below)
        and (method.two_of_three == "beyond" or inside[0] <= value <= inside[1])
        for value in values
    ]
    for at in _two_of_three(sides, counted):
        found[at].append("two_of_three_high" if sides[at] > 0 else "two_of_three_low")
    for at in _runs(sides, method.shift):
        found[at].append("shift_high" if sides[at] > 0 else "shift_low")
    return [_one(rules, method, direction) for rules in found]


def is_high(rule: Rule) -> bool:
    """Return whether a signal points upward."""
    return rule in _HIGH


def is_good(rule: Rule, direction: Direction) -> bool:
    """Return whether a signal is an improvement."""
    return rule != "common_cause" and direction == ("increase" if is_high(rule) else "decrease")


def slack_of(values: Sequence[Value]) -> float:
    """Return the distance up to which two values of a series are the same: what computing in binary may add.

    >>> 0.1 + 0.2 > 0.3, 0.1 + 0.2 > 0.3 + slack_of([0.3])
    (True, False)
    """
    return 1e-9 * max((abs(value) for value in values if value is not None), default=0.0)


def _one(rules: Sequence[Rule], method: Method, direction: Direction) -> Rule:
    if method.first == "improvement":
        rules = [rule for rule in rules if is_good(rule, direction)] or rules
    return rules[0] if rules else "common_cause"


def _sign(value: Value, other: Value, slack: float) -> int:
    """Return on which side of ``other`` a value lies: 1, -1, or 0 where it is equal or one of them is missing."""
    if value is None or other is None or abs(value - other) <= slack:
        return 0
    return 1 if value > other else -1


def _trends(values: Sequence[Value], points: int, slack: float) -> dict[int, int]:
    """Return the points of each run that only rises (1) or only falls (-1); one that two runs share is the later's."""
    marked: dict[int, int] = {}
    start, way = 0, 0
    for at, (before, value) in enumerate(pairwise(values), 1):
        step = _sign(value, before, slack)
        if step != way:
            start, way = at - 1, step
        if way and at - start + 1 >= points:
            marked |= dict.fromkeys(range(start, at + 1), way)
    return marked


def _runs(sides: Sequence[int], points: int) -> set[int]:
    """Return the points of each run of at least ``points`` on one side of the mean."""
    marked: set[int] = set()
    start = 0
    for at, side in enumerate(sides):
        if at and side != sides[at - 1]:
            start = at
        if side and at - start + 1 >= points:
            marked |= set(range(start, at + 1))
    return marked


def _two_of_three(sides: Sequence[int], counted: Sequence[bool]) -> set[int]:
    """Return the counted points of each three in a row on one side of which at least two are counted."""
    marked: set[int] = set()
    for start in range(len(sides) - 2):
        window = range(start, start + 3)
        hits = {at for at in window if counted[at]}
        if len(hits) >= 2 and sides[start] and len({sides[at] for at in window}) == 1:
            marked |= hits
    return marked
