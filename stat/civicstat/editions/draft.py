"""What the declarations give over the records an edition was made of: nothing of it is published."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

import civicstat
from civicstat.editions.attached import attach_segments, segment_table
from civicstat.editions.build import clock_of, dataset_entry
from civicstat.editions.catalogue import Catalogue
from civicstat.editions.cells import remember
from civicstat.editions.describe import describe
from civicstat.editions.digest import code_digest, digest
from civicstat.editions.edition import chosen
from civicstat.editions.folder import Folder
from civicstat.editions.found import Found
from civicstat.editions.segment import Segment
from civicstat.editions.segments import Progress, hold_segments
from civicstat.editions.side import Side
from civicstat.editions.tables import META, READINGS, insert_many, reading_row
from civicstat.editions.written import said_by
from civicstat.period import Calendar
from civicstat.results import Clock, Reading, Used, read_metrics, resolve_members
from civicstat.spec import Metric, Project, beneath, needed_for
from civicstat.warehouse import checkpoint, open_writer

__all__ = ["Draft", "declared_side", "open_draft"]


@dataclass(frozen=True)
class Draft:
    """Some metrics as they are declared, over the records of the edition that ``manifest`` is of.

    ``loaded`` are the datasets whose records had to be loaded for it from the files of today. ``project`` holds these
    metrics alone and what they stand on.
    """

    project: Project
    manifest: Mapping[str, Any]
    segments: Mapping[str, Segment]
    clocks: Mapping[str, Clock]
    tables: Mapping[str, sa.Table]
    connection: Connection
    loaded: tuple[str, ...]
    folder: Folder

    @cached_property
    def found(self) -> Found:
        """Every reading of these metrics, as a build would have it."""
        memory = remember(self.project, self.folder, self.segments, self.connection, whole=False)
        failed: dict[str, str] = {}
        readings = read_metrics(self.project, self.connection, self.tables, self.clocks, failed=failed, memory=memory)
        return Found(self.segments, self.clocks, {}, readings, failed, {})

    @cached_property
    def catalogue(self) -> Catalogue:
        """What an edition would say of these metrics."""
        return describe(self.project, self.found, said_by(self.project, self.found), {}, public=False)

    @cached_property
    def calendar(self) -> Calendar:
        """The city's calendar."""
        return Calendar(self.project.city.fiscal_year, self.project.city.week_start)

    def readings(
        self,
        metric: str,
        *,
        grain: str | None = None,
        period: str | None = None,
        dimension: str = "",
        first: date | None = None,
        last: date | None = None,
    ) -> list[Reading]:
        """Return readings of a metric as an edition does."""
        found = (item for item in self.found.readings[metric] if ",".join(sorted(item.slice)) == dimension)
        return chosen(found, grain=grain, period=period, first=first, last=last)

    def used(self, readings: Sequence[Reading]) -> list[list[Used]]:
        """Return what each of some readings is made of, as an edition does."""
        return [[] if item.suppressed else list(item.used) for item in readings]


@contextmanager
def open_draft(
    project: Project,
    folder: Folder,
    manifest: Mapping[str, Any],
    metrics: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Iterator[Draft]:
    """Give the draft of some metrics (default: all) over the records of the edition that ``manifest`` is of.

    Raises:
        EditionError: its records are no longer kept, or have to be loaded and there is no ``progress`` to tell.
        SourceError: a dataset that has to be loaded cannot be.
    """
    chosen = _chosen(project, metrics)
    segments, loaded = hold_segments(chosen, folder, manifest, list(chosen.datasets), progress)
    clocks = {name: clock_of(item, chosen, date.fromisoformat(manifest["as_of"])) for name, item in segments.items()}
    tables = {name: segment_table(dataset) for name, dataset in chosen.datasets.items()}
    with tempfile.TemporaryDirectory() as scratch:
        engine = open_writer(Path(":memory:"), scratch=Path(scratch))
        try:
            attach_segments(engine, folder, segments)
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                resolved = resolve_members(chosen, connection, tables, clocks)
                yield Draft(resolved, manifest, segments, clocks, tables, connection, loaded, folder)
        finally:
            engine.dispose()


@contextmanager
def declared_side(draft: Draft, name: str) -> Iterator[Side]:
    """Give all that a draft says as one of two sides that are compared, written to a folder that goes afterwards.

    ``name`` stands where an edition has its id.
    """
    project, found = draft.project, draft.found
    with tempfile.TemporaryDirectory() as place:
        path = Path(place)
        _write(path / "office.duckdb", found)
        (path / "declarations.json").write_text(json.dumps(dict(project.files), ensure_ascii=False), encoding="utf-8")
        manifest = {
            "id": name,
            "as_of": draft.manifest["as_of"],
            "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "versions": {"civicstat": civicstat.__version__, "duckdb": version("duckdb"), "code": code_digest()},
            "declarations": digest(dict(project.files)),
            "datasets": {dataset: dataset_entry(segment, None) for dataset, segment in draft.segments.items()},
        }
        yield Side(path, manifest, draft.catalogue, project.root)


def _write(path: Path, found: Found) -> None:
    engine = open_writer(path)
    try:
        with engine.begin() as connection:
            META.create_all(connection)
            rows = [reading_row(item) for readings in found.readings.values() for item in readings]
            insert_many(connection, READINGS, rows)
        checkpoint(engine)
    finally:
        engine.dispose()


def _chosen(project: Project, metrics: Collection[str] | None) -> Project:
    """Return the project with some metrics alone, with those they are made of and the datasets that all these count."""
    if metrics is None:
        return project
    needed = needed_for([project.metrics[name] for name in metrics], project.metrics)
    kept: dict[str, Metric] = {item.name: item for item in needed}
    used = {name for item in kept.values() if item.dataset for name in beneath(item.dataset, project.datasets)}
    datasets = {name: item for name, item in project.datasets.items() if name in used}
    return replace(project, metrics=kept, datasets=datasets)
