"""From readings to charts: the little trend of a card, a metric over time, its members as bars, each with its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
    Picture,
    Point,
    draw_bars,
    draw_line,
    figure_of,
    sparkline,
    svg_of,
)
from civicstat.editions import BreakInfo, Edition, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.components import Chart, Markup
from civicstat.pages.layouts.downloads import download_menu
from civicstat.pages.layouts.parts import day_of, named, status_name
from civicstat.pages.layouts.table import details
from civicstat.pages.layouts.view import stood
from civicstat.period import Calendar
from civicstat.results import SCORED, Reading, Status
from civicstat.words import goal_text, period_text, phrase, pick, status_word

__all__ = [
    "bar_of",
    "bars",
    "break_at",
    "break_text",
    "figure",
    "first_stood",
    "line",
    "moving_goals",
    "numbers_of",
    "points_of",
    "source_line",
    "trend",
    "with_notes",
]

_SIZES = (WIDE, NARROW, ROOM)


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


def trend(
    series: Sequence[Reading],
    goal: float | tuple[float, float] | None,
    adds_up: bool,
    goal_from: int = 0,
    moving: Sequence[float | tuple[float, float] | None] = (),
) -> Component | None:
    """Return the little line of a card, its goal from when it stood; a single point is no way, and is not drawn.

    ``moving`` is the goal of each reading where it is another from one to the next.

    Where values add up over time, the part of a period there is so far is no news: it is left out at the ends, and is
    a gap between the others.
    """
    whole = [at for at, item in enumerate(series) if item.complete or not adds_up]
    points = [
        Point("", item.value, _state(item)) if at in whole else Point("", None, "gap")
        for at, item in enumerate(series[: whole[-1] + 1] if whole else ())
        if at >= whole[0]
    ]
    if sum(point.value is not None for point in points) < 2:
        return None
    shown = moving[whole[0] : whole[-1] + 1]
    return Markup(sparkline(points, goal, goal_from=max(goal_from - whole[0], 0), moving=shown), className="trend")


def first_stood(info: MetricInfo, series: Sequence[Reading | None]) -> int:
    """Return at which point of a series the goal stood for the first time."""
    return next((at for at, item in enumerate(series) if item is not None and stood(info, item)), 0)


def moving_goals(info: MetricInfo, series: Sequence[Reading | None]) -> tuple[float | tuple[float, float] | None, ...]:
    """Return the goal at each point of a series where it is another from one to the next, else nothing."""
    goals = [item.goal if item is not None and stood(info, item) else None for item in series]
    begun = goals[first_stood(info, series) :]
    return tuple(goals) if any(goal != begun[-1] for goal in begun) and any(goal is not None for goal in begun) else ()


def line(chart: LineChart) -> Component | None:
    """Return a chart over time in the sizes the style sheet chooses from; None without a single value."""
    return _chart([draw_line(chart, size) for size in _SIZES], chart.numbers.lang, "x")


def bars(chart: BarChart) -> Component | None:
    """Return bars in the sizes the style sheet chooses from; None without any."""
    return _chart([draw_bars(chart, size) for size in _SIZES], chart.numbers.lang, "y")


def _chart(pictures: Sequence[Picture | None], lang: str, along: str) -> Component | None:
    drawn = [picture for picture in pictures if picture is not None]
    if not drawn:
        return None
    first = drawn[0]
    words = {
        "hint": phrase("chart.hint", lang),
        "closer": phrase("chart.closer", lang),
        "farther": phrase("chart.farther", lang),
        "whole": phrase("chart.whole", lang),
    }
    return Chart(
        "".join(svg_of(picture) for picture in drawn),
        figures={picture.size.name: figure_of(picture) for picture in drawn},
        spots=[[spot.x, spot.y, *spot.said] for spot in first.spots],
        labels=list(first.labels),
        along=along,
        label=first.title,
        words=words,
    )


def bar_of(item: Reading, label: str, edition: Edition, info: MetricInfo, ask: Ask) -> Bar:
    """Return a member as a bar."""
    return Bar(label, item.value, item.suppressed, _notes(item, edition, info, ask))


def with_notes(
    points: Sequence[Point], series: Sequence[Reading], edition: Edition, info: MetricInfo, ask: Ask
) -> tuple[Point, ...]:
    """Return points with what those who point at one are told besides its value: its goal then, and its status."""
    return tuple(
        replace(point, notes=_notes(item, edition, info, ask)) for point, item in zip(points, series, strict=True)
    )


def break_at(info: MetricInfo, item: Reading) -> BreakInfo | None:
    """Return the change of what is counted with which a period begins, or that falls into it."""
    if item.start is None or item.end is None:
        return None
    return next((entry for entry in info.breaks if str(item.start) <= entry.on < str(item.end)), None)


def break_text(item: BreakInfo, ask: Ask) -> str:
    """Return what changed in what is counted, and whether what lies before may be compared."""
    key = "page.break_refused" if item.compare == "refuse" else "page.break_marked"
    return phrase(key, ask.lang, day=day_of(item.on, ask), what=pick(item.what, ask.lang))


def _notes(item: Reading, edition: Edition, info: MetricInfo, ask: Ask) -> tuple[str, ...]:
    broken = break_at(info, item)
    return (*_told(item, edition, info, ask), *([break_text(broken, ask)] if broken else []))


def _told(item: Reading, edition: Edition, info: MetricInfo, ask: Ask) -> tuple[str, ...]:
    if item.status in SCORED and not stood(info, item):
        return (phrase("page.before_goal", ask.lang),)
    notes = []
    if item.goal is not None and stood(info, item):
        look = (info.unit, info.decimals, ask.lang, info.prefix, info.suffix, info.compact)
        notes.append(phrase("goal.line", ask.lang, goal=goal_text(item.goal, info.better, *look)))
    if item.status not in (Status.NO_GOAL, Status.INFORMATIONAL):
        notes.append(status_word(status_name(item), ask.lang, edition.catalogue.city.status_words))
    return tuple(notes)


def figure(
    edition: Edition,
    info: MetricInfo,
    drawn: Component | None,
    table: Component,
    ask: Ask,
    opened: bool = False,
    period: str = "",
    by: str = "",
    below: Sequence[Component] = (),
) -> Component:
    """Return a chart with what stands ``below`` it, its table, which a reader opens unless ``opened``, and its source.

    Its downloads hold the readings of ``period`` (without one, of all) ``by`` a dimension.
    """
    shown = table if opened else details(phrase("page.show_table", ask.lang), table)
    tools = html.Div([download_menu(ask, info.name, drawn is not None, period, by)], className="tools")
    marks = named("", data_metric=info.name, data_drawn="svg")
    source = html.Figcaption(source_line(edition, info, ask))
    return html.Figure([drawn, *below, tools, shown, source], className="chart", **marks)


def source_line(edition: Edition, info: MetricInfo, ask: Ask) -> str:
    """Return where a chart's numbers come from, how far they reach, and which edition they are of."""
    behind, published = edition.catalogue.behind(info), edition.published_at.date()
    title = ", ".join(pick(item.title, ask.lang) for item in behind)
    day = day_of(edition.catalogue.complete_through(info), ask)
    if not day:
        return phrase("page.source_line_undated", ask.lang, dataset=title, published=published)
    return phrase("page.source_line", ask.lang, dataset=title, day=day, published=published)
