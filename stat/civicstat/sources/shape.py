"""One file of a dataset, looked through: where its declared columns are and whether it can be read as it lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from civicstat.errors import Fault, SourceError, suggest
from civicstat.sources.files import InputFile, source_fault
from civicstat.sources.header import MAX_COLUMNS, Header, find_header, tidy
from civicstat.sources.scan import Scan, scan_file
from civicstat.spec import Dataset

__all__ = ["Table", "inspect_file"]

_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_ENCODING_NAMES = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose shape is known.

    ``positions`` is each declared source column's place among the ``width`` columns, counted from 0. ``careful`` says
    why the file cannot be read as it lies; empty where it can. ``guessed`` holds what the declaration left open.
    """

    file: InputFile
    sha256: str
    encoding: str
    delimiter: str
    quote: str
    header_line: int
    last_header_line: int
    names: tuple[str, ...]
    width: int
    positions: Mapping[str, int]
    lines: int
    quotes: bool
    newline: str
    odd_space: bool
    careful: str
    guessed: Mapping[str, str]


def inspect_file(dataset: Dataset, file: InputFile, advance: Callable[[int], Any]) -> Table:
    """Read all of ``file`` once and return its shape.

    Raises:
        SourceError: the file is damaged, of another kind or encoding, or lacks declared columns.
    """
    source = dataset.source
    wanted = tuple(dict.fromkeys(column.source for column in dataset.columns.values()))

    def look(head: str) -> Header | None:
        return find_header(head, [tidy(name) for name in wanted], source.delimiter, source.quote, source.header)

    def line_of(head: str) -> int | None:
        found = look(head)
        return found.last_line if found else None

    scan = scan_file(dataset, file, line_of, advance)
    header = look(scan.head)
    if header is None:
        line = f" at line {source.header}" if source.header else ""
        raise SourceError(source_fault(dataset, "no-header", f"`{file.name}` has no header{line}", "a line of names"))
    if len(header.names) > MAX_COLUMNS:
        found = f"`{file.name}` has {len(header.names):,} columns"
        raise SourceError(source_fault(dataset, "too-many-columns", found, f"at most {MAX_COLUMNS:,}"))
    _refuse_missing(dataset, file, header, wanted)
    lines = scan.lines + (not scan.ends_in_newline)
    return Table(
        file,
        scan.sha256,
        scan.encoding,
        header.delimiter,
        header.quote,
        header.line,
        header.last_line,
        header.names,
        len(header.names),
        {name: header.names.index(tidy(name)) for name in wanted},
        lines,
        scan.quotes,
        scan.newline,
        scan.odd_space or (scan.quotes and header.delimiter != ","),
        _careful(scan, header),
        _guesses(dataset, scan, header),
    )


def _careful(scan: Scan, header: Header) -> str:
    if scan.odd:
        return scan.odd
    if header.line != header.last_line:
        return "the header takes several lines"
    if len(header.names) == 1:
        return "there is one column"
    lines = scan.head.splitlines()
    if len(header.quote) != 1 or len(header.delimiter) != 1 or '"' in "".join(lines[: header.line - 1]):
        return "the lines before the header are quoted"
    return ""


def _guesses(dataset: Dataset, scan: Scan, header: Header) -> dict[str, str]:
    guessed = {}
    if dataset.source.encoding is None:
        mark = " with a byte order mark" if scan.bom else ""
        guessed["encoding"] = _ENCODING_NAMES.get(scan.encoding, scan.encoding) + mark
    if dataset.source.delimiter is None:
        guessed["delimiter"] = _DELIMITER_NAMES[header.delimiter]
    if dataset.source.quote is None and header.quote != '"':
        guessed["quote"] = header.quote
    if dataset.source.header is None:
        guessed["header"] = f"line {header.line}"
    return guessed


def _refuse_missing(dataset: Dataset, file: InputFile, header: Header, wanted: tuple[str, ...]) -> None:
    if not header.found:
        raise SourceError(
            source_fault(
                dataset,
                "wrong-file",
                f"`{file.name}` has none of the declared columns; its columns are {_listed(header.names)}",
                _listed(wanted),
                "is it the right file? `header`, `delimiter` and `encoding` say how it is read",
            )
        )
    faults = []
    for column in dataset.columns.values():
        count = header.names.count(tidy(column.source))
        path = f"datasets.{dataset.name}.columns.{column.name}"
        place = column.place or dataset.source.place or dataset.place
        if not count:
            found = f"no column `{column.source}` in `{file.name}`"
            near = suggest(column.source, header.names)
            faults.append(Fault("no-such-column", path, found, f"one of {_listed(header.names)}", near, place))
        elif count > 1:
            found = f"{count} columns `{column.source}` in `{file.name}`"
            faults.append(Fault("repeated-column", path, found, "one column of that name", "", place))
    if faults:
        raise SourceError(faults)


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN] if name)
    return f"{shown} and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else shown
