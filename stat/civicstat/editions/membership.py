"""Marks which rows each metric counts, so that a list of rows can never disagree with its number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from civicstat.compiler import SQL_TYPES, AgeBounds, Ending, RowFlags, row_flags
from civicstat.editions.records import LISTED, Membership, RecordsInfo
from civicstat.editions.withhold import sensitive_columns
from civicstat.results import Clock
from civicstat.spec import Dataset, Metric, Project

__all__ = ["Listing", "write_records"]

Sql = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """One dataset's rows in one file: its table and clock, and the metrics whose rows may be opened there.

    ``ends`` are the period ends of each stock by the last day its readings count.
    """

    project: Project
    dataset: Dataset
    rows: sa.Table
    clock: Clock
    metrics: Sequence[Metric]
    ends: Mapping[str, Mapping[date, Ending]]
    segment: tuple[str, ...] | None

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns a person sees. Without a segment to read them from, the file is public and holds only these."""
        records = self.dataset.records
        if self.segment is None:
            return records.public
        sensitive = sensitive_columns(self.dataset)
        return records.columns or tuple(name for name in self.dataset.types() if name not in sensitive)


def write_records(connection: sa.Connection, listing: Listing) -> RecordsInfo:
    """Write the records table of a dataset and the listed rows of its stocks by age, and return what they hold."""
    types = listing.dataset.types()
    split = tuple(dict.fromkeys(item.by for metric in listing.metrics for item in metric.dimensions))
    if listing.segment is None:
        split = tuple(name for name in split if name in listing.shown)
    held = listing.shown if listing.segment is None else split
    flags = {
        metric.name: row_flags(metric, listing.project, listing.rows, listing.clock.value) for metric in listing.metrics
    }
    info = RecordsInfo(
        dataset=listing.dataset.name,
        shown=listing.shown,
        split=split,
        metrics={metric.name: _membership(metric, flags[metric.name]) for metric in listing.metrics},
        segment=listing.segment,
    )
    marks: dict[str, Sql] = {}
    counted: list[Sql] = []
    for metric in listing.metrics:
        found = dict(_marks(metric, flags[metric.name], listing))
        marks |= {name: column for name, column in found.items() if info.metrics[metric.name].kind != "listed"}
        counted.append(found[f"_in_{metric.name}"])
    columns = {name: listing.rows.c[name] for name in held} | marks
    table = sa.Table(
        info.table,
        sa.MetaData(),
        sa.Column("_row", sa.BigInteger, nullable=False),
        *(sa.Column(name, SQL_TYPES[types[name]]) for name in held),
        *(sa.Column(name, sa.Boolean if name.startswith(("_in_", "_hit_")) else sa.Date) for name in marks),
    )
    table.create(connection)
    number = listing.rows.c["_row"]
    source = sa.select(number, *columns.values()).where(sa.or_(sa.false(), *counted)).order_by(number)
    connection.execute(sa.insert(table).from_select(["_row", *columns], source))
    for metric in listing.metrics:
        age = flags[metric.name].age
        if age is not None:
            _write_listed(connection, metric, flags[metric.name], age, listing)
    return info


def _membership(metric: Metric, flags: RowFlags) -> Membership:
    if flags.opened is not None:
        return Membership("stock" if flags.age is None else "listed", metric.period)
    return Membership("flow" if flags.time else "always", metric.period, flags.hit is not None)


def _marks(metric: Metric, flags: RowFlags, listing: Listing) -> Iterator[tuple[str, Sql]]:
    """Yield the marking columns of a metric. A row's day is kept only as far as its periods need it."""
    columns, cut = listing.rows.c, sa.literal(listing.clock.cut, sa.DateTime())
    if flags.opened is not None and flags.closed is not None:
        opened, closed = columns[flags.opened], columns[flags.closed]
        yield f"_in_{metric.name}", sa.func.coalesce(sa.and_(flags.counted, opened < cut), sa.false())
        yield f"_opened_{metric.name}", _day(opened, metric)
        yield f"_closed_{metric.name}", _day(sa.case((closed < cut, closed)), metric)
        return
    counted = flags.counted
    if flags.time is not None:
        when = columns[flags.time]
        counted = sa.and_(counted, sa.or_(when.is_(None), when < cut))
        yield f"_when_{metric.name}", _day(when, metric)
    yield f"_in_{metric.name}", counted
    if flags.hit is not None:
        yield f"_hit_{metric.name}", flags.hit


def _day(moment: Sql, metric: Metric) -> Sql:
    """Return the day of a moment; the first of its month where every period of the metric is made of months."""
    unit = "day" if metric.period in ("day", "week") else "month"
    return sa.cast(sa.func.date_trunc(sa.literal_column(f"'{unit}'"), moment), sa.Date())


def _write_listed(connection: sa.Connection, metric: Metric, flags: RowFlags, age: AgeBounds, listing: Listing) -> None:
    """Write the rows of a stock by age, period end by period end."""
    assert flags.opened is not None
    assert flags.closed is not None
    opened, closed = listing.rows.c[flags.opened], listing.rows.c[flags.closed]
    for through, end in listing.ends.get(metric.name, {}).items():
        cut = sa.literal(end.cut, sa.DateTime())
        at = datetime.combine(end.last, time()) if flags.whole_days else end.at
        since = sa.cast(opened, sa.DateTime())
        conditions = [_older(since, how, at - timedelta(days=days)) for how, days in age.bounds]
        still = sa.and_(flags.counted, opened < cut, sa.or_(closed.is_(None), closed >= cut), *conditions)
        source = sa.select(sa.literal(metric.name), sa.literal(through, sa.Date()), listing.rows.c["_row"]).where(still)
        connection.execute(sa.insert(LISTED).from_select(["metric", "through", "_row"], source))


def _older(opened: Sql, how: str, moment: datetime) -> Sql:
    """Return the condition on an age as one on the opening: the older, the earlier."""
    edge = sa.literal(moment, sa.DateTime())
    return {"lt": opened > edge, "le": opened >= edge, "gt": opened < edge, "ge": opened <= edge}[how]
