"""A file is hashed once for each content, and never trusted where something could have been written to it unseen."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from time import time_ns

import pytest

from civicstat.sources import Hashes

CLOCK = "civicstat.sources.hashes.time_ns"
SECOND = 1_000_000_000
posix = pytest.mark.skipif(os.name == "nt", reason="Windows does not say when a file's entry changed")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text("id\n1\n")
    return tmp_path / "a.csv"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour has passed since the files were written."""
    monkeypatch.setattr(CLOCK, lambda: time_ns() + 3600 * SECOND)


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hashed(path: Path) -> Hashes:
    found = Hashes()
    assert found.digest("a.csv", path) == sha(path)
    return found


def write_until_told(path: Path, text: str) -> None:
    """Write a file, again where the clock of the file system has not moved on since the last time."""
    before = path.stat().st_ctime_ns
    while path.stat().st_ctime_ns == before:
        path.write_text(text)


@posix
@pytest.mark.usefixtures("later")
def test_a_file_that_nothing_touched_is_not_read_again(path: Path) -> None:
    first = hashed(path)
    marked = Hashes({"a.csv": replace(first.kept["a.csv"], sha256="as remembered")})

    assert marked.digest("a.csv", path) == "as remembered"
    assert marked.kept == marked.held


@posix
@pytest.mark.usefixtures("later")
def test_other_bytes_are_noticed_where_size_and_time_were_put_back(path: Path) -> None:
    first, before = hashed(path), path.stat()
    write_until_told(path, "id\n2\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    again = Hashes(first.kept)

    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert again.digest("a.csv", path) == sha(path) != first.kept["a.csv"].sha256
    assert again.kept["a.csv"].sha256 == sha(path)


@posix
@pytest.mark.usefixtures("later")
def test_another_file_in_its_place_is_read(path: Path) -> None:
    first = hashed(path)
    other = path.with_name("b.csv")
    other.write_text("id\n3\n")
    os.utime(other, ns=(0, path.stat().st_mtime_ns))
    other.replace(path)

    assert Hashes(first.kept).digest("a.csv", path) == sha(path) != first.kept["a.csv"].sha256


@posix
@pytest.mark.parametrize(
    ("whole_seconds", "read_after", "kept"),
    [
        (False, SECOND // 20, False),
        (False, SECOND // 5, True),
        (True, SECOND, False),
        (True, 3 * SECOND, True),
    ],
)
def test_a_file_that_has_just_changed_is_read_again_the_next_time(
    path: Path, monkeypatch: pytest.MonkeyPatch, whole_seconds: bool, read_after: int, kept: bool
) -> None:
    os.utime(path, ns=(0, 1_700_000_000 * SECOND + (0 if whole_seconds else 1)))
    monkeypatch.setattr(CLOCK, lambda: path.stat().st_ctime_ns + read_after)

    assert bool(hashed(path).kept) == kept


@posix
@pytest.mark.usefixtures("later")
def test_a_file_that_changes_while_it_is_read_is_read_again_the_next_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(stream: BufferedReader, name: str) -> object:
        found = hashlib.file_digest(stream, name)
        write_until_told(path, "id\n4\n")
        return found

    monkeypatch.setattr("civicstat.sources.hashes.digest_of", interrupted)
    found = Hashes()

    assert found.digest("a.csv", path) != sha(path)
    assert found.kept == {}
