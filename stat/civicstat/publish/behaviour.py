"""What a process behaviour chart says: in plain words for readers, and as JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from civicstat.editions import Edition, MetricInfo
from civicstat.period import Calendar
from civicstat.publish.answer import number
from civicstat.results import LEAST, ProcessChart
from civicstat.statistics import Behaviour, Rule, Segment
from civicstat.words import phrase, plain, target_digits, value_text

__all__ = ["Sign", "behaviour_json", "drawn_limits", "last_said", "metric_behaviour", "rule_text", "sign_of", "verdict"]

Sign = Literal["improvement", "concern", "change"]
"""Of what a value is a signal."""


@dataclass(frozen=True, slots=True)
class _Look:
    """The numbers of a metric as text; a value that follows another needs no unit before it."""

    info: MetricInfo
    lang: str

    def goal(self, target: float) -> str:
        info = self.info
        digits = target_digits(target, info.decimals)
        return value_text(target, info.unit, digits, self.lang, info.prefix, info.suffix, info.compact)

    def text(self, value: float, unit: bool = True) -> str:
        info = self.info
        shown = info.unit if unit or info.unit in ("percent", "dollars") else ""
        return value_text(
            value, shown, info.decimals, self.lang, info.prefix, info.suffix if unit else "", info.compact
        )


def sign_of(found: Behaviour, at: int) -> Sign | None:
    """Return of what the value at a place is a signal; None where it is of the common kind, missing or not judged."""
    kind = found.kind(at)
    if kind is None or kind == "common_cause":
        return None
    return "improvement" if kind.endswith("improvement") else "concern" if kind.endswith("concern") else "change"


def rule_text(rule: Rule, info: MetricInfo, lang: str) -> str:
    """Return why a value is a signal."""
    assert info.spc is not None
    points = info.spc.trend if rule.startswith("trend") else info.spc.shift
    return phrase(f"behaviour.{rule}", lang, points=points)


def drawn_limits(chart: ProcessChart, segment: Segment) -> tuple[float | None, float | None]:
    """Return the limits of a segment, cut where values end: nothing is counted below zero or above 100 %."""
    lower, upper = segment.lower, segment.upper
    if lower is not None and chart.low is not None:
        lower = max(lower, chart.low)
    if upper is not None and chart.high is not None:
        upper = min(upper, chart.high)
    return lower, upper


def verdict(chart: ProcessChart, info: MetricInfo, calendar: Calendar, lang: str) -> str:
    """Return what the last value says of the series and, where there is a goal, what to expect of it."""
    found = chart.behaviour
    if chart.refused or found is None or found.variation is None or found.at is None:
        return _silence(chart, info, calendar, lang)
    segment = found.segments[-1]
    lower, upper = drawn_limits(chart, segment)
    if lower is None or upper is None or not segment.mean_mr:
        return phrase("behaviour.still", lang)
    said = [_said(found, found.at, info, lang)]
    look = _Look(info, lang)
    places = {"low": look.text(lower, unit=False), "high": look.text(upper)}
    if chart.target is not None and found.assurance:
        said.append(phrase(f"behaviour.limits_{found.assurance}", lang, goal=look.goal(chart.target), **places))
        if segment.trial:
            said.append(phrase("behaviour.trial", lang, count=segment.count))
    elif segment.trial:
        said.append(phrase("behaviour.limits_trial", lang, count=segment.count, **places))
    else:
        said.append(phrase("behaviour.limits", lang, **places))
    return " ".join(said)


def last_said(chart: ProcessChart | None, period: str, info: MetricInfo, lang: str) -> str | None:
    """Return of which kind the value of ``period`` is, in a sentence; None where it does not speak for its series."""
    found = chart.behaviour if chart else None
    if chart is None or chart.refused or chart.period != period or found is None or found.at is None:
        return None
    return _said(found, found.at, info, lang) if found.variation and found.segments[-1].mean_mr else None


def _said(found: Behaviour, at: int, info: MetricInfo, lang: str) -> str:
    sign, rule = sign_of(found, at), found.rules[at]
    if sign and rule:
        return phrase(f"behaviour.said_{sign}", lang, rule=rule_text(rule, info, lang))
    return phrase("behaviour.said_common", lang)


def _silence(chart: ProcessChart, info: MetricInfo, calendar: Calendar, lang: str) -> str:
    """Return why nothing is said of a series."""
    if chart.refused in ("rare", "step_outside", "seasonal"):
        return phrase(f"behaviour.{chart.refused}", lang)
    least = max(LEAST, info.spc.least if info.spc else 0)
    segments = chart.behaviour.segments if chart.behaviour else ()
    if len(segments) > 1:
        since = calendar.parse(chart.periods[segments[-1].start])
        return phrase("behaviour.too_few_since", lang, period=since, least=least)
    return phrase("behaviour.too_few", lang, least=least)


def metric_behaviour(
    edition: Edition, info: MetricInfo, lang: str, slices: Collection[Mapping[str, str]] | None = None
) -> dict[str, Any]:
    """Return the charts of a metric as JSON, of some ``slices`` or of all, and how they are made."""
    assert info.spc is not None
    chosen = [item for item in edition.charts(info.name) if slices is None or item.slice in slices]
    charts = [behaviour_json(item, info, edition.calendar, lang) for item in chosen]
    return {"metric": info.name, "unit": info.unit, "edition": edition.id, "method": asdict(info.spc), "charts": charts}


def behaviour_json(chart: ProcessChart, info: MetricInfo, calendar: Calendar, lang: str) -> dict[str, Any]:
    """Return a chart as JSON: limits as computed, not cut, and the rule of each value that is a signal."""
    found = chart.behaviour
    rules = zip(chart.periods, found.rules if found else (), strict=False)
    return {
        "slice": dict(chart.slice),
        "period": chart.period,
        "variation": found.variation if found else None,
        "assurance": found.assurance if found else None,
        "target": number(chart.target),
        "refused": chart.refused,
        "said": plain(verdict(chart, info, calendar, lang)),
        "segments": [_segment_json(item, chart) for item in (found.segments if found else ())],
        "signals": {period: rule for period, rule in rules if rule not in (None, "common_cause")},
    }


def _segment_json(item: Segment, chart: ProcessChart) -> dict[str, Any]:
    return {
        "first": chart.periods[item.start],
        "last": chart.periods[item.end],
        "basis": item.count,
        "trial": item.trial,
        "mean": item.mean,
        "mean_moving_range": item.mean_mr,
        "screened": item.screened,
        "lower": item.lower,
        "upper": item.upper,
        "near_lower": item.near_lower,
        "near_upper": item.near_upper,
    }
