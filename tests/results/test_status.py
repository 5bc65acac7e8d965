"""Precedence, edges, bands and ranges of a status."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from civicstat.results import Reason, Standing, Status, judge, near_ends
from civicstat.spec import Goal, Near

EVERYTHING_WRONG: dict[str, Any] = {
    "error": "query",
    "not_before": date(2027, 1, 15),
    "stale_days": 45,
    "as_of": date(2026, 8, 1),
    "min_count": 5,
    "complete": False,
    "through": date(2026, 10, 12),
    "pending": 3,
    "statistic": True,
    "judged_by": "fiscal_year",
}


def test_what_is_wrong_first_is_said_first() -> None:
    standing = Standing(50.0, Goal(80.0), "higher", "percent", **EVERYTHING_WRONG)
    mends: list[dict[str, Any]] = [
        {"error": None},
        {"not_before": None, "value": None},
        {"value": 50.0},
        {"stale_days": None},
        {"min_count": None},
        {"complete": True},
        {"pending": 0},
        {"statistic": False},
        {"goal": None},
        {"goal": Goal(80.0), "judged_by": None},
    ]

    seen = [judge(standing).status]
    for mend in mends:
        standing = standing._replace(**mend)
        seen.append(judge(standing).status)

    assert seen == [
        Status.FAILED,
        Status.NOT_DUE,
        Status.NO_DATA,
        Status.STALE,
        Status.TOO_SMALL,
        Status.PARTIAL,
        Status.PROVISIONAL,
        Status.INFORMATIONAL,
        Status.INFORMATIONAL,
        Status.NO_GOAL,
        Status.OFF_TRACK,
    ]


def test_a_running_span_on_the_good_side_is_on_track_and_a_finished_one_met() -> None:
    running = Standing(81.0, Goal(80.0, "fiscal_year"), "higher", "percent", complete=False, running=True)

    assert judge(running).status is Status.ON_TRACK
    assert judge(running._replace(complete=True, running=False)).status is Status.MET


@pytest.mark.parametrize(
    ("value", "better", "near", "status"),
    [
        (80.0, "higher", None, Status.MET),
        (80.0 - 1e-12, "higher", None, Status.MET),
        (79.999, "higher", None, Status.OFF_TRACK),
        (77.0, "higher", Near("units", 3.0), Status.NEAR),
        (76.99, "higher", Near("units", 3.0), Status.OFF_TRACK),
        (72.0, "higher", Near("share", 0.1), Status.NEAR),
        (75.0, "higher", Near("value", 75.0), Status.NEAR),
        (74.0, "higher", Near("value", 75.0), Status.OFF_TRACK),
        (88.0, "lower", Near("share", 0.1), Status.NEAR),
        (85.0, "lower", Near("value", 85.0), Status.NEAR),
        (85.1, "lower", Near("value", 85.0), Status.OFF_TRACK),
    ],
)
def test_an_edge_counts_as_the_better_side(value: float, better: Any, near: Near | None, status: Status) -> None:
    assert judge(Standing(value, Goal(80.0, near=near), better, "percent")).status is status


@pytest.mark.parametrize(
    ("value", "status", "gap"),
    [
        (3_000.0, Status.MET, 0.0),
        (7_000.0, Status.MET, 0.0),
        (5_000.0, Status.MET, -2_000.0),
        (2_700.0, Status.NEAR, 300.0),
        (7_700.0, Status.NEAR, 700.0),
        (2_699.0, Status.OFF_TRACK, 301.0),
        (7_701.0, Status.OFF_TRACK, 701.0),
    ],
)
def test_a_range_is_inclusive_and_near_on_both_sides(value: float, status: Status, gap: float) -> None:
    judged = judge(Standing(value, Goal((3_000.0, 7_000.0), near=Near("share", 0.1)), "within", "permits"))

    assert (judged.status, judged.gap) == (status, gap)


@pytest.mark.parametrize("near", [Near("share", 0.1), Near("units", 4.0), Near("value", 84.0)])
@pytest.mark.parametrize("better", ["higher", "lower"])
def test_what_is_said_of_the_margin_is_where_near_ends(near: Near, better: Any) -> None:
    if near.kind == "value" and better == "higher":
        near = Near("value", 76.0)
    end = near_ends(80.0, 80.0, near)[better == "lower"]
    beyond = end + (0.01 if better == "lower" else -0.01)

    found = [judge(Standing(value, Goal(80.0, near=near), better, "percent")).status for value in (end, beyond)]

    assert found == [Status.NEAR, Status.OFF_TRACK]


def test_the_city_gives_near_where_the_goal_does_not() -> None:
    standing = Standing(78.0, Goal(80.0), "higher", "percent", near=Near("units", 5.0))

    assert judge(standing).status is Status.NEAR
    assert judge(standing._replace(goal=Goal(80.0, near=Near("units", 1.0)))).status is Status.OFF_TRACK


def test_the_reason_keeps_the_raw_numbers() -> None:
    judged = judge(Standing(66.2, Goal(80.0), "higher", "percent"))

    assert judged.reason == Reason(
        "off_track",
        {
            "value": 66.2,
            "goal": 80.0,
            "better": "higher",
            "unit": "percent",
            "gap": pytest.approx(13.8),
            "compare_at": None,
        },
    )


def test_rounding_half_goes_away_from_zero_where_a_goal_compares_rounded() -> None:
    goal = Goal(2.68, compare_at=2)

    assert judge(Standing(2.675, goal, "higher", "score")).status is Status.MET
    assert judge(Standing(2.6749, goal, "higher", "score")).status is Status.OFF_TRACK


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Standing(None, None, "higher", "percent", gap=True), Reason("gap")),
        (Standing(None, None, "higher", "percent", divides=True), Reason("nothing_to_divide")),
        (Standing(None, None, "higher", "percent"), Reason("no_data")),
        (Standing(float("nan"), None, "higher", "percent"), Reason("no_data")),
        (Standing(1.0, None, "higher", "percent", complete=False), Reason("incomplete")),
    ],
)
def test_no_value_says_why(standing: Standing, reason: Reason) -> None:
    assert judge(standing).reason == reason
