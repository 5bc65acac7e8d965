"""Where a year's total will end, from its first months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import variance
from typing import Literal

from civicstat.statistics.proportions import Interval, normal_quantile

__all__ = ["Outlook", "YearEnd", "best_run", "project_year"]

MONTHS = 12
LEAST_MONTHS = 3
"""With fewer months done there is a pace and no interval."""

Outlook = Literal["likely", "uncertain", "unlikely"]


@dataclass(frozen=True, slots=True)
class YearEnd:
    """The year so far and what follows from it.

    ``interval`` is that of ``straight_line``, not cut at the year to date. ``seasonal_share`` is the part of the year's
    total that earlier years had by the same month, ``seasonal`` the total that follows. ``needed`` a month is None once
    the year is over, and so is ``pace``: the mean month so far over the needed one.
    """

    done: int
    to_date: float
    straight_line: float
    interval: Interval | None
    seasonal_share: float | None
    seasonal: float | None
    needed: float | None
    pace: float | None

    @property
    def left(self) -> int:
        """Months to come."""
        return MONTHS - self.done

    def outlook(self, goal: float, *, at_least: bool = True) -> Outlook | None:
        """Say whether the goal will be reached, None where there is no interval to say it by."""
        if self.interval is None:
            return None
        low, high = self.interval.lower, self.interval.upper
        sure, lost = (low >= goal, high < goal) if at_least else (high <= goal, low > goal)
        return "likely" if sure else "unlikely" if lost else "uncertain"


def project_year(
    months: Sequence[float],
    goal: float | None = None,
    earlier: Sequence[Sequence[float]] = (),
    confidence: float = 0.95,
) -> YearEnd:
    """Return the projection from the complete ``months`` of a year; ``earlier`` are whole years before it.

    The interval is of a sum of months that vary as those done: z sqrt(s² left (1 + left / done)). The seasonal share is
    the mean of the earlier years' shares. Shares and averages are no sums: project both their sides apart.

    Raises:
        ValueError: no month or more than twelve, or an earlier year that is not twelve months.
    """
    done = len(months)
    if not 1 <= done <= MONTHS or any(len(year) != MONTHS for year in earlier):
        raise ValueError("1 to 12 months done, and earlier years of 12")
    to_date, left = float(sum(months)), MONTHS - done
    line = to_date * MONTHS / done
    shares = [sum(year[:done]) / sum(year) for year in earlier if sum(year)]
    share = sum(shares) / len(shares) if shares else None
    needed = (goal - to_date) / left if goal is not None and left else None
    reach = None
    if done >= LEAST_MONTHS:
        reach = normal_quantile(confidence) * sqrt(variance(months) * left * (1 + left / done))
    return YearEnd(
        done=done,
        to_date=to_date,
        straight_line=line,
        interval=None if reach is None else Interval(line - reach, line + reach),
        seasonal_share=share,
        seasonal=to_date / share if share else None,
        needed=needed,
        pace=to_date / done / needed if needed else None,
    )


def best_run(months: Sequence[float], length: int) -> float | None:
    """Return the greatest mean of ``length`` months on end, to hold a needed pace against; None where there are fewer.

    >>> best_run([1, 5, 6, 2], 2)
    5.5
    """
    runs = [sum(months[at : at + length]) / length for at in range(len(months) - length + 1)] if length > 0 else []
    return max(runs, default=None)
