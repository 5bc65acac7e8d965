"""How to read the pages: the marks and words, a glossary, the accessibility statement, and whom to ask."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from civicstat.editions import CityInfo, Edition
from civicstat.pages.ask import Ask
from civicstat.pages.layouts.frame import frame
from civicstat.pages.layouts.parts import Content, chip, few_chip, head, rich, section
from civicstat.pages.layouts.table import Head, table
from civicstat.results import Status
from civicstat.words import keys, phrase, pick

__all__ = ["help_page"]

_LEGEND = (
    Status.MET,
    Status.ON_TRACK,
    Status.NEAR,
    Status.OFF_TRACK,
    Status.PROVISIONAL,
    Status.PARTIAL,
    Status.STALE,
    Status.NO_DATA,
    Status.TOO_SMALL,
    Status.FAILED,
    Status.NOT_DUE,
    Status.BASELINE,
    Status.INFORMATIONAL,
    Status.NO_GOAL,
)
_GLOSSARY = (
    "metric",
    "goal",
    "period",
    "reading",
    "records",
    "dataset",
    "complete_through",
    "edition",
    "points",
    "variation",
    "median",
    "statistic",
)


def help_page(edition: Edition, ask: Ask) -> Component:
    """Return the guide."""
    city = edition.catalogue.city
    lead = html.P(phrase("page.help_lead", ask.lang), className="lead")
    parts = [
        section(phrase("page.help_card", ask.lang), _sentences("page.help_card", ask)),
        section(phrase("page.help_status", ask.lang), _legend(city, ask), id="status"),
        section(phrase("page.help_chart", ask.lang), _sentences("page.help_chart", ask)),
        section(phrase("page.help_glossary", ask.lang), _glossary(ask), id="glossary"),
        section(phrase("page.help_accessibility", ask.lang), *_accessibility(ask), id="accessibility"),
        section(phrase("page.help_contact", ask.lang), _contact(city, ask), id="contact"),
    ]
    return frame(edition, ask, head(phrase("document.help", ask.lang), lead), *parts)


def _sentences(group: str, ask: Ask) -> Component:
    """Return the numbered phrases of a group (``page.help_card_1`` …) as a list."""
    found = [key for key in keys(f"{group}_") if key.removeprefix(f"{group}_").isdigit()]
    return html.Ul([html.Li(phrase(key, ask.lang)) for key in found], className="bullets prose")


def _legend(city: CityInfo, ask: Ask) -> Component:
    heads = [Head(phrase("page.status", ask.lang)), Head(phrase("page.meaning", ask.lang))]
    rows: list[list[Content]] = [
        [chip(status, city, ask), phrase(f"status.{status.value}_means", ask.lang)] for status in _LEGEND
    ]
    rows.insert(_LEGEND.index(Status.TOO_SMALL) + 1, [few_chip(city, ask), phrase("status.too_few_means", ask.lang)])
    return table(phrase("page.help_status_caption", ask.lang), heads, rows, className="legend")


def _glossary(ask: Ask) -> Component:
    entries: list[Component] = []
    for word in _GLOSSARY:
        entries += [
            html.Dt(phrase(f"page.word_{word}", ask.lang)),
            html.Dd(phrase(f"page.word_{word}_means", ask.lang)),
        ]
    return html.Dl(entries, className="pairs")


def _accessibility(ask: Ask) -> list[Content]:
    text = html.P(phrase("page.accessibility_text", ask.lang), className="prose")
    gaps = html.P(phrase("page.accessibility_gaps", ask.lang), className="prose")
    return [text, _sentences("page.accessibility", ask), gaps]


def _contact(city: CityInfo, ask: Ask) -> Component:
    """Return whom to tell of an error or a page that cannot be used."""
    office = pick(city.office or city.name, ask.lang)
    if not city.contact:
        return html.P(phrase("page.contact_office", ask.lang, office=office), className="prose")
    mail = "@" in city.contact and "://" not in city.contact
    address = f"mailto:{city.contact}" if mail and not city.contact.startswith("mailto:") else city.contact
    where = html.A(city.contact.removeprefix("mailto:"), href=address)
    return html.P(rich("page.contact_at", ask, office=office, where=where), className="prose")
