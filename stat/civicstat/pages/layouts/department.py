"""A department: its mission, who answers, its goals with the worst first, and the numbers it follows besides."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.card import card
from civicstat.pages.layouts.frame import breadcrumb, frame
from civicstat.pages.layouts.parts import facts, head, section, tally
from civicstat.pages.layouts.view import count_statuses, edition_facts, headline, is_judged, worst_first
from civicstat.words import phrase, pick

__all__ = ["department_page"]


def department_page(edition: Edition, name: str, ask: Ask) -> Component:
    """Return the page of a department."""
    catalogue = edition.catalogue
    info = catalogue.departments[name]
    shown = [headline(edition, metric) for metric in info.metrics]
    goals = worst_first(item for item in shown if is_judged(item.info))
    others = [item for item in shown if not is_judged(item.info)]
    trail = breadcrumb(ask, (phrase("page.city", ask.lang), link(ask, path="/")))
    lead = html.P(pick(info.mission, ask.lang), className="lead") if info.mission else None
    who = (phrase("page.accountable", ask.lang), pick(info.head, ask.lang) if info.head else None)
    top = head(pick(info.title, ask.lang), lead, facts([*edition_facts(edition, info.metrics, ask), who]))
    parts: list[Component] = []
    if goals:
        title = phrase("page.goals", ask.lang, count=len(goals))
        parts.append(tally(count_statuses(goals), title, catalogue.city, ask))
        heading = html.H2(phrase("page.goals_worst_first", ask.lang), className="usa-sr-only")
        parts.append(html.Section([heading, html.Div([card(edition, item, ask) for item in goals], className="cards")]))
    if others:
        cards = html.Div([card(edition, item, ask) for item in others], className="cards")
        parts.append(section(phrase("page.statistics", ask.lang), cards))
    if not shown:
        parts.append(html.P(phrase("page.no_metrics", ask.lang), className="lead empty"))
    return frame(edition, ask, html.Div([top, *parts[:1]], className="top"), *parts[1:], trail=trail)
