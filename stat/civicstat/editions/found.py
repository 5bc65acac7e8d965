"""What a build found, before any of it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from civicstat.editions.segment import Segment
from civicstat.editions.taken import Taken
from civicstat.results import Clock, Reading

__all__ = ["Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """Segments and clocks by dataset; readings and errors by metric.

    ``readings`` are those made anew; ``taken`` says which are those of the edition before. ``later`` counts the rows of
    a dataset dated after its clock; ``cells`` says what was computed and what was known.
    """

    segments: Mapping[str, Segment]
    clocks: Mapping[str, Clock]
    later: Mapping[str, int]
    readings: Mapping[str, Sequence[Reading]]
    failed: Mapping[str, str]
    cells: Mapping[str, Any]
    taken: Taken = field(default_factory=Taken)
