"""What was promised, how far off still counts as near, and since when the goal has been met or missed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dash import html
from dash.development.base_component import Component

from civicstat.editions import CityInfo, Edition, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts.parts import Content, rich
from civicstat.pages.layouts.view import stood
from civicstat.publish import reading_gap
from civicstat.results import SCORED, Reading, Status
from civicstat.words import capital, goal_text, near_text, period_text, phrase, status_word

__all__ = ["goal_line", "near_margin", "since", "stands"]

_MET = frozenset({Status.MET, Status.ON_TRACK})
_SINCE = {
    (True, False): "page.met_since",
    (True, True): "page.met_since_now",
    (False, False): "page.missed_since",
    (False, True): "page.missed_since_now",
}
_STANDS = {
    (True, False): "page.stands_met",
    (True, True): "page.stands_met_now",
    (False, False): "page.stands_missed",
    (False, True): "page.stands_missed_now",
}


class _Run(NamedTuple):
    """The periods on end in which a goal was met, or missed: the first, and whether it is also the last of them."""

    met: bool
    turned: bool
    first: Reading


def goal_line(info: MetricInfo, city: CityInfo, ask: Ask, alone: bool = False, margin: bool = True) -> Component | None:
    """Return the goal with the direction that is better: ``Goal: at least 92 %. Higher is better.``

    ``alone``: it stands under a head that says already that this is the goal. ``margin`` false leaves out how far off
    still counts as near.
    """
    if info.goal is None:
        return None
    look = (info.unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)
    goal = goal_text(info.goal.target, info.better, *look)
    promise: list[Content] = [html.B(capital(goal))] if alone else [*rich("goal.line", ask, goal=html.B(goal))]
    near = near_margin(info, city, ask) if margin else ""
    promise += [f"; {near}. " if near else ". ", phrase(f"goal.{info.better}", ask.lang)]
    if info.goal.judge != info.period:
        promise.append(html.Span(" " + phrase(f"goal.judged_{info.goal.judge}", ask.lang), className="judged"))
    return html.P(promise, className="goal")


def near_margin(info: MetricInfo, city: CityInfo, ask: Ask) -> str:
    """Return how far off the goal still counts as near, "" where no margin is set."""
    if info.goal is None or info.goal.near is None:
        return ""
    word = status_word(Status.NEAR.value, ask.lang, city.status_words)
    return near_text(info.goal.near, info.better, word, info.unit, info.decimals, ask.lang, info.prefix, info.suffix)


def since(found: Sequence[Reading], reading: Reading, info: MetricInfo, edition: Edition, ask: Ask) -> str:
    """Return since when the goal has been met or missed, near being missed; "" where that cannot be said."""
    run = _run(found, reading, info)
    if run is None:
        return ""
    return phrase(_SINCE[run.met, run.turned], ask.lang, period=edition.calendar.parse(run.first.period))


def stands(found: Sequence[Reading], reading: Reading, info: MetricInfo, edition: Edition, ask: Ask) -> str:
    """Return in a line how far a reading is from the goal and since when that is so; "" where it is not judged."""
    if reading.status not in SCORED or not stood(info, reading):
        return ""
    gap, run = reading_gap(reading, info, ask.lang), _run(found, reading, info)
    if run is None:
        return gap
    period = period_text(edition.calendar.parse(run.first.period), ask.lang, short=True)
    return phrase(_STANDS[run.met, run.turned], ask.lang, gap=gap, period=period)


def _run(found: Sequence[Reading], reading: Reading, info: MetricInfo) -> _Run | None:
    """Return the run that ends with a reading; None where it has one period and no other outcome came before it.

    Only periods in which the goal stood are looked at, and one that is not scored (withheld, without data, not settled)
    ends the run: nothing is claimed of it.
    """
    judged = [item for item in found if _starts(item) <= _starts(reading) and stood(info, item)]
    met = reading.status in _MET
    run = list(
        itertools.takewhile(lambda item: item.status in SCORED and (item.status in _MET) is met, reversed(judged))
    )
    turned = len(run) == 1 < len(judged) and judged[-2].status in SCORED
    return _Run(met, turned, run[-1]) if len(run) > 1 or turned else None


def _starts(item: Reading) -> date:
    return item.start or date.min
