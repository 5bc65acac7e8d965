from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from civicstat.spec import (
    AsOf,
    Call,
    Column,
    ColumnDef,
    ColumnType,
    Derived,
    Keep,
    Literal,
    Source,
)
from civicstat.warehouse import LoadReport

if TYPE_CHECKING:
    from tests.warehouse.conftest import Load

TEXT, INTEGER = ColumnType.TEXT, ColumnType.INTEGER


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_small_file_becomes_rows_in_order_of_time_and_a_report_that_adds_up(load: Load) -> None:
    body = "id,opened,cost\n2, 2026-02-01 ,1.5\n1,2026-01-31,\n3,,x\n4,,2\n"

    loaded = load(
        {"cases.csv": body},
        {"id": "text", "opened": "date", "cost": "number"},
        key=("id",),
        time="opened",
    )

    assert loaded.rows == [
        ("1", date(2026, 1, 31), None, 0, "cases.csv", 2),
        ("2", date(2026, 2, 1), 1.5, 1, "cases.csv", 1),
        ("4", None, 2.0, 2, "cases.csv", 4),
    ]
    assert loaded.quarantine == [("cases.csv", 3, 4, "not-a-number", "cost", "x", None)]
    report = dataclasses.asdict(loaded.report)
    assert report.pop("files") == [
        {"path": "cases.csv", "bytes": len(body), "sha256": hashlib.sha256(body.encode()).hexdigest(), "rows": 4}
    ]
    assert report == {
        "dataset": "cases",
        "read": 4,
        "loaded": 3,
        "duplicates": 0,
        "quarantined": 1,
        "as_of": "2026-02-28T23:30:00",
        "as_of_is_date": False,
        "first": "2026-01-31",
        "last": "2026-02-01",
        "no_date": 1,
        "quarantine": {"not-a-number": 1},
        "first_aside": {"not-a-number": {"file": "cases.csv", "record": 3, "column": "cost"}},
        "missing": {},
        "unmapped": {},
        "checks": [],
        "guessed": {"encoding": {"UTF-8": 1}, "delimiter": {"comma": 1}, "header": {"line 1": 1}},
        "dropped": {},
    }
    again = LoadReport(**json.loads(json.dumps(dataclasses.asdict(loaded.report))))
    assert again == loaded.report


CASTS: list[tuple[str, tuple[str, ...], str, Any]] = [
    ("integer", (), "8", 8),
    ("integer", (), "+08", 8),
    ("integer", (), '"1,234,567"', 1234567),
    ("integer", (), '"12,34"', "not-an-integer"),
    ("integer", (), "8.0", "not-an-integer"),
    ("integer", (), "1e3", "not-an-integer"),
    ("integer", (), "1_000", "not-an-integer"),
    ("integer", (), "99999999999999999999", "not-an-integer"),
    ("number", (), "-.5", -0.5),
    ("number", (), '"1,234.5"', 1234.5),
    ("number", (), "1.5e3", 1500.0),
    ("number", (), "NaN", "not-a-number"),
    ("number", (), "1e999", "not-a-number"),
    ("number", (), "12%", "not-a-number"),
    ("money", (), '"$1,234.56"', Decimal("1234.56")),
    ("money", (), "(12.00)", Decimal("-12.00")),
    ("money", (), "-$5", Decimal("-5.00")),
    ("money", (), '"1.234,5"', "not-an-amount"),
    ("money", (), "$", "not-an-amount"),
    ("boolean", (), "Yes", True),
    ("boolean", (), "F", False),
    ("boolean", (), "0", False),
    ("boolean", (), "maybe", "not-a-boolean"),
    ("date", (), "2026-1-5", date(2026, 1, 5)),
    ("date", (), "2026-02-30", "not-a-date"),
    ("date", (), "2026-01-05 00:00:00", "not-a-date"),
    ("date", (), "01/05/2026", "not-a-date"),
    ("date", ("%m/%d/%Y",), "1/5/2026", date(2026, 1, 5)),
    ("date", ("%m/%d/%Y",), "1/5/26", "not-a-date"),
    ("date", ("%m/%d/%Y", "%d-%b-%y"), "5-Jan-26", date(2026, 1, 5)),
    ("date", ("%m/%d/%Y %H:%M",), "1/5/2026 23:59", date(2026, 1, 5)),
    ("date", ("%Y-%m-%dT%H:%M:%S%z",), "2026-01-05T23:30:00-0500", date(2026, 1, 5)),
    ("timestamp", (), "2026-01-05", moment("2026-01-05T00:00")),
    ("timestamp", (), "2026-01-05T10:00", moment("2026-01-05T10:00")),
    ("timestamp", (), "2026-07-05T10:00:00Z", moment("2026-07-05T06:00")),
    ("timestamp", (), "2026-01-05 10:00:00.5 +02:00", moment("2026-01-05T03:00:00.5")),
    ("timestamp", (), "epoch", "not-a-timestamp"),
    ("timestamp", (), "2026-01-05 10:00 America/Denver", "not-a-timestamp"),
    ("timestamp", ("%m/%d/%Y %I:%M:%S %p",), "01/02/2026 12:04:05 AM", moment("2026-01-02T00:04:05")),
    ("timestamp", ("%m/%d/%Y %I:%M:%S %p",), "13/02/2026 12:04:05 AM", "not-a-timestamp"),
    ("timestamp", ("%Y-%m-%dT%H:%M:%S%z",), "2026-07-05T10:00:00Z", moment("2026-07-05T06:00")),
    ("duration", ("mm:ss",), "07:59", 479.0),
    ("duration", ("mm:ss",), "90:05.5", 5405.5),
    ("duration", ("mm:ss",), "7:5", "not-a-duration"),
    ("duration", ("mm:ss",), "7:60", "not-a-duration"),
    ("duration", ("mm:ss", "mm:ss:00", "h:mm:ss"), "12:30:00", 750.0),
    ("duration", ("mm:ss", "mm:ss:00", "h:mm:ss"), "1:02:03", 3723.0),
    ("duration", ("h.m",), "26.5", 93900.0),
    ("text", (), '"  A  b "', "A  b"),
    ("text", (), "\u00a0\t", None),
]


