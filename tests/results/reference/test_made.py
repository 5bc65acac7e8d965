"""Numbers made of numbers, as loops make them: each operand counted by hand, then put together by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Row = dict[str, Any]
Place = tuple[str, str, str, date | None]  # dimension, member, grain, first day
Numbers = Mapping[Place, float | None]
MadeOf = Callable[..., None]

ROWS = {
    "opened": ("type: simple, measure: count(*)", lambda rows: len(rows), "opened_at", True),
    "closed": ("type: simple, measure: count(*), time: closed_on", lambda rows: len(rows), "closed_on", True),
    "spent": ("type: simple, measure: sum(cost)", lambda rows: total(rows), "opened_at", True),
    "dearest": ("type: simple, measure: max(cost)", lambda rows: max(costs(rows), default=None), "opened_at", False),
}
"""What others are made of: how a city writes it, how loops count it, its date, and whether of nothing it is 0."""


def costs(rows: Sequence[Row]) -> list[float]:
    return [row["cost"] for row in rows if row["cost"] is not None]


def total(rows: Sequence[Row]) -> float | None:
    return sum(costs(rows)) if costs(rows) or not rows else None


@pytest.mark.parametrize(
    ("formula", "by_hand"),
    [
        ("{opened} - {closed}", lambda it: it["opened"] - it["closed"]),
        ("100 * {spent} / {opened}", lambda it: 100 * it["spent"] / it["opened"] if it["opened"] else None),
        ("-({dearest} + 2) * {closed} / 4", lambda it: -(it["dearest"] + 2) * it["closed"] / 4),
    ],
)
@pytest.mark.parametrize("period", ["month", "quarter"])
def test_a_formula(
    made_of: MadeOf, formula: str, by_hand: Callable[[Mapping[str, float]], float | None], period: str
) -> None:
    def work(found: Mapping[str, Numbers], place: Place) -> float | None:
        named = {name: numbers.get(place) for name, numbers in found.items() if "{" + name + "}" in formula}
        known = {name: value for name, value in named.items() if value is not None}
        return by_hand(known) if len(known) == len(named) else None

    made_of(f'type: derived, formula: "{formula}"', ROWS, work, period=period)


@pytest.mark.parametrize(("shift", "months"), [("prior_period", 1), ("prior_year", 12)])
def test_a_formula_over_an_earlier_period(made_of: MadeOf, shift: str, months: int) -> None:
    def work(found: Mapping[str, Numbers], place: Place) -> float | None:
        dimension, member, grain, start = place
        width = {"month": 1, "quarter": 3, "fiscal_quarter": 3, "year": 12, "fiscal_year": 12}.get(grain)
        if width is None or start is None:
            return None
        number = start.year * 12 + start.month - 1 - (width if months == 1 else 12)
        before = found["opened"].get((dimension, member, grain, date(number // 12, number % 12 + 1, 1)))
        now = found["opened"].get(place)
        return now - before if now is not None and before is not None else None

    made_of(f'type: derived, formula: "{{opened}} - {{opened@{shift}}}"', ROWS, work, shifted=True)


@pytest.mark.parametrize("name", ["opened", "spent"])
def test_a_share_of_the_total(made_of: MadeOf, name: str) -> None:
    def work(found: Mapping[str, Numbers], place: Place) -> float | None:
        part, whole = found[name].get(place), found[name].get(("", "", *place[2:]))
        return 100 * part / whole if part is not None and whole else None

    made_of(f"type: share, metric: {name}, of: total", ROWS, work)
