"""The finished table ``rows`` of a dataset: typed, derived, one a key, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from civicstat.compiler import SQL_TYPES, AsOfValue, row_sql
from civicstat.errors import Fault, SourceError
from civicstat.spec import City, ColumnType, Dataset
from civicstat.warehouse.connect import execute
from civicstat.warehouse.held import CannotAddError, Held, names_clock
from civicstat.warehouse.quarantine import FILES, record_number, ways_to_fail
from civicstat.warehouse.stage import Stage

__all__ = ["Clock", "moment_of", "write_rows", "write_selected"]

Sql = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Clock:
    """The dataset's as-of; ``is_date``: all of that day is known."""

    at: datetime
    is_date: bool


def write_rows(
    engine: sa.Engine,
    dataset: Dataset,
    city: City,
    stage: Stage,
    fetched_at: datetime,
    clean: bool,
    held: Held | None,
) -> tuple[Clock, int]:
    """Write ``rows``: typed, derived, one a key, in order of time; return the clock and the duplicates left out.

    Raises:
        SourceError: a derived column cannot be worked out, or the clock's columns hold no value.
        CannotAddError: the clock has moved on from that of the held rows, and rows depend on it.
    """
    base = _base(dataset, stage, clean)
    before = datetime.fromisoformat(held.report.as_of) if held else None
    clock = _clock(engine, dataset, city, base, Clock(_local(fetched_at, city.time_zone), False), before)
    if before is not None and clock.at != before and names_clock(dataset):
        raise CannotAddError("clock-moved")
    first = held.report.loaded if held else 0
    return clock, _finish(engine, dataset, city, base, clock, in_order=stage.in_order, whole=clean, first=first)


def write_selected(
    engine: sa.Engine, dataset: Dataset, city: City, selected: sa.FromClause, clock: Clock
) -> tuple[Clock, int]:
    """Write ``rows`` of what a `select` gave, as ``write_rows`` writes a file's; ``clock`` is that of what it read.

    Raises:
        SourceError: a derived column cannot be worked out, or the clock's columns hold no value.
    """
    names = [selected.c[name] for name in (*dataset.columns, "_file", "_record")]
    base = sa.select(*names, sa.literal(0).label("_index"), (selected.c["_record"] - 1).label("_at")).subquery("base")
    own = _clock(engine, dataset, city, base, clock, None)
    return own, _finish(engine, dataset, city, base, own, in_order=True, whole=True, first=0)


def _finish(
    engine: sa.Engine,
    dataset: Dataset,
    city: City,
    base: sa.Subquery,
    clock: Clock,
    *,
    in_order: bool,
    whole: bool,
    first: int,
) -> int:
    """Derive, keep one row a key, write; return the duplicates left out. ``whole``: no record has been set aside."""
    derived = _derive(dataset, city, base, AsOfValue(clock.at, clock.is_date))
    try:
        kept, duplicates = _keep(engine, dataset, derived)
        sort = bool(dataset.time) or not in_order or bool(duplicates)
        _write(engine, dataset, kept, sort, numbered=whole and not sort, first=first)
    except DBAPIError as error:
        raise SourceError(_derive_fault(engine, dataset, city, base, clock, error)) from error
    return duplicates


def _base(dataset: Dataset, stage: Stage, clean: bool) -> sa.Subquery:
    rows = stage.rows
    chosen = sa.select(
        *(rows.c[f"v{i}"].label(name) for i, name in enumerate(dataset.columns)),
        rows.c.file.label("_index"),
        FILES.c.name.label("_file"),
        record_number(rows).label("_record"),
        sa.literal_column("stage.rowid", sa.BigInteger).label("_at"),
    ).join_from(rows, FILES, rows.c.file == FILES.c.file)
    failing = ways_to_fail(dataset, rows)
    if not clean and failing:
        chosen = chosen.where(sa.not_(sa.or_(*(sa.func.coalesce(cond, sa.false()) for cond, *_ in failing))))
    return chosen.subquery("base")


def _clock(
    engine: sa.Engine, dataset: Dataset, city: City, base: sa.Subquery, otherwise: Clock, before: datetime | None
) -> Clock:
    said = dataset.as_of
    if said.at is not None:
        whole = not isinstance(said.at, datetime)
        return Clock(moment_of(said.at), whole)
    if not said.columns:
        return otherwise
    # Only a clock that is itself derived needs the derived columns, and those cannot know the clock.
    known = _derive(dataset, city, base, None) if set(said.columns) & dataset.derive.keys() else base
    types = dataset.types()
    greatest = execute(engine, sa.select(*(sa.func.max(known.c[name]) for name in said.columns)))[0]
    values = [moment_of(value) for value in (*greatest, before) if value is not None]
    if not values:
        listed = ", ".join(f"`{name}`" for name in said.columns)
        raise SourceError(
            Fault(
                "no-clock",
                f"datasets.{dataset.name}.as_of",
                f"no value in {listed}",
                "at least one dated record",
                "",
                dataset.place,
            )
        )
    return Clock(max(values), all(types[name] is ColumnType.DATE for name in said.columns))


