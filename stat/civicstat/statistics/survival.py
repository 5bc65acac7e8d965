"""How long things last of which some go on: the curve of Kaplan and Meier, read where a share of them is finished."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["survival_quantile"]

_SLACK = 1.5e-8  # the root of the last digit of a float, as R's `survival` has it


def survival_quantile(finished: Sequence[float], still_open: Sequence[float], share: float = 0.5) -> float | None:
    """Return the time by which a ``share`` is finished, of those that are and of those that have lasted so long.

    What is still open counts as lasting longer than it has lasted; None where the curve does not come down so far. A
    curve that stands at just that share is read in the middle of its step, as R's ``survfit`` does, so that without
    anything open the median is the ordinary one.

    >>> survival_quantile([1, 2, 3, 4], []), survival_quantile([1, 2, 3], [2.5, 9, 9]), survival_quantile([1], [5, 5])
    (2.5, 3, None)
    """
    finished, still_open = sorted(finished), sorted(still_open)
    left, level = len(finished) + len(still_open), 1.0
    stands: float | None = None  # where the curve came to the share and stayed
    done, gone = 0, 0
    while done < len(finished):
        at, first = finished[done], done
        while gone < len(still_open) and still_open[gone] < at:
            gone += 1
        while done < len(finished) and finished[done] == at:
            done += 1
        if stands is not None:
            return (stands + at) / 2
        level *= 1 - (done - first) / (left - first - gone)
        if level < 1 - share - _SLACK:
            return at
        if level < 1 - share + _SLACK:
            stands = at
    return stands
