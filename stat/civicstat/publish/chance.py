"""How far a share or a rate could lie off by chance alone, from the parts that are published beside it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from civicstat.editions import MetricInfo
from civicstat.results import Reading
from civicstat.statistics import UNSTABLE_UNDER, Interval, count_interval, wilson

__all__ = ["interval_of", "is_unstable", "order_is_uncertain"]


def interval_of(reading: Reading, info: MetricInfo) -> Interval | None:
    """Return the 95 % interval of a reading in its unit; None where there is none or the reading is withheld.

    A share has Wilson's score interval, a rate of events the exact one of its count.

    Sources: Wilson 1927 (JASA 22:209); Garwood 1936 (Biometrika 28:437).
    """
    top, under = reading.numerator, reading.denominator
    if not info.chance or reading.suppressed or reading.value is None or top is None or under is None:
        return None
    if under <= 0 or top < 0 or (info.chance == "share" and top > under):
        return None
    if info.chance == "share":
        found = wilson(top, under)
        return Interval(found.lower * info.per, found.upper * info.per)
    events = count_interval(top)
    return Interval(events.lower / under * info.per, events.upper / under * info.per)


def is_unstable(reading: Reading, info: MetricInfo) -> bool:
    """Say whether a rate rests on so few events that it moves by nearly a third by chance (relative error 29 %)."""
    return (
        info.chance == "rate" and interval_of(reading, info) is not None and (reading.numerator or 0) < UNSTABLE_UNDER
    )


def order_is_uncertain(readings: Sequence[Reading], info: MetricInfo) -> bool:
    """Say whether the intervals of two neighbours in a list overlap, so that their order may be chance."""
    found = [item for reading in readings if (item := interval_of(reading, info)) is not None]
    return any(one.overlaps(other) for one, other in pairwise(found))
