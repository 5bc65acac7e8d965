"""What a file's name says of how it is read."""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["FileKind", "ending_of", "file_kind"]

FileKind = Literal["table", "json", "geojson", "lines"]

_KINDS: dict[str, FileKind] = {"json": "json", "geojson": "geojson", "jsonl": "lines", "ndjson": "lines"}


def file_kind(name: str) -> FileKind:
    """Return how a file or the files of a pattern are read: as JSON, as JSON of one record a line, else as a table.

    >>> file_kind("data/cases.json.gz"), file_kind("data/cases.csv")
    ('json', 'table')
    """
    return _KINDS.get(ending_of(name), "table")


def ending_of(name: str) -> str:
    """Return the ending below a `.gz`, of a pattern too.

    >>> ending_of("data/*.CSV*"), ending_of("data/2026-*.json.gz")
    ('csv', 'json')
    """
    return re.sub(r"(\.gz)?[*?]*$", "", name.lower()).rpartition(".")[2]
