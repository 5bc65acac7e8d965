"""Pruning gives back the space of old records, and never a number."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from civicstat.editions import Folder, Store, prune_editions
from civicstat.editions.lock import build_lock
from civicstat.errors import CivicstatError, EditionError

Build = Callable[..., dict[str, Any]]


@pytest.fixture
def four(four_built: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> tuple[Path, list[dict[str, Any]]]:
    """Tinytown with four editions, to do anything to; the last two read the same records."""
    shutil.copytree(four_built[0], tmp_path / "tinytown")
    return tmp_path / "tinytown", four_built[1]


def test_records_that_no_kept_edition_refers_to_are_removed_and_every_number_stays(
    four: tuple[Path, list[dict[str, Any]]],
) -> None:
    root, built = four
    folder = Folder(root)
    before = {item["id"]: Store(root).edition(item["id"]).readings("visits") for item in built}
    size = sum(path.stat().st_size for path in (root / "data").rglob("*") if path.is_file())

    done = prune_editions(folder, 2)

    assert {item["id"]: Store(root).edition(item["id"]).readings("visits") for item in built} == before
    assert (done.editions, done.without_records) == (
        tuple(item["id"] for item in built[2:]),
        tuple(item["id"] for item in built[:2]),
    )
    assert done.bytes == size - sum(path.stat().st_size for path in (root / "data").rglob("*") if path.is_file())
    assert [(root / name).exists() for name, _ in done.files] == [False] * len(done.files)
    assert folder.ids() == [item["id"] for item in built]


def test_the_rows_of_a_pruned_edition_are_gone_and_those_of_a_kept_one_open(
    four: tuple[Path, list[dict[str, Any]]],
) -> None:
    root, built = four
    prune_editions(Folder(root), 2)
    store = Store(root, office=True)

    for item in built[2:]:
        assert store.edition(item["id"]).rows("visits", "2026-01").total == 5
    for item in built[:2]:
        with pytest.raises(CivicstatError) as raised:
            store.edition(item["id"]).rows("visits", "2026-01")
        assert raised.value.faults[0].code == "rows-gone"


def test_a_dry_run_removes_nothing_and_says_the_same(four: tuple[Path, list[dict[str, Any]]]) -> None:
    root, _ = four
    files = sorted(path for path in (root / "data").rglob("*"))

    tried = prune_editions(Folder(root), 1, dry_run=True)

    assert sorted(path for path in (root / "data").rglob("*")) == files
    assert tried == prune_editions(Folder(root), 1)
    assert tried.files


def test_the_current_edition_keeps_its_records_however_old_it_is(four: tuple[Path, list[dict[str, Any]]]) -> None:
    root, built = four
    folder = Folder(root)
    folder.point(built[0]["id"])

    done = prune_editions(folder, 1)

    assert done.editions == (built[0]["id"], built[3]["id"])
    assert Store(root, office=True).current().rows("visits", "2026-01").total == 3


def test_twelve_editions_keep_their_records_where_nothing_is_asked_for(
    four: tuple[Path, list[dict[str, Any]]],
) -> None:
    root, built = four

    assert prune_editions(Folder(root)).files == ()
    assert built


def test_a_reader_that_has_records_open_goes_on_reading_them(four: tuple[Path, list[dict[str, Any]]]) -> None:
    root, built = four
    edition = Store(root, office=True).edition(built[0]["id"])
    before = edition.rows("visits", "2026-01")

    prune_editions(Folder(root), 1)

    assert edition.rows("visits", "2026-01") == before


def test_the_next_build_after_a_pruning_goes_on_from_what_is_kept(
    four: tuple[Path, list[dict[str, Any]]], build: Build
) -> None:
    root, _ = four
    prune_editions(Folder(root), 1)

    manifest = build(root, as_of=date(2026, 4, 5))

    assert manifest["reused"] == ["visits"]
    assert Store(root, office=True).current().rows("visits", "2026-01").total == 5


def test_records_that_an_edition_on_another_shelf_shows_are_kept(four: tuple[Path, list[dict[str, Any]]]) -> None:
    root, built = four
    dev = root / "data" / "dev"
    shutil.copytree(root / "data" / "editions" / built[0]["id"], dev / built[0]["id"])
    (dev / "2026-01-01-000000000000").mkdir()
    (dev / "2026-01-01-000000000000" / "manifest.json").write_text("cut off", "utf-8")

    prune_editions(Folder(root), 2)

    shown = Store(root, office=True).edition(built[0]["id"])
    assert shown.rows("visits", "2026-01").total == 3


def test_nothing_is_pruned_while_a_build_is_running(four: tuple[Path, list[dict[str, Any]]]) -> None:
    root, _ = four
    with build_lock(root / "data/editions/lock"), pytest.raises(EditionError) as raised:
        prune_editions(Folder(root), 1)

    assert raised.value.faults[0].code == "build-running"


@pytest.mark.parametrize("broken", ["manifest.json", "office.duckdb"])
def test_nothing_is_pruned_where_a_kept_edition_cannot_say_what_it_refers_to(
    four: tuple[Path, list[dict[str, Any]]], broken: str
) -> None:
    root, built = four
    (root / "data/editions" / built[3]["id"] / broken).write_bytes(b"broken")
    files = sorted(path for path in (root / "data").rglob("*"))

    with pytest.raises(EditionError) as raised:
        prune_editions(Folder(root), 1)

    assert raised.value.faults[0].code == "bad-edition"
    assert sorted(path for path in (root / "data").rglob("*")) == files


def test_files_of_an_edition_of_the_first_form_stay_with_it(four: tuple[Path, list[dict[str, Any]]]) -> None:
    root, built = four
    path = root / "data/editions" / built[3]["id"] / "manifest.json"
    (segment,) = built[3]["datasets"]["visits"]["segment_files"]
    text = path.read_text(encoding="utf-8").replace(f'"segment": "{Path(segment).stem}"', f'"segment": "{segment}"')
    path.write_text(text.replace("segment_files", "not_known_then"), encoding="utf-8")
    for item in built[:3]:
        shutil.rmtree(root / "data/editions" / item["id"])

    prune_editions(Folder(root), 1)

    left = sorted(item.name for item in (root / "data/segments").iterdir())
    assert left == [f"{Path(segment).stem}.{ending}" for ending in ("days", "duckdb", "json")]
