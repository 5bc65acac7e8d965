"""What happened meanwhile, on a chart over time: a letter where it began, and below the chart when and what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from string import ascii_uppercase

from dash import html
from dash.development.base_component import Component

from civicstat.charts import Happened, LineChart
from civicstat.editions import Edition, EventInfo, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts.parts import day_of
from civicstat.results import Reading
from civicstat.words import phrase, pick

__all__ = ["Shown", "events_shown", "list_of_events", "with_events"]


@dataclass(frozen=True, slots=True)
class Shown:
    """An event that falls among the periods shown, and the letter it has there."""

    event: EventInfo
    mark: Happened


def events_shown(edition: Edition, info: MetricInfo, series: Sequence[Reading]) -> list[Shown]:
    """Return what concerns a metric and began, or went on, in the periods of ``series``; the newest where many did."""
    found: list[tuple[EventInfo, int, int]] = []
    for event in edition.catalogue.events:
        if event.concerns(info):
            inside = [at for at, item in enumerate(series) if _touches(event, item)]
            if inside:
                found.append((event, inside[0], inside[-1]))
    kept = found[-len(ascii_uppercase) :]
    return [
        Shown(event, Happened(first, last, sign))
        for sign, (event, first, last) in zip(ascii_uppercase, kept, strict=False)
    ]


def _touches(event: EventInfo, item: Reading) -> bool:
    if item.start is None or item.end is None:
        return False
    return date.fromisoformat(event.start) < item.end and date.fromisoformat(event.end or event.start) >= item.start


def with_events(drawn: LineChart, shown: Sequence[Shown], ask: Ask) -> LineChart:
    """Return the chart with their letters, and with their words at the points in which they began."""
    points = list(drawn.points)
    for item in shown:
        at = item.mark.first
        note = phrase("chart.event", ask.lang, sign=item.mark.sign, text=pick(item.event.text, ask.lang))
        points[at] = replace(points[at], notes=(*points[at].notes, note))
    return replace(drawn, points=tuple(points), events=tuple(item.mark for item in shown))


def list_of_events(shown: Sequence[Shown], ask: Ask) -> list[Component]:
    """Return what the letters stand for."""
    if not shown:
        return []
    title = phrase("chart.events", ask.lang)
    entries = [part for item in shown for part in (html.Dt(item.mark.sign), html.Dd(_words(item.event, ask)))]
    return [html.Div([html.P(title), html.Dl(entries)], className="events")]


def _words(event: EventInfo, ask: Ask) -> str:
    key = "chart.event_days" if event.end and event.end != event.start else "chart.event_day"
    said = phrase(
        key, ask.lang, text=pick(event.text, ask.lang), start=day_of(event.start, ask), end=day_of(event.end, ask)
    )
    return f"{said} {phrase('chart.event_source', ask.lang, source=event.source)}" if event.source else said
