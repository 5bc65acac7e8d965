"""The records of which two editions do not hold the same, and which of a metric's periods they count in."""

from __future__ import annotations

import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from civicstat.compiler import SQL_TYPES, RowFlags, parameters_of, row_flags
from civicstat.editions.explained import named
from civicstat.editions.folder import Folder
from civicstat.editions.moved import Moved
from civicstat.editions.side import Side, segment_files
from civicstat.results import Clock, moments
from civicstat.spec import Conversion, Dataset, Duration, Metric, Project, Stock, Within
from civicstat.warehouse import attach, open_writer

__all__ = ["MovedRows", "Trace", "open_moved_rows"]

Sql = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of the rows behind a number, as they would have been known at the clock of the earlier edition.

    ``altered``: a row it counted is another now, or is gone, or one it held already counts now. ``late``: one that it
    did not hold counts.
    """

    altered: bool = False
    late: bool = False


class MovedRows:
    """Compares the records of two editions, each dataset once, and only where a number asks for it."""

    def __init__(self, engine: sa.Engine, before: Side, after: Side, parts: Mapping[str, _Parts | None]) -> None:
        self._engine = engine
        self._before = before
        self._after = after
        self._parts = parts
        self._tables: dict[str, sa.Table] = {}
        self._traces: dict[tuple[object, ...], _Traces] = {}
        self._early: dict[tuple[str, str], bool] = {}

    def trace(self, moved: Moved) -> Trace | None:
        """Return what became of the rows behind a number; None where it cannot be told.

        Both editions must be declared alike, as far as the metric is concerned.
        """
        project = self._after.project
        metric = project.metrics.get(moved.metric) if project else None
        if project is None or metric is None:
            return None
        parts = self._parts.get(metric.dataset)
        if parts is None:
            return None
        if not parts.before and not parts.after:
            return Trace()
        try:
            return self._trace(moved, metric, project, parts)
        except (sa.exc.SQLAlchemyError, ValueError):  # as in a build: a metric may fail on its rows
            return None

    def _trace(self, moved: Moved, metric: Metric, project: Project, parts: _Parts) -> Trace:
        clock = self._before.clock(metric.dataset)
        end = min(_midnight(moved.stop), clock.cut) if isinstance(metric.body, Stock) and moved.stop else None
        split = tuple(moved.slice)
        asked = (metric.name, split, end)
        if asked not in self._traces:
            table = self._table(project.datasets[metric.dataset], parts)
            if not self._any_early(table, metric, clock):
                return Trace()
            select = _select(metric, project, table, clock, split, end)
            with self._engine.connect() as connection:
                self._traces[asked] = _Traces.of(connection.execute(select).all(), len(split))
        found = self._traces[asked]
        member = tuple(moved.slice.values())
        return found.all(member) if end or moved.start is None else found.between(member, moved.start, moved.stop)

    def _any_early(self, table: sa.Table, metric: Metric, clock: Clock) -> bool:
        """Return whether any of the rows can have been known then: what a later day brings is seen at one look."""
        names = moments(metric)[0]
        if not names:
            return True
        asked = metric.dataset, names[0]
        if asked not in self._early:
            moment = table.c[names[0]]
            known = sa.or_(moment.is_(None), moment < sa.literal(clock.cut, sa.DateTime()))
            with self._engine.connect() as connection:
                found = connection.execute(sa.select(sa.literal(1)).where(known).select_from(table).limit(1)).first()
            self._early[asked] = found is not None
        return self._early[asked]

    def _table(self, dataset: Dataset, parts: _Parts) -> sa.Table:
        """Return the table of the rows that are not in both, written at the first call.

        ``_more`` is how many more of a row there are in the later edition, and negative for fewer; ``_held`` says that
        the earlier one held a row of the same key.
        """
        if dataset.name not in self._tables:
            self._tables[dataset.name] = _write_table(self._engine, dataset, parts)
        return self._tables[dataset.name]


@contextmanager
def open_moved_rows(folder: Folder, before: Side, after: Side) -> Iterator[MovedRows]:
    """Give what compares the records of two editions. Files that both refer to hold the same and are not read."""
    with tempfile.TemporaryDirectory() as scratch:
        engine = open_writer(Path(":memory:"), scratch=Path(scratch))
        try:
            parts = {name: _attach(engine, folder, name, before, after) for name in after.manifest["datasets"]}
            yield MovedRows(engine, before, after, parts)
        finally:
            engine.dispose()


@dataclass(frozen=True, slots=True)
class _Parts:
    """The schemas of the files that only one of the editions refers to."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Traces:
    """Traces by member, and by day in order; the first are those of rows without a day."""

    days: Mapping[tuple[str, ...], Sequence[date]]
    traces: Mapping[tuple[str, ...], Sequence[Trace]]

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]], split: int) -> _Traces:
        days: dict[tuple[str, ...], list[date]] = {}
        traces: dict[tuple[str, ...], list[Trace]] = {}
        for day, *members, altered, late in sorted(rows, key=lambda row: row[0] or date.min):
            member = tuple(members[:split])
            days.setdefault(member, []).append(day or date.min)
            traces.setdefault(member, []).append(Trace(altered, late))
        return cls(days, traces)

    def all(self, member: tuple[str, ...]) -> Trace:
        return _joined(self.traces.get(member, ()))

    def between(self, member: tuple[str, ...], start: date, stop: date | None) -> Trace:
        days = self.days.get(member, ())
        first, last = bisect_left(days, start), bisect_left(days, stop) if stop else len(days)
        return _joined(self.traces.get(member, ())[first:last])


