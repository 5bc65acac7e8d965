"""Several comparisons at once: p-values adjusted so that one false alarm among all of them stays as rare as in one."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["holm"]


def holm(p_values: Sequence[float]) -> list[float]:
    """Return Holm's adjusted p-values, in the order given.

    Source: Holm 1979 (Scandinavian Journal of Statistics 6:65).

    >>> [round(p, 3) for p in holm([0.012, 0.03, 0.2])]
    [0.036, 0.06, 0.2]
    """
    adjusted, least = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = least
    return adjusted
