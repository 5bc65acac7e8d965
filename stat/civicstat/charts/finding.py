"""The sentence that says what a chart shows, from the same values, never typed by hand."""

from __future__ import annotations

from collections.abc import Sequence

from civicstat.charts.data import BLANK, BarChart, Numbers, Point, Target
from civicstat.words import change_ends, change_size, goal_text, phrase

__all__ = ["summary", "summary_of_bars"]

_RUN = 3  # steps in one direction before it is called a direction


def summary(
    points: Sequence[Point], numbers: Numbers, goal: Target | None = None, better: str = "neither", latest: bool = True
) -> str:
    """Return where the measure stands and which way it went, from its complete values alone.

    A direction is named when the last three steps or more all went that way; else the change over the periods shown is
    told. ``latest`` false names the period instead of saying "now", for a page that shows an earlier one.

    >>> values = [88.0, 87.0, 88.5, 90.0, 91.0]
    >>> points = [Point(f"M{at}", value, name=f"month {at}") for at, value in enumerate(values)]
    >>> summary(points, Numbers("percent", 0, "en"), 90, "higher").replace(chr(160), " ")
    'Now 91 %, goal at least 90 %. Rising since month 1.'
    """
    lang = numbers.lang
    shown = [(point, point.value) for point in points if point.state == "final" and point.value is not None]
    if not shown:
        return phrase("chart.nothing", lang)
    last, value = shown[-1]
    places = {"value": numbers.text(value), "period": last.name or last.label}
    when = "now" if latest else "then"
    if goal is None:
        said = phrase(f"chart.{when}", lang, **places)
    else:
        look = (numbers.unit, numbers.decimals, lang, numbers.prefix, numbers.suffix, numbers.compact)
        said = phrase(f"chart.{when}_goal", lang, goal=goal_text(goal, better, *look), **places)
    return " ".join(part for part in (said, _direction(points, numbers)) if part)


def summary_of_bars(chart: BarChart) -> str:
    """Return the highest and the lowest member, "" where there are not two to compare."""
    shown = [(bar.value, bar.label) for bar in chart.bars if bar.value is not None and not bar.withheld]
    bars = [(value, label) for value, label in shown if label != BLANK]
    if len(bars) < 2:
        return ""
    (most, highest), (least, lowest) = max(bars, key=lambda bar: bar[0]), min(bars, key=lambda bar: bar[0])
    if most == least:
        return ""
    values = {"value": chart.numbers.text(most), "least": chart.numbers.text(least)}
    return phrase("chart.ends", chart.numbers.lang, label=highest, other=lowest, **values)


def _direction(points: Sequence[Point], numbers: Numbers) -> str:
    """Return which way the last unbroken run of complete values went."""
    run = _last_run(points)
    if len(run) < 2:
        return ""
    lang, values = numbers.lang, [value for _, value in run]
    for key, went in (("rising", 1), ("falling", -1), ("level", 0)):
        start = len(values) - 1
        while start and _sign(values[start] - values[start - 1]) == went:
            start -= 1
        if len(values) - 1 - start >= _RUN:
            return phrase(f"chart.{key}", lang, period=run[start][0].name or run[start][0].label)
    since = run[0][0].name or run[0][0].label
    look = (numbers.unit, numbers.decimals, lang)
    ends = change_ends(values[-1], values[0], *look)
    if ends is not None:
        return phrase("chart.up_ends" if values[-1] > values[0] else "chart.down_ends", lang, period=since, **ends)
    amount = change_size(values[-1], values[0], *look)
    if amount is None:
        return phrase("chart.little", lang, period=since)
    return phrase("chart.up_since" if values[-1] > values[0] else "chart.down_since", lang, amount=amount, period=since)


def _last_run(points: Sequence[Point]) -> list[tuple[Point, float]]:
    """Return the complete values up to the last one, back to the nearest break."""
    run: list[tuple[Point, float]] = []
    for point in reversed(points):
        if point.state == "final" and point.value is not None:
            run.append((point, point.value))
        elif run:
            break
    return run[::-1]


def _sign(step: float) -> int:
    return (step > 0) - (step < 0)
