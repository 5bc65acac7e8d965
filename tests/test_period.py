"""Periods: what they are called, where they begin and end, and what lies beside them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicstat.period import ALL, GRAINS, Calendar, FiscalYear, Period

JULY = Calendar(FiscalYear(7))
BOUNDED = GRAINS[:-1]

days = st.dates(date(1900, 1, 1), date(2150, 12, 31))
calendars = st.builds(
    Calendar,
    st.builds(FiscalYear, st.integers(1, 12), st.sampled_from(["end", "start", "both"])),
    st.integers(0, 6),
)
grains = st.sampled_from(BOUNDED)


@pytest.mark.parametrize(
    ("key", "grain", "start", "end"),
    [
        ("2026-10-14", "day", date(2026, 10, 14), date(2026, 10, 15)),
        ("2024-02-29", "day", date(2024, 2, 29), date(2024, 3, 1)),
        ("2026-W42", "week", date(2026, 10, 12), date(2026, 10, 19)),
        ("2026-W01", "week", date(2025, 12, 29), date(2026, 1, 5)),
        ("2026-W53", "week", date(2026, 12, 28), date(2027, 1, 4)),
        ("2024-02", "month", date(2024, 2, 1), date(2024, 3, 1)),
        ("2026-12", "month", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q4", "quarter", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026", "year", date(2026, 1, 1), date(2027, 1, 1)),
        ("FY2027", "fiscal_year", date(2026, 7, 1), date(2027, 7, 1)),
        ("FY2027-Q1", "fiscal_quarter", date(2026, 7, 1), date(2026, 10, 1)),
        ("FY2027-Q3", "fiscal_quarter", date(2027, 1, 1), date(2027, 4, 1)),
        ("all", "all", None, None),
    ],
)
def test_a_key_names_a_half_open_period(key: str, grain: str, start: date | None, end: date | None) -> None:
    assert JULY.parse(key) == Period(grain, start, end, key)


def test_the_last_day_of_a_period_is_inside_it() -> None:
    assert (JULY.parse("FY2026").last, ALL.last) == (date(2026, 6, 30), None)


@pytest.mark.parametrize(
    ("fiscal_year", "year", "quarter"),
    [
        (FiscalYear(7, "end"), "FY2027", "FY2027-Q2"),
        (FiscalYear(7, "start"), "FY2026", "FY2026-Q2"),
        (FiscalYear(7, "both"), "FY2026-27", "FY2026-27-Q2"),
        (FiscalYear(10, "end"), "FY2027", "FY2027-Q1"),
        (FiscalYear(1, "end"), "FY2026", "FY2026-Q4"),
        (FiscalYear(1, "both"), "FY2026", "FY2026-Q4"),
    ],
)
def test_a_city_names_its_fiscal_year_its_own_way(fiscal_year: FiscalYear, year: str, quarter: str) -> None:
    calendar, day = Calendar(fiscal_year), date(2026, 10, 31)

    assert [calendar.containing(day, grain).key for grain in ("fiscal_year", "fiscal_quarter")] == [year, quarter]


def test_the_turn_of_the_century_keeps_both_years_in_the_name() -> None:
    calendar = Calendar(FiscalYear(7, "both"))

    assert calendar.parse("FY2099-00").end == date(2100, 7, 1)


def test_a_week_from_monday_is_the_iso_week() -> None:
    first = date(2000, 1, 1)
    for day in (first + timedelta(days=offset) for offset in range(0, 11_000, 3)):
        year, number, _ = day.isocalendar()
        assert Calendar().containing(day, "week").key == f"{year}-W{number:02}"


@pytest.mark.parametrize(
    ("key", "start"),
    [
        ("2014-W53", date(2014, 12, 28)),
        ("2015-W01", date(2015, 1, 4)),
        ("2020-W53", date(2020, 12, 27)),
        ("2025-W53", date(2025, 12, 28)),
        ("2026-W01", date(2026, 1, 4)),
    ],
)
def test_a_week_from_sunday_is_the_week_of_the_cdc(key: str, start: date) -> None:
    """MMWR weeks, as the CDC's calendars for these years print them."""
    assert Calendar(week_start=6).parse(key) == Period("week", start, start + timedelta(days=7), key)


@pytest.mark.parametrize(
    "text",
    [
        *("", "October", "2026-13", "2026-1", "2026-02-30", "2026-10-Q1", "2026-10 ", "0000", "9999", "ALL"),
        *("2025-W53", "2026-W00", "2026-W54", "2026-Q5", "FY27", "FY2026-27", "FY2027-W02", "FY2027-Q0"),
        "\uff12\uff10\uff12\uff16",  # 2026 in full-width digits
    ],
)
def test_what_is_not_a_period_is_told_which_names_there_are(text: str) -> None:
    with pytest.raises(ValueError, match="is not a period") as error:
        JULY.parse(text)

    assert str(error.value) == (
        f"`{text}` is not a period: write it as `2026-10-14`, `2026-W42`, `2026-10`, `2026-Q4`, `2026`, "
        "`FY2027`, `FY2027-Q1` or `all`"
    )


