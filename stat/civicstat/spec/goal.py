"""A goal: what the city promised, who promised it, and when it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from civicstat.period import Calendar, longer_grains
from civicstat.spec.amounts import read_near
from civicstat.spec.cursor import Fields, Value
from civicstat.spec.model import Better, City, Goal, Near
from civicstat.spec.promised import Baseline, Judge, Pace, Slope
from civicstat.spec.target import read_pace, read_slices, read_target

__all__ = ["JUDGES", "MOST_HELD", "read_goals"]

_KEYS = (
    *("target", "judge", "pace", "near", "compare_at", "slice", "hold", "from", "until"),
    *("authority", "set_on", "owner", "note"),
)
JUDGES: tuple[Judge, ...] = (
    *("month", "quarter", "fiscal_quarter", "fiscal_year_to_date", "calendar_year_to_date", "fiscal_year"),
)
_LATER_JUDGED = ("rolling_12_months",)
_JUDGED_BY_PERIOD: Mapping[str, Judge] = {
    "quarter": "quarter",
    "fiscal_quarter": "fiscal_quarter",
    "year": "calendar_year_to_date",
    "fiscal_year": "fiscal_year",
}
_NOT_OF_A_BASELINE = ("pace", "near", "compare_at", "slice", "hold")
MOST_HELD = 24
_DAY = timedelta(days=1)


def read_goals(fields: Fields, unit: str, better: Better, period: str, city: City) -> tuple[Goal, ...]:
    """Return the goals of a metric in the order in which they stand; where one says no ``near``, the city's holds."""
    one, several = fields.get("goal"), fields.get("goals")
    if several is None:
        return () if one is None or one.bare == "none" else (_goal(one, unit, better, period, city),)
    if one is not None:
        several.fault("goal-keys-contradict", "`goal` or `goals`, one of them", found="`goals` beside `goal`")
    items = several.items()
    if not items and several.is_list:
        several.fault("nothing-written", "a goal, or no `goals`", found="an empty list")
    goals = [_goal(item, unit, better, period, city) for item in items]
    dated = [goal if goal.begins else replace(goal, begins=goal.set_on) for goal in goals]
    ended: list[Goal] = []
    for at, (item, goal) in enumerate(zip(items, dated, strict=True)):
        after = dated[at + 1].begins if at + 1 < len(dated) else None
        ended.append(goal if goal.ends or after is None else replace(goal, ends=after - _DAY))
        if at:
            _follow(item, goal, ended[at - 1])
    return tuple(ended)


def _follow(item: Value, goal: Goal, before: Goal) -> None:
    """Gather a fault where a goal does not begin after the one before it."""
    begun = before.begins or date.min
    if goal.begins is None or goal.begins <= begun or (before.ends is not None and before.ends >= goal.begins):
        last = before.ends if goal.begins and goal.begins > begun else before.begins
        after = f", {last}" if last else ""
        expected = f"`from`, the first day on which it stands, after that of the goal before it{after}"
        item.fault("goals-overlap", expected, found=f"from {goal.begins}" if goal.begins else "no `from`")


def _goal(value: Value, unit: str, better: Better, period: str, city: City) -> Goal:
    if better == "neither":
        mend = "add `better: higher`, `lower` or `within`, or write `goal: none`"
        value.fault(
            "goal-without-direction", "a metric that says which way is better", mend, "a goal on `better: neither`"
        )
    fields = value.fields(_KEYS, (), "a goal")
    calendar = Calendar(city.fiscal_year, city.week_start)
    target = fields.need("target", "the number promised, as `target: 80%`, or `[low, high]`")
    near, compare_at, set_on = fields.get("near"), fields.get("compare_at"), fields.get("set_on")
    begins, ends, slices, hold = (fields.get(key) for key in ("from", "until", "slice", "hold"))
    goal = Goal(
        target=read_target(target, unit, better, calendar, ends) if target else 0.0,
        judge=_judge(fields.get("judge"), period, city),
        near=read_near(near, unit) if near else _fitting(city.near, unit),
        compare_at=compare_at.whole(0, 6) if compare_at else None,
        authority=fields.text("authority"),
        set_on=set_on.day() if set_on else None,
        owner=fields.text("owner"),
        note=fields.text("note"),
        place=value.place,
        pace=_pace(fields),
        slices=read_slices(slices, unit, better) if slices else {},
        hold=hold.whole(1, MOST_HELD) if hold else 1,
        begins=begins.day() if begins else None,
        ends=ends.day() if ends else None,
    )
    _agree(fields, goal, near)
    return goal


def _pace(fields: Fields) -> Pace | None:
    value = fields.get("pace")
    return read_pace(value) if value else None


def _agree(fields: Fields, goal: Goal, near: Value | None) -> None:
    """Gather a fault for each key that another one leaves nothing to say."""
    if isinstance(goal.target, Baseline):
        for key in _NOT_OF_A_BASELINE:
            value = fields.get(key)
            if value:
                value.fault("goal-keys-contradict", "no such key: of a baseline nothing is judged", found=f"`{key}`")
    pace = fields.get("pace")
    if pace and isinstance(goal.target, Slope):
        expected = "a target that is due by the end of a year: this one says for each day what is due"
        pace.fault("goal-keys-contradict", expected, found="`pace`")
    if pace and goal.grain not in ("fiscal_year", "year"):
        expected = (
            "`judge: fiscal_year`, `fiscal_year_to_date` or `calendar_year_to_date`: what is due by the end of a year"
        )
        pace.fault("goal-keys-contradict", expected, found=f"`pace` of a goal judged by {goal.judge.replace('_', ' ')}")
    fixed = isinstance(goal.target, int | float | tuple) and not goal.pace and not goal.slices
    if near and goal.near and goal.near.kind == "value" and not fixed:
        expected = "a share of the target or an amount: a value stays where it is, and the target does not"
        near.fault("goal-keys-contradict", expected)
    until = fields.get("until")
    if until and goal.begins and goal.ends and goal.ends < goal.begins:
        until.fault("goal-keys-contradict", f"a day from `from` on, {goal.begins}")


def _fitting(near: Near | None, unit: str) -> Near | None:
    """Points are for percentages only; a share of the target fits every metric."""
    return near if near is None or near.kind == "share" or unit == "percent" else None


def _judge(value: Value | None, period: str, city: City) -> Judge:
    if value is None:
        return _JUDGED_BY_PERIOD.get(period, "month")
    judged = value.word(JUDGES, _LATER_JUDGED)
    known = {"month", "quarter"} if period in ("day", "week") else set[str]()
    grain = Goal(0.0, judged).grain
    if grain not in {period, *longer_grains(period, city.fiscal_year), *known}:
        value.fault("judged-too-early", f"a span that holds whole periods of the metric, each a `{period}`")
    return judged
