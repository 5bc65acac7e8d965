"""Writes one of an edition's two files: readings, catalogue, and what tells the rows that the readings counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from civicstat.editions.attached import attach_segments
from civicstat.editions.behaviour import chart_parts
from civicstat.editions.codec import catalogue_text
from civicstat.editions.describe import describe
from civicstat.editions.folder import Folder
from civicstat.editions.found import Found
from civicstat.editions.membership import Listing, office_records
from civicstat.editions.published import publish_rows
from civicstat.editions.records import RecordsInfo, records_text
from civicstat.editions.tables import (
    CATALOGUE,
    META,
    READINGS,
    USED,
    insert_many,
    reading_of,
    reading_row,
    used_rows,
)
from civicstat.editions.taken import OFFICE
from civicstat.editions.withhold import blanked
from civicstat.editions.written import Written, look_at
from civicstat.results import Reading, least_shown
from civicstat.spec import Dataset, Metric, Project
from civicstat.warehouse import attach, checkpoint, open_writer

__all__ = ["write_files"]

_HELD = "held"
PUBLIC = "public.duckdb"


def write_files(
    aside: Path, project: Project, folder: Folder, found: Found
) -> tuple[Written, dict[str, RecordsInfo], dict[str, RecordsInfo]]:
    """Write the office's and the public file, and the files of public rows, and return where each finds its rows."""
    with _opened(aside / OFFICE, folder, found, found.taken.path) as connection:
        _copy(connection, found.taken.select(connection.dialect, schema=_HELD) if found.taken else None)
        made = [item for name in project.metrics for item in found.readings[name]]
        _insert(connection, made)
        _tell(connection, made)
        written = look_at(connection, project, found, folder)
        office = _describe(connection, project, folder, found, written, public=False)
    with _opened(aside / PUBLIC, folder, found, aside / OFFICE) as connection:
        shown = [name for name, item in project.metrics.items() if item.visibility == "public"]
        held = READINGS.to_metadata(sa.MetaData(), schema=_HELD)
        least = {name: least_shown(project.metrics[name], project) for name in shown}
        chosen = _alone(held, [name for name in shown if least[name]]).where(held.c.metric.in_(shown))
        _copy(connection, chosen.where(sa.not_(held.c.suppressed)))
        withheld = [reading_of(row) for row in connection.execute(chosen.where(held.c.suppressed))]
        _insert(connection, [blanked(item, least[item.metric]) for item in withheld])
        _tell(connection, [item for item in made if item.metric in least and not item.suppressed])
        public = _describe(connection, project, folder, found, written, public=True)
    return written, office, public


@contextmanager
def _opened(path: Path, folder: Folder, found: Found, held: Path | None) -> Iterator[sa.Connection]:
    """Give a connection to a new file of an edition; ``held`` is another one, whose readings it takes."""
    engine = open_writer(path, scratch=folder.building("scratch"))
    try:
        attach_segments(engine, folder, found.segments)
        if held is not None:
            attach(engine, held, _HELD)
        with engine.begin() as connection:
            META.create_all(connection)
            yield connection
        checkpoint(engine)
    finally:
        engine.dispose()


def _alone(held: sa.Table, private: Sequence[str]) -> sa.Select[Any]:
    """Return the readings, those of metrics that withhold small counts without the counts beside their number.

    Rows set aside and rows not due yet are counted in every cell and every total, mostly few: they add up too.
    """
    is_private = held.c.metric.in_(private)
    blank = {"aside": is_private, "reason_args": sa.and_(is_private, held.c.reason == "provisional")}
    return sa.select(
        *(
            sa.case((blank[column.name], sa.literal("{}")), else_=column).label(column.name)
            if column.name in blank
            else column
            for column in held.c
        )
    )


def _copy(connection: sa.Connection, chosen: sa.Select[Any] | None) -> None:
    """Take the readings of a query as they are."""
    if chosen is not None:
        connection.execute(sa.insert(READINGS).from_select(list(READINGS.columns.keys()), chosen))


def _insert(connection: sa.Connection, readings: Sequence[Reading]) -> None:
    insert_many(connection, READINGS, [reading_row(item) for item in readings])


def _tell(connection: sa.Connection, readings: Sequence[Reading]) -> None:
    """Write what those readings are made of that are made of others; they are all made anew."""
    insert_many(connection, USED, [row for item in readings if item.used for row in used_rows(item)])


def _describe(
    connection: sa.Connection, project: Project, folder: Folder, found: Found, written: Written, *, public: bool
) -> dict[str, RecordsInfo]:
    """Write the catalogue and where the rows are found, and return that."""
    records = _records(connection, project, folder, found, public)
    catalogue = catalogue_text(describe(project, found, written, records, public))
    parts = [{"part": "catalogue", "body": catalogue}, {"part": "records", "body": records_text(records)}]
    shown = [item for item in project.metrics.values() if item.visibility == "public" or not public]
    insert_many(connection, CATALOGUE, [*parts, *chart_parts(connection, shown)])
    return records


def _records(
    connection: sa.Connection, project: Project, folder: Folder, found: Found, public: bool
) -> dict[str, RecordsInfo]:
    records = {}
    for name, dataset in project.datasets.items():
        metrics = _opened_metrics(project, dataset, found, public)
        if metrics:
            listing = Listing(project, dataset, found.clocks[name], metrics, connection.dialect)
            segment = found.segments[name]
            made = publish_rows(connection, folder, listing, segment) if public else office_records(listing, segment)
            records[name] = made
    return records


def _opened_metrics(project: Project, dataset: Dataset, found: Found, public: bool) -> Sequence[Metric]:
    """Return the metrics whose rows may be opened: in public those of open datasets from which nothing is withheld."""
    metrics = [
        item for name, item in project.metrics.items() if item.dataset == dataset.name and name not in found.failed
    ]
    if not public:
        return metrics
    if not dataset.records.public:
        return []
    return [item for item in metrics if item.visibility == "public" and not least_shown(item, project)]
