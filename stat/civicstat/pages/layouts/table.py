"""Tables: a caption, heads with their scope, numbers to the right, and a way to scroll a wide one by keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import html
from dash.development.base_component import Component

from civicstat.pages.layouts.parts import Content, named

__all__ = ["Head", "Row", "details", "stacked", "table"]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``numeric`` columns stand to the right."""

    text: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells with what a program may want to know of their row, as ``data-`` attributes; ``here``: the row asked for."""

    cells: Sequence[Content]
    marks: Mapping[str, str] = field(default_factory=dict)
    here: bool = False


def stacked(caption: str, heads: Sequence[Head], rows: Iterable[Row]) -> Component:
    """Return a table whose rows stand one below the other as cards where there is no room for its columns.

    Style that makes a row a block takes from it what it is, so that its roles are said; each cell carries its head.
    """
    columns = [html.Th(head.text, scope="col", role="columnheader", className=_look(head)) for head in heads]
    body = [html.Tr(_stacked(heads, row), role="row", **_data(row.marks)) for row in rows]
    grid = [
        html.Caption(caption),
        html.Thead(html.Tr(columns, role="row"), role="rowgroup"),
        html.Tbody(body, role="rowgroup"),
    ]
    return html.Table(grid, role="table", className="stacked")


def _stacked(heads: Sequence[Head], row: Row) -> list[Component]:
    first, *others = zip(heads, row.cells, strict=True)
    cells = [
        html.Td(cell, role="cell", className=_look(head), **named("", data_label=head.text)) for head, cell in others
    ]
    return [html.Th(first[1], scope="row", role="rowheader"), *cells]


def _data(marks: Mapping[str, str]) -> dict[str, Any]:
    return {f"data-{name}": value for name, value in marks.items()}


def table(
    caption: str,
    heads: Sequence[Head],
    rows: Iterable[Row | Sequence[Content]],
    note: str = "",
    className: str = "",
) -> Component:
    """Return a table; the first cell of each row is its head."""
    columns = [html.Th(head.text, scope="col", className=_look(head)) for head in heads]
    body = [_row(heads, row if isinstance(row, Row) else Row(row)) for row in rows]
    title = html.Caption([caption, html.Span(note, className="soft")] if note else caption)
    grid = html.Table([title, html.Thead(html.Tr(columns)), html.Tbody(body)], className=className or None)
    return html.Div(grid, className="scroll", role="region", tabIndex="0", **named(caption))


def _row(heads: Sequence[Head], row: Row) -> Component:
    cells = [_cell(cell, head, at == 0) for at, (head, cell) in enumerate(zip(heads, row.cells, strict=True))]
    here = named("", aria_current="true") if row.here else {}
    return html.Tr(cells, **here, **_data(row.marks))


def _look(head: Head) -> str | None:
    return "n" if head.numeric else None


def _cell(content: Content, head: Head, first: bool) -> Component:
    look = _look(head)
    return html.Th(content, scope="row", className=look) if first else html.Td(content, className=look)


def details(summary: str, *content: Content) -> Component:
    """Return content that a reader opens."""
    return html.Details([html.Summary(summary), *content])
