"""The rows residents may see: in files of their own that hold nothing else, and that editions share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from civicstat.compiler import RowFlags, columns_of, parameters_of, sql_text
from civicstat.editions.attached import attach_segments, part_tables, segment_table
from civicstat.editions.digest import digest
from civicstat.editions.folder import Folder, sync
from civicstat.editions.membership import Listing, all_conditions, is_known
from civicstat.editions.readers import UNREADABLE, reader_of
from civicstat.editions.records import RecordsInfo, Rule
from civicstat.editions.segment import Segment
from civicstat.spec import Metric
from civicstat.warehouse import checkpoint, execute, open_writer

__all__ = ["publish_rows"]

Sql = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class _Opened:
    """How one metric's rows are open to the public: those it may ever count, and the marks its rule asks for."""

    rule: Rule
    rows: Sql
    marks: Mapping[str, Sql]


def publish_rows(connection: sa.Connection, folder: Folder, listing: Listing, segment: Segment) -> RecordsInfo:
    """Return where the publishable rows of a dataset lie, one file beside each of its own, written where it is missing.

    The files hold the public columns. What a condition asks of another column is kept as a mark beside them. Neither
    depends on the clock as long as no record is dated after it, so that the next edition finds its files written.
    """
    folder.public.mkdir(parents=True, exist_ok=True)
    dataset, clock = listing.dataset, listing.clock
    files, metrics = [], {}
    for file, table in zip(segment.files, part_tables(dataset, segment), strict=True):
        ahead = _dated_ahead(connection, listing, table)
        rows = segment_table(dataset)
        found = {item.name: _opened(item, listing.flags(item, rows), rows, listing, ahead) for item in listing.metrics}
        opened = {name: item for name, item in found.items() if item is not None}
        files.append(_file(folder, listing, replace(segment, files=(file,)), rows, opened))
        metrics = {name: item.rule for name, item in opened.items()}
    return RecordsInfo(dataset.name, tuple(files), dataset.records.public, clock.cut, clock.now, metrics)


def _dated_ahead(connection: sa.Connection, listing: Listing, table: sa.Table) -> bool:
    """Return whether any record of a file is dated after what is known."""
    flags = [listing.flags(metric, table) for metric in listing.metrics]
    names = sorted({name for item in flags for name in (item.time, item.opened, item.closed) if name})
    if not names:
        return False
    cut = sa.literal(listing.clock.cut, sa.DateTime())
    return bool(connection.execute(sa.select(sa.or_(*(sa.func.max(table.c[name]) >= cut for name in names)))).scalar())


def _opened(metric: Metric, flags: RowFlags, rows: sa.Table, listing: Listing, ahead: bool) -> _Opened | None:
    """Return how the rows of a metric are opened; None where the list would tell days or moments that are not public.

    Nor are lists of the rows of those who come again: they would tell which rows are of one and the same.
    """
    if flags.again is not None:
        return None
    public, dialect = frozenset(listing.dataset.records.public), listing.dialect
    ever = sa.and_(is_known(flags, rows, listing.clock), flags.lasting) if ahead else flags.lasting
    counted, marks, time = all_conditions(flags, rows, listing.clock), {}, flags.time
    if not {*columns_of(counted), *filter(None, [time])} <= public:
        if parameters_of(flags.counted) or flags.take:
            return None
        marks = dict(_marks(metric, flags, rows, listing, ever, ahead))
        counted, time = _by_marks(metric, flags, marks)
    hit = flags.hit
    if hit is not None and not columns_of(hit) <= public:
        marks[f"_hit_{metric.name}"] = flags.promise.hit if flags.promise else hit
        hit = sa.column(f"_hit_{metric.name}", sa.Boolean())
    rule = Rule(
        grain=metric.period,
        counted=sql_text(counted, dialect),
        members={name: sql_text(item, dialect) for name, item in flags.members.items() if columns_of(item) <= public},
        hit=None if hit is None else sql_text(hit, dialect),
        time=time,
        take=flags.take,
    )
    return _Opened(rule, ever, marks)