@pytest.mark.parametrize(
    ("zone", "formats", "text", "expected"),
    [
        ("local", (), "2026-07-05T10:00:00Z", "2026-07-05T10:00"),
        ("local", (), "2026-07-05T10:00-05", "2026-07-05T10:00"),
        ("local", ("%Y-%m-%dT%H:%M:%S%z",), "2026-07-05T10:00:00Z", "2026-07-05T10:00"),
        ("UTC", (), "2026-07-05 10:00", "2026-07-05T06:00"),
        ("UTC", (), "2026-01-05 10:00:00.5 +02:00", "2026-01-05T05:00:00.5"),
        ("America/Denver", (), "2026-07-05T10:00:00Z", "2026-07-05T12:00"),
        ("America/Denver", ("%m/%d/%Y %H:%M",), "07/05/2026 10:00", "2026-07-05T12:00"),
        ("UTC", (), "2026-07-05", "2026-07-04T20:00"),
    ],
)
def test_a_column_s_zone_overrides_what_its_text_claims(
    load: Load, zone: str, formats: tuple[str, ...], text: str, expected: str
) -> None:
    column = ColumnDef("x", "x", ColumnType.TIMESTAMP, format=formats, zone=zone)

    loaded = load({"a.csv": f"id,x\n1,{text}\n"}, {"id": "text", "x": column})

    assert [row[1] for row in loaded.rows] == [moment(expected)]


@pytest.mark.parametrize(("kind", "formats", "text", "expected"), CASTS)
def test_a_text_becomes_its_type_or_goes_to_quarantine(
    load: Load, kind: str, formats: tuple[str, ...], text: str, expected: Any
) -> None:
    column = ColumnDef("x", "x", ColumnType(kind), format=formats)

    loaded = load({"a.csv": f"id,x\n1,{text}\n2,\n"}, {"id": "text", "x": column})

    if isinstance(expected, str) and expected.startswith("not-a"):
        assert loaded.quarantine == [("a.csv", 1, 2, expected, "x", text.strip('"'), None)]
    else:
        assert [row[:2] for row in loaded.rows] == [("1", expected), ("2", None)]


