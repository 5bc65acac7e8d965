"""The catalogue of datasets: what each holds, how far it reaches and what rests on it."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.frame import frame
from civicstat.pages.layouts.parts import Content, day_of, facts, head
from civicstat.pages.layouts.table import Head, Row, stacked
from civicstat.pages.layouts.view import edition_facts
from civicstat.words import number, phrase, pick

__all__ = ["data_page"]


def data_page(edition: Edition, ask: Ask) -> Component:
    """Return the list of datasets."""
    catalogue = edition.catalogue
    lead = html.P(phrase("page.data_lead", ask.lang), className="lead")
    heads = [
        Head(phrase("page.dataset", ask.lang)),
        Head(phrase("page.complete_through", ask.lang)),
        Head(phrase("page.rows_loaded", ask.lang), numeric=True),
        Head(phrase("page.rows_quarantined", ask.lang), numeric=True),
        Head(phrase("page.numbers_using", ask.lang), numeric=True),
    ]
    rows: list[list[Content]] = [
        [
            html.A(pick(info.title, ask.lang), href=link(ask, path=f"/data/{name}")),
            day_of(info.complete_through, ask) or phrase("page.unknown", ask.lang),
            number(info.loaded, ask.lang),
            number(info.quarantined, ask.lang),
            number(len(info.metrics), ask.lang),
        ]
        for name, info in catalogue.datasets.items()
    ]
    title = phrase("page.data_title", ask.lang)
    body = stacked(phrase("page.data_caption", ask.lang), heads, map(Row, rows))
    top = head(title, lead, facts(edition_facts(edition, catalogue.metrics, ask)))
    return frame(edition, ask, top, html.Div(body, className="section"))
