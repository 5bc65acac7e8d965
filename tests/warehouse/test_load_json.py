"""Records of JSON are typed, counted and set aside as those of a table are."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from civicstat.errors import SourceError
from civicstat.spec import ColumnDef, ColumnType, Source

if TYPE_CHECKING:
    from tests.warehouse.conftest import Load

COLUMNS = {
    "id": "text",
    "n": "integer",
    "cost": "money",
    "on": "date",
    "late": "boolean",
    "lat": ColumnDef("lat", "place.lat", ColumnType.NUMBER),
}


def test_json_is_typed_by_the_declaration_and_what_does_not_fit_is_set_aside_with_its_record(load: Load) -> None:
    body = """[
 {"id": 7, "n": 12, "cost": 3.10, "on": "2026-03-01", "late": true, "place": {"lat": 29.5}},
 {"id": " 8 ", "n": null, "cost": "1,200", "on": null, "late": false, "place": null},
 {"id": 9, "n": 1.5, "cost": 1, "on": null, "late": null},
 {"id": 10, "n": 1, "cost": 1, "on": "01/02/2026", "late": null},
 {"id": 11, "n": {"of": 1}},
 "no record"
]"""

    loaded = load({"cases.json": body}, COLUMNS)

    assert loaded.rows == [
        ("7", 12, Decimal("3.10"), date(2026, 3, 1), True, 29.5, 0, "cases.json", 1),
        ("8", None, Decimal("1200.00"), None, False, None, 1, "cases.json", 2),
    ]
    assert loaded.quarantine == [
        ("cases.json", 6, 7, "not-an-object", None, None, '"no record"'),
        ("cases.json", 3, 4, "not-an-integer", "n", "1.5", None),
        ("cases.json", 4, 5, "not-a-date", "on", "01/02/2026", None),
        ("cases.json", 5, 6, "not-an-integer", "n", '{"of":1}', None),
    ]
    assert (loaded.report.read, loaded.report.loaded, loaded.report.quarantined) == (6, 2, 4)
    assert loaded.report.guesses() == {"encoding": "UTF-8"}


@pytest.mark.parametrize(("take", "ids"), [("all", ["1", "2", "3"]), ("first", ["1"]), ("last", ["3"])])
def test_a_pattern_of_json_takes_all_its_files_or_one(load: Load, take: str, ids: list[str]) -> None:
    files = {
        "in/1.json": '{"result": {"records": [{"id": 1}]}}',
        "in/2.json.gz": gzip.compress(b'{"result": {"records": [{"id": 2}]}}'),
        "in/3.json": '{"result": {"records": [{"id": 3}]}}',
    }
    source = Source("in/*.json*", take=take, records="result.records")  # type: ignore[arg-type]

    loaded = load(files, {"id": "text"}, source)

    assert [row[0] for row in loaded.rows] == ids


def test_equal_keys_are_one_row_and_words_for_no_value_are_counted(load: Load) -> None:
    body = '{"id": 1, "n": "N/A"}\n{"id": 1, "n": 5}\n\n{oops}\n'
    columns = {"id": "text", "n": ColumnDef("n", "n", ColumnType.INTEGER, missing=("N/A",))}

    loaded = load({"cases.jsonl": body}, columns, key=("id",))

    assert [row[:2] for row in loaded.rows] == [("1", 5)]
    assert loaded.quarantine == [("cases.jsonl", 3, 4, "not-json", None, None, "{oops}")]
    report = loaded.report
    assert (report.read, report.loaded, report.duplicates, report.quarantined) == (3, 1, 1, 1)
    assert (report.missing, report.dropped) == ({"n": {"N/A": 1}}, {"blank_lines": 1})


def test_text_of_json_is_held_as_it_is_with_its_line_breaks(load: Load) -> None:
    loaded = load({"cases.json": r'[{"id": "a\r\nb\u001dc \"q\", ñ"}]'}, {"id": "text"})

    assert loaded.rows[0][0] == 'a\r\nb\x1dc "q", ñ'


def test_a_list_without_a_record_is_refused(load: Load) -> None:
    with pytest.raises(SourceError) as error:
        load({"cases.json": "[]"}, {"id": "text"})

    assert str(error.value) == (
        "no-records: datasets.cases.source.file\n"
        "  = found:    `cases.json` holds no record\n"
        "  = expected: at least one record\n"
        "  = help:     fetch the file again\n"
        "\n"
        "1 problem in sources"
    )
