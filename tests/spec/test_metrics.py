"""A metric as declared: its type, its time, its unit and its goal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from civicstat.errors import Fault, format_faults
from civicstat.spec import (
    Aggregate,
    Call,
    Column,
    ColumnType,
    Dimension,
    DueColumn,
    Duration,
    FixedLimit,
    Format,
    Goal,
    LimitBy,
    Literal,
    Metric,
    Near,
    Privacy,
    Project,
    Ratio,
    Side,
    Simple,
    Stock,
    Within,
    load_files,
    load_project,
)

T = ColumnType
COUNT = Aggregate("count", None, T.INTEGER)

Check_ = Callable[[str], tuple[Project | None, list[Fault]]]


def metric(check: Check_, declared: str) -> Metric:
    project, faults = check(f"metrics:\n  m: {{title: M, dataset: cases, {declared}}}\n")
    assert project, format_faults(faults)
    return project.metrics["m"]


WHERE_URGENT = Column("urgent", T.BOOLEAN)
ELAPSED = Aggregate("median", Column("elapsed", T.NUMBER), T.NUMBER)
BODIES = {
    "type: simple, measure: sum(cost), unit: dollars": (
        Simple(Aggregate("sum", Column("cost", T.MONEY), T.MONEY)),
        *("opened_on", "dollars"),
    ),
    "type: simple, measure: count(*), time: closed_on": (Simple(COUNT), "closed_on", ""),
    "type: ratio, numerator: {where: urgent}, denominator: count(*)": (
        Ratio(Side(COUNT, WHERE_URGENT, "urgent"), Side(COUNT), 100.0),
        *("opened_on", "percent"),
    ),
    "type: ratio, numerator: sum(visits), denominator: count(*), unit: visits": (
        Ratio(Side(Aggregate("sum", Column("visits", T.INTEGER), T.INTEGER)), Side(COUNT), 1.0),
        *("opened_on", "visits"),
    ),
    "type: ratio, numerator: count(*), denominator: {measure: count(*), where: urgent}, per: 1000": (
        Ratio(Side(COUNT), Side(COUNT, WHERE_URGENT, "urgent"), 1000.0),
        *("opened_on", ""),
    ),
    "type: within, from: opened_on, to: closed_on, limit: 36 hours, open_rows: mature": (
        Within("opened_on", "closed_on", FixedLimit(129600.0, "36 hours"), "mature"),
        *("opened_on", "percent"),
    ),
    "type: within, from: opened_on, to: closed_on, limit: 1 day, time: closed_on": (
        Within("opened_on", "closed_on", FixedLimit(86400.0, "1 day")),
        *("closed_on", "percent"),
    ),
    "type: within, from: opened_on, to: closed_on, limit: due_on, time: due": (
        Within("opened_on", "closed_on", DueColumn("due_on")),
        *("due_on", "percent"),
    ),
    "type: within, from: opened_on, to: closed_on, limit: {kind: {noise: 2 days, smoke: 90 seconds}}": (
        Within(
            *("opened_on", "closed_on"),
            LimitBy("kind", {"noise": FixedLimit(172800.0, "2 days"), "smoke": FixedLimit(90.0, "90 seconds")}),
        ),
        *("opened_on", "percent"),
    ),
    "type: duration, from: opened_on, to: closed_on, measure: median(elapsed), open_rows: exclude": (
        Duration("opened_on", "closed_on", "days", ELAPSED),
        *("opened_on", "days"),
    ),
    "type: duration, from: opened_on, to: seen_at, measure: median(elapsed), unit: hours": (
        Duration("opened_on", "seen_at", "hours", ELAPSED),
        *("opened_on", "hours"),
    ),
    "type: stock, opened: opened_on, closed: closed_on, unit: cases": (
        Stock("opened_on", "closed_on", COUNT),
        *("opened_on", "cases"),
    ),
    "type: stock, opened: opened_on, closed: closed_on, measure: median(age), unit: days": (
        Stock("opened_on", "closed_on", Aggregate("median", Column("age", T.NUMBER), T.NUMBER)),
        *("opened_on", "days"),
    ),
}


@pytest.mark.parametrize(("declared", "meant"), BODIES.items())
def test_a_type_says_its_body_its_time_and_its_unit(declared: str, meant: tuple[object, ...], check: Check_) -> None:
    made = metric(check, declared)
    assert (made.body, made.time, made.unit) == meant


def test_what_every_metric_may_say(check: Check_) -> None:
    project, faults = check(
        """\
metrics:
  m:
    title: M
    dataset: cases
    type: stock
    opened: opened_on
    closed: closed_on
    where: age > 30
    format: {decimals: 1, compact: true, prefix: $, suffix: " each"}
    period: quarter
    method: Counted.
    caveats: Not all.
    visibility: staff
    since: 2025-07-01
    privacy: {min_count: 11, dimensions: [district]}
    dimensions: [district]
    better: lower
    goal: {target: [3, 5.5], near: 10%, owner: mayor, note: A promise.}
