"""Times and limits that pass across changes of clocks, and days of 23 and 25 hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest

from civicstat.results import Reading

Measure = Callable[..., list[Reading]]

DURATION = "type: duration\ndataset: cases\nfrom: opened_at\nto: closed_at\nmeasure: sum(elapsed)\nunit: {unit}"
WITHIN = "type: within\ndataset: cases\nfrom: opened_at\nto: closed_at\nlimit: {limit}"
SPRING = {"opened_at": "2026-03-07T12:00:00", "closed_at": "2026-03-08T12:00:00"}
AUTUMN = {"opened_at": "2026-10-31T12:00:00", "closed_at": "2026-11-01T12:00:00"}


def of(readings: Sequence[Reading], period: str) -> tuple[float | None, int | None, Mapping[str, int]]:
    (found,) = [item for item in readings if item.period == period]
    return found.value, found.n, found.aside


@pytest.mark.parametrize(
    ("unit", "spring", "autumn"),
    [
        ("hours", 24.0, 24.0),
        ("elapsed_hours", 23.0, 25.0),
        ("elapsed_minutes", 1380.0, 1500.0),
        ("elapsed_seconds", 82_800.0, 90_000.0),
        ("elapsed_days", 23 / 24, 25 / 24),
        ("elapsed_weeks", 23 / 168, 25 / 168),
    ],
)
def test_3_a_day_has_23_hours_in_spring_and_25_in_autumn(
    measure: Measure, unit: str, spring: float, autumn: float
) -> None:
    found = measure(DURATION.format(unit=unit), [SPRING, AUTUMN], "2026-12-31", first=date(2026, 1, 1))

    assert of(found, "2026-03")[0] == pytest.approx(spring)
    assert of(found, "2026-10")[0] == pytest.approx(autumn)


def test_3_a_time_that_ends_in_the_second_pass_of_an_hour_does_not_run_backwards(measure: Measure) -> None:
    rows = [{"opened_at": "2026-11-01T01:50:00", "closed_at": "2026-11-01T01:10:00"}]

    wall, passed = (measure(DURATION.format(unit=unit), rows, "2026-12-31") for unit in ("minutes", "elapsed_minutes"))

    assert of(wall, "2026-11") == (0.0, 0, {"to_before_from": 1})
    assert of(passed, "2026-11") == (20.0, 1, {})


@pytest.mark.parametrize(("limit", "spring", "autumn"), [("24 hours", 100.0, 100.0), ("24 elapsed_hours", 100.0, 0.0)])
def test_3_a_limit_may_be_of_true_time(measure: Measure, limit: str, spring: float, autumn: float) -> None:
    found = measure(WITHIN.format(limit=limit), [SPRING, AUTUMN], "2026-12-31", first=date(2026, 1, 1))

    assert (of(found, "2026-03")[0], of(found, "2026-10")[0]) == (spring, autumn)


@pytest.mark.parametrize(("as_of", "late"), [("2026-11-01T11:30:00", True), ("2026-11-01T10:59:00", False)])
def test_3_an_open_row_is_late_when_the_time_has_truly_passed(measure: Measure, as_of: str, late: bool) -> None:
    rows = [{"opened_at": "2026-10-31T12:00:00"}]

    found = measure(WITHIN.format(limit="24 elapsed_hours"), rows, as_of, first=date(2026, 1, 1))

    assert of(found, "2026-10") == ((0.0, 1, {}) if late else (None, 0, {"not_yet_due": 1}))


def test_3_each_member_may_have_a_limit_of_true_time(measure: Measure) -> None:
    yaml = WITHIN.format(limit="{kind: {a: 24 elapsed_hours, b: 25 elapsed_hours}}")

    found = measure(yaml, [{**AUTUMN, "kind": kind} for kind in ("a", "b", "c")], "2026-12-31")

    assert of(found, "2026-10") == (50.0, 2, {"no_promise": 1})


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-07", 24), ("2026-03-08", 23), ("2026-11-01", 25), ("2026-11-02", 24)]
)
def test_1_a_day_holds_every_record_of_its_hours_and_no_other(measure: Measure, day: str, hours: int) -> None:
    """A record an hour: the jumped hour has none, the repeated one two, and each falls in the day on its clock."""
    clocks = [hour for hour in range(24) if (day, hour) != ("2026-03-08", 2)]
    clocks += [1] if day == "2026-11-01" else []
    rows = [{"id": str(at), "opened_at": f"{day}T{hour:02}:30:00"} for at, hour in enumerate(clocks)]

    found = measure("type: simple\ndataset: cases\nmeasure: count(*)\nperiod: day", rows, "2026-12-31")

    assert [(item.period, item.n) for item in found if item.grain == "day" and item.n] == [(day, hours)]
