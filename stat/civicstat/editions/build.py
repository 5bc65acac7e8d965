"""Builds an edition aside, looks at it, and publishes it by moving the pointer."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import civicstat
from civicstat.editions.attached import attach_segments, segment_table
from civicstat.editions.cells import keep_cells, remember
from civicstat.editions.changes import summary
from civicstat.editions.compare import record_changes
from civicstat.editions.digest import code_digest, digest
from civicstat.editions.edition import open_edition
from civicstat.editions.folder import Folder, sync
from civicstat.editions.found import Found
from civicstat.editions.lock import build_lock
from civicstat.editions.records import RecordsInfo
from civicstat.editions.segment import Segment
from civicstat.editions.segments import Progress, load_segments
from civicstat.editions.space import refuse_full, whole_or_nothing
from civicstat.editions.taken import Taken, earlier_readings
from civicstat.editions.verify import verify_public, verify_rows
from civicstat.editions.write import write_files
from civicstat.errors import CivicstatError
from civicstat.results import Clock, read_metrics, resolve_members
from civicstat.spec import Project
from civicstat.warehouse import open_writer

__all__ = ["build_edition", "clock_of", "dataset_entry"]


def build_edition(
    project: Project,
    *,
    as_of: date,
    only: Collection[str] = (),
    published_at: datetime | None = None,
    progress: Progress | None = None,
    shelf: str = "editions",
) -> dict[str, Any]:
    """Build and publish an edition as of a day, and return its manifest, and in it whether it was there already.

    Equal declarations, files, day and code give an edition of the same id; one that is there is published again as it
    is. A metric whose query fails is published as failed. Until the last step the old edition is served.

    Raises:
        SourceError: a dataset cannot be loaded; nothing is published.
        EditionError: another build is running, the disk is full, or the new edition is not fit to publish.
    """
    now = published_at or datetime.now(UTC)
    tell = progress or _quiet
    folder = Folder(project.root, shelf)
    with build_lock(folder.lock), whole_or_nothing(folder):
        started = time.monotonic()
        segments = load_segments(project, folder, as_of, now, only, tell)
        loaded = time.monotonic()
        edition_id = f"{as_of.isoformat()}-{_content(project, segments, as_of)}"
        held = _whole(folder, edition_id)
        if not held:
            tell("edition", 0, 3)
            manifest = _build(project, folder, edition_id, segments, as_of, tell)
            timings = {"load": loaded - started, "build": time.monotonic() - loaded}
            manifest["published_at"] = now.isoformat(timespec="seconds")
            changes = record_changes(folder, folder.building(edition_id), manifest)
            manifest["changes"] = summary(changes) if changes else None
            manifest["seconds"] = {name: round(seconds, 3) for name, seconds in timings.items()}
            _publish(project, folder, edition_id, manifest)
        folder.point(edition_id)
        tell("edition", 3, 3)
    return {**folder.manifest(edition_id), "already_built": held}


def clock_of(segment: Segment, project: Project, as_of: date) -> Clock:
    """Return the clock of a loaded dataset; whether it is stale is judged on the day of the build."""
    dataset, report = project.datasets[segment.dataset], segment.report
    moment = datetime.fromisoformat(report.as_of)
    days = (as_of - moment.date()).days
    limit = dataset.updates.stale_after_days
    return Clock(
        as_of=moment,
        is_date=report.as_of_is_date,
        first=date.fromisoformat(report.first[:10]) if report.first else None,
        covers=dataset.covers,
        lag=dataset.lag,
        stale=limit is not None and days > limit,
        stale_days=days,
    )


def _content(project: Project, segments: Mapping[str, Segment], as_of: date) -> str:
    privacy = os.environ.get("CIVICSTAT_MIN_COUNT", "")
    # By what was read, not by how: an edition is the same whether its records came at once or day by day.
    records = {name: segment.name for name, segment in segments.items()}
    return digest(dict(project.files), records, as_of.isoformat(), code_digest(), privacy)


def _whole(folder: Folder, edition_id: str) -> bool:
    """Return whether the edition is there and can be read; a broken one is built again."""
    try:
        for office in (False, True):
            open_edition(folder, edition_id, office)
    except CivicstatError:
        return False
    return True


def _build(
    project: Project, folder: Folder, edition_id: str, segments: Mapping[str, Segment], as_of: date, tell: Progress
) -> dict[str, Any]:
    """Write both files and the declarations aside, and return the manifest."""
    aside = folder.building(edition_id)
    aside.mkdir(parents=True)
    clocks = {name: clock_of(segment, project, as_of) for name, segment in segments.items()}
    project, found = _read(project, folder, segments, clocks)
    tell("edition", 1, 3)
    written, office_rows, public_rows = write_files(aside, project, folder, found)
    tell("edition", 2, 3)
    public = {name: item for name, item in found.readings.items() if project.metrics[name].visibility == "public"}
    checks = {
        "public": verify_public(aside / "public.duckdb", project, folder, public_rows),
        "public_rows": verify_rows(folder.public, public_rows, public, taken=found.taken),
        "rows": verify_rows(folder.segments, office_rows, found.readings, taken=found.taken),
    }
    (aside / "declarations.json").write_text(json.dumps(dict(project.files), ensure_ascii=False), encoding="utf-8")
    return {
        "id": edition_id,
        "as_of": as_of.isoformat(),
        "versions": {"civicstat": civicstat.__version__, "duckdb": version("duckdb"), "code": code_digest()},
        "declarations": digest(dict(project.files)),
        "datasets": {name: dataset_entry(segment, public_rows.get(name)) for name, segment in segments.items()},
        "metrics": len(project.metrics),
        "readings": written.readings,
        "taken": found.taken.summary(),
        "failed": dict(found.failed),
        "cells": dict(found.cells),
        "checks": checks,
        "print": written.print,
        "reused": sorted(name for name, segment in segments.items() if segment.reused),
    }


def _read(
    project: Project, folder: Folder, segments: Mapping[str, Segment], clocks: Mapping[str, Clock]
) -> tuple[Project, Found]:
    """Compute every reading over the segments; the project comes back with its members of most rows."""
    tables = {name: segment_table(dataset) for name, dataset in project.datasets.items()}
    failed: dict[str, str] = {}
    engine = open_writer(Path(":memory:"), scratch=folder.building("scratch"))
    try:
        attach_segments(engine, folder, segments)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            project = resolve_members(project, connection, tables, clocks)
            earlier = earlier_readings(folder)
            memory = remember(project, folder, segments, connection, whole=earlier is not None)
            taken = earlier.readings if earlier else None
            readings = read_metrics(project, connection, tables, clocks, failed=failed, memory=memory, taken=taken)
            refuse_full(failed.values())
            cells = keep_cells(folder, memory, failed)
            later = {name: _later(connection, tables[name], project, clocks[name]) for name in tables}
    finally:
        engine.dispose()
    alike = {name: told.alike for name, told in memory.told.items() if name not in failed}
    return project, Found(segments, clocks, later, readings, failed, cells, Taken(earlier, alike))


def _later(connection: sa.Connection, table: sa.Table, project: Project, clock: Clock) -> int:
    column = project.datasets[str(table.schema).removeprefix("d_")].time
    if column is None:
        return 0
    select = sa.select(sa.func.count()).where(table.c[column] >= sa.literal(clock.cut, sa.DateTime()))
    return int(connection.execute(select).scalar_one())


def _publish(project: Project, folder: Folder, edition_id: str, manifest: Mapping[str, Any]) -> None:
    """Make the folder an edition: its manifest last, everything on the disk, then its name."""
    aside, target = folder.building(edition_id), folder.editions / edition_id
    (aside / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in (*aside.iterdir(), aside):
        sync(path)
    if target.exists():  # one that can no longer be read
        shutil.rmtree(target)
    aside.rename(target)
    sync(folder.editions)


def dataset_entry(segment: Segment, public: RecordsInfo | None) -> dict[str, Any]:
    """Return what the manifest says of a dataset."""
    report = segment.report
    return {
        "segment": segment.name,
        "segment_files": list(segment.files),
        "load": {"how": segment.how, "because": "" if segment.reused else segment.because},
        "public_files": list(public.files) if public else [],
        "inputs": segment.inputs,
        "loaded_at": segment.loaded_at,
        "files": [dict(item) for item in report.files],
        **{name: getattr(report, name) for name in ("read", "loaded", "duplicates", "quarantined", "as_of")},
        "quarantine": {
            reason: {"count": count, "first": dict(report.first_aside[reason])}
            for reason, count in report.quarantine.items()
        },
    }


def _quiet(what: str, done: int, of: int) -> None:
    """Say nothing."""
