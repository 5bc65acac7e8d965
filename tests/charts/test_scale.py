"""Scales have few round steps; labels never overlap."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicstat.charts.scale import decimals_of, spread, value_scale

values = st.lists(st.floats(-1e7, 1e7).map(lambda value: round(value, 4)), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("seen", "ticks", "cut"),
    [
        ([0, 100], (0, 20, 40, 60, 80, 100), False),
        ([58, 92], (50, 60, 70, 80, 90, 100), True),
        ([1000, 1700], (800, 1000, 1200, 1400, 1600, 1800), True),
        ([5, 100], (0, 20, 40, 60, 80, 100), False),
        ([0, 0], (0, 0.2, 0.4, 0.6, 0.8, 1, 1.2), False),
        ([-8, 5], (-10, -5, 0, 5, 10), False),
        ([], (0, 0.2, 0.4, 0.6, 0.8, 1, 1.2), False),
    ],
)
def test_a_scale_has_round_steps_and_says_when_it_does_not_start_at_zero(
    seen: list[float], ticks: tuple[float, ...], cut: bool
) -> None:
    scale = value_scale(seen, most=100)

    assert (scale.ticks, scale.cut) == (ticks, cut)


def test_a_scale_of_counts_has_no_half_cases() -> None:
    assert value_scale([0, 1, 2], whole=True).ticks == (0, 1, 2, 3)


def test_a_scale_starts_at_zero_when_it_is_told_to() -> None:
    assert [value_scale([90, 95], zero=zero).low for zero in (True, False, None)] == [0, 89, 89]


@given(values, st.booleans())
def test_a_scale_holds_every_value_in_few_steps(seen: list[float], whole: bool) -> None:
    scale = value_scale(seen, whole=whole)

    assert scale.low <= min(seen) + 1e-6
    assert scale.high >= max(seen) - 1e-6
    assert 2 <= len(scale.ticks) <= 9
    assert all(scale.low - 1e-9 <= value <= scale.high + 1e-9 for value in seen)
    assert scale.cut or scale.low <= 0 <= scale.high


def test_ticks_are_printed_with_the_decimals_they_need() -> None:
    assert [decimals_of(ticks) for ticks in ((0.0, 0.25), (0.0, 0.1), (10.0, 20.0), (1e7, 2e7))] == [2, 1, 0, 0]


@given(
    st.lists(st.tuples(st.floats(0, 300), st.sampled_from([10.0, 20.0])), min_size=1, max_size=6),
)
def test_labels_are_moved_apart_and_stay_on_the_field(boxes: list[tuple[float, float]]) -> None:
    places, heights = [place for place, _ in boxes], [height for _, height in boxes]

    moved = spread(places, heights, 0, 300)

    spans = sorted((middle - height / 2, middle + height / 2) for middle, height in zip(moved, heights, strict=True))
    assert all(end <= begin + 1e-6 for (_, end), (begin, _) in pairwise(spans))
    assert spans[0][0] >= -1e-6
    assert spans[-1][1] <= 300 + 1e-6