def _joined(traces: Sequence[Trace]) -> Trace:
    return Trace(any(item.altered for item in traces), any(item.late for item in traces))


def _attach(engine: sa.Engine, folder: Folder, name: str, before: Side, after: Side) -> _Parts | None:
    """Attach the files of a dataset that only one edition refers to; None where one of them is no longer kept."""
    entries = [side.manifest["datasets"].get(name) for side in (before, after)]
    if None in entries:
        return None
    one, other = (segment_files(entry) for entry in entries)
    schemas = []
    for label, mine, others in (("before", one, other), ("after", other, one)):
        files = [file for file in mine if file not in others]
        if not all((folder.segments / file).is_file() for file in files):
            return None
        schemas.append(tuple(f"{label}_{position}_{name}" for position in range(len(files))))
        for schema, file in zip(schemas[-1], files, strict=True):
            attach(engine, folder.segments / file, schema)
    return _Parts(*schemas)


def _write_table(engine: sa.Engine, dataset: Dataset, parts: _Parts) -> sa.Table:
    columns = {name: SQL_TYPES[kind] for name, kind in dataset.types().items()}
    marks = (sa.Column("_more", sa.BigInteger), sa.Column("_held", sa.Boolean))
    table = sa.Table(dataset.name, sa.MetaData(), *(sa.Column(name, kind) for name, kind in columns.items()), *marks)
    sides = [
        sa.union_all(*(_rows(dataset, schema) for schema in schemas)).subquery() if schemas else None
        for schemas in (parts.before, parts.after)
    ]
    prints = sa.union_all(
        *(
            sa.select(_print(rows, columns).label("print"), sa.literal(sign).label("sign")).select_from(rows)
            for rows, sign in zip(sides, (-1, 1), strict=True)
            if rows is not None
        )
    ).subquery()
    total = sa.func.sum(prints.c.sign)
    differ = sa.select(prints.c.print, total.label("more")).group_by(prints.c.print).having(total != 0).cte("differ")
    with engine.begin() as connection:
        table.create(connection)
        for rows, earlier in zip(sides, (True, False), strict=True):
            if rows is not None:
                held = sa.false() if earlier else _held(table, rows, dataset.key)
                side = differ.c.more < 0 if earlier else differ.c.more > 0
                number = sa.func.row_number().over(partition_by=differ.c.print)
                found = sa.select(rows, differ.c.more.label("_more"), held.label("_held"), number.label("_number"))
                found = found.join_from(rows, differ, _print(rows, columns) == differ.c.print).where(side)
                one = found.subquery()  # of rows that are alike one stands for all
                names = [*columns, "_more", "_held"]
                select = sa.select(*(one.c[name] for name in names)).where(one.c["_number"] == 1)
                connection.execute(sa.insert(table).from_select(names, select))
    return table


def _rows(dataset: Dataset, schema: str) -> sa.Select[Any]:
    table = sa.table(
        "rows", *(sa.column(name, SQL_TYPES[kind]) for name, kind in dataset.types().items()), schema=schema
    )
    return sa.select(*table.columns)


