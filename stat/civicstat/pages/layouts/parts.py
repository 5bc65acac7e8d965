"""The small parts that several pages are made of: status chip, value, facts, tally, links in a list, alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dash import html
from dash.development.base_component import Component

from civicstat.charts import shape
from civicstat.editions import CityInfo, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.components import Markup
from civicstat.results import Reading, Status
from civicstat.words import capital, day_text, phrase, status_word, tally_text, value_parts, value_text

__all__ = [
    "KIND",
    "Content",
    "alert",
    "amount",
    "amount_text",
    "chip",
    "day_of",
    "facts",
    "head",
    "link_list",
    "named",
    "rich",
    "section",
    "tally",
    "value_cell",
]

Content = Component | str | None

KIND: Mapping[Status, str] = {
    Status.MET: "on",
    Status.ON_TRACK: "on",
    Status.NEAR: "near",
    Status.OFF_TRACK: "off",
}
"""The look of a status; those not here are unscored and look alike, told apart by their word."""


def named(label: str, **more: str) -> dict[str, Any]:
    """Return an element's name for those who do not see it, and more attributes, ``data_metric`` as ``data-metric``."""
    names = {"aria-label": label} if label else {}
    return {**names, **{key.replace("_", "-"): value for key, value in more.items()}}


def rich(key: str, ask: Ask, **places: Component | str) -> list[Component | str]:
    """Return a phrase whose places are filled with components, in the order the language has them."""
    marked = phrase(key, ask.lang, **{name: f"\0{name}\0" for name in places})
    return [places[part] if at % 2 else part for at, part in enumerate(marked.split("\0")) if part]


def day_of(text: str | None, ask: Ask) -> str:
    """Return an ISO day or moment of the catalogue in words, "" for none."""
    return day_text(date.fromisoformat(text[:10]), ask.lang) if text else ""


def chip(status: Status, city: CityInfo, ask: Ask, coloured: bool = True) -> Component:
    """Return a status as shape, word and colour."""
    word = status_word(status.value, ask.lang, city.status_words)
    kind = KIND.get(status, "none") if coloured else "none"
    return html.Div([Markup(shape(status.value)), html.Span(word)], className=f"chip chip--{kind}")


def amount_text(value: float | None, info: MetricInfo, ask: Ask) -> str:
    """Return a value of a metric in words: ``87.4 %``."""
    return value_text(value, info.unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)


def amount(value: float | None, info: MetricInfo, ask: Ask, withheld: bool = False) -> Component:
    """Return a value in two sizes of type, or the words for why there is none; ``data`` holds it unrounded."""
    if value is None:
        words = capital(phrase("chart.withheld" if withheld else "chart.no_value", ask.lang))
        return html.Div(html.Data(words, value="", className="value novalue"), className="number")
    shown, unit = value_parts(value, info.unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)
    printed = html.Data(shown, value=repr(value), className="value")
    return html.Div([printed, html.Span(unit, className="unit") if unit else None], className="number")


def facts(pairs: Iterable[tuple[str, Content]]) -> Component:
    """Return short facts in one line, each with its name."""
    return html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in pairs if value], className="facts")


def head(title: str, *lead: Content) -> Component:
    """Return the head of a page: its one h1 and what stands under it."""
    return html.Div([html.H1(title), *lead], className="head")


def section(title: str, *content: Content, id: str | None = None) -> Component:  # noqa: A002 - HTML's word
    """Return a part of a page under its heading."""
    return html.Section([html.H2(title), *content], className="section", **(named("", id=id) if id else {}))


def tally(counts: Mapping[Status, int], title: str, city: CityInfo, ask: Ask) -> Component:
    """Return how many goals stand at each status, the worst first; what is not scored is counted like the rest."""
    items = [
        html.Li(
            [
                Markup(shape(status.value)),
                html.Span(tally_text(count, status.value, ask.lang, city.status_words)),
            ]
        )
        for status, count in counts.items()
    ]
    return html.Div([html.P(title), html.Ul(items)], className="tally")


def alert(title: str, *content: Content, kind: str = "near") -> Component:
    """Return a notice that stands apart from the text: ``near``, ``off`` or ``info``."""
    return html.Section([html.H2(title), *content], className=f"alert alert--{kind}", **named(title))


def link_list(links: Iterable[tuple[str, str, bool]], name: str, className: str, current: str = "page") -> Component:
    """Return a navigation of links (text, address, is this one), the one shown marked."""
    items = [
        html.Li(html.A(text, href=address, **named("", aria_current=current) if here else {}))
        for text, address, here in links
    ]
    return html.Nav(html.Ul(items), className=className, **named(name))


def value_cell(item: Reading, info: MetricInfo, ask: Ask) -> Content:
    """Return a value as a cell of a table, or the word for why there is none."""
    if item.reason.code == "too_few_rows":
        return phrase("page.too_few", ask.lang)
    if item.value is None:
        return capital(phrase("chart.withheld" if item.suppressed else "chart.no_value", ask.lang))
    return html.Data(amount_text(item.value, info, ask), value=repr(item.value))
