"""A build reads again only those files that were touched since the last one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from time import time_ns
from typing import Any

import pytest

from civicstat.editions import Folder, prune_editions
from civicstat.editions.hashes import known_digests
from civicstat.editions.sealed import read_sealed, write_sealed
from civicstat.spec import ColumnDef, ColumnType, Dataset, Source

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows does not say when a file's entry changed")
DATASET = Dataset(
    "cases",
    {"en": "Cases"},
    {"en": "one row is one case"},
    Source("*.csv", take="all"),
    {"id": ColumnDef("id", "id", ColumnType.TEXT)},
)


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour has passed since the files were written."""
    monkeypatch.setattr("civicstat.sources.hashes.time_ns", lambda: time_ns() + 3600 * 1_000_000_000)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(f"id\n{name}\n")
    return Folder(tmp_path)


def kept(folder: Folder) -> Path:
    return folder.cells / "cases.hashes"


def test_what_was_read_once_is_known_the_next_time_and_what_is_gone_is_forgotten(folder: Folder) -> None:
    first = known_digests(DATASET, folder)
    held = read_sealed(kept(folder))
    write_sealed(kept(folder), {**held, "a.csv": ["as remembered", *held["a.csv"][1:]]})
    again = known_digests(DATASET, folder)
    (folder.root / "b.csv").unlink()

    assert again == {**first, "a.csv": "as remembered"}
    assert known_digests(DATASET, folder) == {"a.csv": "as remembered"}
    assert read_sealed(kept(folder)).keys() == {"a.csv"}


@pytest.mark.parametrize("harm", ["cut", "forged", "empty"])
def test_hashes_that_are_broken_are_found_anew(folder: Folder, harm: str) -> None:
    first = known_digests(DATASET, folder)
    text = kept(folder).read_text()
    kept(folder).write_text({"cut": text[:-3], "forged": text.replace(first["a.csv"], "0" * 64), "empty": ""}[harm])

    assert known_digests(DATASET, folder) == first
    assert kept(folder).read_text() == text


def test_pruning_leaves_the_hashes_of_files_that_are_still_read(tinytown: Write, build: Build) -> None:
    root = tinytown()
    build(root)

    assert (root / "data" / "cells" / "visits.hashes").is_file()
    assert prune_editions(Folder(root)).files == ()


def test_a_record_mended_with_size_and_time_put_back_is_in_the_next_edition(tinytown: Write, build: Build) -> None:
    root = tinytown()
    first = build(root)
    (path,) = root.glob("data/visits*.csv")
    before = path.stat()
    mended = path.read_bytes().replace(b"North", b"Nordy")
    while path.stat().st_ctime_ns == before.st_ctime_ns:
        path.write_bytes(mended)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert build(root)["id"] != first["id"]
