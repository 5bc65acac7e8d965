"""What a process behaviour chart says, in words and as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from flask.testing import FlaskClient

from civicstat.editions import MetricInfo, RebaseInfo, SpcInfo
from civicstat.period import Calendar, FiscalYear
from civicstat.publish import behaviour_json, verdict
from civicstat.results import NotCharted, ProcessChart
from civicstat.statistics import Direction, read_behaviour
from civicstat.words import plain

CALENDAR = Calendar(FiscalYear(7))
SPC = SpcInfo("nhs_r", True, 7, 7, "between", 1, None, (RebaseInfo("2025-03-01", {"en": "Crew"}, {"en": "Office"}),))
STEADY = [100.0, 90, 108, 95, 104, 98, 110, 92, 101, 97, 106, 94, 100, 103]


def info(unit: str = "cases", better: str = "lower", spc: SpcInfo = SPC) -> MetricInfo:
    return MetricInfo(
        name="it", title={"en": "It"}, type="simple", dataset="cases", time="day", unit=unit, better=better, decimals=0,
        prefix="", suffix="", compact=False, period="month", visibility="public", spc=spc,
    )  # fmt: skip


def chart(
    values: list[float],
    direction: Direction = "decrease",
    target: float | None = None,
    rebase: tuple[int, ...] = (),
    refused: NotCharted | None = None,
    ends: tuple[float | None, float | None] = (0.0, None),
) -> ProcessChart:
    months, period = [], CALENDAR.parse("2025-01")
    for _ in values:
        months.append(period.key)
        period = CALENDAR.next(period)
    found = read_behaviour(values, direction=direction, target=target, rebase_at=rebase)
    return ProcessChart({}, tuple(months), found, target, refused, *ends)


def said(item: ProcessChart, lang: str = "en", about: MetricInfo | None = None) -> str:
    return plain(verdict(item, about or info(), CALENDAR, lang))


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (None, "Limits 73 to 126 cases."),
        (105, "Limits 73 to 126 cases: the goal of 105 cases will be hit and missed at random."),
        (130, "Limits 73 to 126 cases: the goal of 130 cases is expected to be met."),
        (60, "Limits 73 to 126 cases: the goal of 60 cases is expected to be missed unless something changes."),
    ],
)
def test_a_steady_series_says_what_to_expect_of_its_goal(target: float | None, told: str) -> None:
    # Mean 1398/14, ranges 129/13: 99.857 ± 26.395.
    assert said(chart(STEADY, target=target)) == f"Common variation: no signal of change. {told}"


def test_the_same_is_said_in_spanish() -> None:
    values = [92.0, 108] * 7
    assert said(chart(values, target=105), "es") == (
        "Variación común: sin señal de cambio. Límites de 57 a 143 casos: la meta de 105 casos se cumplirá unas veces "
        "y otras no, al azar."
    )


@pytest.mark.parametrize(
    ("direction", "begins"),
    [("decrease", "Signal of concern: "), ("increase", "Signal of improvement: "), ("neutral", "Signal of change: ")],
)
@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ([160.0], "the value lies above the upper limit."),
        ([101.0, 102, 103, 104, 105, 106, 107], "7 values in a row or more have risen."),
        ([104.0, 106, 104, 106, 104, 106, 104], "7 values in a row or more lie above the mean."),
        ([123.0, 124], "two of three values in a row lie near the upper limit."),
    ],
)
def test_a_signal_is_named_with_its_reason(direction: Direction, begins: str, more: list[float], rule: str) -> None:
    assert said(chart([*STEADY, *more], direction)).startswith(begins + rule)


def test_limits_are_said_no_farther_than_values_go() -> None:
    few = chart([3.0, 0, 5, 1, 4, 0, 6, 2, 1, 5, 0, 3, 4, 1], target=0)
    assert "Limits 0 to 12 cases" in said(few)
    share = chart([90.0, 99, 92, 100, 93, 98, 91, 99, 94, 97, 92, 99], "increase", ends=(0.0, 100.0))
    assert said(share, about=info("percent")).endswith("to 100 %.")


def test_trial_limits_say_that_they_are() -> None:
    trial = chart(STEADY[:8], target=90)
    assert said(trial).endswith("These are trial limits, from 8 values; each new one moves them.")
    assert "Trial limits " in said(replace(trial, target=None))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            ProcessChart({}, (), None, refused="too_few"),
            "Too few values yet to tell a signal from chance: 6 are needed.",
        ),
        (
            ProcessChart({}, (), None, refused="rare"),
            "Half of the values or more are zero, so that limits would say nothing.",
        ),
        (
            ProcessChart({}, (), None, refused="step_outside"),
            "No limits are shown: a step is declared for a day outside of these data.",
        ),
        (
            ProcessChart({}, (), None, refused="seasonal"),
            "Values are high or low at the same time of every year, so that limits would take each season for a "
            "signal. Compare with the same period a year before.",
        ),
        (
            chart([*STEADY, 50, 51], rebase=(14,), refused="too_few"),
            "Too few values since March 2026 to tell a signal from chance: 6 are needed.",
        ),
        (chart([7.0] * 14), "The values it rests on are all alike, so that nothing tells a signal from chance."),
    ],
)
def test_where_nothing_can_be_told_the_reason_is(found: ProcessChart, told: str) -> None:
    assert said(found) == told


def test_a_dialect_that_wants_more_values_says_how_many() -> None:
    excel = info(spc=replace(SPC, rules="making_data_count", least=13))
    silent = replace(chart(STEADY[:12]), behaviour=replace(chart(STEADY[:12]).behaviour, variation=None))  # type: ignore[type-var]
    assert said(silent, about=excel) == "Too few values yet to tell a signal from chance: 13 are needed."


def test_json_holds_limits_as_computed_and_the_rule_of_each_signal() -> None:
    found = behaviour_json(chart([*STEADY, 160], target=60), info(), CALENDAR, "en")
    assert found["signals"] == {"2026-03": "above_upl"}
    assert (found["variation"], found["assurance"], found["target"]) == ("concern_high", "consistent_fail", 60)
    (segment,) = found["segments"]
    assert (segment["first"], segment["last"], segment["basis"], segment["trial"]) == ("2025-01", "2026-03", 15, False)
    few = behaviour_json(chart([3.0, 0, 5, 1, 4, 0, 6, 2, 1, 5, 0, 3, 4, 1]), info(), CALENDAR, "en")
    assert few["segments"][0]["lower"] == pytest.approx(-6.912308, abs=1e-6)


def test_the_interface_gives_every_chart_and_how_they_are_made(client: FlaskClient, editions: Any) -> None:
    with_charts(editions)
    found: Any = client.get("/api/v1/metrics/on_time/behaviour").json
    assert (found["metric"], found["edition"], found["method"]["rules"]) == ("on_time", "e1", "nhs_r")
    assert found["method"]["rebase"] == [{"on": "2025-03-01", "why": {"en": "Crew"}, "by": {"en": "Office"}}]
    assert [(item["slice"], item["period"]) for item in found["charts"]] == [
        ({}, "2026-02"),
        ({"district": "1"}, "2026-02"),
    ]
    listed: Any = client.get("/api/v1/metrics").json
    assert listed[0]["behaviour"] == "/api/v1/metrics/on_time/behaviour"


@pytest.mark.parametrize(("metric", "code"), [("on_time", "no-behaviour"), ("nothing", "no-such-metric")])
def test_what_has_no_chart_is_not_found(client: FlaskClient, metric: str, code: str) -> None:
    answer = client.get(f"/api/v1/metrics/{metric}/behaviour")
    assert (answer.status_code, cast(Any, answer.json)["error"]["code"]) == (404, code)


def with_charts(editions: Any) -> None:
    edition = editions.current()
    metric = replace(edition.catalogue.metrics["on_time"], spc=SPC)
    edition.catalogue = replace(edition.catalogue, metrics={"on_time": metric})
    edition.charts = lambda name: (chart(STEADY), replace(chart(STEADY), slice={"district": "1"}))
