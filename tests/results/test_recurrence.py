"""Who comes again is told over a window that ends with the period, and a cohort is followed once it is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civicstat.period import Length
from civicstat.results import Clock, Reading, Status, read_metrics

Measure = Callable[..., list[Reading]]
AGAIN = "type: recurrence\ndataset: cases\ntime: opened_on\nentity: kind\nmore_than: 2\nover: 3 months"
COHORT = (
    "type: recurrence\ndataset: cases\ntime: opened_on\nentity: kind\nshow: change\n"
    "cohort: {top: 2, on: 2026-04-01, before: 3 months, after: 1 month}"
)


def values(readings: Sequence[Reading], **chosen: str) -> dict[str, float | None]:
    return {item.period: item.value for item in readings if dict(item.slice) == chosen}


def at(readings: Sequence[Reading], period: str, **chosen: str) -> Reading:
    return next(item for item in readings if item.period == period and dict(item.slice) == chosen)


def calls(who: str | None, *days: str, ward: str = "1", cost: float = 1) -> list[dict[str, Any]]:
    return [{"opened_on": f"2026-{day}", "kind": who, "ward": ward, "cost": cost} for day in days]


CALLS = [
    *calls("ann", "01-05", "01-06", "02-01"),
    *calls("ann", "03-01", ward="2", cost=5),
    *calls("bob", "01-05", "02-01"),
    *calls("cid", "03-01", "03-02", "04-01", "05-30"),
    *calls(None, "01-02", "02-02", "03-03", "04-04"),
]


def test_more_than_is_strict_and_the_window_ends_with_the_period(measure: Measure) -> None:
    found = values(measure(AGAIN, CALLS))
    assert found["2026-03"] == 1, "ann has 4 of January to March; bob and cid have 2, which is not more than 2"
    assert found["2026-04"] == 1, "cid has 3 of February to April, ann has 2 left"
    assert found["2026-05"] == 1, "cid has 4 of March to May"
    assert found["2026-06"] == 0


def test_a_window_that_begins_before_the_records_is_not_due_yet(measure: Measure) -> None:
    found = measure(AGAIN, CALLS)
    for period in ("2026-01", "2026-02"):
        assert (at(found, period).value, at(found, period).status) == (None, Status.NOT_DUE)
    assert at(found, "2026-02").reason.args == {"first_due": "2026-04-01"}
    assert at(found, "2026-03").complete


def test_a_window_with_a_gap_inside_is_incomplete_and_not_scored(measure: Measure) -> None:
    covers = ((date(2026, 1, 1), date(2026, 4, 15)), (date(2026, 5, 1), date(2026, 6, 30)))
    found = measure(f"{AGAIN}\nbetter: lower\ngoal: {{target: 5}}", CALLS, covers=covers)
    assert at(found, "2026-03").status is Status.MET
    assert at(found, "2026-05").status is Status.PARTIAL
    assert at(found, "2026-05").value == 1


def test_a_longer_period_is_the_window_at_its_end(measure: Measure) -> None:
    found = values(measure(AGAIN, CALLS))
    assert found["2026-Q1"] == found["2026-03"]
    assert found["2026"] == found["all"] == found["2026-06"]


def test_opening_the_number_of_repeaters_shows_their_rows_and_all_of_a_share(measure: Measure) -> None:
    assert at(measure(AGAIN, CALLS), "2026-03").n == 4
    assert at(measure(AGAIN, CALLS), "2026-03").aside == {"no_value": 3}, "of whom cannot be told"
    share = at(measure(f"{AGAIN}\nshow: share", CALLS), "2026-03")
    assert (share.numerator, share.denominator, share.n) == (4, 11, 11), "calls of nobody known are in the whole"
    assert share.value == pytest.approx(400 / 11)


def test_the_share_is_of_the_load_and_repeaters_are_told_by_their_rows(measure: Measure) -> None:
    share = at(measure(f"{AGAIN}\nshow: share\nmeasure: sum(cost)", CALLS), "2026-03")
    assert share.value == pytest.approx(100 * 8 / 15)


def test_a_repeater_is_one_in_every_member_it_has_rows_in(measure: Measure) -> None:
    found = measure(f"{AGAIN}\ndimensions: [ward]", CALLS)
    assert [values(found, ward=ward)["2026-03"] for ward in ("1", "2")] == [1, 1]
    assert values(found)["2026-03"] == 1
    assert at(found, "2026-03", ward="2").n == 1


def test_a_running_period_ends_with_what_is_known(measure: Measure) -> None:
    first, second = (at(measure(AGAIN, CALLS, as_of=f"2026-06-0{day}"), "2026-06") for day in (1, 2))
    assert (first.value, first.complete) == (1, False), "2 March to 1 June: cid has 3"
    assert second.value is None, "3 March to 2 June: nobody so far, which is no 0 yet"


def test_few_repeaters_are_withheld_however_many_rows_they_have(measure: Measure) -> None:
    rows = [row for day in range(1, 29) for row in calls("ann", f"03-{day:02}")]
    found = measure(f"{AGAIN}\nprivacy: {{min_count: 5}}", rows)
    assert at(found, "2026-03").suppressed
    share = measure(f"{AGAIN}\nshow: share\nprivacy: {{min_count: 5}}", rows + calls(None, *["03-09"] * 20))
    assert at(share, "2026-03").suppressed, "one person's share, though 28 rows"


BEFORE = [
    *calls("ann", *["01-10"] * 8, *["04-10"] * 2),
    *calls("bob", *["03-31"] * 4, *["05-10"] * 3),
    *calls("cid", *["02-10"] * 3, *["04-11"] * 30),
    *calls("dan", *["02-10"] * 1, *["04-11"] * 9, *["05-01"] * 9),
    *calls(None, *["02-10"] * 99),
]


def test_a_cohort_is_found_before_its_day_and_followed_from_then_on(measure: Measure) -> None:
    found = measure(COHORT, BEFORE)
    april, may, june = (at(found, f"2026-0{month}") for month in (4, 5, 6))
    then = 12 / 90  # a day of January to March, of ann and bob; cid comes later
    assert april.value == pytest.approx(100 * ((2 / 30) / then - 1))
    assert may.value == pytest.approx(100 * ((3 / 31) / then - 1))
    assert june.value == -100
    assert (april.n, may.n, june.n) == (14, 15, 12), "their rows before and after"
    assert at(found, "2026-03").status is Status.NOT_DUE
    assert at(found, "2026-03").reason.args == {"first_due": "2026-05-01"}


def test_times_of_one_length_are_compared_as_they_are(measure: Measure) -> None:
    same = COHORT.replace(", after: 1 month", "")
    assert at(measure(same, BEFORE), "2026-06").value == pytest.approx(100 * (5 / 12 - 1)), "not by the day"


def test_of_equals_the_first_by_name_is_in_the_cohort_and_later_rows_do_not_change_it(measure: Measure) -> None:
    rows = [*calls("bob", "01-10", "04-01", "04-02"), *calls("ann", "01-11", "04-03"), *calls("abe", "01-12")]
    one = COHORT.replace("top: 2", "top: 1")
    assert at(measure(one, rows), "2026-04").value == -100, "abe"
    two = at(measure(COHORT, rows), "2026-04")
    assert two.n == 3, "abe and ann, the rows of bob are not theirs"


def test_a_cohort_found_before_the_records_begin_is_incomplete(measure: Measure) -> None:
    found = measure(f"{COHORT}\nbetter: lower\ngoal: {{target: -50%}}", BEFORE, first=date(2026, 2, 1))
    assert at(found, "2026-04").status is Status.PARTIAL


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    came=st.lists(st.tuples(st.integers(0, 180), st.sampled_from(["a", "b", "c", None])), max_size=30),
    least=st.integers(1, 3),
    over=st.sampled_from([Length(45, "days"), Length(2, "months"), Length(6, "weeks")]),
)
def test_repeaters_are_those_whose_rows_of_the_window_are_more_than_that(
    came: list[tuple[int, str | None]], least: int, over: Length, memory: sa.Engine, small: SimpleNamespace
) -> None:
    yaml = AGAIN.replace("more_than: 2", f"more_than: {least}").replace("3 months", f"{over.count} {over.unit}")
    rows = [(date(2026, 1, 1) + timedelta(days=day), who) for day, who in came]
    with memory.connect() as connection:
        project = small.declare(yaml)
        table = small.fill(connection, project, [{"opened_on": str(day), "kind": who} for day, who in rows])
        clock = Clock(datetime.fromisoformat("2026-06-30"), is_date=True, first=date(2026, 1, 1))
        readings = read_metrics(project, connection, {"cases": table}, {"cases": clock})["it"]
        connection.rollback()
    for month in (3, 4, 5, 6):
        end = date(2026, month + 1, 1)
        first = over.before(end)
        times = Counter(who for day, who in rows if first <= day < end and who is not None)
        again = {who: count for who, count in times.items() if count > least}
        reading = at(readings, f"2026-{month:02}")
        assert (reading.value, reading.n) == (len(again), sum(again.values()))
