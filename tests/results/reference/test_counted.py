"""Counts, sums, averages and ratios, as loops make them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Row = dict[str, Any]
Where = Callable[[Row], bool]
Count = Callable[[Sequence[Row], Any], tuple[Any, ...]]
Agrees = Callable[..., None]


def always(row: Row) -> bool:
    return True


def counted(where: Where = always) -> Count:
    """Rows that meet a condition; their number is its own part."""

    def count(rows: Sequence[Row], _: Any) -> tuple[Any, ...]:
        n = len([row for row in rows if where(row)])
        return n, n, 1, n, {}

    return count


def measured(measure: Callable[[list[Row]], float | None], need: str, where: Where = always) -> Count:
    """A measure over the rows in which ``need`` has a value; the others are set aside."""

    def count(rows: Sequence[Row], _: Any) -> tuple[Any, ...]:
        inside = [row for row in rows if where(row)]
        missing = len([row for row in inside if row[need] is None])
        return measure(inside), None, None, len(inside) - missing, {"no_value": missing} if missing else {}

    return count


def costs(rows: Sequence[Row]) -> list[float]:
    return [row["cost"] for row in rows if row["cost"] is not None]


def total(rows: Sequence[Row]) -> float | None:
    """Over no rows 0; over rows that are all null, no value."""
    return sum(costs(rows)) if costs(rows) or not rows else None


def ninth_decile(values: Sequence[float]) -> float | None:
    if not values:
        return None
    ordered, place = sorted(values), 0.9 * (len(values) - 1)
    low = ordered[int(place)]
    return low + (ordered[min(int(place) + 1, len(ordered) - 1)] - low) * (place - int(place))


def divided(top: float | None, under: float) -> float | None:
    return top / under if under and top is not None else None


@pytest.mark.parametrize(
    ("yaml", "where"),
    [
        ("type: simple, measure: count(*)", always),
        (
            "type: simple, measure: count(*), where: kind <> 'a' and cost >= 0",
            lambda row: row["kind"] in ("b", "c") and row["cost"] is not None,
        ),
        (
            "type: simple, measure: count(*), where: kind is distinct from 'a' or not (cost > 2)",
            lambda row: row["kind"] != "a" or row["cost"] in (0, 1, 2),
        ),
        ("type: simple, measure: count(*), where: closed_at > due_on", lambda row: is_late(row)),
    ],
)
def test_rows_that_meet_a_condition(agrees: Agrees, yaml: str, where: Where) -> None:
    agrees(yaml, counted(where), zero=True)


def is_late(row: Row) -> bool:
    """A date beside a timestamp is its 00:00."""
    closed, due = row["closed_at"], row["due_on"]
    if closed is None or due is None:
        return False
    return bool(closed.date() > due or (closed.date() == due and (closed.hour, closed.minute) > (0, 0)))


@pytest.mark.parametrize("period", ["day", "week", "quarter", "fiscal_quarter"])
def test_rows_in_periods_of_every_length(agrees: Agrees, period: str) -> None:
    agrees("type: simple, measure: count(*)", counted(), period=period, zero=True, examples=4)


def test_rows_by_a_date_that_is_not_the_datasets_own(agrees: Agrees) -> None:
    agrees("type: simple, measure: count(*), time: closed_on", counted(), time="closed_on", zero=True)


@pytest.mark.parametrize(
    ("measure", "need", "by_hand"),
    [
        ("count(closed_at)", "closed_at", lambda rows: len([row for row in rows if row["closed_at"] is not None])),
        ("count(distinct kind)", "kind", lambda rows: len({row["kind"] for row in rows} - {None})),
        ("sum(cost)", "cost", total),
        ("100 - sum(cost)", "cost", lambda rows: None if total(rows) is None else 100 - (total(rows) or 0)),
    ],
)
def test_a_number_where_there_are_no_rows(
    agrees: Agrees, measure: str, need: str, by_hand: Callable[[list[Row]], float | None]
) -> None:
    agrees(f"type: simple, measure: {measure}", measured(by_hand, need), zero=True)


@pytest.mark.parametrize(
    ("measure", "by_hand"),
    [
        ("percentile(cost, 0.9)", lambda rows: ninth_decile(costs(rows))),
        ("max(cost) - min(cost)", lambda rows: max(costs(rows)) - min(costs(rows)) if costs(rows) else None),
        ("sum(cost) / count(cost)", lambda rows: divided(total(rows), len(costs(rows)))),
    ],
)
def test_nothing_where_there_are_no_rows(
    agrees: Agrees, measure: str, by_hand: Callable[[list[Row]], float | None]
) -> None:
    in_a_ward = measured(by_hand, "cost", lambda row: row["ward"] is not None)

    agrees(f'type: simple, measure: "{measure}", where: ward is not null', in_a_ward)


def test_an_average_is_a_sum_over_a_count(agrees: Agrees) -> None:
    def average(rows: Sequence[Row], _: Any) -> tuple[Any, ...]:
        values = costs(rows)
        aside = {"no_value": len(rows) - len(values)} if len(rows) > len(values) else {}
        return divided(sum(values), len(values)), sum(values), len(values), len(values), aside

    agrees("type: simple, measure: avg(cost)", average)


def test_a_share_is_of_its_own_rows(agrees: Agrees) -> None:
    def share(rows: Sequence[Row], _: Any) -> tuple[Any, ...]:
        base = [row["kind"] for row in rows if row["kind"] is not None and row["cost"] is not None]
        hits = base.count("a")
        return divided(100 * hits, len(base)), hits, len(base), len(base), {}

    sides = "numerator: {where: kind = 'a'}, denominator: {where: kind is not null}"
    agrees(f"type: ratio, {sides}, where: cost is not null", share)


def test_the_sides_of_a_ratio_are_summed_apart(agrees: Agrees) -> None:
    def ratio(rows: Sequence[Row], _: Any) -> tuple[Any, ...]:
        over = [row for row in rows if row["kind"] == "a"]
        below = [row for row in rows if row["kind"] == "b"]
        top = total(over)
        return divided(None if top is None else 1000 * top, len(below)), top, len(below), len(costs(over) + below), {}

    sides = "numerator: {measure: sum(cost), where: kind = 'a'}, denominator: {where: kind = 'b'}"
    agrees(f"type: ratio, {sides}, per: 1000, time: opened_on", ratio, time="opened_on")
