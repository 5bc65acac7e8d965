"""Dated events that charts are marked with: `metrics/events.csv`, one line each."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from io import StringIO

from civicstat.errors import Place, suggest
from civicstat.spec.cursor import Notes, choices_text, read_day
from civicstat.spec.model import Event

__all__ = ["EVENTS_FILE", "read_events"]

EVENTS_FILE = "metrics/events.csv"
_SEPARATOR = ";"
_UNKNOWN = {"metrics": "unknown-metric", "departments": "unknown-department"}


def read_events(
    text: str, notes: Notes, languages: tuple[str, ...], metrics: Collection[str], departments: Collection[str]
) -> tuple[Event, ...]:
    """Return the events in order of their first day; faults name the line and the column of what is wrong."""
    lines = text.splitlines()
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    known = ("start", "end", *(f"text_{lang}" for lang in languages), "metrics", "departments", "source")
    named = {"metrics": metrics, "departments": departments}
    events = []
    try:
        heads = next(reader, [])
        if not _heads_fit(heads, known, languages, lines, notes):
            return ()
        while (row := next(reader, None)) is not None:
            if any(row):
                cells = _Row(dict(zip(heads, row, strict=False)), reader.line_num, lines, notes)
                if len(row) != len(heads):
                    found = f"{len(row)} cells"
                    cells.fault("start", "not-an-event", found, f"{len(heads)} cells, as there are headings")
                elif event := _event(cells, languages, named):
                    events.append(event)
    except csv.Error as error:
        place = Place(EVENTS_FILE, reader.line_num or 1, 1)
        notes.add("not-an-event", EVENTS_FILE, place, str(error), "lines of comma-separated text; a quote ends")
    return tuple(sorted(events, key=lambda event: (event.start, event.line)))


class _Row:
    """The cells of a line by their headings, and where they stand."""

    def __init__(self, cells: Mapping[str, str], line: int, lines: list[str], notes: Notes) -> None:
        self.cells = {name: cell.strip() for name, cell in cells.items()}
        self.line, self.notes = line, notes
        self.text = lines[line - 1] if line <= len(lines) else ""

    def fault(self, column: str, code: str, found: str, expected: str, mend: str = "") -> None:
        cell = self.cells.get(column, "")
        at = max(self.text.find(cell), 0) if cell else 0
        place = Place(EVENTS_FILE, self.line, at + 1, self.text, max(len(cell), 1))
        self.notes.add(code, f"events.{column}", place, found, expected, mend)

    def day(self, column: str) -> date | None:
        cell = self.cells.get(column, "")
        found = read_day(cell) if cell else None
        if cell and found is None:
            self.fault(column, "not-a-day", f"`{cell}`", "a day, as `2026-03-31`")
        return found

    def names(self, column: str, known: Collection[str]) -> Iterator[str]:
        for name in filter(None, (part.strip() for part in self.cells.get(column, "").split(_SEPARATOR))):
            if name in known:
                yield name
            else:
                what = column.removesuffix("s")
                self.fault(
                    column, _UNKNOWN[column], f"`{name}`", f"a {what}: {choices_text(known)}", suggest(name, known)
                )


def _heads_fit(
    heads: list[str], known: tuple[str, ...], languages: tuple[str, ...], lines: list[str], notes: Notes
) -> bool:
    place = Place(EVENTS_FILE, 1, 1, lines[0] if lines else "")
    lacking = [name for name in ("start", f"text_{languages[0]}") if name not in heads]
    odd = [name for name in heads if name not in known]
    expected = f"headings of {choices_text(known)}, of which `start` and `text_{languages[0]}` are needed"
    if lacking:
        notes.add("not-an-event", EVENTS_FILE, place, f"no column `{lacking[0]}`", expected)
    elif odd or len(set(heads)) < len(heads):
        found = f"the column `{odd[0]}`" if odd else "a heading twice"
        notes.add("not-an-event", EVENTS_FILE, place, found, expected, suggest(odd[0], known) if odd else "")
    return not (lacking or odd or len(set(heads)) < len(heads))


def _event(row: _Row, languages: tuple[str, ...], named: Mapping[str, Collection[str]]) -> Event | None:
    start, end = row.day("start"), row.day("end")
    if not row.cells["start"]:
        row.fault("start", "not-a-day", "no day", "the day it began, as `2026-03-31`")
    if start and end and end < start:
        row.fault("end", "not-an-event", f"an end on {end}, before its start", f"a day from {start} on")
    told = {lang: text for lang in languages if (text := row.cells.get(f"text_{lang}", ""))}
    for lang in languages:
        if lang not in told:
            row.fault(f"text_{lang}", "not-an-event", f"no text in `{lang}`", "what happened, in few words")
    metrics, departments = (tuple(row.names(column, known)) for column, known in named.items())
    if start is None or len(told) < len(languages):
        return None
    return Event(start, end, told, metrics, departments, row.cells.get("source", ""), row.line)
