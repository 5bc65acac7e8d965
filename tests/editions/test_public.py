from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicstat.editions import Folder, Store
from civicstat.editions.verify import verify_public
from civicstat.errors import EditionError
from civicstat.spec import load_project
from civicstat.warehouse import execute, open_reader, open_writer

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]

PRIVATE = "    privacy: {min_count: 6}\n"


def everything(path: Path) -> Iterator[str]:
    """Every value of every table of a database, and every name in it, as text."""
    engine = open_reader(path)
    names = sa.table("columns", sa.column("table_name"), sa.column("column_name"), schema="information_schema")
    for row in execute(engine, sa.select(names.c.table_name, names.c.column_name)):
        table, column = row.table_name, row.column_name
        yield f"{table}.{column}"
        for (value,) in execute(engine, sa.select(sa.column(column)).select_from(sa.table(table))):
            yield str(value)
    engine.dispose()


def public_files(root: Path) -> list[Path]:
    """Every file the public process may open: the edition's own, and those of the rows it names."""
    folder = Folder(root)
    rows = [name for item in folder.manifest(folder.current())["datasets"].values() for name in item["public_files"]]
    return [folder.edition(folder.current()) / "public.duckdb", *(folder.public / name for name in rows)]


@pytest.mark.parametrize("told", ["Name7", "patient", "secret_metric", "Secret title", "Hidden clinic", "not a day"])
def test_the_public_files_hold_nothing_of_what_is_not_for_the_public(secretive: Path, told: str) -> None:
    folder, files = secretive / "data/editions" / Folder(secretive).current(), public_files(secretive)

    public = [text for file in files for text in everything(file) if told in text]
    office = [text for text in everything(folder / "office.duckdb") if told in text]

    assert public == []
    assert [file for file in files if told.encode() in file.read_bytes()] == []
    assert len(files) == 2
    assert bool(office) == (told in {"patient", "secret_metric", "Secret title", "Hidden clinic"})


def test_the_public_process_needs_no_file_but_the_public_ones(secretive: Path, tmp_path: Path) -> None:
    root, current = tmp_path / "public", Folder(secretive).current()
    for file in (*public_files(secretive), secretive / f"data/editions/{current}/manifest.json"):
        copy = root / file.relative_to(secretive)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    Folder(root).point(current)

    page = Store(root).current().rows("visits", "2026-01")

    assert (page.columns, len(page.rows), page.total) == (("id", "came_on"), 9, 9)


def test_a_withheld_number_is_blank_in_public_and_kept_for_the_office(tinytown: Write, build: Build) -> None:
    text = (tinytown() / "metrics/departments/health.yaml").read_text(encoding="utf-8")
    lines = [f"{number},2026-0{1 + number % 3}-02,{'North' if number % 5 else 'South'},1,A" for number in range(60)]
    root = tinytown(
        department=text.rstrip() + "\n" + PRIVATE, visits="Id,Came,Clinic,Kind,Patient\n" + "\n".join(lines)
    )
    build(root)
    public, office = Store(root).current(), Store(root, office=True).current()
    south = {"clinic": "South"}
    shown, kept = public.reading("visits", "2026-01", south), office.reading("visits", "2026-01", south)

    assert shown is not None
    assert kept is not None
    assert (kept.suppressed, kept.value, kept.n) == (True, 4.0, 4)
    assert (shown.suppressed, shown.value, shown.numerator, shown.denominator, shown.n) == (True, *(None,) * 4)
    assert (shown.status.value, dict(shown.reason.args)) == ("too_small", {"min_count": 6})
    assert not public.opens("visits")
    assert public.catalogue.metrics["visits"].min_count == 6


def test_few_rows_set_aside_or_waiting_are_not_counted_in_public_where_small_counts_are_withheld(
    tinytown: Write, build: Build
) -> None:
    text = (tinytown() / "metrics/departments/health.yaml").read_text(encoding="utf-8")
    prompt = text[text.index("  visits:") :].replace("  visits:", "  prompt:", 1)
    prompt = prompt.replace(
        "type: simple", "type: within\n    from: came_on\n    to: left_on\n    limit: {clinic: {North: 3 days}}"
    )
    prompt = "\n".join(line for line in prompt.splitlines() if "measure:" not in line and "unit:" not in line)
    lines = [f"{number},2026-01-02,{'West' if number < 2 else 'North'},1,A" for number in range(60)]
    listed = text.replace("metrics: [visits]", "metrics: [visits, prompt]").rstrip()
    root = tinytown(
        dataset_records="    derive: {left_on: cast(came_on as date)}\n",
        department=f"{listed}\n{prompt.rstrip()}\n{PRIVATE}",
        visits="Id,Came,Clinic,Kind,Patient\n" + "\n".join(lines),
    )
    build(root)
    public, office = Store(root).current(), Store(root, office=True).current()

    shown, kept = public.reading("prompt", "2026-01"), office.reading("prompt", "2026-01")

    assert shown is not None
    assert kept is not None
    assert (shown.suppressed, shown.n, dict(shown.aside)) == (False, 58, {})
    assert dict(kept.aside) == {"no_promise": 2}


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE readings ADD COLUMN patient TEXT",
        "CREATE TABLE quarantine AS SELECT 1 AS raw",
        "UPDATE readings SET metric = 'secret_metric' WHERE period = 'all'",
        "UPDATE readings SET suppressed = true WHERE period = 'all'",
    ],
    ids=["a column", "a table", "a metric", "a number"],
)
def test_a_public_file_that_holds_too_much_is_not_published(secretive: Path, tmp_path: Path, change: str) -> None:
    path, records = public_files(secretive)[0], Store(secretive).current().records
    aside = changed(path, tmp_path / "aside.duckdb", change)

    with pytest.raises(EditionError) as raised:
        verify_public(aside, load_project(secretive), Folder(secretive), records)

    assert {fault.code for fault in raised.value.faults} == {"not-public"}


@pytest.mark.parametrize("change", ["ALTER TABLE rows ADD COLUMN patient TEXT", "CREATE TABLE quarantine (raw TEXT)"])
def test_public_rows_that_hold_too_much_are_not_published(secretive: Path, tmp_path: Path, change: str) -> None:
    root = shutil.copytree(secretive, tmp_path / "copy")
    edition, rows = public_files(root)
    changed(rows, rows, change)

    with pytest.raises(EditionError) as raised:
        verify_public(edition, load_project(root), Folder(root), Store(root).current().records)

    assert {fault.code for fault in raised.value.faults} == {"not-public"}


def changed(path: Path, to: Path, statement: str) -> Path:
    """A copy of a database in which a statement was run."""
    to.write_bytes(path.read_bytes())
    engine = open_writer(to)
    execute(engine, sa.text(statement))
    engine.dispose()
    return to


def test_the_day_of_a_row_is_kept_in_public_only_as_far_as_its_periods_need_it(tinytown: Write, build: Build) -> None:
    root = tinytown(dataset_records="    records: {columns: [id], public: [id]}\n")
    build(root)
    engine = open_reader(public_files(root)[1])
    marks = sa.table("rows", sa.column("_when_visits"))
    kept = {str(row[0]) for row in execute(engine, sa.select(marks.c["_when_visits"]))}
    engine.dispose()

    assert kept == {"2026-01-01", "2026-02-01", "2026-03-01"}
    assert Store(root).current().rows("visits", "2026-02").total == 10
