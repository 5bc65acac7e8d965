"""Writes one of an edition's two files: readings, catalogue, and what tells the rows that the readings counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from civicstat.editions.attached import attach_segments
from civicstat.editions.codec import catalogue_text
from civicstat.editions.describe import Found, describe, least_shown
from civicstat.editions.folder import Folder
from civicstat.editions.membership import Listing, office_records
from civicstat.editions.published import publish_rows
from civicstat.editions.records import RecordsInfo, records_text
from civicstat.editions.tables import CATALOGUE, META, READINGS, insert_many, reading_row
from civicstat.editions.withhold import blanked
from civicstat.spec import Dataset, Metric, Project
from civicstat.warehouse import attach, checkpoint, open_writer

__all__ = ["write_files"]

_OFFICE = "office"


def write_files(
    aside: Path, project: Project, folder: Folder, found: Found
) -> tuple[dict[str, RecordsInfo], dict[str, RecordsInfo]]:
    """Write the office's and the public file, and the files of public rows, and return where each finds its rows."""
    office = _write(aside / "office.duckdb", project, folder, found, None)
    return office, _write(aside / "public.duckdb", project, folder, found, aside / "office.duckdb")


def _write(path: Path, project: Project, folder: Folder, found: Found, office: Path | None) -> dict[str, RecordsInfo]:
    """Write one file; the public one copies from ``office``, which is whole, every reading that is not withheld."""
    public = office is not None
    engine = open_writer(path, scratch=folder.building("scratch"))
    try:
        attach_segments(engine, folder, found.segments)
        if office is not None:
            attach(engine, office, _OFFICE)
        with engine.begin() as connection:
            META.create_all(connection)
            records = _records(connection, project, folder, found, public)
            shown = [name for name, item in project.metrics.items() if item.visibility == "public" or not public]
            readings = [item for name in shown for item in found.readings[name] if not public or item.suppressed]
            if public:
                connection.execute(_published(shown))
                readings = [blanked(item, least_shown(project.metrics[item.metric], project.city)) for item in readings]
            insert_many(connection, READINGS, [reading_row(item) for item in readings])
            catalogue = catalogue_text(describe(project, found, records, public))
            parts = [{"part": "catalogue", "body": catalogue}, {"part": "records", "body": records_text(records)}]
            insert_many(connection, CATALOGUE, parts)
        checkpoint(engine)
    finally:
        engine.dispose()
    return records


def _published(metrics: Sequence[str]) -> sa.Insert:
    """Return the statement that copies what the office's file holds of some metrics and does not withhold."""
    held = READINGS.to_metadata(sa.MetaData(), schema=_OFFICE)
    chosen = sa.select(held).where(held.c.metric.in_(metrics), sa.not_(held.c.suppressed))
    return sa.insert(READINGS).from_select(list(READINGS.columns.keys()), chosen)


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
    return [item for item in metrics if item.visibility == "public" and not least_shown(item, project.city)]
