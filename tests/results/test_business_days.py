"""Business days: counted after the first day to the last, by the weekend, the holidays and the closures of a city."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from civicstat.compiler import row_sql
from civicstat.results import Clock, Reading, read_metrics
from civicstat.spec import BusinessDays, Call, Column, ColumnType

WITHIN = "type: within\ndataset: cases\nfrom: opened_on\nto: closed_on\nlimit: 5 business_days"
ALONE = "business_days: {weekend: [saturday, sunday]}"
Read = Callable[..., list[Reading]]


@pytest.fixture
def read(memory: sa.Engine, small: SimpleNamespace) -> Read:
    def run(
        yaml: str, rows: Sequence[Mapping[str, Any]], as_of: str = "2026-06-30", city: str = ALONE
    ) -> list[Reading]:
        project = small.declare(yaml, city)
        known = Clock(datetime.fromisoformat(as_of), is_date=len(as_of) == 10, first=date(2026, 1, 1))
        with memory.connect() as connection:
            table = small.fill(connection, project, rows)
            return read_metrics(project, connection, {"cases": table}, {"cases": known})["it"]

    return run


def share(readings: Sequence[Reading], period: str = "2026-03") -> tuple[float | None, int | None, Mapping[str, int]]:
    (found,) = [item for item in readings if item.period == period]
    return found.value, found.n, found.aside


@pytest.mark.parametrize(
    ("opened", "closed", "in_time"),
    [
        ("2026-03-02", "2026-03-09", True),  # Monday to Monday: 5
        ("2026-03-02", "2026-03-10", False),
        ("2026-03-06", "2026-03-13", True),  # Friday to Friday
        ("2026-03-06", "2026-03-15", True),  # the Sunday behind it is no business day more
        ("2026-03-06", "2026-03-16", False),
        ("2026-03-07", "2026-03-13", True),  # from a Saturday: Monday is the first
        ("2026-03-07", "2026-03-16", False),
        ("2026-03-02", "2026-03-02", True),
    ],
)
def test_21_a_limit_of_business_days_is_met_to_the_end_of_the_last(
    read: Read, opened: str, closed: str, in_time: bool
) -> None:
    rows = [{"opened_on": opened, "closed_on": closed}]

    assert share(read(WITHIN, rows))[0] == (100 if in_time else 0)


def test_21_the_hour_does_not_matter(read: Read) -> None:
    yaml = WITHIN.replace("_on", "_at")
    rows = [{"opened_at": "2026-03-02T23:59:00", "closed_at": "2026-03-09T23:59:59"}]

    assert share(read(yaml, rows))[0] == 100


def test_21_holidays_and_closures_are_no_business_days(read: Read) -> None:
    rows = [{"opened_on": "2026-06-29", "closed_on": "2026-07-07"}]  # Independence Day is observed on Friday the 3rd

    found = [
        share(read(WITHIN, rows, "2026-09-30", city), "2026-06")[0]
        for city in (ALONE, "business_days: {country: US}", "business_days: {closures: [2026-07-01]}")
    ]

    assert found == [0, 100, 100]


@pytest.mark.parametrize(("as_of", "counted"), [("2026-03-09", 0), ("2026-03-10", 1), ("2026-03-10T00:00:00", 1)])
def test_21_an_open_row_is_late_when_it_can_no_longer_be_finished_in_time(read: Read, as_of: str, counted: int) -> None:
    assert share(read(WITHIN, [{"opened_on": "2026-03-02"}], as_of))[1] == counted


def test_21_a_limit_for_each_member(read: Read) -> None:
    yaml = WITHIN.replace("5 business_days", "{kind: {noise: 1 business_day, smoke: 3 business_days}}")
    rows = [
        {"opened_on": "2026-03-06", "closed_on": "2026-03-10", "kind": kind} for kind in ("noise", "smoke", "smell")
    ]

    assert share(read(yaml, rows)) == (50, 2, {"no_promise": 1})


def test_21_a_duration_in_business_days_and_the_function_agree(read: Read) -> None:
    rows = [{"opened_on": "2026-03-05", "closed_on": f"2026-03-{day:02}"} for day in (5, 6, 9, 17)]
    took = "type: duration\ndataset: cases\nfrom: opened_on\nto: closed_on\nunit: business_days\nmeasure: sum(elapsed)"
    told = "type: simple\ndataset: cases\ntime: opened_on\nmeasure: sum(business_days(opened_on, closed_on))"

    assert share(read(took, rows))[0] == share(read(told, rows))[0] == 0 + 1 + 2 + 8


def test_21_a_day_beyond_the_years_that_are_known_has_no_promise(read: Read) -> None:
    rows = [{"opened_on": "1979-12-31", "closed_on": "1980-01-02"}]

    assert share(read(WITHIN, rows), "1979-12") == (None, 0, {"no_promise": 1})


DAYS = st.dates(date(1980, 1, 1), date(2059, 12, 31))


@settings(max_examples=30)
@given(
    first=DAYS,
    days=st.integers(-70, 400),
    weekend=st.sets(st.integers(0, 6), max_size=6),
    steps=st.lists(st.integers(-90, 420), max_size=8),
)
def test_21_the_function_is_what_walking_from_day_to_day_counts(
    memory: sa.Engine, first: date, days: int, weekend: set[int], steps: list[int]
) -> None:
    last = min(max(first + timedelta(days=days), date(1980, 1, 1)), date(2059, 12, 31))
    closed = tuple(sorted({first + timedelta(days=step) for step in steps}))
    low, high = sorted((first, last))
    walked = [low + timedelta(days=step + 1) for step in range((high - low).days)]
    count = sum(day.weekday() not in weekend and day not in closed for day in walked)

    columns: dict[str, sa.ColumnElement[Any]] = {
        "a": sa.literal(first, sa.Date()),
        "b": sa.literal(datetime.combine(last, time(9)), sa.DateTime()),
    }
    call = Call("business_days", (Column("a", ColumnType.DATE), Column("b", ColumnType.TIMESTAMP)), ColumnType.INTEGER)
    made = row_sql(call, columns, working=BusinessDays(tuple(sorted(weekend)), closed))
    with memory.connect() as connection:
        assert connection.execute(sa.select(made)).scalar_one() == (count if first <= last else -count)


def test_21_a_person_is_shown_no_lists_of_months(small: SimpleNamespace, memory: sa.Engine) -> None:
    from civicstat.compiler import AsOfValue, Ending, explain_sql

    project = small.declare(WITHIN, ALONE)
    at = datetime.fromisoformat("2026-03-31T00:00:00")
    text = explain_sql(
        project.metrics["it"], project, memory.dialect, AsOfValue(at), Ending(at.date(), at, at, at.date())
    )

    assert "business_days_before_each_month" in text
    assert not re.search(r"(\d+,\s+){20}", text)
