"""The page for an address where there is none."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.frame import frame
from civicstat.pages.layouts.parts import head
from civicstat.words import phrase, pick

__all__ = ["not_found_page"]


def not_found_page(edition: Edition, ask: Ask) -> Component:
    """Return what happened and where else to go: the departments are all offered."""
    text = html.P(phrase("problem.not_found_text", ask.lang), className="lead")
    departments = edition.catalogue.departments
    places = [(phrase("problem.home", ask.lang), link(ask, path="/"))]
    places += [(pick(info.title, ask.lang), link(ask, path=f"/d/{name}")) for name, info in departments.items()]
    links = html.Ul([html.Li(html.A(text, href=address)) for text, address in places], className="bullets")
    title = phrase("problem.not_found_title", ask.lang)
    return frame(edition, ask, head(title, text), html.Div(links, className="section"), numbers=False)
