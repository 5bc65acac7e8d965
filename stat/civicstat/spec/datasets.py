"""All datasets of a project, each that is a `select` over others read behind these."""

from __future__ import annotations

from collections.abc import Mapping

from civicstat.spec.cursor import Value
from civicstat.spec.dataset import read_dataset
from civicstat.spec.model import Dataset
from civicstat.spec.scope import Scope
from civicstat.spec.selecting import Known

__all__ = ["read_datasets"]


def read_datasets(declared: Mapping[str, Value]) -> tuple[dict[str, Dataset], dict[str, Scope]]:
    """Return the datasets in declared order, and what an expression over each may name."""
    reader = _Reader(declared)
    for name in declared:
        reader.dataset(name)
    return {name: reader.read[name][0] for name in declared}, {name: reader.read[name][1] for name in declared}


class _Reader:
    """Reads each dataset once; ``path`` are those being read, each made of the next."""

    def __init__(self, declared: Mapping[str, Value]) -> None:
        self.declared = declared
        self.path: list[str] = []
        self.read: dict[str, tuple[Dataset, Scope]] = {}

    def dataset(self, name: str) -> None:
        """Read a dataset, and before it those it is made of."""
        if name not in self.read:
            self.path.append(name)
            self.read[name] = read_dataset(name, self.declared[name], self.find, list(self.declared))
            self.path.pop()

    def find(self, name: str) -> Known | None:
        """Return a dataset that another reads; None where there is none, or it is made of that other."""
        if name not in self.declared or name in self.path:
            return None
        self.dataset(name)
        dataset, scope = self.read[name]
        return Known(scope, dataset.sensitive())
