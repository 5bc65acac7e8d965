"""Hidden cells of a table: what follows from the rest, held against every table there could be."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civicstat.statistics import (
    Contradiction,
    audit_cells,
    behind_percent,
    behind_running_totals,
    extremes,
    fixed_amounts,
    plan_cells,
    round_half_up,
    small_cells,
)

Table = list[list[int]]
Cells = list[tuple[int, int]]


def tables(rows: int, columns: int, most: int) -> st.SearchStrategy[Table]:
    return st.lists(st.lists(st.integers(0, most), min_size=columns, max_size=columns), min_size=rows, max_size=rows)


def every_table(table: Table, hidden: Cells) -> list[Table]:
    """All tables with the same shown cells, row totals and column totals."""
    most = max(max(sum(row) for row in table), 0)
    found = []
    for values in product(range(most + 1), repeat=len(hidden)):
        made = [list(row) for row in table]
        for (row, column), value in zip(hidden, values, strict=True):
            made[row][column] = value
        if totals(made) == totals(table):
            found.append(made)
    return found


def totals(table: Table) -> tuple[list[int], list[int]]:
    return [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]


@settings(max_examples=60, deadline=None)
@given(tables(3, 3, 4), st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=4))
def test_the_range_of_a_hidden_cell_is_that_over_all_tables_with_the_same_totals(
    table: Table, out: set[tuple[int, int]]
) -> None:
    hidden = sorted(out)
    found = audit_cells(table, hidden, 3)
    possible = every_table(table, hidden)

    assert found.ranges == {
        (row, column): (min(one[row][column] for one in possible), max(one[row][column] for one in possible))
        for row, column in hidden
    }


@settings(max_examples=60, deadline=None)
@given(tables(3, 3, 12), st.integers(2, 6))
def test_a_plan_gives_nothing_away_and_no_smaller_one_does(table: Table, threshold: int) -> None:
    primary = small_cells(table, threshold)
    plan = plan_cells(table, threshold)
    every = [(row, column) for row in range(3) for column in range(3)]

    def is_enough(cells: set[tuple[int, int]]) -> bool:
        return not audit_cells(table, cells, threshold).exposed

    if plan is None:
        assert not is_enough(set(every))
        return
    assert plan.fewest
    assert set(primary) <= plan.hidden
    assert is_enough(set(plan.hidden))
    more = len(plan.hidden) - len(primary) - 1
    others = [cell for cell in every if cell not in primary]
    assert more < 0 or not any(is_enough({*primary, *extra}) for extra in combinations(others, more))


@pytest.mark.parametrize("table", [[[4, 120, 85, 60]], [[4], [120], [85], [60]]])
def test_one_line_has_one_total_and_needs_one_cell_more(table: Table) -> None:
    plan = plan_cells(table, 11)

    assert plan is not None
    assert len(plan.hidden) == 2


def test_one_cell_alone_cannot_be_hidden_from_its_total() -> None:
    assert plan_cells([[4]], 11) is None
    assert plan_cells([[4, 0]], 11) is not None  # a zero beside it, hidden too, might as well be the four


def test_without_totals_the_small_cells_alone_are_hidden() -> None:
    plan = plan_cells([[4, 12], [20, 3]], 11, margins_published=False)

    assert plan is not None
    assert plan.hidden == {(0, 0), (1, 1)}
    assert audit_cells([[4, 12]], [(0, 0)], 11, margins_published=False).ranges == {(0, 0): (0, None)}


def test_a_zero_that_is_not_shown_is_a_small_cell_too() -> None:
    assert small_cells([[0, 12]], 5, zero_is_shown=False) == ((0, 0),)


def test_a_range_under_the_threshold_is_told_though_it_is_no_single_value() -> None:
    found = audit_cells([[4, 1], [2, 20]], [(0, 0), (0, 1), (1, 0), (1, 1)], 11)

    assert found.exposed == ()
    assert found.narrow == ((0, 0), (0, 1), (1, 0))


@pytest.mark.slow
def test_a_large_table_gets_a_plan_that_holds_though_a_smaller_one_might_exist() -> None:
    table = [[(7 * row + 11 * column) % 23 for column in range(9)] for row in range(9)]

    plan = plan_cells(table, 5)

    assert plan is not None
    assert audit_cells(table, plan.hidden, 5).exposed == ()


@given(
    st.lists(st.sampled_from([0, 0, 1, 3]), min_size=6, max_size=6),
    st.lists(st.lists(st.sampled_from([-1, 0, 0, 1, 1, 2]), min_size=6, max_size=6), max_size=5),
)
def test_an_amount_is_fixed_where_its_least_and_greatest_are_one(values: list[int], times: list[list[int]]) -> None:
    lines = [{place: count for place, count in enumerate(line) if count} for line in times]
    equations = [(line, sum(count * values[place] for place, count in line.items())) for line in lines]
    ranges = extremes(equations, range(6))

    found = fixed_amounts(lines, {place: value > 0 for place, value in enumerate(values)})

    assert found == {place for place, (low, high) in ranges.items() if low == high}


def test_equations_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(Contradiction):
        extremes([({"a": 1, "b": 1}, 3), ({"a": 1, "b": 1}, 4)], ["a"])


def test_an_amount_in_no_equation_is_open_upwards() -> None:
    nothing, three = Fraction(0), Fraction(3)
    assert extremes([({"a": 1}, 3)], ["a", "b"]) == {"a": (three, three), "b": (nothing, None)}


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), min_size=1, max_size=5))
def test_what_running_totals_give_away_is_what_has_one_value_in_all_series_there_could_be(
    months: list[tuple[int, bool, bool]],
) -> None:
    values = [value for value, _, _ in months]
    running = [sum(values[: at + 1]) for at in range(len(values))]
    shown = [value if is_shown else None for value, is_shown, _ in months]
    totals_shown = [total if is_shown else None for total, (_, _, is_shown) in zip(running, months, strict=True)]
    places = {at: f"m{at}" for at in range(len(values))}
    equations = [({places[at]: 1}, value) for at, value in enumerate(shown) if value is not None]
    equations += [
        ({places[before]: 1 for before in range(at + 1)}, total)
        for at, total in enumerate(totals_shown)
        if total is not None
    ]
    ranges = extremes(equations, [places[at] for at, value in enumerate(shown) if value is None])

    found = behind_running_totals(shown, totals_shown)

    assert found == [(at, values[at]) for at in places if shown[at] is None and len(set(ranges[places[at]])) == 1]


@given(st.integers(1, 3_000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))), st.integers(0, 2))
def test_the_counts_behind_a_percentage_are_those_that_print_as_it(share: tuple[int, int], places: int) -> None:
    count, base = share

    def printed(one: int) -> str:
        return f"{round_half_up(Decimal(100 * one) / base, places)}%"

    assert behind_percent(printed(count), base) == [one for one in range(base + 1) if printed(one) == printed(count)]
