"""Status is one function of a value, its goal and the state of its period, kept with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from civicstat.results.reading import Reason, Status
from civicstat.spec import Baseline, Better, Goal, Level, Near
from civicstat.statistics import round_half_up

__all__ = ["Judged", "Standing", "judge", "near_edge", "near_ends", "score"]

_SLACK = 1e-9


class Standing(NamedTuple):
    """All that a status depends on, in the order of its precedence.

    ``running``: the judged span is still open and every finished period in it is complete. ``judged_by`` is the grain
    the goal is judged by where that is not the grain of this reading. ``part``: a slice whose number is a part of the
    whole's, so that the goal for the whole says nothing about it. ``few``: the rows counted and the least that the
    dimension asks for, where they are fewer. ``goal`` has a number or a range as its target, or it is a baseline;
    where that is what is due by now ``year`` is what is due of the whole year. ``lacking``: why there is nothing to
    judge by. ``unreached``: so much is still open that no value is known yet.
    """

    value: float | None
    goal: Goal | None
    better: Better
    unit: str
    near: Near | None = None
    error: str | None = None
    not_before: date | None = None
    divides: bool = False
    unreached: bool = False
    counted: int | None = None
    as_of: date | None = None
    stale_days: int | None = None
    min_count: int | None = None
    few: tuple[int, int] | None = None
    complete: bool = True
    running: bool = False
    gap: bool = False
    through: date | None = None
    pending: int = 0
    statistic: bool = False
    judged_by: str | None = None
    part: bool = False
    year: Level | None = None
    lacking: Reason | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A status, its reason, and how far the value is from the goal (positive: short of it; None: not compared)."""

    status: Status
    reason: Reason
    gap: float | None = None


def judge(standing: Standing) -> Judged:
    """Return the status of a reading by the precedence of ``Status``; missing data never scores."""
    unscored = _unscored(standing)
    if unscored is not None:
        return unscored
    assert standing.goal is not None
    assert standing.value is not None
    return score(standing.value, standing.goal, standing)


def score(value: float, goal: Goal, standing: Standing) -> Judged:
    """Return how a value that can be scored stands to a goal whose target is a number or a range."""
    target = goal.target
    assert isinstance(target, int | float | tuple)
    compared = _rounded(value, goal.compare_at)
    bounds = target if isinstance(target, tuple) else (target, target)
    low, high = (_rounded(bound, goal.compare_at) for bound in bounds)
    short = _short(compared, low, high, standing.better)
    args = {
        "value": value,
        "goal": list(target) if isinstance(target, tuple) else target,
        "better": standing.better,
        "unit": standing.unit,
        "gap": abs(short),
        "compare_at": goal.compare_at,
    }
    if standing.year is not None:
        args["year"] = list(standing.year) if isinstance(standing.year, tuple) else standing.year
    if short <= _slack(low, high):
        status = Status.ON_TRACK if standing.running else Status.MET
    elif _is_near(compared, (low, high), standing.better, goal.near or standing.near):
        status = Status.NEAR
    else:
        status = Status.OFF_TRACK
    if standing.through is not None and standing.running:
        args["through"] = standing.through.isoformat()
    return Judged(status, Reason(status.value, args), short)


def _unscored(at: Standing) -> Judged | None:
    if at.error is not None:
        return Judged(Status.FAILED, Reason("failed"))
    if at.not_before is not None:
        return Judged(Status.NOT_DUE, Reason("not_due", {"first_due": at.not_before.isoformat()}))
    if at.value is None or not math.isfinite(at.value):
        if at.gap:
            return Judged(Status.NO_DATA, Reason("gap"))
        if at.unreached:
            return Judged(Status.NO_DATA, Reason("unreached"))
        nothing = at.divides and at.complete
        return Judged(Status.NO_DATA, Reason("nothing_to_divide" if nothing else "no_data"))
    if at.stale_days is not None and at.as_of is not None:
        return Judged(Status.STALE, Reason("stale", {"as_of": at.as_of.isoformat(), "days": at.stale_days}))
    if at.min_count is not None:
        return Judged(Status.TOO_SMALL, Reason("too_small", {"min_count": at.min_count}))
    if at.few is not None:
        return Judged(Status.TOO_SMALL, Reason("too_few_rows", {"n": at.few[0], "min_n": at.few[1]}))
    if not at.complete and not at.running:
        through = at.through.isoformat() if at.through else None
        return Judged(Status.PARTIAL, Reason("partial", {"through": through}) if through else Reason("incomplete"))
    if at.pending:
        return Judged(Status.PROVISIONAL, Reason("provisional", {"pending": at.pending}))
    if at.statistic:
        return Judged(Status.INFORMATIONAL, Reason("statistic"))
    if at.goal is not None and at.part:
        return Judged(Status.INFORMATIONAL, Reason("part_of_goal"))
    if at.goal is not None and at.judged_by:
        return Judged(Status.INFORMATIONAL, Reason("informational", {"judge": at.judged_by}))
    if at.goal is None:
        return Judged(Status.NO_GOAL, at.lacking or Reason("no_goal"))
    if isinstance(at.goal.target, Baseline):
        return Judged(Status.BASELINE, Reason("baseline", {"until": at.goal.target.until.isoformat()}))
    return Judged(Status.INFORMATIONAL, at.lacking) if at.lacking else None


def _rounded(value: float, decimals: int | None) -> float:
    """Half away from zero on the decimal as it prints, where a goal says at which decimals it is compared."""
    return value if decimals is None else float(round_half_up(value, decimals))


def _short(value: float, low: float, high: float, better: Better) -> float:
    """How far the value is on the bad side of its edge; negative on the good side."""
    match better:
        case "higher":
            return low - value
        case "lower":
            return value - high
        case _:
            return max(low - value, value - high)


def _slack(low: float, high: float) -> float:
    return _SLACK * max(abs(low), abs(high))


def near_ends(low: float, high: float, near: Near) -> tuple[float, float]:
    """Return the least and the greatest value that is still near a goal from ``low`` to ``high``."""
    if near.kind == "value":
        return near.amount, near.amount
    widths = [near.amount * abs(edge) if near.kind == "share" else near.amount for edge in (low, high)]
    return low - widths[0], high + widths[1]


def near_edge(target: Level, better: str, near: Near) -> Level:
    """Return the last value that counts as near, on the side or the sides on which a goal can be missed."""
    low, high = near_ends(*(target if isinstance(target, tuple) else (target, target)), near)
    return low if better == "higher" else high if better == "lower" else (low, high)


def _is_near(value: float, goal: tuple[float, float], better: Better, near: Near | None) -> bool:
    if near is None:
        return False
    ends = near_ends(*goal, near)
    return _short(value, *ends, better) <= _slack(*(ends if near.kind == "value" else goal))
