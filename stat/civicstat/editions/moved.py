"""The readings of two edition files that are not the same as published, paired by metric, period and slice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from civicstat.editions.changes import Kind
from civicstat.editions.tables import READINGS
from civicstat.editions.withhold import withheld_status
from civicstat.results import Status

__all__ = ["AFTER", "BEFORE", "Moved", "Told", "moved_readings"]

BEFORE, AFTER = "before", "after"
"""The schemas the two files are attached as."""

_SLACK = 1e-9  # of a sum of fractions, which another order of addition may move
_NUMBERS = ("value", "numerator", "denominator", "n")
_JUDGED = ("status", "reason", "goal_low", "goal_high")


@dataclass(frozen=True, slots=True)
class Told:
    """A reading as it was published: without any number where it was withheld."""

    value: float | None
    parts: tuple[float | None, ...]
    n: int | None
    withheld: bool
    final: bool
    judged: tuple[str, str, float | None, float | None]
    through: date | None

    @property
    def status(self) -> str:
        """The status as published."""
        return self.judged[0]

    @property
    def published(self) -> tuple[object, ...]:
        """All that a reader saw of it."""
        return self.withheld, self.value, self.parts, self.n, self.judged


@dataclass(frozen=True, slots=True)
class Moved:
    """One number of which two editions do not say the same; None where one of them says nothing.

    ``start`` and ``stop`` are the half-open days that the earlier number counted, None without a bound.
    """

    metric: str
    grain: str
    period: str
    slice: Mapping[str, str]
    before: Told | None
    after: Told | None
    start: date | None
    stop: date | None

    @property
    def withheld(self) -> bool:
        """Whether either edition withheld the number, so that nothing of it may be told now."""
        return any(told is not None and told.withheld for told in (self.before, self.after))

    @property
    def numbers_moved(self) -> bool:
        """Whether the number itself is another, and not its judgement alone."""
        if self.before is None or self.after is None:
            return True
        if self.withheld:
            return self.before.withheld != self.after.withheld
        return not all(map(_same, _numbers(self.before), _numbers(self.after)))

    @property
    def kind(self) -> Kind:
        """What kind of change it is."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "gone"
        if not self.before.final or self.before.through != self.after.through:
            return "settled"
        return "restated" if self.numbers_moved else "judged"


def moved_readings(connection: sa.Connection) -> Iterator[Moved]:
    """Yield what differs between the readings attached as ``before`` and as ``after``, by metric, slice and time."""
    before, after = (READINGS.to_metadata(sa.MetaData(), schema=name).c for name in (BEFORE, AFTER))
    both = sa.and_(*(before[name] == after[name] for name in ("metric", "period", "slice")))
    names = (*_NUMBERS, *_JUDGED, "complete", "final", "suppressed", "through", "start", "end")
    keys = ("metric", "grain", "period", "dimension", "slice")
    columns = [sa.func.coalesce(after[name], before[name]).label(name) for name in keys]
    columns += [
        side[name].label(f"{label}_{name}") for label, side in ((BEFORE, before), (AFTER, after)) for name in names
    ]
    columns += [side["metric"].is_not(None).label(label) for label, side in ((BEFORE, before), (AFTER, after))]
    hidden = sa.and_(before.suppressed, after.suppressed, before.status == after.status)
    differs = [before.metric.is_(None), after.metric.is_(None), before.suppressed != after.suppressed]
    differs += [_far(before[name], after[name]) for name in _NUMBERS]
    differs += [before[name].is_distinct_from(after[name]) for name in _JUDGED]
    select = sa.select(*columns).select_from(before.metric.table.join(after.metric.table, both, full=True))
    select = select.where(sa.or_(*differs), sa.func.coalesce(sa.not_(hidden), sa.true()))
    order = [sa.func.coalesce(after[name], before[name]) for name in ("metric", "dimension", "grain", "start", "slice")]
    for row in connection.execute(select.order_by(*order)):
        moved = _moved(row._mapping)
        if moved.before is None or moved.after is None or moved.before.published != moved.after.published:
            yield moved  # what is withheld in both looks alike, whatever lies behind it


def _moved(values: Mapping[Any, Any]) -> Moved:
    before, after = (_told(values, label) if values[label] else None for label in (BEFORE, AFTER))
    side = BEFORE if before else AFTER
    stop = values[f"{side}_through"]
    return Moved(
        metric=values["metric"],
        grain=values["grain"],
        period=values["period"],
        slice=json.loads(values["slice"]),
        before=before,
        after=after,
        start=values[f"{side}_start"],
        stop=stop + timedelta(days=1) if stop else values[f"{side}_end"],
    )


def _told(values: Mapping[Any, Any], label: str) -> Told:
    value, numerator, denominator, n, status, reason, low, high = (
        values[f"{label}_{name}"] for name in (*_NUMBERS, *_JUDGED)
    )
    final, through = values[f"{label}_final"], values[f"{label}_through"]
    if values[f"{label}_suppressed"]:
        shown = withheld_status(Status(status)).value
        return Told(None, (), None, True, values[f"{label}_complete"], (shown, "", low, high), through)
    return Told(value, (numerator, denominator), n, False, final, (status, reason, low, high), through)


def _numbers(told: Told) -> tuple[float | None, ...]:
    return told.value, told.n, *told.parts


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _SLACK * max(abs(one), abs(other))


def _far(one: sa.ColumnElement[Any], other: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    slack = sa.func.greatest(sa.func.abs(one), sa.func.abs(other)) * sa.literal(_SLACK, sa.Double())
    return sa.func.coalesce(sa.func.abs(one - other) > slack, one.is_distinct_from(other))
