"""Shares, trials and rates: what their formulas promise for any counts."""

from __future__ import annotations

from decimal import Decimal
from math import comb, exp, fsum, lgamma, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicstat.statistics import (
    compare_shares,
    count_interval,
    holm,
    people_per_arm,
    rate_ratio,
    round_half_up,
    wilson,
)

SHARES = st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@given(SHARES)
def test_the_interval_of_a_share_holds_it_and_stays_between_nothing_and_all(share: tuple[int, int]) -> None:
    count, total = share
    found = wilson(count, total)

    assert 0 <= found.lower <= count / total <= found.upper <= 1
    assert found.lower < found.upper


@given(SHARES)
def test_the_share_of_the_others_has_the_mirrored_interval(share: tuple[int, int]) -> None:
    count, total = share
    found, others = wilson(count, total), wilson(total - count, total)

    assert (found.lower, found.upper) == pytest.approx((1 - others.upper, 1 - others.lower), abs=1e-12)


@given(SHARES, st.integers(2, 50))
def test_more_people_of_the_same_share_make_a_narrower_interval(share: tuple[int, int], times: int) -> None:
    count, total = share
    few, many = wilson(count, total), wilson(count * times, total * times)

    assert many.upper - many.lower < few.upper - few.lower


@pytest.mark.parametrize(("count", "total"), [(0, 0), (3, 2), (-1, 5), (1, -2)])
def test_what_is_no_share_has_no_interval(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="between 0 and a total"):
        wilson(count, total)


@given(SHARES, SHARES)
def test_two_arms_changed_round_turn_the_difference_round(one: tuple[int, int], two: tuple[int, int]) -> None:
    there, back = compare_shares(*one, *two), compare_shares(*two, *one)

    assert there.difference == pytest.approx(-back.difference)
    ends = (there.difference_interval.lower, there.difference_interval.upper)
    assert ends == pytest.approx((-back.difference_interval.upper, -back.difference_interval.lower), abs=1e-12)
    assert there.p_fisher == pytest.approx(back.p_fisher)
    assert there.p_value == pytest.approx(back.p_value)


@given(SHARES, SHARES)
def test_the_interval_of_a_difference_holds_it_and_is_never_beyond_all(
    one: tuple[int, int], two: tuple[int, int]
) -> None:
    found = compare_shares(*one, *two)

    assert -1 <= found.difference_interval.lower <= found.difference <= found.difference_interval.upper <= 1


@given(*[st.integers(1, 25)] * 2, st.data())
def test_fishers_test_is_the_sum_of_the_tables_that_are_not_more_likely(
    total: int, other_total: int, data: st.DataObject
) -> None:
    count, other = data.draw(st.integers(0, total)), data.draw(st.integers(0, other_total))
    drawn = count + other
    ways = {
        first: comb(total, first) * comb(other_total, drawn - first)
        for first in range(max(0, drawn - other_total), min(total, drawn) + 1)
    }
    exact = sum(one for one in ways.values() if one <= ways[count]) / comb(total + other_total, drawn)

    assert compare_shares(count, total, other, other_total).p_fisher == pytest.approx(exact, abs=1e-9)


def test_the_test_shown_is_fishers_where_few_would_be_expected() -> None:
    few, many = compare_shares(9, 10, 3, 10), compare_shares(63, 100, 48, 100)

    assert (few.test, few.p_value) == ("fisher", few.p_fisher)
    assert (many.test, many.p_value) == ("z", many.p_z)


@given(st.integers(0, 3_000))
def test_at_the_ends_of_the_interval_of_a_count_one_in_forty_is_as_far_off(count: int) -> None:
    found = count_interval(count)

    assert found.lower <= count < found.upper
    assert at_most(count, found.upper) == pytest.approx(0.025, abs=1e-8)
    if count:
        assert 1 - at_most(count - 1, found.lower) == pytest.approx(0.025, abs=1e-8)


def at_most(count: int, mean: float) -> float:
    """How likely a Poisson number is ``count`` or less."""
    return fsum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(count + 1))


def test_the_interval_of_a_great_count_comes_near_that_of_a_normal_one() -> None:
    found = count_interval(1_000_000)

    assert (found.lower, found.upper) == pytest.approx((1e6 - 1959.96, 1e6 + 1959.96), rel=2e-6)


@given(*[st.integers(1, 500)] * 2)
def test_a_ratio_of_rates_and_its_inverse_have_inverse_intervals(one: int, two: int) -> None:
    there, back = rate_ratio(one, 1_000, two, 4_000), rate_ratio(two, 4_000, one, 1_000)

    assert there.ratio is not None
    assert there.interval is not None
    assert back.interval is not None
    assert there.interval.lower < there.ratio < there.interval.upper
    assert (there.interval.lower, there.interval.upper) == pytest.approx(
        (1 / back.interval.upper, 1 / back.interval.lower)
    )


@given(st.lists(st.floats(0, 1), max_size=8))
def test_adjusted_p_values_keep_their_order_and_are_never_less(p_values: list[float]) -> None:
    found = holm(p_values)

    assert all(p <= adjusted <= 1 for p, adjusted in zip(p_values, found, strict=True))
    ranked = sorted(range(len(found)), key=lambda place: p_values[place])
    assert [found[place] for place in ranked] == sorted(found)


def test_a_smaller_difference_and_more_power_need_more_people() -> None:
    assert people_per_arm(0.63, 0.48) < people_per_arm(0.63, 0.48, power=0.9) < people_per_arm(0.53, 0.48)
    assert people_per_arm(0.63, 0.48) == people_per_arm(0.48, 0.63)


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.5, 1.2)])
def test_no_number_of_people_tells_what_is_equal(shares: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="two different shares"):
        people_per_arm(*shares)


@given(st.decimals(-10_000, 10_000, places=4), st.integers(0, 3))
def test_rounding_is_off_by_half_a_step_at_most_and_a_half_goes_away_from_zero(value: Decimal, places: int) -> None:
    found = round_half_up(value, places)
    step = Decimal(1).scaleb(-places)

    assert abs(found - value) <= step / 2
    if abs(found - value) == step / 2:
        assert abs(found) > abs(value)
