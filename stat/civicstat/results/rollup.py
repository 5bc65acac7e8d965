"""Longer periods from shorter ones: counts and sums add up, and of least and greatest values there is one of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from civicstat.compiler import Merge

__all__ = ["Merged", "merger"]

Values = tuple[Any, ...]
Merged = Callable[[Sequence[Values]], Values]
_HOW: Mapping[str, Callable[[Iterable[Any]], Any]] = {"sum": sum, "min": min, "max": max}


def merger(labels: Sequence[str], merges: Mapping[str, Merge]) -> Merged:
    """Return a function that makes the parts of several rows, of which ``labels`` name the columns, those of one.

    >>> merger(["n", "spent"], {"n": Merge("sum"), "spent": Merge("sum")})([(2, 5.0), (1, None)])
    (3, 5.0)
    """
    place = {label: number for number, label in enumerate(labels)}
    steps = [(_HOW[merge.how], place[merge.rows] if merge.rows else None) for merge in map(merges.__getitem__, labels)]

    def merged(rows: Sequence[Values]) -> Values:
        columns = list(zip(*rows, strict=True))
        made: list[Any] = []
        for column, (how, rows_place) in zip(columns, steps, strict=True):
            counts = None if rows_place is None else columns[rows_place]
            if counts is not None and not any(counts):
                made.append(0)
                continue
            held = column if counts is None else [value for value, count in zip(column, counts, strict=True) if count]
            known = [value for value in held if value is not None] if None in held else held
            made.append(how(known) if known else None)
        return tuple(made)

    def added(rows: Sequence[Values]) -> Values:
        try:
            return tuple(map(sum, zip(*rows, strict=True)))
        except TypeError:  # a missing value, which no sum takes
            return merged(rows)

    plain = all(how is sum and rows_place is None for how, rows_place in steps)
    return added if plain else merged
