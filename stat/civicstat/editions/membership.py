"""What tells the rows a metric counted, in the words of the engine: the very conditions its numbers are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from civicstat.compiler import RowFlags, row_flags, sql_text
from civicstat.editions.attached import segment_table
from civicstat.editions.records import Among, RecordsInfo, Rule
from civicstat.editions.segment import Segment
from civicstat.results import Clock
from civicstat.spec import Dataset, Metric, Project

__all__ = ["Listing", "all_conditions", "is_known", "office_records"]

Sql = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """A dataset whose rows are opened, its clock, the metrics whose numbers open to them, and the engine's dialect."""

    project: Project
    dataset: Dataset
    clock: Clock
    metrics: Sequence[Metric]
    dialect: Dialect

    def flags(self, metric: Metric, rows: sa.FromClause) -> RowFlags:
        """Return the conditions of a metric over ``rows``."""
        return row_flags(metric, self.project, rows, self.clock.value)


def office_records(listing: Listing, segment: Segment) -> RecordsInfo:
    """Return how the rows behind every number are found in the files of the dataset's own records."""
    dataset, clock = listing.dataset, listing.clock
    sensitive = dataset.sensitive()
    rows = segment_table(dataset)
    return RecordsInfo(
        dataset=dataset.name,
        files=segment.files,
        shown=dataset.records.columns or tuple(name for name in dataset.types() if name not in sensitive),
        cut=clock.cut,
        now=clock.now,
        metrics={item.name: _rule(item, listing.flags(item, rows), rows, listing) for item in listing.metrics},
    )


def _rule(metric: Metric, flags: RowFlags, rows: sa.FromClause, listing: Listing) -> Rule:
    hit = flags.hit
    return Rule(
        grain=metric.period,
        counted=sql_text(all_conditions(flags, rows, listing.clock), listing.dialect),
        members={name: sql_text(condition, listing.dialect) for name, condition in flags.members.items()},
        hit=None if hit is None else sql_text(hit, listing.dialect),
        time=flags.time,
        take=flags.take,
        among=_among(flags, listing.dialect),
    )


def _among(flags: RowFlags, dialect: Dialect) -> Among | None:
    again = flags.again
    if again is None:
        return None
    entity, load = (sql_text(item, dialect) for item in (again.entity, again.load))
    among = Among(entity, load, again.window.count, again.window.unit, again.more_than, again.marked)
    if again.cohort is None:
        return among
    return replace(among, top=again.cohort.top, first=again.cohort.begins, on=again.cohort.on)


def all_conditions(flags: RowFlags, rows: sa.FromClause, clock: Clock) -> Sql:
    """Return whether a row is counted in any period, or of a stock at the end of the one that is asked for."""
    if flags.still is not None:
        return sa.and_(flags.still, flags.counted)
    return sa.and_(is_known(flags, rows, clock), flags.counted)


def is_known(flags: RowFlags, rows: sa.FromClause, clock: Clock) -> Sql:
    """Return whether what a row is counted by lies before the clock's end."""
    if flags.opened is not None:
        return rows.c[flags.opened] < sa.literal(clock.cut, sa.DateTime())
    if flags.time is None:
        return sa.true()
    when = rows.c[flags.time]
    return sa.or_(when.is_(None), when < sa.literal(clock.cut, sa.DateTime()))
