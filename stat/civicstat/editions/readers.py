"""One reader a file in a process: a second configuration of an open database is refused, so openings are shared."""

from __future__ import annotations

import threading
import time
import weakref
from pathlib import Path

import sqlalchemy as sa

from civicstat.warehouse import ENGINE_ERRORS, open_reader

__all__ = ["UNREADABLE", "Reader", "reader_of"]

UNREADABLE = (*ENGINE_ERRORS, OSError, LookupError, TypeError, ValueError)
"""What a file of an edition may raise that is broken, gone, or does not hold what it should."""

_TRIES = 2
_PAUSE = 0.02  # seconds; a reader just dropped by another thread may still be closing


class Reader:
    """An open file. It is closed when the last that holds it lets go."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        weakref.finalize(self, engine.dispose)


_OPEN: weakref.WeakValueDictionary[Path, Reader] = weakref.WeakValueDictionary()
_LOCK = threading.RLock()


def reader_of(path: Path) -> Reader:
    """Return the reader of a file, opened at most once in this process.

    Raises:
        FileNotFoundError: there is no such file.
    """
    path = path.resolve(strict=True)
    for _ in range(_TRIES):
        try:
            return _open(path)
        except UNREADABLE:
            time.sleep(_PAUSE)
    return _open(path)


def _open(path: Path) -> Reader:
    with _LOCK:
        found = _OPEN.get(path)
        if found is None:
            found = _OPEN[path] = Reader(open_reader(path))
        return found
