"""How many people a trial needs."""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist

__all__ = ["people_per_arm"]


def people_per_arm(share: float, other: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """Return the people each of two equal arms needs to tell one share from the other.

    Two-sided, normal approximation, no continuity correction: pooled variance if nothing differs, own variances if
    something does (Fleiss, Statistical Methods for Rates and Proportions, section 4.2).

    >>> people_per_arm(0.63, 0.48), people_per_arm(0.63, 0.48, power=0.9), people_per_arm(0.53, 0.48)
    (172, 229, 1569)

    Raises:
        ValueError: two equal shares, or a share, power or alpha that is not between 0 and 1.
    """
    if share == other or not all(0 <= one <= 1 for one in (share, other)):
        raise ValueError("two different shares between 0 and 1")
    if not 0 < power < 1 or not 0 < alpha < 1:
        raise ValueError("power and alpha lie between 0 and 1")
    normal = NormalDist()
    middle = (share + other) / 2
    by_chance = normal.inv_cdf(1 - alpha / 2) * sqrt(2 * middle * (1 - middle))
    by_power = normal.inv_cdf(power) * sqrt(share * (1 - share) + other * (1 - other))
    return ceil(((by_chance + by_power) / (share - other)) ** 2)
