"""How a metric behaves: the verdict beside its status, limits and signals in its chart, and below how they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from dash import html
from dash.development.base_component import Component

from civicstat.charts import LineChart, Stretch, behaviour_shape
from civicstat.editions import Edition, MetricInfo, RebaseInfo, SpcInfo
from civicstat.pages.ask import Ask
from civicstat.pages.components import Markup
from civicstat.pages.layouts.chosen import Chosen
from civicstat.pages.layouts.table import details
from civicstat.publish import drawn_limits, rule_text, sign_of, verdict
from civicstat.results import ProcessChart, Reading
from civicstat.statistics import Behaviour
from civicstat.words import phrase, pick

__all__ = ["behaviour", "behaviour_of", "how_made", "with_limits"]

_LOOKS: Mapping[str, str] = {
    "common": "none",
    "improvement": "on",
    "concern": "off",
    "change": "none",
    "consistent_pass": "on",
    "consistent_fail": "off",
    "inconsistent": "none",
}


def behaviour_of(edition: Edition, chosen: Chosen) -> ProcessChart | None:
    """Return the process behaviour chart of what is shown; there is one of the metric's own periods alone."""
    info = chosen.info
    if info.spc is None or chosen.period is None or chosen.period.grain != info.period:
        return None
    return edition.chart(info.name, chosen.slice)


def behaviour(edition: Edition, chosen: Chosen, ask: Ask) -> Component | None:
    """Return the verdict: a word and a shape for what the last value is and for what to expect, and a sentence."""
    chart = behaviour_of(edition, chosen)
    if chart is None:
        return None
    found, lang = chart.behaviour, ask.lang
    title = phrase("behaviour.title_none", lang)
    chips: list[Component] = []
    if found is not None and found.variation is not None and found.at is not None:
        title = phrase("behaviour.title", lang, period=edition.calendar.parse(chart.periods[found.at]))
        if found.segments[-1].mean_mr:
            chips = [_chip(sign, ask) for sign in (sign_of(found, found.at) or "common", found.assurance) if sign]
    said = html.P(verdict(chart, chosen.info, edition.calendar, lang))
    return html.Section([html.H2(title), html.Div(chips, className="chips") if chips else None, said])


def _chip(sign: str, ask: Ask) -> Component:
    word = html.Span(phrase(f"behaviour.{sign}", ask.lang))
    return html.Div([Markup(behaviour_shape(sign)), word], className=f"chip chip--{_LOOKS[sign]}")


def with_limits(
    drawn: LineChart,
    chart: ProcessChart | None,
    series: Sequence[Reading],
    edition: Edition,
    info: MetricInfo,
    ask: Ask,
) -> LineChart:
    """Return a chart over time with the limits of the periods it shows, and its signals marked."""
    if chart is None or chart.behaviour is None:
        return drawn
    found = chart.behaviour
    place = {period: at for at, period in enumerate(chart.periods)}
    places = [place.get(item.period) for item in series]
    steps = {step.on: step for step in info.spc.rebase} if info.spc else {}
    points = []
    for point, item, at in zip(drawn.points, series, places, strict=True):
        sign = sign_of(found, at) if at is not None else None
        rule = found.rules[at] if at is not None and sign else None
        step = steps.get(item.start.isoformat()) if item.start else None
        notes = [
            *point.notes,
            *([phrase("behaviour.note", ask.lang, rule=rule_text(rule, info, ask.lang))] if rule else []),
        ]
        notes += [_step(step, edition, info, ask)] if step else []
        points.append(replace(point, notes=tuple(notes), signal=sign))
    summary = " ".join(text for text in (drawn.summary, verdict(chart, info, edition.calendar, ask.lang)) if text)
    return replace(drawn, points=tuple(points), stretches=tuple(_stretches(chart, places)), summary=summary)


def _stretches(chart: ProcessChart, places: Sequence[int | None]) -> list[Stretch]:
    """Return the segments of which something is shown, by the places of what is shown."""
    found = chart.behaviour
    assert found is not None
    stretches = []
    for segment in found.segments:
        shown = [at for at, place in enumerate(places) if place is not None and segment.start <= place <= segment.end]
        if not shown or segment.mean is None or segment.lower is None or not segment.mean_mr:
            continue
        lower, upper = drawn_limits(chart, segment)
        stretches.append(
            Stretch(
                shown[0],
                shown[-1],
                segment.mean,
                None if lower == chart.low else lower,  # where values end there is a line already, or an edge
                None if upper == chart.high else upper,
                segment.trial,
            )
        )
    return stretches


def how_made(edition: Edition, chosen: Chosen, drawn: LineChart, ask: Ask) -> list[Component]:
    """Return what stands below a chart with limits: which shape is which signal, the basis, and each step's cause."""
    chart, info, lang = behaviour_of(edition, chosen), chosen.info, ask.lang
    found = chart.behaviour if chart else None
    if not drawn.stretches or chart is None or found is None or info.spc is None:
        return []
    signs = list(dict.fromkeys(point.signal for point in drawn.points if point.signal))
    shapes = [html.Li([Markup(behaviour_shape(sign)), html.Span(phrase(f"behaviour.{sign}", lang))]) for sign in signs]
    made = [phrase("behaviour.formula", lang)]
    made.append(phrase("behaviour.rules", lang, trend=info.spc.trend, shift=info.spc.shift))
    made.append(phrase(f"behaviour.rules_{info.spc.rules}", lang))
    steps = [html.Li(_step(step, edition, info, ask)) for step in info.spc.rebase]
    explained = html.Div([html.P(" ".join(made)), *([html.Ul(steps)] if steps else [])])
    basis = html.P(_basis(edition, chart, found, info.spc, ask), className="basis")
    legend = (
        [html.Div([html.P(phrase("behaviour.legend", lang)), html.Ul(shapes)], className="legend")] if shapes else []
    )
    return [*legend, basis, details(phrase("behaviour.details", lang), explained)]


def _basis(edition: Edition, chart: ProcessChart, found: Behaviour, spc: SpcInfo, ask: Ask) -> str:
    """Return on which values mean and limits of the last segment rest, and whether ranges were left out."""
    segment = found.segments[-1]
    end = segment.end if found.at is None else found.at  # behind it there are none that count
    first, last = (edition.calendar.parse(chart.periods[at]) for at in (segment.start, end))
    if spc.baseline == segment.count:
        said = phrase("behaviour.basis_first", ask.lang, count=segment.count, first=first)
    else:
        said = phrase("behaviour.basis_all", ask.lang, count=segment.count, first=first, last=last)
    if not spc.screen:
        return f"{said} {phrase('behaviour.unscreened', ask.lang)}"
    return f"{said} {phrase('behaviour.screened', ask.lang, count=segment.screened)}"


def _step(step: RebaseInfo, edition: Edition, info: MetricInfo, ask: Ask) -> str:
    period = edition.calendar.containing(date.fromisoformat(step.on), info.period)
    return phrase("behaviour.step", ask.lang, period=period, why=pick(step.why, ask.lang), by=pick(step.by, ask.lang))
