"""Levels are never added up over time, and people are never counted twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civicstat.results import Clock, Reading, Status, read_metrics

Measure = Callable[..., list[Reading]]
Rows = Sequence[Mapping[str, Any]]


def values(readings: Sequence[Reading], **chosen: str) -> dict[str, float | None]:
    return {item.period: item.value for item in readings if dict(item.slice) == chosen}


def at(readings: Sequence[Reading], period: str, **chosen: str) -> Reading:
    return next(item for item in readings if item.period == period and dict(item.slice) == chosen)


def level(day: str, ward: str | None, cost: float | None) -> dict[str, Any]:
    return {"opened_on": day, "ward": ward, "cost": cost}


RESIDENTS = [
    level("2026-01-10", "1", 5),
    level("2026-01-31", "1", 10),
    level("2026-01-31", "2", 20),
    level("2026-02-28", "1", 11),
    level("2026-02-28", "2", 21),
    level("2026-04-15", "1", 30),
    level("2026-04-15", "2", None),
]
SNAPSHOT = "type: snapshot\ndataset: cases\ntime: opened_on\nmeasure: sum(cost)\ndimensions: [ward]"


def test_a_level_is_that_of_the_last_recording_in_a_longer_period_too(measure: Measure) -> None:
    found = values(measure(SNAPSHOT, RESIDENTS))
    assert found["2026-01"] == 30
    assert found["2026-02"] == 32
    assert found["2026-03"] is None, "no recording is no value, not 0"
    assert found["2026-Q1"] == 32, "its months give 62"
    assert found["2026"] == found["all"] == 30


def test_a_level_is_added_up_across_slices_of_the_one_recording_that_stands_for_the_period(measure: Measure) -> None:
    found = measure(SNAPSHOT, RESIDENTS)
    assert [values(found, ward=ward)["2026-02"] for ward in ("1", "2")] == [11, 21]
    january = at(found, "2026-01")
    assert january.n == 2, "the row of 10 January is of another recording"
    assert values(found, ward="2")["2026-04"] is None
    assert at(found, "2026-04", ward="2").aside == {}


def test_the_first_recording_and_the_average_of_all_are_taken_where_the_metric_says_so(measure: Measure) -> None:
    first = values(measure(f"{SNAPSHOT}\ntake: first", RESIDENTS))
    assert (first["2026-01"], first["2026-Q1"], first["2026"], first["2026-Q2"]) == (5, 5, 5, 30)
    average = measure(f"{SNAPSHOT}\ntake: avg", RESIDENTS)
    assert values(average)["2026-01"] == pytest.approx((5 + 30) / 2)
    assert values(average)["2026-Q1"] == pytest.approx((5 + 30 + 32) / 3), "over recordings, not over months"
    parts = [values(average, ward=ward)["2026-Q1"] for ward in ("1", "2")]
    assert sum(part for part in parts if part) == pytest.approx((5 + 30 + 32) / 3), "a ward not recorded is 0 then"


def test_a_recording_counts_in_each_member_it_has_and_once_in_the_total(measure: Measure) -> None:
    rows = [{**row, "wards": "1,2"} for row in RESIDENTS]
    for take, value in (("last", 30), ("avg", 17.5)):
        found = measure(f"{SNAPSHOT}\ntake: {take}".replace("[ward]", "[wards]"), rows)
        assert values(found)["2026-01"] == values(found, wards="1")["2026-01"] == value


def test_a_goal_for_a_level_is_not_held_against_its_parts(measure: Measure) -> None:
    found = measure(f"{SNAPSHOT}\nbetter: higher\ngoal: {{target: 25}}", RESIDENTS)
    assert at(found, "2026-01").status is Status.MET
    assert at(found, "2026-01", ward="1").status is Status.INFORMATIONAL


def test_rows_without_a_date_or_after_the_clock_are_in_no_recording(measure: Measure) -> None:
    rows = [*RESIDENTS, level("2026-02-28", None, 4), {"cost": 99}, level("2026-03-20", "1", 7)]
    found = measure(SNAPSHOT, rows, as_of="2026-03-10")
    assert values(found)["2026-02"] == 36
    assert values(found)["all"] == 36
    assert values(found, ward="(blank)")["2026-02"] == 4


def seen(day: str, person: str | None, ward: str = "1", wards: str = "") -> dict[str, Any]:
    return {"opened_on": day, "kind": person, "ward": ward, "wards": wards}


PEOPLE = [
    seen("2026-01-05", "ann"),
    seen("2026-01-06", "ann", "2"),
    seen("2026-01-07", "bob"),
    seen("2026-01-08", None),
    seen("2026-02-05", "ann", wards="1,2"),
    seen("2026-02-06", "cid", wards="2"),
]
DISTINCT = "type: distinct\ndataset: cases\ntime: opened_on\nentity: kind"


def test_a_person_counts_once_in_each_period_whatever_the_months_say(measure: Measure) -> None:
    readings = measure(DISTINCT, PEOPLE)
    found = values(readings)
    assert (found["2026-01"], found["2026-02"], found["2026-03"]) == (2, 2, 0)
    assert found["2026-Q1"] == found["2026"] == 3, "its months give 4"
    january = at(readings, "2026-01")
    assert (january.n, january.aside) == (3, {"no_value": 1}), "three rows of two people, one of nobody known"


def test_a_person_in_two_slices_is_in_both_and_once_in_the_total(measure: Measure) -> None:
    found = measure(f"{DISTINCT}\ndimensions: [ward, wards]", PEOPLE)
    assert [values(found, ward=ward)["2026-01"] for ward in ("1", "2")] == [2, 1]
    assert [values(found, wards=ward)["2026-02"] for ward in ("1", "2")] == [1, 2]
    assert values(found)["2026-02"] == 2


def test_few_people_behind_many_rows_are_withheld_like_few_rows(measure: Measure) -> None:
    rows = [seen(f"2026-01-{day:02}", "ann") for day in range(1, 21)]
    rows += [seen(f"2026-{month:02}-{day:02}", f"p{day}") for month in (2, 3) for day in range(1, 19 + month)]
    found = measure(f"{DISTINCT}\nprivacy: {{min_count: 5}}", rows)
    assert at(found, "2026-01").n == 20
    assert at(found, "2026-01").suppressed
    assert at(found, "2026-02").suppressed, "the year less the others would tell"
    assert not at(found, "2026-03").suppressed


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seen_by=st.lists(
        st.tuples(st.integers(0, 364), st.sampled_from("abcdef"), st.sampled_from(["1", "2", None])), max_size=30
    )
)
def test_the_people_of_a_year_are_no_more_than_those_of_its_months_and_no_fewer_than_of_any(
    seen_by: list[tuple[int, str, str | None]], memory: sa.Engine, small: SimpleNamespace
) -> None:
    project = small.declare(f"{DISTINCT}\ndimensions: [ward]")
    days = [(date(2026, 1, 1) + timedelta(days=day), who, ward) for day, who, ward in seen_by]
    with memory.connect() as connection:
        table = small.fill(
            connection, project, [{"opened_on": str(day), "kind": who, "ward": ward} for day, who, ward in days]
        )
        clock = Clock(datetime.fromisoformat("2026-12-31"), is_date=True, first=date(2026, 1, 1))
        found = read_metrics(project, connection, {"cases": table}, {"cases": clock})["it"]
        connection.rollback()
    for chosen in ({}, {"ward": "1"}, {"ward": "2"}):
        inside = [(day, who) for day, who, ward in days if chosen in ({}, {"ward": ward})]
        months = [values(found, **chosen).get(f"2026-{month:02}") or 0 for month in range(1, 13)]
        year = values(found, **chosen).get("2026") or 0
        assert months == [len({who for day, who in inside if day.month == month}) for month in range(1, 13)]
        assert year == len({who for _, who in inside})
        assert max(months) <= year <= sum(months)
