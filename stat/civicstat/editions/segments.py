"""The typed records of each dataset, loaded once for each content and shared by editions."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from civicstat.editions.digest import code_digest, digest, load_digest
from civicstat.editions.folder import Folder, sync, write_text
from civicstat.errors import CivicstatError, Fault, suggest
from civicstat.spec import Dataset, Project
from civicstat.warehouse import LoadReport, input_digest, load_dataset

__all__ = ["Progress", "Segment", "load_segments"]

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One dataset's records in files of ``data/segments``, and the report of their load.

    ``files`` are the base and what was added to it since, in that order. Each holds ``rows`` and ``quarantine``, and
    the numbers ``_row`` of one go on where those of the one before end. ``report`` covers all. ``inputs`` names the
    content of the files read; ``made_by`` the declaration and code that read them.
    """

    dataset: str
    files: tuple[str, ...]
    inputs: str
    made_by: str
    loaded_at: str
    report: LoadReport
    reused: bool

    @property
    def name(self) -> str:
        """The name for what was read and by what, however many files hold it."""
        return _name(self.dataset, self.inputs, self.made_by)


def load_segments(
    project: Project, folder: Folder, as_of: date, now: datetime, only: Collection[str], progress: Progress
) -> dict[str, Segment]:
    """Return a segment for every dataset, loading those whose files, declaration or reader changed.

    With ``only``, the others stay as the current edition has them, wherever that still fits their declaration.

    Raises:
        SourceError: a dataset cannot be loaded; none of what was there is touched.
        CivicstatError: ``only`` names a dataset that is not declared.
    """
    unknown = [name for name in only if name not in project.datasets]
    if unknown:
        raise CivicstatError([_unknown(name, project) for name in unknown])
    folder.segments.mkdir(parents=True, exist_ok=True)
    held = _held(folder) if only else {}
    segments = {}
    for name, dataset in project.datasets.items():
        made_by = _made_by(dataset, project, as_of)
        kept = _read(folder, held[name]) if name not in only and name in held else None
        if kept is None or kept.made_by != made_by:
            kept = _load(dataset, project, folder, as_of, now, made_by, progress)
        segments[name] = kept
    return segments


def _made_by(dataset: Dataset, project: Project, as_of: date) -> str:
    """A dataset without a clock of its own is known up to the day of the build, which its rows may be derived from."""
    clock = dataset.as_of.at is not None or dataset.as_of.columns
    return digest(load_digest(dataset, project.city), code_digest(), None if clock else as_of.isoformat())


def _load(
    dataset: Dataset, project: Project, folder: Folder, as_of: date, now: datetime, made_by: str, progress: Progress
) -> Segment:
    inputs = input_digest(dataset, project.root)
    segment_name = _name(dataset.name, inputs, made_by)
    file = f"{segment_name}.duckdb"
    kept = _read(folder, segment_name)
    if kept is not None:
        return kept
    aside = folder.segments / f".building-{file}"
    fetched = datetime.combine(as_of, time())  # what the day itself brings is still coming in
    report = load_dataset(
        dataset,
        project.root,
        project.city,
        aside,
        fetched_at=fetched,
        progress=lambda done, of, what: progress(what, done, of),
    )
    sync(aside)
    aside.replace(folder.segments / file)
    segment = Segment(dataset.name, (file,), inputs, made_by, now.isoformat(timespec="seconds"), report, reused=False)
    write_text(_beside(folder, segment_name), json.dumps(dataclasses.asdict(segment), ensure_ascii=False, default=str))
    return segment


def _read(folder: Folder, segment_name: str) -> Segment | None:
    """Return a segment that is whole: what describes it is written last."""
    try:
        body: dict[str, Any] = json.loads(_beside(folder, segment_name).read_text(encoding="utf-8"))
        files = tuple(body["files"])
        if not files or not all((folder.segments / file).is_file() for file in files):
            return None
        return Segment(**{**body, "files": files, "report": LoadReport(**body["report"]), "reused": True})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _name(dataset: str, inputs: str, made_by: str) -> str:
    return f"{dataset}-{digest(inputs, made_by)}"


def _beside(folder: Folder, segment_name: str) -> Path:
    return folder.segments / f"{segment_name}.json"


def _held(folder: Folder) -> Mapping[str, str]:
    """Return the segments of the current edition by dataset; none where there is no edition to go on from."""
    try:
        manifest = folder.manifest(folder.current())
    except CivicstatError:
        return {}
    return {name: item["segment"] for name, item in manifest["datasets"].items()}


def _unknown(name: str, project: Project) -> Fault:
    declared = ", ".join(f"`{item}`" for item in project.datasets)
    return Fault("unknown-dataset", "--only", f"`{name}`", f"a dataset: {declared}", suggest(name, project.datasets))
