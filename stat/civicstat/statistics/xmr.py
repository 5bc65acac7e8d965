"""Process behaviour charts (XmR): limits from the moving range, and what the last point and a target say by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import Literal

from civicstat.statistics.signals import Direction, Limits, Method, Rule, Value, is_good, is_high, signals, slack_of

__all__ = ["METHODS", "TRIAL", "Assurance", "Behaviour", "Segment", "Variation", "read_behaviour"]

Variation = Literal[
    "common_cause",
    "improvement_high",
    "improvement_low",
    "concern_high",
    "concern_low",
    "neutral_high",
    "neutral_low",
]
Assurance = Literal["consistent_pass", "consistent_fail", "inconsistent"]

METHODS: Mapping[str, Method] = {
    "nhs_r": Method(),
    "making_data_count": Method(screen=False, two_of_three="beyond", first="improvement", least=13),
}
"""Dialects by name: of the R package NHSRplotthedots 0.2.2, and of NHS England's Excel tools since November 2023."""

TRIAL = 12
"""Limits on fewer values than these move with each new one."""

_E2 = 2.66  # 3 / 1.128, rounded as the method's tables have it
_NEAR = _E2 * 2 / 3
_D4 = 3.267


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a series with limits of its own, ``start`` to ``end``, both included.

    ``count`` values are the basis of mean and limits, of whose moving ranges ``screened`` were left out. Without two
    values side by side there are no limits.
    """

    start: int
    end: int
    count: int
    mean: float | None
    mean_mr: float | None
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    screened: int = 0

    @property
    def trial(self) -> bool:
        """Return whether the limits still move with each new value."""
        return self.count < TRIAL


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a series behaves: ``rules`` has an entry a value, None where it is missing; ``at`` is the last value's place.

    ``variation`` tells what the last value says, ``assurance`` what an unchanged process will do about the target.
    """

    segments: tuple[Segment, ...]
    rules: tuple[Rule | None, ...]
    direction: Direction
    at: int | None
    variation: Variation | None
    assurance: Assurance | None

    def kind(self, place: int) -> str | None:
        """Return whether a point is common variation, an improvement, a concern or, of a neutral measure, which way."""
        rule = self.rules[place]
        if rule is None or rule == "common_cause":
            return rule
        named = _named(rule, self.direction)
        return f"special_cause_{named if self.direction == 'neutral' else named.partition('_')[0]}"


def read_behaviour(
    values: Sequence[Value],
    *,
    direction: Direction,
    target: float | None = None,
    rebase_at: Sequence[int] = (),
    baseline: int | None = None,
    method: Method = METHODS["nhs_r"],
) -> Behaviour:
    """Return the limits, the signals and what they say of a series in the order of time.

    A missing value (None) breaks runs and both moving ranges beside it. A segment starts at each place of
    ``rebase_at``; ``baseline`` is the number of its first values on which its mean and limits rest, all if None. The
    mean keeps every value, limits are mean ± 2.66 mean moving ranges and not cut at 0 or 100 %. Where the values do
    not vary, limits are the mean and nothing is a signal. ``target`` is the one in force at the last value.

    Source: Wheeler, Understanding Variation (1993); Nelson, J. Qual. Tech. 14 (1982) 172; NHSRplotthedots 0.2.2.

    Raises:
        ValueError: a place that is not inside the series or not in order, or a basis of fewer than two values.

    >>> read_behaviour([3, 0, 5, 1, 4, 0, 6], direction="decrease", target=9).assurance
    'inconsistent'
    """
    if list(rebase_at) != sorted({at for at in rebase_at if 0 < at < len(values)}):
        raise ValueError("each place of rebase_at is inside the series, in order, and named once")
    if baseline is not None and baseline < 2:
        raise ValueError("a baseline has two values or more")
    slack = slack_of(values)
    segments: list[Segment] = []
    rules: list[Rule | None] = []
    for start, stop in pairwise([0, *rebase_at, len(values)]) if values else ():
        inside = values[start:stop]
        segment, limits = _segment(inside, start, baseline, method, slack)
        segments.append(segment)
        unlimited: list[Rule] = ["common_cause"] * len(inside)
        told = signals(inside, limits, method, direction, slack) if limits else unlimited
        rules += [None if value is None else rule for value, rule in zip(inside, told, strict=True)]
    last = segments[-1] if segments else None
    at = (
        next((at for at in reversed(range(last.start, last.end + 1)) if values[at] is not None), None) if last else None
    )
    enough = last is not None and at is not None and last.count >= method.least
    rule = rules[at] if enough and at is not None else None
    return Behaviour(
        tuple(segments), tuple(rules), direction, at,
        variation=_named(rule, direction) if rule else None,
        assurance=_assurance(last, target, direction, slack) if last and enough else None,
    )  # fmt: skip


def _segment(
    values: Sequence[Value], start: int, baseline: int | None, method: Method, slack: float
) -> tuple[Segment, Limits | None]:
    """Return a segment, and its limits where its points can be held against them."""
    basis = _first(values, baseline)
    known = [value for value in basis if value is not None]
    ranges = [abs(b - a) for a, b in pairwise(basis) if a is not None and b is not None]
    end = start + len(values) - 1
    if not known or not ranges:
        mean = fsum(known) / len(known) if known else None
        return Segment(start, end, len(known), mean, None, None, None, None, None), None
    mean, mean_range = fsum(known) / len(known), fsum(ranges) / len(ranges)
    if mean_range <= slack:
        return Segment(start, end, len(known), mean, 0.0, mean, mean, mean, mean), None
    kept = [item for item in ranges if item < _D4 * mean_range - slack] if method.screen else ranges
    mean_range = fsum(kept) / len(kept)
    wide, near = _E2 * mean_range, _NEAR * mean_range
    limits = Limits(mean, mean - wide, mean + wide, mean - near, mean + near)
    segment = Segment(
        start, end, len(known), mean, mean_range,
        limits.lower, limits.upper, limits.near_lower, limits.near_upper, len(ranges) - len(kept),
    )  # fmt: skip
    return segment, limits


def _first(values: Sequence[Value], count: int | None) -> Sequence[Value]:
    """Return the values up to the ``count``-th that is there."""
    places = [at for at, value in enumerate(values) if value is not None]
    return values if count is None or count >= len(places) else values[: places[count - 1] + 1]


def _named(rule: Rule, direction: Direction) -> Variation:
    if rule == "common_cause":
        return "common_cause"
    high = is_high(rule)
    if direction == "neutral":
        return "neutral_high" if high else "neutral_low"
    if is_good(rule, direction):
        return "improvement_high" if high else "improvement_low"
    return "concern_high" if high else "concern_low"


def _assurance(segment: Segment, target: float | None, direction: Direction, slack: float) -> Assurance | None:
    if target is None or direction == "neutral" or segment.upper is None or segment.lower is None:
        return None
    if segment.lower - slack <= target <= segment.upper + slack:
        return "inconsistent"
    return "consistent_pass" if (target < segment.lower) is (direction == "increase") else "consistent_fail"
