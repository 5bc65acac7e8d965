"""The metrics that another is made of, as they are found while it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from civicstat.errors import Place
from civicstat.spec.cursor import Fields, Value
from civicstat.spec.dimension import Dimension
from civicstat.spec.kinds import Made
from civicstat.spec.model import Metric

__all__ = ["Basis", "Find", "one_metric"]

Find = Callable[[Value, str, Place], Metric | None]
"""Returns the metric that a value names at a place; None after a fault."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The body of a made metric, its unit, and the metrics it is made of, each once; ``splits`` are ways of its own.

    Of ``levels`` among them each period takes the last one known by its end, so that theirs need not be its own.
    """

    body: Made
    unit: str
    metrics: tuple[Metric, ...]
    splits: tuple[Dimension, ...] = ()
    levels: tuple[str, ...] = ()

    @property
    def timed(self) -> tuple[Metric, ...]:
        """The metrics whose periods it has."""
        return tuple(metric for metric in self.metrics if metric.name not in self.levels)


def one_metric(fields: Fields, find: Find) -> Metric | None:
    """Return the one metric that another is made of; None after a fault."""
    value = fields.need("metric", "the metric it is made of, as `metric: requests_opened`")
    name = value.string("the name of a metric") if value else ""
    return find(value, name, value.place) if value and name else None
