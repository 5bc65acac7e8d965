"""Tables that leave the house: plain columns, one reading or record a line, as CSV or as a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

__all__ = ["Sheet", "csv_lines", "guarded", "xlsx_bytes"]

_STARTS_A_FORMULA = tuple("=+-@\t\r\0＝＋－＠")  # full-width forms too
_LONGEST_CELL = 32_767
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with the names of its columns; ``about`` says of it what its reader must know, label and text."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[Any]]
    about: tuple[tuple[str, str], ...] = ()


def guarded(value: Any) -> Any:
    """Return ``value`` so that no spreadsheet takes a text for a formula; numbers stay numbers.

    >>> guarded("=1+1"), guarded(" @SUM(A1)"), guarded(-5), guarded("North-east")
    ("'=1+1", "' @SUM(A1)", -5, 'North-east')
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return value


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """Yield the table as CSV (RFC 4180, UTF-8), some lines at a time; no value is an empty cell."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    for number, row in enumerate(sheet.rows, 1):
        writer.writerow([_cell(value) for value in row])
        if number % _BATCH == 0:
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()


def xlsx_bytes(sheet: Sheet) -> bytes:
    """Return the table as a spreadsheet: the rows on one leaf, what is to be known of them on another."""
    from xlsxwriter import Workbook

    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(held, options) as book:
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        leaf = book.add_worksheet(sheet.name[:31])
        leaf.freeze_panes(1, 0)
        leaf.set_column(0, len(sheet.columns) - 1, 16)
        for column, name in enumerate(sheet.columns):
            leaf.write_string(0, column, name, bold)
        for line, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row):
                _write(leaf, line, column, value, day)
        about = book.add_worksheet("about")
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 100)
        for line, (label, text) in enumerate(sheet.about):
            about.write_string(line, 0, label, bold)
            about.write_string(line, 1, str(guarded(text))[:_LONGEST_CELL])
    return held.getvalue()


def _write(leaf: Any, line: int, column: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        leaf.write_boolean(line, column, value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        leaf.write_datetime(line, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a day
    elif isinstance(value, int | float):
        leaf.write_number(line, column, value)
    else:
        leaf.write_string(line, column, str(_cell(value))[:_LONGEST_CELL])


def _cell(value: Any) -> Any:
    """Return a value as text cells hold it: days and moments in ISO form, yes and no as JSON writes them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return guarded(value)
