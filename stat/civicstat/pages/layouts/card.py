"""A goal on a card: value, status, goal in words, the way it went, and how it moved in a year."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.drawing import first_stood, moving_goals, trend
from civicstat.pages.layouts.parts import amount, chip, named, period_name
from civicstat.pages.layouts.promise import goal_line, stands
from civicstat.pages.layouts.view import Headline
from civicstat.publish import last_said, reading_reason
from civicstat.results import Status
from civicstat.words import capital, change_text, phrase, pick

__all__ = ["card", "figure_of", "reason_line", "row"]

_EXPLAINED = frozenset({Status.STALE, Status.PARTIAL, Status.PROVISIONAL, Status.BASELINE})


def card(edition: Edition, shown: Headline, ask: Ask) -> Component:
    """Return a metric as a card; one that failed says why, and its neighbours stand as they are."""
    info, reading = shown.info, shown.reading
    title = html.H3(html.A(pick(info.title, ask.lang), href=link(ask, path=f"/m/{info.name}")))
    drawn = (
        trend(
            shown.series,
            reading.goal,
            info.type == "simple",
            first_stood(info, shown.series),
            moving_goals(info, shown.series),
        )
        if reading and reading.value is not None
        else None
    )
    why = reason_line(shown, ask) if reading is None or reading.value is None or shown.status in _EXPLAINED else None
    goal = goal_line(info, shown.reading, edition.catalogue, ask)
    figure = figure_of(edition, shown, ask)
    parts = [
        title,
        figure,
        goal,
        _stands(edition, shown, ask),
        _signal(edition, shown, ask),
        why,
        drawn,
        _foot(edition, shown, ask),
    ]
    return html.Article(parts, className="card", **_marks(shown))


def row(edition: Edition, shown: Headline, ask: Ask) -> Component:
    """Return a metric as one line of a department's panel."""
    info = shown.info
    title = html.A(pick(info.title, ask.lang), href=link(ask, path=f"/m/{info.name}"))
    parts = [
        html.Div([title, goal_line(info, shown.reading, edition.catalogue, ask, margin=False)]),
        figure_of(edition, shown, ask),
    ]
    return html.Article(parts, className="line", **_marks(shown))


def _marks(shown: Headline) -> dict[str, Any]:
    period = shown.reading.period if shown.reading else ""
    return named("", data_metric=shown.info.name, data_period=period, data_status=shown.status.value)


def figure_of(edition: Edition, shown: Headline, ask: Ask) -> Component:
    """Return the value with its status; a number that never had a goal needs no word for that."""
    reading = shown.reading
    value = amount(reading, shown.info, ask)
    plain = shown.info.goal is None and shown.status in (Status.INFORMATIONAL, Status.NO_GOAL)
    return html.Div([value, None if plain else chip(shown.status, edition.catalogue.city, ask)], className="figure")


def _stands(edition: Edition, shown: Headline, ask: Ask) -> Component | None:
    """Return how far the number is from its goal and since when; nothing where it is not judged."""
    reading = shown.reading
    if reading is None or shown.info.error is not None:
        return None
    found = edition.readings(shown.info.name, grain=reading.grain)
    said = stands(found, reading, shown.info, edition, ask)
    return html.P(capital(said) + ".", className="reason") if said else None


def _signal(edition: Edition, shown: Headline, ask: Ask) -> Component | None:
    """Return whether the number is a signal or common variation; nothing where the metric has no limits."""
    info, reading = shown.info, shown.reading
    if info.spc is None or reading is None or reading.grain != info.period:
        return None
    said = last_said(edition.chart(info.name, {}), reading.period, info, ask.lang)
    return html.P(said, className="reason") if said else None


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
    period = capital(period_name(edition, shown.info, reading.period, ask)) if reading else ""
    return html.Div([html.P(moved) if moved else None, html.P(period)], className="foot")
