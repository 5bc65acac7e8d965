from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from civicstat.editions import Folder, Store
from civicstat.editions.lock import build_lock
from civicstat.errors import CivicstatError, EditionError, SourceError

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]
MARCH = date(2026, 3, 31)


def test_equal_inputs_and_day_give_the_same_edition_and_another_build_only_points_to_it(
    tinytown: Write, build: Build
) -> None:
    root = tinytown()
    first = build(root)
    before = sorted(path.name for path in (root / "data" / "editions" / first["id"]).iterdir())
    (root / "data" / "editions" / "current").unlink()

    second = build(root)

    assert second == {**first, "already_built": True}
    assert Folder(root).current() == first["id"]
    assert before == ["declarations.json", "manifest.json", "office.duckdb", "public.duckdb"]


@pytest.mark.parametrize("change", ["day", "records", "declaration"])
def test_another_day_other_records_or_another_declaration_give_another_edition(
    tinytown: Write, build: Build, change: str
) -> None:
    root = tinytown()
    first = build(root)
    if change == "records":
        tinytown(visits="Id,Came,Clinic,Kind,Patient\n1,2026-01-01,North,1,Name1")
    if change == "declaration":
        tinytown(more="    caveats: None known.\n")

    second = build(root, as_of=date(2026, 4, 1) if change == "day" else MARCH)

    assert second["id"] != first["id"]
    assert Folder(root).ids() == sorted([first["id"], second["id"]])
    listed = [item.id for item in Store(root).current().published()]
    assert sorted(listed) == sorted([first["id"], second["id"]])
    (root / "data" / "editions" / first["id"] / "manifest.json").write_text("{", encoding="utf-8")
    assert [item.id for item in Store(root).current().published()] == [second["id"]]
    assert Folder(root).current() == second["id"]


def test_records_are_loaded_again_only_where_files_or_their_declaration_changed(tinytown: Write, build: Build) -> None:
    root = tinytown()
    first = build(root)
    tinytown(more="    caveats: None known.\n")
    second = build(root)
    tinytown(visits="Id,Came,Clinic,Kind,Patient\n1,2026-01-01,North,1,Name1")
    third = build(root)

    assert [item["reused"] for item in (first, second, third)] == [[], ["visits"], []]
    assert first["datasets"]["visits"]["segment"] == second["datasets"]["visits"]["segment"]
    assert third["datasets"]["visits"]["segment"] != second["datasets"]["visits"]["segment"]


def test_only_the_datasets_asked_for_are_read_again(tinytown: Write, build: Build) -> None:
    other = (Path(tinytown()) / "metrics/datasets/visits.yaml").read_text(encoding="utf-8")
    root = tinytown()
    (root / "metrics/datasets/calls.yaml").write_text(
        other.replace("  visits:", "  calls:").replace("visits.csv", "calls.csv"), encoding="utf-8"
    )
    (root / "data/calls.csv").write_text("Id,Came,Clinic,Kind,Patient\n1,2026-01-01,North,1,A", encoding="utf-8")
    build(root)
    for name in ("calls", "visits"):
        (root / f"data/{name}.csv").write_text(
            "Id,Came,Clinic,Kind,Patient\n1,2026-01-01,North,1,A\n2,2026-01-02,North,1,B", encoding="utf-8"
        )

    manifest = build(root, only=["calls"])

    assert {name: item["loaded"] for name, item in manifest["datasets"].items()} == {"calls": 2, "visits": 30}


def test_a_dataset_that_is_not_declared_cannot_be_asked_for(tinytown: Write, build: Build) -> None:
    with pytest.raises(CivicstatError) as raised:
        build(tinytown(), only=["visit"])

    assert str(raised.value) == (
        "unknown-dataset: --only\n"
        "  = found:    `visit`\n"
        "  = expected: a dataset: `visits`\n"
        "  = help:     did you mean `visits`?\n"
        "\n"
        "1 problem"
    )


def test_a_metric_that_fails_is_published_as_failed_and_its_neighbours_are_not_touched(
    tinytown: Write, build: Build
) -> None:
    root = tinytown(
        more="""
  broken:
    title: Broken
    dataset: visits
    type: simple
    where: cast(patient as integer) > 1
    measure: count(*)
    unit: visits
    better: neither
"""
    )

    manifest = build(root)

    edition = Store(root).current()
    broken = edition.catalogue.metrics["broken"]
    assert list(manifest["failed"]) == ["broken"]
    assert broken.error == {"en": "This number could not be worked out in this edition."}
    assert [(item.period, item.value, item.status.value) for item in edition.readings("broken")] == [
        (broken.last, None, "failed")
    ]
    assert [item.value for item in edition.readings("visits", grain="month")] == [10.0, 10.0, 10.0]


@pytest.mark.parametrize(
    ("records", "what"), [("", "empty"), ("Id,Came\n", "header only"), ("Other,Header\n1,2\n", "another table")]
)
def test_a_file_that_cannot_be_loaded_stops_the_build_and_the_old_edition_is_served(
    tinytown: Write, build: Build, records: str, what: str
) -> None:
    root = tinytown()
    first = build(root)
    tinytown(visits=records)

    with pytest.raises(SourceError):
        build(root)

    assert (Folder(root).ids(), Store(root).current().id) == ([first["id"]], first["id"]), what


