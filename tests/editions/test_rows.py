"""The files a number's rows are read from: shared by editions, in parts, gone one day, no wider than declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicstat.editions import Edition, Folder, Store
from civicstat.editions.records import records_of, records_text
from civicstat.editions.tables import CATALOGUE
from civicstat.editions.verify import verify_rows
from civicstat.errors import CivicstatError, EditionError
from civicstat.results import Reading
from civicstat.warehouse import execute, open_reader, open_writer

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]

AS_OF, NEXT = date(2026, 3, 31), date(2026, 4, 1)
DATASET = """
datasets:
  visits:
    title: Visits
    row: one row is one visit
    source: {{file: data/visits.csv}}
    key: id
    time: came_on
    covers: [[2026-01-01, 2026-12-31]]
    columns:
      id:       {{from: Id, type: text}}
      came_on:  {{from: Came, type: date}}
      left_on:  {{from: Left, type: date}}
      clinic:   {{from: Clinic, type: text}}
    records: {{public: {public}}}
"""
DEPARTMENT = """
departments:
  health: {title: Health}
metrics:
  visits: {title: It, dataset: visits, type: simple, measure: count(*), unit: visits, dimensions: [clinic]}
  seen: {title: It, dataset: visits, type: within, from: came_on, to: left_on, limit: 5 days, dimensions: [clinic]}
  seen_once_due:
    {title: It, dataset: visits, type: within, from: came_on, to: left_on, limit: 5 days, open_rows: mature}
  here: {title: It, dataset: visits, type: stock, opened: came_on, closed: left_on, unit: visits}
  here_long: {title: It, dataset: visits, type: stock, opened: came_on, closed: left_on, where: age > 3, unit: visits}
