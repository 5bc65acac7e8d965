"""A metric over time: the finding in a sentence, the line with its goal and comparison, and the table behind it."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from civicstat.charts import LineChart, Point, summary
from civicstat.editions import Edition, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts.behaviour import behaviour_of, how_made, with_limits
from civicstat.pages.layouts.chosen import Chosen, part_text
from civicstat.pages.layouts.compared import compared_text
from civicstat.pages.layouts.drawing import (
    break_at,
    break_text,
    figure,
    first_stood,
    line,
    moving_goals,
    numbers_of,
    points_of,
    with_notes,
)
from civicstat.pages.layouts.events import events_shown, list_of_events, with_events
from civicstat.pages.layouts.parts import Content, amount_text, period_name, reading_chip, value_cell
from civicstat.pages.layouts.promise import goal_cell, goal_moves
from civicstat.pages.layouts.table import Head, Row, table
from civicstat.pages.layouts.view import around, stood
from civicstat.publish import earlier_readings, reading_gap
from civicstat.results import SCORED, Reading
from civicstat.words import capital, change_text, number, phrase, pick

__all__ = ["finding", "status_cell", "time_chart", "time_tab"]

_EARLIER = ("previous", "year")


def finding(edition: Edition, chosen: Chosen, ask: Ask) -> str:
    """Return the sentence a reader should leave with: the value, its goal, which way it went; "" if none is settled."""
    reading, info = chosen.reading, chosen.info
    if reading is None or reading.value is None or info.error is not None or not (reading.complete and reading.final):
        return ""  # what is not settled has its own sentence beside the number
    shown = around(chosen.readings(edition), reading.period)  # what the chart shows, no more
    refused = (item.on for item in info.breaks if item.compare == "refuse" and item.on <= str(reading.start))
    last = max(refused, default="")
    alike = [item for item in shown if _up_to(item, reading) and str(item.start) >= last]
    points = points_of(alike, edition.calendar, ask)
    latest = chosen.shown.reading is not None and chosen.shown.reading.period == reading.period
    said = summary(points, numbers_of(info, ask), reading.goal, info.better, latest)
    part = part_text(chosen, ask)
    return phrase("page.of_part", ask.lang, part=part, said=said) if part else said


def time_tab(edition: Edition, chosen: Chosen, ask: Ask) -> list[Content]:
    """Return the chart over time with its table."""
    chart = time_chart(edition, chosen, ask)
    if chart is None or chosen.period is None:
        return [html.P(phrase("page.no_readings", ask.lang), className="empty")]
    found = chosen.readings(edition)
    series = around(found, chosen.period.key)
    earlier = earlier_readings(edition, chosen.info, series, ask.compare) if ask.compare in _EARLIER else []
    grid = _table(edition, chosen, series, earlier, chart.title, ask)
    # One value is no way: its table says all there is.
    alone = sum(point.value is not None for point in chart.points) == 1
    shown = events_shown(edition, chosen.info, series)
    below = [] if alone else [*list_of_events(shown, ask), *how_made(edition, chosen, chart, ask)]
    drawn = figure(edition, chosen.info, None if alone else line(chart), grid, ask, opened=alone, below=below)
    others = [_others(chosen.info, ask)] if ask.compare == "benchmark" else []
    said = compared_text(edition, chosen, ask)
    warned = html.P(pick(chosen.info.warning, ask.lang), className="prose") if chosen.info.warning else None
    return [html.H2(chart.title), html.P(said, className="prose") if said else None, warned, drawn, *others]


def time_chart(edition: Edition, chosen: Chosen, ask: Ask) -> LineChart | None:
    """Return the chart over time; None where no period has a value."""
    info, period = chosen.info, chosen.period
    found = chosen.readings(edition)
    if period is None or not any(item.value is not None for item in found):
        return None
    series = around(found, period.key)
    compared = earlier_readings(edition, info, series, ask.compare) if ask.compare == "year" else []
    points = points_of(series, edition.calendar, ask)
    beside = points_of(compared, edition.calendar, ask)
    label = phrase("page.compare_year", ask.lang) if compared else ""
    if ask.compare == "benchmark":  # the first that the city names is drawn, the table has them all
        other = info.benchmarks[0]
        beside = tuple(Point(point.label, other.value, "final", point.name) for point in points)
        label = phrase("page.benchmark_label", ask.lang, who=pick(other.who, ask.lang), year=str(other.year))
    plain = LineChart(
        title=_title(edition, series, period.grain, ask),
        points=with_notes(points, series, edition, info, ask),
        numbers=numbers_of(info, ask),
        goal=next((item.goal for item in reversed(series) if item.goal is not None), None),
        goal_from=first_stood(info, series),
        goals=moving_goals(info, series),
        slopes=info.goal is not None and info.goal.plan.get("form") == "slope",
        compare=beside,
        compare_label=label,
        summary=finding(edition, chosen, ask),
        breaks=tuple(at for at, item in enumerate(series) if break_at(info, item)),
        mark=next((at for at, item in enumerate(series) if ask.period == item.period), None),
    )
    drawn = with_events(plain, events_shown(edition, info, series), ask)
    limits = None if beside else behaviour_of(edition, chosen)  # two lines and limits would be one too many
    return with_limits(drawn, limits, series, edition, info, ask)


def _others(info: MetricInfo, ask: Ask) -> Component:
    """Return what others achieve, each with its year and where it can be looked up."""
    keys = ("page.benchmark_who", "page.value", "page.benchmark_year", "page.side_source")
    heads = [Head(phrase(key, ask.lang), numeric=key == "page.value") for key in keys]
    rows: list[list[Content]] = [
        [pick(item.who, ask.lang), amount_text(item.value, info, ask), str(item.year), pick(item.source, ask.lang)]
        for item in info.benchmarks
    ]
    return table(phrase("page.benchmark_caption", ask.lang), heads, rows)


def _up_to(item: Reading, reading: Reading) -> bool:
    return item.start is None or reading.start is None or item.start <= reading.start


def _title(edition: Edition, series: Sequence[Reading], grain: str, ask: Ask) -> str:
    by = phrase(f"page.by_{grain}", ask.lang)
    if series[0].start is None or len(series) == 1:
        return by
    first, last = (edition.calendar.parse(item.period) for item in (series[0], series[-1]))
    return phrase("page.time_title", ask.lang, grain=by, first=first, last=last)


def _table(
    edition: Edition,
    chosen: Chosen,
    series: Sequence[Reading],
    earlier: Sequence[Reading | None],
    title: str,
    ask: Ask,
) -> Component:
    info = chosen.info
    heads = [
        Head(phrase("page.period", ask.lang)),
        Head(phrase("page.value", ask.lang), numeric=True),
        Head(phrase("page.records_head", ask.lang), numeric=True),
        Head(phrase("page.status", ask.lang)),
    ]
    moves = goal_moves(info)
    if ask.compare == "goal":
        heads[2:2] = [Head(phrase("page.side_goal", ask.lang))]
    if moves:
        heads[2:2] = [Head(phrase("page.goal_head", ask.lang), numeric=True)]
    if earlier:
        compared = [Head(phrase(f"page.compare_{ask.compare}", ask.lang), numeric=True)]
        heads[2:2] = [*compared, Head(phrase("page.change", ask.lang), numeric=True)]
    rows = []
    for at in reversed(range(len(series))):
        item = series[at]
        period: Content = capital(period_name(edition, info, item.period, ask))
        if broken := break_at(info, item):
            period = html.Span([period, html.Br(), html.Small(break_text(broken, ask))])
        cells: list[Content] = [period, value_cell(item, info, ask), *([goal_cell(item, info, ask)] if moves else [])]
        if ask.compare == "goal":
            cells.append(reading_gap(item, info, ask.lang) if stood(info, item) else "")
        if earlier:
            cells += _compared(item, earlier[at], chosen, ask)
        count = "" if item.n is None or item.suppressed else number(item.n, ask.lang)
        here = item.period == ask.period
        rows.append(Row([*cells, count, status_cell(edition, item, info, ask)], here=here))
    return table(title, heads, rows)


def status_cell(edition: Edition, item: Reading, info: MetricInfo, ask: Ask) -> Component:
    """Return a reading's status; where the goal was set later, that instead of what it would have been."""
    if item.status in SCORED and not stood(info, item):
        return html.Span(phrase("page.before_goal", ask.lang), className="soft")
    return reading_chip(item, edition.catalogue.city, ask)


def _compared(item: Reading, other: Reading | None, chosen: Chosen, ask: Ask) -> list[Content]:
    """Return the earlier value and the change since, where both are complete."""
    info = chosen.info
    if other is None:
        return ["", ""]
    moved = ""
    if item.value is not None and other.value is not None and item.complete and other.complete:
        span = "year" if ask.compare == "year" else "previous"
        moved = change_text(item.value, other.value, info.unit, info.decimals, ask.lang, span)
    return [value_cell(other, info, ask), moved]
