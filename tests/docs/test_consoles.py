"""Every command and option is explained; what the pages show of them is typed again and comes out as it stands."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from civicstat.cli import main
from civicstat.cli.program import COMMANDS, NOT_YET

PageOf = Callable[[str], Any]
ROOT = Path(__file__).parents[2]
REST = "…"
"""Stands for all that follows of an output."""


class Terminal:
    """Types the lines of a page; what changes from build to build (ids, moments) is not compared."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self.patch, self.capture = folder, patch, capture
        self.code = 0
        patch.chdir(folder)

    def block(self, text: str) -> str:
        """Return a console block as it comes out now, cut where the page cuts it."""
        said = []
        for part in re.split(r"^(?=\$ )", text, flags=re.MULTILINE)[1:]:
            line, *shown = part.splitlines()
            told = self.line(line.removeprefix("$ ")).splitlines()
            if shown[-1:] == [REST]:
                told = [*told[: len(shown) - 1], REST]
            said += [line, *told]
        return "".join(f"{line}\n" for line in said)

    def line(self, text: str) -> str:
        match shlex.split(text):
            case ["echo", "$?"]:
                return f"{self.code}\n"
            case ["cd", folder]:
                self.patch.chdir(folder)
                return ""
            case ["civicstat", *arguments]:
                self.capture.readouterr()
                self.code = main(arguments)
                told = self.capture.readouterr()
                return told.out + told.err
        raise AssertionError(f"nobody types `{text}`")

    def mend(self, text: str) -> None:
        """Change the lines of a file as a diff says."""
        head, *lines = text.splitlines()
        path = Path(head.removeprefix("--- "))
        content = path.read_text("utf-8")
        for old, new in zip(lines[::2], lines[1::2], strict=True):
            assert (old[0], new[0], content.count(f"{old[1:]}\n")) == ("-", "+", 1)
            content = content.replace(f"{old[1:]}\n", f"{new[1:]}\n")
        path.write_text(content, "utf-8")


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, monkeypatch, capsys)


def settled(text: str) -> str:
    text = re.sub(r"\b(\d{4}-\d\d-\d\d)-[0-9a-f]{12}\b", r"\1-ID", text)
    return re.sub(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", "MOMENT", text)


def compare(page: Any, told: list[tuple[str, str]], update: bool) -> None:
    if update:
        text = page.text
        for shown, now in told:
            text = text if settled(shown) == settled(now) else text.replace(shown, now)
        page.path.write_text(text, "utf-8")
    else:
        assert [settled(now) for _, now in told] == [settled(shown) for shown, _ in told]


@pytest.mark.slow
def test_the_commands_give_what_their_page_shows(
    page: PageOf, terminal: Terminal, demo_project: Path, update_golden: bool
) -> None:
    shutil.copytree(demo_project, terminal.folder / "riverbend")
    terminal.patch.chdir(terminal.folder / "riverbend")
    commands = page("commands.md")

    compare(commands, [(b.text, terminal.block(b.text)) for b in commands.blocks if b.kind == "console"], update_golden)


def test_a_first_city_comes_out_as_its_page_says(page: PageOf, terminal: Terminal, update_golden: bool) -> None:
    first_city = page("first-city.md")
    told = []
    for block in first_city.blocks:
        match block.kind:
            case "console":
                told.append((block.text, terminal.block(block.text)))
            case "yaml":
                Path(block.first).write_text(block.text, "utf-8")
            case "csv":
                Path(block.about).write_text(block.text, "utf-8")
            case "diff":
                terminal.mend(block.text)

    compare(first_city, told, update_golden)
    assert terminal.line("civicstat check") == "4 metrics, 2 datasets, 2 departments: no problems\n"


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def usage(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[set[str], set[str]]:
    """Return the options and the places that a command's help names."""
    with pytest.raises(SystemExit):
        main([*arguments, "--help"])
    said = capsys.readouterr().out
    return set(re.findall(r"^  (?:-h, )?(--[a-z-]+)", said, re.M)), set(re.findall(r"^  ([A-Z]+)\b", said, re.M))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_explained_with_all_its_options(
    name: str, page: PageOf, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = page("commands.md")
    options, places = usage(capsys, name)
    (heading,) = [heading for heading in commands.sections if re.match(rf"`civicstat {name}\b", heading)]

    rows = commands.tables(heading).get("option", [])
    assert {quoted(row[0])[0].split()[0] for row in rows} == options - {"--help", "--project"}
    assert set(re.findall(r"[A-Z]+", str(re.search(rf"^## (`civicstat {name}.*)$", commands.text, re.M)))) >= places


def test_what_holds_for_every_command_is_explained(page: PageOf, capsys: pytest.CaptureFixture[str]) -> None:
    rows = page("commands.md").tables("for every command")["option"]
    assert {quoted(row[0])[0].split()[0] for row in rows} == usage(capsys)[0]


def test_commands_not_available_yet_are_said_to_be_so(page: PageOf) -> None:
    words = quoted(page("commands.md").sections["not available yet"])
    assert [word for word in words if word in COMMANDS] == []
    assert set(NOT_YET) <= set(words)
