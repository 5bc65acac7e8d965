"""The whole HTML document round a page: readable at once, then taken over by Dash."""

from __future__ import annotations

from html import escape
from typing import Any

from dash import html
from dash.development.base_component import Component

from civicstat.pages.ask import Ask, link
from civicstat.pages.bundle import Bundle
from civicstat.pages.components import Address
from civicstat.pages.render import data_block, to_html, to_json
from civicstat.words import phrase

__all__ = ["live_layout", "write_document"]

_THEME = "#162e51"
_STYLE = "[data-busy]{cursor:progress}[hidden]{display:none!important}"


def live_layout(page: Any, ask: Ask) -> Component:
    """Return what Dash draws: the page, and beside it the address that asks for another state of it."""
    path, _, query = link(ask, after=ask.after).partition("?")
    return html.Div([html.Div(page, id="page"), Address("address", path, query and f"?{query}")])


def write_document(
    page: Component, ask: Ask, title: str, bundle: Bundle, *, config: Any = None, callbacks: Any = None
) -> str:
    """Return the document; without ``config`` and ``callbacks`` it stays as it is and loads no script."""
    live = "" if config is None else _live(page, ask, bundle, config, callbacks)
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{escape(ask.lang)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><meta name="theme-color" content="{_THEME}">{_alternates(ask)}'
        f'<link rel="icon" href="{bundle.icon_url}" type="image/svg+xml"><style>{bundle.style}{_STYLE}</style></head>'
        f'<body><a class="usa-skipnav" href="#main">{escape(phrase("document.skip", ask.lang))}</a>'
        f'<div id="still"><div>{to_html(page)}</div></div>{live}</body></html>\n'
    )


def _live(page: Component, ask: Ask, bundle: Bundle, config: Any, callbacks: Any) -> str:
    return (
        '<div id="live" hidden><div id="react-entry-point"></div></div>'
        + data_block("_dash-config", to_json(config))
        + data_block("page-callbacks", to_json(callbacks))
        + data_block("page-layout", to_json(live_layout(page, ask)))
        + f'<script src="{bundle.script_url}" defer></script>'
    )


def _alternates(ask: Ask) -> str:
    if len(ask.languages) < 2:
        return ""
    return "".join(
        f'<link rel="alternate" hreflang="{escape(lang)}" href="{escape(link(ask, lang=lang, after=ask.after))}">'
        for lang in ask.languages
    )
