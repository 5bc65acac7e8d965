"""The curve of Kaplan and Meier, against a table worked out in fractions and against what is known without it."""

from __future__ import annotations

from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civicstat.statistics import survival_quantile

TIMES = st.lists(st.integers(0, 12), max_size=14)


def by_table(finished: list[int], still_open: list[int], share: Fraction) -> float | None:
    """One row a time at which something finished: those still there, those finished, what is left of the curve."""
    level, stands = Fraction(1), None
    for at in sorted(set(finished)):
        there = sum(time >= at for time in (*finished, *still_open))
        level *= 1 - Fraction(finished.count(at), there)
        if stands is not None:
            return (stands + at) / 2
        if level < 1 - share:
            return at
        if level == 1 - share:
            stands = at
    return stands


@given(TIMES, TIMES, st.sampled_from([Fraction(1, 2), Fraction(9, 10), Fraction(1, 4)]))
@settings(max_examples=200, deadline=None)
def test_28_the_curve_is_that_of_the_table(finished: list[int], still_open: list[int], share: Fraction) -> None:
    assert survival_quantile(finished, still_open, float(share)) == by_table(finished, still_open, share)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=14))
@settings(max_examples=50, deadline=None)
def test_28_where_nothing_is_open_the_median_is_the_ordinary_one(finished: list[int]) -> None:
    assert survival_quantile(finished, []) == median(finished)


@pytest.mark.parametrize(
    ("finished", "still_open", "found"),
    [
        # Leukaemia patients on 6-MP (Freireich and others 1963; Cox and Oakes 1984, table 1.1): median 23 weeks.
        ([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35], 23),
        # Those on placebo, all relapsed: 8 weeks.
        ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [], 8),
        ([], [], None),
        ([], [3], None),
        ([1], [1], 1),  # what ends at a time is there until then, what is open lasts longer
        ([2], [1], 2),
    ],
)
def test_28_known_curves_have_their_median(finished: list[float], still_open: list[float], found: float | None) -> None:
    assert survival_quantile(finished, still_open) == found


def test_28_a_backlog_that_grows_cannot_make_the_time_shorter() -> None:
    finished = [1, 2, 3, 4, 5]

    assert [survival_quantile(finished, [9] * count) for count in (0, 2, 4, 6)] == [3, 4, 5, None]
