"""How a goal moves from period to period in words: by year, in steps, with a number before, as what is due grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from civicstat.words.amount import number, value_text
from civicstat.words.day import day_text
from civicstat.words.goal import goal_text, target_digits
from civicstat.words.table import template

__all__ = ["pace_text", "plan_text"]


def plan_text(
    plan: Mapping[str, Any], better: str, unit: str, decimals: int, lang: str, title: str = "", **look: Any
) -> str:
    r"""Return a sentence without its full stop on how a target moves, "" where it stays; ``title`` is of its metric.

    >>> slope = {"form": "slope", "from": 72, "on": "2024-07-01", "to": 92, "by": "2026-06-30"}
    >>> plan_text(slope, "higher", "percent", 1, "en")
    'From 72\xa0% on 1 July 2024 in even steps to 92\xa0% by 30 June 2026'
    >>> plan_text({"form": "improve", "by": 10, "percent": True, "on": "prior_year"}, "lower", "cases", 0, "es")
    '10\xa0% mejor que un año antes'
    """
    match plan.get("form"):
        case "yearly":
            levels = [
                f"{year}: {goal_text(_target(level), better, unit, decimals, lang, **look)}"
                for year, level in plan["levels"].items()
            ]
            return template("goal.plan_yearly", lang).format(levels="; ".join(levels))
        case "slope":
            start, end = (
                value_text(plan[key], unit, target_digits(plan[key], decimals), lang, **look) for key in ("from", "to")
            )
            on, by = (day_text(date.fromisoformat(plan[key]), lang) for key in ("on", "by"))
            return template("goal.plan_slope", lang).format(start=start, on=on, end=end, by=by)
        case "improve":
            kind = "percent" if plan["percent"] else "points" if unit == "percent" else unit
            amount = value_text(plan["by"], kind, target_digits(plan["by"], 0), lang)
            return template(f"goal.plan_{plan['on']}", lang).format(amount=amount)
        case "metric":
            return template("goal.plan_metric", lang).format(title=title or plan["metric"])
        case "baseline":
            return template("goal.plan_baseline", lang).format(until=day_text(date.fromisoformat(plan["until"]), lang))
    return ""


def pace_text(pace: str | Sequence[float], lang: str) -> str:
    r"""Return a sentence without its full stop on how what is due of a year's total grows.

    >>> pace_text([0.1, 0.3, 0.6, 1.0], "en")
    'What is due by the end of each quarter: 10\xa0%, 30\xa0%, 60\xa0%, 100\xa0%'
    """
    if isinstance(pace, str):
        return template(f"goal.pace_{pace}", lang)
    shares = ", ".join(
        f"{number(100 * share, lang, target_digits(100 * share, 0))}\N{NO-BREAK SPACE}%" for share in pace
    )
    key = "goal.pace_of_quarters" if len(pace) == _QUARTERS else "goal.pace_of_months"
    return template(key, lang).format(shares=shares)


_QUARTERS = 4


def _target(level: Any) -> float | tuple[float, float]:
    return (float(level[0]), float(level[1])) if isinstance(level, list | tuple) else float(level)
