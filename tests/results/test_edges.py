"""Where a number is easily wrong: nothing, blanks, clocks that are days, weeks that cross a quarter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from civicstat.results import Reading, Status

Measure = Callable[..., list[Reading]]

COUNT = "type: simple\ndataset: cases\nmeasure: count(*)"
STOCK = "type: stock\ndataset: cases\nopened: opened_at\nclosed: closed_at"


def values(readings: list[Reading]) -> dict[str, float | None]:
    return {item.period: item.value for item in readings if item.grain == "month" and not item.slice}


def one(readings: list[Reading], period: str, **chosen: str) -> Reading:
    (found,) = [item for item in readings if item.period == period and dict(item.slice) == chosen]
    return found


def test_a_count_of_a_column_is_zero_where_it_has_no_value_and_arithmetic_over_no_rows_is_done(
    measure: Measure,
) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00"}]

    assert values(measure("type: simple\ndataset: cases\nmeasure: count(cost)", rows, "2026-01-31")) == {"2026-01": 0}
    assert values(measure("type: simple\ndataset: cases\nmeasure: 100 - sum(cost)", rows, "2026-02-28")) == {
        "2026-01": None,
        "2026-02": 100,
    }


def test_10_a_side_of_a_ratio_without_rows_sums_to_zero(measure: Measure) -> None:
    sides = "numerator: {measure: sum(cost), where: kind = 'a'}\ndenominator: count(*)\nper: 1000"
    rows = [{"opened_at": "2026-01-05T00:00:00", "kind": "b", "cost": 5}, {"opened_at": "2026-02-05T00:00:00"}]
    rows += [{"opened_at": "2026-02-05T00:00:00", "kind": "a"}]

    assert values(measure(f"type: ratio\ndataset: cases\n{sides}", rows, "2026-02-28")) == {
        "2026-01": 0,
        "2026-02": None,
    }


def test_9_a_clock_that_is_a_day_stands_at_its_end(measure: Measure) -> None:
    yaml = "type: stock\ndataset: cases\nopened: opened_at\nclosed: closed_at\nmeasure: max(age)"

    assert values(measure(yaml, [{"opened_at": "2026-02-15T12:00:00"}], "2026-02-15"))["2026-02"] == 0.5


def test_16_a_member_written_blank_is_one_with_those_that_have_none(measure: Measure) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00", "ward": ward} for ward in ("(blank)", "(blank)", None)]

    january = one(measure(f"{COUNT}\ndimensions: [ward]", rows, "2026-01-31"), "2026-01", ward="(blank)")

    assert (january.value, january.n) == (3, 3)


def test_18_a_quarter_of_weeks_ends_with_the_quarter(measure: Measure) -> None:
    rows = [{"opened_at": f"2026-{day}T00:00:00"} for day in ("03-30", "04-02")]
    weeks = {"as_of": "2026-04-08", "first": date(2026, 1, 1)}

    flow = one(measure(f"{COUNT}\nperiod: week", rows, **weeks), "2026-Q1")
    level = one(measure(f"{STOCK}\nperiod: week", rows, **weeks), "2026-Q1")

    assert (flow.value, flow.through, flow.complete) == (1, date(2026, 3, 31), True)
    assert (level.value, level.through, level.complete) == (0, date(2026, 3, 29), True)


def test_18_a_quarter_of_weeks_lacks_the_days_before_the_first(measure: Measure) -> None:
    found = measure(f"{COUNT}\nperiod: week", [{"opened_at": "2026-01-05T00:00:00"}], first=date(2026, 1, 5))

    assert [one(found, key).complete for key in ("2026-W02", "2026-Q1", "2026-Q2")] == [True, False, False]


def test_a_metric_says_nothing_before_it_begins(measure: Measure) -> None:
    yaml = f"{COUNT}\nsince: 2026-02-01\nprivacy: {{min_count: 5}}"

    january = one(measure(yaml, [{"opened_at": "2026-01-05T00:00:00"}], "2026-02-28"), "2026-01")

    assert (january.value, january.numerator, january.denominator, january.status) == (None, None, None, Status.NOT_DUE)


def test_a_column_of_the_dataset_may_be_named_as_a_part_of_the_metric(measure: Measure) -> None:
    renamed = f"{COUNT}\nwhere: counted_it = 'a'"
    rows = [{"opened_at": "2026-01-05T00:00:00", "counted_it": kind} for kind in ("a", "b")]

    assert values(measure(renamed, rows, "2026-01-31")) == {"2026-01": 1}


@pytest.mark.parametrize(
    ("body", "row"),
    [
        ("type: simple\nmeasure: count(distinct kind)", {"kind": "one"}),
        ("type: ratio\nnumerator: {measure: sum(cost), where: kind = 'one'}\ndenominator: count(*)", {"cost": 90}),
    ],
)
def test_few_things_or_few_rows_on_one_side_are_withheld_though_many_rows_are_counted(
    measure: Measure, body: str, row: dict[str, Any]
) -> None:
    rows = [{"opened_at": "2026-01-05T00:00:00", "kind": "one", **row}]
    rows += [{"opened_at": "2026-01-05T00:00:00", "kind": row.get("kind", "many"), "cost": 1} for _ in range(20)]

    assert one(measure(f"{body}\ndataset: cases\nprivacy: {{min_count: 5}}", rows, "2026-01-31"), "2026-01").suppressed
