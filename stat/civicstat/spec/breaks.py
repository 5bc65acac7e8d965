"""Days on which a metric came to mean something else: numbers before and after are not the same thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from civicstat.period import Calendar
from civicstat.spec.cursor import Value
from civicstat.spec.model import Break, Metric

__all__ = ["all_breaks", "read_breaks"]

_COMPARE: tuple[Literal["refuse", "mark"], ...] = ("refuse", "mark")


def read_breaks(value: Value, period: str, calendar: Calendar) -> tuple[Break, ...]:
    """Return the breaks in order; each begins with a period of the metric, so that no value is of both meanings."""
    found = [made for item in value.items() if (made := _read(item, period, calendar))]
    if len({item.on for item in found}) < len(found):
        value.fault("declared-twice", "each day once", found="two breaks on one day")
    return tuple(sorted(found, key=lambda item: item.on))


def _read(value: Value, period: str, calendar: Calendar) -> Break | None:
    fields = value.fields(("on", "what", "compare"), (), "a break")
    on = fields.need("on", "the first day of the period with which the new meaning begins, as `on: 2026-01-01`")
    what = fields.need("what", "what changed, for readers, as `what: Calls by app count too`")
    compare = fields.word("compare", _COMPARE, "refuse")
    day = on.day() if on else None
    if on and day and period != "all":
        inside = calendar.containing(day, period)
        if inside.start != day:
            nearest = [f"`on: {bound}`" for bound in (inside.start, inside.end) if bound]
            expected = f"the first day of a {period.replace('_', ' ')}"
            on.fault("inside-a-period", expected, "write " + " or ".join(nearest))
    return Break(day, what.text(), compare) if day and what else None


def all_breaks(own: Iterable[Break], behind: Iterable[Metric]) -> tuple[Break, ...]:
    """Return the breaks of a metric with those of the metrics that it is made of, in order."""
    every = (*own, *(item for metric in behind for item in metric.breaks))
    found = {(item.on, item.compare, str(item.what)): item for item in every}
    return tuple(found[key] for key in sorted(found))
