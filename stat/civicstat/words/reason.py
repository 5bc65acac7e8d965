"""The reason of a status in words, from its code and the raw values kept with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from civicstat.statistics import round_half_up
from civicstat.words.amount import value_text
from civicstat.words.day import day_text
from civicstat.words.goal import Target, compared_text, goal_text, target_digits
from civicstat.words.phrase import phrase, pick
from civicstat.words.table import template

__all__ = ["ReasonLike", "gap_text", "reason_text"]

_SCORED = ("met", "on_track", "near", "off_track")
_MOST_DIGITS = 6
_OPEN = {"not_due": "first_due", "partial": "through", "provisional": "pending"}


class ReasonLike(Protocol):
    """A code and the values it is filled with: numbers, ISO days, unit names."""

    @property
    def code(self) -> str:
        """The key under ``reason.``."""

    @property
    def args(self) -> Mapping[str, Any]:
        """Raw values by name."""


def reason_text(reason: ReasonLike, lang: str) -> str:
    """Return why the status is what it is, without a full stop.

    A scored reason takes ``value``, ``goal`` (a number or a pair) and ``unit``, and may take ``decimals``, ``better``,
    ``compare_at``, ``through``, ``year`` (what is promised for the whole year, of which ``goal`` is due by now),
    ``held`` (so many periods in a row change the status), ``prefix``, ``suffix``, ``compact``. Where rounding would
    print the value like a goal that it does not equal, both are printed with more digits, until a reader sees the
    difference.

    Raises:
        LookupError: for a code without a phrase.
    """
    if reason.code in _SCORED:
        return _scored(reason.code, reason.args, lang)
    return _unscored(reason.code, reason.args, lang)


def _unscored(code: str, args: Mapping[str, Any], lang: str) -> str:
    if code in _OPEN and args.get(_OPEN[code]) is None:
        return template(f"reason.{code}_open", lang)
    values: dict[str, str | int] = {}
    for name, value in args.items():
        if name in ("as_of", "first_due", "through", "until", "on"):
            values[name] = day_text(date.fromisoformat(str(value)[:10]), lang) if value is not None else ""
        elif name in ("days", "pending", "n"):
            values[name] = values["count"] = int(value)
        elif name == "judge":
            values[name] = template(f"period.by_{value}", lang)
        elif isinstance(value, Mapping):
            values[name] = pick(value, lang)
        else:
            values[name] = value if isinstance(value, int) else str(value)
    return phrase(f"reason.{code}", lang, **values)


def gap_text(reason: ReasonLike, lang: str) -> str:
    """Return how far a scored reading is from the edge of its goal: ``4.6 points short``; "" where it is not scored."""
    return _gap_text(reason.code, reason.args, lang) if reason.code in _SCORED else ""


def _gap_text(code: str, args: Mapping[str, Any], lang: str) -> str:
    value, goal = float(args["value"]), _target(args["goal"])
    unit, better = args.get("unit", ""), args.get("better") or _better(code, value, goal)
    key, size = _gap(code, value, goal, better)
    decimals = _decimals(value, goal, args.get("decimals"))
    amount = value_text(size, "points" if unit == "percent" else unit, decimals, lang, **_look(args))
    return template(key, lang, one=amount.startswith("1 ")).format(amount=amount)


def _look(args: Mapping[str, Any]) -> dict[str, Any]:
    return {name: args[name] for name in ("prefix", "suffix", "compact") if name in args}


def _scored(code: str, args: Mapping[str, Any], lang: str) -> str:
    value, goal = float(args["value"]), _target(args["goal"])
    unit, compare_at = args.get("unit", ""), args.get("compare_at")
    look = _look(args)
    better = args.get("better") or _better(code, value, goal)
    decimals = _decimals(value, goal, args.get("decimals"))
    running = code == "on_track" or args.get("through") is not None

    gap = _gap_text(code, args, lang)
    if code == "near":
        gap = template("reason.near_tail", lang).format(gap=gap)
    if compare_at is not None:
        gap = template("reason.compared_tail", lang).format(gap=gap, compared=compared_text(compare_at, lang))
    if (held := args.get("held")) is not None:
        gap = template("reason.held_tail", lang).format(gap=gap, count=held)
    printed = value_text(value, unit, decimals, lang, **look)
    if (year := args.get("year")) is not None:  # so much is due by now of what is promised for the whole year
        whole = goal_text(_target(year), better, unit, decimals, lang, **look)
        due = _due_text(goal, unit, decimals, lang, look)
        return template("reason.scored_due", lang).format(value=printed, due=due, goal=whole, gap=gap)
    return template(f"reason.{'scored_so_far' if running else 'scored'}", lang).format(
        value=printed, goal=goal_text(goal, better, unit, decimals, lang, **look), gap=gap
    )


def _due_text(goal: Target, unit: str, decimals: int, lang: str, look: Mapping[str, Any]) -> str:
    """Return what is due by now, in round numbers as the metric prints them."""
    ends = goal if isinstance(goal, tuple) else (goal,)
    texts = [value_text(end, unit, decimals, lang, **look) for end in ends]
    return texts[0] if len(texts) == 1 else template("goal.between", lang).format(low=texts[0], high=texts[1])


def _gap(code: str, value: float, goal: Target, better: str) -> tuple[str, float]:
    """Return the phrase for where ``value`` stands, and how far it is from the edge of the goal."""
    low, high = goal if isinstance(goal, tuple) else (goal, goal)
    under = value < low and better != "lower" and not _same(value, low)
    above = value > high and better != "higher" and not _same(value, high)
    if not (under or above):
        if isinstance(goal, tuple):
            return "reason.inside_range", 0.0
        return ("reason.exactly", 0.0) if _same(value, goal) else ("reason.to_spare", abs(value - goal))
    size = low - value if under else value - high
    if code in ("met", "on_track"):
        return "reason.counts_as_met", size
    if isinstance(goal, tuple):
        return "reason.below_range" if under else "reason.above_range", size
    return "reason.short" if under else "reason.over", size


def _better(code: str, value: float, goal: Target) -> str:
    """Return the direction that makes sense of the status, for a reason kept without one."""
    if isinstance(goal, tuple) or value == goal:
        return "within"
    return "higher" if (value > goal) == (code in ("met", "on_track")) else "lower"


def _decimals(value: float, goal: Target, decimals: int | None) -> int:
    """Return the digits at which ``value`` no longer prints like an end of the goal that it does not equal.

    They are at least those the goal itself is written with; without ``decimals`` whole numbers have none, others one.
    """
    ends = goal if isinstance(goal, tuple) else (goal,)
    if decimals is None:
        decimals = 0 if all(number.is_integer() for number in (value, *ends)) else 1
    decimals = max(decimals, *(target_digits(end, decimals) for end in ends))
    others = [end for end in ends if not _same(value, end)]
    for more in range(decimals, decimals + _MOST_DIGITS):
        if all(round_half_up(value, more) != round_half_up(end, more) for end in others):
            return more
    return decimals + _MOST_DIGITS


def _same(value: float, end: float) -> bool:
    """Return whether the two are equal to a status: a relative slack of 1e-9."""
    return abs(value - end) <= 1e-9 * max(abs(value), abs(end))


def _target(goal: Any) -> Target:
    return (float(goal[0]), float(goal[1])) if isinstance(goal, list | tuple) else float(goal)
