"""How a number is counted: in words, what is set aside, the query and the declaration, its source, owner and tests."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.chosen import Chosen
from civicstat.pages.layouts.drawing import break_text
from civicstat.pages.layouts.examples import examples_part
from civicstat.pages.layouts.parts import Content, day_of, period_name
from civicstat.pages.layouts.table import Head, details, table
from civicstat.words import capital, keys, number, phrase, pick

__all__ = ["how_tab", "said_or_code"]


def how_tab(edition: Edition, chosen: Chosen, ask: Ask) -> list[Content]:
    """Return how the metric is counted, for whoever wants to check it."""
    info = chosen.info
    sentences = info.counted.get(ask.lang) or next(iter(info.counted.values()), ())
    parts: list[Content] = [html.H2(phrase("page.how_words", ask.lang))]
    parts.append(html.Ul([html.Li(text) for text in sentences], className="bullets prose"))
    if info.warning:
        parts.append(html.P(pick(info.warning, ask.lang), className="prose"))
    for key, text in (("page.method", info.method), ("page.caveats", info.caveats)):
        if text:
            parts += [html.H2(phrase(key, ask.lang)), html.P(pick(text, ask.lang), className="prose")]
    if info.breaks:
        parts.append(html.H2(phrase("page.breaks", ask.lang)))
        parts.append(html.Ul([html.Li(break_text(item, ask)) for item in info.breaks], className="bullets prose"))
    parts += _aside(edition, chosen, ask)
    parts += [html.H2(phrase("page.how_source", ask.lang)), _source(edition, chosen, ask)]
    parts += examples_part(edition, info, ask)
    parts += [html.H2(phrase("page.how_exactly", ask.lang)), html.P(phrase("page.how_exactly_text", ask.lang))]
    if info.sql:
        parts.append(details(phrase("page.show_sql", ask.lang), _code(info.sql)))
    if info.declaration:
        parts.append(details(phrase("page.show_declaration", ask.lang), _code(info.declaration)))
    return [html.Div(parts, className="how")]


def _code(text: str) -> Component:
    return html.Pre(html.Code(text), tabIndex="0")


def _aside(edition: Edition, chosen: Chosen, ask: Ask) -> list[Content]:
    reading, period = chosen.reading, chosen.period
    if reading is None or period is None or not reading.aside:
        return []
    heads = [Head(phrase("page.reason", ask.lang)), Head(phrase("page.records_head", ask.lang), numeric=True)]
    rows = [[said_or_code("page.aside_", code, ask), number(count, ask.lang)] for code, count in reading.aside.items()]
    caption = phrase("page.aside_caption", ask.lang, period=period_name(edition, chosen.info, period.key, ask))
    return [html.H2(phrase("page.aside_title", ask.lang)), table(caption, heads, rows, className="short")]


def said_or_code(group: str, code: str, ask: Ask) -> str:
    """Return the phrase ``group`` has for a code, or the code itself where it has none."""
    key = group + code.replace("-", "_")
    return phrase(key, ask.lang) if key in keys(group) else code


def _source(edition: Edition, chosen: Chosen, ask: Ask) -> Component:
    info = chosen.info
    pairs: list[tuple[str, Content]] = []
    for metric in (edition.catalogue.metrics[name] for name in info.made_of):
        pairs.append(("page.made_of", html.A(pick(metric.title, ask.lang), href=link(ask, path=f"/m/{metric.name}"))))
    for dataset in edition.catalogue.behind(info):
        title = html.A(pick(dataset.title, ask.lang), href=link(ask, path=f"/data/{dataset.name}"))
        pairs += [("page.dataset", title), ("page.one_row", capital(pick(dataset.row, ask.lang)))]
    through = edition.catalogue.complete_through(info)
    if through:
        pairs.append(("page.complete_through", day_of(through, ask)))
    if info.owner:
        pairs.append(("page.side_owner", capital(pick(info.owner, ask.lang))))
    if info.since:
        pairs.append(("page.since", day_of(info.since, ask)))
    count = len(info.examples)
    tested = phrase("page.tests", ask.lang, count=count) if count else phrase("page.tests_none", ask.lang)
    pairs.append(("page.tested", tested))
    entries: list[Component] = []
    for key, value in pairs:
        entries += [html.Dt(phrase(key, ask.lang)), html.Dd(value)]
    return html.Dl(entries, className="pairs")
