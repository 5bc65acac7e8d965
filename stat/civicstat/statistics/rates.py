"""Rates of events with their uncertainty: a count over people, hours or years."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

from civicstat.statistics.proportions import Interval, normal_quantile

__all__ = ["UNSTABLE_UNDER", "RateRatio", "count_interval", "rate_ratio"]

UNSTABLE_UNDER = 12
"""A rate of fewer events has a relative standard error (1 / sqrt of the count) of 29 % and more."""

_STEPS = 100
_CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class RateRatio:
    """How many times one rate is the other; nothing where a count is zero."""

    ratio: float | None
    interval: Interval | None


def count_interval(count: float, confidence: float = 0.95) -> Interval:
    """Return the exact interval of the events to be expected where ``count`` were seen; divide by the base for a rate.

    Source: Garwood 1936 (Biometrika 28:437): the means of the Poisson distributions in whose tails the count lies.

    >>> low, high = count_interval(10).lower, count_interval(10).upper
    >>> round(low, 4), round(high, 4), count_interval(0).lower
    (4.7954, 18.3904, 0.0)

    Raises:
        ValueError: a count under 0.
    """
    if count < 0:
        raise ValueError("a count is 0 or more")
    z, tail = normal_quantile(confidence), (1 - confidence) / 2
    lower = _mean_with_tail(count, tail, -z) if count else 0.0
    return Interval(lower, _mean_with_tail(count + 1, 1 - tail, z))


def rate_ratio(count: int, base: float, other: int, other_base: float, confidence: float = 0.95) -> RateRatio:
    """Return the ratio of ``count / base`` to ``other / other_base`` with its interval on the log scale.

    Source: Rothman and Greenland, Modern Epidemiology, chapter 14: exp(log ratio +/- z sqrt(1/a + 1/b)).

    Raises:
        ValueError: a base that is not above 0, or a count under 0.
    """
    if base <= 0 or other_base <= 0 or count < 0 or other < 0:
        raise ValueError("a rate is a count of 0 or more over a base above 0")
    if not count or not other:
        return RateRatio(None, None)
    ratio = count / base / (other / other_base)
    reach = normal_quantile(confidence) * sqrt(1 / count + 1 / other)
    return RateRatio(ratio, Interval(ratio * exp(-reach), ratio * exp(reach)))


def _mean_with_tail(shape: float, area: float, z: float) -> float:
    """Return the point below which a gamma distribution has ``area``; Wilson and Hilferty's guess is close."""
    low, high = 0.0, shape + 10 * sqrt(shape) + 20
    point = shape * max(1 - 1 / (9 * shape) + z / (3 * sqrt(shape)), 0.01) ** 3
    for _ in range(_STEPS):
        off = _gamma_area(shape, point) - area
        if off > 0:
            high = point
        else:
            low = point
        step = off / exp((shape - 1) * log(point) - point - lgamma(shape))
        after = point - step
        if not low < after < high:
            after = (low + high) / 2
        if abs(after - point) <= _CLOSE * point:
            return after
        point = after
    return point


def _gamma_area(shape: float, point: float) -> float:
    """Return the area of a gamma distribution below ``point``: by series left of its middle, else by fraction."""
    front = exp(shape * log(point) - point - lgamma(shape))
    if point < shape + 1:
        term = total = 1 / shape
        place = shape
        while term > total * _CLOSE / 10:
            place += 1
            term *= point / place
            total += term
        return front * total
    lowest = 1e-300
    b = point + 1 - shape
    c, d = 1 / lowest, 1 / b
    fraction, step, turn = d, 0.0, 0
    while abs(step - 1) > _CLOSE / 10:
        turn += 1
        factor = -turn * (turn - shape)
        b += 2
        d = 1 / (factor * d + b or lowest)
        c = b + factor / c or lowest
        step = c * d
        fraction *= step
    return 1 - front * fraction
