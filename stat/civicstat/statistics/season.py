"""Whether the same months of every year are high or low: what makes each winter look like a signal."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, inf

__all__ = ["SEASONAL", "season_strength"]

SEASONAL = 7.0
"""From this ratio on a season is plain: the limit of X-11 and its successors for their table D8."""

_LEAST_CYCLES = 3


def season_strength(values: Sequence[float | None], cycle: int, least: int = _LEAST_CYCLES) -> float | None:
    """Return the F ratio of a stable season: the variance between the places in the cycle over that within them.

    ``values`` are in order without a gap, None where there is none, and ``cycle`` the even number of them in a year.
    What is compared is the distance from the centred moving average of one cycle, so that a trend or a step is no
    season. None where fewer than ``least`` cycles, or too few of these distances, are known. Source: Shiskin, Young and
    Musgrave, The X-11 Variant of the Census Method II (1967), with differences in place of ratios.

    >>> season_strength([3, 9, 4, 1] * 3, 4), season_strength([1.0, 2.0], 4)
    (inf, None)
    """
    half = cycle // 2
    if len(values) < least * cycle:
        return None
    groups: list[list[float]] = [[] for _ in range(cycle)]
    for at in range(half, len(values) - half):
        window = values[at - half : at + half + 1]
        known = [value for value in window if value is not None]
        here = values[at]
        if len(known) == len(window) and here is not None:
            mean = (fsum(known) - (known[0] + known[-1]) / 2) / cycle
            groups[at % cycle].append(here - mean)
    count = sum(map(len, groups))
    if min(map(len, groups)) < 2:
        return None
    middle = fsum(value for group in groups for value in group) / count
    means = [fsum(group) / len(group) for group in groups]
    between = fsum(len(group) * (mean - middle) ** 2 for group, mean in zip(groups, means, strict=True)) / (cycle - 1)
    within = fsum((value - mean) ** 2 for group, mean in zip(groups, means, strict=True) for value in group)
    if within <= 1e-12 * between:
        return inf if between else 0.0
    return between / (within / (count - cycle))
