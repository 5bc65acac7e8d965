"""The documentation as the tests read it: pages, their sections, tables and blocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from civicstat.spec.yaml_nodes import ListNode, MapNode, Node, read_yaml

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


def plain(node: Node) -> Any:
    """Return a node of YAML 1.2 as JSON has it, as an editor hands it to a schema."""
    if isinstance(node, MapNode):
        return {name: plain(entry.value) for name, entry in node.entries.items()}
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    if node.style:
        return node.text
    readings: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "number": float,
        "boolean": lambda text: text.lower() == "true",
        "null": lambda text: None,
    }
    return readings.get(node.kind, str)(node.text)


def misfits(value: Any, schema: Any, root: dict[str, Any], path: str = "") -> list[str]:
    """Return what does not fit a JSON Schema of draft 7, as far as ours uses it; other words are errors."""
    if isinstance(schema, bool):
        return [] if schema else [f"{path}: not allowed"]
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/definitions/")
        return misfits(value, root["definitions"][name], root, path)
    found: list[str] = []
    names = {"string": str, "array": list, "object": dict, "boolean": bool}
    for word, said in schema.items():
        match word:
            case "$schema" | "title" | "definitions" | "then":
                pass
            case "type":
                kinds = [said] if isinstance(said, str) else said
                number = isinstance(value, int | float) and not isinstance(value, bool)
                fits = any(
                    (number and (kind == "number" or isinstance(value, int)))
                    if kind in ("number", "integer")
                    else isinstance(value, names[kind])
                    for kind in kinds
                )
                found += [] if fits else [f"{path}: {value!r} is no {said}"]
            case "enum":
                found += [] if value in said else [f"{path}: {value!r} is none of {said}"]
            case "const":
                found += [] if value == said else [f"{path}: not {said}"]
            case "pattern":
                like = not isinstance(value, str) or re.search(said, value)
                found += [] if like else [f"{path}: {value!r} is not like {said}"]
            case "minimum":
                small = isinstance(value, int | float) and value < said
                found += [f"{path}: {value!r} is less than {said}"] if small else []
            case "maximum":
                great = isinstance(value, int | float) and value > said
                found += [f"{path}: {value!r} is more than {said}"] if great else []
            case "minItems" | "maxItems":
                fits = not isinstance(value, list) or (len(value) >= said if word == "minItems" else len(value) <= said)
                found += [] if fits else [f"{path}: {len(value)} members"]
            case "items":
                for place, item in enumerate(value if isinstance(value, list) else ()):
                    found += misfits(item, said, root, f"{path}[{place}]")
            case "properties":
                for name in said if isinstance(value, dict) else ():
                    found += misfits(value[name], said[name], root, f"{path}.{name}") if name in value else []
            case "additionalProperties":
                for name in value if isinstance(value, dict) else ():
                    if name not in schema.get("properties", {}):
                        found += misfits(value[name], said, root, f"{path}.{name}")
            case "propertyNames":
                for name in value if isinstance(value, dict) else ():
                    found += misfits(name, said, root, f"{path}.{name}")
            case "required":
                found += [f"{path}: no {name}" for name in said if isinstance(value, dict) and name not in value]
            case "anyOf":
                tried: list[list[str]] = [misfits(value, item, root, path) for item in said]
                found += [] if any(not item for item in tried) else sorted(tried, key=len)[0]
            case "allOf":
                found += [fault for item in said for fault in misfits(value, item, root, path)]
            case "if":
                found += [] if misfits(value, said, root, path) else misfits(value, schema["then"], root, path)
            case _:
                raise AssertionError(f"the schema says `{word}`, which the tests do not know")
    return found


@pytest.fixture(scope="session")
def fits() -> Callable[..., list[str]]:
    """Return what of a text of declarations does not fit a schema."""

    def look(text: str, schema: dict[str, Any]) -> list[str]:
        node, faults = read_yaml(text, "metrics/case.yaml")
        assert node is not None
        assert faults == []
        return misfits(plain(node), schema, schema)

    return look
