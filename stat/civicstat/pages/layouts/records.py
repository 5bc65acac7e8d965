"""The very rows a number counted, fifty a page, or the reason why they are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition, RowsPage
from civicstat.errors import EditionError
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.chosen import Chosen
from civicstat.pages.layouts.downloads import rows_link
from civicstat.pages.layouts.made_of import made_of_tab
from civicstat.pages.layouts.parts import Content, period_name
from civicstat.pages.layouts.table import Head, table
from civicstat.words import capital, day_text, number, phrase, pick

__all__ = ["rows_tab"]

_NARROW = 5  # columns that stand side by side on most screens


def rows_tab(edition: Edition, chosen: Chosen, ask: Ask) -> list[Content]:
    """Return one page of the rows counted."""
    info, reading, period = chosen.info, chosen.reading, chosen.period
    if info.made_of:
        return made_of_tab(edition, chosen, ask)
    title = html.H2(phrase("page.rows_title", ask.lang))
    if chosen.slice and info.rows and edition.opens(info.name, {}) and not edition.opens(info.name, chosen.slice):
        return [title, _why("page.rows_slice", ask)]
    if not info.rows or not edition.opens(info.name, chosen.slice):
        return [title, _why("page.rows_private" if info.min_count else "page.rows_staff", ask)]
    if reading is None or period is None:
        return [title, _why("page.no_readings", ask)]
    if reading.suppressed:
        return [title, _why("page.rows_withheld", ask)]
    if not reading.n:
        return [title, _why("page.rows_none", ask)]
    try:
        page = edition.rows(info.name, period.key, chosen.slice, after=ask.after)
    except EditionError:  # an old edition's numbers are kept for ever, and its rows for as long as there is room
        return [title, _why("page.rows_gone", ask)]
    name = period_name(edition, info, period.key, ask)
    said = phrase("page.rows_said", ask.lang, count=page.total, period=name)
    caption = phrase("page.rows_caption", ask.lang, period=capital(name))
    taken = html.P(rows_link(ask, info.name, period.key, chosen.slice))
    return [
        title,
        html.P(said, className="prose"),
        taken,
        _grid(edition, chosen, page, caption, ask),
        _paging(page, ask),
    ]


def _why(key: str, ask: Ask) -> Component:
    return html.P(phrase(key, ask.lang), className="prose empty")


def _grid(edition: Edition, chosen: Chosen, page: RowsPage, caption: str, ask: Ask) -> Component:
    columns = {str(item["name"]): item for item in edition.catalogue.datasets[chosen.info.dataset].columns}
    counted = any(hit is not None for hit in page.hits)
    heads = [
        Head(column_title(columns.get(name, {}), name, ask), _is_number(columns.get(name, {}))) for name in page.columns
    ]
    if counted:
        heads.append(Head(phrase("page.rows_hit", ask.lang)))
    rows = []
    columns_of = zip(*page.rows, strict=True)
    exact = [any(isinstance(value, datetime) and value.second for value in column) for column in columns_of]
    for values, hit in zip(page.rows, page.hits, strict=True):
        cells: list[Content] = [cell_text(value, ask, to) for value, to in zip(values, exact, strict=True)]
        rows.append([*cells, phrase("page.yes" if hit else "page.no", ask.lang)] if counted else cells)
    wide = phrase("page.rows_wide", ask.lang, count=len(heads)) if len(heads) > _NARROW else ""
    return table(caption, heads, rows, note=wide, className="rows")


def column_title(column: Mapping[str, Any], name: str, ask: Ask) -> str:
    """Return the name of a column: its title, else its name with spaces."""
    title = column.get("title")
    if isinstance(title, Mapping):
        return pick(title, ask.lang)
    return capital(str(title or name).replace("_", " "))


def _is_number(column: Mapping[str, Any]) -> bool:
    return column.get("type") in ("integer", "number", "money")


def cell_text(value: Any, ask: Ask, seconds: bool = False) -> str:
    """Return a value of a record as people read it; ``seconds`` are told also where they are none."""
    match value:
        case None:
            return ""
        case bool():
            return phrase("page.yes" if value else "page.no", ask.lang)
        case datetime():
            clock = f"{value:%H:%M:%S}" if seconds or value.second else f"{value:%H:%M}"
            return f"{day_text(value.date(), ask.lang, short=True)}, {clock}"
        case date():
            return day_text(value, ask.lang, short=True)
        case int():
            return number(value, ask.lang)
        case float():
            return number(value, ask.lang, 0 if value.is_integer() else 2)
    return str(value)


def _paging(page: RowsPage, ask: Ask) -> Component | None:
    links = []  # the next page stands first, so that who follows it by keyboard stands on it again
    if page.next is not None:
        links.append(html.A(phrase("page.rows_next", ask.lang), href=link(ask, after=page.next), rel="next"))
    if ask.after is not None:
        links.append(html.A(phrase("page.rows_first", ask.lang), href=link(ask)))
    return html.P(links, className="pages") if links else None
