"""One dataset's typed records on disk, and the text beside them that says what they were made of."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from civicstat.editions.digest import digest
from civicstat.editions.folder import Folder, write_text
from civicstat.warehouse import LoadReport, joined

__all__ = ["Segment", "held_segments", "read_segment", "segment_name", "write_segment"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One dataset's records in files of ``data/segments``, and the report of their load.

    ``files`` are the base and what was added to it since, in that order. Each holds ``rows`` and ``quarantine``, and
    the numbers ``_row`` of one go on where those of the one before end. ``report`` covers all, ``parts`` one file each.
    ``inputs`` names the content of the files read; ``made_by`` the declaration and code that read them. ``because``
    is why all were loaded together; empty where new files were added to held ones.
    """

    dataset: str
    files: tuple[str, ...]
    inputs: str
    made_by: str
    loaded_at: str
    report: LoadReport
    reused: bool
    parts: tuple[LoadReport, ...] = ()
    because: str = ""

    @property
    def name(self) -> str:
        """The name for what was read and by what, however many files hold it."""
        return segment_name(self.dataset, self.inputs, self.made_by)

    @property
    def how(self) -> Literal["held", "added", "whole"]:
        """Whether this build took the records as they were, added some to them, or loaded all."""
        return "held" if self.reused else "added" if len(self.files) > 1 else "whole"


def segment_name(dataset: str, inputs: str, made_by: str) -> str:
    """Return the name of the segment of a dataset with such inputs, made by such a declaration and code."""
    return f"{dataset}-{digest(inputs, made_by)}"


def write_segment(folder: Folder, segment: Segment) -> None:
    """Say what a segment is: the last step, without which its files are nothing."""
    body = dataclasses.asdict(segment)
    del body["report"], body["reused"]
    write_text(folder.segments / f"{segment.name}.json", json.dumps(body, ensure_ascii=False, default=str))


def read_segment(folder: Folder, name: str) -> Segment | None:
    """Return a segment that is whole; None where a file of it is missing or it cannot be read."""
    try:
        body: dict[str, Any] = json.loads((folder.segments / f"{name}.json").read_text(encoding="utf-8"))
        parts = tuple(LoadReport(**part) for part in body.pop("parts"))
        files = tuple(body.pop("files"))
        if not files or len(files) != len(parts) or not all((folder.segments / file).is_file() for file in files):
            return None
        return Segment(**body, files=files, parts=parts, report=joined(parts), reused=True)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def held_segments(folder: Folder, dataset: str) -> Iterator[Segment]:
    """Yield every whole segment of a dataset."""
    for path in sorted(folder.segments.glob(f"{dataset}-*.json")):
        segment = read_segment(folder, path.stem)
        if segment is not None and segment.dataset == dataset:
            yield segment