"""
VISITS = "Id,Came,Left,Clinic\n" + "\n".join(
    f"v{number:02},2026-03-{number:02},{'' if number % 3 else f'2026-03-{number + 2:02}'},{'N' if number % 2 else 'S'}"
    for number in range(1, 30)
)
HIDDEN, SHOWN = "[id, clinic]", "[id, came_on, left_on, clinic]"


@pytest.fixture
def clinic(tinytown: Write, build: Build) -> Callable[..., Path]:
    """Build the town of visits that are known up to the day of the build, of which so many columns are public."""

    def run(public: str = SHOWN, visits: str = VISITS, as_of: date = AS_OF) -> Path:
        root = tinytown(dataset=DATASET.format(public=public), department=DEPARTMENT, visits=visits)
        build(root, as_of=as_of)
        return root

    return run


def public_file(root: Path) -> Path:
    folder = Folder(root)
    (name,) = folder.manifest(folder.current())["datasets"]["visits"]["public_files"]
    return folder.public / str(name)


def rows_of(edition: Edition, metric: str, period: str = "2026-03") -> list[str]:
    return [str(row[0]) for row in edition.rows(metric, period).rows]


@pytest.mark.parametrize("public", [HIDDEN, SHOWN], ids=["hidden", "shown"])
def test_the_next_day_finds_the_public_rows_written_and_judges_them_by_its_own_clock(
    clinic: Callable[..., Path], public: str
) -> None:
    root = clinic(public)
    file, first = public_file(root), Store(root).current()
    written = file.stat()

    clinic(public, as_of=NEXT)
    second = Store(root).current()

    assert (public_file(root), file.stat().st_ino, file.stat().st_mtime_ns) == (
        file,
        written.st_ino,
        written.st_mtime_ns,
    )
    late = {"v26"}  # due on 31 March: late on 1 April, and not before
    assert set(rows_of(second, "seen")) - set(rows_of(first, "seen")) == late
    assert set(rows_of(second, "seen_once_due")) - set(rows_of(first, "seen_once_due")) == late


def test_a_days_new_records_get_a_public_file_of_their_own_beside_the_one_there_is(
    tinytown: Write, build: Build
) -> None:
    dataset = DATASET.replace("data/visits.csv", "data/visits/*.csv, take: all").replace("    key: id\n", "")
    root = tinytown(dataset=dataset.format(public=HIDDEN), department=DEPARTMENT)
    lines = VISITS.splitlines()
    (root / "data/visits").mkdir()
    (root / "data/visits/1.csv").write_text("\n".join(lines[:26]), encoding="utf-8")
    build(root)
    base = public_file(root)
    (root / "data/visits/2.csv").write_text("\n".join([lines[0], *lines[26:]]), encoding="utf-8")

    checks = build(root, as_of=NEXT)["checks"]
    folder, edition = Folder(root), Store(root).current()

    assert folder.manifest(edition.id)["datasets"]["visits"]["public_files"][0] == base.name
    assert len(edition.records["visits"].files) == 2
    assert [row[0] for row in edition.rows("visits", "2026-03").rows] == [f"v{number:02}" for number in range(1, 30)]
    assert len(rows_of(edition, "seen")) == 27  # v28 and v29 may still be in time
    assert checks["public_rows"]["readings"] == checks["public_rows"]["of"] > 0


def test_rows_are_told_by_an_age_in_public_only_where_the_days_are_public(clinic: Callable[..., Path]) -> None:
    hidden = Store(clinic(HIDDEN)).current()
    shown = Store(clinic(SHOWN)).current()

    assert (hidden.opens("here"), hidden.opens("here_long")) == (True, False)
    assert (shown.opens("here"), shown.opens("here_long")) == (True, True)
    assert "v28" in rows_of(shown, "here")
    assert "v28" not in rows_of(shown, "here_long")


@pytest.mark.parametrize("public", [HIDDEN, SHOWN], ids=["hidden", "shown"])
def test_a_row_dated_after_what_is_known_is_in_no_public_file_before_its_day(
    clinic: Callable[..., Path], public: str
) -> None:
    visits = f"{VISITS}\nsurprise,2026-04-01,,N\n"
    root = clinic(public, visits)
    before = public_file(root)

    clinic(public, visits, as_of=NEXT)

    assert b"surprise" not in before.read_bytes()
    assert b"surprise" in public_file(root).read_bytes()
    assert rows_of(Store(root).current(), "visits", "2026-04") == ["surprise"]


def test_a_public_file_keeps_no_column_and_no_row_that_no_public_number_needs(clinic: Callable[..., Path]) -> None:
    def columns(root: Path) -> list[str]:
        engine = open_reader(public_file(root))
        table = sa.table("columns", sa.column("column_name"), schema="information_schema")
        found = [row[0] for row in execute(engine, sa.select(table.c.column_name))]
        engine.dispose()
        return found

    assert columns(clinic(SHOWN)) == ["_row", "id", "came_on", "left_on", "clinic"]
    assert "came_on" not in columns(clinic(HIDDEN))


def test_public_rows_that_were_damaged_are_written_again(clinic: Callable[..., Path], build: Build) -> None:
    root = clinic()
    public_file(root).write_bytes(b"not a database")

    build(root, as_of=NEXT)

    assert len(rows_of(Store(root).current(), "visits")) == 29


@pytest.mark.parametrize("office", [False, True], ids=["public", "office"])
def test_numbers_stay_when_their_rows_are_no_longer_kept(clinic: Callable[..., Path], office: bool) -> None:
    root = clinic()
    for place in (Folder(root).public, Folder(root).segments):
        for file in place.glob("*.duckdb"):
            file.unlink()
    edition = Store(root, office=office).current()
    reading = edition.reading("visits", "2026-03")

    with pytest.raises(EditionError) as raised:
        edition.rows("visits", "2026-03")

    assert raised.value.faults[0].code == "rows-gone"
    assert reading is not None
    assert reading.n == 29


def test_all_rows_come_a_batch_at_a_time_and_no_more_than_asked_for(
    clinic: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civicstat.editions.edition._BATCH", 10)
    edition = Store(clinic()).current()

    every, some = list(edition.all_rows("visits", "2026-03")), list(edition.all_rows("visits", "2026-03", limit=12))

    assert [len(page.rows) for page in every] == [10, 10, 9]
    assert [row for page in every for row in page.rows] == list(edition.rows("visits", "2026-03", limit=99).rows)
    assert [len(page.rows) for page in some] == [10, 2]
    assert [len(page.rows) for page in edition.all_rows("visits", "2026-03", {"clinic": "N"})] == [10, 5]


def test_a_list_of_all_rows_that_may_not_be_seen_is_refused_before_it_begins(clinic: Callable[..., Path]) -> None:
    edition = Store(clinic(HIDDEN)).current()

    for metric, period, code in (("here_long", "2026-03", "rows-not-open"), ("visits", "1999", "no-such-reading")):
        with pytest.raises(CivicstatError) as raised:
            edition.all_rows(metric, period)
        assert raised.value.faults[0].code == code


def test_rows_in_several_files_are_listed_as_one_list(clinic: Callable[..., Path]) -> None:
    root = clinic()
    whole = Store(root, office=True).current()
    expected = [whole.rows("seen", period, limit=99) for period in ("2026-03", "all")]
    every = whole.rows("visits", "2026-03", limit=99).rows
    del whole  # closes the files
    divide(root, after=11)

    parted = Store(root, office=True).current()

    assert len(parted.records["visits"].files) == 2
    assert [parted.rows("seen", period, limit=99) for period in ("2026-03", "all")] == expected
    pages = [parted.rows("visits", "2026-03", after=after, limit=8) for after in (None, 7, 15, 23)]
    assert [row for page in pages for row in page.rows] == list(every)
    assert [page.next for page in pages] == [7, 15, 23, None]
    assert verify_rows(Folder(root).segments, parted.records, readings_of(parted), looks=None)["readings"] > 0


def divide(root: Path, after: int) -> None:
    """Let the current edition of the office find its rows in two files instead of one."""
    folder = Folder(root)
    path = folder.edition(folder.current()) / "office.duckdb"
    engine = open_writer(path)
    body = execute(engine, sa.select(CATALOGUE.c.body).where(CATALOGUE.c.part == "records"))[0][0]
    records = records_of(body)
    (file,) = records["visits"].files
    for name, drop in (("a.duckdb", f"_row > {after}"), ("b.duckdb", f"_row <= {after}")):
        (folder.segments / name).write_bytes((folder.segments / file).read_bytes())
        part = open_writer(folder.segments / name)
        execute(part, sa.text(f"DELETE FROM rows WHERE {drop}"))
        part.dispose()
    text = records_text({"visits": replace(records["visits"], files=("a.duckdb", "b.duckdb"))})
    execute(engine, sa.update(CATALOGUE).where(CATALOGUE.c.part == "records").values(body=text))
    engine.dispose()


def readings_of(edition: Edition) -> Mapping[str, list[Reading]]:
    return {
        name: [
            item
            for by in ("", *(entry.by for entry in info.dimensions))
            for item in edition.readings(name, dimension=by)
        ]
        for name, info in edition.catalogue.metrics.items()
    }


def test_an_edition_whose_rows_would_not_add_up_is_not_published(clinic: Callable[..., Path]) -> None:
    root = clinic()
    edition = Store(root, office=True).current()
    readings = dict(readings_of(edition))
    readings["visits"] = [item._replace(n=30) if item.slice == {"clinic": "S"} else item for item in readings["visits"]]

    with pytest.raises(EditionError) as raised:
        verify_rows(Folder(root).segments, edition.records, readings)

    assert {(fault.code, fault.path) for fault in raised.value.faults} == {("rows-do-not-match", "metrics.visits")}
    assert any(fault.found == "14 rows in `2026-03`, S" for fault in raised.value.faults)


def test_a_list_is_held_to_its_number_where_few_are_counted_too(clinic: Callable[..., Path]) -> None:
    root = clinic()
    edition = Store(root, office=True).current()
    readings = dict(readings_of(edition))
    readings["visits"] = [item if item.slice else item._replace(n=30) for item in readings["visits"]]

    with pytest.raises(EditionError) as raised:
        verify_rows(Folder(root).segments, edition.records, readings, looks=0)

    (fault,) = raised.value.faults
    assert (fault.code, fault.path) == ("rows-do-not-match", "metrics.visits")
    assert fault.found.startswith("29 rows in ")


def test_of_many_rows_so_many_readings_are_counted_again_as_time_allows(clinic: Callable[..., Path]) -> None:
    root = clinic()
    edition = Store(root, office=True).current()
    readings = readings_of(edition)
    of = sum(item.n is not None for found in readings.values() for item in found)

    def looked_at(looks: int | None) -> dict[str, int]:
        return verify_rows(Folder(root).segments, edition.records, readings, looks)

    assert looked_at(None) == {"readings": of, "of": of}
    assert looked_at(29 * 15) == {"readings": 15, "of": of}
    assert looked_at(0) == {"readings": 5, "of": of}  # the last complete period of every metric, however many rows
    assert Folder(root).manifest(edition.id)["checks"]["rows"] == {"readings": of, "of": of}


def test_rows_that_another_version_kept_in_another_form_stay_shut() -> None:
    old = '{"visits": {"dataset": "visits", "shown": ["id"], "split": [], "metrics": {}, "segment": "visits-1.duckdb"}}'

    assert records_of(old) == {}
