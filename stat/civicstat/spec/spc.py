"""How a metric's process behaviour chart is made: its rules, its basis, and the steps after which it begins anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from civicstat.period import Calendar
from civicstat.spec.cursor import Value
from civicstat.spec.kinds import Recurrence, Stock
from civicstat.spec.model import Rebase, Spc
from civicstat.statistics import METHODS, TRIAL, Method

__all__ = ["RUN", "read_spc"]

_KEYS = ("baseline", "screen", "rules", "rebase")
RUN = (6, 9)
"""How many points in a row may be asked of a shift or a trend."""


def read_spc(value: Value, body: object, period: str, calendar: Calendar, covers: tuple[tuple[date, date], ...]) -> Spc:
    """Return how the chart is made; a series that would only seem to signal is refused.

    ``period`` is the metric's own, ``covers`` the days its dataset says it holds.
    """
    fields = value.fields(_KEYS, (), "`spc`")
    if isinstance(body, Stock) and body.closed is None:
        mend = "chart what comes in a period: a metric of type `simple`"
        value.fault("not-for-spc", "amounts of their own in each period", mend, "`spc` on a total that only grows")
    if isinstance(body, Recurrence):
        mend = "chart what comes in a period: a metric of type `simple` or `distinct`"
        value.fault("not-for-spc", "periods that share no records", mend, "`spc` on a window that ends with the period")
    if period == "day":
        mend = "add `period: week` or `month`"
        value.fault(
            "not-for-spc", "periods that are alike; days of the week are not", mend, "`spc` on a metric of days"
        )
    rules, screen, baseline, rebase = (fields.get(key) for key in ("rules", "screen", "baseline", "rebase"))
    name, method = _rules(rules) if rules else ("nhs_r", METHODS["nhs_r"])
    if screen:
        method = replace(method, screen=screen.flag())
    steps = [made for item in (rebase.items() if rebase else ()) if (made := _rebase(item, period, calendar, covers))]
    days = [step.on for step in steps]
    if rebase and len(set(days)) < len(days):
        rebase.fault("declared-twice", "each day once", found="two steps on one day")
    return Spc(
        method=method,
        rules=name,
        baseline=baseline.whole(TRIAL, 1000, "a number of periods") if baseline else None,
        rebase=tuple(sorted(steps, key=lambda step: step.on)),
    )


def _rules(value: Value) -> tuple[str, Method]:
    """Return a dialect by its name, or one with numbers of its own."""
    if not value.is_map:
        name = value.word(tuple(METHODS))
        return name, METHODS[name]
    fields = value.fields(("like", "shift", "trend", "two_of_three"), (), "`rules`")
    name = fields.word("like", tuple(METHODS), "nhs_r")
    method = METHODS[name]
    shift, trend = fields.get("shift"), fields.get("trend")
    return name, replace(
        method,
        shift=shift.whole(*RUN, "a number of points") if shift else method.shift,
        trend=trend.whole(*RUN, "a number of points") if trend else method.trend,
        two_of_three=fields.word("two_of_three", ("between", "beyond"), method.two_of_three),
    )


def _rebase(value: Value, period: str, calendar: Calendar, covers: tuple[tuple[date, date], ...]) -> Rebase | None:
    """Return a step; it begins with a period of the data, and says why and by whom."""
    fields = value.fields(("on", "why", "by"), (), "a step")
    on = fields.need("on", "the first day of the period with which it begins, as `on: 2026-01-01`")
    why = fields.need("why", "the cause, for readers; limits are not moved without one")
    by = fields.need("by", "who decided it, as `by: Performance office`")
    day = on.day() if on else None
    if on and day and period != "all":
        inside = calendar.containing(day, period)
        if inside.start != day:
            nearest = [f"`on: {bound}`" for bound in (inside.start, inside.end) if bound]
            on.fault(
                "inside-a-period", f"the first day of a {period.replace('_', ' ')}", "write " + " or ".join(nearest)
            )
        elif covers and not min(covers)[0] < day <= max(covers, key=lambda days: days[1])[1]:
            held = f"a day after {min(covers)[0]}, to {max(last for _, last in covers)}, which the data cover"
            on.fault("outside-the-data", held)
    return Rebase(day, why.text(), by.text()) if day and why and by else None
