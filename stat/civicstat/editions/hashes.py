"""The hashes of each dataset's files, kept beside the cells: without them a build reads every file again."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from civicstat.editions.folder import HASHES, Folder
from civicstat.editions.sealed import read_sealed, write_sealed
from civicstat.spec import Dataset
from civicstat.warehouse import Hashed, Hashes, input_digests

__all__ = ["known_digests"]


def known_digests(dataset: Dataset, folder: Folder) -> dict[str, str]:
    """Return the SHA-256 of each of a dataset's files by its name, of those alone read that were touched since.

    Raises:
        SourceError: nothing matches, or a file is empty or cannot be read.
    """
    path = folder.cells / f"{dataset.name}{HASHES}"
    held = _held(path)
    hashes = Hashes(held)
    digests = input_digests(dataset, folder.root, hashes)
    if hashes.kept != held:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_sealed(path, {name: dataclasses.astuple(item) for name, item in hashes.kept.items()})
    return digests


def _held(path: Path) -> dict[str, Hashed]:
    return {name: Hashed(*item) for name, item in (read_sealed(path) or {}).items()}
