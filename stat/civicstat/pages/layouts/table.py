"""Tables: a caption, heads with their scope, numbers to the right, and a way to scroll a wide one by keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from civicstat.pages.layouts.parts import Content, named

__all__ = ["Head", "details", "table"]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``numeric`` columns stand to the right."""

    text: str
    numeric: bool = False


def table(
    caption: str,
    heads: Sequence[Head],
    rows: Iterable[Sequence[Content]],
    note: str = "",
    className: str = "",
) -> Component:
    """Return a table; the first cell of each row is its head."""
    columns = [html.Th(head.text, scope="col", className="n" if head.numeric else None) for head in heads]
    body = [
        html.Tr([_cell(cell, head, at == 0) for at, (head, cell) in enumerate(zip(heads, cells, strict=True))])
        for cells in rows
    ]
    title = html.Caption([caption, html.Span(note, className="soft")] if note else caption)
    grid = html.Table([title, html.Thead(html.Tr(columns)), html.Tbody(body)], className=className or None)
    return html.Div(grid, className="scroll", role="region", tabIndex="0", **named(caption))


def _cell(content: Content, head: Head, first: bool) -> Component:
    look = "n" if head.numeric else None
    return html.Th(content, scope="row", className=look) if first else html.Td(content, className=look)


def details(summary: str, *content: Content) -> Component:
    """Return content that a reader opens."""
    return html.Details([html.Summary(summary), *content])
