"""A goal on a card: value, status, goal in words, the way it went, and how it moved in a year."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition, MetricInfo
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.drawing import trend
from civicstat.pages.layouts.parts import amount, chip, named, rich
from civicstat.pages.layouts.view import Headline
from civicstat.publish import reading_reason
from civicstat.results import Status
from civicstat.words import capital, change_text, goal_text, period_text, phrase, pick

__all__ = ["card", "figure_of", "goal_line", "reason_line", "row"]

_EXPLAINED = frozenset({Status.STALE, Status.PARTIAL, Status.PROVISIONAL, Status.BASELINE})


def card(edition: Edition, shown: Headline, ask: Ask) -> Component:
    """Return a metric as a card; one that failed says why, and its neighbours stand as they are."""
    info, reading = shown.info, shown.reading
    title = html.H3(html.A(pick(info.title, ask.lang), href=link(ask, path=f"/m/{info.name}")))
    drawn = (
        trend(shown.series, reading.goal, shown.info.type == "simple")
        if reading and reading.value is not None
        else None
    )
    why = reason_line(shown, ask) if reading is None or reading.value is None or shown.status in _EXPLAINED else None
    parts = [title, figure_of(edition, shown, ask), goal_line(info, ask), why, drawn, _foot(edition, shown, ask)]
    return html.Article(parts, className="card", **_marks(shown))


def row(edition: Edition, shown: Headline, ask: Ask) -> Component:
    """Return a metric as one line of a department's panel."""
    info = shown.info
    title = html.A(pick(info.title, ask.lang), href=link(ask, path=f"/m/{info.name}"))
    parts = [html.Div([title, goal_line(info, ask)]), figure_of(edition, shown, ask)]
    return html.Article(parts, className="line", **_marks(shown))


def goal_line(info: MetricInfo, ask: Ask, alone: bool = False) -> Component | None:
    """Return the goal with the direction that is better: ``Goal: at least 92 %. Higher is better.``

    ``alone``: it stands under a head that says already that this is the goal.
    """
    if info.goal is None:
        return None
    look = (info.unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)
    goal = goal_text(info.goal.target, info.better, *look)
    promise = [html.B(capital(goal))] if alone else rich("goal.line", ask, goal=html.B(goal))
    judged = [" ", phrase(f"goal.judged_{info.goal.judge}", ask.lang)] if info.goal.judge != info.period else []
    return html.P([*promise, ". ", phrase(f"goal.{info.better}", ask.lang), *judged], className="goal")


def _marks(shown: Headline) -> dict[str, Any]:
    period = shown.reading.period if shown.reading else ""
    return named("", data_metric=shown.info.name, data_period=period, data_status=shown.status.value)


def figure_of(edition: Edition, shown: Headline, ask: Ask) -> Component:
    """Return the value with its status; a number that never had a goal needs no word for that."""
    reading = shown.reading
    value = amount(reading.value if reading else None, shown.info, ask, bool(reading and reading.suppressed))
    plain = shown.info.goal is None and shown.status in (Status.INFORMATIONAL, Status.NO_GOAL)
    return html.Div([value, None if plain else chip(shown.status, edition.catalogue.city, ask)], className="figure")


def reason_line(shown: Headline, ask: Ask) -> Component:
    """Return why there is no number, or why it is not scored."""
    if shown.info.error is not None:
        text = pick(shown.info.error, ask.lang)
    elif shown.reading is not None:
        text = reading_reason(shown.reading, shown.info, ask.lang)
    else:
        text = phrase("reason.no_data", ask.lang)
    return html.P(text, className="reason")


def _foot(edition: Edition, shown: Headline, ask: Ask) -> Component:
    reading, before = shown.reading, shown.before
    moved: list[Component] = []
    if reading and before and reading.value is not None and before.value is not None:
        numbers = (reading.value, before.value, shown.info.unit, shown.info.decimals, ask.lang)
        moved = [
            html.Span(change_text(*numbers), **named("", aria_hidden="true")),
            html.Span(change_text(*numbers, arrow=False), className="usa-sr-only"),
        ]
    period = capital(period_text(edition.calendar.parse(reading.period), ask.lang)) if reading else ""
    return html.Div([html.P(moved) if moved else None, html.P(period)], className="foot")
