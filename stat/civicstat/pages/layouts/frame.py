"""What stands round every page: banner, header with navigation, notices, and the identifier at the foot."""

from __future__ import annotations

from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from civicstat.editions import CityInfo, Edition
from civicstat.pages.ask import Ask, link, page_path
from civicstat.pages.components import SearchField
from civicstat.pages.layouts.parts import Content, alert, day_of, link_list, named
from civicstat.pages.layouts.view import stale_datasets
from civicstat.words import phrase, pick

__all__ = ["breadcrumb", "frame"]

_AREAS = {"": "/", "goals": "/goals", "d": "/", "m": "/", "data": "/data", "help": "/help"}


def frame(
    edition: Edition, ask: Ask, *content: Content, trail: Component | None = None, numbers: bool = True
) -> Component:
    """Return a whole page; ``trail`` is the breadcrumb above its head; without ``numbers`` no notice is due."""
    city = edition.catalogue.city
    main = html.Main([*([trail] if trail else []), *content], id="main", className="wrap", tabIndex="-1")
    notices = _notices(edition, ask) if numbers else []
    return html.Div([_banner(city, ask), _header(city, ask), *notices, main, _identifier(city, ask)], className="page")


def breadcrumb(ask: Ask, *links: tuple[str, str]) -> Component:
    """Return the way back up: each a text and an address."""
    items = [html.Li(html.A(text, href=address)) for text, address in links]
    return html.Nav(html.Ol(items), className="crumb", **named(phrase("page.trail", ask.lang)))


def _banner(city: CityInfo, ask: Ask) -> Component:
    """A city with a notice is a demonstration or a test: it does not call itself official."""
    official = phrase("page.official", ask.lang, city=pick(city.name, ask.lang))
    inner = html.Div(html.P(pick(city.notice, ask.lang) if city.notice else official), className="wrap")
    return html.Section(inner, className="banner", **named(phrase("page.banner", ask.lang)))


def _header(city: CityInfo, ask: Ask) -> Component:
    home = link(ask, path="/")
    mark = html.A(phrase("page.site", ask.lang, city=pick(city.name, ask.lang)), href=home, className="mark")
    area = _AREAS.get(ask.path.split("/")[1])
    pages = [("page.city", "/"), ("document.goals", "/goals"), ("document.data", "/data"), ("document.help", "/help")]
    links = [(phrase(key, ask.lang), link(ask, path=path), path == area) for key, path in pages]
    current = "page" if ask.path == area else "true"
    main = link_list(links, phrase("page.navigation", ask.lang), "menu", current)
    others = [
        html.A(phrase(f"page.language_{lang}", lang), href=link(ask, lang=lang), lang=lang, hrefLang=lang)
        for lang in city.languages
        if lang != ask.lang
    ]
    content = [mark, main, _search(ask), html.Div(others, className="language")]
    return html.Header(html.Div(content, className="wrap"), className="site")


def _search(ask: Ask) -> Component:
    """Return the box that every page has; the words looked for stand in it and are repeated nowhere."""
    label = html.Label(phrase("search.label", ask.lang), htmlFor="search", className="usa-sr-only")
    words = ask.q if ask.path == "/search" else ""
    content = [
        label,
        SearchField("search", "q", words, "100"),
        html.Button(phrase("search.button", ask.lang), type="submit"),
    ]
    to = page_path(replace(ask, path="/search"))
    return html.Form(content, action=to, method="get", role="search", className="search", autoComplete="off")


def _notices(edition: Edition, ask: Ask) -> list[Component]:
    """Return what a reader must know before any number: an address not understood, data that are too old."""
    found = []
    if ask.misread:
        parts = ", ".join(phrase(f"page.misread_{name}", ask.lang) for name in ask.misread)
        said = html.P(phrase("page.misread_text", ask.lang, parts=parts))
        found.append(alert(phrase("page.misread_title", ask.lang), said, kind="info"))
    for info in stale_datasets(edition, ask):
        title = pick(info.title, ask.lang)
        until = day_of(info.as_of, ask)
        said = html.P(phrase("page.stale_text", ask.lang, dataset=title, day=until))
        found.append(alert(phrase("page.stale_title", ask.lang), said))
    return [html.Div(found, className="wrap notices")] if found else []


def _identifier(city: CityInfo, ask: Ask) -> Component:
    name = pick(city.name, ask.lang)
    office = pick(city.office, ask.lang) if city.office else ""
    owner = phrase("page.identifier", ask.lang, city=name, office=office) if office else name
    help_at = link(ask, path="/help")
    links = [
        (phrase("page.foot_read", ask.lang), help_at, False),
        (phrase("page.foot_accessibility", ask.lang), f"{help_at}#accessibility", False),
        (phrase("page.foot_data", ask.lang), link(ask, path="/data"), False),
        (phrase("page.foot_contact", ask.lang), f"{help_at}#contact", False),
    ]
    inner = html.Div([html.P(owner), link_list(links, phrase("page.foot_name", ask.lang), "")], className="wrap")
    return html.Footer(inner, className="identifier")
