"""What a goal asks of each period: targets that move, what is due by now, and goals that ask for other numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civicstat.period import Calendar, FiscalYear
from civicstat.results import Reading, Standing, Status, judge
from civicstat.results.goals import asked_of
from civicstat.spec import Better, BusinessDays, Goal, Level, Metric, Near, Simple, Slope, Yearly
from civicstat.spec.expr import Aggregate, ColumnType

Measure = Callable[..., list[Reading]]

CALENDAR = Calendar(FiscalYear(7))
COUNT = "dataset: cases\ntype: simple\nmeasure: count(*)"


def metric(goal: Goal, *before: Goal, period: str = "month") -> Metric:
    body = Simple(Aggregate("count", None, ColumnType.INTEGER))
    return Metric(
        "it", {"en": "It"}, "cases", body, "opened_at", "cases", period=period, goal=goal, earlier_goals=before
    )


def asked(goal: Goal, key: str, through: str | None = None, period: str = "month", **given: Any) -> Level | None:
    day = date.fromisoformat(through) if through else None
    found = asked_of(metric(goal, period=period), CALENDAR.parse(key), day, given, CALENDAR, WORKING)
    return found.level


WORKING = BusinessDays((5, 6), (date(2026, 7, 3), date(2026, 9, 7)))


@pytest.mark.parametrize(
    ("key", "target"),
    [("2026-07", 195), ("2026-12", 170), ("2027-06", 140), ("2027-07", 140), ("2026-06", None)],
    ids=["first step", "performance-stat §4: period 6 of 12, line 170", "the end", "after it", "before it"],
)
def test_a_target_that_moves_is_read_at_the_end_of_each_period(key: str, target: float | None) -> None:
    goal = Goal(Slope(200.0, date(2026, 7, 1), 140.0, date(2027, 6, 30)))

    assert asked(goal, key) == (pytest.approx(target) if target else None)


def test_steps_are_days_where_periods_do_not_end_with_the_span() -> None:
    goal = Goal(Slope(0.0, date(2026, 7, 16), 10.0, date(2026, 8, 4)))  # twenty days

    assert asked(goal, "2026-07") == pytest.approx(8.0)
    assert asked(goal, "2026-08") == 10.0


def test_a_year_that_runs_is_held_to_the_line_of_today() -> None:
    goal = Goal(Slope(72.0, date(2026, 7, 1), 92.0, date(2028, 6, 30)), "fiscal_year")

    assert asked(goal, "FY2027", "2026-12-31") == pytest.approx(77.0)
    assert asked(goal, "FY2027") == pytest.approx(82.0)


def test_each_fiscal_year_has_its_target_and_one_that_is_not_named_has_none() -> None:
    goal = Goal(Yearly({"FY2026": 75.0, "FY2027": (3.0, 5.0)}))

    assert [asked(goal, key) for key in ("2026-06", "2026-07", "2027-07")] == [75.0, (3.0, 5.0), None]


def test_a_period_is_compared_with_the_goal_of_its_last_day() -> None:
    old, new = Goal(60.0, ends=date(2026, 6, 30)), Goal(50.0, begins=date(2026, 9, 1))
    two = metric(new, old)

    told = [asked_of(two, CALENDAR.parse(key), None, {}, CALENDAR, None) for key in ("2026-06", "2026-08", "2026-09")]

    assert [item.level for item in told] == [60.0, None, 50.0]
    assert told[1].lacking is not None
    assert told[1].lacking.code == "no_goal_then"


@pytest.mark.parametrize(
    ("pace", "through", "due"),
    [
        ("even", "2026-11-30", 500.0),
        ("even", "2026-11-15", 1200 * 138 / 365),
        ("business_days", "2026-09-30", 1200 * 64 / 259),
        ((0.10, 0.35, 0.70, 1.0), "2026-09-30", 120.0),
        ((0.10, 0.35, 0.70, 1.0), "2026-11-30", 320.0),
        ((*(0.35,) * 5, *(0.4,) * 6, 1.0), "2026-11-30", 420.0),
        (None, "2026-11-30", 1200.0),
    ],
    ids=[
        "performance-stat §4: 1,200 even, 5 months done, due 500",
        "by days inside a month",
        "by business days",
        "a quarter that is over",
        "a quarter of which two months are over",
        "performance-stat §4: season share 0.35 by month 5, due 420",
        "without a pace",
    ],
)
def test_what_is_due_of_a_year_s_total_grows_with_its_pace(pace: Any, through: str, due: float) -> None:
    goal = Goal(1200.0, "fiscal_year", pace=pace)

    assert asked(goal, "FY2027", through) == pytest.approx(due)
    assert asked(goal, "FY2027") == 1200.0


def test_business_days_are_those_that_a_hand_counts() -> None:
    """Weekdays of FY2027 less the two closed days; September 2026 ends on the 64th of them."""
    days = [date.fromordinal(day) for day in range(date(2026, 7, 1).toordinal(), date(2027, 7, 1).toordinal())]
    working = [day for day in days if day.weekday() < 5 and day not in WORKING.closed]

    assert (len([day for day in working if day <= date(2026, 9, 30)]), len(working)) == (64, 259)


def test_a_member_s_own_target_comes_before_that_of_the_whole() -> None:
    goal = Goal(80.0, slices={"ward": {"1": 75.0}})

    assert [asked(goal, "2026-07", **chosen) for chosen in ({}, {"ward": "1"}, {"ward": "2"})] == [80.0, 75.0, 80.0]


@settings(max_examples=60, deadline=None)
@given(
    low=st.floats(-1e6, 1e6), high=st.floats(-1e6, 1e6), target=st.floats(-1e6, 1e6), running=st.booleans(),
    near=st.sampled_from([None, Near("share", 0.1), Near("units", 3.0)]),
    better=st.sampled_from(["higher", "lower"]), digits=st.sampled_from([None, 0, 2]),
)  # fmt: skip
def test_a_better_value_never_has_a_worse_status(
    low: float, high: float, target: float, running: bool, near: Near | None, better: Better, digits: int | None
) -> None:
    order = [Status.OFF_TRACK, Status.NEAR, Status.ON_TRACK if running else Status.MET]
    worse, good = sorted((low, high), reverse=better == "lower")
    goal = Goal(target, near=near, compare_at=digits)

    places = [
        order.index(judge(Standing(value, goal, better, "cases", complete=not running, running=running)).status)
        for value in (worse, good)
    ]

    assert places[0] <= places[1]


def rows_of(counts: Mapping[str, int], **more: str) -> list[dict[str, str]]:
    return [{"opened_at": f"{month}-05T00:00:00", **more} for month, count in counts.items() for _ in range(count)]


def one(found: Sequence[Reading], key: str, **chosen: str) -> Reading:
    return next(item for item in found if item.period == key and dict(item.slice) == chosen)


LAST_YEAR = {"2024-07": 6, "2024-08": 2, "2025-06": 2}


def test_a_paced_year_is_scored_against_what_is_due_and_says_so(measure: Measure) -> None:
    yaml = f"{COUNT}\nbetter: higher\ngoal: {{target: 24, judge: fiscal_year_to_date, pace: even, near: 10%}}"

    found = measure(yaml, rows_of({"2025-07": 3, "2025-09": 3}), "2025-10-10", first=date(2025, 7, 1))

    year = one(found, "FY2026")
    assert (year.status, year.goal, year.value) == (Status.ON_TRACK, 6.0, 6.0)
    assert year.reason.args["year"] == 24.0
    assert one(found, "2025-09").status is Status.INFORMATIONAL


def test_what_is_due_grows_as_it_did_the_year_before(measure: Measure) -> None:
    yaml = f"{COUNT}\nbetter: higher\ngoal: {{target: 20, judge: fiscal_year, pace: last_year, near: 5%}}"
    rows = rows_of({**LAST_YEAR, "2025-07": 11, "2025-08": 4})

    found = measure(yaml, rows, "2025-08-31", first=date(2024, 7, 1))

    year = one(found, "FY2026")
    assert (year.goal, year.status) == (16.0, Status.OFF_TRACK)  # eight of ten by the end of August
    assert one(found, "FY2025").goal == 20.0


def test_without_a_whole_year_before_there_is_no_pace_and_no_verdict(measure: Measure) -> None:
    yaml = f"{COUNT}\nbetter: higher\ngoal: {{target: 20, judge: fiscal_year, pace: last_year}}"

    year = one(measure(yaml, rows_of({"2025-08": 4}), "2025-08-31", first=date(2025, 2, 1)), "FY2026")

    assert (year.status, year.reason.code, year.goal) == (Status.INFORMATIONAL, "no_target", None)


@pytest.mark.parametrize(
    ("better", "promise", "target", "status"),
    [
        ("lower", "10% on prior_year", 9.0, Status.MET),
        ("higher", "10% on prior_year", 11.0, Status.OFF_TRACK),
        ("lower", "3 cases on prior_period", 17.0, Status.MET),
    ],
)
def test_a_goal_improves_on_a_number_before(
    measure: Measure, better: str, promise: str, target: float, status: Status
) -> None:
    yaml = f"{COUNT}\nbetter: {better}\ngoal: {{target: {{improve: {promise}}}}}"

    found = measure(yaml, rows_of({"2025-05": 10, "2026-04": 20, "2026-05": 9}), "2026-05-31", first=date(2025, 5, 1))

    assert one(found, "2026-05").goal == pytest.approx(target)
    assert one(found, "2026-05").status is status
    assert one(found, "2025-05").reason.code == "no_target"


def test_a_total_that_improves_is_held_to_as_much_of_the_year_as_there_was_of_the_one_before(measure: Measure) -> None:
    yaml = f"{COUNT}\nbetter: lower\ngoal: {{target: {{improve: 50% on prior_year}}, judge: fiscal_year}}"

    found = measure(yaml, rows_of({**LAST_YEAR, "2025-07": 4}), "2025-08-31", first=date(2024, 7, 1))

    year = one(found, "FY2026")
    assert (year.goal, year.status, year.reason.args["year"]) == (4.0, Status.ON_TRACK, 5.0)


def test_a_baseline_is_measured_and_not_judged_and_then_there_is_a_goal(measure: Measure) -> None:
    goals = "goals: [{target: baseline, until: 2026-02-28}, {target: 2, from: 2026-03-01}]"
    yaml = f"{COUNT}\nbetter: lower\n{goals}"

    found = measure(yaml, rows_of({"2026-02": 3, "2026-03": 3}), "2026-03-31")

    assert [one(found, key).status for key in ("2026-02", "2026-03")] == [Status.BASELINE, Status.OFF_TRACK]
    assert dict(one(found, "2026-02").reason.args) == {"until": "2026-02-28"}


def test_parts_of_a_total_have_goals_of_their_own_and_the_others_none(measure: Measure) -> None:
    yaml = f"{COUNT}\nbetter: lower\ndimensions: [ward]\ngoal: {{target: 5, slice: {{ward: {{North: 1}}}}}}"
    rows = rows_of({"2026-01": 2}, ward="North") + rows_of({"2026-01": 2}, ward="South")

    found = measure(yaml, rows, "2026-01-31")

    told = {
        name: (one(found, "2026-01", ward=name).status, one(found, "2026-01", ward=name).goal)
        for name in ("North", "South")
    }
    assert told == {"North": (Status.OFF_TRACK, 1.0), "South": (Status.INFORMATIONAL, None)}
    assert one(found, "2026-01").status is Status.MET


def test_a_status_holds_until_enough_periods_in_a_row_are_of_another(measure: Measure) -> None:
    yaml = f"{COUNT}\nbetter: lower\ngoal: {{target: 2, hold: 2}}"
    counts = {"2026-01": 1, "2026-02": 3, "2026-03": 1, "2026-04": 3, "2026-05": 3, "2026-06": 1}

    found = measure(yaml, rows_of(counts), "2026-06-30")

    kept = [(one(found, key).status.value, "held" in one(found, key).reason.args) for key in counts]
    assert kept == [
        ("met", False), ("met", True), ("met", False), ("met", True), ("off_track", False), ("off_track", True),
    ]  # fmt: skip


def test_calendar_years_and_fiscal_quarters_are_judged_as_they_run(measure: Measure) -> None:
    rows = rows_of({"2026-01": 2, "2026-02": 2})
    for judged, key in (("calendar_year_to_date", "2026"), ("fiscal_quarter", "FY2026-Q3")):
        found = measure(f"{COUNT}\nbetter: lower\ngoal: {{target: 5, judge: {judged}}}", rows, "2026-02-28")

        assert (one(found, key).status, one(found, key).value) == (Status.ON_TRACK, 4)
