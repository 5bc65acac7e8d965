"""One number that goes into another, and where it is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civicstat.period import Period
from civicstat.results.reading import Reading, Used
from civicstat.spec import Break

__all__ = ["WHOLE", "Index", "Slice", "Term"]

Slice = frozenset[tuple[str, str]]
WHOLE: Slice = frozenset()


@dataclass(frozen=True, slots=True)
class Index:
    """The readings of one metric by period and slice, and the periods of its totals."""

    at: dict[tuple[str, Slice], Reading]
    periods: dict[str, Period]

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> Index:
        """Return the index of some readings."""
        index = cls({}, {})
        for item in readings:
            index.add(item)
        return index

    def add(self, item: Reading) -> None:
        """Take up a reading."""
        self.at[item.period, frozenset(item.slice.items())] = item
        if not item.slice:
            self.periods[item.period] = Period(item.grain, item.start, item.end, item.period)


@dataclass(frozen=True, slots=True)
class Term:
    """One number that goes into another: what it is called there, where it is from, and its reading if there is one.

    ``here``: it is of the very period of the other, whose state it decides. ``level``: it holds until the next one.
    ``factor`` is what it is multiplied by; None where that is not known. ``broken``: what it counts means
    something else since, so that it is not taken.
    """

    name: str
    metric: str
    period: str
    slice: Slice
    reading: Reading | None
    here: bool = True
    level: bool = False
    factor: float | None = 1.0
    broken: Break | None = None

    @property
    def value(self) -> float | None:
        """The number; None where there is none."""
        return self.reading.value if self.reading else None

    @property
    def used(self) -> Used:
        """The number as the other is said to be made of it."""
        return Used(self.name, self.metric, self.period, dict(sorted(self.slice)), self.value)
