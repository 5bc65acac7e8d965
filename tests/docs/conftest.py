"""The documentation as the tests read it: pages, their sections, tables and blocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"

_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what stands behind it on the fence, and its text."""

    kind: str
    about: str
    text: str

    @property
    def first(self) -> str:
        """The words of the comment on its first line."""
        return self.text.partition("\n")[0].removeprefix("#").strip()


@dataclass(frozen=True)
class Page:
    """A page of the documentation."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @property
    def blocks(self) -> list[Block]:
        return [Block(kind, about.strip(), text) for kind, about, text in _BLOCK.findall(self.text)]

    @property
    def sections(self) -> dict[str, str]:
        """What stands below each heading, up to the next, by the heading in small letters."""
        found = _HEADING.split(_BLOCK.sub("", self.text))
        return {heading.lower(): body for heading, body in zip(found[1::2], found[2::2], strict=True)}

    def tables(self, heading: str) -> dict[str, list[list[str]]]:
        """Return the rows of each table below a heading, by the first word of its own heading."""
        tables: dict[str, list[list[str]]] = {}
        rows: list[list[str]] = []
        for line in self.sections[heading].splitlines():
            if not line.startswith("|"):
                rows = []
                continue
            cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if not rows:
                tables[cells[0]] = rows = [cells]
            elif set(line) - set("|-"):
                rows.append(cells)
        return {name: rows[1:] for name, rows in tables.items()}


@pytest.fixture(scope="session")
def page() -> Callable[[str], Page]:
    """Return a page of `docs/` by its name."""
    return lambda name: Page(DOCS / name)
