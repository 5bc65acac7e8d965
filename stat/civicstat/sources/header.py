"""Where the header of a table stands and how its lines are cut: judged by the columns that the declaration expects."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["FIELD_LIMIT", "MAX_COLUMNS", "Header", "find_header", "tidy"]

FIELD_LIMIT = 131_072
"""Characters in one value; more is a quote that never closed."""
MAX_COLUMNS = 10_000
_DELIMITERS = (",", ";", "\t", "|")
_LOOK = 200


@dataclass(frozen=True, slots=True)
class Header:
    """``line`` and ``last_line`` are the header's own lines, counted from 1; ``found`` how many declared columns."""

    delimiter: str
    quote: str
    line: int
    last_line: int
    names: tuple[str, ...]
    found: int


def find_header(
    head: str, wanted: Sequence[str], delimiter: str | None, quote: str | None, line: int | None
) -> Header | None:
    """Return the line of ``head`` that holds most of the ``wanted`` names, the first of equals.

    What is given (``delimiter``, ``quote``, ``line``) is taken; the rest is tried. None: there is no line.
    """
    best: Header | None = None
    for mark in [quote] if quote else ['"', "'"]:
        for cut in [delimiter] if delimiter else _DELIMITERS:
            for header in _candidates(head, set(wanted), cut, mark):
                if line is not None and not header.line <= line <= header.last_line:
                    continue
                if best is None or _rank(header) > _rank(best):
                    best = header
                if header.found == len(set(wanted)) > 1:
                    return header
    return best


def tidy(name: str) -> str:
    r"""Return a column's name as it is compared: on one line, single blanks inside, none around.

    >>> tidy(" Opened\n  on ")
    'Opened on'
    """
    return " ".join(name.split())


def _rank(header: Header) -> tuple[int, int]:
    # Without a single declared name the widest line is the likeliest header, which the fault then shows.
    return header.found, len(header.names)


def _candidates(head: str, wanted: set[str], delimiter: str, quote: str) -> Iterator[Header]:
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(
        io.StringIO(head, newline=""), delimiter=delimiter, quotechar=quote, skipinitialspace=delimiter != "\t"
    )
    before = 0
    for _ in range(_LOOK):
        try:
            row = next(reader)
        except (StopIteration, csv.Error):
            return
        names = tuple(map(tidy, row))
        if any(names):
            yield Header(delimiter, quote, before + 1, reader.line_num, names, len(wanted & set(names)))
        before = reader.line_num
