"""Every edition as it was published: when, on what data, what it restated; and each number that was ever restated."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.frame import breadcrumb, frame
from civicstat.pages.layouts.moved import cause_text, changes_table, moved_value, since_text
from civicstat.pages.layouts.parts import Content, head, period_name, section
from civicstat.pages.layouts.table import Head, Row, stacked
from civicstat.words import capital, day_text, number, phrase, pick

__all__ = ["archive_page"]

_LISTED = 300


def archive_page(edition: Edition, ask: Ask) -> Component:
    """Return the page of all editions."""
    lead = html.P(phrase("moved.archive_lead", ask.lang), className="lead")
    top = head(phrase("document.archive", ask.lang), lead)
    parts = [
        section(phrase("moved.title", ask.lang), *_changes(edition, ask), id="changes"),
        section(phrase("moved.log", ask.lang), *_log(edition, ask), id="restated"),
        section(phrase("moved.editions", ask.lang), _editions(edition, ask), id="editions"),
    ]
    trail = breadcrumb(ask, (phrase("page.city", ask.lang), link(ask, path="/")))
    return frame(edition, ask, top, *parts, trail=trail)


def _changes(edition: Edition, ask: Ask) -> list[Content]:
    changes = edition.changes
    if changes is None:
        return [html.P(phrase("moved.first", ask.lang))]
    return [html.P(since_text(changes, ask)), *changes_table(edition, changes, ask)]


def _log(edition: Edition, ask: Ask) -> list[Content]:
    """Return each total that was published as settled and later moved, the newest first."""
    metrics = edition.catalogue.metrics
    found = [item for name in metrics for item in edition.restatements(name)]
    if not found:
        return [html.P(phrase("moved.log_empty", ask.lang))]
    found.sort(key=lambda item: item.then.published_at, reverse=True)
    keys = ("moved.number", "page.period", "moved.value", "moved.cause", "moved.first_published", "moved.restated_on")
    rows: list[list[Content]] = [
        [
            html.A(pick(metrics[item.metric].title, ask.lang), href=link(ask, path=f"/m/{item.metric}")),
            capital(period_name(edition, metrics[item.metric], item.period, ask)),
            moved_value(item, metrics[item.metric], ask),
            cause_text(item.cause, ask),
            day_text(item.first.published_at.date(), ask.lang, short=True),
            day_text(item.then.published_at.date(), ask.lang, short=True),
        ]
        for item in found[:_LISTED]
    ]
    parts: list[Content] = [
        stacked(phrase("moved.log_caption", ask.lang), [Head(phrase(key, ask.lang)) for key in keys], map(Row, rows))
    ]
    if len(found) > _LISTED:
        parts.append(html.P(phrase("moved.left_out", ask.lang, count=len(found) - _LISTED), className="soft"))
    return parts


def _editions(edition: Edition, ask: Ask) -> Component:
    heads = [
        Head(phrase("moved.published_on", ask.lang)),
        Head(phrase("page.as_of", ask.lang)),
        Head(phrase("moved.restated_in", ask.lang), numeric=True),
        Head(phrase("moved.identity", ask.lang)),
    ]
    log = [item.then.id for name in edition.catalogue.metrics for item in edition.restatements(name)]
    rows: list[list[Content]] = []
    for item in edition.published():
        day = day_text(item.published_at.date(), ask.lang)
        here = phrase("moved.this_one", ask.lang, day=day) if item.id == edition.id else day
        count = number(log.count(item.id), ask.lang)
        rows.append([here, day_text(item.as_of, ask.lang), count, html.Code(item.id)])
    return stacked(phrase("moved.editions_caption", ask.lang), heads, map(Row, rows))
