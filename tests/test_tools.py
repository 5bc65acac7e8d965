"""Set-up and the everyday commands, without installing anything."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import browser
import environment
import tasks

PASSES = tasks.Step("first", (sys.executable, "-c", ""))
FAILS = tasks.Step("second", (sys.executable, "-c", "raise SystemExit(3)"))
NEVER = tasks.Step("third", ("no such command",))


def test_the_first_step_that_fails_ends_the_run_and_is_named_last(capfd: pytest.CaptureFixture[str]) -> None:
    assert tasks.go_through("test", (PASSES, FAILS, NEVER)) == 1
    assert capfd.readouterr().err.splitlines() == [
        "civicstat: first …",
        "civicstat: second …",
        "civicstat: test failed at second (exit code 3)",
    ]


def test_a_run_without_a_fault_says_what_passed(capfd: pytest.CaptureFixture[str]) -> None:
    assert tasks.go_through("check", (PASSES,)) == 0
    assert capfd.readouterr().err.splitlines()[-1] == "civicstat: check passed: first, in 0 s"


def test_an_unknown_task_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert tasks.main(["dmeo"]) == 2
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[2:]] == list(tasks.TASKS)


def test_golden_rewrites_what_the_tests_compare_with_and_shows_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, ...]] = []

    def run(command: tuple[str, ...], **_: object) -> SimpleNamespace:
        ran.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(tasks, "prepare", lambda what: None)
    monkeypatch.setattr("subprocess.run", run)

    assert tasks.main(["golden"]) == 0
    tests = ("tests/compiler", "tests/spec/test_faults.py", "tests/docs/test_consoles.py")
    assert ran == [
        (*tasks.PYTEST, "--quiet", *tests, "--update-golden"),
        ("git", "--no-pager", "diff", "--", "tests/compiler/golden", "tests/spec/faults", "docs"),
    ]
    assert [path for path in (*tests, *ran[1][4:]) if not (environment.ROOT / path).exists()] == []


def test_the_cases_of_a_folder_are_held_against_the_statistics(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ran: list[tuple[tuple[str, ...], str]] = []

    def run(command: tuple[str, ...], *, env: dict[str, str], **_: object) -> SimpleNamespace:
        ran.append((command, env["CIVICSTAT_VECTORS"]))
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(tasks, "prepare", lambda what: None)
    monkeypatch.setattr("subprocess.run", run)

    assert tasks.main(["vectors", str(tmp_path)]) == 2
    assert ran == []
    assert capfd.readouterr().err.startswith(f"civicstat: no cases in {tmp_path}: neither spc_vectors.json")
    (tmp_path / "spc_vectors.json").touch()
    assert tasks.main(["vectors", str(tmp_path)]) == 0
    assert ran == [((*tasks.PYTEST, "tests/vectors", "-rs"), str(tmp_path))]


def test_an_old_python_is_told_which_one_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(environment.ROOT / "tools" / "bootstrap.py"), run_name="__main__")
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[0] == "civicstat needs Python 3.11 or later; this is 3.10.12."


@pytest.fixture
def stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "civicstat.json"
    monkeypatch.setattr(environment, "STAMP", path)
    monkeypatch.setattr(environment, "PYTHON", Path(sys.executable))
    return path


def test_a_finished_set_up_is_known_by_its_stamp(stamp: Path) -> None:
    stamp.write_text(json.dumps({"home": environment.home(), "run": environment.digest("run")}), "utf-8")
    assert environment.read_stamp()["run"] == environment.digest("run")


@pytest.mark.parametrize("text", ["", "{", '{"home": "elsewhere 3.11", "run": "x"}', "{}"])
def test_an_unfinished_or_moved_set_up_is_made_again(stamp: Path, text: str) -> None:
    stamp.write_text(text, "utf-8")
    assert environment.read_stamp() == {}


def test_a_browser_that_is_named_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICSTAT_BROWSER", "/opt/browser")
    assert browser.find_browser() == "/opt/browser"
