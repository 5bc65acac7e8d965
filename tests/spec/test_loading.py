"""From files to a project: what a city declares, read whole."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from civicstat.errors import DeclarationError, Fault, Place, format_faults
from civicstat.period import FiscalYear
from civicstat.spec import (
    Aggregate,
    AsOf,
    Call,
    Check,
    City,
    Column,
    ColumnDef,
    ColumnType,
    Dataset,
    Department,
    Derived,
    Dimension,
    DueColumn,
    Duration,
    FixedLimit,
    Format,
    Goal,
    Keep,
    LimitBy,
    Literal,
    Metric,
    Near,
    Privacy,
    Project,
    Ratio,
    Records,
    Side,
    Simple,
    Source,
    Stock,
    Updates,
    Within,
    WorkedExample,
    check_project,
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


def test_a_project_is_its_city_datasets_departments_and_metrics(base: Path) -> None:
    project = load_project(base)
    assert project.city == City(
        name={"en": "Smallville"},
        languages=("en",),
        locale="en-US",
        time_zone="America/New_York",
        fiscal_year=FiscalYear(7, "end"),
        themes={"safe_homes": {"en": "Every home is safe"}},
        contact="https://smallville.example/311",
    )
    file = "metrics/departments/code_enforcement.yaml"
    assert project.departments == {
        "code_enforcement": Department(
            name="code_enforcement",
            title={"en": "Code Enforcement"},
            metrics=("closed_in_30_days", "opened", "backlog"),
            mission={"en": "Homes that are safe to live in."},
            head={"en": "director of code enforcement"},
            contact="code@smallville.example",
            themes=("safe_homes",),
            place=Place(file, 2, 3, "  code_enforcement:", 16),
        )
    }
    goal = project.metrics["closed_in_30_days"].goal
    assert goal
    assert replace(goal, place=None) == Goal(
        target=80.0,
        judge="month",
        near=Near("units", 5.0),
        compare_at=0,
        authority={"en": "FY2026 adopted budget, page 214"},
        set_on=date(2025, 6, 24),
    )
    example = project.metrics["closed_in_30_days"].tests[0]
    assert replace(project.metrics["closed_in_30_days"], source="", goal=None, tests=()) == Metric(
        name="closed_in_30_days",
        title={"en": "Cases closed within 30 days"},
        dataset="cases",
        body=Within("opened_on", "closed_on", FixedLimit(30 * 86400.0, "30 days")),
        time="opened_on",
        unit="percent",
        why={"en": "A case left open is a street that stays unsafe."},
        theme="safe_homes",
        better="higher",
        dimensions=(Dimension("district"), Dimension("kind", {"en": "Kind of case"})),
        owner={"en": "director of code enforcement"},
        place=Place(file, 11, 3, "  closed_in_30_days:", 17),
    )
    assert replace(example, place=None) == WorkedExample(
        rows=(
            {"opened_on": date(2026, 3, 2), "closed_on": date(2026, 4, 1)},
            {"opened_on": date(2026, 3, 2), "closed_on": None},
        ),
        as_of=date(2026, 4, 30),
        expect={"2026-03": 50.0},
        decimals={"2026-03": 0},
    )
    assert project.metrics["backlog"].statistic
    assert set(project.files) == {"metrics/city.yaml", "metrics/datasets/cases.yaml", file}


def test_a_dataset_is_read_whole(check: Check_) -> None:
    declared = """\
