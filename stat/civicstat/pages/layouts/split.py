"""A metric by dimension: bars and a table, the worst first, each member a way to its own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from civicstat.charts import BarChart
from civicstat.editions import DimensionInfo, Edition, MetricInfo
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.chosen import BLANK, OTHER, Chosen, dimension_title, member_label
from civicstat.pages.layouts.drawing import bar_of, bars, figure, numbers_of
from civicstat.pages.layouts.matrix import matrix
from civicstat.pages.layouts.multiples import multiples
from civicstat.pages.layouts.parts import Content, interval_text, link_list, period_name, reading_chip, value_cell
from civicstat.pages.layouts.promise import goal_cell, goal_moves
from civicstat.pages.layouts.table import Head, table
from civicstat.publish import is_unstable, order_is_uncertain
from civicstat.results import Reading
from civicstat.statistics import UNSTABLE_UNDER
from civicstat.words import capital, number, phrase

__all__ = ["split_chart", "split_tab"]

_UNRANKED = {OTHER: "page.unranked_other", BLANK: "page.unranked_blank"}
_BARS = 30  # more than that is a list, and the table is one


def split_tab(edition: Edition, chosen: Chosen, ask: Ask) -> list[Content]:
    """Return the members of the chosen dimension in the chosen period."""
    dimension, period, info = chosen.dimension, chosen.period, chosen.info
    parts: list[Content] = []
    if len(info.dimensions) > 1:
        links = [
            (dimension_title(item, ask), link(ask, by=item.by, tab="split"), item == dimension)
            for item in info.dimensions
        ]
        parts.append(link_list(links, phrase("page.dimensions", ask.lang), "picks", "true"))
    if dimension is None or period is None:
        return [*parts, html.P(phrase("page.no_readings", ask.lang), className="empty")]
    title = _title(edition, chosen, ask)
    if dimension.parts:
        return [*parts, html.H2(title), *_notes(dimension, (), ask), *matrix(edition, chosen, title, ask)]
    found = _members(edition, chosen)
    if not found:
        return [*parts, html.H2(title), html.P(phrase("page.no_readings", ask.lang), className="empty")]
    chart = split_chart(edition, chosen, ask)
    grid = _table(edition, chosen, found, title, ask)
    drawn = bars(chart) if chart else None
    shown = figure(edition, info, drawn, grid, ask, opened=True, period=period.key, by=dimension.by)
    cut = sum(map(_has_bar, found)) > _BARS
    note = html.P(phrase("page.bars_first", ask.lang, count=_BARS), className="soft") if cut else None
    members = [(item.slice[dimension.by], member_label(dimension, item.slice[dimension.by], ask)) for item in found]
    return [
        *parts,
        html.H2(title),
        *_notes(dimension, found, ask),
        *_chance(dimension, found, info, ask),
        note,
        shown,
        *multiples(edition, chosen, dimension, members, ask),
    ]


def split_chart(edition: Edition, chosen: Chosen, ask: Ask) -> BarChart | None:
    """Return the members of the chosen dimension as bars; None where there is nothing to draw."""
    dimension, info = chosen.dimension, chosen.info
    if dimension is None or dimension.parts or chosen.period is None:
        return None
    found = _members(edition, chosen)
    shown = tuple(
        bar_of(item, member if member == BLANK else member_label(dimension, member, ask), edition, info, ask)
        for item in list(filter(_has_bar, found))[:_BARS]
        for member in [item.slice[dimension.by]]
    )
    goals = {item.goal for item in found if item.goal is not None}
    goal = next(iter(goals)) if len(goals) == 1 else None  # parts with goals of their own have no one line
    return BarChart(_title(edition, chosen, ask), shown, numbers_of(info, ask), goal) if shown else None


def _has_bar(item: Reading) -> bool:
    """Return whether a member has a place in the chart: a value, or the word that it is withheld."""
    return item.value is not None or item.suppressed


def _members(edition: Edition, chosen: Chosen) -> list[Reading]:
    """Return the members in the order in which they are shown: the worst first, or the dimension's own order.

    The rest and the missing one stand last.
    """
    dimension = chosen.dimension
    assert dimension is not None
    assert chosen.period is not None
    found = edition.readings(chosen.info.name, period=chosen.period.key, dimension=dimension.by)
    ordered = found if dimension.ordered else _worst_first(found, chosen.info)
    place = {member: at for at, member in enumerate(dimension.members)} if dimension.ordered else {}
    last = _last(dimension)

    def key(item: Reading) -> tuple[int, int]:
        member = item.slice[dimension.by]
        return last.get(member, 0), place.get(member, 0)

    return sorted(ordered, key=key)


def _notes(dimension: DimensionInfo, found: Sequence[Reading], ask: Ask) -> list[Content]:
    """Return what to know before adding members up, missing one, or wondering at the one that stands last."""
    said = [phrase("page.overlapping", ask.lang)] if dimension.multiple else []
    said += [phrase("page.least", ask.lang, count=dimension.min_n)] if dimension.min_n else []
    if not dimension.ordered:
        shown = {item.slice[dimension.by] for item in found}
        said += [phrase(_UNRANKED[member], ask.lang) for member in _last(dimension) if member in shown]
    return [html.P(" ".join(said), className="soft")] if said else []


def _chance(dimension: DimensionInfo, found: Sequence[Reading], info: MetricInfo, ask: Ask) -> list[Content]:
    """Return what chance has to do with the order, and with a rate of few events."""
    ranked = [item for item in found if item.slice[dimension.by] not in _last(dimension)]
    said = []
    if not dimension.ordered and order_is_uncertain(ranked, info):
        said.append(phrase("page.order_uncertain", ask.lang))
    if any(is_unstable(item, info) for item in found):
        said.append(phrase("page.unstable", ask.lang, count=UNSTABLE_UNDER))
    return [html.P(" ".join(said), className="soft")] if said else []


def _last(dimension: DimensionInfo) -> Mapping[str, int]:
    """Return the members that are not ranked, with their place after those that are."""
    return {OTHER: 1, BLANK: 2} if dimension.kind == "top" else {BLANK: 2}


def _title(edition: Edition, chosen: Chosen, ask: Ask) -> str:
    assert chosen.dimension is not None
    assert chosen.period is not None
    return phrase(
        "page.split_title",
        ask.lang,
        period=capital(period_name(edition, chosen.info, chosen.period.key, ask)),
        dimension=capital(dimension_title(chosen.dimension, ask), lower=True),
    )


def _worst_first(found: Sequence[Reading], info: MetricInfo) -> list[Reading]:
    """Return members with the worst first: farthest from the goal, else by value; those without a value last."""

    def place(item: Reading) -> tuple[bool, float]:
        if item.value is None:
            return True, 0.0
        if item.gap is not None:
            return False, -item.gap
        return False, item.value if info.better == "higher" else -item.value

    return sorted(found, key=place)


def _table(edition: Edition, chosen: Chosen, found: Sequence[Reading], title: str, ask: Ask) -> Component:
    info, dimension = chosen.info, chosen.dimension
    assert dimension is not None
    moves = goal_moves(info)
    records = [] if info.made_of else [Head(phrase("page.records_head", ask.lang), numeric=True)]
    heads = [
        Head(dimension_title(dimension, ask)),
        *records,
        Head(phrase("page.value", ask.lang), numeric=True),
        *([Head(phrase("page.goal_head", ask.lang), numeric=True)] if moves else []),
        *([Head(phrase("page.interval_head", ask.lang), numeric=True)] if info.chance else []),
        Head(phrase("page.status", ask.lang)),
    ]
    rows: list[list[Content]] = []
    for item in found:
        member = item.slice[dimension.by]
        here = html.A(member_label(dimension, member, ask), href=link(ask, by=dimension.by, member=member, tab="time"))
        count = "" if item.n is None or item.suppressed else number(item.n, ask.lang)
        counted = [] if info.made_of else [count]  # what is made of others counts no records of its own
        between = [interval_text(item, info, ask)] if info.chance else []
        chip = reading_chip(item, edition.catalogue.city, ask)
        promised = [goal_cell(item, info, ask)] if moves else []
        rows.append([here, *counted, value_cell(item, info, ask), *promised, *between, chip])
    order = "page.sorted_caption" if info.better == "neither" else "page.worst_first_caption"
    order = "page.in_order_caption" if dimension.ordered else order
    return table(phrase(order, ask.lang, title=title), heads, rows)
