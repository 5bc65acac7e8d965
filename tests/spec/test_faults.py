"""Every fault, compared whole with what the reader sees.

A file of ``faults/`` holds cases: a title, a declaration beside the small city, what is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "faults"

Case = tuple[str, str, str]


def read_cases(path: Path) -> list[Case]:
    cases = []
    for part in re.split(r"^#### ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        declared, _, said = rest.partition("\n---- says\n")
        cases.append((title, declared.rstrip() + "\n", said.rstrip("\n")))
    return cases


FILES = sorted(FOLDER.glob("*.txt"))
CASES = [pytest.param(path, *case, id=f"{path.stem}: {case[0]}") for path in FILES for case in read_cases(path)]


@pytest.mark.parametrize(("path", "title", "declared", "said"), CASES)
def test_a_fault_is_said_with_its_place_what_was_found_and_how_to_mend_it(
    path: Path, title: str, declared: str, said: str, say: Callable[[str], str], update_golden: bool
) -> None:
    found = say(declared)
    if update_golden:
        cases = [(*case[:2], found if case[0] == title else case[2]) for case in read_cases(path)]
        parts = [f"#### {name}\n{text}\n---- says\n{message}\n" for name, text, message in cases]
        path.write_text("\n".join(parts), "utf-8")
    else:
        assert found == said
