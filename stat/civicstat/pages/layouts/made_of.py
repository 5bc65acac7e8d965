"""What a number made of others is made of: each of these with its number, and a way to the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition, MetricInfo
from civicstat.pages.ask import Ask, Changes, link
from civicstat.pages.layouts.chosen import Chosen, member_label, parts_of
from civicstat.pages.layouts.parts import Content, amount_text
from civicstat.pages.layouts.table import Head, table
from civicstat.results import Used
from civicstat.words import capital, period_text, phrase, pick

__all__ = ["made_of_list", "made_of_tab"]


def made_of_tab(edition: Edition, chosen: Chosen, ask: Ask) -> list[Content]:
    """Return a table of the numbers that the number shown is made of."""
    title = html.H2(phrase("page.made_of_title", ask.lang))
    used = _used(edition, chosen)
    if chosen.reading is None or chosen.period is None:
        return [title, _why("page.no_readings", ask)]
    if not used:
        return [title, _why("page.made_of_withheld", ask)]
    caption = phrase("page.made_of_caption", ask.lang, period=capital(period_text(chosen.period, ask.lang)))
    keys = ("page.number", "page.period", "page.part_of_city", "page.value")
    heads = [Head(phrase(key, ask.lang), numeric=key == "page.value") for key in keys]
    rows = [_row(edition, item, ask) for item in used]
    said = html.P(phrase("page.made_of_said", ask.lang), className="prose")
    return [title, said, table(caption, heads, rows)]


def made_of_list(edition: Edition, chosen: Chosen, ask: Ask) -> Component | None:
    """Return the same numbers in short, for the side of the page; None where they are withheld."""
    used = _used(edition, chosen)
    several = [len({item.period for item in used}) > 1, len({str(item.slice) for item in used}) > 1]
    items = []
    for item in used:
        there, *told, value = _row(edition, item, ask)
        apart = [text for text, differs in zip(told, several, strict=True) if differs]
        items.append(html.Li([there, f" ({', '.join(map(str, apart))}): " if apart else ": ", value]))
    return html.Ul(items, className="made") if items else None


def _used(edition: Edition, chosen: Chosen) -> list[Used]:
    return edition.used([chosen.reading])[0] if chosen.reading else []


def _row(edition: Edition, item: Used, ask: Ask) -> list[Content]:
    info, period = edition.catalogue.metrics[item.metric], edition.calendar.parse(item.period)
    there = html.A(pick(info.title, ask.lang), href=_address(info, item, ask))
    return [there, capital(period_text(period, ask.lang)), _part(info, item.slice, ask), _value(edition, item, ask)]


def _value(edition: Edition, item: Used, ask: Ask) -> Content:
    if item.value is None:
        return capital(phrase("chart.no_value", ask.lang))
    return html.Data(amount_text(item.value, edition.catalogue.metrics[item.metric], ask), value=repr(item.value))


def _address(info: MetricInfo, item: Used, ask: Ask) -> str:
    """Return where the rows behind a number are listed."""
    changes: Changes = {"path": f"/m/{info.name}", "period": item.period, "tab": "rows"}
    for dimension in info.dimensions:
        names = [part.by for part in parts_of(dimension)]
        if item.slice and set(names) == set(item.slice):
            members = [item.slice[name] for name in names]
            changes |= {"by": dimension.by, "member": members[0], "across": members[1] if len(members) > 1 else ""}
            break
    return link(ask, **changes)


def _part(info: MetricInfo, chosen: Mapping[str, str], ask: Ask) -> str:
    for dimension in info.dimensions:
        parts = parts_of(dimension)
        if chosen and {part.by for part in parts} == set(chosen):
            return ", ".join(member_label(part, chosen[part.by], ask, always=True) for part in parts)
    return phrase("page.whole", ask.lang)


def _why(key: str, ask: Ask) -> Component:
    return html.P(phrase(key, ask.lang), className="prose empty")
