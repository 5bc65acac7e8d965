from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from civicstat.editions.attached import attach_segments, part_tables, segment_table
from civicstat.editions.folder import Folder
from civicstat.editions.segment import Segment
from civicstat.spec import ColumnDef, ColumnType, Dataset, Source
from civicstat.warehouse import LoadReport, execute, open_writer

VISITS = Dataset(
    "visits",
    {"en": "Visits"},
    {"en": "one row is one visit"},
    Source("visits.csv"),
    {"id": ColumnDef("id", "Id", ColumnType.TEXT)},
)
REPORT = LoadReport("visits", (), 0, 0, 0, 0, "2026-03-31", True)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two files of records, `a` with the rows 0 and 1 and `b` with the row 2."""
    made = Folder(tmp_path)
    made.segments.mkdir(parents=True)
    for name, rows in (("a", "(0, 'x'), (1, 'y')"), ("b", "(2, 'z')")):
        engine = open_writer(made.segments / f"{name}.duckdb")
        execute(engine, sa.text(f"CREATE TABLE rows AS SELECT * FROM (VALUES {rows}) AS found (_row, id)"))
        execute(engine, sa.text("CREATE TABLE quarantine (file VARCHAR)"))
        engine.dispose()
    return made


def segment(*files: str) -> Segment:
    return Segment("visits", files, "inputs", "maker", "2026-03-31", REPORT, reused=False)


@pytest.mark.parametrize(("files", "expected"), [(["a"], "xy"), (["a", "b"], "xyz")])
def test_a_segment_reads_as_one_table_however_many_files_hold_it(
    folder: Folder, files: list[str], expected: str
) -> None:
    held = segment(*(f"{name}.duckdb" for name in files))
    engine = open_writer(Path(":memory:"))
    attach_segments(engine, folder, {"visits": held})

    table = segment_table(VISITS)
    found = execute(engine, sa.select(table.c.id).order_by(table.c["_row"]))
    parts = [execute(engine, sa.select(part.c.id)) for part in part_tables(VISITS, held)]
    aside = execute(engine, sa.text("SELECT count(*) FROM d_visits.quarantine"))
    engine.dispose()

    assert "".join(text for (text,) in found) == expected
    assert ["".join(text for (text,) in part) for part in parts] == ["xy", "z"][: len(files)]
    assert aside == [(0,)]


def test_a_file_of_one_dataset_is_never_taken_for_another_dataset(folder: Folder) -> None:
    other = replace(segment("b.duckdb"), dataset="visits_0")
    engine = open_writer(Path(":memory:"))

    attach_segments(engine, folder, {"visits": segment("a.duckdb", "b.duckdb"), "visits_0": other})

    whole = execute(engine, sa.select(sa.func.count()).select_from(segment_table(VISITS)))
    alone = execute(engine, sa.select(sa.func.count()).select_from(segment_table(replace(VISITS, name="visits_0"))))
    engine.dispose()
    assert (whole, alone) == ([(3,)], [(1,)])
