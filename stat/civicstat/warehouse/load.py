"""A dataset's files become one segment: typed rows, their quarantine, and a report whose counts add up."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from civicstat.compiler import SQL_TYPES, AsOfValue
from civicstat.errors import Fault, SourceError
from civicstat.sources import Progress, Table, find_files, inspect_file, refuse_absent
from civicstat.sources.files import source_fault
from civicstat.spec import City, Dataset, file_kind
from civicstat.warehouse.checks import run_checks
from civicstat.warehouse.connect import checkpoint, execute, open_writer
from civicstat.warehouse.held import Held, attach_held, refuse_repeats
from civicstat.warehouse.quarantine import first_aside, write_quarantine
from civicstat.warehouse.report import LoadReport
from civicstat.warehouse.rows import Clock, write_rows
from civicstat.warehouse.stage import BROKEN, Stage, load_stage

__all__ = ["load_dataset", "loaded_report"]


def load_dataset(
    dataset: Dataset,
    project_root: Path,
    city: City,
    target: Path,
    *,
    fetched_at: datetime,
    held: Held | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load the dataset's files into the new DuckDB file ``target`` and return what was done.

    The file holds ``rows`` (declared and derived columns, ``_row`` from 0 in order of time and key or, without a time,
    of file and record; ``_file``, ``_record``) and ``quarantine`` (file, record, line, reason, column, value, raw). It
    is written aside and renamed when whole: a load that fails leaves nothing. ``fetched_at`` without an offset is
    local.

    With ``held``, only the files that are not held are loaded: ``_row`` goes on from the held ones, and the report is
    of the new ones alone, with the clock of all.

    Raises:
        SourceError: a file is missing, damaged or of the wrong shape, no record is left, or a check refuses.
        CannotAddError: the new files cannot be loaded without the held ones.
    """
    known = {file["path"] for file in held.report.files} if held else set()
    files = [file for file in find_files(dataset, project_root) if file.name not in known]
    total = sum(file.size for file in files)
    done = 0

    def advance(size: int) -> None:
        nonlocal done
        done += size
        if progress:
            progress(done, total, dataset.name)

    tables = _inspect(dataset, files, advance)
    if not held:  # what new files lack, the held ones have
        refuse_absent(dataset, tables)
    aside = target.with_name(target.name + ".partial")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        report = _load(dataset, city, tables, aside, fetched_at, held)
        (aside / "segment.duckdb").replace(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return report


def _inspect(dataset: Dataset, files: Sequence[Any], advance: Any) -> list[Table]:
    """Look through every file before one is loaded, so that all their faults come at once."""
    tables: list[Table] = []
    faults: list[Fault] = []
    for file in files:
        try:
            tables.append(inspect_file(dataset, file, advance))
        except SourceError as error:
            faults += error.faults
    if faults:
        raise SourceError(faults)
    return tables


def _load(
    dataset: Dataset, city: City, tables: Sequence[Table], aside: Path, fetched_at: datetime, held: Held | None
) -> LoadReport:
    engine = open_writer(
        aside / "segment.duckdb",
        scratch=aside / "scratch",
        folders=[aside],
        files=[table.file.path for table in tables],
    )
    try:
        if held:
            attach_held(engine, held)
        stage = load_stage(engine, dataset, tables, city.time_zone, aside)
        by_file = _records(engine, stage, len(tables))
        if not sum(by_file) and not held:
            raise SourceError(_no_records(dataset, tables))
        quarantine = write_quarantine(engine, dataset, tables, stage)
        if sum(quarantine.values()) == sum(by_file) and not held:
            raise SourceError(_all_quarantined(dataset, sum(by_file), quarantine))
        clock, duplicates = write_rows(engine, dataset, city, stage, fetched_at, not quarantine, held)
        if held:
            refuse_repeats(engine, dataset)
        checks = run_checks(engine, dataset, city, AsOfValue(clock.at, clock.is_date))
        report = _report(engine, dataset, tables, stage, by_file, quarantine, duplicates, clock, checks)
        checkpoint(engine)
        return report
    finally:
        engine.dispose()


def _records(engine: sa.Engine, stage: Stage, files: int) -> list[int]:
    counts = [0] * files
    for table in (stage.rows, BROKEN):
        for file, count in execute(engine, sa.select(table.c.file, sa.func.count()).group_by(table.c.file)):
            counts[file] += count
    return counts


def _report(
    engine: sa.Engine,
    dataset: Dataset,
    tables: Sequence[Table],
    stage: Stage,
    by_file: Sequence[int],
    quarantine: Mapping[str, int],
    duplicates: int,
    clock: Clock,
    checks: list[dict[str, Any]],
) -> LoadReport:
    read, quarantined = sum(by_file), sum(quarantine.values())
    whole = loaded_report(engine, dataset, read, duplicates, clock, checks, quarantined)
    return replace(
        whole,
        files=[
            {"path": table.file.name, "bytes": table.file.size, "sha256": table.sha256, "rows": count}
            for table, count in zip(tables, by_file, strict=True)
        ],
        quarantine=dict(quarantine),
        first_aside=first_aside(engine),
        missing=_missing(engine, dataset, stage),
        unmapped=_unmapped(engine, dataset, stage),
        guessed=_guessed(tables),
        dropped=_dropped(stage),
    )


def loaded_report(
    engine: sa.Engine,
    dataset: Dataset,
    read: int,
    duplicates: int,
    clock: Clock,
    checks: list[dict[str, Any]],
    quarantined: int = 0,
) -> LoadReport:
    """Return what can be told of finished rows, wherever they came from."""
    rows = sa.table("rows", *(sa.column(name, SQL_TYPES[kind]) for name, kind in dataset.types().items()))
    loaded = int(execute(engine, sa.select(sa.func.count()).select_from(rows))[0][0])
    first = last = None
    no_date = 0
    if dataset.time:
        time = rows.c[dataset.time]
        first, last, dated = execute(engine, sa.select(sa.func.min(time), sa.func.max(time), sa.func.count(time)))[0]
        no_date = loaded - dated
    if read != loaded + duplicates + quarantined:
        raise RuntimeError(f"{read} records read are not {loaded} + {duplicates} + {quarantined}")
    return LoadReport(
        dataset=dataset.name,
        files=[],
        read=read,
        loaded=loaded,
        duplicates=duplicates,
        quarantined=quarantined,
        as_of=clock.at.date().isoformat() if clock.is_date else clock.at.isoformat(),
        as_of_is_date=clock.is_date,
        first=_iso(first),
        last=_iso(last),
        no_date=no_date,
        checks=checks,
    )


def _iso(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _missing(engine: sa.Engine, dataset: Dataset, stage: Stage) -> dict[str, dict[str, int]]:
    found = {}
    for i, (name, column) in enumerate(dataset.columns.items()):
        if column.missing:
            word = stage.rows.c[f"w{i}"]
            counts = sa.select(word, sa.func.count()).where(word.is_not(sa.null())).group_by(word)
            seen = dict(execute(engine, counts))
            found[name] = {text: seen.get(text, 0) for text in column.missing}
    return found


def _unmapped(engine: sa.Engine, dataset: Dataset, stage: Stage) -> dict[str, int]:
    flags = {name: stage.rows.c[f"u{i}"] for i, (name, column) in enumerate(dataset.columns.items()) if column.map}
    if not flags:
        return {}
    counts = execute(engine, sa.select(*(sa.func.count(sa.case((flag, 1))) for flag in flags.values())))[0]
    return dict(zip(flags, counts, strict=True))


def _dropped(stage: Stage) -> dict[str, int]:
    counts = {
        "blank_lines": sum(done.blank_lines for done in stage.careful.values()),
        "repeated_headers": sum(done.repeated_headers for done in stage.careful.values()),
    }
    return {name: count for name, count in counts.items() if count}


def _guessed(tables: Sequence[Table]) -> dict[str, dict[str, int]]:
    said: dict[str, dict[str, int]] = {}
    for table in tables:
        for name, guess in table.guessed.items():
            counts = said.setdefault(name, {})
            counts[guess] = counts.get(guess, 0) + 1
    return said


def _no_records(dataset: Dataset, tables: Sequence[Table]) -> Fault:
    names = f"`{tables[0].file.name}`" if len(tables) == 1 else f"each of {len(tables)} files"
    has = "has a header and" if file_kind(tables[0].file.name) == "table" else "holds"
    return source_fault(
        dataset, "no-records", f"{names} {has} no record", "at least one record", "fetch the file again"
    )


def _all_quarantined(dataset: Dataset, read: int, quarantine: Mapping[str, int]) -> Fault:
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in quarantine.items())
    return source_fault(
        dataset,
        "no-rows-left",
        f"all {read:,} records went to quarantine: {reasons}",
        "records of the declared types",
        "compare `type`, `format` and `values` of the columns with the file",
    )
