"""From readings to charts: the little trend of a card, a metric over time, its members as bars, each with its table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from dash import html
from dash.development.base_component import Component

from civicstat.charts import (
    NARROW,
    ROOM,
    WIDE,
    Bar,
    BarChart,
    LineChart,
    Numbers,
    Point,
    Size,
    bar_chart,
    line_chart,
    sparkline,
)
from civicstat.editions import Edition, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.components import Markup
from civicstat.pages.layouts.parts import day_of, named
from civicstat.pages.layouts.table import details
from civicstat.period import Calendar
from civicstat.results import Reading
from civicstat.words import period_text, phrase, pick

__all__ = ["bars", "figure", "line", "numbers_of", "points_of", "trend"]


def numbers_of(info: MetricInfo, ask: Ask) -> Numbers:
    """Return how a metric's values are printed."""
    return Numbers(info.unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)


def points_of(series: Sequence[Reading | None], calendar: Calendar, ask: Ask) -> tuple[Point, ...]:
    """Return readings as points of a chart; one that is missing is a gap."""
    points = []
    for item in series:
        if item is None:
            points.append(Point("", None, "gap"))
            continue
        period = calendar.parse(item.period)
        points.append(
            Point(period_text(period, ask.lang, short=True), item.value, _state(item), period_text(period, ask.lang))
        )
    return tuple(points)


def _state(item: Reading) -> Literal["final", "provisional", "partial", "gap"]:
    if item.value is None:
        return "gap"
    if not item.complete:
        return "partial"
    return "final" if item.final else "provisional"


def trend(series: Sequence[Reading], goal: float | tuple[float, float] | None, adds_up: bool) -> Component | None:
    """Return the little line of a card; a single point is no way, and is not drawn.

    Where values add up over time, the part of a period there is so far is no news, and is left out.
    """
    kept = [item for item in series if item.complete or not adds_up]
    points = tuple(Point("", item.value, _state(item)) for item in kept)
    if sum(point.value is not None for point in points) < 2:
        return None
    return Markup(sparkline(points, goal), className="trend")


def line(chart: LineChart) -> Component:
    """Return a chart over time in the sizes the style sheet chooses from."""
    return _sizes(lambda size: line_chart(chart, size))


def bars(chart: BarChart) -> Component:
    """Return bars in the sizes the style sheet chooses from."""
    return _sizes(lambda size: bar_chart(chart, size))


def _sizes(draw: Callable[[Size], str]) -> Component:
    return Markup("".join(draw(size) for size in (WIDE, NARROW, ROOM)), className="drawing")


def bar_of(item: Reading, label: str) -> Bar:
    """Return a member as a bar."""
    return Bar(label, item.value, item.suppressed)


def figure(
    edition: Edition, info: MetricInfo, drawn: Component | None, table: Component, ask: Ask, opened: bool = False
) -> Component:
    """Return a chart with its table, which a reader opens unless ``opened``, and where both come from."""
    dataset = edition.catalogue.datasets[info.dataset]
    source = phrase(
        "page.source_line",
        ask.lang,
        dataset=pick(dataset.title, ask.lang),
        day=day_of(dataset.complete_through, ask) or phrase("page.unknown", ask.lang),
        published=edition.published_at.date(),
    )
    shown = table if opened else details(phrase("page.show_table", ask.lang), table)
    marks = named("", data_metric=info.name, data_drawn="svg")
    return html.Figure([drawn, shown, html.Figcaption(source)], className="chart", **marks)
