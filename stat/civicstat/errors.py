"""Faults as an analyst reads them: place, what was found, what was expected, how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "CivicstatError",
    "DeclarationError",
    "EditionError",
    "Fault",
    "Place",
    "SourceError",
    "count_faults",
    "format_faults",
    "suggest",
]


_LONGEST_LINE = 160


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault stands: a file, a line and a column counted from 1, and the line's own text."""

    file: str
    line: int
    column: int
    text: str = ""
    width: int = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, said so that it can be mended."""

    code: str
    path: str
    found: str
    expected: str = ""
    help: str = ""
    place: Place | None = None
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.place.line}:{self.place.column}: " if self.place else ""
        mark = "warning: " if self.level == "warning" else ""
        lines = [f"{where}{mark}{self.code}: {self.path}"]
        if self.place and self.place.text:
            number = str(self.place.line)
            gutter = " " * len(number)
            text, underline = _excerpt(self.place)
            lines += [f"{gutter} |", f"{number} | {text}", f"{gutter} | {underline}"]
        pad = " " * (len(str(self.place.line)) + 1) if self.place else "  "
        for name, text in (("found", self.found), ("expected", self.expected), ("help", self.help)):
            if text:
                lines.append(f"{pad}= {name + ':':<9} {text}")
        return "\n".join(lines)


class CivicstatError(Exception):
    """What the command line and the pages may show: faults in the house form.

    ``exit_code`` is 1 when the input is wrong and 2 when the command could not be tried.
    """

    exit_code = 1
    subject = ""

    def __init__(self, faults: Fault | Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__(format_faults(self.faults, self.subject))


class DeclarationError(CivicstatError):
    """The YAML is wrong."""

    subject = " in metric definitions"


class SourceError(CivicstatError):
    """A file or portal did not give what its declaration says."""

    subject = " in sources"


class EditionError(CivicstatError):
    """No edition can answer, or the one asked for cannot be opened."""

    exit_code = 2


def format_faults(faults: Iterable[Fault], subject: str = "") -> str:
    """Return all faults, a blank line between them, and a count as the last line."""
    shown = list(faults)
    return "\n\n".join([*(str(fault) for fault in shown), count_faults(shown, subject)])


def count_faults(shown: Sequence[Fault], subject: str = "") -> str:
    """Return how many errors and warnings there are, in a line."""
    errors = sum(fault.level == "error" for fault in shown)
    warnings = len(shown) - errors
    counts = []
    if errors or not warnings:
        counts.append(f"{errors} problem{'' if errors == 1 else 's'}")
    if warnings:
        counts.append(f"{warnings} warning{'' if warnings == 1 else 's'}")
    return " and ".join(counts) + subject


def _excerpt(place: Place) -> tuple[str, str]:
    """Return the line and the marks below it; of a long line, what stands around the place."""
    first = 0 if len(place.text) <= _LONGEST_LINE else max(0, place.column - 1 - _LONGEST_LINE // 2)
    shown = place.text[first : first + _LONGEST_LINE]
    before, after = "…" if first else "", "…" if first + len(shown) < len(place.text) else ""
    start = len(before) + place.column - 1 - first
    text = before + shown + after
    width = max(1, min(place.width, len(text) - start))
    indent = "".join("\t" if character == "\t" else " " for character in text[:start])  # a tab is as wide below
    return text, indent.ljust(start) + "^" * width


def suggest(word: str, choices: Iterable[str]) -> str:
    """Return a did-you-mean sentence, or nothing where no choice is near.

    >>> suggest("closed_at", ["closed_on", "opened_on"])
    'did you mean `closed_on`?'
    >>> suggest("zzz", ["closed_on"])
    ''
    """
    near = difflib.get_close_matches(word[:_LONGEST_LINE], list(choices), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else ""
