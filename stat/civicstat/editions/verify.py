"""Looks at a finished edition before it is published: nothing withheld in the public file, and rows that add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from civicstat.editions.codec import catalogue_of
from civicstat.editions.readers import reader_of
from civicstat.editions.records import LISTED, RecordsInfo, counted_rows
from civicstat.editions.tables import CATALOGUE, READINGS
from civicstat.editions.withhold import sensitive_columns
from civicstat.errors import EditionError, Fault
from civicstat.results import Reading
from civicstat.spec import Project
from civicstat.warehouse import execute

__all__ = ["verify_public", "verify_rows"]


def verify_public(path: Path, project: Project, records: Mapping[str, RecordsInfo]) -> dict[str, int]:
    """Return the number of tables and readings looked at in the public file.

    Raises:
        EditionError: it holds a table, a column, a metric or a number that is not for the public.
    """
    reader = reader_of(path)
    faults = [*_strange_columns(reader.engine, project, records), *_strange_readings(reader.engine, project)]
    seen = execute(reader.engine, sa.select(sa.func.count()).select_from(READINGS))[0][0]
    if faults:
        raise EditionError(faults)
    return {"tables": 2 + len(records), "readings": seen}


def verify_rows(
    path: Path, records: Mapping[str, RecordsInfo], readings: Mapping[str, Sequence[Reading]]
) -> dict[str, int]:
    """Return the number of readings whose rows were counted again: each metric's last complete period, and ``all``.

    Raises:
        EditionError: a list of rows would not be as long as its number says.
    """
    reader = reader_of(path)
    faults, counted = [], 0
    for info in records.values():
        for metric in info.metrics:
            for reading in _last_and_all(readings[metric]):
                rows = counted_rows(info, reading).order_by(None).subquery()
                found = execute(reader.engine, sa.select(sa.func.count()).select_from(rows))[0][0]
                counted += 1
                if found != (reading.n or 0):
                    what = f"{found} rows in `{reading.period}`"
                    faults.append(Fault("rows-do-not-match", f"metrics.{metric}", what, f"{reading.n}, as counted"))
    if faults:
        raise EditionError(faults)
    return {"readings": counted}


def _last_and_all(readings: Sequence[Reading]) -> Iterator[Reading]:
    totals = [item for item in readings if not item.slice and item.n is not None]
    whole = [item for item in totals if item.grain == "all"]
    complete = [item for item in totals if item.complete and item.grain == totals[0].grain]
    yield from complete[-1:]
    yield from (item for item in whole if item not in complete[-1:])


def _strange_columns(engine: sa.Engine, project: Project, records: Mapping[str, RecordsInfo]) -> Iterator[Fault]:
    """Yield a fault for every table and column that is not of the published form or declared public."""
    allowed = {table.name: set(table.columns.keys()) for table in (READINGS, CATALOGUE, LISTED)}
    for info in records.values():
        marks = {f"_{mark}_{metric}" for metric in info.metrics for mark in ("in", "hit", "when", "opened", "closed")}
        dataset = project.datasets[info.dataset]
        allowed[info.table] = {"_row"} | marks | (set(dataset.records.public) - sensitive_columns(dataset))
    columns = sa.table("columns", sa.column("table_name"), sa.column("column_name"), schema="information_schema")
    for row in execute(engine, sa.select(columns.c.table_name, columns.c.column_name)):
        table, column = row.table_name, row.column_name
        if column not in allowed.get(table, ()):
            yield Fault("not-public", f"{table}.{column}", "a column in the public file", "published columns only")


def _strange_readings(engine: sa.Engine, project: Project) -> Iterator[Fault]:
    """Yield a fault for a metric that is not public, in readings or catalogue, and for a withheld number."""
    body = execute(engine, sa.select(CATALOGUE.c.body).where(CATALOGUE.c.part == "catalogue"))[0][0]
    named = [row[0] for row in execute(engine, sa.select(READINGS.c.metric).distinct())]
    for name in sorted({*named, *catalogue_of(body).metrics}):
        if project.metrics[name].visibility != "public":
            yield Fault("not-public", f"metrics.{name}", "a metric in the public file", "public metrics only")
    table = READINGS.c
    parts = (table.value, table.numerator, table.denominator, table.n, table.gap)
    shown = sa.or_(*(part.is_not(None) for part in parts), table.aside != "{}", table.reason_args.contains('"value"'))
    leaks = sa.select(table.metric, table.period).where(table.suppressed, shown).limit(20)
    for row in execute(engine, leaks):
        yield Fault(
            "not-public", f"metrics.{row.metric}", f"a withheld number in `{row.period}`", "no value, part or count"
        )
