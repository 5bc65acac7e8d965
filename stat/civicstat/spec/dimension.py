"""A way to split a metric, and the names and order of its members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["BLANK", "OTHER", "Dimension", "in_order"]

BLANK = "(blank)"
"""The member of rows that have none; a row in which a person wrote it is one of them."""

OTHER = "other"
"""The member of all that is not among the ``top``; a row in which a person wrote it is one of them."""

_NEVER_NEGATIVE = ("age", "elapsed")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column that a metric may be split by, as it is, in bands or by its members of most rows; or a cross of two.

    ``by`` is its name in addresses: the column, of a cross both columns in the order of the alphabet, a comma between.
    ``bands`` are the edges of half-open ranges. Of ``top`` members ``members`` are those found over the records, most
    rows first; None before they are looked for. ``split`` stands between the members that one row has. Members named
    in ``order`` are shown first. A slice of fewer than ``min_n`` rows has no value.
    """

    by: str
    title: Mapping[str, str] | None = None
    bands: tuple[float, ...] = ()
    top: int | None = None
    members: tuple[str, ...] | None = None
    split: str = ""
    order: tuple[str, ...] = ()
    min_n: int = 0
    cross: tuple[Dimension, ...] = ()

    @property
    def parts(self) -> tuple[Dimension, ...]:
        """The dimensions of one column that it is made of, in the order declared."""
        return self.cross or (self,)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is made of, in the order declared."""
        return tuple(part.by for part in self.parts)

    @property
    def multiple(self) -> bool:
        """Whether a row may be in several of its members, so that they do not add up."""
        return any(part.split for part in self.parts)

    @property
    def fixed(self) -> tuple[str, ...]:
        """The members that are there whether or not a row is in them, in order: bands, or the top ones.

        >>> Dimension("age", bands=(7, 30, 90.5)).fixed
        ('0-7', '7-30', '30-90.5', '90.5+')
        >>> Dimension("cost", bands=(0, 100)).fixed
        ('<0', '0-100', '100+')
        """
        if not self.bands:
            return self.members or ()
        edges = [f"{edge:.15g}" for edge in self.bands]
        first = f"0-{edges[0]}" if self.by in _NEVER_NEGATIVE and self.bands[0] > 0 else f"<{edges[0]}"
        return (first, *(f"{low}-{high}" for low, high in pairwise(edges)), f"{edges[-1]}+")


def in_order(dimension: Dimension, seen: Iterable[str]) -> tuple[str, ...]:
    """Return the members of a dimension of one column as they are shown.

    Those named in ``order`` come first, then bands and top ones, then the others by name, numbers inside a name by
    their size; behind them ``other`` and ``(blank)``.

    >>> in_order(Dimension("ward"), ["Ward 10", "(blank)", "Ward 9", "ward 1"])
    ('Ward 9', 'Ward 10', 'ward 1', '(blank)')
    >>> in_order(Dimension("kind", top=2, members=("sign", "noise")), ["noise", "other", "sign"])
    ('sign', 'noise', 'other')
    """
    named = {member: place for place, member in enumerate(dict.fromkeys((*dimension.order, *dimension.fixed)))}
    last = {OTHER: 1 if dimension.top else 0, BLANK: 2}

    def place(member: str) -> tuple[int, int, list[tuple[int, int, str]]]:
        return last.get(member, 0), named.get(member, len(named)), _natural(member)

    ordered = set(dimension.order)
    members = {*seen, *dimension.fixed}
    return tuple(sorted(members, key=lambda member: (0, *place(member)[1:]) if member in ordered else place(member)))


def _natural(member: str) -> list[tuple[int, int, str]]:
    """Return what members are sorted by: runs of digits as numbers, before letters."""
    return [
        (0, int(run), run) if run.isdecimal() and run.isascii() else (1, 0, run)
        for run in re.findall(r"[0-9]+|[^0-9]+", member)
    ]
