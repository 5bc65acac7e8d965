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
from civicstat.warehouse import checkpoint, open_writer

__all__ = ["write_file"]


def write_file(path: Path, project: Project, folder: Folder, found: Found, *, public: bool) -> dict[str, RecordsInfo]:
    """Write the public or the office file, and the files of public rows, and return where the rows are found."""
    engine = open_writer(path, scratch=folder.building("scratch"))
    try:
        attach_segments(engine, folder, found.segments)
        with engine.begin() as connection:
            META.create_all(connection)
            records = _records(connection, project, folder, found, public)
            shown = [
                blanked(reading, least_shown(project.metrics[name], project.city)) if public else reading
                for name, readings in found.readings.items()
                if project.metrics[name].visibility == "public" or not public
                for reading in readings
            ]
            insert_many(connection, READINGS, [reading_row(reading) for reading in shown])
            catalogue = catalogue_text(describe(project, found, records, public))
            parts = [{"part": "catalogue", "body": catalogue}, {"part": "records", "body": records_text(records)}]
            insert_many(connection, CATALOGUE, parts)
        checkpoint(engine)
    finally:
        engine.dispose()
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
    return [item for item in metrics if item.visibility == "public" and not least_shown(item, project.city)]
