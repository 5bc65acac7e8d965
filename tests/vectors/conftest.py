"""Where the published cases lie that the methods are held against; they are no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DEFAULT = Path(__file__).parents[3] / "shared" / "reference"


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of the cases: CIVICSTAT_VECTORS, else where the reference lies beside the project."""
    named = os.environ.get("CIVICSTAT_VECTORS")
    folder = Path(named) if named else DEFAULT
    if not folder.is_dir():
        pytest.skip(f"no cases to check against: {folder} is not there; CIVICSTAT_VECTORS names their folder")
    return folder