def moment_of(value: date | datetime) -> datetime:
    """Return a day as its first instant, a moment as it is."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _local(moment: datetime, zone: str) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _derive(
    dataset: Dataset, city: City, base: sa.Subquery, as_of: AsOfValue | None, upto: str | None = None
) -> sa.Subquery:
    """Return ``base`` with the derived columns (as far as ``upto``), each a layer on those before it."""
    layer = base
    for name, item in dataset.derive.items():
        value = row_sql(item.expr, {c.name: c for c in layer.columns}, as_of, city.fiscal_year, city.business_days)
        layer = sa.select(layer, sa.cast(value, SQL_TYPES[item.type]).label(name)).subquery()
        if name == upto:
            break
    return layer


def _keep(engine: sa.Engine, dataset: Dataset, rows: sa.Subquery) -> tuple[sa.Subquery, int]:
    """Return one row a key. A row whose key is wholly empty cannot equal another and stays."""
    if not dataset.key:
        return rows, 0
    keys = [rows.c[name] for name in dataset.key]
    named = sa.or_(*(key.is_not(sa.null()) for key in keys))
    repeated = sa.select((sa.func.count() - 1).label("more")).where(named).group_by(*keys).having(sa.func.count() > 1)
    duplicates = int(execute(engine, sa.select(sa.func.coalesce(sa.func.sum(repeated.subquery().c.more), 0)))[0][0])
    if not duplicates:
        return rows, 0
    keep = dataset.keep
    in_file_order = (rows.c["_index"], rows.c["_record"])
    first = keep is not None and keep.how in ("first", "earliest")
    order = [part.asc() if first else part.desc() for part in in_file_order]
    if keep is not None and keep.columns:
        by = [rows.c[name] for name in keep.columns]
        order = [(part.asc() if first else part.desc()).nulls_last() for part in by] + order
    place = sa.func.row_number().over(partition_by=keys, order_by=order).label("_place")
    ranked = sa.select(rows, place).subquery()
    kept = sa.select(*(ranked.c[c.name] for c in rows.columns)).where(
        sa.or_(ranked.c["_place"] == 1, sa.not_(sa.or_(*(ranked.c[name].is_not(sa.null()) for name in dataset.key))))
    )
    return kept.subquery(), duplicates


def _write(engine: sa.Engine, dataset: Dataset, rows: sa.Subquery, sort: bool, numbered: bool, first: int) -> None:
    """Write the table; ``numbered``: the staged rows are all there and in order, so that nothing must be counted."""
    names = list(dataset.types())
    chosen = sa.select(*(rows.c[name] for name in (*names, "_file", "_record", "_at")))
    if sort:
        order: list[Sql] = []
        if dataset.time:
            keys = (name for name in dataset.key if name != dataset.time)
            order = [rows.c[name].asc().nulls_last() for name in (dataset.time, *keys)]
        # Of a record whose columns became rows there are several.
        last = [rows.c["_at"]] if dataset.unpivot else []
        chosen = chosen.order_by(*order, rows.c["_index"], rows.c["_record"], *last)
    ordered = chosen.subquery()
    target = sa.Table(
        "rows",
        sa.MetaData(),
        *(sa.Column(name, SQL_TYPES[kind]) for name, kind in dataset.types().items()),
        sa.Column("_row", sa.BigInteger),
        sa.Column("_file", sa.String),
        sa.Column("_record", sa.BigInteger),
    )
    # Counting in order is done by one core alone.
    place = ordered.c["_at"] if numbered else sa.func.row_number().over() - 1
    complete = sa.select(
        *(ordered.c[name] for name in names),
        (place + first).label("_row"),
        ordered.c["_file"],
        ordered.c["_record"],
    )
    with engine.begin() as connection:
        target.create(connection, checkfirst=False)
        connection.execute(target.insert().from_select([c.name for c in target.columns], complete))


def _derive_fault(
    engine: sa.Engine, dataset: Dataset, city: City, base: sa.Subquery, clock: Clock, error: DBAPIError
) -> Fault:
    """Find the first derived column that cannot be worked out."""
    for name, item in dataset.derive.items():
        layer = _derive(dataset, city, base, AsOfValue(clock.at, clock.is_date), upto=name)
        try:
            execute(engine, sa.select(sa.func.count(layer.c[name])))
        except DBAPIError as cause:
            said = str(cause.orig).split("\n", 1)[0]
            path = f"datasets.{dataset.name}.derive.{name}"
            return Fault("cannot-derive", path, said, "a value for every row", "`try_cast` gives null", item.place)
    raise error
