"""What lies in the files that a project is made of, looked at from time to time.

No library for this is among those that are kept: werkzeug's reloader starts the process again and tells nobody what
changed, and a service of the system would be a dependency more for some hundred files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civicstat.spec import Project

__all__ = ["changed_files", "look"]

Seen = dict[str, tuple[int, int]]
"""Time of change and size of each file, by its path from the project's folder."""


def look(root: Path, project: Project | None) -> Seen:
    """Return the declarations, and the records of every dataset of ``project``, as they lie there now."""
    seen: Seen = {}
    for path in _files(root, project):
        try:
            about = path.stat()
        except OSError:
            continue  # gone between two looks
        seen[str(path.relative_to(root) if path.is_relative_to(root) else path)] = (about.st_mtime_ns, about.st_size)
    return seen


def changed_files(before: Mapping[str, tuple[int, int]], now: Mapping[str, tuple[int, int]]) -> list[str]:
    """Return the files that came, went or are others, by name."""
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))


def _files(root: Path, project: Project | None) -> Iterator[Path]:
    for pattern in ("*.yaml", "*.csv"):
        yield from (path for path in (root / "metrics").rglob(pattern) if path.is_file())
    from civicstat.sources import matching

    for dataset in project.datasets.values() if project else ():
        if dataset.source.file:
            yield from matching(root, dataset.source.file)
