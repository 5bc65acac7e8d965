"""Each metric's cells, kept in files named by their content: a lost or broken one costs nothing but time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from civicstat.compiler import Moment
from civicstat.editions.attached import part_tables
from civicstat.editions.digest import code_digest
from civicstat.editions.folder import Folder, write_aside
from civicstat.editions.sealed import digest_of, read_bytes, read_sealed, write_sealed
from civicstat.editions.segment import Segment
from civicstat.errors import CivicstatError
from civicstat.results import Days, Held, Kept, Memory, find_days, moments
from civicstat.spec import Dataset, Project

__all__ = ["keep_cells", "remember"]

_UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, zlib.error)


def remember(
    project: Project, folder: Folder, segments: Mapping[str, Segment], connection: Connection, *, whole: bool
) -> Memory:
    """Return what is known before a build: the current edition's cells, and the days of all rows.

    ``whole``: its readings can be taken as they are.
    """
    days = {name: _days(project, folder, segment, connection) for name, segment in segments.items()}
    held = _held(folder)
    if not whole:
        held = {name: replace(item, readings={}) for name, item in held.items()}
    return Memory(held=held, days=days, code=code_digest())


def keep_cells(folder: Folder, memory: Memory, failed: Collection[str]) -> dict[str, Any]:
    """Write the cells of every metric but the failed, and return for the manifest their files and what was reused."""
    folder.cells.mkdir(parents=True, exist_ok=True)
    return {
        name: {"file": _write(folder, name, held), **memory.told[name].summary()}
        for name, held in memory.kept.items()
        if name not in failed
    }


def _held(folder: Folder) -> dict[str, Held]:
    """Return the cells of the current edition by metric, without those that are not as they were written."""
    try:
        entries = folder.manifest(folder.current()).get("cells", {})
        found = {name: _read(folder.cells / Path(entry["file"]).name) for name, entry in entries.items()}
    except (CivicstatError, *_UNREADABLE):
        return {}
    return {name: held for name, held in found.items() if held is not None}


def _write(folder: Folder, name: str, held: Held) -> str:
    slots = {slot: _kept_json(kept) for slot, kept in held.slots.items()}
    body = {"definition": held.definition, "slots": slots, "readings": held.readings}
    content = zlib.compress(json.dumps(body, default=_number).encode(), level=1)
    path = folder.cells / f"{name}-{digest_of(content)}.cells"
    if read_bytes(path) != content:
        write_aside(path, content)
    return path.name


def _read(path: Path) -> Held | None:
    content = read_bytes(path)
    if content is None or not path.stem.endswith(f"-{digest_of(content)}"):
        return None
    try:
        body = json.loads(zlib.decompress(content))
        slots = {slot: _kept(item) for slot, item in body["slots"].items()}
        return Held(body["definition"], slots, body["readings"])
    except _UNREADABLE:
        return None


def _kept_json(kept: Kept) -> list[Any]:
    cells = [[dimension, member, list(values)] for (dimension, member), values in kept.cells.items()]
    return [kept.rows, kept.clock, kept.final, kept.name, cells]


def _kept(item: list[Any]) -> Kept:
    rows, clock, final, name, cells = item
    return Kept(
        rows,
        clock,
        final,
        {
            (dimension, member): tuple(Decimal(value) if isinstance(value, str) else value for value in values)
            for dimension, member, values in cells
        },
        name,
    )


def _number(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a part is a number, not {type(value).__name__}")


def _days(project: Project, folder: Folder, segment: Segment, connection: Connection) -> dict[Moment, Days]:
    """Return the days of a dataset's rows by every moment its metrics ask for."""
    dataset = project.datasets[segment.dataset]
    asked = dict.fromkeys(
        moment for metric in project.metrics.values() if metric.dataset == dataset.name for moment in moments(metric)
    )
    parts = [
        _part_days(dataset, folder.segments / file, table, list(asked), connection)
        for file, table in zip(segment.files, part_tables(dataset, segment), strict=True)
    ]
    return {moment: Days.joined(part[moment] for part in parts) for moment in asked}


def _part_days(
    dataset: Dataset, file: Path, table: Any, asked: list[Moment], connection: Connection
) -> dict[Moment, Days]:
    """Return the days of one file's rows, found once and written down beside it."""
    beside = file.with_suffix(".days")
    known = _known_days(read_sealed(beside) or {})
    missing = [moment for moment in asked if moment not in known]
    if missing:
        known |= find_days(connection, table, tuple(dataset.types()), missing)
        shown = {",".join(moment): _days_json(days) for moment, days in known.items()}
        write_sealed(beside, shown)
    return known


def _known_days(shown: Mapping[str, Any]) -> dict[Moment, Days]:
    return {
        tuple(name for name in moment.split(",") if name): Days(
            {date.fromisoformat(day) if day else None: (rows, int(total, 16)) for day, rows, total in entries}
        )
        for moment, entries in shown.items()
    }


def _days_json(days: Days) -> list[Any]:
    return [[day.isoformat() if day else "", rows, f"{total:x}"] for day, (rows, total) in days.prints.items()]
