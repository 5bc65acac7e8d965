"""Durations that count what is still open: no young month reads well because its slow cases are not finished."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from civicstat.results import Reading, Status

Measure = Callable[..., list[Reading]]

YAML = """
type: duration
dataset: cases
from: opened_on
to: closed_on
measure: median(elapsed)
open_rows: censor
unit: days"""


def rows(*closed: str | None) -> list[dict[str, str | None]]:
    return [{"id": str(at), "opened_on": "2026-03-02", "closed_on": day} for at, day in enumerate(closed)]


def march(readings: list[Reading]) -> Reading:
    (found,) = [item for item in readings if item.period == "2026-03" and not item.slice]
    return found


def test_28_open_rows_count_as_lasting_longer(measure: Measure) -> None:
    held = rows("2026-03-03", "2026-03-05", "2026-03-12", None, None)

    only, censored = (march(measure(yaml, held)) for yaml in (YAML.replace("censor", "exclude"), YAML))

    assert (only.value, only.n, only.aside) == (3, 3, {"open": 2})
    assert (censored.value, censored.n, censored.aside) == (10, 5, {})
    assert (censored.numerator, censored.denominator, censored.final) == (3, 5, True)


def test_28_where_too_much_is_open_there_is_no_value_and_the_reason_is_said(measure: Measure) -> None:
    found = march(measure(YAML, rows("2026-03-03", None, None)))

    assert (found.value, found.n, found.numerator) == (None, 3, 1)
    assert (found.status, found.reason.code) == (Status.NO_DATA, "unreached")


def test_28_a_period_without_rows_has_none_for_another_reason(measure: Measure) -> None:
    found = measure(YAML, rows("2026-03-03", None, None))

    (april,) = [item for item in found if item.period == "2026-04"]
    assert (april.value, april.n, april.numerator, april.reason.code) == (None, 0, None, "no_data")


@pytest.mark.parametrize(
    ("as_of", "value"),
    [
        ("2026-03-12", 10.0),  # open for ten whole days: still there when the other ends on its tenth
        ("2026-03-10", 10.0),  # gone from sight after eight: of one row that is left all is known
        ("2026-03-03", 10.0),
    ],
)
def test_28_it_is_judged_at_the_clock_how_long_an_open_row_has_lasted(
    measure: Measure, as_of: str, value: float
) -> None:
    assert march(measure(YAML, rows("2026-03-12", None), as_of)).value == value


def test_28_of_two_open_rows_the_one_that_was_opened_late_says_less(measure: Measure) -> None:
    held = [*rows("2026-03-05", "2026-03-12"), {"id": "late", "opened_on": "2026-03-29"}]
    early = [*rows("2026-03-05", "2026-03-12"), {"id": "early", "opened_on": "2026-03-02"}]

    assert [march(measure(YAML, given, "2026-03-31")).value for given in (held, early)] == [6.5, 10]


def test_28_any_share_may_be_asked_for(measure: Measure) -> None:
    held = rows("2026-03-03", "2026-03-04", "2026-03-05", None)

    quarter, most = (
        march(measure(YAML.replace("median(elapsed)", f"percentile(elapsed, {share})"), held)) for share in (0.3, 0.75)
    )

    assert (quarter.value, most.value) == (2, 3)


def test_28_longer_periods_are_counted_anew_from_their_rows(measure: Measure) -> None:
    held = [*rows("2026-03-03", "2026-03-05"), {"id": "x", "opened_on": "2026-02-02", "closed_on": None}]

    found = measure(YAML, held)

    (quarter,) = [item for item in found if item.period == "2026-Q1"]
    assert (quarter.value, quarter.n, quarter.numerator) == (3, 3, 2)


def test_28_true_time_can_be_asked_of_open_rows(measure: Measure) -> None:
    held = [
        {"id": "1", "opened_at": "2026-03-07T12:00:00", "closed_at": "2026-03-08T12:00:00"},
        {"id": "2", "opened_at": "2026-03-07T12:00:00"},
    ]
    yaml = YAML.replace("_on", "_at").replace("days", "elapsed_hours")

    assert march(measure(yaml, held, "2026-03-31")).value == 23


def test_28_few_finished_rows_or_few_open_ones_are_withheld(measure: Measure) -> None:
    private = YAML + "\nprivacy: {min_count: 5}"
    many, few = rows(*["2026-03-05"] * 9, *[None] * 6), rows(*["2026-03-05"] * 9, *[None] * 2)

    assert [march(measure(private, held)).suppressed for held in (many, few)] == [False, True]
