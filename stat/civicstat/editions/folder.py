"""Where editions and segments lie on disk, and the pointer that says which edition is current."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from civicstat.editions.changes import Published
from civicstat.errors import CivicstatError, EditionError, Fault

__all__ = ["BUILDING", "HASHES", "LAYOUTS", "Folder", "no_edition", "sync", "write_aside", "write_text"]

_ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}", re.ASCII)
BUILDING = ".building-"
HASHES, LAYOUTS = ".hashes", ".layouts"
"""How names of files among the cells end that no edition refers to: hashes of a dataset's files, queries laid out."""
_LONGEST_POINTER = 100


@dataclass(frozen=True, slots=True)
class Folder:
    """The ``data`` folder of the project at ``root``; ``shelf`` is where in it editions stand."""

    root: Path
    shelf: str = "editions"

    @property
    def editions(self) -> Path:
        """The folder with one folder an edition, and the pointer."""
        return self.root / "data" / self.shelf

    @property
    def lock(self) -> Path:
        """The file that a build holds, whatever its shelf: they all write to the same segments and cells."""
        return self.root / "data" / "editions" / "lock"

    @property
    def segments(self) -> Path:
        """The folder with the typed records, one file a dataset and content."""
        return self.root / "data" / "segments"

    @property
    def public(self) -> Path:
        """The folder with the rows residents may see, one file for each of a dataset's files and content."""
        return self.root / "data" / "public"

    @property
    def cells(self) -> Path:
        """The folder with what the next build need not compute again; all of it may be removed."""
        return self.root / "data" / "cells"

    @property
    def pointer(self) -> Path:
        """The file that holds the id of the current edition."""
        return self.editions / "current"

    def edition(self, edition_id: str) -> Path:
        """Return the folder of an edition that is whole.

        Raises:
            EditionError: the id is not one, or there is no such edition.
        """
        path = self.editions / edition_id
        if not _ID.fullmatch(edition_id) or not (path / "manifest.json").is_file():
            held = ", ".join(f"`{item}`" for item in self.ids()) or "none yet"
            raise EditionError(
                Fault("no-such-edition", "data/editions", f"`{edition_id[:_LONGEST_POINTER]}`", f"an edition: {held}")
            )
        return path

    def building(self, edition_id: str) -> Path:
        """Return the folder an edition is written to until it is whole."""
        return self.editions / f"{BUILDING}{edition_id}"

    def ids(self) -> list[str]:
        """Return the ids of all whole editions, the newest data last."""
        if not self.editions.is_dir():
            return []
        names = [item.name for item in self.editions.iterdir() if _ID.fullmatch(item.name)]
        return sorted(name for name in names if (self.editions / name / "manifest.json").is_file())

    def published(self) -> list[Published]:
        """Return every whole edition, the one published last first."""
        found = []
        for name in self.ids():
            with suppress(
                CivicstatError, KeyError, ValueError
            ):  # one that cannot be read is no reason to hide the rest
                item = self.manifest(name)
                moment = datetime.fromisoformat(item["published_at"])
                found.append(Published(name, date.fromisoformat(item["as_of"]), moment))
        return sorted(found, key=lambda item: item.published_at, reverse=True)

    def current(self) -> str:
        """Return the id the pointer holds; the edition need not be there.

        Raises:
            EditionError: there is no pointer, or it does not hold an id.
        """
        try:
            with self.pointer.open("rb") as file:
                text = file.read(_LONGEST_POINTER).decode("ascii", "replace").strip()
        except FileNotFoundError as error:
            raise no_edition() from error
        except OSError as error:
            raise EditionError(_pointer_fault(f"a file that cannot be read ({error.strerror})")) from error
        if not _ID.fullmatch(text):
            raise EditionError(_pointer_fault(f"{text!r}"))
        return text

    def point(self, edition_id: str) -> None:
        """Make an edition the current one, in one step that readers see whole or not at all."""
        write_text(self.pointer, f"{self.edition(edition_id).name}\n")

    def manifest(self, edition_id: str) -> dict[str, Any]:
        """Return what was written down when the edition was built.

        Raises:
            EditionError: there is no such edition, or its manifest cannot be read.
        """
        path = self.edition(edition_id) / "manifest.json"
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EditionError(
                Fault("bad-edition", f"data/editions/{edition_id}", f"`manifest.json` cannot be read: {error}")
            ) from error
        if not isinstance(manifest, Mapping):
            raise EditionError(Fault("bad-edition", f"data/editions/{edition_id}", "`manifest.json` is not an object"))
        return dict(manifest)

    def clean(self) -> None:
        """Remove what a build that was cut off left behind. Only the holder of the build's lock may call this."""
        for place in (self.editions, self.segments, self.public, self.cells):
            for left in place.glob(f"{BUILDING}*") if place.is_dir() else ():
                if left.is_dir():
                    shutil.rmtree(left)
                else:
                    left.unlink()


def no_edition() -> EditionError:
    """Return the error for a project that has not been built."""
    return EditionError(
        Fault("no-edition", "data/editions", "no edition", "one built from the declarations", "run `civicstat build`")
    )


def write_text(path: Path, text: str) -> None:
    """Write a file so that a crash leaves the old one or the new one, never a half."""
    aside = path.with_name(f"{BUILDING}{path.name}")
    aside.write_text(text, encoding="utf-8")
    sync(aside)
    aside.replace(path)
    sync(path.parent)


def write_aside(path: Path, content: bytes) -> None:
    """Write a file that can be made again: it appears whole, but a crash may lose it or leave it broken."""
    aside = path.with_name(f"{BUILDING}{path.name}")
    aside.write_bytes(content)
    aside.replace(path)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders, and writes their names through
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _pointer_fault(found: str) -> Fault:
    return Fault("bad-pointer", "data/editions/current", found, "the id of an edition", "run `civicstat build`")
