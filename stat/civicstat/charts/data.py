"""What a chart shows, apart from how it is drawn: the same values become SVG here and a figure elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isclose
from typing import Literal

from civicstat.words import goal_label, unit_word, value_text

__all__ = [
    "BLANK",
    "NARROW",
    "ROOM",
    "WIDE",
    "Bar",
    "BarChart",
    "Happened",
    "LineChart",
    "Numbers",
    "Point",
    "Signal",
    "Size",
    "Stretch",
    "Target",
    "goal_ends",
    "goal_paths",
]

BLANK = "(blank)"
"""The member that stands for a missing one, as readings name it."""

Target = float | tuple[float, float]
Signal = Literal["improvement", "concern", "change"]

_SIGNS = ("percent", "dollars")


def goal_ends(goal: Target | None) -> tuple[float, ...]:
    """Return the values at which a goal is drawn: none, one, or both ends of a range."""
    return () if goal is None else goal if isinstance(goal, tuple) else (goal,)


def goal_paths(goals: Sequence[Target | None], *, slopes: bool = False) -> list[list[tuple[float, float]]]:
    """Return the lines of a goal that moves, by the index of its points: steps half way between them, or through them.

    >>> goal_paths([None, 5, 5, 4])
    [[(0.5, 5), (2.5, 5), (2.5, 4), (3.5, 4)]]
    >>> goal_paths([5, None, 3, 4, 5, 5], slopes=True)
    [[(0, 5)], [(2, 3), (4, 5), (5, 5)]]
    """
    paths = []
    for stands, run in groupby(enumerate(goals), key=lambda item: len(goal_ends(item[1]))):
        held = [(at, goal_ends(goal)) for at, goal in run]
        for end in range(stands):
            values = [(at, ends[end]) for at, ends in held]
            paths.append(_straight(values) if slopes else _stairs(values))
    return paths


def _straight(values: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the corners of a line, without the points that lie on it."""
    path: list[tuple[float, float]] = []
    for at, value in values:
        if len(path) > 1:
            (one, low), (other, high) = path[-2:]
            if isclose(high + (high - low) / (other - one) * (at - other), value, rel_tol=1e-9, abs_tol=1e-9):
                path.pop()
        path.append((at, value))
    return path


def _stairs(values: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    path: list[tuple[float, float]] = []
    for at, value in values:
        if path and path[-1][1] == value:
            path[-1] = (at + 0.5, value)
        else:
            path += [(at - 0.5, value), (at + 0.5, value)]
    return path


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the values of a chart are printed, and in which language it speaks."""

    unit: str
    decimals: int
    lang: str
    prefix: str = ""
    suffix: str = ""
    compact: bool = False

    def text(self, value: float | None) -> str:
        """Return a value with its unit."""
        return value_text(value, self.unit, self.decimals, self.lang, self.prefix, self.suffix, self.compact)

    def short(self, value: float, decimals: int | None = None) -> str:
        """Return a value for an axis or a bar: without its unit, unless that is a sign."""
        unit = self.unit if self.unit in _SIGNS else ""
        digits = self.decimals if decimals is None else decimals
        return value_text(value, unit, digits, self.lang, self.prefix, self.suffix, self.compact)

    def unit_apart(self) -> str:
        """Return the unit in words where :meth:`short` leaves it out."""
        return "" if self.unit in ("", *_SIGNS) else unit_word(self.unit, self.lang)

    def goal(self, goal: Target) -> str:
        """Return the label of a goal's line."""
        return goal_label(goal, self.unit, self.decimals, self.lang, self.prefix, self.suffix, self.compact)


@dataclass(frozen=True, slots=True)
class Point:
    """One period: ``label`` for the axis, ``name`` in full for sentences; no value breaks the line.

    ``provisional`` and ``partial`` (the running period) are drawn hollow, ``gap`` is not drawn at all. ``notes`` are
    said to those who point at it, after its value: what was promised, how it was judged. ``signal`` says of what it
    is one, by which its shape differs.
    """

    label: str
    value: float | None
    state: Literal["final", "provisional", "partial", "gap"] = "final"
    name: str = ""
    notes: tuple[str, ...] = ()
    signal: Signal | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Points from ``first`` to ``last``, both included, with one mean and the limits of what is common there.

    A limit that is None is not drawn. ``trial`` limits still move with each new value.
    """

    first: int
    last: int
    mean: float
    lower: float | None = None
    upper: float | None = None
    trial: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened from the period ``first`` to ``last``, both included; ``sign`` is its letter on the chart."""

    first: int
    last: int
    sign: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """A measure over time. ``compare`` runs beside ``points``, one for one; ``summary`` is the finding in words.

    ``mark`` is the index of the point a reader asked for. ``zero`` None starts the scale at zero unless the values fill
    less than half of it; a cut scale says so. ``goal_from`` is the index of the first point at which the goal stood.
    Where it is another from point to point ``goals`` has one for each, None where none stood, and ``goal`` is the last;
    ``slopes``: it moves in steps so even that they are a line.
    ``stretches`` are those of a process behaviour chart, which begins anew at each of them. ``events`` are what
    happened meanwhile; the words for their letters stand below the chart, and in the notes of their points. ``breaks``
    are the indices of the points with which something else is counted.
    """

    title: str
    points: tuple[Point, ...]
    numbers: Numbers
    goal: Target | None = None
    compare: tuple[Point, ...] = ()
    compare_label: str = ""
    summary: str = ""
    zero: bool | None = None
    mark: int | None = None
    goal_from: int = 0
    stretches: tuple[Stretch, ...] = ()
    events: tuple[Happened, ...] = ()
    goals: tuple[Target | None, ...] = ()
    slopes: bool = False
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One member of a dimension; ``withheld`` says that its value may not be shown, ``notes`` are a point's."""

    label: str
    value: float | None
    withheld: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BarChart:
    """A measure by the members of a dimension; drawn longest first, missing and withheld members last, as text."""

    title: str
    bars: tuple[Bar, ...]
    numbers: Numbers
    goal: Target | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """The field a chart is drawn on, in the units of its text: ``name`` is the class that shows or hides it."""

    name: str
    width: float
    height: float
    font: float

    @property
    def narrow(self) -> bool:
        """Whether labels must stand above each other."""
        return self.width < 500


WIDE = Size("wide", 800, 340, 14)
NARROW = Size("narrow", 344, 270, 14)
ROOM = Size("room", 820, 400, 18)
