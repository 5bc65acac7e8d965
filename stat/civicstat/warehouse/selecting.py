"""A dataset made of others: its query asked of their rows, and what it gives loaded as a file's rows are."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from civicstat.compiler import SQL_TYPES, AsOfValue, plan_select
from civicstat.errors import Fault, SourceError
from civicstat.spec import City, Dataset
from civicstat.warehouse.checks import run_checks
from civicstat.warehouse.connect import attach, attach_joined, checkpoint, execute, open_writer
from civicstat.warehouse.load import loaded_report
from civicstat.warehouse.quarantine import QUARANTINE
from civicstat.warehouse.report import LoadReport
from civicstat.warehouse.rows import Clock, moment_of, write_selected

__all__ = ["Beneath", "clock_beneath", "select_dataset"]


@dataclass(frozen=True, slots=True)
class Beneath:
    """A dataset that another reads: its declaration, the files of its records, and the clock of their load."""

    dataset: Dataset
    files: Sequence[Path]
    report: LoadReport

    @property
    def clock(self) -> Clock:
        """When the records are known."""
        return Clock(datetime.fromisoformat(self.report.as_of), self.report.as_of_is_date)


def select_dataset(dataset: Dataset, city: City, beneath: Mapping[str, Beneath], target: Path) -> LoadReport:
    """Write the rows of the dataset's query to the new DuckDB file ``target`` and return what was done.

    The file is as one that ``load_dataset`` writes; ``_file`` is the dataset's own name and ``_record`` a row's number
    in the order of all columns, so that rows loaded in any order give the same file.

    Raises:
        SourceError: the engine refuses a value, or a check does.
    """
    aside = target.with_name(target.name + ".partial")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        engine = open_writer(aside / "segment.duckdb", scratch=aside / "scratch", folders=[aside])
        try:
            report = _select(engine, dataset, city, beneath)
            checkpoint(engine)
        finally:
            engine.dispose()
        (aside / "segment.duckdb").replace(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return report


def clock_beneath(dataset: Dataset, beneath: Mapping[str, Beneath]) -> Clock:
    """Return the clock of the rows a query is of: of several below one another the one that is known the shortest."""
    query = dataset.source.query
    assert query is not None
    return min((beneath[name].clock for name in query.rows_of), key=lambda clock: (clock.at, clock.is_date))


def _select(engine: sa.Engine, dataset: Dataset, city: City, beneath: Mapping[str, Beneath]) -> LoadReport:
    query = dataset.source.query
    assert query is not None
    tables = {name: _attached(engine, item) for name, item in beneath.items()}
    clock = clock_beneath(dataset, beneath)
    if dataset.as_of.at is not None:
        clock = Clock(moment_of(dataset.as_of.at), not isinstance(dataset.as_of.at, datetime))
    rows = plan_select(query, tables, city, AsOfValue(clock.at, clock.is_date)).subquery("made")
    selected = sa.Table(
        "selected",
        sa.MetaData(),
        *(sa.Column(name, SQL_TYPES[item.type]) for name, item in dataset.columns.items()),
        sa.Column("_file", sa.String),
        sa.Column("_record", sa.BigInteger),
        prefixes=["TEMPORARY"],
    )
    values = [rows.c[name] for name in dataset.columns]
    place = sa.func.row_number().over(order_by=[value.asc().nulls_last() for value in values])
    chosen = sa.select(*values, sa.literal(dataset.name), place).order_by(place)
    try:
        with engine.begin() as connection:
            selected.create(connection, checkfirst=False)
            QUARANTINE.create(connection, checkfirst=False)
            connection.execute(selected.insert().from_select([c.name for c in selected.columns], chosen))
    except DBAPIError as error:
        raise SourceError(_fault(dataset, error)) from error
    read = int(execute(engine, sa.select(sa.func.count()).select_from(selected))[0][0])
    own, duplicates = write_selected(engine, dataset, city, selected, clock)
    checks = run_checks(engine, dataset, city, AsOfValue(own.at, own.is_date))
    return loaded_report(engine, dataset, read, duplicates, own, checks)


def _attached(engine: sa.Engine, item: Beneath) -> sa.TableClause:
    """Make a dataset's rows readable and return their table; before the engine's first statement."""
    name = item.dataset.name
    schemas = [f"part_{place}_{name}" for place in range(len(item.files))]
    for schema, file in zip(schemas, item.files, strict=True):
        attach(engine, file, schema)
    attach_joined(engine, schemas, f"d_{name}", ("rows",))
    columns: list[sa.ColumnClause[Any]] = [
        sa.column(key, SQL_TYPES[kind]) for key, kind in item.dataset.types().items()
    ]
    columns += [sa.column("_file", sa.String()), sa.column("_record", sa.BigInteger())]
    return sa.table("rows", *columns, schema=f"d_{name}")


def _fault(dataset: Dataset, error: DBAPIError) -> Fault:
    said = str(error.orig).split("\n", 1)[0]
    path = f"datasets.{dataset.name}.source.select"
    return Fault("cannot-select", path, said, "a value for every row", "`try_cast` gives null", dataset.source.place)
