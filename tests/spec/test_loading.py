"""From files to a project: what a city declares, read whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from civicstat.errors import Fault, Place
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
    FixedLimit,
    Goal,
    Keep,
    Literal,
    Metric,
    Near,
    Privacy,
    Project,
    Records,
    Source,
    Updates,
    Within,
    WorkedExample,
    load_files,
    load_project,
)

T = ColumnType
COUNT = Aggregate("count", None, T.INTEGER)

Check_ = Callable[[str], tuple[Project | None, list[Fault]]]


def test_a_project_is_its_city_datasets_departments_and_metrics(base: Path) -> None:
    project = load_project(base)
    assert project.city == City(
        name={"en": "Smallville"},
        languages=("en",),
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
      case_id: {from: "PERMIT #", type: text, required: true, description: The case.}
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
    records: {columns: [case_id, seen_at], public: [case_id]}
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
        "case_id": ColumnDef("case_id", "PERMIT #", T.TEXT, required=True, description={"en": "The case."}),
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
        records=Records(("case_id", "seen_at"), ("case_id",)),
        owner={"en": "director"},
        steward={"en": "analyst"},
        sensitivity="internal",
        license="CC0",
    )


def test_a_source_of_json_says_where_its_records_are(check: Check_) -> None:
    source = "{file: a/*.json.gz, take: last, records: result.records, encoding: utf-16}"
    project, _ = check(
        f"datasets:\n  notes: {{row: a note, source: {source}, columns: {{a: {{type: text, from: b.c}}}}}}\n"
    )

    assert project
    notes = project.datasets["notes"]
    assert replace(notes.source, place=None) == Source("a/*.json.gz", "last", "utf-16", records="result.records")
    assert notes.columns["a"].source == "b.c"


def test_a_dataset_without_a_title_is_called_by_its_name(check: Check_) -> None:
    project, _ = check("datasets:\n  case_notes: {row: a note, source: {file: a.csv}, columns: {a: {type: text}}}\n")
    assert project
    assert project.datasets["case_notes"].title == {"en": "Case notes"}


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
    assert (project.city.name, project.city.languages) == ({"en": "Smallville", "es": "Villachica"}, ("es", "en"))


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
