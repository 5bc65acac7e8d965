"""A city to count on one's fingers, fresh for each test or built once for those that only read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from civicstat.editions import build_edition
from civicstat.spec import load_project

SMALLVILLE = Path(__file__).parents[1] / "fixtures" / "smallville"
AS_OF = date(2024, 4, 10)

CITY = """
name: Tinytown
languages: [en]
time_zone: America/Chicago
fiscal_year: {starts: 07-01, named_by: end}
"""

DATASET = """
datasets:
  visits:
    title: Visits
    row: one row is one visit
    source: {file: data/visits.csv}
    key: id
    time: came_on
    as_of: 2026-03-31
    covers: [[2026-01-01, 2026-03-31]]
    columns:
      id:       {from: Id, type: text, required: true}
      came_on:  {from: Came, type: date, required: true}
      clinic:   {from: Clinic, type: text}
      kind:     {from: Kind, type: text}
      patient:  {from: Patient, type: text, sensitive: true}
"""

DEPARTMENT = """
departments:
  health: {title: Health}
metrics:
  visits:
    title: Visits
    dataset: visits
    type: simple
    measure: count(*)
    unit: visits
    better: neither
    dimensions: [clinic]
"""

VISITS = "Id,Came,Clinic,Kind,Patient\n" + "\n".join(
    f"{number},2026-{1 + number % 3:02}-{1 + number % 28:02},{'North' if number % 4 else 'South'},{number},Name{number}"
    for number in range(1, 31)
)

RECORDS = "    records: {columns: [id, came_on, clinic, patient], public: [id, came_on]}\n"
STAFF = """
  secret_metric:
    title: Secret title
    dataset: visits
    type: simple
    where: clinic = 'Hidden clinic'
    measure: count(*)
    unit: visits
    better: neither
    visibility: staff
"""

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]


@pytest.fixture
def smallville(tmp_path: Path) -> Path:
    root = tmp_path / "smallville"
    shutil.copytree(SMALLVILLE, root)
    return root


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smallville with one edition, for tests that only read."""
    root = tmp_path_factory.mktemp("built") / "smallville"
    shutil.copytree(SMALLVILLE, root)
    build_edition(load_project(root), as_of=AS_OF)
    return root


@pytest.fixture
def tinytown(tmp_path: Path) -> Write:
    """Write a city of one dataset; each text replaces the one of its name."""
    return writer(tmp_path / "tinytown")


@pytest.fixture(scope="session")
def tinytown_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tinytown with one edition, for `published` to copy."""
    root = writer(tmp_path_factory.mktemp("tinytown"))()
    build_edition(load_project(root), as_of=date(2026, 3, 31))
    return root


@pytest.fixture
def published(tinytown_built: Path, tmp_path: Path) -> Path:
    """Tinytown with one edition, to do anything to."""
    root = tmp_path / "tinytown"
    shutil.copytree(tinytown_built, root)
    return root


@pytest.fixture(scope="session")
def secretive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tinytown with names, a metric for the staff, and a record in quarantine."""
    names = [f"{number},2026-01-{number:02},North,1,Name{number}" for number in range(1, 10)]
    visits = "\n".join(["Id,Came,Clinic,Kind,Patient", *names, "99,not a day,Hidden clinic,1,Z"])
    root = writer(tmp_path_factory.mktemp("secretive"))(dataset_records=RECORDS, more=STAFF, visits=visits)
    build_edition(load_project(root), as_of=date(2026, 3, 31))
    return root


@pytest.fixture(scope="session")
def four_built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """Tinytown with four editions, the last two of the same records, for a test to copy."""
    write, built = writer(tmp_path_factory.mktemp("four")), []
    for day, rows in enumerate((3, 4, 5, 5), start=1):
        lines = [f"{number},2026-01-{number:02},North,1,A" for number in range(1, rows + 1)]
        root = write(visits="\n".join(["Id,Came,Clinic,Kind,Patient", *lines]), dataset_records=RECORDS)
        built.append(build_edition(load_project(root), as_of=date(2026, 4, day)))
    return root, built


def writer(root: Path) -> Write:
    """Return a function that writes Tinytown into ``root``."""

    def write(
        *,
        city: str = CITY,
        dataset: str = DATASET,
        dataset_records: str = "",
        department: str = DEPARTMENT,
        visits: str = VISITS,
        more: str = "",
    ) -> Path:
        texts = {
            "metrics/city.yaml": city,
            "metrics/datasets/visits.yaml": dataset + dataset_records,
            "metrics/departments/health.yaml": department + more,
            "data/visits.csv": visits,
        }
        for name, text in texts.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        return root

    return write


@pytest.fixture
def build() -> Build:
    """Build an edition of the project in a folder."""

    def run(root: Path, as_of: date = date(2026, 3, 31), **changed: Any) -> dict[str, Any]:
        return build_edition(load_project(root), as_of=as_of, **changed)

    return run
