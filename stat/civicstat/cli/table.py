"""Rows for a terminal and for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any, TextIO

__all__ = ["guarded", "print_table", "write_csv"]

_SETS_WIDTHS = 200  # rows looked at to set the width of the columns
_WIDEST = 60
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def print_table(names: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    """Print a heading and rows in columns, numbers to the right."""
    every = iter(rows)
    first = list(islice(every, _SETS_WIDTHS))
    shown = [[_text(value) for value in row] for row in first]
    widths = [min(_WIDEST, max(len(line[place]) for line in (names, *shown))) for place in range(len(names))]
    right = [all(isinstance(row[place], int | float | Decimal | None) for row in first) for place in range(len(names))]
    for line in chain([list(names)], shown, ([_text(value) for value in row] for row in every)):
        cells = (
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(line, widths, right, strict=True)
        )
        print("  ".join(cells).rstrip(), file=out)


def write_csv(names: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    """Write RFC 4180 lines; text that a spreadsheet would run as a formula gets a leading ``'``."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows(_cells(rows))


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded("  @home"), guarded("-5 days"), guarded("5 - 3")
    ("'=1+1", "'  @home", "'-5 days", '5 - 3')
    """
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _cells(rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    for row in rows:
        yield [guarded(_text(value)) if isinstance(value, str) else _text(value) for value in row]


def _text(value: Any) -> str:
    """Return a value as it is exchanged: ISO days and moments, true and false, nothing for none."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case str():
            return value.replace("\n", " ").replace("\r", " ")
        case _:
            return str(value)
