"""The plain UTF-8 file that every careful reading writes for the warehouse: one record a line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

__all__ = ["ESCAPES", "RAW", "Normalised", "Writer"]

ESCAPES = (("\x1d", "\x1d0"), ("\r", "\x1dr"), ("\n", "\x1dn"))
"""No value is written with a line break in it: undone from the last pair to the first, every value is as it was."""
RAW = 2_000
"""Characters kept of a record that has the wrong shape."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """``records`` read, of which ``broken`` have the wrong shape; lines dropped because they hold no record.

    ``escaped``: line breaks inside values were written as ``ESCAPES`` say.
    """

    records: int
    broken: int
    blank_lines: int
    repeated_headers: int
    longest: int
    escaped: bool


class Writer:
    """Writes records of one line each."""

    def __init__(self, stream: TextIO) -> None:
        self.write = csv.writer(stream, lineterminator="\n").writerow
        self.escaped = False

    def __call__(self, values: Sequence[str], *more: object) -> None:
        """Write one record: its values, and what is known of it besides."""
        joined = "".join(values)
        if not joined.isprintable() and any(char in joined for char, _ in ESCAPES):
            self.escaped = True
            values = [_escape(value) for value in values]
        self.write((*values, *more))


def _escape(value: str) -> str:
    for char, written in ESCAPES:
        value = value.replace(char, written)
    return value
