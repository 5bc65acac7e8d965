"""A dataset: whose it is, how far it is complete, how its rows add up, what was set aside, and what rests on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from civicstat.editions import DatasetInfo, Edition
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.frame import breadcrumb, frame
from civicstat.pages.layouts.how import said_or_code
from civicstat.pages.layouts.parts import Content, alert, day_of, facts, head, section
from civicstat.pages.layouts.records import column_title
from civicstat.pages.layouts.table import Head, Row, stacked, table
from civicstat.words import capital, number, phrase, pick

__all__ = ["dataset_page"]


def dataset_page(edition: Edition, name: str, ask: Ask) -> Component:
    """Return the page of a dataset."""
    info = edition.catalogue.datasets[name]
    trail = breadcrumb(ask, (phrase("document.data", ask.lang), link(ask, path="/data")))
    said = [capital(pick(info.row, ask.lang)).rstrip(".") + "."]
    said += [pick(info.description, ask.lang)] if info.description else []
    lead = html.P(" ".join(said), className="lead")
    top = head(pick(info.title, ask.lang), lead, facts(_facts(edition, info, ask)), *_late(info, ask))
    parts = [
        section(phrase("page.adds_up", ask.lang), *_counts(info, ask)),
        *_reasons(info, ask),
        *_missing(info, ask),
        *_checks(info, ask),
        section(phrase("page.columns", ask.lang), _columns(info, ask)),
        section(phrase("page.used_by", ask.lang), _used(edition, info, ask)),
    ]
    return frame(edition, ask, top, *parts, trail=trail)


def _facts(edition: Edition, info: DatasetInfo, ask: Ask) -> list[tuple[str, Content]]:
    key = ", ".join(info.key)
    pairs: list[tuple[str, Content]] = [
        ("page.side_owner", capital(pick(info.owner, ask.lang)) if info.owner else None),
        ("page.steward", capital(pick(info.steward, ask.lang)) if info.steward else None),
        ("page.made_of", _made_of(edition, info, ask)),
        ("page.first_day", day_of(info.first, ask)),
        ("page.complete_through", day_of(info.complete_through, ask)),
        ("page.as_of", day_of(info.as_of, ask)),
        ("page.expected", phrase(f"page.every_{info.every}", ask.lang) if info.every else None),
        ("page.loaded_on", day_of(info.loaded_at, ask)),
        ("page.key", html.Code(key) if key else phrase("page.no_key", ask.lang)),
        ("page.license", info.license),
        ("page.sensitivity", capital(info.sensitivity) if info.sensitivity else None),
    ]
    return [(phrase(label, ask.lang), value) for label, value in pairs]


def _made_of(edition: Edition, info: DatasetInfo, ask: Ask) -> Content:
    """Return the datasets whose rows a query reads, each a link where it has a page."""
    shown: list[Content] = []
    for name in info.made_of:
        under = edition.catalogue.datasets.get(name)
        if under is not None:
            shown += [", ", html.A(pick(under.title, ask.lang), href=link(ask, path=f"/data/{name}"))]
    return html.Span(shown[1:]) if shown else None


def _late(info: DatasetInfo, ask: Ask) -> list[Component]:
    if not info.late:
        return []
    said = html.P(phrase("page.late_text", ask.lang, day=day_of(info.as_of, ask)))
    return [alert(phrase("page.late_title", ask.lang), said, kind="info")]


def _counts(info: DatasetInfo, ask: Ask) -> list[Content]:
    """Return the identity: rows read = loaded + duplicates + quarantined."""
    counts = {name: number(getattr(info, name), ask.lang) for name in ("read", "loaded", "duplicates", "quarantined")}
    said = [phrase("page.identity", ask.lang, **counts)]
    if not info.made_of:
        said.append(phrase("page.files", ask.lang, count=info.files))
    if info.no_date:
        said.append(phrase("page.no_date", ask.lang, count=info.no_date))
    if info.after_as_of:
        said.append(phrase("page.after_as_of", ask.lang, count=info.after_as_of))
    return [html.P(said[0], className="sum"), html.P(" ".join(said[1:]), className="soft") if said[1:] else None]


def _reasons(info: DatasetInfo, ask: Ask) -> list[Component]:
    if not info.quarantine:
        return []
    rows = [
        [said_or_code("page.quarantine_", code, ask), number(count, ask.lang)]
        for code, count in info.quarantine.items()
    ]
    caption = phrase("page.quarantine_caption", ask.lang)
    return [section(phrase("page.quarantine_title", ask.lang), _count_table(caption, "page.reason", rows, ask))]


def _missing(info: DatasetInfo, ask: Ask) -> list[Component]:
    """Return the words that were read as no value, and values kept outside a recoding, by column."""
    rows: list[list[Content]] = []
    titles = _titles(info, ask)
    for column, words in info.missing.items():
        for word, count in words.items():
            if not count:
                continue
            said = phrase("page.missing_word", ask.lang, word=word) if word else phrase("page.missing_empty", ask.lang)
            rows.append([titles.get(column, column), said, number(count, ask.lang)])
    for column, count in info.unmapped.items():
        rows.append([titles.get(column, column), phrase("page.unmapped", ask.lang), number(count, ask.lang)])
    if not rows:
        return []
    heads = [Head(phrase("page.column", ask.lang)), Head(phrase("page.read_as", ask.lang)), _rows_head(ask)]
    grid = table(phrase("page.missing_caption", ask.lang), heads, rows, className="short")
    return [section(phrase("page.missing_title", ask.lang), grid)]


def _checks(info: DatasetInfo, ask: Ask) -> list[Component]:
    if not info.checks:
        return []
    heads = [
        Head(phrase("page.check", ask.lang)),
        Head(phrase("page.level", ask.lang)),
        Head(phrase("page.failing", ask.lang), numeric=True),
    ]
    rows: list[list[Content]] = [
        [
            html.Code(str(item["name"])),
            phrase("page.level_error" if item["level"] == "error" else "page.level_warn", ask.lang),
            number(int(str(item["failing"])), ask.lang),
        ]
        for item in info.checks
    ]
    return [section(phrase("page.checks", ask.lang), table(phrase("page.checks_caption", ask.lang), heads, rows))]


def _columns(info: DatasetInfo, ask: Ask) -> Component:
    heads = [Head(phrase(key, ask.lang)) for key in ("page.column", "page.type", "page.meaning", "page.seen_by")]
    rows: list[list[Content]] = []
    for item in info.columns:
        meaning = item.get("description") or item.get("title")
        seen = "page.seen_public" if item.get("public") else "page.seen_staff"
        rows.append(
            [
                html.Code(str(item["name"])),
                _type(item, ask),
                pick(meaning, ask.lang) if isinstance(meaning, Mapping) else "",
                phrase("page.seen_sensitive" if item.get("sensitive") else seen, ask.lang),
            ]
        )
    return stacked(phrase("page.columns_caption", ask.lang), heads, map(Row, rows))


def _type(item: Mapping[str, Any], ask: Ask) -> str:
    said = said_or_code("page.type_", str(item["type"]), ask)
    unit = item.get("unit")
    return phrase("page.column_unit", ask.lang, type=said, unit=pick(unit, ask.lang)) if unit else said


def _used(edition: Edition, info: DatasetInfo, ask: Ask) -> Component:
    metrics = edition.catalogue.metrics
    links = [
        html.Li(html.A(pick(metrics[name].title, ask.lang), href=link(ask, path=f"/m/{name}"))) for name in info.metrics
    ]
    return html.Ul(links, className="bullets") if links else html.P(phrase("page.used_by_none", ask.lang))


def _titles(info: DatasetInfo, ask: Ask) -> dict[str, str]:
    return {str(item["name"]): column_title(item, str(item["name"]), ask) for item in info.columns}


def _rows_head(ask: Ask) -> Head:
    return Head(phrase("page.rows_head", ask.lang), numeric=True)


def _count_table(caption: str, first: str, rows: list[list[str]], ask: Ask) -> Component:
    return table(caption, [Head(phrase(first, ask.lang)), _rows_head(ask)], rows, className="short")
