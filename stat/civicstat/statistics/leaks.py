"""Hidden counts that other published figures give away: running totals, and percentages beside their base."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import floor

from civicstat.statistics.rounding import round_half_up

__all__ = ["behind_percent", "behind_running_totals"]


def behind_running_totals(shown: Sequence[int | None], totals: Sequence[int | None]) -> list[tuple[int, int]]:
    """Return the hidden numbers, place and value, that totals to date give away.

    Between two totals that are shown lies a sum: what is hidden in it follows if it is one number, or nothing.

    >>> behind_running_totals([14, None, 22], [14, 17, 39])
    [(1, 3)]
    >>> behind_running_totals([14, None, None], [14, None, 39])
    []
    """
    found, before, since = [], 0, 0
    for place, total in enumerate(totals):
        if total is None:
            continue
        inside = range(since, place + 1)
        hidden = [at for at in inside if shown[at] is None]
        left = total - before - sum(value for value in shown[since : place + 1] if value is not None)
        if len(hidden) == 1 or not left:
            found += [(at, left) for at in hidden]
        before, since = total, place + 1
    return found


def behind_percent(percent: str, base: int) -> list[int]:
    """Return the counts of ``base`` that print as this percentage, halves rounded away from zero.

    >>> behind_percent("2.9%", 240), behind_percent("2.9%", 2_400)
    ([7], [69, 70])
    """
    printed = Decimal(percent.strip().removesuffix("%").strip())
    places = max(-int(printed.as_tuple().exponent), 0)
    step = Decimal(1).scaleb(-places)
    first = floor((printed - step) * base / 100)
    last = floor((printed + step) * base / 100) + 1
    counts = range(max(first, 0), min(last, base) + 1)
    return [count for count in counts if round_half_up(Decimal(100 * count) / base, places) == printed]
