"""Ways to split a metric: bands, members of most rows, several members a row, crosses, and slices of few rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from statistics import median
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from civicstat.compiler import row_flags
from civicstat.results import Clock, Reading, Status, read_metrics, resolve_members
from civicstat.spec import Project

Measure = Callable[..., list[Reading]]

COUNT = "type: simple\ndataset: cases\nmeasure: count(*)"
MEDIAN = "type: simple\ndataset: cases\nmeasure: median(cost)"
STOCK = "type: stock\ndataset: cases\nopened: opened_on\nclosed: closed_on"
AT = "2026-01-05T12:00:00"


def by(readings: Sequence[Reading], *names: str, period: str = "2026-01") -> dict[Any, float | None]:
    """The values of one dimension in one period, by member, in the order in which they come."""
    found = [item for item in readings if item.period == period and set(item.slice) == set(names)]
    return {
        item.slice[names[0]] if len(names) == 1 else tuple(item.slice[n] for n in names): item.value for item in found
    }


def kinds(**counts: int) -> list[dict[str, Any]]:
    return [{"opened_at": AT, "kind": kind} for kind, count in counts.items() for _ in range(count)]


def test_an_edge_is_in_the_band_that_begins_there_and_nothing_falls_out(measure: Measure) -> None:
    rows = [{"opened_at": AT, "cost": cost} for cost in (-3, 0, 6.999, 7, 29.9, 30, 1e9, None)]

    readings = measure(f"{COUNT}\ndimensions: [{{by: cost, bands: [0, 7, 30]}}]", rows)

    assert by(readings, "cost") == {"<0": 1, "0-7": 2, "7-30": 2, "30+": 2, "(blank)": 1}
    assert list(by(readings, "cost")) == ["<0", "0-7", "7-30", "30+", "(blank)"]


def test_a_band_without_rows_is_there(measure: Measure) -> None:
    readings = measure(f"{COUNT}\ndimensions: [{{by: cost, bands: [5, 9]}}]", [{"opened_at": AT, "cost": 1}])

    assert by(readings, "cost") == {"<5": 1, "5-9": 0, "9+": 0}


def test_bands_of_age_move_with_the_end_of_the_period(measure: Measure) -> None:
    rows = [
        {"opened_on": "2026-01-01"},
        {"opened_on": "2026-01-24"},
        {"opened_on": "2026-01-25"},
        {"opened_on": "2026-02-28"},
    ]

    readings = measure(f"{STOCK}\ndimensions: [{{by: age, bands: [7, 30]}}]", rows, "2026-02-28")

    assert by(readings, "age") == {"0-7": 1, "7-30": 1, "30+": 1}
    assert by(readings, "age", period="2026-02") == {"0-7": 1, "7-30": 0, "30+": 3}
    assert by(readings, "age", period="2026-Q1") == by(readings, "age", period="2026-02")


def test_bands_of_the_time_a_thing_took(measure: Measure) -> None:
    rows = [{"opened_on": "2026-01-01", "closed_on": f"2026-01-{day:02}"} for day in (1, 7, 8, 20)]
    yaml = "type: duration\ndataset: cases\nfrom: opened_on\nto: closed_on\nunit: days\nmeasure: count(elapsed)"

    assert by(measure(f"{yaml}\ndimensions: [{{by: elapsed, bands: [7, 14]}}]", rows), "elapsed") == {
        "0-7": 2, "7-14": 1, "14+": 1,
    }  # fmt: skip


def test_the_members_of_most_rows_stand_alone_and_the_rest_is_other(measure: Measure) -> None:
    rows = [*kinds(sign=3, pothole=5, noise=3, tree=1, light=1), {"opened_at": AT}]

    readings = measure(f"{COUNT}\ndimensions: [{{by: kind, top: 2}}]", rows)

    assert list(by(readings, "kind").items()) == [("pothole", 5), ("noise", 3), ("other", 5), ("(blank)", 1)]


def test_the_members_are_those_of_all_time_among_the_rows_that_the_metric_asks_for(measure: Measure) -> None:
    rows = [
        *kinds(sign=2, pothole=1),
        *({"opened_at": "2026-03-05T12:00:00", "kind": "noise"} for _ in range(3)),
        *({"opened_at": AT, "kind": "tree", "ward": "9"} for _ in range(9)),
        *({"opened_at": "2027-01-01T00:00:00", "kind": "light"} for _ in range(9)),  # after the clock
    ]
    yaml = f"{COUNT}\nwhere: ward is null\ndimensions: [{{by: kind, top: 1}}]"

    readings = measure(yaml, rows, "2026-03-31")

    assert by(readings, "kind") == {"noise": 0, "other": 3}
    assert by(readings, "kind", period="2026-03") == {"noise": 3, "other": 0}


def test_a_stock_ranks_what_is_open_at_the_clock(measure: Measure) -> None:
    rows = [
        *({"opened_on": "2026-01-02", "closed_on": "2026-01-03", "kind": "done"} for _ in range(5)),
        *({"opened_on": "2026-01-02", "kind": kind} for kind in ("open", "open", "rare")),
    ]

    readings = measure(f"{STOCK}\ndimensions: [{{by: kind, top: 1}}]", rows, "2026-01-31")

    assert by(readings, "kind") == {"open": 2, "other": 1}


def test_a_member_that_is_called_other_is_in_the_rest(measure: Measure) -> None:
    rows = kinds(other=9, sign=2, tree=1)

    assert by(measure(f"{COUNT}\ndimensions: [{{by: kind, top: 1}}]", rows), "kind") == {"sign": 2, "other": 10}


def test_the_median_of_the_rest_is_that_of_its_rows(measure: Measure) -> None:
    rows = [
        {"opened_at": AT, "kind": kind, "cost": cost}
        for kind, cost in [("a", 1), ("a", 2), ("a", 9), ("b", 4), ("c", 10)]
    ]

    assert by(measure(f"{MEDIAN}\ndimensions: [{{by: kind, top: 1}}]", rows), "kind") == {"a": 2, "other": 7}


def test_a_quote_and_a_percent_sign_in_a_member_are_text(measure: Measure) -> None:
    rows = [{"opened_at": AT, "kind": "O'Neil 100 %", "wards": "O'Neil 100 %,b"}, *kinds(sign=1)]

    readings = measure(f"{COUNT}\ndimensions: [{{by: kind, top: 1}}, {{by: wards, top: 1}}]", rows)

    assert by(readings, "kind") == {"O'Neil 100 %": 1, "other": 1}
    assert by(readings, "wards") == {"O'Neil 100 %": 1, "other": 1, "(blank)": 1}


def test_a_row_of_several_members_counts_once_in_each_and_once_in_the_total(measure: Measure) -> None:
    rows = [{"opened_at": AT, "wards": wards} for wards in ("4, 5", "5", "5,5 , 5", " , ", None, "4 ,10")]

    readings = measure(f"{COUNT}\ndimensions: [wards]", rows)

    assert list(by(readings, "wards").items()) == [("4", 2), ("5", 3), ("10", 1), ("(blank)", 2)]
    assert by(readings) == {(): 6}


def test_two_members_of_the_rest_in_one_row_count_once(measure: Measure) -> None:
    rows = [{"opened_at": AT, "wards": wards} for wards in ("1", "1", "1,2", "2,3,4")]

    assert by(measure(f"{COUNT}\ndimensions: [{{by: wards, top: 1}}]", rows), "wards") == {"1": 3, "other": 2}


def test_a_cross_has_a_slice_for_each_pair_that_was_seen(measure: Measure) -> None:
    rows = [{"opened_at": AT, "kind": k, "ward": w} for k, w in [("a", "1"), ("a", "1"), ("a", "2"), (None, "1")]]

    readings = measure(f"{COUNT}\ndimensions: [[ward, kind]]", rows)

    assert by(readings, "ward", "kind") == {("1", "(blank)"): 1, ("1", "a"): 2, ("2", "a"): 1}
    assert next(dict(item.slice) for item in readings if item.slice) == {"ward": "1", "kind": "(blank)"}


def test_a_column_in_a_cross_is_split_as_it_is_beside_it(measure: Measure) -> None:
    rows = [{"opened_at": AT, "kind": k, "wards": w} for k, w in [("a", "1,2"), ("a", "2"), ("b", "2"), ("c", "1")]]

    readings = measure(f"{COUNT}\ndimensions: [[kind, wards], {{by: kind, top: 1}}]", rows)

    assert by(readings, "kind", "wards") == {("a", "1"): 1, ("a", "2"): 2, ("other", "1"): 1, ("other", "2"): 1}


def test_a_slice_of_fewer_rows_than_asked_for_says_how_many_and_no_value(measure: Measure) -> None:
    rows = [{"opened_at": AT, "ward": "1", "cost": 3}] * 2 + [{"opened_at": AT, "ward": "2", "cost": 5}] * 3

    readings = measure(f"{MEDIAN}\nbetter: lower\ngoal: {{target: 4}}\ndimensions: [{{by: ward, min_n: 3}}]", rows)
    few, enough = (item for item in readings if item.period == "2026-01" and item.slice)

    assert (few.value, few.n, few.status, few.suppressed) == (None, 2, Status.TOO_SMALL, False)
    assert (few.reason.code, dict(few.reason.args)) == ("too_few_rows", {"n": 2, "min_n": 3})
    assert (enough.value, enough.status) == (5, Status.OFF_TRACK)


def test_too_few_rows_in_a_cell_of_a_cross_show_no_value_either(measure: Measure) -> None:
    rows = [{"opened_at": AT, "ward": ward, "kind": kind} for ward in "12" for kind in "aab"]

    readings = measure(f"{COUNT}\ndimensions: [{{by: ward, min_n: 2}}, [ward, kind]]", rows)

    assert by(readings, "ward") == {"1": 3, "2": 3}
    assert by(readings, "ward", "kind") == {("1", "a"): 2, ("1", "b"): None, ("2", "a"): 2, ("2", "b"): None}


def test_members_named_in_an_order_come_first(measure: Measure) -> None:
    yaml = f"{COUNT}\ndimensions: [{{by: kind, order: [tree, (blank), gone]}}]"

    readings = measure(yaml, [*kinds(sign=1, tree=2, noise=1), {"opened_at": AT}])

    assert list(by(readings, "kind")) == ["tree", "(blank)", "noise", "sign"]


def test_a_stock_that_nothing_closes_only_grows(measure: Measure) -> None:
    rows = [{"opened_on": "2026-01-02", "ward": "1"}, {"opened_on": "2026-02-02", "ward": "2"}]

    readings = measure("type: stock\ndataset: cases\nopened: opened_on\ndimensions: [ward]", rows, "2026-02-28")

    assert [by(readings, period=p) for p in ("2026-01", "2026-02")] == [{(): 1}, {(): 2}]
    assert by(readings, "ward", period="2026-02") == {"1": 1, "2": 1}


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ("median(age)", 14.5),
        ("percentile(age, 0.9)", 26.1),
        ("avg(age)", 14.5),
        ("sum(cost)", 7),
        ("max(age) - min(age)", 29),
    ],
)
def test_a_stock_measures_its_open_rows(measure: Measure, measured: str, expected: float) -> None:
    rows = [
        {"opened_on": "2026-01-02", "cost": 3, "ward": "1"},
        {"opened_on": "2026-01-31", "cost": 4, "ward": "1"},
        {"opened_on": "2026-01-05", "closed_on": "2026-01-31", "cost": 50, "ward": "1"},
        {"cost": 50, "ward": "1"},
    ]

    readings = measure(f'{STOCK}\nmeasure: "{measured}"\nunit: days\ndimensions: [ward]', rows, "2026-01-31")

    assert by(readings, "ward") == {"1": pytest.approx(expected)} == {"1": by(readings)[()]}


# --- against loops over the rows, and the rows behind every slice ---------------------------------------------------


def middle(rows: Sequence[Mapping[str, Any]]) -> float | None:
    costs = [row["cost"] for row in rows if row["cost"] is not None]
    return median(costs) if costs else None


METRICS = {
    "median": (MEDIAN, middle),
    "stock": (STOCK, lambda rows: float(len(rows))),
    "share": (
        "type: ratio\ndataset: cases\nnumerator: {where: cost > 2}\ndenominator: count(*)",
        lambda rows: 100 * sum((r["cost"] or 0) > 2 for r in rows) / len(rows) if rows else None,
    ),
}  # fmt: skip
DIMENSIONS = "[{by: kind, top: 2}, {by: cost, bands: [1, 3]}, wards, ward, [kind, wards], [cost, ward], [wards, cost]]"
ROW = st.fixed_dictionaries(
    {
        "opened_at": st.dates(date(2026, 1, 1), date(2026, 3, 31)).map(lambda day: datetime.combine(day, time(9))),
        "opened_on": st.dates(date(2026, 1, 1), date(2026, 3, 31)),
        "closed_on": st.none() | st.dates(date(2026, 1, 1), date(2026, 5, 31)),
        "kind": st.sampled_from([None, "a", "b", "c", "other"]),
        "ward": st.sampled_from([None, "1", "2"]),
        "wards": st.sampled_from([None, "", "1", "1,2", "2, 1 ,2", ",3,"]),
        "cost": st.none() | st.integers(-1, 4),
    }
)


def members(row: Mapping[str, Any], name: str, top: Sequence[str]) -> set[str]:
    value = row[name]
    if name == "wards":
        return {part.strip() for part in (value or "").split(",") if part.strip()} or {"(blank)"}
    if value is None:
        return {"(blank)"}
    if name == "cost":
        return {"<1" if value < 1 else "1-3" if value < 3 else "3+"}
    return {value if name == "ward" or value in top else "other"}


def ranked(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["kind"] not in (None, "other"):
            counts[row["kind"]] += 1
    return sorted(counts, key=lambda kind: (-counts[kind], kind))[:2]


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.pool.StaticPool)
    with engine.connect() as made:
        yield made
    engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("name", METRICS)
def test_every_slice_is_what_a_loop_over_the_rows_says_and_lists_its_rows(
    name: str, connection: sa.Connection, small: SimpleNamespace
) -> None:
    yaml, value = METRICS[name]
    project = small.declare(f"{yaml}\ndimensions: {DIMENSIONS}")
    clock = Clock(datetime.combine(date(2026, 3, 31), time()), is_date=True, first=date(2026, 1, 1))
    march = "2026-03"

    @settings(max_examples=15)
    @given(st.lists(ROW, max_size=12))
    def check(rows: list[dict[str, Any]]) -> None:
        table = small.fill(connection, project, rows)
        known = resolve_members(project, connection, {"cases": table}, {"cases": clock})
        readings = read_metrics(known, connection, {"cases": table}, {"cases": clock})["it"]
        assert readings == read_metrics(project, connection, {"cases": table}, {"cases": clock})["it"]
        inside = [row for row in rows if stands(row, name)]
        top = ranked(inside if name == "stock" else rows)
        for item in readings:
            if item.period != march:
                continue
            mine = [row for row in inside if all(m in members(row, n, top) for n, m in item.slice.items())]
            counted = [row for row in mine if name != "median" or row["cost"] is not None]
            expected = value(mine)
            assert (item.n, item.value) == (len(counted), None if expected is None else pytest.approx(expected))
            assert listed(connection, known, table, item, name) == len(counted)
        for split in known.metrics["it"].dimensions:
            pairs = {pair for row in inside for pair in slices(row, split.columns, top)}
            told = {tuple(r.slice[c] for c in split.columns) for r in readings if set(r.slice) == set(split.columns)}
            assert pairs <= told

    check()


def stands(row: Mapping[str, Any], name: str) -> bool:
    if name == "stock":
        return row["closed_on"] is None or (
            row["closed_on"] >= date(2026, 4, 1) and row["closed_on"] >= row["opened_on"]
        )
    return bool(row["opened_at"].month == 3)


def slices(row: Mapping[str, Any], columns: Sequence[str], top: Sequence[str]) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = {()}
    for column in columns:
        found = {(*before, member) for before in found for member in members(row, column, top)}
    return found


def listed(connection: sa.Connection, project: Project, table: sa.Table, item: Reading, name: str) -> int:
    """The rows that the flags of the metric say a reading of March counts."""
    flags = row_flags(project.metrics["it"], project, table, None)
    wanted = [flags.counted]
    if name == "stock":
        wanted += [
            table.c.opened_on <= date(2026, 3, 31),
            sa.func.coalesce(table.c.closed_on > date(2026, 3, 31), True),
        ]
    else:
        wanted += [sa.extract("month", table.c.opened_at) == 3]
    wanted += [flags.members[column] for column in item.slice]
    select = sa.select(sa.func.count()).select_from(table).where(*wanted)
    given = {f"member_{column}": member for column, member in item.slice.items()}
    return int(connection.execute(select, given).scalar_one())