datasets:
  visits:
    title: Visits
    description: Every visit of an inspector.
    row: one row is one visit
    source: {file: "data/visits-*.csv.gz", take: all, encoding: latin-1, delimiter: tab, quote: "'", header: 3}
    key: [case_id, seen_at]
    keep: latest by seen_at, visit_no
    time: seen_at
    as_of: max(seen_at)
    covers: [[2025-01-01, 2025-06-30], [2025-09-01, 2026-06-30]]
    lag: 3
    columns:
      case_id: {from: "PERMIT #", type: text, required: true, description: The case., unit: id}
      visit_no: {type: integer}
      seen_at: {from: Seen, type: timestamp, format: ["%m/%d/%Y %H:%M", "%Y-%m-%d"]}
      shift: {from: Shift, type: text, values: [A, B, 010], missing: [n/a, NULL], map: {a: A, b: B}}
      inspector: {type: text, sensitive: true}
    derive:
      initial: substr(inspector, 1, 1)
      late: days_between(seen_at, as_of) > 30
    checks:
      - {not_null: [case_id, seen_at], level: error}
      - {unique: [case_id, seen_at], level: error}
      - {range: {visit_no: [1, null]}, level: warn}
      - {range: {seen_at: [2020-01-01, null]}, level: warn}
      - {values: {shift: [A, B]}, level: warn}
      - {expect: late or visit_no > 1, level: warn}
    updates: {every: day, warn_after: 2 days, stale_after: 7 days}
    records: {columns: [case_id, seen_at], public: [case_id], order: [seen_at]}
    owner: director
    steward: analyst
    sensitivity: internal
    license: CC0
"""
    project, faults = check(declared)
    assert faults == []
    assert project
    dataset = project.datasets["visits"]
    columns = {name: replace(column, place=None) for name, column in dataset.columns.items()}
    assert columns == {
        "case_id": ColumnDef("case_id", "PERMIT #", T.TEXT, required=True, description={"en": "The case."}, unit="id"),
        "visit_no": ColumnDef("visit_no", "visit_no", T.INTEGER),
        "seen_at": ColumnDef("seen_at", "Seen", T.TIMESTAMP, format=("%m/%d/%Y %H:%M", "%Y-%m-%d")),
        "shift": ColumnDef(
            *("shift", "Shift", T.TEXT),
            values=("A", "B", "010"),
            missing=("n/a", "NULL"),
            map={"a": "A", "b": "B"},
        ),
        "inspector": ColumnDef("inspector", "inspector", T.TEXT, sensitive=True),
    }
    late = Call(
        "gt",
        (
            Call("days_between", (Column("seen_at", T.TIMESTAMP), Column("as_of", T.TIMESTAMP)), T.NUMBER),
            Literal(30, T.INTEGER),
        ),
        T.BOOLEAN,
    )
    initial = Call("substr", (Column("inspector", T.TEXT), Literal(1, T.INTEGER), Literal(1, T.INTEGER)), T.TEXT)
    assert {name: replace(column, place=None) for name, column in dataset.derive.items()} == {
        "initial": Derived("initial", initial, "substr(inspector, 1, 1)", T.TEXT, sensitive=True),
        "late": Derived("late", late, "days_between(seen_at, as_of) > 30", T.BOOLEAN),
    }
    either = Call(
        "or",
        (Column("late", T.BOOLEAN), Call("gt", (Column("visit_no", T.INTEGER), Literal(1, T.INTEGER)), T.BOOLEAN)),
        T.BOOLEAN,
    )
    assert [replace(item, place=None) for item in dataset.checks] == [
        Check("not_null", "error", ("case_id", "seen_at")),
        Check("unique", "error", ("case_id", "seen_at")),
        Check("range", "warn", ("visit_no",), low=1.0),
        Check("range", "warn", ("seen_at",), low=date(2020, 1, 1)),
        Check("values", "warn", ("shift",), allowed=("A", "B")),
        Check("expect", "warn", expr=either, sql="late or visit_no > 1"),
    ]
    rest = replace(dataset, columns={}, derive={}, checks=(), source=replace(dataset.source, place=None), place=None)
    assert rest == Dataset(
        name="visits",
        title={"en": "Visits"},
        row={"en": "one row is one visit"},
        source=Source("data/visits-*.csv.gz", "all", "iso8859-1", "\t", "'", 3),
        columns={},
        description={"en": "Every visit of an inspector."},
        key=("case_id", "seen_at"),
        keep=Keep("latest", ("seen_at", "visit_no")),
        time="seen_at",
        as_of=AsOf(columns=("seen_at",)),
        covers=((date(2025, 1, 1), date(2025, 6, 30)), (date(2025, 9, 1), date(2026, 6, 30))),
        lag=3,
        updates=Updates("day", 2, 7),
        records=Records(("case_id", "seen_at"), ("case_id",), ("seen_at",)),
        owner={"en": "director"},
        steward={"en": "analyst"},
        sensitivity="internal",
        license="CC0",
    )


def test_a_dataset_without_a_title_is_called_by_its_name(check: Check_) -> None:
    project, _ = check("datasets:\n  case_notes: {row: a note, source: {file: a.csv}, columns: {a: {type: text}}}\n")
    assert project
    assert project.datasets["case_notes"].title == {"en": "Case notes"}


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
    tags: [safety, homes]
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
        tags=("safety", "homes"),
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
        ("type: simple, measure: count(*), better: lower, goal: {target: -3, near: 5%}", -3.0, Near("share", 0.05)),
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


def test_one_file_may_hold_everything(base: Path, base_files: dict[str, str], tmp_path: Path) -> None:
    city = "city:\n" + "".join(f"  {line}\n" for line in base_files["metrics/city.yaml"].splitlines())
    others = [text for name, text in base_files.items() if name != "metrics/city.yaml"]
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "everything.yaml").write_text("\n".join([city, *others]), "utf-8")
    one, many = load_project(tmp_path), load_project(base)
    assert one.city == many.city
    assert one.metrics.keys() == many.metrics.keys()
    assert [column.type for column in one.datasets["cases"].columns.values()] == [
        column.type for column in many.datasets["cases"].columns.values()
    ]


def test_a_project_is_read_again_from_the_texts_it_keeps(base: Path) -> None:
    project = load_project(base)
    assert load_files(project.files, base) == project


def test_a_text_in_two_languages_is_read_in_both(check: Check_) -> None:
    project, faults = check("city: {name: {en: Smallville, es: Villachica}, time_zone: UTC, languages: [es, en]}\n")
    assert faults == []
    assert project
    assert (project.city.name, project.city.languages, project.city.locale) == (
        {"en": "Smallville", "es": "Villachica"},
        ("es", "en"),
        "es-US",
    )


def test_a_string_is_a_text_in_the_citys_first_language(check: Check_) -> None:
    project, faults = check("city: {name: Villachica, time_zone: UTC, languages: [es]}\n")
    assert faults == []
    assert project
    assert project.city.name == {"es": "Villachica"}


def test_a_city_is_read_whole(check: Check_) -> None:
    project, faults = check("""\
