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
_TOLD = ("metric", *_NUMBERS, *_JUDGED, "complete", "final", "suppressed", "through", "start", "end")
"""What each side tells of a reading, the metric where it has one at all; in the order of ``_told``."""


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
        before, after = self.before, self.after
        return (before is not None and before.withheld) or (after is not None and after.withheld)

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
    keys = ("metric", "grain", "period", "slice")
    columns = [sa.func.coalesce(after[name], before[name]).label(name) for name in keys]
    columns += [
        side[name].label(f"{label}_{name}") for label, side in ((BEFORE, before), (AFTER, after)) for name in _TOLD
    ]
    hidden = sa.and_(before.suppressed, after.suppressed, before.status == after.status)
    differs = [before.metric.is_(None), after.metric.is_(None), before.suppressed != after.suppressed]
    differs += [_far(before[name], after[name]) for name in _NUMBERS]
    differs += [before[name].is_distinct_from(after[name]) for name in _JUDGED]
    select = sa.select(*columns).select_from(before.metric.table.join(after.metric.table, both, full=True))
    select = select.where(sa.or_(*differs), sa.func.coalesce(sa.not_(hidden), sa.true()))
    order = [sa.func.coalesce(after[name], before[name]) for name in ("metric", "dimension", "grain", "start", "slice")]
    for row in connection.execute(select.order_by(*order)):
        moved = _moved(tuple(row))
        if moved.before is None or moved.after is None or moved.before.published != moved.after.published:
            yield moved  # what is withheld in both looks alike, whatever lies behind it


def _moved(row: tuple[Any, ...]) -> Moved:
    """Return what a row says: the four keys, and what each side tells."""
    sides = row[4 : 4 + len(_TOLD)], row[4 + len(_TOLD) :]
    before, after = (_told(side) if side[0] is not None else None for side in sides)
    through, start, end = sides[0 if before else 1][-3:]
    return Moved(
        metric=row[0],
        grain=row[1],
        period=row[2],
        slice=json.loads(row[3]),
        before=before,
        after=after,
        start=start,
        stop=through + timedelta(days=1) if through else end,
    )


def _told(side: tuple[Any, ...]) -> Told:
    _, value, numerator, denominator, n, status, reason, low, high, complete, final, suppressed, through, _, _ = side
    if suppressed:
        return Told(None, (), None, True, complete, (withheld_status(Status(status)).value, "", low, high), through)
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
