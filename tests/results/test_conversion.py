"""Of those with a first event, the share with a second one inside a time, once that time has passed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civicstat.results import Clock, Reading, Status, read_metrics

Measure = Callable[..., list[Reading]]
BACK = (
    "type: conversion\ndataset: cases\ntime: opened_on\nentity: kind\n"
    "base: ward = 'asked'\nthen: ward = 'given' or wards = 'given'\ninside: 30 days"
)


def at(readings: Sequence[Reading], period: str, **chosen: str) -> Reading:
    return next(item for item in readings if item.period == period and dict(item.slice) == chosen)


def event(day: str, who: str | None, what: str, also: str = "") -> dict[str, Any]:
    return {"opened_on": f"2026-{day}" if day else None, "kind": who, "ward": what, "wards": also}


EVENTS = [
    event("01-10", "ann", "asked"),
    event("01-20", "ann", "asked"),
    event("02-19", "ann", "given"),  # thirty days after the second time
    event("01-31", "bob", "asked"),
    event("03-03", "bob", "given"),  # a day late
    event("01-05", "cid", "given"),  # before
    event("01-06", "cid", "asked"),
    event("01-07", "dan", "asked", "given"),  # both, but not its own second event
    event("01-08", None, "asked"),
    event("", "eve", "asked"),
    event("02-20", "fay", "asked", "given"),
    event("02-20", "fay", "given"),  # at the same time
]


def test_each_counts_once_and_the_last_day_is_inside(measure: Measure) -> None:
    found = measure(BACK, EVENTS)
    january = at(found, "2026-01")
    assert (january.numerator, january.denominator, january.value) == (1, 4, 25), "ann of ann, bob, cid and dan"
    assert (january.n, january.aside) == (5, {"no_value": 1}), "five first events of four people, one of nobody known"
    assert at(found, "2026-02").value == 100
    assert at(found, "2026-Q1").value == 40
    assert at(found, "2026-03").value is None


def test_a_first_event_counts_only_once_its_time_has_passed(measure: Measure) -> None:
    early = at(measure(BACK, EVENTS, as_of="2026-02-19"), "2026-01")
    assert (early.numerator, early.denominator, early.status) == (0, 3, Status.PROVISIONAL), (
        "bob, and ann's second time"
    )
    assert early.aside == {"no_value": 1, "not_ripe": 2}
    later = at(measure(BACK, EVENTS, as_of="2026-03-02"), "2026-01")
    assert (later.numerator, later.denominator, later.aside["not_ripe"]) == (1, 3, 1)
    assert at(measure(BACK, EVENTS, as_of="2026-03-03"), "2026-01").final


def test_few_with_or_without_a_second_event_are_withheld(measure: Measure) -> None:
    rows = [event("01-10", f"p{number}", "asked") for number in range(20)]
    rows += [event("01-11", f"p{number}", "given") for number in range(18)]
    assert at(measure(f"{BACK}\nprivacy: {{min_count: 5}}", rows), "2026-01").suppressed, "two without"
    assert not at(measure(f"{BACK}\nprivacy: {{min_count: 5}}", rows[:30]), "2026-01").suppressed


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    came=st.lists(
        st.tuples(st.integers(0, 120), st.sampled_from("abc"), st.sampled_from(["asked", "given", "left"])), max_size=25
    )
)
def test_the_share_is_that_of_a_plain_count(
    came: list[tuple[int, str, str]], memory: sa.Engine, small: SimpleNamespace
) -> None:
    rows = [(date(2026, 1, 1) + timedelta(days=day), who, what) for day, who, what in came]
    with memory.connect() as connection:
        project = small.declare(BACK)
        given_rows = [{"opened_on": str(day), "kind": who, "ward": what} for day, who, what in rows]
        table = small.fill(connection, project, given_rows)
        clock = Clock(datetime.fromisoformat("2026-06-30"), is_date=True, first=date(2026, 1, 1))
        readings = read_metrics(project, connection, {"cases": table}, {"cases": clock})["it"]
        connection.rollback()
    for month in (1, 2, 3, 4):
        first = [(day, who) for day, who, what in rows if what == "asked" and day.month == month]
        back = {
            who
            for day, who in first
            for other, one, what in rows
            if what == "given" and one == who and 0 <= (other - day).days <= 30
        }
        reading = at(readings, f"2026-{month:02}")
        everyone = {who for _, who in first}
        assert reading.n == len(first)
        share = pytest.approx(100 * len(back) / len(everyone), rel=1e-12) if everyone else None
        assert reading.value == share
