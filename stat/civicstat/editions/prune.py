"""Gives back the space of records that no kept edition refers to; numbers, statuses and reasons are kept for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from civicstat.editions.folder import BUILDING, HASHES, LAYOUTS, Folder
from civicstat.editions.lock import build_lock
from civicstat.editions.readers import UNREADABLE, reader_of
from civicstat.editions.tables import CATALOGUE
from civicstat.errors import EditionError, Fault
from civicstat.warehouse import execute

__all__ = ["KEPT", "Pruned", "prune_editions"]

KEPT = 12
"""So many editions keep their records where nothing else is asked for: a year of months."""

_SHARED = ("segments", "public", "cells")
"""The folders beside the editions whose files they share."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed, or would be: files relative to the project with their bytes.

    ``editions`` still have their records; ``without_records`` have their numbers alone from now on. ``in_use`` are
    files that the system did not let go.
    """

    files: tuple[tuple[str, int], ...]
    editions: tuple[str, ...]
    without_records: tuple[str, ...]
    in_use: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        """The size of all that was removed."""
        return sum(size for _, size in self.files)


def prune_editions(folder: Folder, keep: int = KEPT, *, dry_run: bool = False) -> Pruned:
    """Remove the files of records that none of the last ``keep`` editions, nor the current one, refers to.

    Raises:
        EditionError: a build is running, there is no edition, or one that is kept cannot be read: what it refers to
            is not known then, and nothing is removed.
    """
    with build_lock(folder.lock):
        current = folder.current()
        manifests = sorted(map(folder.manifest, folder.ids()), key=lambda item: (item["published_at"], item["id"]))
        last = {item["id"] for item in manifests[-keep:]} | {current}
        kept = [item["id"] for item in manifests if item["id"] in last]
        wanted = {Path(name).stem for edition_id in kept for name in _referred(folder, edition_id)}
        wanted |= {Path(name).stem for name in _elsewhere(folder)}
        loose = [path for path in _shared(folder) if path.stem not in wanted]  # a segment and what describes it
        lost = {path.name for path in loose}
        without = [
            item["id"] for item in manifests if item["id"] not in last and not lost.isdisjoint(_texts(item["datasets"]))
        ]
        files, in_use = [], []
        for path in loose:
            name, size = path.relative_to(folder.root).as_posix(), path.stat().st_size
            try:
                if not dry_run:
                    path.unlink()
            except PermissionError:  # Windows keeps what a reader has open
                in_use.append(name)
            else:
                files.append((name, size))
    return Pruned(tuple(files), tuple(kept), tuple(without), tuple(in_use))


def _shared(folder: Folder) -> Iterator[Path]:
    """Yield the files that editions share. What a build has aside is not there while this process holds its lock."""
    for name in _SHARED:
        place = folder.root / "data" / name
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            if path.is_file() and not path.name.startswith(BUILDING) and path.suffix not in (HASHES, LAYOUTS):
                yield path


def _referred(folder: Folder, edition_id: str) -> Iterator[str]:
    """Yield every text in an edition's manifest and in what its files say of their records: file names among them.

    No list of what may refer to what is kept here: a reference that is not known of would lose records.
    """
    yield from _texts(folder.manifest(edition_id))
    for name in ("public.duckdb", "office.duckdb"):
        path = folder.edition(edition_id) / name
        try:
            reader = reader_of(path)
            select = sa.select(CATALOGUE.c.body).where(CATALOGUE.c.part == "records")
            bodies = [row.body for row in execute(reader.engine, select)]
        except UNREADABLE as error:
            found = f"`{name}` cannot be read: {str(error).splitlines()[0]}"
            mend = "remove the edition's folder, or put back its file"
            raise EditionError(Fault("bad-edition", f"data/editions/{edition_id}", found, help=mend)) from error
        for body in bodies:
            yield from _texts(json.loads(body))


def _elsewhere(folder: Folder) -> Iterator[str]:
    """Yield what the editions on other shelves refer to, as those that are shown while somebody declares.

    One that cannot be read refers to nothing that could be opened: it is built anew when it is asked for.
    """
    for place in sorted((folder.root / "data").iterdir()):
        other = Folder(folder.root, place.name)
        for edition_id in other.ids() if other.shelf != folder.shelf else ():
            with suppress(EditionError):
                yield from _referred(other, edition_id)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
