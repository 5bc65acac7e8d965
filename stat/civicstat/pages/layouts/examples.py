"""The worked examples of a metric: made-up records, and the number that they must give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dash import html

from civicstat.editions import Edition, ExampleInfo, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts.parts import Content, day_of, period_name
from civicstat.pages.layouts.records import cell_text, column_title
from civicstat.pages.layouts.table import Head, details, table
from civicstat.words import capital, phrase, value_text

__all__ = ["examples_part"]


def examples_part(edition: Edition, info: MetricInfo, ask: Ask) -> list[Content]:
    """Return each example to be opened; nothing where there is none."""
    if not info.examples:
        return []
    title, text = phrase("page.examples_title", ask.lang), phrase("page.examples_text", ask.lang)
    shown = [_example(edition, info, item, at, ask) for at, item in enumerate(info.examples, 1)]
    return [html.H2(title), html.P(text), *shown]


def _example(edition: Edition, info: MetricInfo, item: ExampleInfo, at: int, ask: Ask) -> Content:
    dataset = edition.catalogue.datasets.get(info.dataset)
    known = {str(column["name"]): column for column in dataset.columns} if dataset else {}
    columns = [known.get(name, {}) for name in item.columns]
    heads = [Head(column_title(column, name, ask)) for column, name in zip(columns, item.columns, strict=True)]
    rows = [
        [cell_text(_value(value, column), ask) or "\N{EN DASH}" for value, column in zip(row, columns, strict=True)]
        for row in item.rows
    ]
    number = phrase("page.example", ask.lang, number=str(at))
    given = [html.Li(_expected(edition, info, item, period, ask)) for period in item.expect]
    parts: list[Content] = [
        table(phrase("page.example_rows", ask.lang, number=str(at)), heads, rows, className="short")
    ]
    if item.as_of:
        parts.append(html.P(phrase("page.example_as_of", ask.lang, day=day_of(item.as_of, ask))))
    return details(number, *parts, html.Ul(given, className="bullets"))


def _expected(edition: Edition, info: MetricInfo, item: ExampleInfo, period: str, ask: Ask) -> str:
    """Return ``March 2026: 50 %``, with as many decimals as the example was written with."""
    value, decimals = item.expect[period], max(item.decimals[period], 0)
    shown = (
        value_text(value, info.unit, decimals, ask.lang, info.prefix, info.suffix)
        if value is not None
        else phrase("page.example_none", ask.lang)
    )
    return f"{capital(period_name(edition, info, period, ask))}: {shown}"


def _value(value: Any, column: Mapping[str, Any]) -> Any:
    """Return a value of an example; a day or a moment as what its column is."""
    match column.get("type"):
        case "date" if isinstance(value, str):
            return date.fromisoformat(value[:10])
        case "timestamp" if isinstance(value, str):
            return datetime.fromisoformat(value)
    return value