def test_a_range_is_each_period_from_the_first_to_the_last() -> None:
    assert [[period.key for period in JULY.parse_range(text, "month")] for text in ("2026-11..2027-01", "2026-Q1")] == [
        ["2026-11", "2026-12", "2027-01"],
        ["2026-Q1"],
    ]
    assert [period.key for period in JULY.parse_range("FY2027-Q1..2026-Q4", "fiscal_quarter")] == [
        "FY2027-Q1",
        "FY2027-Q2",
    ]


@pytest.mark.parametrize(
    ("text", "grain", "sentence"),
    [
        ("2026-03..2026-01", "month", "`2026-03..2026-01` ends before it begins: write `2026-01..2026-03`"),
        ("all..2026", "month", "`all..2026`: `all` cannot be the end of a range"),
        (
            "2026-01..2026-02",
            "fiscal_quarter",
            "`2026-01..2026-02` does not begin and end with a fiscal quarter: write `FY2026-Q3..FY2026-Q3`",
        ),
    ],
)
def test_a_range_that_cannot_be_meant_says_so(text: str, grain: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="`") as error:
        JULY.parse_range(text, grain)

    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("2024-02-29", "2023-02-28"),
        ("2025-02-28", "2024-02-28"),
        ("2026-10", "2025-10"),
        ("2026-Q1", "2025-Q1"),
        ("FY2027-Q1", "FY2026-Q1"),
        ("FY2027", "FY2026"),
        ("2026-W53", "2025-W52"),
        ("2021-W01", "2020-W01"),
        ("2026-W20", "2025-W20"),
    ],
)
def test_a_year_before_is_the_period_of_the_same_name(key: str, before: str) -> None:
    assert JULY.year_before(JULY.parse(key)).key == before


def test_a_month_holds_only_the_weeks_that_lie_wholly_inside() -> None:
    october = JULY.parse("2026-10")

    assert [week.key for week in JULY.inside(october, "week")] == ["2026-W41", "2026-W42", "2026-W43"]
    assert [month.key for month in JULY.inside(JULY.parse("FY2027-Q1"), "month")] == ["2026-07", "2026-08", "2026-09"]
    assert JULY.inside(october, "year") == []


def test_all_has_no_neighbours() -> None:
    for step in (JULY.previous, JULY.next, JULY.year_before):
        with pytest.raises(ValueError, match="the period `all` has no first and last day"):
            step(ALL)
    assert JULY.between("all", date(2026, 1, 1), date(2026, 1, 2)) == [ALL]


def test_an_unknown_grain_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="`decade` is not a kind of period"):
        JULY.containing(date(2026, 1, 1), "decade")


@given(calendars, days, grains)
def test_a_period_is_found_again_by_any_of_its_days_and_by_its_name(calendar: Calendar, day: date, grain: str) -> None:
    period = calendar.containing(day, grain)

    assert period.start is not None
    assert period.last is not None
    assert period.start <= day <= period.last
    assert {calendar.containing(period.start, grain), calendar.containing(period.last, grain)} == {period}
    assert calendar.parse(period.key) == period


@given(calendars, days, grains)
def test_the_next_of_the_previous_is_the_same_period(calendar: Calendar, day: date, grain: str) -> None:
    period = calendar.containing(day, grain)

    assert calendar.next(calendar.previous(period)) == calendar.previous(calendar.next(period)) == period
    assert calendar.previous(period).end == period.start


@given(calendars, days, st.integers(0, 800), grains)
def test_the_periods_between_two_days_cover_them_without_gap_or_overlap(
    calendar: Calendar, first: date, length: int, grain: str
) -> None:
    last = first + timedelta(days=length)

    periods = calendar.between(grain, first, last)

    assert periods[0] == calendar.containing(first, grain)
    assert periods[-1] == calendar.containing(last, grain)
    assert [period.end for period in periods[:-1]] == [period.start for period in periods[1:]]
    assert calendar.between(grain, last + timedelta(days=1), first) == []


@given(calendars, days, grains)
def test_a_year_before_lies_a_year_back(calendar: Calendar, day: date, grain: str) -> None:
    period = calendar.containing(day, grain)
    before = calendar.year_before(period)

    assert period.start is not None
    assert before.start is not None
    assert before.grain == grain
    assert 357 <= (period.start - before.start).days <= 371