def test_words_for_no_value_are_counted_and_recoding_keeps_what_it_does_not_name(load: Load) -> None:
    cost = ColumnDef("cost", "Cost", INTEGER, missing=("N/A", "-", "?"))
    area = ColumnDef("area", "Area", TEXT, missing=("N/A",), map={"Allston": "Allston / Brighton"})

    loaded = load(
        {"a.csv": "Cost,Area\nN/A,Allston\n-,Roxbury\nN/A,N/A\n7,\n"},
        {"cost": cost, "area": area, "raw_area": ColumnDef("raw_area", "Area", TEXT)},
    )

    assert [row[:3] for row in loaded.rows] == [
        (None, "Allston / Brighton", "Allston"),
        (None, "Roxbury", "Roxbury"),
        (None, None, "N/A"),
        (7, None, None),
    ]
    assert loaded.report.missing == {"cost": {"N/A": 2, "-": 1, "?": 0}, "area": {"N/A": 1}}
    assert loaded.report.unmapped == {"area": 1}


def test_required_and_allowed_values_send_a_record_to_quarantine_by_its_first_fault(load: Load) -> None:
    columns = {
        "id": ColumnDef("id", "id", TEXT, required=True, missing=("none",)),
        "state": ColumnDef("state", "state", TEXT, values=("open", "closed"), map={"o": "open"}),
        "n": "integer",
    }

    loaded = load({"a.csv": "id,state,n\n1,o,1\n,open,x\nnone,open,1\n4,gone,y\n5,,2\n"}, columns)

    assert [row[:3] for row in loaded.rows] == [("1", "open", 1), ("5", None, 2)]
    assert loaded.quarantine == [
        ("a.csv", 2, 3, "missing-required", "id", None, None),
        ("a.csv", 3, 4, "missing-required", "id", "none", None),
        ("a.csv", 4, 5, "not-in-values", "state", "gone", None),
    ]


REPEATED = (
    "id,seen,what\n1,2026-01-02,a\n1,2026-01-03,b\n1,2026-01-01,c\n2,,d\n,2026-01-01,e\n,2026-01-01,e\n2,2026-01-01,f\n"
)


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        (None, ["c", "f"]),
        (Keep("last"), ["c", "f"]),
        (Keep("first"), ["a", "d"]),
        (Keep("latest", ("seen",)), ["b", "f"]),
        (Keep("earliest", ("seen",)), ["c", "f"]),
    ],
)
def test_of_records_with_one_key_one_stays_and_an_empty_key_equals_nothing(
    load: Load, keep: Keep | None, kept: list[str]
) -> None:
    loaded = load({"a.csv": REPEATED}, {"id": "text", "seen": "date", "what": "text"}, key=("id",), keep=keep)

    assert sorted(row[2] for row in loaded.rows) == sorted([*kept, "e", "e"])
    assert (loaded.report.read, loaded.report.loaded, loaded.report.duplicates) == (7, 4, 3)


def test_without_a_key_equal_rows_stay(load: Load) -> None:
    assert len(load({"a.csv": "a,b\n1,2\n1,2\n"}, {"a": "text", "b": "text"}).rows) == 2


def test_many_files_are_one_table_by_the_names_of_their_columns(load: Load) -> None:
    files = {
        "in/2 b.csv": "n,id,more\n20,b,x\n",
        "in/1 a.csv.gz": gzip.compress(b"id;n\na;10\nc;bad\n"),
        "in/3.csv": "id,n\r\nd,30\r\n",
    }

    loaded = load(files, {"id": "text", "n": "integer"}, Source("in/*.csv*", take="all"))

    assert loaded.rows == [("a", 10, 0, "in/1 a.csv.gz", 1), ("b", 20, 1, "in/2 b.csv", 1), ("d", 30, 2, "in/3.csv", 1)]
    assert loaded.quarantine == [("in/1 a.csv.gz", 2, 3, "not-an-integer", "n", "bad", None)]
    assert [(file["path"], file["rows"]) for file in loaded.report.files] == [
        ("in/1 a.csv.gz", 2),
        ("in/2 b.csv", 1),
        ("in/3.csv", 1),
    ]
    assert loaded.report.guesses()["delimiter"] == "semicolon (1 file), comma (2 files)"


def test_records_of_the_wrong_shape_are_set_aside_with_their_line_and_text(load: Load) -> None:
    body = 'id,note\n1,"two\nlines"\n2\n3,a,b\n4,x,\n5,"a"b\n6,"c, ""d"""\n'

    loaded = load({"a.csv": body}, {"id": "text", "note": "text"})

    assert [row[:2] + row[4:] for row in loaded.rows] == [("1", "two\nlines", 1), ("4", "x", 4), ("6", 'c, "d"', 6)]
    assert loaded.quarantine == [
        ("a.csv", 2, 4, "too-few-columns", None, None, "2\n"),
        ("a.csv", 3, 5, "too-many-columns", None, None, "3,a,b\n"),
        ("a.csv", 5, 7, "bad-quoting", None, None, '5,"a"b\n'),
    ]
    assert loaded.report.read == 6


