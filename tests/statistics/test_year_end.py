"""Projections of a year, lists worked from the top, and ages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicstat.statistics import (
    age_on,
    age_shown,
    best_run,
    calibrate,
    project_year,
    rank_area,
    target,
    target_groups,
)

MONTHS = st.lists(st.integers(1, 500), min_size=3, max_size=11)
LISTED = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1), st.sampled_from("ABC")), min_size=1, max_size=30)


@given(MONTHS, st.integers(2, 9))
def test_a_year_in_another_unit_is_projected_to_the_same_in_that_unit(months: list[int], times: int) -> None:
    one, other = project_year(months, 900), project_year([times * month for month in months], times * 900)

    assert one.interval is not None
    assert other.interval is not None
    assert other.straight_line == pytest.approx(times * one.straight_line)
    assert other.interval.lower == pytest.approx(times * one.interval.lower)
    assert other.pace == pytest.approx(one.pace) if one.needed else other.pace is None


@given(st.lists(st.integers(1, 500), min_size=12, max_size=12), st.integers(1, 12))
def test_a_year_like_the_last_ends_like_the_last_by_season(year: list[int], done: int) -> None:
    assert project_year(year[:done], earlier=[year]).seasonal == pytest.approx(sum(year))


def test_the_seasonal_share_is_the_mean_of_the_earlier_years() -> None:
    even, late = [10] * 12, [0] * 6 + [20] * 6

    assert project_year([5] * 6, earlier=[even, late]).seasonal_share == pytest.approx(0.25)
    assert project_year([5] * 6, earlier=[late]).seasonal is None  # no share of the year was there by then


def test_two_months_have_a_pace_and_no_interval() -> None:
    found = project_year([40, 60], 900)

    assert (found.interval, found.outlook(900)) == (None, None)
    assert (found.needed, found.pace) == (80, 0.625)


def test_the_outlook_is_told_by_the_interval() -> None:
    found = project_year([100, 104, 98, 101])  # 1,185 to 1,233

    assert [found.outlook(goal) for goal in (1_180, 1_200, 1_240)] == ["likely", "uncertain", "unlikely"]
    assert [found.outlook(goal, at_least=False) for goal in (1_180, 1_200, 1_240)] == [
        "unlikely",
        "uncertain",
        "likely",
    ]


@pytest.mark.parametrize(("months", "earlier"), [([], []), ([1] * 13, []), ([1], [[1] * 11])])
def test_what_is_no_year_is_not_projected(months: list[int], earlier: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="12"):
        project_year(months, earlier=earlier)


def test_a_run_longer_than_what_there_is_was_never_reached() -> None:
    assert best_run([1, 2], 3) is None


@given(LISTED, st.integers(0, 35))
def test_groups_add_up_to_the_whole_list(listed: list[tuple[float, int, str]], k: int) -> None:
    scores, outcomes, groups = map(list, zip(*listed, strict=True))
    whole, parts = target(scores, outcomes, k), target_groups(scores, outcomes, groups, k)

    assert sum(part.selected for part in parts.values()) == len(whole.selected) == min(k, len(listed))
    hits = sum(round((part.precision or 0) * part.selected) for part in parts.values())
    assert hits == round((whole.precision or 0) * len(whole.selected))


@given(LISTED)
def test_whoever_is_left_out_scores_no_higher_than_whoever_is_taken(listed: list[tuple[float, int, str]]) -> None:
    scores, outcomes = [score for score, _, _ in listed], [outcome for _, outcome, _ in listed]
    chosen = set(target(scores, outcomes, 3).selected)

    left = [score for place, score in enumerate(scores) if place not in chosen]
    assert all(scores[place] >= max(left, default=0) for place in chosen)


def test_ties_at_the_cut_are_counted() -> None:
    assert target([0.9, 0.5, 0.5, 0.5, 0.5, 0.1], [1, 1, 0, 0, 1, 0], 3).sharing == 4


@given(LISTED)
def test_the_area_is_the_share_of_pairs_in_the_right_order(listed: list[tuple[float, int, str]]) -> None:
    scores, outcomes = [score for score, _, _ in listed], [outcome for _, outcome, _ in listed]
    pairs = [
        (high > low) + (high == low) / 2
        for high, outcome, _ in listed
        for low, other, _ in listed
        if outcome and not other
    ]

    assert rank_area(scores, outcomes) == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


def test_an_empty_bin_says_nothing_and_the_last_holds_its_end() -> None:
    found = calibrate([0.1, 1.0], [0, 1], [0, 0.5, 0.8, 1])

    assert [one.n for one in found.bins] == [1, 0, 1]
    assert (found.bins[1].predicted, found.bins[1].observed, found.bins[1].interval) == (None, None, None)
    assert found.error == pytest.approx(0.05)


@pytest.mark.parametrize("edges", [[0], [0, 0.5], [0, 1, 0.5]])
def test_bins_that_do_not_hold_every_prediction_are_refused(edges: list[float]) -> None:
    with pytest.raises(ValueError, match="edges"):
        calibrate([0.9], [1], edges)


@given(st.dates(date(1900, 1, 1), date(2026, 11, 22)), st.integers(0, 40_000))
def test_an_age_rises_on_the_birthday_and_on_no_other_day(born: date, days: int) -> None:
    day = min(born + timedelta(days), date(2100, 1, 1))
    older = age_on(born, day + timedelta(1)) - age_on(born, day)

    tomorrow = day + timedelta(1)
    leap = (born.month, born.day) == (2, 29)
    common = leap and tomorrow.month == 3 and tomorrow.day == 1 and day.day == 28
    assert older == ((tomorrow.month, tomorrow.day) == (born.month, born.day) or common)


def test_nobody_has_an_age_before_being_born() -> None:
    with pytest.raises(ValueError, match="born"):
        age_on(date(2026, 1, 2), date(2026, 1, 1))


def test_the_oldest_are_in_one_band() -> None:
    assert [age_shown(age) for age in (89, 90, 104)] == ["89", "90+", "90+"]
