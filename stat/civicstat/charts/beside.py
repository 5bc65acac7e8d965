"""The words to the right of a line chart: the goal, the last value, the comparison."""

from __future__ import annotations

from dataclasses import dataclass

from civicstat.charts.data import LineChart, Point, Size, goal_ends
from civicstat.words import phrase

__all__ = ["Label", "beside"]


@dataclass(frozen=True, slots=True)
class Label:
    """Words in one line or two, the value they would like to stand beside, and ``at`` which period, if at one."""

    lines: tuple[str, ...]
    value: float
    class_: str
    at: int | None = None


def beside(chart: LineChart, size: Size) -> list[Label]:
    """Return the labels; a narrow chart breaks that of the goal after its first word, and leaves out units."""
    labels: list[Label] = []
    if chart.goal is not None:
        ends = goal_ends(chart.goal)
        words = chart.numbers.goal(chart.goal)
        lines = words.split(" ", 1) if size.narrow else [words]
        labels.append(Label(tuple(lines), sum(ends) / len(ends), "chart-goal-label"))
    last, at = chart.points[-1], len(chart.points) - 1
    if last.value is not None and last.state != "gap":
        class_ = "chart-value" if last.state == "final" else "chart-soft"
        labels.append(Label((_ending(chart, last, last.value, size),), last.value, class_, at))
    compared = [point.value for point in chart.compare if point.value is not None and point.state == "final"]
    if compared and chart.compare_label:
        labels.append(Label((chart.compare_label,), compared[-1], "chart-compare-label", at))
    if chart.stretches and not size.narrow and not compared:
        labels += _limits(chart)
    return labels


def _limits(chart: LineChart) -> list[Label]:
    """Return what mean and limits of the last stretch are."""
    item, numbers = chart.stretches[-1], chart.numbers
    known = [("chart.mean", item.mean), ("chart.upper", item.upper), ("chart.lower", item.lower)]
    return [
        Label((phrase(key, numbers.lang, value=numbers.short(value)),), value, "chart-limit-label")
        for key, value in known
        if value is not None
    ]


def _ending(chart: LineChart, last: Point, value: float, size: Size) -> str:
    """Return what stands beside the last point: its value, or why it is hollow."""
    if last.state == "final":
        return chart.numbers.short(value) if size.narrow else chart.numbers.text(value)
    return phrase("chart.so_far" if last.state == "partial" else "chart.may_change", chart.numbers.lang)
