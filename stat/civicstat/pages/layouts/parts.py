"""The small parts that several pages are made of: status chip, value, facts, tally, links in a list, alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dash import html
from dash.development.base_component import Component

from civicstat.charts import shape
from civicstat.editions import CityInfo, Edition, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.components import Markup
from civicstat.publish import interval_of, is_unstable
from civicstat.results import Reading, Status
from civicstat.words import (
    capital,
    day_text,
    number,
    period_text,
    phrase,
    status_word,
    tally_text,
    value_parts,
    value_text,
)

__all__ = [
    "KIND",
    "Content",
    "alert",
    "amount",
    "amount_text",
    "chip",
    "day_of",
    "facts",
    "few_chip",
    "head",
    "interval_text",
    "link_list",
    "named",
    "period_name",
    "reading_chip",
    "rich",
    "section",
    "status_name",
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
    return _chip(status.value, KIND.get(status, "none") if coloured else "none", city, ask)


def reading_chip(item: Reading, city: CityInfo, ask: Ask) -> Component:
    """Return the status of a reading; too few records to compare do not look like a number withheld for privacy."""
    name = status_name(item)
    return _chip(name, KIND.get(item.status, "none"), city, ask)


def status_name(item: Reading) -> str:
    """Return what the shape and the word of a reading's status are filed under."""
    return "too_few" if item.reason.code == "too_few_rows" else item.status.value


def few_chip(city: CityInfo, ask: Ask) -> Component:
    """Return the mark of a part of too few records, for the legend."""
    return _chip("too_few", "none", city, ask)


def _chip(name: str, kind: str, city: CityInfo, ask: Ask) -> Component:
    word = status_word(name, ask.lang, city.status_words)
    return html.Div([Markup(shape(name)), html.Span(word)], className=f"chip chip--{kind}")


def amount_text(value: float | None, info: MetricInfo, ask: Ask) -> str:
    """Return a value of a metric in words: ``87.4 %``."""
    return value_text(value, info.unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)


def amount(item: Reading | None, info: MetricInfo, ask: Ask) -> Component:
    """Return a value in two sizes of type, or the words for why there is none; ``data`` holds it unrounded."""
    value = item.value if item else None
    if value is None:
        words = _missing(item, ask)
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
    if item.value is None:
        return _missing(item, ask)
    return html.Data(amount_text(item.value, info, ask), value=repr(item.value))


def interval_text(item: Reading, info: MetricInfo, ask: Ask) -> str:
    """Return between which values a number could lie by chance, a rate of few events with a mark; "" without any."""
    ends = interval_of(item, info)
    if ends is None:
        return ""
    low, high = (number(end, ask.lang, info.decimals) for end in (ends.lower, ends.upper))
    mark = " *" if is_unstable(item, info) else ""
    return phrase("page.interval", ask.lang, low=low, high=high) + mark


def _missing(item: Reading | None, ask: Ask) -> str:
    if item is not None and item.reason.code == "too_few_rows":
        return phrase("page.too_few", ask.lang)
    return capital(phrase("chart.withheld" if item is not None and item.suppressed else "chart.no_value", ask.lang))


def period_name(edition: Edition, info: MetricInfo, key: str, ask: Ask) -> str:
    """Return a period in words; the one of records that carry no date is all of them, complete or not."""
    if info.period == "all":
        return phrase("period.all_undated", ask.lang)
    return period_text(edition.calendar.parse(key), ask.lang)
