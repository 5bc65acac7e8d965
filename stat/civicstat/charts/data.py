"""What a chart shows, apart from how it is drawn: the same values become SVG here and a figure elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
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
]

BLANK = "(blank)"
"""The member that stands for a missing one, as readings name it."""

Target = float | tuple[float, float]
Signal = Literal["improvement", "concern", "change"]

_SIGNS = ("percent", "dollars")


def goal_ends(goal: Target | None) -> tuple[float, ...]:
    """Return the values at which a goal is drawn: none, one, or both ends of a range."""
    return () if goal is None else goal if isinstance(goal, tuple) else (goal,)


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
    ``stretches`` are those of a process behaviour chart, which begins anew at each of them. ``events`` are what
    happened meanwhile; the words for their letters stand below the chart, and in the notes of their points.
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
