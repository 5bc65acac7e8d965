"""A chart drawn once: lines, dots and boxes in the chart's own values, words in the units of its type.

``svg`` and ``figure`` turn the same picture into what a browser shows, so that the two cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass

from civicstat.charts.data import Size

__all__ = ["Box", "Dot", "Line", "Mark", "Picture", "Place", "Plot", "Spot", "Words"]

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plot:
    """The plot inside its axes, and the values at its edges: ``x`` left and right, ``y`` bottom and top."""

    left: float
    right: float
    top: float
    bottom: float
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, value: float) -> float:
        """Return how far from the left ``value`` stands."""
        return self.left + (value - self.x[0]) / (self.x[1] - self.x[0]) * (self.right - self.left)

    def down(self, value: float) -> float:
        """Return how far from the top ``value`` stands."""
        return self.bottom - (value - self.y[0]) / (self.y[1] - self.y[0]) * (self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class Line:
    """A line through places; ``dashes`` are lengths drawn and left out."""

    places: tuple[Place, ...]
    class_: str
    width: float
    dashes: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """A point; with an ``edge`` it is hollow."""

    place: Place
    class_: str
    radius: float
    edge: float = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A bar or a band between two corners."""

    one: Place
    other: Place
    class_: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words on their line; those that belong to a place on the scale say ``at`` which."""

    text: str
    x: float
    y: float
    class_: str
    anchor: str = "start"
    at: float | None = None


Mark = Line | Dot | Box | Words


@dataclass(frozen=True, slots=True)
class Spot:
    """What a reader may point at, and what is then said, a line each; ``y`` None where there is no value."""

    x: float
    y: float | None
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole chart for one size of field, which may need another height than that; marks in the order drawn.

    ``labels`` are those of all periods, where there are so many that a reader may want to look closer; else ().
    """

    title: str
    description: str
    size: Size
    height: float
    plot: Plot
    marks: tuple[Mark, ...]
    spots: tuple[Spot, ...]
    labels: tuple[str, ...] = ()
