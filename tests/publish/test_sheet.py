from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicstat.publish.sheet import Sheet, csv_lines, guarded, xlsx_bytes

CELL = st.one_of(st.none(), st.text(max_size=40), st.integers(-(2**50), 2**50), st.booleans(), st.dates())


def read(sheet: Sheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(csv_lines(sheet)), newline="")))


def leaf(made: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        return packed.read(f"xl/{name}.xml").decode()


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8))
def test_a_csv_reads_back_cell_by_cell(rows: list[list[object]]) -> None:
    names, *cells = read(Sheet("rows", ("a", "b", "c"), rows))

    assert names == ["a", "b", "c"]
    assert [[cell.removeprefix("'") for cell in row] for row in cells] == [
        ["" if value is None else shown(value).removeprefix("'") for value in row] for row in rows
    ]


def shown(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


@given(st.text(max_size=30))
def test_no_text_is_a_formula(text: str) -> None:
    assert not str(guarded(text)).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"))


def test_a_negative_number_stays_a_number() -> None:
    assert read(Sheet("rows", ("a",), [[-5], [-0.25]]))[1:] == [["-5"], ["-0.25"]]


def test_a_spreadsheet_holds_numbers_as_numbers_days_as_days_and_formulas_as_text() -> None:
    rows = [[1.5, date(2026, 11, 2), '=HYPERLINK("http://x")', None, True, datetime.fromisoformat("2026-11-02 08:30")]]

    made = xlsx_bytes(Sheet("rows", tuple("abcdef"), rows, (("title", "=1+1"),)))

    first, texts = leaf(made, "worksheets/sheet1"), leaf(made, "sharedStrings")
    assert "<v>1.5</v>" in first
    assert "<v>46328</v>" in first  # 2 November 2026
    assert "<f>" not in first + leaf(made, "worksheets/sheet2")
    assert "<t>'=HYPERLINK(" in texts
    assert "<t>'=1+1" in texts


def test_long_tables_come_in_pieces() -> None:
    pieces = list(csv_lines(Sheet("rows", ("a",), ([number] for number in range(2_500)))))

    assert len(pieces) == 3
    assert "".join(pieces).count("\r\n") == 2_501


@pytest.mark.parametrize("text", ["a,b", 'say "yes"', "two\r\nlines", "ñandú", " spaced "])
def test_text_is_quoted_as_it_must_be(text: str) -> None:
    assert read(Sheet("rows", ("a", "b"), [[text, 1]]))[1] == [text, "1"]
