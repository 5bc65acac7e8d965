from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civicstat.errors import SourceError
from civicstat.period import FiscalYear
from civicstat.spec import City, ColumnDef, ColumnType, Dataset, Source
from civicstat.warehouse import execute, load_dataset, open_reader

CITY = City({"en": "Smallville"}, ("en",), "America/New_York", FiscalYear(7))
NOW = datetime.fromisoformat("2026-03-01T00:00:00+00:00")
CELLS = st.one_of(
    st.sampled_from(["", " ", "1", "2", "2026-01-05", "x", "-", "id", "n"]),
    st.text(alphabet='ab1,;"\n\r é\t', max_size=6),
)
RECORDS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=12)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=RECORDS, end=st.sampled_from(["\n", "\r\n"]), always=st.booleans())
def test_every_record_read_is_loaded_a_duplicate_or_in_quarantine(
    records: list[list[str]], end: str, always: bool
) -> None:
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL).writerow
    for record in (["id", "n", "day"], *records):
        write(record)
    text = out.getvalue()
    columns = {
        "id": ColumnDef("id", "id", ColumnType.TEXT, missing=("-",)),
        "n": ColumnDef("n", "n", ColumnType.INTEGER),
        "day": ColumnDef("day", "day", ColumnType.DATE),
    }
    dataset = Dataset("cases", {"en": "Cases"}, {"en": "a case"}, Source("a.csv"), columns, key=("id",), time="day")
    expected = [row for row in records if not _is_no_record(row, always)]
    good = [row for row in expected if _fits(row)]
    keys = Counter(key for row in good if (key := row[0].strip().strip("\t\r\n")) not in ("", "-"))
    duplicates = sum(count - 1 for count in keys.values())

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "a.csv").write_bytes(text.encode())
        try:
            report = load_dataset(dataset, root, CITY, root / "s.duckdb", fetched_at=NOW)
        except SourceError as error:
            assert {fault.code for fault in error.faults} <= {"no-records", "no-rows-left"}
            assert not good
            return
        engine = open_reader(root / "s.duckdb")
        rows = execute(engine, sa.text("SELECT id, n, _record FROM rows ORDER BY _record"))
        aside = execute(engine, sa.text("SELECT record FROM quarantine"))
        engine.dispose()

    assert (report.read, report.loaded, report.duplicates, report.quarantined) == (
        len(expected),
        len(good) - duplicates,
        duplicates,
        len(expected) - len(good),
    )
    assert (len(rows), len(aside)) == (report.loaded, report.quarantined)
    assert {record for *_, record in rows}.isdisjoint(record for (record,) in aside)
    for identity, number, record in rows:
        cells = [cell.strip(" \t\r\n") for cell in expected[record - 1]]
        assert (identity or "", "" if number is None else str(number)) == (
            "" if cells[0] == "-" else cells[0],
            cells[1],
        )


def _is_no_record(row: list[str], always: bool) -> bool:
    if [cell.strip() for cell in row] == ["id", "n", "day"]:
        return True
    # A quoted value is a value, even an empty one; so is anything with a line break, which must be quoted.
    return not always and all(not cell.strip(" \t,") and not set(cell) & set(",\r\n") for cell in row)


def _fits(row: list[str]) -> bool:
    if len(row) < 3 or any(cell.strip() for cell in row[3:]):
        return False
    _, number, day = (cell.strip(" \t\r\n") for cell in row[:3])
    return number in ("", "1", "2", "11", "111", "1111", "11111", "111111") and day in ("", "2026-01-05")
