"""The finding sentence, from the same values as the chart, in both languages."""

from __future__ import annotations

import pytest

from civicstat.charts import Bar, BarChart, Numbers, Point, summary, summary_of_bars
from civicstat.charts.data import Target
from civicstat.words import plain

NAMES = ("March 2026", "April 2026", "May 2026", "June 2026", "July 2026", "August 2026")


def points(*values: float | None) -> list[Point]:
    return [
        Point(name[:3], value, "gap" if value is None else "final", name)
        for name, value in zip(NAMES, values, strict=False)
    ]


def said(series: list[Point], unit: str = "percent", goal: Target | None = None, better: str = "higher") -> list[str]:
    return [plain(summary(series, Numbers(unit, 1, lang), goal, better)) for lang in ("en", "es")]


def test_three_steps_one_way_are_a_direction() -> None:
    assert said(points(89, 86, 87, 88.5, 91), goal=90) == [
        "Now 91.0 %, goal at least 90 %. Rising since April 2026.",
        "Ahora 91.0 %; meta: al menos 90 %. Sube desde April 2026.",
    ]
    assert said(points(20, 18, 16, 15), "days", 14, "lower")[0] == (
        "Now 15.0 days, goal at most 14 days. Falling since March 2026."
    )
    assert said(points(5, 4, 4, 4, 4), "days")[0] == "Now 4.0 days. Unchanged since April 2026."


@pytest.mark.parametrize(
    ("values", "english"),
    [
        ((60, 72, 70, 79.8), "Now 79.8 %. Up 19.8 points since March 2026."),
        ((79.8, 72, 74, 60), "Now 60.0 %. Down 19.8 points since March 2026."),
        ((60, 72, 70, 60.01), "Now 60.0 %. Little changed since March 2026."),
        ((60, 72), "Now 72.0 %. Up 12.0 points since March 2026."),
        ((60,), "Now 60.0 %."),
    ],
)
def test_without_a_direction_the_whole_change_is_told(values: tuple[float, ...], english: str) -> None:
    assert said(points(*values))[0] == english


def test_nothing_is_said_across_a_gap() -> None:
    assert said(points(10, 20, None, 40, 35))[0] == "Now 35.0 %. Down 5.0 points since June 2026."


def test_only_complete_values_count() -> None:
    series = [*points(60, 70), Point("May", 5, "provisional", "May 2026"), Point("Jun", 3, "partial", "June 2026")]

    assert said(series)[0] == "Now 70.0 %. Up 10.0 points since March 2026."
    assert said(series[2:]) == ["There are no complete values yet.", "Todavía no hay valores completos."]


def test_an_earlier_period_is_named_and_not_called_now() -> None:
    told = [
        plain(summary(points(60, 70), Numbers("percent", 0, lang), (60, 80), "within", latest=False))
        for lang in ("en", "es")
    ]

    assert told == [
        "In April 2026 70 %, goal between 60 and 80 %. Up 10 points since March 2026.",
        "En April 2026, 70 %; meta: entre 60 y 80 %. Subió 10 puntos desde March 2026.",
    ]


def test_where_a_percent_would_mislead_both_numbers_are_said() -> None:
    told = [
        plain(summary(points(*values), Numbers("cases", 0, "en")))
        for values in ((5, 266), (266, 5), (15, 17), (50, 800), (20, 30))
    ]

    assert told == [
        "Now 266 cases. Up from 5 to 266 since March 2026.",
        "Now 5 cases. Down 98 % since March 2026.",
        "Now 17 cases. Up from 15 to 17 since March 2026.",
        "Now 800 cases. Up from 50 to 800 since March 2026.",
        "Now 30 cases. Up 50 % since March 2026.",
    ]


def test_the_ends_of_a_bar_chart_are_named() -> None:
    bars = (Bar("East", 2.0), Bar("(blank)", 99.0), Bar("West", 4.0), Bar("Hill", 7.0, withheld=True))

    assert [summary_of_bars(BarChart("t", bars, Numbers("days", 0, lang))) for lang in ("en", "es")] == [
        "Highest: West, 4 days. Lowest: East, 2 days.",
        "El valor más alto: West, 4 días. El más bajo: East, 2 días.",
    ]
    assert summary_of_bars(BarChart("t", bars[:2], Numbers("days", 0, "en"))) == ""
