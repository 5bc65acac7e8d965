"""Writes one of an edition's two files: readings, catalogue, and the marks of the rows they counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from civicstat.compiler import Ending
from civicstat.editions.attached import attach_segments, segment_table
from civicstat.editions.codec import catalogue_text
from civicstat.editions.describe import Found, describe, least_shown
from civicstat.editions.folder import Folder
from civicstat.editions.membership import Listing, write_records
from civicstat.editions.records import LISTED, RecordsInfo, records_text
from civicstat.editions.tables import CATALOGUE, META, READINGS, insert_many, reading_row
from civicstat.editions.withhold import blanked
from civicstat.spec import Dataset, Metric, Project
from civicstat.warehouse import open_writer

__all__ = ["write_file"]


def write_file(
    path: Path,
    project: Project,
    folder: Folder,
    found: Found,
    ends: Mapping[str, Mapping[date, Ending]],
    *,
    public: bool,
) -> dict[str, RecordsInfo]:
    """Write the public or the office file and return what its records tables hold."""
    engine = open_writer(path, scratch=folder.building("scratch"))
    try:
        attach_segments(engine, folder, found.segments)
        with engine.begin() as connection:
            META.create_all(connection)
            LISTED.create(connection)
            records = _write_records(connection, project, found, ends, public)
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
    finally:
        engine.dispose()
    return records


def _write_records(
    connection: sa.Connection,
    project: Project,
    found: Found,
    ends: Mapping[str, Mapping[date, Ending]],
    public: bool,
) -> dict[str, RecordsInfo]:
    records = {}
    for name, dataset in project.datasets.items():
        metrics = _opened_metrics(project, dataset, found, public)
        if metrics:
            listing = Listing(
                project=project,
                dataset=dataset,
                rows=segment_table(dataset),
                clock=found.clocks[name],
                metrics=metrics,
                ends=ends,
                segment=None if public else found.segments[name].files,
            )
            records[name] = write_records(connection, listing)
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
