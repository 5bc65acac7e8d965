"""What a load did, in counts that add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["LoadReport"]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """``read`` = ``loaded`` + ``duplicates`` + ``quarantined``, always. Plain values, so that it can be JSON.

    ``files`` are {path, bytes, sha256, rows}. ``missing`` is column → word → cells, ``unmapped`` column → cells that no
    entry of the map names, ``checks`` {name, level, failing, examples}; ``guessed`` what the declaration left open.
    ``first_aside`` is reason → the first record set aside for it, {file, record, column}. ``dropped`` counts lines
    that hold no record. ``first``, ``last`` and ``as_of`` are ISO text, local to the city.
    """

    dataset: str
    files: Sequence[Mapping[str, Any]]
    read: int
    loaded: int
    duplicates: int
    quarantined: int
    as_of: str
    as_of_is_date: bool
    first: str | None = None
    last: str | None = None
    no_date: int = 0
    quarantine: Mapping[str, int] = field(default_factory=dict)
    first_aside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    missing: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unmapped: Mapping[str, int] = field(default_factory=dict)
    checks: Sequence[Mapping[str, Any]] = ()
    guessed: Mapping[str, str] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
