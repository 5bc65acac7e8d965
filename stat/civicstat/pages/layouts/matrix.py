"""A cross of two columns as a table: a row a member of the one, a column a member of the other, each cell opened."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from civicstat.charts import shape
from civicstat.editions import DimensionInfo, Edition
from civicstat.pages.ask import Ask, Tab, link
from civicstat.pages.components import Markup
from civicstat.pages.layouts.chosen import Chosen, dimension_title, member_label
from civicstat.pages.layouts.drawing import figure, numbers_of
from civicstat.pages.layouts.parts import Content, value_cell
from civicstat.pages.layouts.table import Head, table
from civicstat.results import SCORED, Reading
from civicstat.words import capital, phrase, status_word

__all__ = ["matrix"]


def matrix(edition: Edition, chosen: Chosen, title: str, ask: Ask) -> list[Content]:
    """Return the cross of the chosen dimension in the chosen period; the column with more members goes down."""
    dimension, period = chosen.dimension, chosen.period
    assert dimension is not None
    assert period is not None
    found = edition.readings(chosen.info.name, period=period.key, dimension=dimension.by)
    if not found:
        return [html.P(phrase("page.no_readings", ask.lang), className="empty")]
    down, over = sorted(dimension.parts, key=lambda part: -len(part.members))
    cells = {(item.slice[down.by], item.slice[over.by]): item for item in found}
    heads = [Head(dimension_title(down, ask))]
    heads += [Head(capital(member_label(over, member, ask)), numeric=True) for member in over.members]
    rows: list[list[Content]] = [
        [
            capital(member_label(down, member, ask)),
            *(_cell(edition, chosen, dimension, cells.get((member, other)), ask) for other in over.members),
        ]
        for member in down.members
        if any((member, other) in cells for other in over.members)
    ]
    unit = numbers_of(chosen.info, ask).unit_apart()
    caption = phrase("page.matrix_caption", ask.lang, title=title, unit=unit) if unit else title
    grid = table(caption, heads, rows)
    opened = edition.opens(chosen.info.name, found[0].slice)
    note = html.P(phrase("page.matrix_said", ask.lang), className="soft") if opened else None
    return [note, figure(edition, chosen.info, None, grid, ask, opened=True, period=period.key, by=dimension.by)]


def _cell(edition: Edition, chosen: Chosen, dimension: DimensionInfo, item: Reading | None, ask: Ask) -> Content:
    """Return a value with its status, opening to its rows where they can be seen; "" for a pair that never occurs."""
    if item is None:
        return ""
    if item.value is None:
        return value_cell(item, chosen.info, ask)
    said = html.Data(numbers_of(chosen.info, ask).short(item.value), value=repr(item.value))
    first, second = dimension.parts
    members = {"member": item.slice[first.by], "across": item.slice[second.by]}
    names = ", ".join(member_label(part, item.slice[part.by], ask, always=True) for part in dimension.parts)
    tab: Tab = "rows" if edition.opens(chosen.info.name, item.slice) else "time"
    to = link(ask, by=dimension.by, tab=tab, member=members["member"], across=members["across"])
    marks: list[Component] = []
    if item.status in SCORED:
        word = status_word(item.status.value, ask.lang, edition.catalogue.city.status_words)
        marks = [Markup(shape(item.status.value)), html.Span(f" {word}", className="usa-sr-only")]
    text = html.A([said, html.Span(f" ({names})", className="usa-sr-only")], href=to)
    return html.Div([text, *marks], className="cell")
