"""Nothing withheld can be worked out from what is published: rows, totals and longer periods together."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civicstat.period import Calendar, FiscalYear
from civicstat.results import FLOOR, Reading, Reason, Status, threshold, withheld
from civicstat.spec import Privacy

CALENDAR = Calendar(FiscalYear(7))
Counts = dict[tuple[str, str], int]  # (month, district) → count


def reading(period: str, member: str, n: int, top: float | None = None) -> Reading:
    named = CALENDAR.parse(period)
    return Reading(
        "injuries", period, named.grain, named.start, named.end, named.last, {"unit": member} if member else {},
        float(n), float(n) if top is None else top, 1.0 if top is None else float(n), n, complete=True, final=True,
        suppressed=False, status=Status.NO_GOAL, reason=Reason("no_goal"),
    )  # fmt: skip


def table(counts: Counts, quarters: dict[str, tuple[str, ...]] | None = None) -> list[Reading]:
    """A month by unit table with totals, and the quarters that add months up."""
    months = sorted({month for month, _ in counts})
    units = sorted({unit for _, unit in counts})
    made = []
    for unit in ("", *units):
        for month in months:
            total = sum(counts[month, name] for name in units)
            made.append(reading(month, unit, counts[month, unit] if unit else total))
        for quarter, inside in (quarters or {}).items():
            total = sum(counts[month, name] for month in inside for name in ([unit] if unit else units))
            made.append(reading(quarter, unit, total))
    return made


def hidden(readings: list[Reading], privacy: Privacy, *, shares: bool = False) -> set[tuple[str, str]]:
    rows = [behind(item, shares) for item in readings]
    places = withheld(readings, privacy, rows=rows, over_time="sum", base="month", environment={})
    return {(readings[place].period, readings[place].slice.get("unit", "")) for place in places}


def behind(item: Reading, shares: bool) -> tuple[int, ...]:
    """The rows counted; for a share also those in its numerator and those left."""
    n, top = item.n or 0, int(item.numerator or 0)
    return (n, top, n - top) if shares else (n,)


SLICES = Privacy(5, ("unit",))


def test_a_small_count_is_withheld_and_with_it_the_next_smallest_so_that_the_total_can_stay() -> None:
    readings = table({("2026-01", "North"): 3, ("2026-01", "South"): 40, ("2026-01", "West"): 12})

    assert hidden(readings, SLICES) == {("2026-01", "North"), ("2026-01", "West")}


def test_the_total_is_withheld_where_no_other_part_of_it_holds_rows() -> None:
    readings = table({("2026-01", "North"): 3, ("2026-01", "South"): 0})

    assert hidden(readings, SLICES) == {("2026-01", "North"), ("2026-01", "")}


def test_two_small_counts_keep_their_total() -> None:
    readings = table({("2026-01", "North"): 3, ("2026-01", "South"): 2, ("2026-01", "West"): 12})

    assert hidden(readings, SLICES) == {("2026-01", "North"), ("2026-01", "South")}


def test_two_counts_of_one_can_be_told_from_a_total_that_leaves_two() -> None:
    readings = table({("2026-01", "North"): 1, ("2026-01", "South"): 1, ("2026-01", "West"): 12})

    assert hidden(readings, SLICES) == {("2026-01", "North"), ("2026-01", "South"), ("2026-01", "West")}


def test_zero_and_the_threshold_itself_are_shown() -> None:
    readings = table({("2026-01", "North"): 0, ("2026-01", "South"): 5})

    assert hidden(readings, SLICES) == set()


def test_a_quarter_does_not_give_away_its_one_hidden_month_and_every_total_can_stay() -> None:
    counts = {(f"2026-0{month}", unit): 20 for month in (1, 2, 3) for unit in ("North", "South")}
    counts["2026-02", "North"] = 2

    seen = hidden(table(counts, {"2026-Q1": ("2026-01", "2026-02", "2026-03")}), SLICES)

    assert seen == {(month, unit) for month in ("2026-01", "2026-02") for unit in ("North", "South")}


def test_a_share_is_withheld_with_a_small_numerator_or_a_small_rest() -> None:
    readings = [reading("2026-01", "", 100, 2.0), reading("2026-02", "", 100, 98.0), reading("2026-03", "", 100, 50.0)]

    assert hidden(readings, Privacy(5), shares=True) == {("2026-01", ""), ("2026-02", "")}


def test_a_level_hides_the_quarter_that_repeats_it() -> None:
    readings = [reading("2026-02", "", 20), reading("2026-03", "", 2), reading("2026-Q1", "", 2)]

    rows = [behind(item, shares=False) for item in readings]
    places = withheld(readings, Privacy(5), rows=rows, over_time="end", base="month", environment={})

    assert places == {1, 2}


def test_the_floor_cannot_be_lowered_and_the_environment_may_raise_it() -> None:
    assert [
        threshold(Privacy(1), {}),
        threshold(Privacy(5), {}),
        threshold(Privacy(5), {"CIVICSTAT_MIN_COUNT": "11"}),
        threshold(Privacy(5), {"CIVICSTAT_MIN_COUNT": "1"}),
        threshold(Privacy(5), {"CIVICSTAT_MIN_COUNT": "none"}),
    ] == [FLOOR, 5, 11, 5, 5]


@given(st.lists(st.integers(0, 12), min_size=12, max_size=12), st.integers(3, 6))
def test_no_sum_of_the_table_has_exactly_one_unknown(values: list[int], limit: int) -> None:
    units, months = ("A", "B", "C", "D"), ("2026-01", "2026-02", "2026-03")
    counts = {
        (month, unit): values[3 * place + row] for place, unit in enumerate(units) for row, month in enumerate(months)
    }
    out = hidden(table(counts, {"2026-Q1": months}), Privacy(limit, ("unit",)))

    for period in (*months, "2026-Q1"):
        row = [(period, unit) for unit in ("", *units)]
        assert len(out.intersection(row)) != 1 or _empty(row, out, counts, months)
    for unit in ("", *units):
        column = [(period, unit) for period in (*months, "2026-Q1")]
        assert len(out.intersection(column)) != 1 or _empty(column, out, counts, months)


def _empty(cells: list[tuple[str, str]], out: set[tuple[str, str]], counts: Counts, months: tuple[str, ...]) -> bool:
    """A hidden sum of zeros alone has no part left to hide."""
    ((period, unit),) = out.intersection(cells)
    inside = [count for (month, name), count in counts.items() if period in (month, "2026-Q1") and unit in (name, "")]
    return sum(inside) == 0


@pytest.mark.parametrize("limit", [3, 5, 11])
def test_every_count_below_the_threshold_is_withheld(limit: int) -> None:
    counts = {("2026-01", f"U{n:02}"): n for n in range(13)}

    out = hidden(table(counts), Privacy(limit, ("unit",)))

    assert {member for _, member in out if member} == {f"U{n:02}" for n in range(1, limit)}


MONTHS = tuple(f"2026-0{month}" for month in range(1, 7))
LONGER = {
    "2026-Q1": ("2026-01", "2026-02", "2026-03"),
    "2026-Q2": ("2026-04", "2026-05", "2026-06"),
    "FY2026-Q3": ("2026-01", "2026-02", "2026-03"),
    "2026": MONTHS,
}
SHIFTS = ("day", "night")
Cell = tuple[str, str]  # period, member


@settings(max_examples=60)
@given(st.lists(st.sampled_from([0, 0, 1, 2, 3, 5, 9, 20]), min_size=48, max_size=48), st.integers(3, 6), st.booleans())
def test_no_withheld_count_follows_from_the_published_ones(values: list[int], limit: int, everywhere: bool) -> None:
    rows = dict(zip(product(MONTHS, "NSWE", SHIFTS), values, strict=True))
    counts = {
        (period, member): sum(n for (month, *of), n in rows.items() if month in inside and (not member or member in of))
        for period, inside in [*((month, (month,)) for month in MONTHS), *LONGER.items()]
        for member in ("", *"NSWE", *SHIFTS)
    }
    readings = [
        reading(period, member, n)._replace(slice={"shift" if member in SHIFTS else "unit": member} if member else {})
        for (period, member), n in counts.items()
    ]
    privacy = Privacy(limit, () if everywhere else ("unit",))
    places = withheld(
        readings, privacy, rows=[(item.n or 0,) for item in readings], over_time="sum", base="month", environment={}
    )

    unknown = [cell for place, cell in enumerate(counts) if place in places]
    protected = {(p, m) for p, m in unknown if counts[p, m] < limit and (everywhere or m in tuple("NSWE"))}
    assert protected.isdisjoint(followed(unknown))


def followed(unknown: list[Cell]) -> set[Cell]:
    """The unknown cells that have one value only, by elimination over every sum of the table."""
    sums = [[(period, ""), *((period, name) for name in names)]
            for period in (*MONTHS, *LONGER) for names in ("NSWE", SHIFTS)]  # fmt: skip
    sums += [[(period, member), *((month, member) for month in inside)]
             for period, inside in LONGER.items() for member in ("", *"NSWE", *SHIFTS)]  # fmt: skip
    lines = [[Fraction((1 if cell == whole else -1) if cell in (whole, *parts) else 0) for cell in unknown]
             for whole, *parts in sums]  # fmt: skip
    return determined(unknown, lines)


def cross(counts: dict[tuple[str, str], int]) -> list[Reading]:
    """One month of units by shift, with both single splits and the total."""
    made = [reading("2026-01", "", sum(counts.values()))]
    for name, place in (("unit", 0), ("shift", 1)):
        for member in sorted({pair[place] for pair in counts}):
            n = sum(count for pair, count in counts.items() if pair[place] == member)
            made.append(reading("2026-01", "", n)._replace(slice={name: member}))
    return made + [
        reading("2026-01", "", n)._replace(slice={"unit": unit, "shift": shift}) for (unit, shift), n in counts.items()
    ]


def out(readings: list[Reading], privacy: Privacy, multiple: tuple[str, ...] = ()) -> list[dict[str, str]]:
    rows = [(item.n or 0,) for item in readings]
    places = withheld(readings, privacy, rows=rows, over_time="sum", base="month", multiple=multiple, environment={})
    return [dict(readings[place].slice) for place in sorted(places)]


def test_a_small_cell_of_a_cross_does_not_follow_from_its_row_or_its_column() -> None:
    readings = cross({("N", "day"): 2, ("N", "night"): 30, ("S", "day"): 40, ("S", "night"): 50})

    hidden_cells = out(readings, Privacy(5))

    assert {"unit": "N", "shift": "day"} in hidden_cells
    for line in ({"unit": "N"}, {"shift": "day"}):
        ((name, member),) = line.items()
        beside = [cell for cell in hidden_cells if cell.get(name) == member]
        assert len(beside) > 1, f"{line} less its other cells is the one withheld"


@settings(max_examples=80)
@given(st.lists(st.sampled_from([0, 0, 1, 2, 3, 5, 9, 20]), min_size=9, max_size=9), st.integers(3, 6))
def test_no_withheld_cell_of_a_cross_follows_from_rows_columns_and_totals(values: list[int], limit: int) -> None:
    counts = dict(zip(product("NSW", ("day", "night", "eve")), values, strict=True))
    readings = cross(counts)
    places = withheld(
        readings, Privacy(limit), rows=[(item.n or 0,) for item in readings], over_time="sum", base="month",
        environment={},
    )  # fmt: skip
    cells = [tuple(sorted(item.slice.items())) for item in readings]
    unknown = [cells[place] for place in sorted(places)]
    lines = [
        [Fraction((1 if cell == whole else -1) if cell == whole or cell in parts else 0) for cell in unknown]
        for whole in cells if len(whole) < 2
        for gone in ({"unit", "shift"} - dict(whole).keys(),)
        for names in ([{"unit"}, {"shift"}, {"unit", "shift"}] if not whole else [gone])
        for parts in ([c for c in cells if dict(c).keys() == names | dict(whole).keys() and set(whole) <= set(c)],)
    ]  # fmt: skip
    small = {cell for cell, item in zip(cells, readings, strict=True) if 0 < (item.n or 0) < limit}

    assert small <= set(unknown)
    assert small.isdisjoint(determined(unknown, lines))


def determined(unknown: list[Any], lines: list[list[Fraction]]) -> set[Any]:
    """The unknowns that have one value only."""
    done: list[list[Fraction]] = []
    for column in range(len(unknown)):
        pivot = next((line for line in lines if line[column]), None)
        if pivot is None:
            continue
        lines.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        for other in (lines, done):
            other[:] = [
                [a - line[column] * b for a, b in zip(line, pivot, strict=True)] if line[column] else line
                for line in other
            ]
        done.append(pivot)
    return {unknown[line.index(Fraction(1))] for line in done if sum(1 for value in line if value) == 1}


def several(total: int, **members: int) -> list[Reading]:
    """One month by districts of which a row may be in several."""
    return [reading("2026-01", "", total), *(reading("2026-01", name, n) for name, n in members.items())]


def test_members_that_share_rows_are_not_taken_to_add_up() -> None:
    readings = several(40, A=30, B=20, C=3)

    assert out(readings, SLICES) == [{"unit": "B"}, {"unit": "C"}]
    assert out(readings, SLICES, multiple=("unit",)) == [{"unit": "C"}]


def test_the_total_is_withheld_where_it_leaves_a_small_member_one_value() -> None:
    assert out(several(54, A=30, B=20, C=4), SLICES, multiple=("unit",)) == [{}, {"unit": "C"}]  # at least 4, under 5
    assert out(several(53, A=30, B=20, C=4), SLICES, multiple=("unit",)) == [{"unit": "C"}]


def test_a_withheld_total_does_not_follow_from_the_only_member_there_is() -> None:
    quarter = [
        reading("2026-01", "", 30),
        reading("2026-01", "A", 30),
        reading("2026-02", "", 3),
        reading("2026-02", "A", 3),
    ]
    whole = [reading("2026-Q1", "", 33), reading("2026-Q1", "A", 33)]

    cells = out([*quarter, *whole], Privacy(5), multiple=("unit",))

    assert cells.count({}) == cells.count({"unit": "A"}) == 2


def test_crosses_that_leave_very_many_cells_to_hide_are_withheld_whole() -> None:
    readings = cross({(f"U{unit}", f"S{shift}"): 1 + (unit + shift) % 5 for unit in range(40) for shift in range(40)})

    seen = out(readings, Privacy(5))

    assert sum(len(cell) == 2 for cell in seen) == 1600
    assert [cell for cell in seen if len(cell) < 2] == []
