"""What is open at the end of each period, as loops make it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Row = dict[str, Any]
Agrees = Callable[..., None]
MOMENTS, DAYS, MIXED = ("opened_at", "closed_at"), ("opened_on", "closed_on"), ("opened_on", "closed_at")


def always(row: Row) -> bool:
    return True


@pytest.mark.parametrize("columns", [MOMENTS, DAYS, MIXED])
@pytest.mark.parametrize(
    ("where", "by_hand"),
    [
        ("", always),
        (", where: kind <> 'a'", lambda row: row["kind"] in ("b", "c")),
        (", where: age > 30 and kind is not null", lambda row: row["age"] > 30 and row["kind"] is not None),
        (", where: 20.5 >= age", lambda row: row["age"] <= 20.5),
    ],
)
def test_the_number_of_open_rows(
    agrees: Agrees, columns: tuple[str, str], where: str, by_hand: Callable[[Row], bool]
) -> None:
    def count(rows: Sequence[Row], _: Any) -> tuple[Any, ...]:
        n = len([row for row in rows if by_hand(row)])
        return n, n, 1, n, {}

    opened, closed = columns
    agrees(f"type: stock, opened: {opened}, closed: {closed}{where}", count, time=opened, closed=closed, zero=True)


@pytest.mark.parametrize("columns", [MOMENTS, DAYS])
@pytest.mark.parametrize("period", ["week", "month", "quarter"])
@pytest.mark.parametrize(("measure", "by_hand"), [("median(age)", median), ("max(age)", max)])
def test_the_age_of_open_rows(
    agrees: Agrees, columns: tuple[str, str], period: str, measure: str, by_hand: Callable[[list[float]], float]
) -> None:
    def count(rows: Sequence[Row], _: Any) -> tuple[Any, ...]:
        ages = [row["age"] for row in rows if row["ward"] == "1"]
        return by_hand(ages) if ages else None, None, None, len(ages), {}

    opened, closed = columns
    yaml = f"type: stock, opened: {opened}, closed: {closed}, measure: {measure}, where: ward = '1'"
    agrees(yaml, count, time=opened, closed=closed, period=period, examples=4)


@pytest.mark.parametrize("period", ["day", "week"])
def test_the_number_of_open_rows_in_short_periods(agrees: Agrees, period: str) -> None:
    def count(rows: Sequence[Row], _: Any) -> tuple[Any, ...]:
        return len(rows), len(rows), 1, len(rows), {}

    yaml = "type: stock, opened: opened_at, closed: closed_at"
    agrees(yaml, count, time="opened_at", closed="closed_at", period=period, zero=True, examples=4)
