from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from civicstat.cli.findings import look

Said = Callable[..., tuple[int, str, str]]


def found(root: Path) -> dict[str, tuple[str, str]]:
    return {item.what: (item.level, item.found) for item in look(root)}


def test_a_built_city_has_nothing_wrong(said: Said, built: Path) -> None:
    code, out, err = said(built, "doctor")

    assert (code, err) == (0, "")
    assert "WRONG" not in out
    assert out.startswith("ok     python")


def test_a_folder_without_a_project_is_said_in_plain_words(said: Said, tmp_path: Path) -> None:
    code, out, err = said(tmp_path, "doctor")

    assert (code, err) == (1, "")
    assert f"WRONG  declarations       {tmp_path}: no folder `metrics`\n" in out
    assert out.rstrip().endswith("pass `--project DIR`, or make a city with `civicstat init DIR`")


def test_programs_are_given_the_findings_as_json(said: Said, built: Path) -> None:
    code, out, _ = said(built, "doctor", "--json")

    listed = json.loads(out)
    assert code == 0
    assert all(set(item) == {"level", "what", "found", "help"} for item in listed)
    assert {item["level"] for item in listed} <= {"ok", "warn"}


def test_a_city_that_was_never_built_is_told_which_command_builds_it(smallville: Path) -> None:
    [edition] = [item for item in look(smallville) if item.what == "edition"]

    assert (edition.level, edition.found, edition.help) == ("fail", "no edition", "run `civicstat build`")


def test_records_that_are_gone_are_named(smallville: Path) -> None:
    shutil.rmtree(smallville / "data")

    wrong = {what for what, (level, _) in found(smallville).items() if level == "fail"}

    assert any(what.startswith("records of ") for what in wrong)


def test_a_fault_in_the_declarations_is_counted_and_the_first_one_shown(smallville: Path) -> None:
    (smallville / "metrics" / "departments" / "more.yaml").write_text("titel: x\n", encoding="utf-8")

    level, _ = found(smallville)["declarations"]

    assert level == "fail"


def test_another_version_of_an_engine_is_wrong(smallville: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "1.5.0" if name == "duckdb" else held(name))

    level, said = found(smallville)["packages"]

    assert (level, "duckdb 1.5.0 (wanted" in said) == ("fail", True)


def test_a_disk_without_room_for_another_load_is_said_before_it_is_full(
    smallville: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(smallville)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))

    assert found(smallville)["disk"] == ("warn", "1 MB free, 0 B of records held")


def test_a_current_edition_that_cannot_be_read_is_wrong(built: Path, tmp_path: Path) -> None:
    city = tmp_path / "city"
    shutil.copytree(built, city)
    (edition,) = (city / "data" / "editions").glob("2*")
    (edition / "office.duckdb").write_bytes(b"broken")

    assert found(city)["edition"][0] == "fail"