def test_title_lines_blank_lines_and_repeated_headers_are_no_records(load: Load) -> None:
    body = "Cases of 2026\n\nid,n\n1,1\n\n,\nid,n\n2,x\n"

    loaded = load({"a.csv": body}, {"id": "text", "n": "integer"})

    assert [row[:2] for row in loaded.rows] == [("1", 1)]
    assert loaded.quarantine == [("a.csv", 2, 8, "not-an-integer", "n", "x", None)]
    assert loaded.report.guesses()["header"] == "line 3"
    assert loaded.report.dropped == {"blank_lines": 2, "repeated_headers": 1}


def test_a_header_repeated_in_a_file_that_needs_no_care_otherwise_is_dropped(load: Load) -> None:
    loaded = load({"a.csv": "id,n\n1,1\nid,n\n2,2\n"}, {"id": "text", "n": "text"})

    assert [row[:2] for row in loaded.rows] == [("1", "1"), ("2", "2")]
    assert loaded.report.dropped == {"repeated_headers": 1}


@pytest.mark.parametrize(
    ("body", "encoding", "said"),
    [
        ("id,n\nñ,1\n".encode("cp1252"), None, "Windows-1252"),
        ("id,n\nñ,1\n".encode("utf-16"), None, "UTF-16 with a byte order mark"),
        ("id,n\nñ,1\n".encode("utf-8-sig"), None, "UTF-8 with a byte order mark"),
        ("id,n\nñ,1\n".encode("utf-16-le"), "utf-16-le", None),
        ("id\tn\nñ\t1\n".encode(), None, "UTF-8"),
        ("id|n\rñ|1\r".encode(), None, "UTF-8"),
        ("'id','n'\n'ñ','1'\n".encode(), None, "UTF-8"),
    ],
)
def test_encoding_delimiter_and_quoting_are_guessed_and_said(
    load: Load, body: bytes, encoding: str | None, said: str | None
) -> None:
    loaded = load({"a.csv": body}, {"id": "text", "n": "integer"}, Source("a.csv", encoding=encoding))

    assert [row[:2] for row in loaded.rows] == [("ñ", 1)]
    assert loaded.report.guesses().get("encoding") == said


def test_derived_columns_follow_one_another_and_may_name_the_clock(load: Load) -> None:
    opened = Column("opened", ColumnType.DATE)
    age = Call("days_between", (opened, Column("as_of", ColumnType.DATE)), INTEGER)
    derive = {
        "age": Derived("age", age, "days_between(opened, as_of)", INTEGER),
        "late": Derived(
            "late",
            Call("gt", (Column("age", INTEGER), Literal(5, INTEGER)), ColumnType.BOOLEAN),
            "age > 5",
            ColumnType.BOOLEAN,
        ),
    }

    loaded = load(
        {"a.csv": "id,opened\n1,2026-01-01\n2,2026-01-08\n"},
        {"id": "text", "opened": "date"},
        derive=derive,
        as_of=AsOf(columns=("opened",)),
        time="opened",
    )

    assert [row[:4] for row in loaded.rows] == [("1", date(2026, 1, 1), 7, True), ("2", date(2026, 1, 8), 0, False)]
    assert (loaded.report.as_of, loaded.report.as_of_is_date) == ("2026-01-08", True)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (AsOf(date(2026, 1, 31)), ("2026-01-31", True)),
        (AsOf(moment("2026-01-31T12:00")), ("2026-01-31T12:00:00", False)),
        (AsOf(columns=("opened", "closed")), ("2026-01-09T00:00:00", False)),
        (AsOf(), ("2026-02-28T23:30:00", False)),
    ],
)
def test_the_clock_is_fixed_or_the_latest_value_or_when_it_was_fetched(
    load: Load, as_of: AsOf, expected: tuple[str, bool]
) -> None:
    columns = {"opened": "timestamp", "closed": "date"}

    report = load({"a.csv": "opened,closed\n2026-01-08 10:00,2026-01-09\n"}, columns, as_of=as_of).report

    assert (report.as_of, report.as_of_is_date) == expected
