"""Where the header of a table stands and how its lines are cut: judged by the columns that the declaration expects."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["FIELD_LIMIT", "MAX_COLUMNS", "Header", "find_header", "heading", "place_of", "tidy"]

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
    """Return the line of ``head`` that holds most of the ``wanted`` columns, the first of equals.

    What is given (``delimiter``, ``quote``, ``line``) is taken; the rest is tried. None: there is no line.
    """
    best: Header | None = None
    for mark in [quote] if quote else ['"', "'"]:
        for cut in [delimiter] if delimiter else _DELIMITERS:
            for header in _candidates(head, wanted, cut, mark):
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


def place_of(source: str, names: Sequence[str]) -> int | None:
    """Return where a declared column stands among the headings, counted from 0; None: nowhere, or no one place.

    >>> names = ["Type", "Day", "Type"]
    >>> [place_of(source, names) for source in ("Day", "Type", "Type#2", "Type#3", "$1", "$4")]
    [1, None, 2, None, 0, None]
    """
    if source.startswith("$"):
        place = int(source[1:]) - 1
        return place if place < len(names) else None
    name, number = heading(source, names)
    places = [place for place, other in enumerate(names) if other == name]
    if number is None:
        return places[0] if len(places) == 1 else None
    return places[number - 1] if 0 < number <= len(places) else None


def heading(source: str, names: Sequence[str]) -> tuple[str, int | None]:
    """Return the heading a declared column names and which of that name it is; a heading may itself hold a ``#2``."""
    name, mark, number = tidy(source).rpartition("#")
    if tidy(source) in names or not mark or not number.isdecimal() or not name.strip():
        return tidy(source), None
    return name.strip(), int(number)


def _rank(header: Header) -> tuple[int, int]:
    # Without a single declared name the widest line is the likeliest header, which the fault then shows.
    return header.found, len(header.names)


def _candidates(head: str, wanted: Sequence[str], delimiter: str, quote: str) -> Iterator[Header]:
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
            found = {source for source in wanted if not source.startswith("$") and heading(source, names)[0] in names}
            yield Header(delimiter, quote, before + 1, reader.line_num, names, len(found))
        before = reader.line_num
