"""A source that brings a file a day: its news is loaded beside what is held, and nobody can tell by the numbers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from civicstat.editions import Store, segments

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]


def day(root: Path, name: str, numbers: Iterable[int], month: int = 1) -> None:
    lines = [f"{number},2026-{month:02}-{1 + number % 28:02},North,{number % 2},Name{number}" for number in numbers]
    path = root / f"data/daily/{name}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["Id,Came,Clinic,Kind,Patient", *lines]) + "\n", encoding="utf-8")


@pytest.fixture
def held(tinytown: Write, build: Build) -> Path:
    """Tinytown with a file a day, and one day of 100 visits published."""
    declared = (tinytown() / "metrics/datasets/visits.yaml").read_text(encoding="utf-8")
    root = tinytown(dataset=declared.replace("{file: data/visits.csv}", "{file: data/daily/*.csv, take: all}"))
    day(root, "day01", range(100))
    assert build(root)["datasets"]["visits"]["load"] == {"how": "whole", "because": "first-load"}
    return root


def readings(root: Path) -> list[tuple[Any, ...]]:
    found = Store(root).current().readings("visits")
    return [(item.grain, item.period, item.value, item.n, item.status) for item in found]


def test_a_new_file_is_loaded_beside_the_held_ones_and_the_edition_is_that_of_one_load(
    held: Path, build: Build, tmp_path: Path
) -> None:
    day(held, "day02", range(100, 110), month=2)
    added = build(held)
    at_once = tmp_path / "at_once"
    for name in ("metrics", "data/daily"):
        shutil.copytree(held / name, at_once / name)
    whole = build(at_once)

    entry = added["datasets"]["visits"]
    assert entry["load"] == {"how": "added", "because": ""}
    assert len(entry["segment_files"]) == 2
    assert len(whole["datasets"]["visits"]["segment_files"]) == 1
    assert added["id"] == whole["id"]
    assert [entry[name] for name in ("read", "loaded", "files")] == [
        whole["datasets"]["visits"][name] for name in ("read", "loaded", "files")
    ]
    assert readings(held) == readings(at_once)


def test_a_number_opens_to_its_rows_of_every_file(held: Path, build: Build) -> None:
    day(held, "day02", range(100, 110))
    build(held)

    edition = Store(held, office=True).current()
    page = edition.rows("visits", "2026-01", limit=50)
    last = edition.rows("visits", "2026-01", after=99)

    assert (page.total, len(page.rows)) == (110, 50)
    assert sorted(int(row[0]) for row in last.rows) == list(range(100, 110))


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (lambda root: day(root, "day01", range(1, 101)), "files-changed"),
        (lambda root: (root / "data/daily/day01.csv").rename(root / "data/daily/day00.csv"), "files-changed"),
        (lambda root: day(root, "day00", range(200, 210)), "files-changed"),
        (lambda root: day(root, "day02", range(200, 300)), "much-added"),
        (lambda root: day(root, "day02", [5]), "key-repeated"),
    ],
    ids=["a file changed", "a file renamed", "a file before the held ones", "a file as large", "a key again"],
)
def test_what_could_change_held_records_loads_all_and_the_manifest_says_why(
    held: Path, build: Build, change: Callable[[Path], object], because: str
) -> None:
    change(held)

    entry = build(held)["datasets"]["visits"]

    assert entry["load"] == {"how": "whole", "because": because}
    assert len(entry["segment_files"]) == 1


def test_another_declaration_loads_all(held: Path, build: Build) -> None:
    declared = held / "metrics/datasets/visits.yaml"
    declared.write_text(declared.read_text(encoding="utf-8").replace("from: Clinic", "from: Kind"), encoding="utf-8")
    day(held, "day02", [101])

    entry = build(held)["datasets"]["visits"]

    assert entry["load"] == {"how": "whole", "because": "made-otherwise"}


def test_many_small_files_are_loaded_together_before_they_burden_every_query(held: Path, build: Build) -> None:
    counts = []
    for number in range(2, 11):
        day(held, f"day{number:02}", [100 + number])
        counts.append(len(build(held)["datasets"]["visits"]["segment_files"]))

    assert counts == [2, 3, 4, 5, 6, 7, 8, 2, 3]
    assert readings(held)[0][3] == 109


def test_a_build_cut_off_while_adding_leaves_what_was_held_and_the_next_one_adds(
    held: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Store(held).current().id
    day(held, "day02", [101])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(segments, "write_segment", killed)
        with pytest.raises(KeyboardInterrupt):
            build(held)
    assert Store(held).current().id == before

    assert build(held)["datasets"]["visits"]["load"]["how"] == "added"


def test_a_lost_file_of_a_segment_costs_a_load_and_nothing_else(held: Path, build: Build) -> None:
    day(held, "day02", [101])
    first = build(held)["datasets"]["visits"]
    (held / "data/segments" / first["segment_files"][1]).unlink()
    day(held, "day03", [102])

    entry = build(held)["datasets"]["visits"]

    assert entry["load"]["how"] == "added"
    assert entry["loaded"] == 102
    assert entry["segment_files"][0] == first["segment_files"][0]


def test_a_day_without_news_reads_no_records_again(held: Path, build: Build) -> None:
    manifest = build(held, as_of=date(2026, 4, 1))

    assert manifest["reused"] == ["visits"]
    assert manifest["datasets"]["visits"]["load"] == {"how": "held", "because": ""}


@pytest.mark.parametrize(("clock", "load"), [("", "whole"), ("    as_of: 2026-03-31\n", "held")])
def test_rows_that_read_the_clock_are_loaded_again_on_another_day_only_where_the_clock_is_that_day(
    tinytown: Write, build: Build, clock: str, load: str
) -> None:
    declared = (tinytown() / "metrics/datasets/visits.yaml").read_text(encoding="utf-8")
    lines = [line for line in declared.splitlines() if "as_of:" not in line and "covers:" not in line]
    derived = "    derive:\n      days: days_between(came_on, as_of)\n"
    root = tinytown(dataset="\n".join(lines) + "\n" + clock + derived)
    build(root, as_of=date(2026, 3, 31))

    manifest = build(root, as_of=date(2026, 4, 1))

    assert manifest["datasets"]["visits"]["load"]["how"] == load
