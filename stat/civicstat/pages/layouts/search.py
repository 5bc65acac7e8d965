"""What the city publishes under the words looked for: numbers, departments and datasets in one list."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.card import figure_of
from civicstat.pages.layouts.frame import frame
from civicstat.pages.layouts.parts import head
from civicstat.pages.layouts.view import headline
from civicstat.pages.search import Found, Kind, find
from civicstat.words import phrase, pick

__all__ = ["search_page"]

_SHOWN = 50


def search_page(edition: Edition, ask: Ask) -> Component:
    """Return what was found; the words themselves stand in the search box and nowhere else."""
    found = find(edition.catalogue, ask.q)
    shown = found.places[:_SHOWN]
    top = head(phrase("search.title", ask.lang), html.P(_said(found, ask), className="lead"), _meant(found, ask))
    lines = html.Ol([_line(edition, kind, name, ask) for kind, name in shown], className="found")
    return frame(edition, ask, top, lines if shown else _elsewhere(ask))


def _said(found: Found, ask: Ask) -> str:
    if not ask.q:
        return phrase("search.hint", ask.lang)
    if not found.places:
        return phrase("search.none", ask.lang)
    count = len(found.places)
    if count > _SHOWN:
        return phrase("search.first", ask.lang, shown=_SHOWN, count=count)
    return phrase("search.count" if found.whole else "search.some", ask.lang, count=count)


def _meant(found: Found, ask: Ask) -> Component | None:
    """Return which words of the city stood in for words it does not use."""
    if not found.meant or not found.places:
        return None
    return html.P(phrase("search.meant", ask.lang, words=", ".join(found.meant)), className="soft")


def _line(edition: Edition, kind: Kind, name: str, ask: Ask) -> Component:
    catalogue = edition.catalogue
    said, figure = None, None
    if kind == "metric":
        info = catalogue.metrics[name]
        title, path, said = info.title, f"/m/{name}", info.why
        where = [pick(catalogue.departments[item].title, ask.lang) for item in info.departments]
        figure = figure_of(edition, headline(edition, name), ask)
    elif kind == "department":
        department = catalogue.departments[name]
        title, path, said, where = department.title, f"/d/{name}", department.mission, []
    else:
        dataset = catalogue.datasets[name]
        title, path, said = dataset.title, f"/data/{name}", dataset.description
        where = [phrase("search.rows", ask.lang, count=dataset.loaded)]
    kind_word = phrase(f"search.kind_{kind}", ask.lang)
    about = ", ".join([kind_word, *where])
    text = [
        html.A(
            [pick(title, ask.lang), html.Span(f" ({kind_word})", className="usa-sr-only")], href=link(ask, path=path)
        ),
        html.P(about, className="about"),
        html.P(pick(said, ask.lang), className="about") if said else None,
    ]
    return html.Li([html.Div(text), figure], className="line")


def _elsewhere(ask: Ask) -> Component:
    """Return where else to go when nothing was found, or nothing asked."""
    places = [("search.all_goals", "/goals"), ("search.all_departments", "/"), ("search.all_data", "/data")]
    links = [html.Li(html.A(phrase(key, ask.lang), href=link(ask, path=path))) for key, path in places]
    return html.Div(html.Ul(links, className="bullets"), className="section")
