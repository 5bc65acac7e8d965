"""The little line of a card: what it leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from civicstat.pages.layouts.drawing import trend
from civicstat.results import Reading, Reason, Status


def reading(value: float | None, complete: bool = True) -> Reading:
    """A reading of which only the value matters and whether its period is whole."""
    return Reading(
        metric="calls",
        period="2019-04",
        grain="month",
        start=None,
        end=None,
        through=None,
        slice={},
        value=value,
        numerator=value,
        denominator=None,
        n=None,
        complete=complete,
        final=True,
        suppressed=False,
        status=Status.NO_GOAL,
        reason=Reason("no_goal"),
    )


GAP = reading(None, complete=False)


def marks(drawn: Any) -> dict[str, int]:
    return {name: str(drawn.markup).count(f'class="chart-{name}"') for name in ("line", "dot", "hollow")}


def test_a_trend_never_leads_over_a_gap() -> None:
    series = [reading(10), reading(12), reading(5, complete=False), GAP, reading(3, complete=False), reading(11)]

    assert marks(trend(series, None, adds_up=True)) == {"line": 1, "dot": 1, "hollow": 0}
    assert marks(trend(series, None, adds_up=False)) == {"line": 1, "dot": 1, "hollow": 2}


@pytest.mark.parametrize("ends", [reading(2, complete=False), GAP])
def test_what_has_only_begun_is_left_out_at_the_ends_of_what_adds_up(ends: Reading) -> None:
    whole = [reading(10), reading(12)]

    assert str(trend([ends, *whole, ends], None, adds_up=True)) == str(trend(whole, None, adds_up=True))


def test_one_point_is_no_way() -> None:
    assert trend([GAP, reading(10), reading(3, complete=False)], None, adds_up=True) is None
    assert trend([GAP, GAP], None, adds_up=True) is None
