"""What a reader may take away from a chart: the drawing as a file, its numbers for a spreadsheet or a program."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from dash import html
from dash.development.base_component import Component

from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.parts import named
from civicstat.words import phrase

__all__ = ["chart_address", "download_links", "download_menu", "rows_link"]

_FORMS = {"csv": "page.download_csv", "xlsx": "page.download_xlsx", "json": "page.download_json"}


def download_menu(ask: Ask, metric: str, drawn: bool = True, period: str = "", by: str = "") -> Component:
    """Return the downloads of a chart behind one word; without a drawing, of its numbers alone."""
    items = download_links(ask, metric, period, by)
    if drawn:
        address = chart_address(ask)
        svg = html.A(phrase("page.download_svg", ask.lang), href=address, download=f"{metric}.svg")
        marks = named("", data_png=address, data_name=f"{metric}.png")
        png = html.Button(phrase("page.download_png", ask.lang), type="button", className="png", **marks)
        items = [svg, png, *items]
    title = html.Summary(phrase("page.download", ask.lang))
    return html.Details([title, html.Ul([html.Li(item) for item in items])], className="take")


def download_links(ask: Ask, metric: str, period: str = "", by: str = "") -> list[Component]:
    """Return the links to a metric's readings in each form: of ``period``, else of all, ``by`` a dimension, if any."""
    asked = [("period", period), ("by", by or (ask.by if ask.member else "")), ("lang", ask.lang)]
    asked.insert(2, ("compare", ask.compare if ask.tab == "time" else ""))
    query = urlencode([(name, value) for name, value in asked if value], quote_via=quote)
    return [
        html.A(phrase(key, ask.lang), href=f"/api/v1/metrics/{metric}.{form}?{query}", download="")
        for form, key in _FORMS.items()
    ]


def rows_link(ask: Ask, metric: str, period: str, chosen: Mapping[str, str]) -> Component:
    """Return the link to the rows behind one number, of a slice if any, as a file."""
    query = [("period", period), *(("by", name) for name in chosen), *(("member", item) for item in chosen.values())]
    address = f"/api/v1/metrics/{metric}/rows.csv?{urlencode([*query, ('lang', ask.lang)], quote_via=quote)}"
    return html.A(phrase("page.download_rows", ask.lang), href=address, download="")


def chart_address(ask: Ask) -> str:
    """Return where the chart of a metric's page lies as a file.

    >>> chart_address(Ask("es", "/m/on_time", tab="split", languages=("en", "es")))
    '/es/m/on_time/chart.svg?tab=split'
    """
    path, _, query = link(ask).partition("?")
    return f"{path}/chart.svg" + (f"?{query}" if query else "")
