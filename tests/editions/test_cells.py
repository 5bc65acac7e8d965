"""A build goes on from the cells of the last one, says so, and needs none of them."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicstat.editions import Folder
from civicstat.editions.readers import reader_of
from civicstat.editions.tables import READINGS
from civicstat.warehouse import execute

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]
MORE = """
  north:
    title: Visits to the north
    dataset: visits
    type: ratio
    numerator: {where: clinic = 'North'}
    denominator: count(*)
    better: neither
"""
VISITS = "Id,Came,Clinic,Kind,Patient\n" + "\n".join(
    f"{number},2026-{1 + number % 3:02}-{1 + number % 28:02},{'North' if number % 4 else 'South'},{number},Name{number}"
    for number in range(1, 31)
)
LATE = f"{VISITS}\n99,2026-02-11,North,1,Late"


def readings(root: Path, edition: str) -> list[tuple[Any, ...]]:
    reader = reader_of(Folder(root).edition(edition) / "office.duckdb")
    return sorted(map(tuple, execute(reader.engine, sa.select(READINGS))), key=str)


def told(manifest: dict[str, Any]) -> dict[str, tuple[int, int, list[str]]]:
    return {name: (item["reused"], item["recomputed"], item["why"]) for name, item in manifest["cells"].items()}


def test_a_late_record_computes_its_month_and_the_numbers_are_those_of_a_first_build(
    tinytown: Write, build: Build
) -> None:
    root = tinytown(more=MORE)
    first = build(root)
    tinytown(more=MORE, visits=LATE)
    second = build(root)
    shutil.rmtree(root / "data" / "editions")
    shutil.rmtree(root / "data" / "cells")
    held = readings(root, build(root)["id"])

    assert told(first) == {name: (0, 3, ["not_kept"]) for name in ("visits", "north")}
    assert told(second) == {name: (2, 1, ["rows"]) for name in ("visits", "north")}
    assert next(row for row in held if row[0] == "visits" and row[1] == "2026-02" and row[6] == "")[11] == 11
    assert first["id"] != second["id"]


def test_a_build_that_goes_on_publishes_the_same_readings_as_one_from_scratch(tinytown: Write, build: Build) -> None:
    root = tinytown(more=MORE)
    build(root)
    tinytown(more=MORE, visits=LATE)
    going_on = readings(root, build(root)["id"])
    shutil.rmtree(root / "data")
    tinytown(more=MORE, visits=LATE)

    assert readings(root, build(root)["id"]) == going_on


@pytest.mark.parametrize("harm", ["lost", "cut", "forged", "empty", "nonsense"])
def test_cells_that_are_lost_or_broken_cost_time_and_change_no_number(tinytown: Write, build: Build, harm: str) -> None:
    root = tinytown()
    held = readings(root, build(root)["id"])
    for path in [*(root / "data" / "cells").iterdir(), *(root / "data" / "segments").glob("*.days")]:
        damage(path, harm)
    tinytown(more="    caveats: None known.\n")

    again = build(root)

    assert told(again) == {"visits": (0, 3, ["not_kept"])}
    assert readings(root, again["id"]) == held
    tinytown(more="    caveats: None at all.\n")
    assert told(build(root)) == {"visits": (3, 0, [])}


def damage(path: Path, harm: str) -> None:
    match harm:
        case "lost":
            path.unlink()
        case "cut":
            path.write_bytes(path.read_bytes()[:-7])
        case "empty":
            path.write_bytes(b"")
        case "nonsense":
            path.write_bytes(b'{"slots": []}')
        case "forged" if path.suffix == ".cells":
            body = json.loads(zlib.decompress(path.read_bytes()))
            body["slots"]["month:2026-01-01"][4][0][2] = [999]
            path.write_bytes(zlib.compress(json.dumps(body).encode(), level=1))
        case "forged":
            path.write_text(path.read_text(encoding="utf-8").replace("2026-01-01", "2026-01-02"), encoding="utf-8")


def test_the_days_of_a_file_of_records_are_found_once(tinytown: Write, build: Build) -> None:
    root = tinytown()
    build(root)
    (beside,) = (root / "data" / "segments").glob("*.days")
    before = beside.stat().st_mtime_ns
    build(root, as_of=date(2026, 4, 1))

    assert beside.stat().st_mtime_ns == before
    assert json.loads(beside.read_text(encoding="utf-8"))["body"].keys() == {"came_on"}


def test_a_metric_that_failed_keeps_no_cells(tinytown: Write, build: Build) -> None:
    fails = MORE.replace("clinic = 'North'", "cast(clinic as integer) = 1")
    manifest = build(tinytown(more=fails))

    assert manifest["failed"].keys() == {"north"}
    assert manifest["cells"].keys() == {"visits"}
