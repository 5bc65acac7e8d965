"""A build takes the readings that are as they were from the edition before, and publishes what a first build would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicstat.editions import Folder
from civicstat.editions.readers import reader_of
from civicstat.editions.tables import READINGS
from civicstat.editions.taken import OFFICE
from civicstat.warehouse import execute, open_writer

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]
FILES = (OFFICE, "public.duckdb")
ROWS = [
    f"{number},2026-{1 + number % 3:02}-{1 + number % 28:02},{'North' if number % 4 else 'South'},1,A"
    for number in range(1, 31)
]
PRIVATE = """    privacy: {min_count: 4}
  north:
    title: Visits to the north
    dataset: visits
    type: ratio
    numerator: {where: clinic = 'North'}
    denominator: count(*)
    better: higher
    goal: {target: GOAL}
    dimensions: [{by: kind, top: 1}, [clinic, kind]]
  so_far: {title: F, type: cumulative, metric: visits, over: all}
  lately: {title: L, type: cumulative, metric: north, over: 2 months, as: average}
  beside: {title: B, type: change, metric: visits, against: [prior_period, 2026-01], as: difference}
  of_all: {title: O, type: ratio, numerator: "{visits}", denominator: "{north}", per: 1 a year}
  hours:
    {title: H, type: equivalent, metric: visits, unit: hours, others: {B: {value: 3, source: S}},
     factor: [{value: 1, source: S}, {value: 2, source: S, from: 2026-02-01}]}
"""


def visits(*more: str) -> str:
    return "\n".join(["Id,Came,Clinic,Kind,Patient", *ROWS, *more])


def readings(root: Path, edition: str, file: str = OFFICE) -> list[tuple[Any, ...]]:
    reader = reader_of(Folder(root).edition(edition) / file)
    return sorted(map(tuple, execute(reader.engine, sa.select(READINGS))), key=str)


def from_scratch(root: Path, build: Build, **words: Any) -> list[list[tuple[Any, ...]]]:
    """Return what a first build of the same city publishes."""
    first = root.with_name("first")
    shutil.rmtree(first, ignore_errors=True)
    shutil.copytree(root, first, ignore=shutil.ignore_patterns("editions", "cells", "segments", "public"))
    edition = build(first, **words)["id"]
    return [readings(first, edition, file) for file in FILES]


LATE = "99,2026-02-11,North,1,Late"
STEPS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "a late record": ({"visits": visits(LATE)}, {}),
    "another day": ({"visits": visits(LATE)}, {"as_of": date(2026, 4, 9)}),
    "another goal": ({"visits": visits(LATE), "more": PRIVATE.replace("GOAL", "60%")}, {"as_of": date(2026, 4, 9)}),
    "a record less": ({}, {"as_of": date(2026, 4, 9)}),
    "a member more": ({"visits": visits("98,2026-03-30,East,1,A")}, {"as_of": date(2026, 4, 10)}),
    "nothing withheld": (
        {"more": PRIVATE.replace("GOAL", "80%").replace("privacy: {min_count: 4}", "caveats: Few.")},
        {"as_of": date(2026, 4, 10)},
    ),
    "withheld again": ({}, {"as_of": date(2026, 4, 10)}),
}


def test_one_build_after_another_publishes_what_first_builds_would(tinytown: Write, build: Build) -> None:
    start = {"more": PRIVATE.replace("GOAL", "80%"), "visits": visits()}
    build(tinytown(**start))
    taken = {}
    for name, (texts, words) in STEPS.items():
        root = tinytown(**(start | texts))
        manifest = build(root, **words)
        taken[name] = manifest["taken"].get("periods", 0)
        assert [readings(root, manifest["id"], file) for file in FILES] == from_scratch(root, build, **words), name

    assert (taken["a late record"], taken["another day"]) == (2, 16)
    assert taken["another goal"] == 8  # those of the metric beside it
    assert taken["a member more"] == 0


def test_the_months_without_a_changed_record_are_taken_and_told(tinytown: Write, build: Build) -> None:
    root = tinytown(visits=visits())
    first = build(root)
    second = build(tinytown(visits=visits(LATE)))

    assert first["taken"] == {}
    assert second["taken"] == {"from": first["id"], "periods": 2}  # of January and of March
    assert second["readings"] == first["readings"]


def spoil(root: Path, harm: str) -> None:
    folder = Folder(root)
    edition = folder.edition(folder.current())
    office, manifest = edition / OFFICE, edition / "manifest.json"
    match harm:
        case "another number":
            engine = open_writer(office)
            execute(engine, sa.update(READINGS).where(READINGS.c.period == "2026-01").values(value=999.0))
            engine.dispose()
        case "a reading less":
            engine = open_writer(office)
            execute(engine, sa.delete(READINGS).where(READINGS.c.period == "2026-01", READINGS.c.dimension == ""))
            engine.dispose()
        case "cut":
            office.write_bytes(office.read_bytes()[:-9000])
        case "broken inside":
            body = bytearray(office.read_bytes())
            body[9000:] = bytes(len(body) - 9000)
            office.write_bytes(bytes(body))
        case "lost":
            office.unlink()
        case "of another version":
            told = json.loads(manifest.read_text(encoding="utf-8"))
            del told["print"]
            manifest.write_text(json.dumps(told), encoding="utf-8")
        case "removed":
            shutil.rmtree(edition)


@pytest.mark.parametrize(
    "harm", ["another number", "a reading less", "cut", "broken inside", "lost", "of another version", "removed"]
)
def test_nothing_is_taken_from_an_edition_that_is_not_as_it_was_written(
    tinytown: Write, build: Build, harm: str
) -> None:
    build(tinytown(visits=visits()))
    root = tinytown(visits=visits(LATE))
    spoil(root, harm)
    manifest = build(root)

    assert manifest["taken"] == {}
    assert [readings(root, manifest["id"], file) for file in FILES] == from_scratch(root, build)


@pytest.mark.parametrize(("before", "after", "taken"), [("", "6", False), ("6", "6", True)])
def test_another_least_count_from_outside_makes_the_readings_again(
    tinytown: Write, build: Build, monkeypatch: pytest.MonkeyPatch, before: str, after: str, taken: bool
) -> None:
    private, beside = "    privacy: {min_count: 4}\n", PRIVATE.partition("\n")[2].replace("GOAL", "60%")
    monkeypatch.setenv("CIVICSTAT_MIN_COUNT", before)
    build(tinytown(more=private))
    monkeypatch.setenv("CIVICSTAT_MIN_COUNT", after)
    manifest = build(tinytown(more=private + beside))

    assert bool(manifest["taken"]) == taken


def test_another_program_takes_no_readings_of_this_one(
    tinytown: Write, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tinytown(visits=visits()))
    for module in ("build", "cells", "segments"):
        monkeypatch.setattr(f"civicstat.editions.{module}.code_digest", lambda: "another")

    assert build(tinytown(visits=visits(LATE)))["taken"] == {}


def test_of_readings_taken_some_are_counted_again_and_all_are_told(tinytown: Write, build: Build) -> None:
    build(tinytown(visits=visits()))
    manifest = build(tinytown(visits=visits(LATE)))

    assert manifest["checks"]["rows"] == {"readings": manifest["readings"], "of": manifest["readings"]}
