"""A disk that is full during a load or a build: the old edition is served, and room mends it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

import civicstat
from civicstat.editions import Folder, Store

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(civicstat.__file__).parents[1])}
FIRST = date(2026, 4, 1)
KIB = 1024
ROOM = (0, 300, 560, 700, 1_100, 1_500)  # KiB left; a segment takes some 530, an edition three times as much
SAID = (
    "disk-full: data\n"
    "  = found:    no space left for the new edition\n"
    "  = help:     make room, for example with `civicstat editions prune`, then build again; the current edition is "
    "served\n"
    "\n"
    "1 problem\n"
)

Write = Callable[..., Path]


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount 64 MiB of memory at a folder, and say whether that was allowed."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    mounted = (
        sys.platform == "linux" and os.geteuid() == 0 and subprocess.run(words, capture_output=True).returncode == 0
    )
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def build(root: Path, day: date, largest: int | None = None) -> subprocess.CompletedProcess[str]:
    """Build in a process that may write no file larger than so many bytes."""

    def limit() -> None:
        import resource

        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    words = [sys.executable, "-m", "civicstat.cli", "--project", str(root), "build", "--as-of", day.isoformat()]
    return subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=False, preexec_fn=limit)


@pytest.fixture
def city(tinytown: Write) -> Callable[[int], Path]:
    """Write the city with so many visits."""

    def write(count: int) -> Path:
        lines = [f"{number},2026-01-{1 + number % 28:02},North,1,A" for number in range(count)]
        return tinytown(visits="\n".join(["Id,Came,Clinic,Kind,Patient", *lines]))

    return write


def served(root: Path) -> int:
    """Return how many visits the edition that is served counts, having opened it to its rows."""
    edition = Store(root, office=True).current()
    reading = edition.reading("visits", "all")
    assert reading is not None
    assert reading.n == edition.rows("visits", "all", limit=1).total
    return reading.n or 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="mounts, or limits what a process may write")
def test_a_full_disk_stops_a_build_the_old_edition_is_served_and_the_next_build_after_room_is_made_finishes(
    tmp_path: Path, city: Callable[[int], Path]
) -> None:
    with small_disk(tmp_path / "tinytown") as mounted:
        root, room = city(10), Room(tmp_path / "tinytown") if mounted else None
        assert build(root, FIRST).returncode == 0
        print("a file system of 64 MiB" if mounted else "a limit on what a process may write")
        stopped = []

        for number, kib in enumerate(ROOM):
            city(11 + number)
            loaded = segments(root)
            if room:
                room.leave(kib)
            done = build(root, FIRST + timedelta(days=1 + number), None if room else kib * KIB)
            if room:
                room.give_back()
            if done.returncode == 0:
                break
            stopped.append("load" if segments(root) == loaded else "build")
            assert (done.returncode, done.stdout, done.stderr) == (2, "", SAID)
            assert served(root) == 10
            assert list((root / "data").rglob(".building*")) == []

        print(f"stopped at: {', '.join(stopped)}")
        city(99)
        assert build(root, FIRST + timedelta(days=30)).returncode == 0
        assert served(root) == 99
        assert set(stopped) == {"load", "build"}


def segments(root: Path) -> set[str]:
    """Return the segments that are whole: what says so is written last."""
    return {path.name for path in Folder(root).segments.glob("*.json")}


class Room:
    """A file that fills the disk but for so much."""

    def __init__(self, disk: Path) -> None:
        self.disk, self.file = disk, disk / "ballast"

    def leave(self, kib: int) -> None:
        """Fill the disk up to so much room."""
        state = os.statvfs(self.disk)
        self.file.write_bytes(b"\0" * max(0, state.f_bavail * state.f_frsize - kib * KIB))

    def give_back(self) -> None:
        """Make the room that was there."""
        self.file.unlink()
