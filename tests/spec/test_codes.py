"""Every code a fault may carry is shown by a test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import civicstat.spec

SOURCES = sorted(Path(civicstat.spec.__file__).parent.glob("*.py"))
NO_CODES = {"utf-8", "utf-8-sig"}


def test_every_code_is_shown_by_a_case_or_a_test() -> None:
    used = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch("[a-z]+(-[a-z0-9]+)+", node.value)
    }
    here = Path(__file__).parent
    said = [path.read_text("utf-8") for path in here.glob("faults/*.txt")]
    tests = [path.read_text("utf-8") for path in here.glob("test_*.py")]
    shown = set(re.findall(r"^\S+:\d+:\d+: (?:warning: )?([a-z0-9-]+): ", "\n".join(said), re.MULTILINE))
    shown |= {code for text in tests for code in re.findall(r"\b([a-z]+(?:-[a-z0-9]+)+): ", text)}
    assert used - NO_CODES - shown == set()
