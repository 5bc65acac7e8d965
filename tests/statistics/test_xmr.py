"""What a process behaviour chart promises of any series; published cases are in tests/vectors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from civicstat.statistics import METHODS, Behaviour, Direction, Method, read_behaviour

WAYS: list[Direction] = ["increase", "decrease", "neutral"]
Series = list[float | None]

counts = st.integers(-500, 500)
series = st.lists(counts, min_size=2, max_size=40)
holed = st.lists(st.one_of(counts, counts, counts, st.none()), max_size=40)
ways = st.sampled_from(WAYS)
methods = st.builds(
    Method,
    screen=st.booleans(),
    shift=st.integers(3, 9),
    trend=st.integers(3, 9),
    two_of_three=st.sampled_from(["between", "beyond"]),
    first=st.sampled_from(["order", "improvement"]),
)
RISE_BELOW_THE_MEAN: Series = [60, 62, 59, 61, 63, 60, 62, 59, 61, 40, 41, 42, 43, 44, 45, 46]


@given(series, ways, methods, st.integers(1, 60), st.integers(-1000, 1000))
def test_another_unit_and_another_zero_move_the_limits_and_no_mark(
    values: Series, way: Direction, method: Method, times: int, more: int
) -> None:
    one = read_behaviour(values, direction=way, method=method)
    other = read_behaviour([(value or 0) * times + more for value in values], direction=way, method=method)
    assert other.rules == one.rules
    assert other.variation == one.variation
    (a,), (b,) = one.segments, other.segments
    assert a.mean is not None and a.lower is not None and a.upper is not None
    moved = [bound * times + more for bound in (a.mean, a.lower, a.upper)]
    assert [b.mean, b.lower, b.upper] == approx(moved, rel=1e-9, abs=1e-6)


@given(holed, methods)
def test_a_series_upside_down_is_as_good_as_the_other_way_round(values: Series, method: Method) -> None:
    one = read_behaviour(values, direction="increase", method=method)
    other = read_behaviour([value and -value for value in values], direction="decrease", method=method)
    assert [other.kind(at) for at in range(len(values))] == [one.kind(at) for at in range(len(values))]
    swapped = {"high": "low", "low": "high"}
    words = [(rule or "").rpartition("_") for rule in one.rules if rule and rule.startswith(("shift", "two"))]
    theirs = [(rule or "").rpartition("_") for rule in other.rules if rule and rule.startswith(("shift", "two"))]
    assert theirs == [(name, mark, swapped[side]) for name, mark, side in words]


@given(series, series, ways, methods)
def test_nothing_of_one_segment_reaches_into_the_next(
    before: Series, after: Series, way: Direction, method: Method
) -> None:
    whole = read_behaviour([*before, *after], direction=way, method=method, rebase_at=[len(before)], target=3)
    apart = [read_behaviour(part, direction=way, method=method, target=3) for part in (before, after)]
    assert whole.rules == (*apart[0].rules, *apart[1].rules)
    assert [bounds(whole, at) for at in (0, 1)] == [bounds(part, 0) for part in apart]
    assert (whole.variation, whole.assurance) == (apart[1].variation, apart[1].assurance)


@given(st.lists(counts, min_size=12, max_size=20), series, ways)
def test_what_comes_after_a_baseline_is_judged_by_it_and_does_not_move_it(
    first: Series, later: Series, way: Direction
) -> None:
    alone = read_behaviour(first, direction=way)
    more = read_behaviour([*first, *later], direction=way, baseline=len(first))
    assert bounds(more, 0) == bounds(alone, 0)
    assert len(more.rules) == len(first) + len(later)


@given(holed, ways, methods)
def test_missing_values_at_the_end_leave_the_last_value_to_speak(
    values: Series, way: Direction, method: Method
) -> None:
    shorter = read_behaviour(values, direction=way, method=method, target=7)
    longer = read_behaviour([*values, None, None], direction=way, method=method, target=7)
    assert longer.rules == (*shorter.rules, None, None)
    assert (longer.at, longer.variation, longer.assurance) == (shorter.at, shorter.variation, shorter.assurance)
    assert shorter.at is None or values[shorter.at] is not None


@given(series, ways, methods)
def test_screening_never_widens_limits_and_never_touches_the_mean(
    values: Series, way: Direction, method: Method
) -> None:
    on, off = (read_behaviour(values, direction=way, method=replace(method, screen=told)) for told in (True, False))
    (screened,), (whole,) = on.segments, off.segments
    assert screened.mean == whole.mean
    assert screened.mean_mr is not None and whole.mean_mr is not None
    assert screened.mean_mr <= whole.mean_mr + 1e-9
    assert whole.screened == 0


@given(holed, ways, methods)
def test_a_missing_value_has_no_mark_and_every_other_has_one(values: Series, way: Direction, method: Method) -> None:
    found = read_behaviour(values, direction=way, method=method)
    assert [rule is None for rule in found.rules] == [value is None for value in values]


@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3, 1e9])
def test_a_series_that_never_varies_has_the_mean_for_limits_and_no_mark(value: float) -> None:
    found = read_behaviour([value] * 20, direction="increase")
    assert set(found.rules) == {"common_cause"}
    assert bounds(found, 0) == approx((value, value, value))


def test_where_the_baseline_does_not_vary_nothing_can_be_a_signal() -> None:
    found = read_behaviour([*[0.0] * 12, 1.0, 2.0], direction="decrease", baseline=12)
    assert set(found.rules) == {"common_cause"}
    assert found.segments[0].mean_mr == 0


def test_a_value_that_is_the_mean_breaks_a_run_in_decimals_as_in_whole_numbers() -> None:
    whole: Series = [*[3, 1] * 4, 3, 3, 3, 2, 3, 3, 3, *[1] * 6]
    values: Series = [value and value / 10 for value in whole]
    found = read_behaviour(values, direction="increase", method=Method(shift=6))
    assert found.segments[0].mean == approx(0.2)
    assert found.rules == read_behaviour(whole, direction="increase", method=Method(shift=6)).rules
    assert [found.rules[at] for at in (8, 11, 14, 15)] == ["common_cause", "common_cause", "common_cause", "shift_low"]


def test_making_data_count_shows_the_improvement_where_a_point_is_both() -> None:
    nhs = read_behaviour(RISE_BELOW_THE_MEAN, direction="decrease", method=Method(screen=False))
    excel = read_behaviour(RISE_BELOW_THE_MEAN, direction="decrease", method=METHODS["making_data_count"])
    assert (nhs.rules[-1], nhs.variation) == ("trend_up", "concern_high")
    assert (excel.rules[-1], excel.variation) == ("two_of_three_low", "improvement_low")


def test_making_data_count_says_nothing_of_twelve_values() -> None:
    found = [read_behaviour([5, 8] * 7, direction="increase", target=2, method=METHODS["making_data_count"])]
    found += [read_behaviour([5, 8] * 6, direction="increase", target=-9, method=METHODS["making_data_count"])]
    assert [(item.variation, item.assurance) for item in found] == [("common_cause", "inconsistent"), (None, None)]


def test_limits_on_fewer_than_twelve_values_are_trial_limits() -> None:
    assert [read_behaviour([5, 8] * n, direction="increase").segments[0].trial for n in (5, 6)] == [True, False]


@pytest.mark.parametrize("values", [[], [None], [4.0], [4.0, None, 6.0]])
def test_without_two_values_side_by_side_there_are_no_limits_and_nothing_is_assured(values: Series) -> None:
    found = read_behaviour(values, direction="increase", target=1)
    assert [(item.lower, item.upper) for item in found.segments] == [(None, None)] * bool(values)
    assert found.assurance is None


def test_a_target_that_is_a_limit_will_be_hit_and_missed() -> None:
    values: Series = [4, 6, 4, 6]
    (segment,) = read_behaviour(values, direction="increase").segments
    assert segment.upper == approx(5 + 2.66 * 2)
    for target, told in [(segment.upper, "inconsistent"), (10.33, "consistent_fail"), (-0.33, "consistent_pass")]:
        assert read_behaviour(values, direction="increase", target=target).assurance == told


@pytest.mark.parametrize("places", [[0], [4], [2, 2], [3, 2], [-1]])
def test_a_segment_begins_inside_the_series(places: list[int]) -> None:
    with pytest.raises(ValueError, match="inside the series"):
        read_behaviour([1, 2, 3, 4], direction="increase", rebase_at=places)


def test_a_baseline_of_one_value_has_no_range() -> None:
    with pytest.raises(ValueError, match="two values"):
        read_behaviour([1, 2, 3, 4], direction="increase", baseline=1)


def bounds(found: Behaviour, at: int) -> tuple[float | None, float | None, float | None]:
    segment = found.segments[at]
    return segment.mean, segment.lower, segment.upper
