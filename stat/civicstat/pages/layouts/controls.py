"""The form of a metric's page: period, slice and comparison as plain selects, all of it in the address."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, fields, page_path
from civicstat.pages.components import Hidden
from civicstat.pages.layouts.chosen import Chosen, dimension_title, member_text, parts_of
from civicstat.pages.layouts.parts import named, period_name
from civicstat.period import GRAINS
from civicstat.publish import comparisons
from civicstat.words import capital, phrase

__all__ = ["controls", "option", "select"]


def controls(edition: Edition, chosen: Chosen, ask: Ask) -> Component:
    """Return the form; with scripts off its button asks for the page anew."""
    shown = [_period(edition, chosen, ask)]
    changed = ["period", "compare", "after", "member", "across"]
    kept = []
    if chosen.dimension is not None and ask.tab != "split":
        shown += _members(chosen, ask)
        changed.append("by")
        kept.append(Hidden("by", chosen.dimension.by))
    if ask.tab == "time":
        shown.append(_comparison(chosen, ask))
    kept += [Hidden(name, value) for name, value in fields(ask, *changed)]
    button = html.Button(phrase("page.show", ask.lang), type="submit")
    name = named(phrase("page.controls", ask.lang))
    content = [*kept, *shown, button]
    # Without it a browser that comes back fills in what was chosen before, beside numbers of another period.
    return html.Form(content, action=page_path(ask), method="get", className="controls", autoComplete="off", **name)


def _period(edition: Edition, chosen: Chosen, ask: Ask) -> Component:
    found = sorted(edition.readings(chosen.info.name), key=lambda item: GRAINS.index(item.grain))
    here = chosen.period.key if chosen.period else ""
    groups = []
    for grain, readings in groupby(found, key=lambda item: item.grain):
        keys = [item.period for item in readings]
        options = [option(key, capital(period_name(edition, chosen.info, key, ask)), here) for key in reversed(keys)]
        groups.append(html.Optgroup(options, label=phrase(f"page.by_{grain}", ask.lang)))
    return select("period", phrase("page.period", ask.lang), groups)


def _members(chosen: Chosen, ask: Ask) -> list[Component]:
    """Return a choice among the members, of a cross one for each of its columns."""
    assert chosen.dimension is not None
    shown = []
    for name, part in zip(("member", "across"), parts_of(chosen.dimension), strict=False):
        here = chosen.slice.get(part.by, "")
        options = [option("", phrase("page.all_members", ask.lang), here)]
        options += [option(item, capital(member_text(part, item, ask)), here) for item in part.members]
        shown.append(select(name, dimension_title(part, ask), options))
    return shown


def _comparison(chosen: Chosen, ask: Ask) -> Component:
    options = [option("", phrase("page.compare_none", ask.lang), ask.compare)]
    options += [
        option(value, phrase(f"page.compare_{value}", ask.lang), ask.compare) for value in comparisons(chosen.info)
    ]
    return select("compare", phrase("page.compare", ask.lang), options)


def option(value: str, text: str, here: str) -> Component:
    """Return one choice, marked where it is the one that stands."""
    return html.Option(text, value=value, selected=True) if value == here else html.Option(text, value=value)


def select(name: str, label: str, options: Iterable[Component]) -> Component:
    """Return a labelled choice of the parameter ``name``."""
    field = html.Select(list(options), name=name, id=f"ask-{name}")
    return html.Div([html.Label(label, htmlFor=f"ask-{name}"), field], className="field")
