"""Scales with few, round steps, and labels moved apart."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Scale", "decimals_of", "spread", "value_scale"]

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high``, and where the grid lines stand; ``cut`` where it does not begin at zero."""

    low: float
    high: float
    ticks: tuple[float, ...]
    cut: bool


def value_scale(
    values: Iterable[float], *, lines: int = 5, zero: bool | None = None, whole: bool = False, most: float | None = None
) -> Scale:
    """Return a scale that holds ``values`` with about ``lines`` steps.

    ``zero`` None cuts the scale where the values fill less than half of it; ``whole`` keeps steps whole numbers;
    ``most`` is a value the scale need not pass (100 for a share).

    >>> value_scale([72, 91.5], most=100).ticks
    (70.0, 75.0, 80.0, 85.0, 90.0, 95.0)
    >>> value_scale([0, 3], whole=True).ticks
    (0.0, 1.0, 2.0, 3.0, 4.0)
    """
    seen = list(values) or [0.0]
    low, high = min(seen), max(seen)
    cut = low > 0 and (high - low < high / 2 if zero is None else not zero)
    if not cut:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (low - abs(low) / 10, high + abs(high) / 10) if cut else (low, high + 1)
    step = _step((high - low) / lines, whole)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if cut and (first == 0 or low - first * step < step / 10):
        first = max(first - 1, 0)
    if high > 0 and last * step - high < step / 10 and (most is None or last * step < most):
        last += 1
    ticks = tuple(round(index * step, 10) for index in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, cut and first > 0)


def decimals_of(ticks: Iterable[float]) -> int:
    """Return the decimals that print every tick exactly.

    >>> decimals_of([0.0, 0.25, 0.5]), decimals_of([0.0, 50.0])
    (2, 0)
    """
    exponents = (Decimal(format(tick, ".10g")).normalize().as_tuple().exponent for tick in ticks)
    return max((-exponent for exponent in exponents if isinstance(exponent, int) and exponent < 0), default=0)


def spread(places: list[float], heights: list[float], low: float, high: float) -> list[float]:
    """Return the middles of boxes moved so that none overlap, in their order, as near as may be to where they were.

    >>> spread([10, 12, 60], [10, 10, 10], 0, 100)
    [6.0, 16.0, 60.0]
    """

    def top(stack: list[int]) -> float:
        """Return where a stack of boxes begins so that they are, on average, where they would like to be."""
        wished, above = 0.0, 0.0
        for at in stack:
            wished += places[at] - above - heights[at] / 2
            above += heights[at]
        return min(max(wished / len(stack), low), high - above)

    stacks: list[list[int]] = []
    for index in sorted(range(len(places)), key=lambda at: places[at]):
        stacks.append([index])
        while len(stacks) > 1 and top(stacks[-2]) + sum(heights[at] for at in stacks[-2]) > top(stacks[-1]):
            stacks[-2:] = [stacks[-2] + stacks[-1]]
    moved = [0.0] * len(places)
    for stack in stacks:
        place = top(stack)
        for at in stack:
            moved[at] = place + heights[at] / 2
            place += heights[at]
    return moved


def _step(rough: float, whole: bool) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in _STEPS if factor * power >= rough * (1 - 1e-9))
    return max(1.0, float(math.ceil(step))) if whole else step