city:
  name: Smallville
  time_zone: America/Chicago
  locale: en-GB
  fiscal_year: {starts: 10-01, named_by: both}
  week_start: sunday
  periods: quarter
  privacy: {min_count: 11}
  status: {near: 5%, words: {met: Done}}
  notice: Synthetic.
  office: Office of Performance
  contact: stat@smallville.example
  themes: {safe: Safe streets, green: {title: Green parks}}
""")
    assert faults == []
    assert project
    assert project.city == City(
        name={"en": "Smallville"},
        languages=("en",),
        locale="en-GB",
        time_zone="America/Chicago",
        fiscal_year=FiscalYear(10, "both"),
        week_start=6,
        period="quarter",
        themes={"safe": {"en": "Safe streets"}, "green": {"en": "Green parks"}},
        privacy=Privacy(11),
        near=Near("share", 0.05),
        status_words={"met": {"en": "Done"}},
        notice={"en": "Synthetic."},
        office={"en": "Office of Performance"},
        contact="stat@smallville.example",
    )


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


def test_a_least_count_in_the_environment_that_is_no_number_is_said(
    say: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVICSTAT_MIN_COUNT", "eleven")
    assert say("metrics: {}\n") == (
        "bad-setting: CIVICSTAT_MIN_COUNT\n"
        "  = found:    `eleven` in the environment\n"
        "  = expected: a whole number\n"
        "\n"
        "1 problem"
    )


def test_all_faults_of_all_files_come_at_once_in_the_order_of_the_files(base_files: dict[str, str]) -> None:
    files = {
        **base_files,
        "metrics/city.yaml": base_files["metrics/city.yaml"].replace("New_York", "NewYork"),
        "metrics/datasets/cases.yaml": base_files["metrics/datasets/cases.yaml"].replace("closed_on >=", "closd_on >="),
        "metrics/departments/code_enforcement.yaml": base_files["metrics/departments/code_enforcement.yaml"]
        .replace("to: closed_on", "to: closed_at")
        .replace("better: higher", "beter: higher"),
    }
    with pytest.raises(DeclarationError) as caught:
        load_files(files, Path())
    assert [(fault.place.file, fault.place.line, fault.code) for fault in caught.value.faults if fault.place] == [
        ("metrics/city.yaml", 2, "unknown-time-zone"),
        ("metrics/datasets/cases.yaml", 27, "unknown-column"),
        ("metrics/departments/code_enforcement.yaml", 18, "not-a-date-column"),
        ("metrics/departments/code_enforcement.yaml", 20, "unknown-key"),
        ("metrics/departments/code_enforcement.yaml", 24, "goal-without-direction"),
    ]
    assert str(caught.value).endswith("\n\n5 problems in metric definitions")


def test_a_wrong_column_is_said_once_and_not_again_wherever_it_is_used(check: Check_) -> None:
    _, faults = check("""\
