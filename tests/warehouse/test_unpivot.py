"""Columns that become rows: which headings, what of their cells, and that every row is accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from civicstat.errors import SourceError
from civicstat.spec import ColumnDef, ColumnType, Source, Unpivot

if TYPE_CHECKING:
    from tests.warehouse.conftest import Load

YEARS = Unpivot("year", {"spent": "Spent {year}", "planned": "Plan {year} ($)"})
COLUMNS = {
    "unit": ColumnDef("unit", "Unit", ColumnType.TEXT),
    "year": ColumnDef("year", "", ColumnType.INTEGER),
    "spent": ColumnDef("spent", "Spent {year}", ColumnType.MONEY),
    "planned": ColumnDef("planned", "Plan {year} ($)", ColumnType.MONEY),
}
BUDGET = "Unit,Plan 2024 ($),Spent 2024,Notes,Spent 2025\nParks,10.00,9.50,none,8\n\nFire,,7,some,\n"


def test_each_heading_that_fits_makes_a_row_of_every_record_with_its_name_in_a_column(load: Load) -> None:
    done = load({"a.csv": BUDGET}, COLUMNS, unpivot=YEARS)

    assert [tuple(map(str, row[:4])) for row in done.rows] == [
        ("Parks", "2024", "9.50", "10.00"),
        ("Parks", "2025", "8.00", "None"),
        ("Fire", "2024", "7.00", "None"),
        ("Fire", "2025", "None", "None"),
    ]
    assert (done.report.read, done.report.loaded, done.report.quarantined) == (4, 4, 0)


def test_a_cell_that_cannot_be_typed_sets_its_own_row_aside_and_a_broken_record_stays_one(load: Load) -> None:
    body = "Unit,Plan 1 ($),Spent 1,Spent 2\nParks,1,2,many\nFire,1\n"

    done = load({"a.csv": body}, COLUMNS, unpivot=YEARS)

    assert (done.report.read, done.report.loaded, dict(done.report.quarantine)) == (
        3,
        1,
        {"not-an-amount": 1, "too-few-columns": 1},
    )
    assert [row[:4] for row in done.quarantine] == [
        ("a.csv", 2, 3, "too-few-columns"),
        ("a.csv", 1, 2, "not-an-amount"),
    ]


def test_files_may_have_other_years_and_a_key_finds_the_same_one_twice(load: Load) -> None:
    files = {"a1.csv": "Unit,Plan 1 ($),Spent 1\nParks,1,2\n", "a2.csv": "Spent 1,Unit,Plan 2 ($)\n5,Parks,3\n"}

    done = load(files, COLUMNS, Source("a*.csv", "all"), unpivot=YEARS, key=("unit", "year"))

    assert [tuple(map(str, row[:4])) for row in done.rows] == [
        ("Parks", "1", "5.00", "None"),
        ("Parks", "2", "None", "3.00"),
    ]
    assert (done.report.read, done.report.duplicates) == (3, 1)


def test_a_heading_declared_for_itself_makes_no_row() -> None:
    every = Unpivot("race", {"people": "{race}"})

    assert every.members(["Unit", "white", "black"], {0}) == {"white": {"people": 1}, "black": {"people": 2}}


def test_a_file_without_a_heading_that_fits_is_refused_with_what_it_has(load: Load) -> None:
    with pytest.raises(SourceError) as refused:
        load({"a.csv": "Unit,Spent 2024\nParks,1\n"}, COLUMNS, unpivot=YEARS)

    fault = refused.value.faults[0]
    assert (fault.code, fault.found) == ("no-such-column", "no column like `Plan {year} ($)` in `a.csv`")
    assert fault.expected == "one of `Unit`, `Spent 2024`"
