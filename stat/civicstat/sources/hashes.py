"""The hashes of files that were read before: one that nothing has touched since is not read again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import file_digest as digest_of
from io import BufferedReader
from pathlib import Path
from time import time_ns

__all__ = ["Hashed", "Hashes", "file_digest"]

_SECOND = 1_000_000_000
_COARSE = 2 * _SECOND
"""Of a file system that writes down whole seconds; the coarsest in use counts them by two."""
_FINE = _SECOND // 10
"""Of all others: the clock that a system writes down moves on at least a hundred times a second."""


@dataclass(frozen=True, slots=True)
class Hashed:
    """A file's SHA-256, and what the system said of the file: its size, when it and its entry changed, its number.

    The last change of the entry is what no program sets: it tells of new bytes even where all the rest was put back.
    """

    sha256: str
    size: int
    changed: int
    entry_changed: int
    number: int

    def stands(self, found: os.stat_result) -> bool:
        """Return whether the system still says the same of the file."""
        return self == _hashed(self.sha256, found)


@dataclass(slots=True)
class Hashes:
    """Hashes of files by name: ``held`` from before, and ``kept`` those that can be relied on the next time.

    A file that changed within a tick of the file system's clock before it was read may change again within that tick,
    and nothing would tell: it is not kept (git calls it racy). Windows does not say when an entry changed: nothing is
    kept there.
    """

    held: Mapping[str, Hashed] = field(default_factory=dict)
    kept: dict[str, Hashed] = field(default_factory=dict)

    def digest(self, name: str, path: Path) -> str:
        """Return the SHA-256 of a file's own bytes."""
        with path.open("rb") as stream:
            before, found = time_ns(), os.fstat(stream.fileno())
            held = self.held.get(name)
            if held is None or not held.stands(found):
                held = _hashed(_digest(stream), found)
                if _may_change_unseen(held, before) or not held.stands(os.fstat(stream.fileno())):
                    return held.sha256
            self.kept[name] = held
            return held.sha256


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's own bytes, read now."""
    with path.open("rb") as stream:
        return _digest(stream)


def _digest(stream: BufferedReader) -> str:
    return digest_of(stream, "sha256").hexdigest()


def _hashed(sha256: str, found: os.stat_result) -> Hashed:
    return Hashed(sha256, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _may_change_unseen(hashed: Hashed, read_at: int) -> bool:
    times = hashed.changed, hashed.entry_changed
    tick = _FINE if all(moment % _SECOND for moment in times) else _COARSE
    return os.name == "nt" or max(times) + tick > read_at
