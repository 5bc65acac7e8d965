"""One way to round: half away from zero, on the decimal digits that a person would see."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

__all__ = ["round_half_up"]


def round_half_up(value: float | Decimal, places: int) -> Decimal:
    """Return ``value`` rounded half away from zero, on its decimal digits as a person would (15 of them).

    >>> round_half_up(2.675, 2), round_half_up(-0.5, 0), round_half_up(0.145 * 100, 0)
    (Decimal('2.68'), Decimal('-1'), Decimal('15'))
    """
    exact = value if isinstance(value, Decimal) else Decimal(format(value, ".15g"))
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)
