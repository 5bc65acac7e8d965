from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Said = Callable[..., tuple[int, str, str]]

HELD = (
    "  = expected: a period held: month (`2023-05` to `2024-04`), quarter (`2023-Q2` to `2024-Q1`), "
    "year (`2023` to `2024`), fiscal_quarter (`FY2023-Q4` to `FY2024-Q3`), fiscal_year (`FY2023` to `FY2024`), `all`\n"
)


def test_json_is_an_array_of_readings_with_values_unrounded(said: Said, built: Path) -> None:
    code, out, err = said(built, "value", "closed_in_30_days", "--period", "2023-05", "--json")

    assert (code, err) == (0, "")
    assert json.loads(out) == [
        {
            "metric": "closed_in_30_days",
            "period": "2023-05",
            "slice": {},
            "value": pytest.approx(100 / 3),
            "unit": "percent",
            "numerator": 1,
            "denominator": 3,
            "n": 3,
            "interval": {"low": pytest.approx(6.1492, abs=1e-4), "high": pytest.approx(79.2340, abs=1e-4)},
            "complete": True,
            "suppressed": False,
            "status": "off_track",
            "reason": "33.3 % against a goal of at least 75 %: 41.7 points short",
            "goal": 75,
        }
    ]


def test_the_period_is_the_last_complete_one_unless_asked_for(said: Said, built: Path) -> None:
    code, out, _ = said(built, "value", "opened", "--json")

    assert code == 0
    assert [(item["period"], item["value"]) for item in json.loads(out)] == [("2024-03", 2)]


@pytest.mark.parametrize(
    ("period", "values"),
    [
        ("2023-Q3", [("2023-Q3", 4)]),
        ("2023", [("2023", 12)]),
        ("FY2024", [("FY2024", 11)]),
        ("FY2024-Q1", [("FY2024-Q1", 4)]),
        ("all", [("all", 17)]),
        ("2023-05..2023-07", [("2023-05", 3), ("2023-06", 3), ("2023-07", 2)]),
        ("2023-Q3..2023-Q3", [("2023-07", 2), ("2023-08", 1), ("2023-09", 1)]),
    ],
)
def test_every_form_of_period_is_understood(
    said: Said, built: Path, period: str, values: list[tuple[str, float]]
) -> None:
    code, out, _ = said(built, "value", "opened", "--period", period, "--json")

    assert code == 0
    assert [(item["period"], item["value"]) for item in json.loads(out)] == values


def test_a_dimension_gives_its_members_and_the_missing_one_is_blank(said: Said, built: Path) -> None:
    code, out, _ = said(built, "value", "opened", "--period", "2023-06", "--by", "ward", "--json")

    assert code == 0
    assert [(item["slice"], item["value"]) for item in json.loads(out)] == [
        ({"ward": "1"}, 1),
        ({"ward": "2"}, 1),
        ({"ward": "(blank)"}, 1),
    ]


def test_on_a_terminal_a_reading_is_a_line(said: Said, built: Path) -> None:
    assert said(built, "value", "closed_in_30_days", "--period", "2023-05", "--by", "ward") == (
        0,
        "period   ward     value   status     reason\n"
        "2023-05  1        50.0 %  Off track  50.0 % against a goal of at least 75 %: 25.0 points short\n"
        "2023-05  2        0.0 %   Off track  0.0 % against a goal of at least 75 %: 75.0 points short\n"
        "2023-05  (blank)  –       No data    There was nothing to measure in this period\n",
        "",
    )


@pytest.mark.parametrize("period", ["2023-05-01", "2031-01"])
def test_a_period_the_edition_does_not_hold_is_answered_with_those_it_does(
    said: Said, built: Path, period: str
) -> None:
    assert said(built, "value", "opened", "--period", period) == (
        1,
        "",
        f"no-such-reading: metrics.opened\n  = found:    no reading for `{period}`\n{HELD}\n1 problem\n",
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["opend"], "no-such-metric"),
        (["opened", "--by", "district"], "no-such-dimension"),
        (["opened", "--by", "ward", "--by", "ward"], "no-such-dimension"),
        (["opened", "--period", "last month"], "bad-period"),
        (["opened", "--period", "2024-01..2023-01"], "bad-period"),
    ],
)
def test_what_is_not_declared_is_refused(said: Said, built: Path, arguments: list[str], code: str) -> None:
    exit_code, out, err = said(built, "value", *arguments)

    assert (exit_code, out, err.partition(":")[0]) == (1, "", code)


def test_an_edition_that_is_not_there_cannot_be_read(said: Said, built: Path) -> None:
    code, out, err = said(built, "value", "opened", "--edition", "../../etc/passwd")

    assert (code, out, err.partition("\n")[0]) == (2, "", "no-such-edition: data/editions")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["value", "open_at_end"], "judged by quarter: see --period 2024-Q1\n"),
        (["explain", "open_at_end"], "judged by quarter: see --period 2024-Q1\n"),
        (["value", "open_at_end", "--period", "2024-Q1"], ""),
        (["value", "open_at_end", "--json"], ""),
        (["value", "closed_in_30_days"], ""),
    ],
)
def test_a_goal_judged_by_a_longer_period_is_hinted_at(
    said: Said, built: Path, arguments: list[str], hint: str
) -> None:
    code, _, err = said(built, *arguments)

    assert (code, err) == (0, hint)
