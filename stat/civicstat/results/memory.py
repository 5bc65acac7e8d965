"""What a build remembers of the last one: each metric's cells, with what they were computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from civicstat.compiler import Moment
from civicstat.results.cells import Member, Values, name_of
from civicstat.results.days import Days
from civicstat.results.slots import Slot

__all__ = ["Held", "Kept", "Memory", "Told", "Why"]

Why = Literal["not_kept", "definition", "rows", "clock"]
SlotCells = Mapping[Member, Values]


@dataclass(frozen=True, slots=True)
class Kept:
    """The cells of one slot: of which ``rows``, at which ``clock``. ``final``: no later clock changes them.

    ``name`` is another where the cells are others.
    """

    rows: str
    clock: str
    final: bool
    cells: SlotCells
    name: str


@dataclass(slots=True)
class Held:
    """A metric's cells by slot, as one definition computes them.

    ``readings`` names for each period all that its readings were made of: where the name is the same, so are they.
    """

    definition: str
    slots: dict[str, Kept] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """The periods of a metric whose cells were reused, those computed, and why those were.

    ``alike`` are the periods, longer ones among them, whose readings are those of the last time and were not made.
    """

    reused: set[date | None] = field(default_factory=set)
    computed: set[date | None] = field(default_factory=set)
    why: set[Why] = field(default_factory=set)
    alike: set[str] = field(default_factory=set)

    def summary(self) -> dict[str, Any]:
        """Return the numbers of periods, a period of which anything was computed counting there."""
        return {
            "reused": len(self.reused - self.computed),
            "recomputed": len(self.computed),
            "why": sorted(self.why),
        }


@dataclass(slots=True)
class Memory:
    """``held`` is what the last build kept, ``kept`` what this one does; ``told`` says per metric what came of it.

    ``names`` is false where nothing is kept for another time and readings are all made: neither rows nor definitions
    are given a name then.
    ``days`` are the days of a dataset's rows by moment; what is missing there is asked of the engine. ``code`` names
    the program: another one may compute other cells.
    """

    held: Mapping[str, Held] = field(default_factory=dict)
    days: Mapping[str, Mapping[Moment, Days]] = field(default_factory=dict)
    code: str = ""
    names: bool = True
    kept: dict[str, Held] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)

    def begin(self, metric: str, definition: str) -> None:
        """Take up a metric as it is defined now."""
        self.kept[metric] = Held(definition)
        self.told[metric] = Told()

    def recall(self, metric: str, slot: Slot, rows: str, clock: str, *, whole: bool) -> bool:
        """Return whether the cells of a slot are known; ``whole``: it ended before the clock."""
        held, told = self.held.get(metric), self.told[metric]
        if held is None or held.definition != self.kept[metric].definition:
            told.why.add("not_kept" if held is None else "definition")
            return False
        found = held.slots.get(slot.name)
        if found is None or found.rows != rows:
            told.why.add("rows")
            return False
        if found.clock != clock and not (whole and found.final and found.clock <= clock):
            told.why.add("clock")
            return False
        self.kept[metric].slots[slot.name] = found
        if slot.own:
            told.reused.add(slot.start)
        return True

    def keep(self, metric: str, slot: Slot, kept: Kept) -> None:
        """Keep the cells just computed."""
        self.kept[metric].slots[slot.name] = kept
        if slot.own:
            self.told[metric].computed.add(slot.start)

    def slot(self, metric: str, slot: Slot) -> Kept:
        """Return what is known of a slot that was recalled or kept."""
        return self.kept[metric].slots[slot.name]

    def cells(self, metric: str, slot: Slot) -> SlotCells:
        """Return the cells of a slot that was recalled or kept."""
        return self.slot(metric, slot).cells

    def name(self, cells: SlotCells) -> str:
        """Return what cells are known by another time."""
        return name_of(cells) if self.names else ""

    def alike(self, metric: str, names: Mapping[str, str]) -> set[str]:
        """Take up by period what the readings of a metric are made of, and return those made of the same before."""
        held = self.held[metric].readings if metric in self.held else {}
        self.kept[metric].readings = dict(names)
        self.told[metric].alike = {period for period, name in names.items() if held.get(period) == name}
        return self.told[metric].alike
