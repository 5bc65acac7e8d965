"""Builds an edition and tells its parent each step it takes, so that it can be killed at any of them.

Run as ``python build.py ROOT DAY PIPE [PHASE NTH]``. A step is a file opened for writing, renamed, removed or brought
to the disk, a folder made, a database opened, a statement sent to the engine. Its phase are the two functions of the
product below `build_edition` that are on their way: whatever they are called, no part of a build goes unwatched.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

_FILES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "shutil.rmtree"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Watch:
    """Counts the steps of each phase and writes each into the pipe; stops for good at the one asked for."""

    def __init__(self, root: Path, pipe: int, stop: tuple[str, int] | None) -> None:
        self.data, self.pipe, self.stop = str(root / "data"), pipe, stop
        self.seen: Counter[str] = Counter()
        self.telling = False

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        """Hear of what Python does, and tell what changes a file of the project."""
        if event == "open":
            path, _, flags = args
            if isinstance(path, str) and path.startswith(self.data) and (flags or 0) & _WRITES:
                self.tell(f"open {Path(path).name}")
        elif event in _FILES and str(args[0]).startswith(self.data):
            self.tell(f"{event.removeprefix('os.')} {Path(str(args[0])).name}")

    def tell(self, what: str) -> None:
        """Tell one step."""
        phase = _phase(sys._getframe(1))
        if self.telling or phase is None:
            return
        self.telling = True
        self.seen[phase] += 1
        nth = self.seen[phase]
        os.write(self.pipe, f"{phase}\t{nth}\t{what}\n".encode())
        while self.stop == (phase, nth):
            signal.pause()
        self.telling = False


def _phase(frame: FrameType | None) -> str | None:
    names: list[str] = []
    while frame is not None:
        if frame.f_code.co_name == "build_edition":
            return "/".join(names[::-1][:2]) or None
        if f"civicstat{os.sep}" in frame.f_code.co_filename:
            names.append(frame.f_code.co_name)
        frame = frame.f_back
    return None


def main(root: Path, day: date, pipe: int, stop: tuple[str, int] | None) -> None:
    """Build the edition of a day under watch."""
    import duckdb
    import sqlalchemy as sa

    from civicstat.editions import build_edition
    from civicstat.spec import load_project

    project = load_project(root)
    watch = Watch(root, pipe, stop)
    fsync, connect = os.fsync, duckdb.connect

    def watched_fsync(file: Any) -> None:
        watch.tell("fsync")
        fsync(file)

    def watched_connect(*args: Any, **words: Any) -> Any:
        watch.tell("connect")
        return connect(*args, **words)

    os.fsync = watched_fsync  # type: ignore[assignment]
    duckdb.connect = watched_connect
    sa.event.listen(sa.Engine, "before_cursor_execute", lambda *_: watch.tell("statement"))
    sys.addaudithook(watch.audit)
    build_edition(project, as_of=day)


if __name__ == "__main__":
    place, built_on, descriptor, *at = sys.argv[1:]
    main(Path(place), date.fromisoformat(built_on), int(descriptor), (at[0], int(at[1])) if at else None)