datasets:
  d:
    row: a row
    source: {file: a.csv}
    time: opened
    columns: {opened: {type: dat}}
    derive: {year: extract(year from opened)}
metrics:
  m:
    title: M
    dataset: d
    type: simple
    measure: sum(year)
    where: opened > '2026-01-01' and year = 3
    dimensions: [year]
""")
    assert [(fault.code, fault.path) for fault in faults] == [("unknown-word", "datasets.d.columns.opened.type")]


def test_warnings_do_not_stop_a_project(check: Check_) -> None:
    project, faults = check(
        "metrics:\n  m: {title: M, dataset: cases, type: simple, measure: count(*), where: kind <> 'a'}\n"
    )
    assert project
    assert [(fault.code, fault.level) for fault in faults] == [("missing-left-out", "warning")]


def test_a_second_city_is_refused_with_the_place_of_the_first(base_files: dict[str, str]) -> None:
    with pytest.raises(DeclarationError) as caught:
        load_files({**base_files, "metrics/other.yaml": "city: {name: B, time_zone: UTC}\n"}, Path())
    assert str(caught.value) == (
        "metrics/other.yaml:1:7: declared-twice: city\n"
        "  |\n"
        "1 | city: {name: B, time_zone: UTC}\n"
        "  |       ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  = found:    a second city\n"
        "  = expected: one city; it stands already in metrics/city.yaml:1\n"
        "\n"
        "1 problem in metric definitions"
    )


def test_files_without_a_city_say_what_is_missing() -> None:
    with pytest.raises(DeclarationError, match="missing-key: city\n  = found:    no city"):
        load_files({"metrics/a.yaml": "metrics: {}\n"}, Path())


FILES = {
    "metrics/datasets/cases.yml": (
        "metrics/datasets/cases.yml:1:1: unread-file: metrics/datasets/cases.yml\n"
        "  = found:    `cases.yml`\n"
        "  = expected: a name that ends in `.yaml`"
    ),
    "metrics/Other.YAML": (
        "metrics/Other.YAML:1:1: unread-file: metrics/Other.YAML\n"
        "  = found:    `Other.YAML`\n"
        "  = expected: a name that ends in `.yaml`"
    ),
    "metrics/data/cases.yaml": (
        "metrics/data/cases.yaml:1:1: unread-file: metrics/data/cases.yaml\n"
        "  = found:    `metrics/data/cases.yaml`\n"
        "  = expected: a file in `metrics/`, `metrics/datasets/` or `metrics/departments/`"
    ),
    "metrics/enterprise.yaml": (
        "metrics/enterprise.yaml:1:1: not-available-yet: metrics/enterprise.yaml\n"
        "  = found:    `metrics/enterprise.yaml`, which is part of the language but not available yet"
    ),
    "metrics/programs/trial.yaml": (
        "metrics/programs/trial.yaml:1:1: not-available-yet: metrics/programs/trial.yaml\n"
        "  = found:    `metrics/programs/`, which is part of the language but not available yet"
    ),
    "metrics/events.csv": (
        "metrics/events.csv:1:1: not-available-yet: metrics/events.csv\n"
        "  = found:    `metrics/events.csv`, which is part of the language but not available yet"
    ),
}


@pytest.mark.parametrize(("name", "said"), FILES.items())
def test_a_file_that_nobody_would_read_is_a_fault(name: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, {name: b"metrics: {}\n"})
    project, faults = check_project(tmp_path)
    assert project is None
    assert format_faults(fault for fault in faults if fault.path == name) == f"{said}\n\n1 problem"


def test_other_files_and_hidden_ones_stay_unread(base: Path, base_files: dict[str, str], tmp_path: Path) -> None:
    texts = {name: text.encode() for name, text in base_files.items()}
    write(tmp_path, {**texts, "metrics/README.md": b"hello", "metrics/.city.yaml": b"[", "metrics/.old/a.yaml": b"["})
    assert load_project(tmp_path).files == load_project(base).files


HOSTILE = {
    b"a" * (256 * 1024 + 1): (
        "metrics/a.yaml:1:1: file-too-big: metrics/a.yaml\n"
        "  = found:    262,145 bytes\n"
        "  = expected: at most 262,144 bytes\n"
        "  = help:     split the file"
    ),
    "metrics:\n  a: Café\n".encode("latin-1"): (
        "metrics/a.yaml:2:9: not-utf-8: metrics/a.yaml\n"
        "  |\n"
        "2 |   a: Caf�\n"
        "  |         ^\n"
        "  = found:    the byte 0xE9, which is not UTF-8\n"
        "  = expected: text in UTF-8\n"
        "  = help:     save it as UTF-8"
    ),
    b"metrics: \0\n": (
        "metrics/a.yaml:1:10: unreadable-character: metrics/a.yaml\n"
        "  |\n"
        "1 | metrics: �\n"
        "  |          ^\n"
        "  = found:    the character U+0000\n"
        "  = expected: text: letters, digits, signs, spaces and line ends\n"
        "  = help:     the file may be damaged, or not a text file"
    ),
}


@pytest.mark.parametrize(("raw", "said"), HOSTILE.items(), ids=["too big", "another encoding", "a null character"])
def test_a_file_that_cannot_be_read_is_said(raw: bytes, said: str, tmp_path: Path) -> None:
    write(tmp_path, {"metrics/a.yaml": raw})
    assert format_faults(check_project(tmp_path)[1]) == f"{said}\n\n1 problem"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    write(tmp_path, {"metrics/city.yaml": b"\xef\xbb\xbfname: Smallville\ntime_zone: UTC\n"})
    assert load_project(tmp_path).city.name == {"en": "Smallville"}


def test_a_folder_without_declarations_says_how_to_begin(tmp_path: Path) -> None:
    missing = format_faults(check_project(tmp_path)[1])
    (tmp_path / "metrics").mkdir()
    assert [missing, format_faults(check_project(tmp_path)[1])] == [
        "no-metrics: metrics/\n  = found:    no folder `metrics/` here\n"
        "  = help:     `civicstat init` makes one\n\n1 problem",
        "no-metrics: metrics/\n  = found:    no declarations in `metrics/`\n"
        "  = expected: `metrics/city.yaml` and others\n\n1 problem",
    ]


def test_the_package_is_imported_without_the_parser_of_sql() -> None:
    code = "import sys, civicstat.spec; sys.exit(any(name in sys.modules for name in ('sqlglot', 'yaml', 'pandas')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def write(root: Path, files: dict[str, bytes]) -> None:
    for name, raw in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
