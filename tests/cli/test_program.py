from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import civicstat
from civicstat.cli import main
from civicstat.cli.program import COMMANDS, NOT_YET

Said = Callable[..., tuple[int, str, str]]

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(civicstat.__file__).parents[1])}
RUN = [sys.executable, "-m", "civicstat.cli"]


def test_without_a_command_all_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert [line.split()[0] for line in shown.splitlines() if line.startswith("  ") and "--" not in line] == [*COMMANDS]


@pytest.mark.parametrize("command", NOT_YET)
def test_a_command_that_is_not_built_yet_is_refused(said: Said, tmp_path: Path, command: str) -> None:
    assert said(tmp_path, command, "--any", "thing") == (
        1,
        "",
        f"not-available-yet: civicstat {command}\n"
        f"  = found:    `{command}`, which is part of the language but not available yet\n"
        "\n"
        "1 problem\n",
    )


@pytest.mark.parametrize("arguments", [("serve", "--office")])
def test_a_part_of_a_command_that_is_not_built_yet_is_refused(
    said: Said, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    code, out, err = said(tmp_path, *arguments)

    assert (code, out) == (1, "")
    assert err.startswith(f"not-available-yet: civicstat {arguments[0]} {arguments[1]}\n")


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "init"])
def test_the_help_of_a_command_names_the_project_and_nothing_that_is_not_available(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    shown = capsys.readouterr().out

    assert "--project DIR" in shown
    assert [word for word in ("--office",) if word in shown] == []


def test_a_misspelt_command_is_corrected(said: Said, tmp_path: Path) -> None:
    assert said(tmp_path, "chek") == (
        1,
        "",
        "no-such-command: civicstat\n"
        "  = found:    `chek`\n"
        f"  = expected: {', '.join(f'`{name}`' for name in COMMANDS)}\n"
        "  = help:     did you mean `check`?\n"
        "\n"
        "1 problem\n",
    )


def test_a_misspelt_option_is_said_in_the_house_form(said: Said, tmp_path: Path) -> None:
    assert said(tmp_path, "build", "--asof", "2026-01-01") == (
        1,
        "",
        "usage: civicstat build\n"
        "  = found:    unrecognized arguments: --asof 2026-01-01\n"
        "  = help:     run `civicstat build --help`\n"
        "\n"
        "1 problem\n",
    )


@pytest.mark.parametrize(
    "command",
    [
        *(["value", "x"], ["rows", "x", "--period", "2026"], ["explain", "x"], ["editions"], ["serve"]),
        *(["check"], ["build"], ["test"]),
    ],
)
def test_a_folder_without_declarations_is_no_project(said: Said, tmp_path: Path, command: list[str]) -> None:
    code, out, err = said(tmp_path, *command)

    assert (code, out) == (1, "")
    assert err == (
        f"no-project: {tmp_path}\n"
        "  = found:    no folder `metrics`\n"
        "  = expected: a project\n"
        "  = help:     pass `--project DIR`, or make a city with `civicstat init DIR`\n"
        "\n"
        "1 problem\n"
    )


@pytest.mark.parametrize("command", [["value", "opened"], ["serve"]])
def test_what_needs_an_edition_could_not_be_tried_without_one(said: Said, smallville: Path, command: list[str]) -> None:
    assert said(smallville, *command) == (
        2,
        "",
        "no-edition: data/editions\n"
        "  = found:    no edition\n"
        "  = expected: one built from the declarations\n"
        "  = help:     run `civicstat build`\n"
        "\n"
        "1 problem\n",
    )


def test_a_folder_that_may_not_be_read_could_not_be_tried(
    said: Said, smallville: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(root: Path) -> None:
        raise PermissionError(13, "Permission denied", "metrics/city.yaml")

    monkeypatch.setattr("civicstat.spec.check_project", fail)

    assert said(smallville, "check") == (
        2,
        "",
        "cannot-open: metrics/city.yaml\n  = found:    Permission denied\n\n1 problem\n",
    )


def test_an_unforeseen_fault_is_said_without_a_traceback(
    said: Said, smallville: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(root: Path) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("civicstat.spec.check_project", fail)
    code, out, err = said(smallville, "check")

    assert (code, out) == (2, "")
    assert err.startswith("unexpected: civicstat\n  = found:    ZeroDivisionError at test_program.py:")
    assert "Traceback" not in err


def test_a_reader_who_has_seen_enough_ends_the_command_quietly(built: Path) -> None:
    command = [*RUN, "--project", str(built), "value", "opened", "--period", "2023-05..2024-04", "--json"]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writing:
        assert writing.stdout is not None
        assert writing.stderr is not None
        writing.stdout.close()
        err = writing.stderr.read()

    assert (writing.returncode, err) == (0, b"")


ENDLESS = """
import sys, time
import sqlalchemy as sa
from civicstat.cli import main

sa.event.listen(sa.Engine, "before_cursor_execute", lambda *_: time.sleep(600))
sys.exit(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_a_build_that_is_stopped_says_so_without_a_traceback(smallville: Path) -> None:
    command = [sys.executable, "-c", ENDLESS, "--project", str(smallville), "build"]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as building:
        while not (smallville / "data" / "editions" / "lock").exists() and building.poll() is None:
            time.sleep(0.01)
        building.send_signal(signal.SIGINT)
        out, err = building.communicate()

    assert (building.returncode, out) == (2, b"")
    assert err.decode() == "stopped: civicstat\n  = found:    a request to stop\n\n1 problem\n"


def test_help_imports_no_database(tmp_path: Path) -> None:
    code = "import sys; from civicstat.cli import main; main([]); print(sorted({'duckdb', 'dash'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"
