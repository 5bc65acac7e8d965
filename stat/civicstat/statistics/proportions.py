"""Shares with their uncertainty, and two of them compared as in a trial."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, fsum, lgamma, sqrt
from statistics import NormalDist
from typing import Literal

__all__ = ["Interval", "TwoShares", "compare_shares", "normal_quantile", "wilson"]

_LEAST_EXPECTED = 5
_AS_LIKELY = 1 + 1e-7  # tables as likely as the one seen, but for the last digits of a float


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends included."""

    lower: float
    upper: float

    def overlaps(self, other: Interval) -> bool:
        """Return whether the two have a value in common."""
        return self.lower <= other.upper and other.lower <= self.upper


@dataclass(frozen=True, slots=True)
class TwoShares:
    """What a trial of two arms says: ``difference`` is first less second, as a fraction.

    ``z`` and ``p_z`` (pooled, two-sided) are None where nobody or everybody had the outcome; ``ratio`` and its interval
    where a count is zero. ``test`` names the one of the two p-values to show: Fisher's where fewer than 5 would be
    expected in some cell.
    """

    participants: int
    difference: float
    difference_interval: Interval
    z: float | None
    p_z: float | None
    p_fisher: float
    ratio: float | None
    ratio_interval: Interval | None
    test: Literal["z", "fisher"]

    @property
    def p_value(self) -> float:
        """The p-value of ``test``."""
        return self.p_fisher if self.test == "fisher" or self.p_z is None else self.p_z


def normal_quantile(confidence: float) -> float:
    """Return how many standard errors a two-sided interval of that confidence reaches to each side.

    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    if not 0 < confidence < 1:
        raise ValueError("a confidence lies between 0 and 1")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(count: float, total: float, confidence: float = 0.95) -> Interval:
    """Return Wilson's score interval of the share ``count / total``, as fractions.

    Source: Wilson 1927 (JASA 22:209); without continuity correction, as in Newcombe 1998 (Stat Med 17:857), method 3.

    >>> round(wilson(81, 263).lower, 4), round(wilson(81, 263).upper, 4)
    (0.2553, 0.3662)
    >>> wilson(0, 20).lower, wilson(5, 5).upper
    (0.0, 1.0)

    Raises:
        ValueError: no total, or a count that is not between 0 and the total.
    """
    _must_be_share(count, total)
    z = normal_quantile(confidence)
    share, square = count / total, z * z / total
    middle = share + square / 2
    reach = z * sqrt((share * (1 - share) + square / 4) / total)
    lower = 0.0 if count == 0 else (middle - reach) / (1 + square)
    upper = 1.0 if count == total else (middle + reach) / (1 + square)
    return Interval(max(lower, 0.0), min(upper, 1.0))


def compare_shares(count: int, total: int, other: int, other_total: int, confidence: float = 0.95) -> TwoShares:
    """Return the comparison of ``count`` of ``total`` with ``other`` of ``other_total``.

    Sources: interval of the difference Newcombe 1998 (Stat Med 17:873), method 10; interval of the risk ratio Katz and
    others 1978 (Biometrics 34:469); Fisher's exact test sums the tables that are not more likely than the one seen.

    Raises:
        ValueError: an arm without people, or a count that is not between 0 and its total.
    """
    _must_be_share(count, total)
    _must_be_share(other, other_total)
    first, second = count / total, other / other_total
    z = _pooled_z(count, total, other, other_total)
    ratio = first / second if count and other else None
    expected = [
        arm * part / (total + other_total)
        for arm in (total, other_total)
        for part in (count + other, total + other_total - count - other)
    ]
    return TwoShares(
        participants=total + other_total,
        difference=first - second,
        difference_interval=_newcombe(
            first, second, wilson(count, total, confidence), wilson(other, other_total, confidence)
        ),
        z=z,
        p_z=None if z is None else 2 * NormalDist().cdf(-abs(z)),
        p_fisher=_fisher(count, total, other, other_total),
        ratio=ratio,
        ratio_interval=None if ratio is None else _katz(ratio, count, total, other, other_total, confidence),
        test="fisher" if min(expected) < _LEAST_EXPECTED else "z",
    )


def _must_be_share(count: float, total: float) -> None:
    if total <= 0 or not 0 <= count <= total:
        raise ValueError("a share is a count between 0 and a total above 0")


def _newcombe(first: float, second: float, one: Interval, two: Interval) -> Interval:
    gap = first - second
    down = sqrt((first - one.lower) ** 2 + (two.upper - second) ** 2)
    up = sqrt((one.upper - first) ** 2 + (second - two.lower) ** 2)
    return Interval(gap - down, gap + up)


def _pooled_z(count: int, total: int, other: int, other_total: int) -> float | None:
    pooled = (count + other) / (total + other_total)
    error = sqrt(pooled * (1 - pooled) * (1 / total + 1 / other_total))
    return (count / total - other / other_total) / error if error else None


def _katz(ratio: float, count: int, total: int, other: int, other_total: int, confidence: float) -> Interval:
    reach = normal_quantile(confidence) * sqrt(1 / count - 1 / total + 1 / other - 1 / other_total)
    return Interval(ratio * exp(-reach), ratio * exp(reach))


def _fisher(count: int, total: int, other: int, other_total: int) -> float:
    drawn = count + other
    whole = _log_choices(total + other_total, drawn)

    def chance(first: int) -> float:
        return exp(_log_choices(total, first) + _log_choices(other_total, drawn - first) - whole)

    seen = chance(count) * _AS_LIKELY
    tables = range(max(0, drawn - other_total), min(drawn, total) + 1)
    return min(1.0, fsum(one for one in map(chance, tables) if one <= seen))


def _log_choices(total: int, chosen: int) -> float:
    return lgamma(total + 1) - lgamma(chosen + 1) - lgamma(total - chosen + 1)
