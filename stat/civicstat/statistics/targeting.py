"""How well a list that is worked from the top finds what it looks for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from civicstat.statistics.proportions import Interval, wilson

__all__ = ["Bin", "Calibration", "GroupHits", "Hits", "calibrate", "rank_area", "target", "target_groups"]


@dataclass(frozen=True, slots=True)
class Hits:
    """The first ``k`` of a list. ``sharing``: how many in the whole list have the score at the cut.

    ``precision`` is None where none is selected, ``recall`` and ``lift`` where there is nothing to find.
    """

    selected: tuple[int, ...]
    sharing: int
    base_rate: float
    precision: float | None
    recall: float | None
    lift: float | None


@dataclass(frozen=True, slots=True)
class GroupHits:
    """The same list inside one group: rates are None where there is nothing to divide by."""

    n: int
    selected: int
    selection_rate: float
    precision: float | None
    recall: float | None
    false_positive_rate: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions from ``low`` to under ``high`` (of the last bin its end too); without any there are no means."""

    low: float
    high: float
    n: int
    predicted: float | None
    observed: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Predicted beside observed shares; ``error`` is their distance weighted by n, ``brier`` the mean squared miss."""

    bins: tuple[Bin, ...]
    error: float
    brier: float


def target(scores: Sequence[float], outcomes: Sequence[int], k: int) -> Hits:
    """Return what the ``k`` highest scores find; of equal scores those first in the list are taken."""
    _must_match(scores, outcomes)
    order = _first(scores, k)
    found, there = sum(outcomes[place] for place in order), sum(outcomes)
    base = there / len(outcomes)
    precision = found / len(order) if order else None
    return Hits(
        selected=tuple(sorted(order)),
        sharing=sum(score == scores[order[-1]] for score in scores) if order else 0,
        base_rate=base,
        precision=precision,
        recall=found / there if there else None,
        lift=precision / base if precision is not None and base else None,
    )


def target_groups(
    scores: Sequence[float], outcomes: Sequence[int], groups: Sequence[Hashable], k: int
) -> Mapping[Hashable, GroupHits]:
    """Return what the ``k`` highest scores of the whole list mean for each group, in the order groups are met."""
    _must_match(scores, outcomes, groups)
    chosen = set(_first(scores, k))
    made = {}
    for group in dict.fromkeys(groups):
        members = [place for place, of in enumerate(groups) if of == group]
        picked = [place for place in members if place in chosen]
        hits = sum(outcomes[place] for place in picked)
        there = sum(outcomes[place] for place in members)
        made[group] = GroupHits(
            n=len(members),
            selected=len(picked),
            selection_rate=len(picked) / len(members),
            precision=hits / len(picked) if picked else None,
            recall=hits / there if there else None,
            false_positive_rate=(len(picked) - hits) / (len(members) - there) if there < len(members) else None,
        )
    return made


def rank_area(scores: Sequence[float], outcomes: Sequence[int]) -> float | None:
    """Return the area under the ROC curve: how often one with the outcome scores above one without, a tie being half.

    None where all or none have it.
    """
    _must_match(scores, outcomes)
    without = sorted(score for score, outcome in zip(scores, outcomes, strict=True) if not outcome)
    having = [score for score, outcome in zip(scores, outcomes, strict=True) if outcome]
    if not without or not having:
        return None
    above = sum(bisect_left(without, score) + bisect_right(without, score) for score in having)
    return above / 2 / len(without) / len(having)


def calibrate(probabilities: Sequence[float], outcomes: Sequence[int], edges: Sequence[float]) -> Calibration:
    """Return predictions beside outcomes, in the bins that ``edges`` bound.

    Raises:
        ValueError: a prediction outside the edges, edges that do not rise, or two lists that do not match.
    """
    _must_match(probabilities, outcomes)
    if len(edges) < 2 or list(edges) != sorted(set(edges)):
        raise ValueError("at least two edges, each above the one before")
    if min(probabilities) < edges[0] or max(probabilities) > edges[-1]:
        raise ValueError("every prediction lies inside the edges")
    last = len(edges) - 2
    held: list[list[int]] = [[] for _ in range(last + 1)]
    for place, probability in enumerate(probabilities):
        held[min(bisect_right(edges, probability) - 1, last)].append(place)
    bins = tuple(
        _bin(edges[number], edges[number + 1], [probabilities[at] for at in places], [outcomes[at] for at in places])
        for number, places in enumerate(held)
    )
    off = (
        one.n * abs(one.predicted - one.observed)
        for one in bins
        if one.predicted is not None and one.observed is not None
    )
    misses = ((p - outcome) ** 2 for p, outcome in zip(probabilities, outcomes, strict=True))
    return Calibration(bins, fsum(off) / len(outcomes), fsum(misses) / len(outcomes))


def _bin(low: float, high: float, predicted: Sequence[float], outcomes: Sequence[int]) -> Bin:
    n = len(outcomes)
    if not n:
        return Bin(low, high, 0, None, None, None)
    return Bin(low, high, n, fsum(predicted) / n, sum(outcomes) / n, wilson(sum(outcomes), n))


def _first(scores: Sequence[float], k: int) -> list[int]:
    return sorted(range(len(scores)), key=lambda place: -scores[place])[: max(k, 0)]


def _must_match(scores: Sequence[float], *others: Sequence[object]) -> None:
    if not scores or any(len(other) != len(scores) for other in others):
        raise ValueError("lists of one length, not empty")
