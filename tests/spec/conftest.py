"""A small city whose declarations are right, and a way to add what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from civicstat.errors import Fault, format_faults
from civicstat.spec import Project
from civicstat.spec.loading import check_files

BASE = Path(__file__).parent / "base"

Check = Callable[[str], tuple[Project | None, list[Fault]]]


@pytest.fixture
def base() -> Path:
    return BASE


@pytest.fixture
def base_files() -> dict[str, str]:
    files = sorted((BASE / "metrics").rglob("*.yaml"))
    return {path.relative_to(BASE).as_posix(): path.read_text("utf-8") for path in files}


@pytest.fixture
def check(base_files: dict[str, str]) -> Check:
    """Check ``text`` as ``metrics/case.yaml`` beside the small city.

    A case with a city of its own stands alone; a metric may stand in no department where the case names none.
    """

    def check_case(text: str) -> tuple[Project | None, list[Fault]]:
        sections = [line.split(":")[0] for line in text.splitlines()]
        files = {"metrics/case.yaml": text} | ({} if "city" in sections else base_files)
        project, faults = check_files(files, BASE)
        return project, [fault for fault in faults if "departments" in sections or fault.code != "no-department"]

    return check_case


@pytest.fixture
def say(check: Check) -> Callable[[str], str]:
    """Return what ``civicstat check`` would print of a case."""
    return lambda text: format_faults(check(text)[1])
