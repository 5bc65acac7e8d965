"""One of two editions that are compared: what it says it was built from, and where its records lie."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from civicstat.editions.catalogue import Catalogue
from civicstat.errors import DeclarationError
from civicstat.results import Clock
from civicstat.spec import Project, load_files

__all__ = ["Side", "segment_files"]

_LENGTH_OF_A_DAY = len("2026-10-31")


@dataclass(frozen=True)
class Side:
    """An edition's folder, its manifest and what its office's file says; ``root`` is the project's folder."""

    path: Path
    manifest: Mapping[str, Any]
    catalogue: Catalogue
    root: Path

    @cached_property
    def project(self) -> Project | None:
        """What it was built from; None where this version of the product cannot read that any more."""
        try:
            files = json.loads((self.path / "declarations.json").read_text(encoding="utf-8"))
            return load_files(files, self.root)
        except (OSError, ValueError, DeclarationError):
            return None

    def entries(self, metric: str) -> dict[str, Mapping[str, Any]]:
        """Return what the manifest says of the datasets behind a metric; nothing where it had no such metric."""
        info = self.catalogue.metrics.get(metric)
        names = info.datasets if info else ()
        return {name: self.manifest["datasets"][name] for name in names if name in self.manifest["datasets"]}

    def clock(self, dataset: str) -> Clock:
        """Return up to when the records of a dataset were known."""
        text = self.catalogue.datasets[dataset].as_of or self.manifest["as_of"]
        return Clock(datetime.fromisoformat(text), is_date=len(text) == _LENGTH_OF_A_DAY)


def segment_files(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the files of ``data/segments`` that a dataset's entry in a manifest refers to."""
    return tuple(entry.get("segment_files") or (entry["segment"],))  # the first editions had one file each
