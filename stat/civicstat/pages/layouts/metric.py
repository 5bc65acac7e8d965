"""A metric: what is found and why it matters, over time, split, the rows, how it is counted; at its side, the goal."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, Tab, link
from civicstat.pages.layouts.chosen import Chosen, choose, dimension_title
from civicstat.pages.layouts.controls import controls
from civicstat.pages.layouts.frame import breadcrumb, frame
from civicstat.pages.layouts.how import how_tab
from civicstat.pages.layouts.over_time import finding, time_tab
from civicstat.pages.layouts.parts import Content, alert, head, link_list
from civicstat.pages.layouts.records import rows_tab
from civicstat.pages.layouts.side import side, standing
from civicstat.pages.layouts.split import split_tab
from civicstat.words import capital, phrase, pick

__all__ = ["metric_page"]


def metric_page(edition: Edition, name: str, ask: Ask) -> Component:
    """Return the page of a metric, on the tab asked for."""
    chosen = choose(edition, name, ask)
    info = chosen.info
    title = pick(info.title, ask.lang)
    parts: list[Content] = []
    if info.error is not None:
        parts.append(alert(phrase("page.failed_title", ask.lang), html.P(pick(info.error, ask.lang)), kind="off"))
    said = [finding(edition, chosen, ask), pick(info.why, ask.lang) if info.why else ""]
    top = head(title, html.P(" ".join(text for text in said if text), className="lead"), *parts)
    tab = _tab(chosen, ask)
    drawn = {"time": time_tab, "split": split_tab, "rows": rows_tab, "how": how_tab}[tab](edition, chosen, ask)
    asked = [controls(edition, chosen, ask)] if tab != "how" and chosen.period is not None else []
    shown = [*drawn, *asked] if tab == "time" else [*asked, *drawn]
    body = html.Div([_tabs(chosen, tab, ask), html.Div(shown, className="tab")], className="body")
    trail = breadcrumb(ask, *_way(edition, chosen, ask))
    columns = [standing(edition, chosen, ask), body, side(edition, chosen, ask)]
    return frame(edition, ask, top, html.Div(columns, className="two"), trail=trail)


def _way(edition: Edition, chosen: Chosen, ask: Ask) -> list[tuple[str, str]]:
    departments = edition.catalogue.departments
    way = [(phrase("page.city", ask.lang), link(ask, path="/"))]
    for name in chosen.info.departments[:1]:
        way.append((pick(departments[name].title, ask.lang), link(ask, path=f"/d/{name}")))
    return way


def _tab(chosen: Chosen, ask: Ask) -> Tab:
    return "time" if ask.tab == "split" and chosen.dimension is None else ask.tab


def _tabs(chosen: Chosen, shown: Tab, ask: Ask) -> Component:
    reading = chosen.reading
    rows = phrase("page.tab_made_of" if chosen.info.made_of else "page.tab_records", ask.lang)
    if reading is not None and reading.n is not None and not reading.suppressed:
        rows = phrase("page.tab_rows", ask.lang, count=reading.n)
    names: list[tuple[Tab, str]] = [("time", phrase("page.tab_time", ask.lang))]
    if chosen.dimension is not None:
        title = capital(dimension_title(chosen.dimension, ask), lower=True)
        names.append(("split", phrase("page.tab_split", ask.lang, dimension=title)))
    names += [("rows", rows), ("how", phrase("page.tab_how", ask.lang))]
    links = [(text, link(ask, tab=tab), tab == shown) for tab, text in names]
    return link_list(links, phrase("page.tabs", ask.lang), "tabs")
