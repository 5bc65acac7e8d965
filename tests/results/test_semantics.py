"""What the words compute, line by line of the semantics, on rows that can be counted on fingers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from civicstat.results import Reading, Status

Measure = Callable[..., list[Reading]]

WITHIN = "type: within\ndataset: cases\nfrom: opened_at\nto: closed_at\nlimit: 5 days\nbetter: higher"
DAYS = "type: within\ndataset: cases\nfrom: opened_on\nto: closed_on\nlimit: 30 days\nbetter: higher"
MEDIAN = "type: duration\ndataset: cases\nfrom: opened_at\nto: closed_at\nunit: days\nmeasure: median(elapsed)"
COUNT = "type: simple\ndataset: cases\nmeasure: count(*)"
STOCK = "type: stock\ndataset: cases\nopened: opened_at\nclosed: closed_at"


def values(readings: list[Reading], grain: str = "month", **chosen: str) -> dict[str, float | None]:
    return {item.period: item.value for item in readings if item.grain == grain and dict(item.slice) == chosen}


def one(readings: list[Reading], period: str, **chosen: str) -> Reading:
    (found,) = [item for item in readings if item.period == period and dict(item.slice) == chosen]
    return found


def test_1_a_period_is_half_open(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-31T23:59:59"}, {"opened_at": "2026-02-01T00:00:00"}]

    assert values(measure(COUNT, rows, "2026-02-28")) == {"2026-01": 1, "2026-02": 1}


def test_2_a_share_within_is_of_the_rows_that_began_in_the_period_unless_it_says_otherwise(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-30T08:00:00", "closed_at": "2026-02-01T08:00:00"}]

    assert values(measure(WITHIN, rows, "2026-02-28")) == {"2026-01": 100, "2026-02": None}
    assert values(measure(f"{WITHIN}\ntime: closed_at", rows, "2026-02-28")) == {"2026-01": None, "2026-02": 100}


def test_3_elapsed_time_ignores_the_change_of_clocks(measure: Measure) -> None:
    rows = [{"opened_at": "2026-03-07T12:00:00", "closed_at": "2026-03-08T12:00:00"}]

    assert values(measure(MEDIAN, rows, "2026-03-31"))["2026-03"] == 1.0


def test_4_days_between_dates_are_whole_and_a_time_makes_them_broken(measure: Measure) -> None:
    rows = [{"opened_on": "2026-01-01", "opened_at": "2026-01-01T12:00:00", "closed_on": "2026-01-03"}]
    whole = MEDIAN.replace("opened_at", "opened_on").replace("closed_at", "closed_on")
    mixed = MEDIAN.replace("closed_at", "closed_on")

    assert values(measure(whole, rows, "2026-01-31")) == {"2026-01": 2.0}
    assert values(measure(mixed, rows, "2026-01-31")) == {"2026-01": 1.5}


def test_5_a_limit_is_inclusive(measure: Measure) -> None:
    rows = [
        {"opened_on": "2026-01-01", "closed_on": "2026-01-31"},
        {"opened_on": "2026-01-01", "closed_on": "2026-02-01"},
    ]

    assert values(measure(DAYS, rows))["2026-01"] == 50.0


def test_5_a_day_due_lasts_its_whole_day(measure: Measure) -> None:
    yaml = WITHIN.replace("5 days", "due_on")
    rows = [
        {"opened_at": "2026-01-01T09:00:00", "closed_at": "2026-01-05T23:59:00", "due_on": "2026-01-05"},
        {"opened_at": "2026-01-01T09:00:00", "closed_at": "2026-01-06T00:00:00", "due_on": "2026-01-05"},
    ]

    assert values(measure(yaml, rows))["2026-01"] == 50.0


@pytest.mark.parametrize(("as_of", "counted"), [("2026-01-05", 0), ("2026-01-06", 1)])
def test_5_an_open_row_is_a_miss_only_after_its_due_day(measure: Measure, as_of: str, counted: int) -> None:
    rows = [{"opened_at": "2026-01-01T09:00:00", "due_on": "2026-01-05"}]

    assert one(measure(WITHIN.replace("5 days", "due_on"), rows, as_of), "2026-01").n == counted


def test_6_finished_before_begun_is_set_aside_and_counted_and_the_same_moment_counts(measure: Measure) -> None:
    rows = [
        {"opened_at": "2026-01-02T09:00:00", "closed_at": "2026-01-02T08:59:59"},
        {"opened_at": "2026-01-02T09:00:00", "closed_at": "2026-01-02T09:00:00"},
    ]

    for yaml in (WITHIN, MEDIAN):
        january = one(measure(yaml, rows), "2026-01")
        assert (january.n, january.aside) == (1, {"to_before_from": 1})


@pytest.mark.parametrize(
    ("word", "value", "n", "aside"),
    [
        ("exclude", 50.0, 2, {"not_yet_due": 1}),
        ("miss", 100 / 3, 3, {}),
        ("mature", 0.0, 1, {"not_yet_due": 2}),
    ],
)
def test_7_an_open_row_not_yet_due(measure: Measure, word: str, value: float, n: int, aside: dict[str, int]) -> None:
    rows = [
        {"opened_at": "2026-01-01T00:00:00"},  # due on the 6th: a miss at the clock
        {"opened_at": "2026-01-08T00:00:00", "closed_at": "2026-01-09T00:00:00"},  # in time, due on the 13th
        {"opened_at": "2026-01-09T00:00:00"},  # open, due on the 14th
    ]

    january = one(measure(f"{WITHIN}\nopen_rows: {word}", rows, "2026-01-12T12:00:00"), "2026-01")

    assert january.value == pytest.approx(value)
    assert (january.n, january.aside) == (n, aside)


def test_7_a_row_without_a_promise_is_set_aside(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-02T09:00:00", "closed_at": "2026-01-03T09:00:00"}]

    january = one(measure(WITHIN.replace("5 days", "due_at"), rows), "2026-01")

    assert (january.value, january.status, january.aside) == (None, Status.NO_DATA, {"no_promise": 1})


@pytest.mark.parametrize(("as_of", "status"), [("2026-02-04", Status.PROVISIONAL), ("2026-02-06", Status.MET)])
def test_27_a_period_with_a_row_still_to_be_decided_is_provisional(
    measure: Measure, as_of: str, status: Status
) -> None:
    yaml = f"{WITHIN}\ngoal: {{target: 50%}}"
    rows = [
        {"opened_at": "2026-01-02T00:00:00", "closed_at": "2026-01-03T00:00:00"},
        {"opened_at": "2026-01-30T12:00:00"},
    ]

    january = one(measure(yaml, rows, f"{as_of}T06:00:00"), "2026-01")

    assert (january.status, january.final) == (status, status is Status.MET)


def test_8_a_stock_counts_what_is_open_at_the_end_and_a_backward_row_never(measure: Measure) -> None:
    rows = [
        {
            "opened_at": "2026-01-10T09:00:00",
            "closed_at": "2026-02-01T00:00:00",
        },  # open at the first instant of February
        {"opened_at": "2026-01-10T09:00:00", "closed_at": "2026-01-31T23:59:59"},
        {"opened_at": "2026-01-10T09:00:00"},
        {"opened_at": "2026-02-10T09:00:00", "closed_at": "2026-01-10T09:00:00"},  # closed before it was opened
        {"opened_at": None, "closed_at": "2026-02-10T09:00:00"},
    ]

    assert values(measure(STOCK, rows, "2026-03-31")) == {"2026-01": 2, "2026-02": 1, "2026-03": 1}


def test_8_a_stock_repeats_its_last_month_in_longer_periods(measure: Measure) -> None:
    rows = [
        {"opened_at": "2026-01-10T09:00:00", "closed_at": "2026-03-15T09:00:00"},
        {"opened_at": "2026-02-10T09:00:00"},
    ]
    readings = measure(STOCK, rows, "2026-03-31")

    assert (one(readings, "2026-Q1").value, one(readings, "all").value) == (1, 1)


@pytest.mark.parametrize(
    ("column", "ages"),
    [("opened_on", {"2026-01": 30, "2026-02": 12}), ("opened_at", {"2026-01": 30.5, "2026-02": 12.5})],
)
def test_9_age_is_judged_at_the_end_or_at_the_clock(measure: Measure, column: str, ages: dict[str, float]) -> None:
    closed = column.replace("opened", "closed")
    yaml = f"type: stock\ndataset: cases\nopened: {column}\nclosed: {closed}\nmeasure: max(age)"
    rows = [
        {
            "opened_on": "2026-01-01",
            "opened_at": "2026-01-01T12:00:00",
            "closed_on": "2026-02-01",
            "closed_at": "2026-02-01T00:00:00",
        },
        {"opened_on": "2026-02-03", "opened_at": "2026-02-03T00:00:00"},
    ]
    as_of = "2026-02-15" if column == "opened_on" else "2026-02-15T12:00:00"

    assert values(measure(yaml, rows, as_of)) == ages


def test_9_a_row_opened_on_the_day_of_the_clock_has_age_zero(measure: Measure) -> None:
    yaml = "type: stock\ndataset: cases\nopened: opened_on\nclosed: closed_on\nwhere: age = 0"

    assert values(measure(yaml, [{"opened_on": "2026-02-15"}], "2026-02-15"))["2026-02"] == 1


def test_10_a_month_without_rows_is_zero_inside_what_is_covered_and_a_gap_outside(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00"}, {"opened_at": "2026-05-05T00:00:00"}]
    covers = ((date(2026, 1, 1), date(2026, 2, 28)), (date(2026, 5, 1), date(2026, 5, 31)))

    readings = measure(COUNT, rows, "2026-06-10", covers=covers)

    assert values(readings) == {
        "2026-01": 1,
        "2026-02": 0,
        "2026-03": None,
        "2026-04": None,
        "2026-05": 1,
        "2026-06": None,
    }
    assert [one(readings, key).complete for key in ("2026-Q1", "2026-Q2", "all")] == [False, False, False]
    assert one(readings, "all").value == 2


def test_10_a_sum_over_no_rows_is_zero_and_over_nulls_no_value(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00", "cost": 2.5}, {"opened_at": "2026-03-05T00:00:00"}]

    found = measure("type: simple\ndataset: cases\nmeasure: sum(cost)", rows, "2026-03-31")

    assert values(found) == {"2026-01": 2.5, "2026-02": 0, "2026-03": None}
    assert one(found, "2026-Q1").value == 2.5


@pytest.mark.parametrize("measured", ["avg(cost)", "median(cost)", "min(cost)", "percentile(cost, 0.9)"])
def test_10_an_average_over_no_rows_is_no_value(measure: Measure, measured: str) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00", "cost": 4}]

    found = measure(f'type: simple\ndataset: cases\nmeasure: "{measured}"', rows, "2026-02-28")

    assert values(found) == {"2026-01": 4, "2026-02": None}


def test_10_nothing_over_nothing_is_no_value_and_never_zero(measure: Measure) -> None:
    yaml = "type: ratio\ndataset: cases\nnumerator: {where: kind = 'a'}\ndenominator: {where: kind is not null}"
    rows = [{"opened_at": "2026-01-05T00:00:00"}, {"opened_at": "2026-02-05T00:00:00", "kind": "b"}]

    found = measure(yaml, rows, "2026-02-28")

    assert values(found) == {"2026-01": None, "2026-02": 0}
    assert one(found, "2026-01").reason.code == "nothing_to_divide"


def test_12_a_quantile_interpolates(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00", "cost": cost} for cost in (1, 2, 3, 4, None)]

    found = measure('type: simple\ndataset: cases\nmeasure: "percentile(cost, 0.9)"', rows, "2026-01-31")

    assert one(found, "2026-01").value == pytest.approx(3.7)
    assert one(found, "2026-01").n == 4


def test_13_null_is_not_true(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00", "kind": kind} for kind in ("a", "b", None)]

    assert values(measure(f"{COUNT}\nwhere: kind <> 'a'", rows, "2026-01-31")) == {"2026-01": 1}
    assert values(measure(f"{COUNT}\nwhere: kind is distinct from 'a'", rows, "2026-01-31")) == {"2026-01": 2}


def test_15_an_undated_row_is_in_all_and_in_no_month(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00"}, {"kind": "a"}]

    found = measure(COUNT, rows, "2026-01-31")

    assert (values(found), one(found, "all").value) == ({"2026-01": 1}, 2)


def test_16_a_missing_member_is_blank_and_part_of_the_total(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00", "ward": ward} for ward in ("1", "1", None)]

    found = measure(f"{COUNT}\ndimensions: [ward]", rows, "2026-01-31")

    january = {item.slice.get("ward", "total"): item.value for item in found if item.period == "2026-01"}
    assert january == {"total": 3, "1": 2, "(blank)": 1}


def test_18_a_longer_average_is_of_its_rows_and_not_of_its_months(measure: Measure) -> None:
    rows = [{"opened_at": f"2026-01-0{day}T00:00:00", "cost": 1} for day in (1, 2, 3)]
    rows += [{"opened_at": "2026-02-01T00:00:00", "cost": 9}, {"opened_at": "2026-03-01T00:00:00", "cost": None}]

    for measured, quarter in (("avg(cost)", 3), ("median(cost)", 1)):
        found = measure(f"type: simple\ndataset: cases\nmeasure: {measured}", rows, "2026-03-31")
        assert one(found, "2026-Q1").value == quarter


def test_18_a_longer_period_leaves_the_running_month_out(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00"}, {"opened_at": "2026-02-05T00:00:00"}]

    found = measure(COUNT, rows, "2026-02-10")
    quarter = one(found, "2026-Q1")

    assert (one(found, "2026-02").value, quarter.value, quarter.through) == (1, 1, date(2026, 1, 31))


def test_18_distinct_things_are_counted_anew_in_a_longer_period(measure: Measure) -> None:
    rows = [{"opened_at": f"2026-0{month}-05T00:00:00", "kind": "same"} for month in (1, 2, 3)]

    found = measure("type: simple\ndataset: cases\nmeasure: count(distinct kind)", rows, "2026-03-31")

    assert (values(found), one(found, "2026-Q1").value) == ({"2026-01": 1, "2026-02": 1, "2026-03": 1}, 1)


def test_19_a_percent_is_held_between_0_and_100_with_its_parts(measure: Measure) -> None:
    yaml = "type: ratio\ndataset: cases\nnumerator: {where: kind = 'a'}\ndenominator: count(*)"
    rows = [{"opened_at": "2026-01-05T00:00:00", "kind": kind} for kind in ("a", "b", "b")]

    january = one(measure(yaml, rows, "2026-01-31"), "2026-01")

    assert january.value == pytest.approx(100 / 3)
    assert (january.numerator, january.denominator) == (1, 3)


def test_20_fiscal_periods_start_with_the_citys_year(measure: Measure) -> None:
    rows = [{"opened_at": "2026-06-30T00:00:00"}, {"opened_at": "2026-07-01T00:00:00"}]

    found = measure(COUNT, rows, "2026-09-30", first=date(2025, 7, 1))

    assert values(found, "fiscal_year") == {"FY2026": 1, "FY2027": 1}
    assert values(found, "fiscal_quarter")["FY2027-Q1"] == 1


def test_rows_dated_after_the_clock_are_in_no_number(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00"}, {"opened_at": "2125-01-05T00:00:00"}]

    found = measure(COUNT, rows, "2026-01-31")

    assert (values(found), one(found, "all").value) == ({"2026-01": 1}, 1)


def test_a_partial_month_is_labelled_and_never_scored(measure: Measure) -> None:
    yaml = f"{COUNT}\ngoal: {{target: 1}}\nbetter: higher"

    june = one(measure(yaml, [{"opened_at": "2026-06-05T00:00:00"}], "2026-06-10"), "2026-06")

    assert (june.value, june.complete, june.status) == (1, False, Status.PARTIAL)


def test_a_goal_by_fiscal_year_scores_the_year_so_far_and_informs_by_month(measure: Measure) -> None:
    yaml = f"{COUNT}\ngoal: {{target: 5, judge: fiscal_year}}\nbetter: lower"
    rows = [{"opened_at": "2025-08-05T00:00:00"}, {"opened_at": "2026-01-05T00:00:00"}]

    found = measure(yaml, rows, "2026-02-10", first=date(2025, 7, 1))

    assert (one(found, "FY2026").value, one(found, "FY2026").status) == (2, Status.ON_TRACK)
    assert (one(found, "2026-01").status, one(found, "2026-01").goal) == (Status.INFORMATIONAL, None)


def test_a_lag_keeps_a_month_open_until_its_records_have_come(measure: Measure) -> None:
    rows: list[dict[str, Any]] = [{"opened_at": "2026-01-05T00:00:00"}]

    assert [one(measure(COUNT, rows, day, lag=14), "2026-01").complete for day in ("2026-02-13", "2026-02-14")] == [
        False,
        True,
    ]


def test_a_slice_of_a_count_is_not_judged_by_the_goal_of_the_whole_and_a_slice_of_a_share_is(measure: Measure) -> None:
    rows = [
        {"opened_at": "2026-01-05T00:00:00", "closed_at": "2026-01-06T00:00:00", "ward": ward} for ward in ("1", "2")
    ]
    counted = f"{COUNT}\ndimensions: [ward]\nbetter: lower\ngoal: {{target: 1}}"
    shared = f"{WITHIN}\ndimensions: [ward]\ngoal: {{target: 90%}}"

    count, share = measure(counted, rows, "2026-01-31"), measure(shared, rows, "2026-01-31")

    assert one(count, "2026-01").status is Status.OFF_TRACK
    assert (one(count, "2026-01", ward="1").status, one(count, "2026-01", ward="1").goal) == (
        Status.INFORMATIONAL,
        None,
    )
    assert one(count, "2026-01", ward="1").reason.code == "part_of_goal"
    assert one(share, "2026-01", ward="1").status is Status.MET


def test_a_month_outside_what_is_covered_says_so_and_not_that_it_is_running(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00"}, {"opened_at": "2026-02-05T00:00:00"}]

    found = measure(COUNT, rows, "2026-02-10", covers=((date(2026, 1, 1), date(2026, 1, 31)),))

    assert (one(found, "2026-02").status, one(found, "2026-02").reason.code) == (Status.PARTIAL, "incomplete")
