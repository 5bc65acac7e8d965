"""What a load did, in counts that add up, and several loads of one dataset as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

__all__ = ["SHOWN", "LoadReport", "joined"]

SHOWN = 3
"""How many of the records that fail a check are named."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """``read`` = ``loaded`` + ``duplicates`` + ``quarantined``, always. Plain values, so that it can be JSON.

    ``files`` are {path, bytes, sha256, rows}. ``missing`` is column → word → cells, ``unmapped`` column → cells that no
    entry of the map names, ``checks`` {name, level, failing, examples}; ``guessed`` is what the declaration left open →
    the guess → the number of files. ``first_aside`` is reason → the first record set aside for it, {file, record,
    column}. ``dropped`` counts lines that hold no record. ``first``, ``last`` and ``as_of`` are ISO text, local to the
    city.
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
    guessed: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)

    def guesses(self) -> dict[str, str]:
        """Return each guess once; where files differ, with the number of files for each."""
        return {
            name: next(iter(counts)) if len(counts) == 1 else ", ".join(map(_in_files, counts.items()))
            for name, counts in self.guessed.items()
        }


def joined(reports: Iterable[LoadReport]) -> LoadReport:
    """Return the report of loads that followed one another, as one load of all their files would have given it."""
    return reduce(_join, reports)


def _join(one: LoadReport, more: LoadReport) -> LoadReport:
    checks = [
        {
            **held,
            "failing": held["failing"] + new["failing"],
            "examples": [*held["examples"], *new["examples"]][:SHOWN],
        }
        for held, new in zip(one.checks, more.checks, strict=True)
    ]
    return LoadReport(
        dataset=one.dataset,
        files=[*one.files, *more.files],
        read=one.read + more.read,
        loaded=one.loaded + more.loaded,
        duplicates=one.duplicates + more.duplicates,
        quarantined=one.quarantined + more.quarantined,
        as_of=more.as_of,
        as_of_is_date=more.as_of_is_date,
        first=min(filter(None, (one.first, more.first)), default=None),
        last=max(filter(None, (one.last, more.last)), default=None),
        no_date=one.no_date + more.no_date,
        quarantine=dict(sorted(_summed(one.quarantine, more.quarantine).items())),
        first_aside=dict(sorted({**more.first_aside, **one.first_aside}.items())),
        missing=_summed_within(one.missing, more.missing),
        unmapped=_summed(one.unmapped, more.unmapped),
        checks=checks,
        guessed=_summed_within(one.guessed, more.guessed),
        dropped=_summed(one.dropped, more.dropped),
    )


def _summed(one: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + more.get(name, 0) for name in {**one, **more}}


def _summed_within(
    one: Mapping[str, Mapping[str, int]], more: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    return {name: _summed(one.get(name, {}), more.get(name, {})) for name in {**one, **more}}


def _in_files(found: tuple[str, int]) -> str:
    guess, count = found
    return f"{guess} ({count} file{'' if count == 1 else 's'})"