def test_two_builds_at_once_are_refused(tinytown: Write, build: Build) -> None:
    root = tinytown()

    with build_lock(root / "data" / "editions" / "lock"), pytest.raises(EditionError) as raised:
        build(root)

    assert str(raised.value) == (
        "build-running: data/editions\n"
        "  = found:    another build of this project is running\n"
        "  = help:     wait until it is done; the current edition is served meanwhile\n"
        "\n"
        "1 problem"
    )


def test_what_a_build_that_was_cut_off_left_behind_is_cleared_away(tinytown: Write, build: Build) -> None:
    root = tinytown()
    left = root / "data/editions/.building-2026-03-31-000000000000"
    left.mkdir(parents=True)
    (left / "public.duckdb").write_bytes(b"half")
    (root / "data/segments").mkdir()
    (root / "data/segments/.building-visits.duckdb").write_bytes(b"half")

    build(root)

    assert list((root / "data").rglob(".building*")) == []


def test_an_edition_whose_file_is_broken_is_built_again(tinytown: Write, build: Build) -> None:
    root = tinytown()
    first = build(root)
    (root / "data/editions" / first["id"] / "office.duckdb").write_bytes(b"not a database")

    second = build(root)

    assert second["id"] == first["id"]
    assert Store(root, office=True).current().reading("visits", "2026-01") is not None


def test_the_manifest_says_from_what_the_edition_was_made(tinytown: Write, build: Build) -> None:
    root = tinytown()
    manifest = build(root)
    said = json.loads((root / "data/editions" / manifest["id"] / "manifest.json").read_text(encoding="utf-8"))

    assert {**said, "already_built": False} == manifest
    assert manifest["as_of"] == "2026-03-31"
    assert manifest["metrics"] == 1
    assert {name: manifest["datasets"]["visits"][name] for name in ("read", "loaded", "duplicates", "quarantined")} == {
        "read": 30,
        "loaded": 30,
        "duplicates": 0,
        "quarantined": 0,
    }
    assert [(item["path"], item["rows"]) for item in manifest["datasets"]["visits"]["files"]] == [
        ("data/visits.csv", 30)
    ]
    assert manifest["checks"]["rows"] == {"readings": 24, "of": 24}


def test_a_dataset_is_stale_by_the_day_of_the_build(tinytown: Write, build: Build) -> None:
    text = (tinytown() / "metrics/datasets/visits.yaml").read_text(encoding="utf-8")
    root = tinytown(dataset=text + "    updates: {every: month, stale_after: 30 days}\n")
    found = []
    for day in (date(2026, 4, 30), date(2026, 5, 1)):
        build(root, as_of=day)
        edition = Store(root).current()
        reading = edition.reading("visits", "2026-03")
        assert reading is not None
        found.append((edition.catalogue.datasets["visits"].stale, reading.status.value))

    assert found == [(False, "no_goal"), (True, "stale")]


def test_a_dataset_without_news_for_longer_than_expected_is_late_until_it_is_stale(
    tinytown: Write, build: Build
) -> None:
    text = (tinytown() / "metrics/datasets/visits.yaml").read_text(encoding="utf-8")
    more = "    updates: {every: month, warn_after: 10 days, stale_after: 30 days}\n    sensitivity: internal\n"
    root = tinytown(dataset=text + more)
    found = []
    for day in (date(2026, 4, 10), date(2026, 4, 11), date(2026, 4, 30), date(2026, 5, 1)):
        build(root, as_of=day)
        info = Store(root).current().catalogue.datasets["visits"]
        found.append((info.every, info.sensitivity, info.late, info.stale))

    assert found == [
        ("month", "internal", late, stale)
        for late, stale in [(False, False), (True, False), (True, False), (False, True)]
    ]


def test_a_build_says_where_the_first_record_in_quarantine_stands_and_not_what_it_says(
    tinytown: Write, build: Build
) -> None:
    lines = ["1,2026-01-01,North,1,A", "2,31/31/2026,North,1,B", "3,soon,North,1,C", ",2026-01-04,,,"]
    records = "\n".join(["Id,Came,Clinic,Kind,Patient", *lines])

    manifest = build(tinytown(visits=records))

    assert manifest["datasets"]["visits"]["quarantine"] == {
        "missing-required": {"count": 1, "first": {"file": "data/visits.csv", "record": 4, "column": "id"}},
        "not-a-date": {"count": 2, "first": {"file": "data/visits.csv", "record": 2, "column": "came_on"}},
    }


def test_records_without_a_clock_of_their_own_are_known_up_to_the_day_of_the_build(
    tinytown: Write, build: Build
) -> None:
    text = (tinytown() / "metrics/datasets/visits.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "as_of:" not in line and "covers:" not in line]
    root = tinytown(dataset="\n".join(lines) + "\n")
    found = []
    for day in (date(2026, 3, 31), date(2026, 4, 1)):
        manifest = build(root, as_of=day)
        last = Store(root).current().catalogue.metrics["visits"].last
        found.append((manifest["datasets"]["visits"]["as_of"], manifest["reused"], last))

    assert found == [("2026-03-31T00:00:00", [], "2026-02"), ("2026-04-01T00:00:00", ["visits"], "2026-03")]


def test_a_raised_smallest_count_gives_another_edition(
    tinytown: Write, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tinytown(more="    privacy: {min_count: 3}\n")
    first = build(root)
    counts = [Store(root).current().catalogue.metrics["visits"].min_count]
    monkeypatch.setenv("CIVICSTAT_MIN_COUNT", "7")
    second = build(root)
    counts.append(Store(root).current().catalogue.metrics["visits"].min_count)

    assert first["id"] != second["id"]
    assert counts == [3, 7]
