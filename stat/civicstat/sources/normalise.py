"""The careful reader: any table of text or JSON, record by record, into a plain file the warehouse can take in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from civicstat.errors import SourceError
from civicstat.sources.files import source_fault
from civicstat.sources.header import FIELD_LIMIT, tidy
from civicstat.sources.json_records import Reader, copy_records
from civicstat.sources.shape import Table
from civicstat.sources.written import RAW, Normalised, Writer
from civicstat.spec import Dataset, file_kind

__all__ = ["normalise"]


def normalise(dataset: Dataset, table: Table, good: Path, broken: Path) -> Normalised:
    """Write the declared columns of every whole record to ``good``, every other record to ``broken``.

    Columns of ``good``: each declared source column in the order of ``table.positions``, then record and line. Columns
    of ``broken``: raw text, reason, record, line. Neither has a header. A record is counted from 1 after the header;
    its line is the one it begins on.

    Raises:
        SourceError: a quote never closes, a value is longer than 131,072 characters, or the file is not JSON.
    """
    csv.field_size_limit(FIELD_LIMIT)
    with (
        table.file.open() as raw,
        good.open("w", encoding="utf-8", newline="") as good_stream,
        broken.open("w", encoding="utf-8", newline="") as broken_stream,
    ):
        text = io.TextIOWrapper(raw, encoding=table.encoding, newline="")
        if file_kind(table.file.name) != "table":
            return copy_records(Reader(dataset, table.file, text), list(table.positions), good_stream, broken_stream)
        return _copy(dataset, table, _Lines(text), Writer(good_stream), Writer(broken_stream))


class _Lines:
    """Lines as the reader takes them, kept until the record they belong to is done."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.number = 0
        self.held: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.text.readline(FIELD_LIMIT * 8)
        if not line:
            raise StopIteration
        if self.number == 0:
            line = line.removeprefix("\ufeff")
        self.number += 1
        self.held.append(line)
        return line


def _copy(dataset: Dataset, table: Table, lines: _Lines, write: Writer, write_broken: Writer) -> Normalised:
    for _ in range(table.last_header_line):
        next(lines)
    reader = csv.reader(
        lines,
        delimiter=table.delimiter,
        quotechar=table.quote,
        skipinitialspace=table.delimiter != "\t",
        strict=True,
    )
    places = [place for place in table.positions.values() if place >= 0]
    filled = list(dataset.unpivot.patterns) if dataset.unpivot else []
    nothing = table.delimiter + " \t\r\n"
    records = wrong = blank = repeated = longest = 0
    while True:
        lines.held.clear()
        started = lines.number + 1
        try:
            row = next(reader)
        except StopIteration:
            return Normalised(records, wrong, blank, repeated, longest, write.escaped or write_broken.escaped)
        except csv.Error as error:
            _refuse(dataset, table, started, error)
            records += 1
            wrong += 1
            write_broken(["".join(lines.held)[:RAW]], "bad-quoting", records, started)
            continue
        if len(lines.held) == 1 and not lines.held[0].strip(nothing):
            blank += 1
            continue
        if len(row) == table.width and tuple(map(tidy, row)) == table.names:
            repeated += 1
            continue
        records += 1
        if len(row) != table.width and (len(row) < table.width or any(v.strip() for v in row[table.width :])):
            wrong += 1
            reason = "too-few-columns" if len(row) < table.width else "too-many-columns"
            write_broken(["".join(lines.held)[:RAW]], reason, records, started)
            continue
        values = [row[place] for place in places]
        if dataset.unpivot is None:
            longest = max(longest, sum(map(len, values)))
            write(values, records, started)
        for member, held in table.members.items():
            made = [*values, member, *(row[held[name]] if name in held else "" for name in filled)]
            longest = max(longest, sum(map(len, made)))
            write(made, records, started)


def _refuse(dataset: Dataset, table: Table, line: int, error: csv.Error) -> None:
    name = table.file.name
    if "field limit" in str(error):
        fault = source_fault(
            dataset,
            "value-too-long",
            f"`{name}`: a value in the record at line {line:,} is longer than {FIELD_LIMIT:,} characters",
            "shorter values",
            "most often a quote that is opened there and never closed",
        )
        raise SourceError(fault) from error
    if "unexpected end" in str(error):
        fault = source_fault(
            dataset,
            "open-quote",
            f"`{name}`: a quote opened in the record at line {line:,} never closes",
            "a closing quote",
            "the file may be cut off: fetch it again",
        )
        raise SourceError(fault) from error
