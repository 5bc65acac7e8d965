"""A reading beside another number: of the period before, of a year before, its goal, or what others achieve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from civicstat.editions import BenchmarkInfo, BreakInfo, Edition, MetricInfo
from civicstat.errors import CivicstatError, Fault
from civicstat.period import Period
from civicstat.publish.answer import number
from civicstat.results import Reading
from civicstat.words import pick

__all__ = ["COMPARISONS", "Compare", "Compared", "broken_before", "compared_with", "comparisons", "earlier_readings"]

Compare = Literal["", "previous", "year", "goal", "benchmark"]

COMPARISONS: Mapping[str, Compare] = {
    "previous": "previous",
    "year": "year",
    "goal": "goal",
    "benchmark": "benchmark",
}
_DIGITS = 10  # what is left of a difference behind them is the machine's


@dataclass(frozen=True, slots=True)
class Compared:
    """The other number and how far a reading is above it, in the metric's unit.

    There is a ``difference`` where both are there, complete and not withheld. ``period`` is that of an earlier reading,
    ``benchmark`` whose number it is. Of a goal that is a range ``value`` is the end that was missed; inside it there is
    none, and no difference either way: 0. ``broken`` says why an earlier number is none to be held against.
    """

    kind: Compare
    value: float | None
    difference: float | None
    period: str = ""
    benchmark: BenchmarkInfo | None = None
    broken: BreakInfo | None = None

    def json(self, lang: str) -> dict[str, Any]:
        """Return the comparison as a field of a reading."""
        other = self.benchmark
        whose = {"who": pick(other.who, lang), "year": other.year} if other else {}
        told = {"period": self.period} if self.period else {}
        told |= {"refused": pick(self.broken.what, lang)} if self.broken else {}
        return {"with": self.kind, **whose, **told, "value": number(self.value), "difference": number(self.difference)}


def comparisons(info: MetricInfo | None) -> tuple[Compare, ...]:
    """Return what a metric can be compared with; nothing where there is none."""
    if info is None:
        return ()
    goal: tuple[Compare, ...] = ("goal",) if info.goal else ()
    benchmark: tuple[Compare, ...] = ("benchmark",) if info.benchmarks else ()
    return ("previous", "year", *goal, *benchmark)


def compared_with(edition: Edition, info: MetricInfo, found: Sequence[Reading], kind: str) -> list[Compared]:
    """Return for each reading what it is compared with; of what others achieve the first that the city names.

    Raises:
        CivicstatError: code ``no-such-comparison``, where the metric has none of that kind.
    """
    known = COMPARISONS.get(kind, "")
    if known not in comparisons(info):
        offered = ", ".join(f"`{name}`" for name in comparisons(info))
        raise CivicstatError(Fault("no-such-comparison", info.name, f"`{kind}`", f"one of {offered}"))
    if known == "benchmark":
        first = info.benchmarks[0]
        return [Compared(known, first.value, _above(item, first.value), benchmark=first) for item in found]
    if known == "goal":
        return [_beside_goal(item) for item in found]
    return [
        Compared(known, _shown(other), _above(item, _shown(other)) if other.complete else None, other.period)
        if other
        else Compared(known, None, None, broken=broken_before(edition, info, item, known))
        for item, other in zip(found, earlier_readings(edition, info, found, known), strict=True)
    ]


def earlier_readings(
    edition: Edition, info: MetricInfo, found: Sequence[Reading], kind: Compare
) -> list[Reading | None]:
    """Return for each reading that of the period before or of the same period a year before.

    None where there is none, and where what is counted changed in between.
    """
    held: dict[tuple[str, frozenset[tuple[str, str]]], Reading] = {}
    for grain, by in dict.fromkeys((item.grain, ",".join(sorted(item.slice))) for item in found):
        for item in edition.readings(info.name, grain=grain, dimension=by):
            held[item.period, frozenset(item.slice.items())] = item
    return [
        held.get((_earlier(edition, item, kind).key, frozenset(item.slice.items())))
        if item.start is not None and broken_before(edition, info, item, kind) is None
        else None
        for item in found
    ]


def broken_before(edition: Edition, info: MetricInfo, item: Reading, kind: Compare) -> BreakInfo | None:
    """Return the change of what is counted that forbids to hold a reading against an earlier one."""
    if item.start is None or not info.breaks:
        return None
    return info.broken(_earlier(edition, item, kind).start, item.end)


def _earlier(edition: Edition, item: Reading, kind: Compare) -> Period:
    step = edition.calendar.previous if kind == "previous" else edition.calendar.year_before
    return step(edition.calendar.parse(item.period))


def _beside_goal(item: Reading) -> Compared:
    value, goal = _shown(item), item.goal
    if not isinstance(goal, tuple):
        return Compared("goal", goal, _above(item, goal))
    if value is None or goal[0] <= value <= goal[1]:
        return Compared("goal", None, None if value is None or not item.complete else 0.0)
    end = goal[0] if value < goal[0] else goal[1]
    return Compared("goal", end, _above(item, end))


def _shown(item: Reading) -> float | None:
    return None if item.suppressed else item.value


def _above(item: Reading, other: float | None) -> float | None:
    value = _shown(item)
    return None if value is None or other is None or not item.complete else round(value - other, _DIGITS)
