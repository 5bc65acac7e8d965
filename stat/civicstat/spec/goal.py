"""A goal: what the city promised, who promised it, and when it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from civicstat.spec.amounts import read_amount, read_near
from civicstat.spec.cursor import Value
from civicstat.spec.model import (
    Better,
    City,
    Goal,
    Near,
)

__all__ = ["read_goal"]

_KEYS = ("target", "judge", "near", "compare_at", "authority", "set_on", "owner", "note")
_LATER = ("pace", "slice", "hold", "until")
_LATER_JUDGED = ("fiscal_quarter", "fiscal_year_to_date", "calendar_year_to_date", "rolling_12_months")
Judge = Literal["month", "quarter", "fiscal_year"]

_JUDGES: tuple[Judge, ...] = ("month", "quarter", "fiscal_year")
_JUDGED_BY_PERIOD: Mapping[str, Judge] = {
    "quarter": "quarter",
    "fiscal_quarter": "fiscal_year",
    "fiscal_year": "fiscal_year",
}
_FINER = {
    "month": ("day", "week", "month"),
    "quarter": ("day", "week", "month", "quarter"),
    "fiscal_year": ("day", "week", "month", "quarter", "fiscal_quarter", "fiscal_year"),
}


def read_goal(value: Value, unit: str, better: Better, period: str, city: City) -> Goal:
    """Return the goal; where it says no ``near``, the city's holds."""
    if better == "neither":
        mend = "add `better: higher`, `lower` or `within`, or write `goal: none`"
        value.fault(
            "goal-without-direction", "a metric that says which way is better", mend, "a goal on `better: neither`"
        )
    fields = value.fields(_KEYS, _LATER, "a goal")
    target = fields.need("target", "the number promised, as `target: 80%`, or `[low, high]`")
    near, compare_at, set_on = fields.get("near"), fields.get("compare_at"), fields.get("set_on")
    return Goal(
        target=_target(target, unit, better) if target else 0.0,
        judge=_judge(value, fields.get("judge"), period, city.fiscal_year.first_month == 1),
        near=read_near(near, unit) if near else _fitting(city.near, unit),
        compare_at=compare_at.whole(0, 6) if compare_at else None,
        authority=fields.text("authority"),
        set_on=set_on.day() if set_on else None,
        owner=fields.text("owner"),
        note=fields.text("note"),
        place=value.place,
    )


def _fitting(near: Near | None, unit: str) -> Near | None:
    """Points are for percentages only; a share of the target fits every metric."""
    return near if near is None or near.kind == "share" or unit == "percent" else None


def _target(value: Value, unit: str, better: Better) -> float | tuple[float, float]:
    if value.is_map:
        value.later("a target that changes")
        return 0.0
    if value.bare in ("baseline",) or value.bare.startswith(("improve", "{")):
        value.later(f"`{value.bare.split()[0]}`")
        return 0.0
    if not value.is_list:
        number = read_amount(value, unit)
        if better == "within":
            value.fault("goal-and-direction", "a range for `better: within`, as `[3, 5]`")
        return number
    ends = [read_amount(item, unit) for item in value.items()]
    if len(ends) != 2 or ends[0] > ends[1]:
        value.fault("not-a-range", "the least and the greatest value, as `[3, 5]`")
        return 0.0
    if better in ("higher", "lower"):
        value.fault("goal-and-direction", f"one number for `better: {better}`", "a range goes with `better: within`")
    return ends[0], ends[1]


def _judge(goal: Value, value: Value | None, period: str, fiscal_is_calendar: bool) -> Judge:
    if period == "year":
        if not fiscal_is_calendar:
            goal.later("a goal judged by calendar year", "write `period: fiscal_year`")
        period = "fiscal_year"
    judged = value.word(_JUDGES, _LATER_JUDGED) if value else _JUDGED_BY_PERIOD.get(period, "month")
    if value and period not in _FINER[judged]:
        value.fault("judged-too-early", f"a span no shorter than the metric's period, `{period}`")
    return judged
