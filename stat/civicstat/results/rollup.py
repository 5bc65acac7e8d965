"""Longer periods from shorter ones: counts and sums add up, and of least and greatest values there is one of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from civicstat.compiler import Merge

__all__ = ["merged"]

Values = tuple[Any, ...]
_HOW: Mapping[str, Callable[[Iterable[Any]], Any]] = {"sum": sum, "min": min, "max": max}


def merged(rows: Sequence[Values], labels: Sequence[str], merges: Mapping[str, Merge]) -> Values:
    """Return the parts of all ``rows`` together; ``labels`` name their columns.

    >>> counts = {"n": Merge("sum"), "spent": Merge("sum")}
    >>> merged([(2, 5.0), (1, None)], ["n", "spent"], counts)
    (3, 5.0)
    """
    columns = list(zip(*rows, strict=True))
    place = {label: number for number, label in enumerate(labels)}
    made: list[Any] = []
    for label, column in zip(labels, columns, strict=True):
        merge = merges[label]
        counts = columns[place[merge.rows]] if merge.rows else None
        if counts is not None and not any(counts):
            made.append(0)
            continue
        held = column if counts is None else [value for value, count in zip(column, counts, strict=True) if count]
        known = [value for value in held if value is not None] if None in held else held
        made.append(_HOW[merge.how](known) if known else None)
    return tuple(made)
