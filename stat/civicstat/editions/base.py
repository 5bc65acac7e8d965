"""Which held records new files can be added to, so that a day's news does not load years again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civicstat.editions.folder import Folder
from civicstat.editions.segment import held_segments
from civicstat.spec import Dataset
from civicstat.warehouse import Held, LoadReport, joined

__all__ = ["Base", "find_base"]

MOST_FILES = 8
"""With more, every query would pay for the files' number: what was added is loaded again as one."""

MOST_ADDED = 0.2
"""The bytes of added files for one of the base's: beyond, the order of time is worth loading all again."""


@dataclass(frozen=True, slots=True)
class Base:
    """Files of a held segment, from its first on, and their reports."""

    files: tuple[str, ...]
    parts: tuple[LoadReport, ...]

    def held(self, folder: Folder) -> Held:
        """Return it as a load wants it."""
        return Held(tuple(folder.segments / file for file in self.files), joined(self.parts))


def find_base(
    folder: Folder, dataset: Dataset, root: Path, digests: Mapping[str, str], made_by: str
) -> tuple[Base | None, str]:
    """Return the records that files with such digests can be added to, or None and why there are none.

    Every file of the base must still be there, unchanged, and before all new ones.
    """
    held = list(held_segments(folder, dataset.name))
    alike = [segment for segment in held if segment.made_by == made_by]
    if not alike:
        return None, "made-otherwise" if held else "first-load"
    wanted = list(digests.items())
    first = [segment for segment in alike if _inputs([segment.report]) == wanted[: len(segment.report.files)]]
    if not first:
        return None, "files-changed"
    best = max(first, key=lambda segment: len(segment.report.files))
    known = sum(len(part.files) for part in best.parts[:1])
    added = sum((root / name).stat().st_size for name, _ in wanted[known:])
    if added > MOST_ADDED * sum(file["bytes"] for file in best.parts[0].files):
        return None, "much-added"
    kept = 1 if len(best.files) >= MOST_FILES else len(best.files)
    return Base(best.files[:kept], best.parts[:kept]), ""


def _inputs(reports: Sequence[LoadReport]) -> list[tuple[Any, Any]]:
    return [(file["path"], file["sha256"]) for report in reports for file in report.files]