def _print(rows: sa.FromClause, columns: Mapping[str, Any]) -> Sql:
    return sa.func.hash(*(rows.c[name] for name in columns), type_=sa.Numeric())


def _held(table: sa.Table, rows: sa.FromClause, key: Sequence[str]) -> Sql:
    """Return the condition that the earlier edition held a row of the same key; what is equal in both is not here."""
    if not key:
        return sa.false()
    earlier = table.alias("earlier")
    same = (earlier.c[name].is_not_distinct_from(rows.c[name]) for name in key)
    return sa.exists().where(sa.or_(*(rows.c[name].is_not(None) for name in key)), *same)


def _select(
    metric: Metric, project: Project, table: sa.Table, clock: Clock, split: Sequence[str], end: datetime | None
) -> sa.Select[Any]:
    """Return the query of (day, members, altered, late) of the rows that a metric counts in one edition alone.

    What happened after the earlier clock is not looked at: rows dated later, and ends that came later.
    """
    cut = sa.literal(clock.cut, sa.DateTime())
    closing = _closing(metric)
    seen = sa.select(
        *(sa.case((item < cut, item)).label(item.name) if item.name == closing else item for item in table.columns)
    ).subquery("seen")
    flags = row_flags(metric, project, seen, clock.value)
    if flags.take or flags.again or isinstance(metric.body, Conversion):
        raise ValueError(f"which rows `{metric.name}` takes cannot be told from those that moved alone")
    time_name = flags.opened or flags.time
    moment = seen.c[time_name] if time_name else None
    known = [] if moment is None else [sa.or_(moment.is_(None), moment < cut)]
    # What makes a row count otherwise: its member, what is measured of it, whether it is in the numerator; its key.
    words = {
        "day": sa.cast(moment, sa.Date()) if moment is not None else sa.cast(sa.null(), sa.Date()),
        **{f"by_{name}": _member(flags, name) for name in split},
        **{f"in_{name}": seen.c[name] for name in _measured(metric, project)},
        "hit": flags.hit if flags.hit is not None else sa.false(),
    }
    inner = sa.select(*(word.label(name) for name, word in words.items()), seen.c["_more"], seen.c["_held"])
    rows = inner.where(flags.counted, *known, *_open_at(seen, flags, end)).subquery()
    keys = [rows.c[name] for name in words]
    more = sa.func.sum(rows.c["_more"])
    held = sa.func.bool_or(rows.c["_held"])
    each = sa.select(*keys, more.label("more"), held.label("held")).group_by(*keys).having(more != 0).subquery()
    shown = [each.c["day"], *(each.c[f"by_{name}"] for name in split)]
    altered = sa.func.bool_or(sa.or_(each.c.more < 0, each.c.held))
    late = sa.func.bool_or(sa.and_(each.c.more > 0, sa.not_(each.c.held)))
    return sa.select(*shown, altered, late).group_by(*shown)


def _member(flags: RowFlags, name: str) -> Sql:
    """Return the member of a row; one whose members change with the clock or the records cannot be told."""
    found = flags.keys.get(name)
    if found is None or parameters_of(found):
        raise ValueError(f"the members of `{name}` are not those of a row alone")
    return found


def _open_at(seen: sa.FromClause, flags: RowFlags, end: datetime | None) -> list[Sql]:
    """Return the conditions of a row that is open at the end of a period, whatever its age."""
    if end is None or flags.opened is None or flags.closed is None:
        return []
    moment, closed = sa.literal(end, sa.DateTime()), seen.c[flags.closed]
    return [seen.c[flags.opened] < moment, sa.or_(closed.is_(None), closed >= moment)]


def _closing(metric: Metric) -> str | None:
    """Return the column that says when a row was finished, which time fills in without anything being mended."""
    match metric.body:
        case Within(end=column) | Duration(end=column) | Stock(closed=column):
            return column
    return None


def _measured(metric: Metric, project: Project) -> list[str]:
    """Return the columns whose values make the number, besides those that only decide whether a row counts."""
    dataset = project.datasets[metric.dataset]
    names = dict.fromkeys((*dataset.key, *(() if isinstance(metric.body, Within) else named(metric.body))))
    closed = metric.body.closed if isinstance(metric.body, Stock) else None
    return [name for name in names if name in dataset.types() and name != closed]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
