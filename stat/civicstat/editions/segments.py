"""The typed records of each dataset, loaded once for each content and shared by editions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from civicstat.editions.base import Base, find_base
from civicstat.editions.digest import code_digest, digest, load_digest
from civicstat.editions.folder import Folder, sync
from civicstat.editions.hashes import known_digests
from civicstat.editions.lock import build_lock
from civicstat.editions.segment import Segment, read_segment, segment_name, write_segment
from civicstat.editions.space import whole_or_nothing
from civicstat.errors import CivicstatError, EditionError, Fault, suggest
from civicstat.spec import Dataset, Project
from civicstat.warehouse import (
    CannotAddError,
    LoadReport,
    input_digest,
    joined,
    load_dataset,
    names_clock,
)

__all__ = ["Progress", "hold_segments", "load_segments"]

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


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
    held = _held(folder, project, as_of) if only else {}
    segments = {}
    for name, dataset in project.datasets.items():
        made_by = _made_by(dataset, project, as_of)
        kept = read_segment(folder, held[name]) if name not in only and name in held else None
        if kept is None or kept.made_by != made_by:
            kept = _load(dataset, project, folder, as_of, now, made_by, progress)
        segments[name] = kept if _has_clock(dataset) else _known_on(kept, as_of)
    return segments


def hold_segments(
    project: Project,
    folder: Folder,
    manifest: Mapping[str, Any],
    names: Collection[str],
    progress: Progress | None,
) -> tuple[dict[str, Segment], tuple[str, ...]]:
    """Return the segments of some datasets as an edition has them, and which of them had to be loaded.

    That is done from the files of today, and only where the edition has no such dataset or it is declared to be read
    otherwise. No edition refers to what is loaded: the next build finds it there.

    Raises:
        EditionError: the edition's records are no longer kept; or a load is needed, and there is no ``progress`` to
            tell of it, or another build is running.
        SourceError: a dataset cannot be loaded.
    """
    as_of = date.fromisoformat(manifest["as_of"])
    segments, loaded = {}, []
    for name in names:
        dataset = project.datasets[name]
        made_by = _made_by(dataset, project, as_of)
        held = _held_by(folder, manifest, name)
        found = held if held is None or held.made_by == made_by else _read_as(folder, held, made_by)
        if found is None:
            if progress is None:
                mend = "run `civicstat build`"
                wanted = "one that is declared as it was loaded"
                raise EditionError(Fault("not-loaded", f"datasets.{name}", "declared otherwise by now", wanted, mend))
            loaded.append(name)
            with build_lock(folder.lock), whole_or_nothing(folder):
                found = _load(dataset, project, folder, as_of, datetime.now(UTC), made_by, progress)
        segments[name] = found if _has_clock(dataset) else _known_on(found, as_of)
    return segments, tuple(loaded)


def _held_by(folder: Folder, manifest: Mapping[str, Any], name: str) -> Segment | None:
    entry = manifest["datasets"].get(name)
    found = read_segment(folder, entry["segment"]) if entry else None
    if entry and found is None:
        gone = f"records that are no longer kept for the edition {manifest['id']}"
        raise EditionError(Fault("rows-gone", f"records of {name}", gone, help="run `civicstat build`"))
    return found


def _read_as(folder: Folder, held: Segment, made_by: str) -> Segment | None:
    """Return the same files as another declaration reads them, where that was done before."""
    return read_segment(folder, segment_name(held.dataset, held.inputs, made_by))


def _made_by(dataset: Dataset, project: Project, as_of: date) -> str:
    """Only a dataset without a clock of its own, whose rows read the clock, is another one on another day."""
    day = as_of.isoformat() if names_clock(dataset) and not _has_clock(dataset) else None
    return digest(load_digest(dataset, project.city), code_digest(), day)


def _known_on(segment: Segment, as_of: date) -> Segment:
    """A dataset without a clock of its own is known up to the day of the build."""
    return replace(segment, report=replace(segment.report, as_of=_start(as_of).isoformat()))


def _load(
    dataset: Dataset, project: Project, folder: Folder, as_of: date, now: datetime, made_by: str, progress: Progress
) -> Segment:
    digests = known_digests(dataset, folder)
    inputs = input_digest(digests)
    kept = read_segment(folder, segment_name(dataset.name, inputs, made_by))
    if kept is not None:
        return kept

    def load(base: Base | None) -> tuple[str, LoadReport]:
        file = f"{dataset.name}-{digest(inputs, made_by, *([base.files] if base else []))}.duckdb"
        aside = folder.segments / f".building-{file}"
        report = load_dataset(
            dataset,
            project.root,
            project.city,
            aside,
            fetched_at=_start(as_of),
            held=base.held(folder) if base else None,
            progress=lambda done, of, what: progress(what, done, of),
        )
        sync(aside)
        aside.replace(folder.segments / file)
        return file, report

    base, because = find_base(folder, dataset, project.root, digests, made_by)
    try:
        file, report = load(base)
    except CannotAddError as error:
        base, because = None, error.why
        file, report = load(None)
    parts = (*(base.parts if base else ()), report)
    segment = Segment(
        dataset=dataset.name,
        files=(*(base.files if base else ()), file),
        inputs=inputs,
        made_by=made_by,
        loaded_at=now.isoformat(timespec="seconds"),
        report=joined(parts),
        reused=False,
        parts=parts,
        because=because,
    )
    write_segment(folder, segment)
    return segment


def _start(day: date) -> datetime:
    return datetime.combine(day, time())  # what the day itself brings is still coming in


def _has_clock(dataset: Dataset) -> bool:
    return dataset.as_of.at is not None or bool(dataset.as_of.columns)


def _held(folder: Folder, project: Project, as_of: date) -> Mapping[str, str]:
    """Return the segments of the current edition by dataset; none where there is no edition to go on from.

    One without a clock of its own is known on another day only when its files have been looked at.
    """
    try:
        manifest = folder.manifest(folder.current())
    except CivicstatError:
        return {}
    datasets = {name: item["segment"] for name, item in manifest["datasets"].items() if name in project.datasets}
    same_day = manifest["as_of"] == as_of.isoformat()
    return {name: segment for name, segment in datasets.items() if same_day or _has_clock(project.datasets[name])}


def _unknown(name: str, project: Project) -> Fault:
    declared = ", ".join(f"`{item}`" for item in project.datasets)
    return Fault("unknown-dataset", "--only", f"`{name}`", f"a dataset: {declared}", suggest(name, project.datasets))
