"""A reading: one metric's value for one period and slice, with its parts, status and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

__all__ = ["NOTHING_ASIDE", "SCORED", "Reading", "Reason", "Status", "Used"]


class Status(StrEnum):
    """Precedence is the order here; the last four are scored."""

    FAILED = "failed"
    NOT_DUE = "not_due"
    NO_DATA = "no_data"
    STALE = "stale"
    TOO_SMALL = "too_small"
    PARTIAL = "partial"
    PROVISIONAL = "provisional"
    INFORMATIONAL = "informational"
    BASELINE = "baseline"
    NO_GOAL = "no_goal"
    MET = "met"
    ON_TRACK = "on_track"
    NEAR = "near"
    OFF_TRACK = "off_track"


SCORED = frozenset({Status.MET, Status.ON_TRACK, Status.NEAR, Status.OFF_TRACK})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a status is what it is: a phrase of ``words`` (``reason.<code>``) and the values it is filled with.

    Values stay raw (numbers, ISO days, unit names), so that each language prints them its own way.
    """

    code: str
    args: Mapping[str, Any] = field(default_factory=dict)


NOTHING_ASIDE: Mapping[str, int] = {}
"""What most readings set aside, and therefore one and the same."""


class Used(NamedTuple):
    """A number that another is made of: which, of what period and slice, and its value there (None: it has none).

    ``name`` is what the other calls it, as ``requests@prior_year`` in a formula.
    """

    name: str
    metric: str
    period: str
    slice: Mapping[str, str]
    value: float | None


class Reading(NamedTuple):
    """One published number, a tuple because a build makes very many: a frozen dataclass takes six times as long.

    ``period`` is its key (``2026-10``, ``FY2027``, ``all``), ``start`` and ``end`` its half-open days (None for
    ``all``), ``through`` the last day whose rows are in it. ``value`` is unrounded in the metric's unit (percent
    0-100), None where there is none. ``numerator`` and ``denominator`` are the parts, None for a quantile. ``n`` is
    the number of rows counted: opening the number shows exactly so many. ``aside`` counts rows set aside by rule. A
    number made of others has no rows of its own (``n`` None): what it is made of stands in ``used``.
    """

    metric: str
    period: str
    grain: str
    start: date | None
    end: date | None
    through: date | None
    slice: Mapping[str, str]
    value: float | None
    numerator: float | None
    denominator: float | None
    n: int | None
    complete: bool
    final: bool
    suppressed: bool
    status: Status
    reason: Reason
    goal: float | tuple[float, float] | None = None
    gap: float | None = None
    aside: Mapping[str, int] = NOTHING_ASIDE
    used: tuple[Used, ...] = ()
