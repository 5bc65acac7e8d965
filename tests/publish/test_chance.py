"""The interval of a number, from what is published of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from civicstat.editions import MetricInfo
from civicstat.publish import interval_of, is_unstable, order_is_uncertain, reading_json
from civicstat.results import Reading, Reason, Status

SHARE = MetricInfo(
    "prompt", {"en": "Prompt"}, "within", "calls", "called_on", "percent", "higher", 1, "", "", False, "month",
    "public", chance="share", per=100.0,
)  # fmt: skip
RATE = replace(SHARE, name="injuries", type="ratio", unit="injuries", chance="rate", per=200_000.0)


def reading(top: float, under: float, **more: Any) -> Reading:
    of: dict[str, Any] = {
        "start": None,
        "end": None,
        "through": None,
        "slice": {},
        "n": 9,
        "complete": True,
        "final": True,
    }
    status = {"suppressed": False, "status": Status.NO_GOAL, "reason": Reason("no_goal"), "value": top / under}
    return Reading(
        metric="prompt", period="2026-01", grain="month", numerator=top, denominator=under, **{**of, **status, **more}
    )


def test_a_share_has_wilsons_interval_in_its_unit() -> None:
    found = interval_of(reading(81, 263), SHARE)

    assert found is not None
    assert (found.lower, found.upper) == pytest.approx((25.5289, 36.6210), abs=1e-4)


def test_a_rate_has_the_exact_interval_of_its_count() -> None:
    found = interval_of(reading(10, 400_000), RATE)

    assert found is not None
    assert (found.lower, found.upper) == pytest.approx((2.3977, 9.1952), abs=1e-4)


@pytest.mark.parametrize(
    "item",
    [reading(3, 4, suppressed=True), reading(3, 4, value=None), reading(5, 4)],
    ids=["withheld", "no value", "more than all"],
)
def test_what_is_withheld_missing_or_no_share_has_none(item: Reading) -> None:
    assert interval_of(item, SHARE) is None
    assert reading_json(item, SHARE)["interval"] is None


def test_a_number_that_is_neither_share_nor_rate_has_no_interval_to_miss() -> None:
    assert "interval" not in reading_json(reading(3, 1), replace(SHARE, chance=""))


def test_an_order_is_uncertain_where_neighbours_could_change_places() -> None:
    far, near = [reading(10, 100), reading(90, 100)], [reading(45, 100), reading(50, 100)]

    assert [order_is_uncertain(items, SHARE) for items in (far, near, [])] == [False, True, False]


def test_a_rate_of_fewer_than_twelve_events_is_marked() -> None:
    assert [is_unstable(reading(count, 1_000), RATE) for count in (0, 11, 12)] == [True, True, False]
    assert not is_unstable(reading(3, 1_000), SHARE)
