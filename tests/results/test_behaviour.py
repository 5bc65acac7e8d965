"""Which values of a metric its process behaviour chart rests on, and where it says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from civicstat.period import Calendar, FiscalYear
from civicstat.results import ProcessChart, Reading, Reason, Status, process_charts
from civicstat.spec import Metric, load_files

CALENDAR = Calendar(FiscalYear(7))
CITY = """
city:
  name: Smallville
  time_zone: America/Chicago
  fiscal_year: {starts: 07-01, named_by: end}
datasets:
  cases:
    title: Cases
    row: One row is one case
    source: {file: cases.csv}
    time: opened_on
    columns:
      opened_on: {type: date}
      ward: {type: text}
departments:
  works: {title: Works, metrics: [it]}
metrics:
  it:
    title: Cases opened
    dataset: cases
    type: simple
    measure: count(*)
    dimensions: [ward]
"""
VALUES = [10, 12, 9, 11, 10, 13, 8, 10, 11, 9, 12, 10, 11, 9]
Values = Sequence[float | None]


def metric(better: str = "lower", spc: str = "{}", goal: str = "") -> Metric:
    more = f"    better: {better}\n    spc: {spc}\n" + (f"    goal: {goal}\n" if goal else "")
    return load_files({"metrics/city.yaml": CITY + more}, Path()).metrics["it"]


def months(values: Values, ward: str = "", goal: float | None = None) -> list[Reading]:
    """Readings of so many months from January 2025, complete and final."""
    made, period = [], CALENDAR.parse("2025-01")
    for value in values:
        made.append(
            Reading(
                "it",
                period.key,
                "month",
                period.start,
                period.end,
                period.last,
                {"ward": ward} if ward else {},
                value,
                value,
                1.0,
                None if value is None else int(value),
                complete=True,
                final=True,
                suppressed=False,
                status=Status.NO_GOAL,
                reason=Reason("no_goal"),
                goal=goal,
            )
        )
        period = CALENDAR.next(period)
    return made


def only(charts: list[ProcessChart]) -> ProcessChart:
    (chart,) = charts
    return chart


def limits(chart: ProcessChart) -> tuple[float | None, float | None, float | None]:
    assert chart.behaviour is not None
    segment = chart.behaviour.segments[-1]
    return segment.lower, segment.mean, segment.upper


def test_limits_are_those_worked_out_by_hand() -> None:
    # Sum 145 over 14 months: mean 10.357142…; ranges 2 3 2 1 3 5 2 1 2 3 2 1 2, together 29: mean 2.230769…, and
    # none reaches 3.267 times that (7.29). Limits: 10.357143 ± 2.66 × 2.230769 = 5.933846….
    chart = only(process_charts(metric(), months(VALUES)))
    assert limits(chart) == approx((145 / 14 - 2.66 * 29 / 13, 145 / 14, 145 / 14 + 2.66 * 29 / 13))
    assert limits(chart) == approx((4.423297, 10.357143, 16.290989), abs=1e-6)
    assert chart.period == "2026-02"
    assert chart.behaviour and chart.behaviour.variation == "common_cause"


def test_the_order_of_the_readings_says_nothing() -> None:
    readings = [*months(VALUES), *months(range(14), "North")]
    mixed = sorted(readings, key=lambda item: (str(item.start)[::-1], bool(item.slice)))
    assert process_charts(metric(), mixed) == process_charts(metric(), readings)


def test_a_metric_that_declares_none_has_no_chart() -> None:
    assert process_charts(replace(metric(), spc=None), months(VALUES)) == []


def test_only_the_metrics_own_periods_count_and_longer_ones_do_not() -> None:
    quarter = months([99])[0]._replace(period="2025-Q1", grain="quarter")
    assert process_charts(metric(), [*months(VALUES), quarter]) == process_charts(metric(), months(VALUES))


@pytest.mark.parametrize(
    "last", [{"complete": False}, {"final": False}, {"value": None}], ids=["running", "provisional", "no value"]
)
def test_a_month_that_may_still_change_is_in_no_limit_and_speaks_for_nothing(last: dict[str, Any]) -> None:
    readings = months([*VALUES, 99])
    readings[-1] = readings[-1]._replace(**last)
    chart = only(process_charts(metric(), readings))
    assert limits(chart) == limits(only(process_charts(metric(), months(VALUES))))
    assert chart.period == "2026-02"


def test_a_month_without_a_value_breaks_a_run() -> None:
    run: list[float | None] = [*[8, 16] * 6, *[14.0] * 7]
    broken = [*run[:15], None, *run[15:]]
    for values, last in [(run, True), (broken, False)]:
        found = only(process_charts(metric(), months(values))).behaviour
        assert found is not None
        assert (found.rules[-1] == "shift_high") is last


@pytest.mark.parametrize(
    ("better", "told"), [("higher", "improvement_high"), ("lower", "concern_high"), ("neither", "neutral_high")]
)
def test_which_way_is_better_says_whether_a_signal_is_one_of_improvement(better: str, told: str) -> None:
    found = only(process_charts(metric(better), months([*VALUES, 40]))).behaviour
    assert found is not None and found.variation == told


def test_assurance_holds_the_goal_of_the_last_month_against_the_limits() -> None:
    told = {4: "consistent_fail", 10: "inconsistent", 17: "consistent_pass"}
    for goal, assurance in told.items():
        chart = only(process_charts(metric(goal=f"{{target: {goal}}}"), months(VALUES, goal=goal)))
        assert chart.behaviour and (chart.behaviour.assurance, chart.target) == (assurance, goal)


def test_a_goal_set_after_the_last_month_and_one_of_another_span_assure_nothing() -> None:
    later = metric(goal="{target: 4, set_on: 2026-03-01}")
    other = months(VALUES, goal=None)  # a goal judged by the quarter stands at no month
    for declared, readings in [(later, months(VALUES, goal=4)), (metric(goal="{target: 4, judge: quarter}"), other)]:
        chart = only(process_charts(declared, readings))
        assert chart.behaviour and (chart.behaviour.assurance, chart.target) == (None, None)


def test_a_step_begins_mean_and_limits_anew() -> None:
    step = "{rebase: [{on: 2025-08-01, why: Crew, by: Office}]}"
    values = [*VALUES[:7], *(value + 50 for value in VALUES[7:])]
    found = only(process_charts(metric(spc=step), months(values))).behaviour
    assert found is not None
    assert [(item.start, item.end) for item in found.segments] == [(0, 6), (7, 13)]
    assert found.variation == "common_cause"
    assert [item.trial for item in found.segments] == [True, True]


@pytest.mark.parametrize("day", ["2025-01-01", "2024-06-01", "2026-03-01"])
def test_a_step_outside_of_the_data_refuses_limits_and_is_not_passed_over(day: str) -> None:
    chart = only(process_charts(metric(spc=f"{{rebase: [{{on: {day}, why: Crew, by: Office}}]}}"), months(VALUES)))
    assert (chart.behaviour, chart.refused) == (None, "step_outside")


def test_a_season_is_refused_from_its_third_year_and_a_trend_or_a_step_is_none() -> None:
    winter = [value + 20 * (at % 12 in (0, 1, 11)) for at, value in enumerate((VALUES * 3)[:42])]
    chart = only(process_charts(metric(), months(winter)))
    assert (chart.behaviour, chart.refused) == (None, "seasonal")
    assert only(process_charts(metric(), months(winter[:35]))).refused is None

    for plain in (
        [value + at for at, value in enumerate(VALUES * 3)],
        [*VALUES, *(value + 20 for value in VALUES * 2)],
    ):
        assert only(process_charts(metric(), months(plain))).refused is None


def test_after_a_step_with_too_few_months_nothing_is_said_of_them() -> None:
    step = "{rebase: [{on: 2025-11-01, why: Crew, by: Office}]}"
    chart = only(process_charts(metric(spc=step, goal="{target: 4}"), months([*VALUES[:10], 60, 61, 62], goal=4)))
    found = chart.behaviour
    assert chart.refused == "too_few"
    assert found is not None
    assert (found.variation, found.assurance, found.segments[1].upper, found.rules[10:]) == (
        None,
        None,
        None,
        (None,) * 3,
    )
    assert found.segments[0].upper is not None


@pytest.mark.parametrize("values", [[], [None] * 20, [4, 5, 6, 4, 5], [None, 4, 5, None, 6, 4, 5]])
def test_five_values_have_no_limits(values: Values) -> None:
    chart = only(process_charts(metric(), months(values))) if values else ProcessChart({}, (), None, refused="too_few")
    assert (chart.behaviour, chart.refused) == (None, "too_few")


def test_where_half_of_the_months_have_none_the_chart_is_the_wrong_one() -> None:
    assert only(process_charts(metric(), months([0, 3] * 8))).refused == "rare"
    assert only(process_charts(metric(), months([*[0, 3] * 8, 2]))).refused is None


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.booleans()), min_size=1, max_size=24),
    st.sampled_from(["{}", "{baseline: 12}", "{rules: making_data_count}"]),
)
def test_what_is_withheld_moves_no_limit_no_mark_and_no_word(rows: list[tuple[int, int, bool]], spc: str) -> None:
    """Two cities that publish the same and withhold other numbers have the same charts."""
    declared = metric(spc=spc)
    charts = []
    for place in (0, 1):
        readings = []
        for (shown, hidden, withheld), item in zip(rows, months([row[0] for row in rows]), strict=True):
            value = float((shown, hidden)[place]) if withheld else float(shown)
            readings.append(
                item._replace(value=value, n=int(value), suppressed=withheld, final=not withheld or place == 0)
            )
        charts.append(process_charts(declared, readings))
    assert charts[0] == charts[1]


def test_each_slice_has_a_chart_of_its_own() -> None:
    charts = process_charts(metric(), [*months(VALUES), *months([1, 2] * 7, "North"), *months([4], "South")])
    assert [(dict(chart.slice), chart.refused) for chart in charts] == [
        ({}, None),
        ({"ward": "North"}, None),
        ({"ward": "South"}, "too_few"),
    ]
    assert charts[1].periods[0] == "2025-01"


@pytest.mark.parametrize(("compare", "segments"), [("refuse", 2), ("mark", 1)])
def test_limits_begin_anew_where_something_else_is_counted(compare: str, segments: int) -> None:
    broken = f"{{}}\n    breaks: [{{on: 2025-08-01, what: More is counted, compare: {compare}}}]"

    (chart,) = process_charts(metric(spc=broken), months(VALUES))

    assert chart.behaviour is not None
    assert [chart.periods[item.start] for item in chart.behaviour.segments] == ["2025-01", "2025-08"][:segments]
