"""Checks that refuse or warn, and what a refused load leaves behind."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from civicstat.errors import SourceError
from civicstat.period import FiscalYear
from civicstat.spec import (
    Call,
    Check,
    City,
    Column,
    ColumnDef,
    ColumnType,
    Dataset,
    Derived,
    Literal,
    Source,
)
from civicstat.warehouse import load_dataset

if TYPE_CHECKING:
    from tests.warehouse.conftest import Load

TEXT, INTEGER = ColumnType.TEXT, ColumnType.INTEGER


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


CHECKED = "id,n,state\n1,5,a\n1,50,b\n2,,c\n3,-1,\n"


def expect_positive(level: Any) -> Check:
    condition = Call("gt", (Column("n", INTEGER), Literal(0, INTEGER)), ColumnType.BOOLEAN)
    return Check("expect", level, expr=condition, sql="n > 0")


def test_checks_that_warn_are_counted_with_examples(load: Load) -> None:
    checks = (
        Check("not_null", "warn", ("n", "state")),
        Check("unique", "warn", ("id",)),
        Check("unique", "warn", ("id", "n")),
        Check("range", "warn", ("n",), low=0, high=10),
        Check("values", "warn", ("state",), allowed=("a", "b")),
        expect_positive("warn"),
    )

    report = load({"a.csv": CHECKED}, {"id": "text", "n": "integer", "state": "text"}, checks=checks).report

    assert [(check["name"], check["failing"], check["examples"]) for check in report.checks] == [
        ("not_null: n, state", 2, ["a.csv:3", "a.csv:4"]),
        ("unique: id", 2, ["a.csv:1", "a.csv:2"]),
        ("unique: id, n", 0, []),
        ("range: n 0..10", 2, ["a.csv:2", "a.csv:4"]),
        ("values: state", 1, ["a.csv:3"]),
        ("expect: n > 0", 1, ["a.csv:4"]),
    ]


def test_of_records_with_one_key_one_stays_so_that_the_key_is_unique_and_other_columns_need_not_be(load: Load) -> None:
    columns = {"id": "text", "n": "integer", "state": "text"}
    checks = tuple(Check("unique", "warn", names) for names in (("id",), ("state", "id"), ("state",)))

    report = load(
        {"a.csv": "id,n,state\n1,5,a\n1,6,b\n2,7,b\n,8,a\n,9,a\n"}, columns, checks=checks, key=("id",)
    ).report

    assert report.duplicates == 1
    assert [check["failing"] for check in report.checks] == [0, 0, 4]


def test_a_check_of_level_error_refuses_the_load_and_leaves_nothing(load: Load, tmp_path: Path) -> None:
    checks = (Check("unique", "error", ("id",)), expect_positive("error"))

    with pytest.raises(SourceError) as refused:
        load({"a.csv": CHECKED}, {"id": "text", "n": "integer", "state": "text"}, checks=checks)

    assert str(refused.value) == (
        "check-failed: datasets.cases.checks.1\n"
        "  = found:    2 rows: record `a.csv:1`, `a.csv:2`\n"
        "  = expected: unique: id\n"
        "  = help:     mend the source, or let the check `warn`\n"
        "\n"
        "check-failed: datasets.cases.checks.2\n"
        "  = found:    1 row: record `a.csv:4`\n"
        "  = expected: expect: n > 0\n"
        "  = help:     mend the source, or let the check `warn`\n"
        "\n"
        "2 problems in sources"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_load_in_which_no_row_is_left_is_refused(load: Load) -> None:
    with pytest.raises(SourceError) as refused:
        load({"a.csv": "id,n\n1,8.0\n2,9.0\n3\n"}, {"id": "text", "n": "integer"})

    assert str(refused.value) == (
        "no-rows-left: datasets.cases.source.file\n"
        "  = found:    all 3 records went to quarantine: 2 not-an-integer, 1 too-few-columns\n"
        "  = expected: records of the declared types\n"
        "  = help:     compare `type`, `format` and `values` of the columns with the file\n"
        "\n"
        "1 problem in sources"
    )


def test_a_derived_column_that_cannot_be_worked_out_is_named(load: Load) -> None:
    cast = Call("cast", (Column("a", TEXT), Literal("integer", TEXT)), INTEGER)

    with pytest.raises(SourceError) as refused:
        load(
            {"a.csv": "a,b\nx,1\n"},
            {"a": "text", "b": "text"},
            derive={"n": Derived("n", cast, "cast(a as integer)", INTEGER)},
        )

    assert (refused.value.faults[0].code, refused.value.faults[0].path) == ("cannot-derive", "datasets.cases.derive.n")


def test_a_failed_load_leaves_the_segment_before_it_as_it_was(load: Load, tmp_path: Path) -> None:
    load({"a.csv": "id,n\n1,1\n"}, {"id": "text", "n": "integer"})
    before = (tmp_path / "cases.duckdb").read_bytes()

    with pytest.raises(SourceError):
        load({"a.csv": "id,n\n"}, {"id": "text", "n": "integer"})

    assert (tmp_path / "cases.duckdb").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "cases.duckdb"]


def test_names_and_values_full_of_quotes_are_only_text(load: Load) -> None:
    name = 'it\'s "odd"; drop table rows --%.csv'
    column = ColumnDef("o'k", "a'\"b", TEXT, map={"x'; --": "y':z%"}, missing=("n'a",))

    loaded = load({name: '"a\'""b",c\nx\'; --,1\nn\'a,2\n'}, {"o'k": column, 'c"d': ColumnDef('c"d', "c", INTEGER)})

    assert loaded.rows == [("y':z%", 1, 0, name, 1), (None, 2, 1, name, 2)]


@pytest.mark.slow
def test_records_keep_their_numbers_in_a_file_read_by_several_threads(load: Load) -> None:
    bad = {1, 77_777, 150_000, 299_999, 300_000}
    lines = (f"{i},{'x' if i in bad else i}" for i in range(1, 300_001))

    loaded = load({"a.csv": "id,n\n" + "\n".join(lines) + "\n"}, {"id": "text", "n": "integer"})

    assert [row[1:3] for row in loaded.quarantine] == [(i, i + 1) for i in sorted(bad)]
    assert all(row[0] == str(row[4]) and row[1] == row[4] for row in loaded.rows)
    assert [row[2] for row in loaded.rows] == list(range(300_000 - len(bad)))


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("id\n1\n")
    (tmp_path / "2.csv").write_text("id\n22\n")
    source = Source("*.csv", take="all")
    told: list[tuple[int, int, str]] = []
    dataset = Dataset("cases", {"en": "x"}, {"en": "x"}, source, {"id": ColumnDef("id", "id", TEXT)})
    city = City({"en": "x"}, ("en",), "America/New_York", FiscalYear())

    load_dataset(
        dataset,
        tmp_path,
        city,
        tmp_path / "s.duckdb",
        fetched_at=moment("2026-01-01"),
        progress=lambda *step: told.append(step),
    )

    assert told == [(5, 11, "cases"), (11, 11, "cases")]
