"""Why a number moved: what two editions say they rest on, in the order in which the first difference is named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from civicstat.editions.catalogue import Catalogue
from civicstat.editions.changes import Cause
from civicstat.editions.declared import Part, declared_parts, vanished_files
from civicstat.editions.moved import Moved
from civicstat.errors import DeclarationError
from civicstat.spec import Project, load_files

__all__ = ["Causes", "Side"]


@dataclass(frozen=True)
class Side:
    """One of two editions: its folder, its manifest and what its office's file says."""

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


class Causes:
    """Finds the causes of what moved between two editions."""

    def __init__(self, before: Side, after: Side) -> None:
        self.before = before
        self.after = after
        self._declared: dict[str, frozenset[Part] | None] = {}

    def of(self, moved: Moved) -> tuple[Cause, ...]:
        """Return the causes found, the one to name first; none for what is new."""
        if moved.kind == "new":
            return ()
        parts = self._parts(moved.metric)
        if parts is None:
            return ("not_known",)
        found: list[Cause] = []
        if parts & _that_matter(moved):
            found.append("definition")
        if "source" in parts or self._lost_files(moved.metric):
            found.append("source")
        if not found and moved.numbers_moved:
            found += self._of_rows(moved)
        if self.before.manifest["versions"].get("code") != self.after.manifest["versions"].get("code"):
            found.append("product")
        if not found and self._clock(moved.metric, self.before) != self._clock(moved.metric, self.after):
            found.append("clock")
        return tuple(found) or ("not_known",)

    def _parts(self, metric: str) -> frozenset[Part] | None:
        """Return the parts of a metric's declaration that differ, None where that cannot be told."""
        if self.before.manifest["declarations"] == self.after.manifest["declarations"]:
            return frozenset({"privacy"}) if self._least(metric) else frozenset()
        if metric not in self._declared:
            self._declared[metric] = self._compared(metric)
        return self._declared[metric]

    def _compared(self, metric: str) -> frozenset[Part] | None:
        before, after = self.before.project, self.after.project
        if before is None or after is None:
            return None
        if metric not in before.metrics or metric not in after.metrics:
            return frozenset({"number"})
        one, other = (declared_parts(project.metrics[metric], project) for project in (before, after))
        differ = {part for part in one if one[part] != other[part]}
        return frozenset(differ | {"privacy"} if self._least(metric) else differ)

    def _least(self, metric: str) -> bool:
        """Return whether another least count is in force, which the environment may set too."""
        one, other = (side.catalogue.metrics.get(metric) for side in (self.before, self.after))
        return one is not None and other is not None and one.min_count != other.min_count

    def _lost_files(self, metric: str) -> bool:
        name = self._dataset(metric, self.after)
        one, other = (side.manifest["datasets"].get(name) for side in (self.before, self.after))
        project = self.after.project
        return bool(one and other and project and name and vanished_files(project, name, one, other))

    def _of_rows(self, moved: Moved) -> list[Cause]:
        one, other = (self._segment(moved.metric, side) for side in (self.before, self.after))
        return [] if one == other else ["not_known"]

    def _segment(self, metric: str, side: Side) -> str | None:
        entry = side.manifest["datasets"].get(self._dataset(metric, side))
        return str(entry["segment"]) if entry else None

    def _clock(self, metric: str, side: Side) -> tuple[object, object]:
        """Return the day of the build, by which records are stale, and the clock of the metric's dataset."""
        entry = side.manifest["datasets"].get(self._dataset(metric, side)) or {}
        return side.manifest["as_of"], entry.get("as_of")

    def _dataset(self, metric: str, side: Side) -> str | None:
        info = side.catalogue.metrics.get(metric)
        return info.dataset if info else None


def _that_matter(moved: Moved) -> frozenset[Part]:
    """Return the parts of a declaration that can have moved this number."""
    parts: set[Part] = {"number", "dataset", "calendar"}
    if not moved.numbers_moved:
        parts.add("goal")
    if moved.slice:
        parts.add("dimensions")
    if moved.withheld:
        parts.add("privacy")
    return frozenset(parts)
