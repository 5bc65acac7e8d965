"""Every code is explained, its example is refused with it, and the example mended is not."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import civicstat
from civicstat.spec import Code, codes
from civicstat.spec.loading import check_files

ROOT = Path(__file__).parents[2]
HEADING = "## Codes of the declarations\n"
PageOf = Callable[[str], Any]

CITY = {"name": "Smallville", "time_zone": "America/New_York", "themes": "{streets: Safe streets}"}
DATASET = {
    "row": "one row is one request",
    "source": "{file: data/requests.csv}",
    "time": "opened_on",
    "columns": "{request_id: {type: text}, opened_on: {type: date}, closed_on: {type: date}, due_on: {type: date}, "
    "kind: {type: text}, district: {type: text}, cost: {type: money}}",
}
DEPARTMENT = {"title": "Public Works", "metrics": "[requests_opened]"}
METRIC = {"title": "Requests opened", "dataset": "requests", "type": "simple", "measure": "count(*)"}


def block(base: dict[str, str], text: str, indent: int) -> str:
    """Return the keys of ``base`` with those of ``text`` in their place, and all that text says beside."""
    own = set(re.findall(r"^([a-z_]+):", text, re.MULTILINE))
    beside = {key: value for key, value in base.items() if key not in own and not ("type" in own and key == "measure")}
    lines = [*(f"{key}: {value}" for key, value in beside.items()), *text.splitlines()]
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def city_with(within: str, text: str) -> dict[str, str]:
    """Return the files of a small city, one part of it as an example says."""

    def part(name: str, base: dict[str, str], indent: int) -> str:
        return block(base, text if within == name else "", indent)

    small = (
        f"datasets:\n  requests:\n{part('dataset', DATASET, 4)}departments:\n  public_works:\n"
        f"{part('department', DEPARTMENT, 4)}metrics:\n  requests_opened:\n{part('metric', METRIC, 4)}"
    )
    files = {"metrics/city.yaml": part("city", CITY, 0), "metrics/requests.yaml": small}
    return {**files, "metrics/more.yaml": f"{text}\n"} if within == "file" else files


def found(within: str, text: str) -> list[tuple[str, str]]:
    """Return the code and level of each fault of an example."""
    return [(fault.code, fault.level) for fault in check_files(city_with(within, text), ROOT)[1]]


EXAMPLES = [code for code in codes().values() if code.wrong]


@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: code.code)
def test_an_example_is_refused_with_its_code_and_mended_it_is_not(code: Code) -> None:
    wrong, mended = (
        [name for name, _ in found(code.within, text) if name == code.code] for text in (code.wrong, code.mended)
    )

    assert len(wrong) > len(mended)
    assert [name for name, level in found(code.within, code.mended) if level == "error"] == []


def used(folder: Path) -> set[str]:
    """Return every text under a folder that has the form of a code and stands where a fault is made."""
    return {
        node.value
        for path in folder.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Fault" and call.args
        for node in ast.walk(call.args[0])
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_code_of_the_declarations_is_in_the_list_and_no_other() -> None:
    spec = ROOT / "stat/civicstat/spec"
    texts = {
        node.value
        for path in spec.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    shaped = {text for text in texts if re.fullmatch("[a-z]+(-[a-z0-9]+)+", text)} - {"utf-8", "utf-8-sig"}
    made = {f"unknown-{what}" for what in ("theme", "metric")}  # of what a department lists

    assert set(codes()) == shaped | made


def test_every_code_of_a_command_is_explained_and_no_other(page: PageOf) -> None:
    rows = page("faults.md").tables("codes of the commands")["code"]
    package = Path(civicstat.__file__).parent
    elsewhere = {
        code
        for folder in package.iterdir()
        if folder.is_dir() and folder.name != "spec"
        for code in used(folder)
        if code not in codes()
    }
    explained = {row[0].strip("`") for row in rows}
    texts = [path.read_text("utf-8") for path in package.rglob("*.py") if path.parent.name != "spec"]

    assert elsewhere - explained == set()
    assert {code for code in explained if not any(f'"{code}"' in text for text in texts)} == set()


def test_the_page_says_what_the_list_says(page: PageOf, update_golden: bool) -> None:
    faults = page("faults.md")
    head, heading, _ = faults.text.partition(HEADING)
    made = head + heading + "".join(f"\n### `{code.code}`\n\n{code.told()}" for code in codes().values())
    if update_golden:
        faults.path.write_text(made, "utf-8")
    assert made == faults.text