def _marks(
    metric: Metric, flags: RowFlags, rows: sa.Table, listing: Listing, ever: Sql, ahead: bool
) -> Iterator[tuple[str, Sql]]:
    """Yield what is kept of columns that are not public: whether a row counts, and when, no closer than is asked."""
    name, cut = metric.name, sa.literal(listing.clock.cut, sa.DateTime())
    yield f"_in_{name}", ever
    if flags.time is not None:
        yield f"_when_{name}", sa.case((ever, _day(rows.c[flags.time], metric)))
    if flags.opened is not None:
        yield f"_opened_{name}", sa.case((ever, _day(rows.c[flags.opened], metric)))
    if flags.closed is not None:
        closed = rows.c[flags.closed]
        yield f"_closed_{name}", sa.case((sa.and_(ever, closed < cut) if ahead else ever, _day(closed, metric)))
    if flags.promise is not None and columns_of(flags.promise.due):
        due = flags.promise.due
        if listing.clock.is_date and not isinstance(due.type, sa.Integer):
            due = sa.cast(sa.func.date_trunc(sa.literal_column("'day'"), due), sa.Date())
        yield f"_due_{name}", sa.case((ever, due))


def _day(moment: Sql, metric: Metric) -> Sql:
    """Return the day of a moment; the first of its month where every period of the metric is made of months."""
    unit = "day" if metric.period in ("day", "week") else "month"
    return sa.cast(sa.func.date_trunc(sa.literal_column(f"'{unit}'"), moment), sa.Date())


def _by_marks(metric: Metric, flags: RowFlags, marks: Mapping[str, Sql]) -> tuple[Sql, str | None]:
    """Return the condition on a row to be counted, and the column of its day, in terms of the marks."""
    name = metric.name
    counted: Sql = sa.column(f"_in_{name}", sa.Boolean())
    if flags.still is not None:
        cut = sa.bindparam("cut", type_=sa.DateTime())
        counted = sa.and_(counted, sa.column(f"_opened_{name}", sa.Date()) < cut)
        if flags.closed is not None:
            closed = sa.column(f"_closed_{name}", sa.Date())
            counted = sa.and_(counted, sa.or_(closed.is_(None), closed >= cut))
        return counted, None
    if flags.promise is not None and f"_due_{name}" in marks:
        kind = flags.promise.due.type
        due = sa.column(f"_due_{name}", kind if isinstance(kind, sa.Integer) else sa.DateTime())
        counted = sa.and_(counted, sa.or_(due.is_(None), due < flags.promise.at))
    return counted, f"_when_{name}" if flags.time else None


def _file(folder: Folder, listing: Listing, part: Segment, rows: sa.Table, opened: Mapping[str, _Opened]) -> str:
    """Write the public file beside one file of records, unless it is there, and return its name."""
    dataset, dialect = listing.dataset, listing.dialect
    marks = {name: mark for item in opened.values() for name, mark in item.marks.items()}
    where = sa.or_(sa.false(), *(item.rows for item in opened.values()))
    texts = {name: sql_text(mark, dialect) for name, mark in marks.items()}
    names = ("_row", *dataset.records.public)
    file = f"{dataset.name}-{digest(part.files, names, texts, sql_text(where, dialect))}.duckdb"
    if not _is_whole(folder.public / file, (*names, *marks)):
        aside = folder.public / f".building-{file}"
        aside.unlink(missing_ok=True)
        engine = open_writer(aside, scratch=folder.building("scratch"))
        try:
            attach_segments(engine, folder, {dataset.name: part})
            columns = {name: rows.c[name] for name in names} | marks
            made = sa.Table("rows", sa.MetaData(), *(sa.Column(name, item.type) for name, item in columns.items()))
            execute(engine, sa.schema.CreateTable(made))
            execute(engine, sa.insert(made).from_select([*columns], sa.select(*columns.values()).where(where)))
            checkpoint(engine)
        finally:
            engine.dispose()
        sync(aside)
        aside.replace(folder.public / file)
        sync(folder.public)
    return file


def _is_whole(path: Path, names: Sequence[str]) -> bool:
    """Return whether a file is there and can be read; a broken one is written again."""
    try:
        reader = reader_of(path)
        execute(reader.engine, sa.select(*map(sa.column, names)).select_from(sa.table("rows")).limit(1))
    except UNREADABLE:
        return False
    return True
