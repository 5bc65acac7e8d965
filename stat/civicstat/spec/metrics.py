"""All metrics of a project, each that is made of others read behind these."""

from __future__ import annotations

from collections.abc import Mapping

from civicstat.errors import Place, suggest
from civicstat.spec.cursor import Value, choices_text
from civicstat.spec.metric import Setting, read_metric
from civicstat.spec.model import Metric

__all__ = ["read_metrics"]

_MOST_STEPS = 20


def read_metrics(declared: Mapping[str, Value], setting: Setting) -> dict[str, Metric]:
    """Return the metrics that could be read, in declared order."""
    reader = _Reader(declared, setting)
    read = {name: reader.metric(name) for name in declared}
    return {name: metric for name, metric in read.items() if metric}


class _Reader:
    """Reads each metric once; ``path`` are those being read, each made of the next."""

    def __init__(self, declared: Mapping[str, Value], setting: Setting) -> None:
        self.declared = declared
        self.setting = setting
        self.path: list[str] = []
        self.read: dict[str, Metric | None] = {}

    def metric(self, name: str) -> Metric | None:
        """Return a metric by its name."""
        if name not in self.read:
            self.path.append(name)
            self.read[name] = read_metric(name, self.declared[name], self.setting, self.find)
            self.path.pop()
        return self.read[name]

    def find(self, value: Value, name: str, place: Place) -> Metric | None:
        """Return a metric that another is made of."""
        if name not in self.declared:
            expected = f"a metric: {choices_text(self.declared)}"
            value.notes.add("unknown-metric", value.path, place, f"`{name}`", expected, suggest(name, self.declared))
        elif name in self.path:
            around = " → ".join(f"`{step}`" for step in (*self.path[self.path.index(name) :], name))
            value.notes.add("made-of-itself", value.path, place, around, "metrics that are not made of themselves")
        elif len(self.path) > _MOST_STEPS:
            found = f"more than {_MOST_STEPS} metrics, each made of the next"
            value.notes.add("too-deep", value.path, place, found, f"at most {_MOST_STEPS}")
        else:
            return self.metric(name)
        return None
