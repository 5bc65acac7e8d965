"""One file of a dataset, looked through: where its declared columns are and whether it can be read as it lies."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from civicstat.errors import Fault, SourceError, suggest
from civicstat.sources.files import InputFile, source_fault
from civicstat.sources.header import MAX_COLUMNS, Header, find_header, heading, place_of
from civicstat.sources.json_records import Reader, find_keys
from civicstat.sources.scan import Scan, scan_file
from civicstat.spec import ColumnDef, Dataset, file_kind

__all__ = ["Table", "inspect_file", "refuse_absent"]

_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_ENCODING_NAMES = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose shape is known.

    ``positions`` is each declared source column's place among the ``width`` columns, counted from 0. ``careful`` says
    why the file cannot be read as it lies; empty where it can. ``guessed`` holds what the declaration left open.
    ``absent`` are source columns that no record of a JSON file has, with keys that are there: portals leave out a key
    without a value, so that it is a fault only where no file of the dataset has it. ``members`` are what the headings
    that become rows stand for, each with the places of its columns; such columns have the place -1.
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
    absent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    members: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def inspect_file(dataset: Dataset, file: InputFile, advance: Callable[[int], Any]) -> Table:
    """Read all of ``file`` once and return its shape.

    Raises:
        SourceError: the file is damaged, of another kind or encoding, or lacks declared columns.
    """
    source = dataset.source
    filled = _filled(dataset)
    wanted = tuple(dict.fromkeys(item.source for item in dataset.columns.values() if item.name not in filled))
    if file_kind(file.name) != "table":
        return _inspect_json(dataset, file, wanted, advance)

    def look(head: str) -> Header | None:
        return find_header(head, wanted, source.delimiter, source.quote, source.header)

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
    positions = _positions(dataset, file, header, wanted)
    members = _members(dataset, file, header, positions)
    positions |= {dataset.columns[name].source: -1 for name in filled}
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
        positions,
        lines,
        scan.quotes,
        scan.newline,
        scan.odd_space or (scan.quotes and header.delimiter != ","),
        "columns become rows" if members else _careful(scan, header),
        _guesses(dataset, scan, header),
        members=members,
    )


def refuse_absent(dataset: Dataset, tables: Sequence[Table]) -> None:
    """Refuse a declared column that no record of any of the files has.

    Raises:
        SourceError: there is one.
    """
    faults = []
    for column in dataset.columns.values():
        if not all(column.source in table.absent for table in tables):
            continue
        seen = [table for table in tables if table.absent[column.source]]
        if not seen:  # no file has a record
            continue
        keys = seen[0].absent[column.source]
        where = f"`{seen[0].file.name}`" if len(seen) == 1 else f"{len(seen)} files"
        path = f"datasets.{dataset.name}.columns.{column.name}"
        place = column.place or dataset.source.place or dataset.place
        found = f"no record of {where} has `{column.source}`"
        near = suggest(column.source, keys)
        faults.append(Fault("no-such-column", path, found, f"one of {_listed(keys)}", near, place))
    if faults:
        raise SourceError(faults)


def _inspect_json(dataset: Dataset, file: InputFile, wanted: tuple[str, ...], advance: Callable[[int], Any]) -> Table:
    """Look for the declared columns, no further than until each was seen."""
    scan = scan_file(dataset, file, lambda _: None, advance)
    with file.open() as raw:
        reader = Reader(dataset, file, io.TextIOWrapper(raw, encoding=scan.encoding, newline=""))
        keys, absent = find_keys(reader, wanted)
    if keys and len(absent) == len(wanted):
        raise SourceError(
            source_fault(
                dataset,
                "wrong-file",
                f"`{file.name}` has none of the declared columns; its keys are {_listed(keys)}",
                _listed(wanted),
                "is it the right file? `records` says where in it the records are",
            )
        )
    return Table(
        file,
        scan.sha256,
        scan.encoding,
        delimiter=",",
        quote='"',
        header_line=0,
        last_header_line=0,
        names=wanted,
        width=len(wanted),
        positions={name: place for place, name in enumerate(wanted)},
        lines=scan.lines + (not scan.ends_in_newline),
        quotes=True,
        newline="\n",
        odd_space=True,
        careful="it is JSON",
        guessed={} if dataset.source.encoding else {"encoding": _encoding_name(scan)},
        absent=dict.fromkeys(absent, keys),
    )


def _filled(dataset: Dataset) -> tuple[str, ...]:
    """Return the columns whose values stand under headings that become rows, the one of their names first."""
    return (dataset.unpivot.name, *dataset.unpivot.patterns) if dataset.unpivot else ()


def _members(
    dataset: Dataset, file: InputFile, header: Header, positions: Mapping[str, int]
) -> Mapping[str, Mapping[str, int]]:
    if dataset.unpivot is None:
        return {}
    members = dataset.unpivot.members(header.names, set(positions.values()))
    faults = [
        Fault(
            "no-such-column",
            f"datasets.{dataset.name}.unpivot",
            f"no column like `{pattern}` in `{file.name}`",
            f"one of {_listed(header.names)}",
            "",
            dataset.columns[column].place,
        )
        for column, pattern in dataset.unpivot.patterns.items()
        if not any(column in places for places in members.values())
    ]
    if faults:
        raise SourceError(faults)
    return members


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
        guessed["encoding"] = _encoding_name(scan)
    if dataset.source.delimiter is None:
        guessed["delimiter"] = _DELIMITER_NAMES[header.delimiter]
    if dataset.source.quote is None and header.quote != '"':
        guessed["quote"] = header.quote
    if dataset.source.header is None:
        guessed["header"] = f"line {header.line}"
    return guessed


def _encoding_name(scan: Scan) -> str:
    return _ENCODING_NAMES.get(scan.encoding, scan.encoding) + (" with a byte order mark" if scan.bom else "")


def _positions(dataset: Dataset, file: InputFile, header: Header, wanted: tuple[str, ...]) -> dict[str, int]:
    """Return where each declared source column stands."""
    if not header.found and not any(name.startswith("$") for name in wanted):
        raise SourceError(
            source_fault(
                dataset,
                "wrong-file",
                f"`{file.name}` has none of the declared columns; its columns are {_listed(header.names)}",
                _listed(wanted),
                "is it the right file? `header`, `delimiter` and `encoding` say how it is read",
            )
        )
    places = {name: place_of(name, header.names) for name in wanted}
    faults = [
        _no_column(dataset, file, header, column)
        for column in dataset.columns.values()
        if column.source in places and places[column.source] is None
    ]
    if faults:
        raise SourceError(faults)
    return {name: place for name, place in places.items() if place is not None}


def _no_column(dataset: Dataset, file: InputFile, header: Header, column: ColumnDef) -> Fault:
    path = f"datasets.{dataset.name}.columns.{column.name}"
    place = column.place or dataset.source.place or dataset.place
    if column.source.startswith("$"):
        found = f"no column {column.source[1:]} in `{file.name}`"
        return Fault("no-such-column", path, found, f"a position up to {len(header.names)}", "", place)
    name, number = heading(column.source, header.names)
    count = header.names.count(name)
    if count > 1 and number is None:
        found = f"{count} columns `{column.source}` in `{file.name}`"
        mend = f'the first of them is `"{column.source}#1"`'
        return Fault("repeated-column", path, found, "one column of that name", mend, place)
    found = f"no column `{column.source}` in `{file.name}`"
    expected = f"`{name}#1` to `{name}#{count}`" if count else f"one of {_listed(header.names)}"
    return Fault("no-such-column", path, found, expected, "" if count else suggest(column.source, header.names), place)


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN] if name)
    return f"{shown} and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else shown
