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
from civicstat.editions.segment import Segment, held_segments, read_segment, segment_name, write_segment
from civicstat.editions.space import whole_or_nothing
from civicstat.errors import CivicstatError, EditionError, Fault, suggest
from civicstat.spec import Dataset, Project, beneath
from civicstat.warehouse import (
    Beneath,
    CannotAddError,
    LoadReport,
    clock_beneath,
    input_digest,
    joined,
    load_dataset,
    names_clock,
    select_dataset,
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
    segments: dict[str, Segment] = {}
    for name in _in_order(project):
        dataset = project.datasets[name]
        if dataset.source.query:  # it follows those it is made of, whichever are asked for
            segments[name] = _select(dataset, project, folder, segments, now, progress)
            continue
        made_by = _made_by(dataset, project, as_of)
        kept = read_segment(folder, held[name]) if name not in only and name in held else None
        if kept is None or kept.made_by != made_by:
            kept = _load(dataset, project, folder, as_of, now, made_by, progress)
        segments[name] = kept if _has_clock(dataset) else _known_on(kept, as_of)
    return {name: segments[name] for name in project.datasets}


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
    segments: dict[str, Segment] = {}
    loaded = []
    for name in _in_order(project, names):
        dataset = project.datasets[name]
        if dataset.source.query:
            made = _selected(dataset, project, folder, segments)
            if made is None:
                loaded.append(name)
                tell = _told(name, progress)
                with build_lock(folder.lock), whole_or_nothing(folder):
                    made = _select(dataset, project, folder, segments, datetime.now(UTC), tell)
            segments[name] = made
            continue
        made_by = _made_by(dataset, project, as_of)
        held = _held_by(folder, manifest, name)
        found = held if held is None or held.made_by == made_by else _read_as(folder, held, made_by)
        if found is None:
            tell = _told(name, progress)
            loaded.append(name)
            with build_lock(folder.lock), whole_or_nothing(folder):
                found = _load(dataset, project, folder, as_of, datetime.now(UTC), made_by, tell)
        segments[name] = found if _has_clock(dataset) else _known_on(found, as_of)
    return {name: segments[name] for name in names}, tuple(loaded)


def _in_order(project: Project, names: Collection[str] | None = None) -> list[str]:
    """Return datasets with all that they are made of, each behind what it is made of."""
    chosen = project.datasets if names is None else names
    return list(dict.fromkeys(under for name in chosen for under in beneath(name, project.datasets)))


def _told(name: str, progress: Progress | None) -> Progress:
    if progress is None:
        wanted, mend = "one that is declared as it was loaded", "run `civicstat build`"
        raise EditionError(Fault("not-loaded", f"datasets.{name}", "declared otherwise by now", wanted, mend))
    return progress


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


def _selected(dataset: Dataset, project: Project, folder: Folder, segments: Mapping[str, Segment]) -> Segment | None:
    """Return the segment of a query over such segments, None where it was never made.

    Without a clock of its own it is known as long as those it is made of.
    """
    under = _beneath(dataset, project, folder, segments)
    found = read_segment(folder, segment_name(dataset.name, *_asked(dataset, project, segments, under)))
    if found is None or _has_clock(dataset):
        return found
    clock = clock_beneath(dataset, under)
    shown = clock.at.date().isoformat() if clock.is_date else clock.at.isoformat()
    return replace(found, report=replace(found.report, as_of=shown, as_of_is_date=clock.is_date))


def _select(
    dataset: Dataset,
    project: Project,
    folder: Folder,
    segments: Mapping[str, Segment],
    now: datetime,
    progress: Progress,
) -> Segment:
    """Return the segment of a query over such segments, made where it is not there."""
    found = _selected(dataset, project, folder, segments)
    if found is not None:
        return found
    because = "rows-changed" if any(held_segments(folder, dataset.name)) else "first-load"
    under = _beneath(dataset, project, folder, segments)
    inputs, made_by = _asked(dataset, project, segments, under)
    progress(dataset.name, 0, 1)
    file = f"{dataset.name}-{digest(inputs, made_by)}.duckdb"
    aside = folder.segments / f".building-{file}"
    report = select_dataset(dataset, project.city, under, aside)
    sync(aside)
    aside.replace(folder.segments / file)
    progress(dataset.name, 1, 1)
    stamp = now.isoformat(timespec="seconds")
    segment = Segment(dataset.name, (file,), inputs, made_by, stamp, report, False, (report,), because)
    write_segment(folder, segment)
    return segment


def _beneath(dataset: Dataset, project: Project, folder: Folder, segments: Mapping[str, Segment]) -> dict[str, Beneath]:
    query = dataset.source.query
    assert query is not None
    return {
        name: Beneath(
            project.datasets[name], [folder.segments / file for file in segments[name].files], segments[name].report
        )
        for name in query.datasets
    }


def _asked(
    dataset: Dataset, project: Project, segments: Mapping[str, Segment], under: Mapping[str, Beneath]
) -> tuple[str, str]:
    """Return what a query reads and what makes its rows; of the clock only where the rows depend on it."""
    inputs = input_digest({name: segments[name].name for name in under})
    clock = clock_beneath(dataset, under) if names_clock(dataset) else None
    told = [clock.at.isoformat(), clock.is_date] if clock else None
    return inputs, digest(load_digest(dataset, project.city), code_digest(), told)


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
