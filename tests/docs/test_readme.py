"""What the README and the pages of docs/ name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tasks
from civicstat.cli.program import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "README.md",
    "CHANGELOG.md",
    "data/README.md",
    *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")),
)


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def commands(page: str, program: str) -> set[str]:
    """Return what ``program`` is asked to do on the page, in its code alone."""
    blocks = re.findall(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", text(page), flags=re.DOTALL)
    code = "\n".join(fenced or inline for fenced, inline in blocks)
    return set(re.findall(rf"^{program} (?:\[--project DIR\] )?([a-z]+)", code, flags=re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_only_make_targets_there_are(page: str) -> None:
    assert commands(page, "make") <= set(tasks.TASKS)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_only_commands_there_are(page: str) -> None:
    assert commands(page, "civicstat") <= set(COMMANDS)


def test_the_contract_of_the_command_line_names_every_command() -> None:
    contract = text("docs/architecture.md").split("What others rely on")[1].split("```")[1]
    assert [name for name in COMMANDS if not re.search(rf"\b{name}\b", contract)] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_link_leads_to_a_file(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", text(page))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []
