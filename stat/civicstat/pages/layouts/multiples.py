"""Small charts side by side, one a member of a dimension, all over the same time and on the same scale."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from civicstat.charts import goal_ends, sparkline
from civicstat.editions import DimensionInfo, Edition
from civicstat.pages.ask import Ask, link
from civicstat.pages.components import Markup
from civicstat.pages.layouts.chosen import Chosen
from civicstat.pages.layouts.drawing import first_stood, moving_goals, points_of
from civicstat.pages.layouts.parts import Content, amount_text, value_cell
from civicstat.pages.layouts.promise import goal_moves
from civicstat.pages.layouts.view import around
from civicstat.results import Reading
from civicstat.words import phrase

__all__ = ["multiples"]

_MOST = 12
_HIGH = 150


def multiples(
    edition: Edition, chosen: Chosen, dimension: DimensionInfo, members: Sequence[tuple[str, str]], ask: Ask
) -> list[Content]:
    """Return a small chart for each of the first ``members``, given with their labels.

    Nothing comes where there is no way to show: a single period, or no member with two values.
    """
    info, period = chosen.info, chosen.period
    if period is None:
        return []
    shown = around(edition.readings(info.name, grain=period.grain), period.key)
    keys = [item.period for item in shown]
    held: dict[str, dict[str, Reading]] = {}
    for item in edition.readings(info.name, grain=period.grain, dimension=dimension.by):
        held.setdefault(item.slice[dimension.by], {})[item.period] = item
    series = {
        member: [held.get(member, {}).get(key) for key in keys]
        for member, _ in members
        if sum(_value(held.get(member, {}).get(key)) is not None for key in keys) > 1
    }
    drawn = [(member, label) for member, label in members if member in series][:_MOST]
    if not drawn:
        return []
    judged = [item for items in series.values() for item in items if item is not None and item.gap is not None]
    goal = judged[-1].goal if judged else None  # a goal for the whole says nothing about a part
    ends = _ends([series[member] for member, _ in drawn], goal)
    charts = [
        _small(edition, chosen, dimension, member, label, series[member], goal, ends, ask) for member, label in drawn
    ]
    first, last = (edition.calendar.parse(key) for key in (keys[0], keys[-1]))
    low, high = (amount_text(end, info, ask) for end in ends)
    key = "page.multiples_goal" if goal is not None else "page.multiples_said"
    said = phrase(key, ask.lang, count=len(drawn), first=first, last=last, low=low, high=high)
    title = html.H2(phrase("page.multiples_title", ask.lang))
    return [title, html.P(said, className="soft"), html.Ul(charts, className="multiples")]


def _small(
    edition: Edition,
    chosen: Chosen,
    dimension: DimensionInfo,
    member: str,
    label: str,
    series: Sequence[Reading | None],
    goal: float | tuple[float, float] | None,
    ends: tuple[float, float],
    ask: Ask,
) -> Component:
    assert chosen.period is not None
    here = next((item for item in series if item is not None and item.period == chosen.period.key), None)
    value = value_cell(here, chosen.info, ask) if here else None
    name = html.A(label, href=link(ask, by=dimension.by, member=member, tab="time"))
    info, moving = chosen.info, moving_goals(chosen.info, series)
    if goal_moves(info):  # each part is held against its own
        goal = next((item.goal for item in reversed(series) if item is not None and item.gap is not None), None)
    points = points_of(series, edition.calendar, ask)
    picture = sparkline(points, goal, ends, _HIGH, first_stood(info, series), moving)
    return html.Li([html.P([name, " ", html.B(value)]), Markup(picture, className="trend")])


def _ends(series: Sequence[Sequence[Reading | None]], goal: float | tuple[float, float] | None) -> tuple[float, float]:
    """Return the least and the greatest value of all, the goal among them."""
    values = [value for items in series for item in items if (value := _value(item)) is not None]
    promised = {goal, *(item.goal for items in series for item in items if item and item.gap is not None)}
    goals = [end for each in promised for end in goal_ends(each)]
    return min(values + goals), max(values + goals)


def _value(item: Reading | None) -> float | None:
    return item.value if item else None