""".replace("better: lower", "better: within")
    )
    assert faults == []
    assert project
    made = project.metrics["m"]
    assert made.goal
    assert replace(made, goal=replace(made.goal, place=None), place=None, source="") == Metric(
        name="m",
        title={"en": "M"},
        dataset="cases",
        body=Stock("opened_on", "closed_on", COUNT),
        time="opened_on",
        unit="",
        where=Call("gt", (Column("age", T.NUMBER), Literal(30, T.INTEGER)), T.BOOLEAN),
        where_sql="age > 30",
        format=Format(1, True, "$", " each"),
        better="within",
        dimensions=(Dimension("district"),),
        period="quarter",
        method={"en": "Counted."},
        caveats={"en": "Not all."},
        visibility="staff",
        since=date(2025, 7, 1),
        privacy=Privacy(11, ("district",)),
        goal=Goal((3.0, 5.5), "quarter", Near("share", 0.1), owner={"en": "mayor"}, note={"en": "A promise."}),
    )


@pytest.mark.parametrize(
    ("declared", "target", "near"),
    [
        (
            "type: ratio, numerator: {where: urgent}, denominator: count(*), better: higher, goal: {target: 80.5%}",
            80.5,
            None,
        ),
        (
            "type: ratio, numerator: {where: urgent}, denominator: count(*), better: higher, "
            "goal: {target: 80 %, near: 2.5 points}",
            *(80.0, Near("units", 2.5)),
        ),
        (
            "type: simple, measure: count(*), better: lower, unit: days, goal: {target: 14 days, near: 2 days}",
            14.0,
            Near("units", 2.0),
        ),
        (
            "type: simple, measure: count(*), better: lower, unit: days, goal: {target: 14, near: 16}",
            14.0,
            Near("value", 16.0),
        ),
        ("type: simple, measure: count(*), better: lower, goal: {target: 3, near: 5%}", 3.0, Near("share", 0.05)),
    ],
)
def test_a_target_and_its_band_are_read_in_the_metrics_unit(
    declared: str, target: float, near: Near | None, check: Check_
) -> None:
    goal = metric(check, declared).goal
    assert goal
    assert (goal.target, goal.near) == (target, near)


def test_the_citys_band_holds_where_a_goal_names_none_and_points_for_percentages_alone(
    base_files: dict[str, str],
) -> None:
    goals = """\
metrics:
  count: {title: A, dataset: cases, type: simple, measure: count(*), better: lower, goal: {target: 5}}
  percent:
    title: B
    dataset: cases
    type: within
    from: opened_on
    to: closed_on
    limit: 5 days
    better: higher
    goal: {target: 80%}
"""
    city = base_files["metrics/city.yaml"]
    found = {}
    for near in ("10%", "3 points"):
        project = load_files(
            {**base_files, "metrics/city.yaml": f"{city}status: {{near: {near}}}\n", "metrics/goals.yaml": goals},
            Path(),
        )
        found[near] = [goal.near if (goal := project.metrics[name].goal) else None for name in ("count", "percent")]
    assert found == {"10%": [Near("share", 0.1)] * 2, "3 points": [None, Near("units", 3.0)]}


def test_a_dataset_without_time_gives_one_value_over_all_rows(check: Check_) -> None:
    project, _ = check(
        "datasets:\n  d: {row: a row, source: {file: a.csv}, columns: {a: {type: text}}}\n"
        "metrics:\n  m: {title: M, dataset: d, type: simple, measure: count(*)}\n"
    )
    assert project
    assert (project.metrics["m"].time, project.metrics["m"].period) == (None, "all")


def test_a_metric_keeps_its_yaml_as_written_without_the_indent_of_its_file(base: Path) -> None:
    project = load_project(base)
    assert project.metrics["opened"].source == (
        "opened: {title: Cases opened, dataset: cases, type: simple, measure: count(*), unit: cases}\n"
    )
    assert project.metrics["closed_in_30_days"].source.splitlines()[:3] == [
        "closed_in_30_days:",
        "  title: Cases closed within 30 days",
        "  why: A case left open is a street that stays unsafe.",
    ]
    assert project.metrics["closed_in_30_days"].source.splitlines()[-1] == "      expect: {2026-03: 50%}"


def test_the_environment_raises_the_least_count_and_never_lowers_it(
    check: Check_, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = "type: simple, measure: count(*), privacy: {min_count: 5}"
    found = []
    for setting in ("", "0", "11"):
        monkeypatch.setenv("CIVICSTAT_MIN_COUNT", setting)
        found.append(metric(check, declared).privacy)
    assert found == [Privacy(5), Privacy(5), Privacy(11)]
    assert metric(check, "type: simple, measure: count(*)").privacy is None
