"""Why a number moved: what two editions say they rest on, in the order in which the first difference is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from civicstat.editions.changes import Cause
from civicstat.editions.declared import Part, declared_parts, vanished_files
from civicstat.editions.moved import Moved
from civicstat.editions.moved_rows import MovedRows
from civicstat.editions.side import Side
from civicstat.spec import Metric, needed_for

__all__ = ["Causes"]


class Causes:
    """Finds the causes of what moved between two editions."""

    def __init__(self, before: Side, after: Side, rows: MovedRows) -> None:
        self.before = before
        self.after = after
        self.rows = rows
        self._declared: dict[str, frozenset[Part] | None] = {}
        self._found: dict[tuple[object, ...], tuple[Cause, ...]] = {}

    def of(self, moved: Moved) -> tuple[Cause, ...]:
        """Return the causes found, the one to name first; none for what is new.

        Both files of an edition tell mostly the same, so that what was found is kept.
        """
        if moved.kind == "new":
            return ()
        span = moved.start, moved.stop
        asked = moved.metric, *span, *moved.slice.items(), moved.numbers_moved, moved.withheld
        if asked not in self._found:
            self._found[asked] = self._causes(moved)
        return self._found[asked]

    def _causes(self, moved: Moved) -> tuple[Cause, ...]:
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
        if not found and ("clock" in parts or self._went_on(moved)):
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
        one, other, project = self.before.entries(metric), self.after.entries(metric), self.after.project
        if project is None:
            return False
        both = [name for name in one if name in other]
        return any(vanished_files(project.datasets[name], one[name], other[name]) for name in both)

    def _of_rows(self, moved: Moved) -> list[Cause]:
        traces = [self.rows.trace(item) for item in self._behind(moved)]
        known = [trace for trace in traces if trace is not None]
        if len(known) < len(traces):
            return ["not_known"]
        found: dict[Cause, bool] = {
            "correction": any(trace.altered for trace in known),
            "late_data": any(trace.late for trace in known),
        }
        return [cause for cause, applies in found.items() if applies]

    def _behind(self, moved: Moved) -> list[Moved]:
        """Return the number itself, or of one made of others the numbers of rows behind it, over all time.

        Which days of another metric a number rests on is its own matter: it may look a year back.
        """
        project = self.after.project
        metric = project.metrics.get(moved.metric) if project else None
        if project is None or metric is None or metric.dataset:
            return [moved]
        behind = [item for item in needed_for([metric], project.metrics) if item.dataset]
        return [
            replace(moved, metric=item.name, slice=moved.slice if _splits(item, moved.slice) else {}, start=None)
            for item in behind
        ]

    def _went_on(self, moved: Moved) -> bool:
        """Return whether the clock is another: for a number the dataset's own, for a status the day of the build too.

        By the day of the build records are stale, and nothing else.
        """
        one, other = (
            ([entry.get("as_of") for entry in side.entries(moved.metric).values()], side.manifest["as_of"])
            for side in (self.before, self.after)
        )
        return one[0] != other[0] if moved.numbers_moved else one != other


def _splits(metric: Metric, members: Mapping[str, str]) -> bool:
    """Return whether a metric is split by just these columns."""
    return any(set(item.columns) == set(members) for item in metric.dimensions)


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
