"""What was promised, how far off still counts as near, and since when the goal has been met or missed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Catalogue, CityInfo, Edition, GoalInfo, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts.parts import Content, day_of, rich
from civicstat.pages.layouts.view import stood
from civicstat.publish import reading_gap
from civicstat.results import SCORED, Reading, Status, near_edge
from civicstat.spec import Near
from civicstat.words import (
    capital,
    goal_text,
    near_text,
    pace_text,
    period_text,
    phrase,
    pick,
    plan_text,
    status_word,
)

__all__ = ["earlier_goals", "goal_cell", "goal_line", "goal_moves", "near_margin", "plan_said", "since", "stands"]

_MET = frozenset({Status.MET, Status.ON_TRACK})
_SINCE = {
    (True, "since"): "page.met_since",
    (True, "now"): "page.met_since_now",
    (True, "set"): "page.met_since_set",
    (False, "since"): "page.missed_since",
    (False, "now"): "page.missed_since_now",
    (False, "set"): "page.missed_since_set",
}
_STANDS = {
    (True, "since"): "page.stands_met",
    (True, "now"): "page.stands_met_now",
    (True, "set"): "page.stands_met_set",
    (False, "since"): "page.stands_missed",
    (False, "now"): "page.stands_missed_now",
    (False, "set"): "page.stands_missed_set",
}


class _Run(NamedTuple):
    """The periods on end in which a goal was met, or missed, and the first of them.

    ``began``: "now" where it is also the last one, "set" where the goal did not stand before, else "since".
    """

    met: bool
    began: Literal["since", "now", "set"]
    first: Reading


def goal_line(
    info: MetricInfo,
    reading: Reading | None,
    catalogue: Catalogue,
    ask: Ask,
    alone: bool = False,
    margin: bool = True,
) -> Component | None:
    """Return the goal with the direction that is better: ``Goal: at least 92 %. Higher is better.``

    It is that of the period of ``reading``, and where it moves, how. ``alone``: it stands under a head that says
    already that this is the goal. ``margin`` false leaves out how far off still counts as near.
    """
    goal = _goal_of(info, reading)
    if goal is None:
        return None
    target = _promised(goal, reading)
    moves = plan_said(goal, info, catalogue, ask)
    promise: list[Content] = []
    if target is not None:
        look = (info.unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)
        said = goal_text(target, info.better, *look)
        promise += [html.B(capital(said))] if alone else [*rich("goal.line", ask, goal=html.B(said))]
        near = near_margin(info, reading, catalogue.city, ask) if margin else ""
        promise += [f"; {near}. " if near else ". "]
    promise += (
        [f"{moves} ", phrase(f"goal.{info.better}", ask.lang)] if moves else [phrase(f"goal.{info.better}", ask.lang)]
    )
    if goal.to_date or goal.judge != info.period:
        judged = f"goal.judged_{goal.judge}_to_date" if goal.to_date else f"goal.judged_{goal.judge}"
        promise.append(html.Span(" " + phrase(judged, ask.lang), className="judged"))
    return html.P(promise, className="goal")


def goal_moves(info: MetricInfo) -> bool:
    """Return whether the goal is another from period to period or from part to part."""
    return len(info.goals) > 1 or any(goal.plan or goal.pace or goal.slices for goal in info.goals)


def goal_cell(item: Reading, info: MetricInfo, ask: Ask) -> str:
    """Return the number a reading is held against, "" where none stood."""
    if item.goal is None or not stood(info, item):
        return ""
    return goal_text(item.goal, info.better, info.unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)


def plan_said(goal: GoalInfo, info: MetricInfo, catalogue: Catalogue, ask: Ask) -> str:
    """Return in sentences how a goal moves, what is due of it by when, and what holds its status back."""
    other = catalogue.metrics.get(str(goal.plan.get("metric", "")))
    title = pick(other.title, ask.lang) if other else ""
    look = {"prefix": info.prefix, "suffix": info.suffix, "compact": info.compact}
    said = [plan_text(goal.plan, info.better, info.unit, info.decimals, ask.lang, title, **look)]
    said += [pace_text(goal.pace, ask.lang)] if goal.pace else []
    sentences = [f"{text}." for text in said if text]
    if goal.hold > 1:
        sentences.append(phrase("goal.held", ask.lang, count=goal.hold))
    return " ".join(sentences)


def earlier_goals(info: MetricInfo, goal: GoalInfo | None, catalogue: Catalogue, ask: Ask) -> str:
    """Return since when a goal stands and what was promised before it, in sentences; "" where nothing was."""
    if goal is None or not info.goals:
        return ""
    said = [phrase("goal.stands_from", ask.lang, day=day_of(goal.begins, ask))] if goal.begins else []
    before = [item for item in info.goals if item.ends and goal.begins and item.ends < goal.begins]
    look = (info.unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)
    told = []
    for item in before:
        moved = plan_said(item, info, catalogue, ask).rstrip(".")
        words = goal_text(item.target, info.better, *look) if item.target is not None else capital(moved, lower=True)
        until = phrase("goal.stood_until", ask.lang, goal=words, day=day_of(item.ends, ask))
        told.append(words if item.plan.get("form") == "baseline" else until)  # which says its last day itself
    if told:
        said.append(phrase("goal.earlier", ask.lang, goals="; ".join(told)))
    return " ".join(said)


def near_margin(info: MetricInfo, reading: Reading | None, city: CityInfo, ask: Ask) -> str:
    """Return how far off the goal still counts as near, "" where no margin is set."""
    goal = _goal_of(info, reading)
    if goal is None:
        return ""
    near = goal.near
    if near is None and goal.margin and reading is not None and reading.goal is not None:
        near = near_edge(reading.goal, info.better, Near(*goal.margin))
    if near is None:
        return ""
    word = status_word(Status.NEAR.value, ask.lang, city.status_words)
    return near_text(near, info.better, word, info.unit, info.decimals, ask.lang, info.prefix, info.suffix)


def _goal_of(info: MetricInfo, reading: Reading | None) -> GoalInfo | None:
    return info.goal_of(reading.end) if reading is not None else info.goal


def _promised(goal: GoalInfo, reading: Reading | None) -> float | tuple[float, float] | None:
    """Return what is promised for a period, of a total due by the end of its year that of the year."""
    if reading is None or reading.goal is None:
        return goal.target
    year = reading.reason.args.get("year", reading.goal)
    return (year[0], year[1]) if isinstance(year, list | tuple) else year


def since(found: Sequence[Reading], reading: Reading, info: MetricInfo, edition: Edition, ask: Ask) -> str:
    """Return since when the goal has been met or missed, near being missed; "" where that cannot be said."""
    run = _run(found, reading, info)
    if run is None:
        return ""
    return phrase(_SINCE[run.met, run.began], ask.lang, period=edition.calendar.parse(run.first.period))


def stands(found: Sequence[Reading], reading: Reading, info: MetricInfo, edition: Edition, ask: Ask) -> str:
    """Return in a line how far a reading is from the goal and since when that is so; "" where it is not judged."""
    if reading.status not in SCORED or not stood(info, reading):
        return ""
    gap, run = reading_gap(reading, info, ask.lang), _run(found, reading, info)
    if run is None:
        return gap
    period = period_text(edition.calendar.parse(run.first.period), ask.lang, short=True)
    return phrase(_STANDS[run.met, run.began], ask.lang, gap=gap, period=period)


def _run(found: Sequence[Reading], reading: Reading, info: MetricInfo) -> _Run | None:
    """Return the run that ends with a reading; None where it has one period and no other outcome came before it.

    Only periods in which the goal stood are looked at, and one that is not scored (withheld, without data, not settled)
    ends the run: nothing is claimed of it.
    """
    known = [item for item in found if _starts(item) <= _starts(reading)]
    judged = [item for item in known if stood(info, item)]
    met = reading.status in _MET
    run = list(
        itertools.takewhile(lambda item: item.status in SCORED and (item.status in _MET) is met, reversed(judged))
    )
    turned = len(run) == 1 < len(judged) and judged[-2].status in SCORED
    if len(run) < 2 and not turned:
        return None
    new = len(run) == len(judged) and any(item.value is not None for item in known if not stood(info, item))
    return _Run(met, "now" if turned else "set" if new else "since", run[-1])


def _starts(item: Reading) -> date:
    return item.start or date.min
