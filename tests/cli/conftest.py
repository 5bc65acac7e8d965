"""A city to count on one's fingers, built once; and the command line as a person meets it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from civicstat.cli import main
from civicstat.editions import build_edition
from civicstat.spec import load_project

SMALLVILLE = Path(__file__).parents[1] / "fixtures" / "smallville"

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smallville with one edition, for tests that only read."""
    root = tmp_path_factory.mktemp("cli") / "smallville"
    shutil.copytree(SMALLVILLE, root)
    build_edition(load_project(root), as_of=date(2024, 4, 10))
    return root


@pytest.fixture
def smallville(tmp_path: Path) -> Path:
    """Smallville, not built."""
    root = tmp_path / "smallville"
    shutil.copytree(SMALLVILLE, root)
    return root


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Run a command over a project and return its exit code and what it wrote to both streams."""

    def run(root: Path, *arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--project", str(root), *arguments])
        output = capsys.readouterr()
        return code, output.out, output.err

    return run
