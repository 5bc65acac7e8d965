"""Seasons told from chance: the ratio of variances between the months of the year and within them."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicstat.statistics import SEASONAL, season_strength

YEARS = st.lists(st.integers(0, 1000), min_size=36, max_size=60)


def test_the_ratio_is_that_of_the_variances_worked_by_hand() -> None:
    # Four places, three years: the distances from the centred mean, by place, of the eight values that have one.
    values = [1.0, 5.0, 2.0, 8.0, 3.0, 6.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0]
    places = [[-2.0, 0.0], [1.25, 0.0], [-2.25, -0.375], [3.375, -0.25]]
    everything = [value for place in places for value in place]
    middle = sum(everything) / 8
    between = sum(2 * (sum(place) / 2 - middle) ** 2 for place in places) / 3
    within = sum((value - sum(place) / 2) ** 2 for place in places for value in place) / 4

    assert season_strength(values, 4) == pytest.approx(between / within)


@given(YEARS, st.integers(-50, 50))
def test_neither_level_nor_a_straight_trend_changes_it(values: list[int], step: int) -> None:
    plain = season_strength(values, 12)

    assert season_strength([1000 + value + step * at for at, value in enumerate(values)], 12) == pytest.approx(plain)


def test_chance_alone_is_no_season_and_a_plain_winter_is() -> None:
    draw = Random(7)
    chance = [[draw.gauss(0, 1) for _ in range(60)] for _ in range(300)]
    winters = [[value + 4 * (at % 12 in (0, 1, 11)) for at, value in enumerate(year)] for year in chance]

    assert sum((season_strength(values, 12) or 0) > SEASONAL for values in chance) <= 1
    assert sum((season_strength(values, 12) or 0) > SEASONAL for values in winters) >= 295


def test_gaps_are_left_out_and_too_little_is_not_judged() -> None:
    values: list[float | None] = [float(at % 12) for at in range(60)]
    values[30] = None

    assert season_strength(values, 12) == float("inf")
    assert season_strength([5.0] * 60, 12) == 0.0
    assert season_strength(values[:35], 12) is None
    assert season_strength([None if at % 6 == 0 else 1.0 for at in range(60)], 12) is None
