"""A load of a few lines, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicstat.period import FiscalYear
from civicstat.spec import City, ColumnDef, ColumnType, Dataset, Source
from civicstat.warehouse import LoadReport, execute, load_dataset, open_reader

CITY = City({"en": "Smallville"}, ("en",), "America/New_York", FiscalYear(7))
FETCHED_AT = datetime.fromisoformat("2026-03-01T04:30:00+00:00")


@dataclass(frozen=True)
class Loaded:
    """The report and the tables of a segment."""

    report: LoadReport
    rows: list[tuple[Any, ...]]
    quarantine: list[tuple[Any, ...]]


Load = Callable[..., Loaded]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write files, declare columns (name: type, or name: a definition), load, and read everything back."""

    def run(
        files: Mapping[str, str | bytes], columns: Mapping[str, Any], source: Source | str = "", **more: Any
    ) -> Loaded:
        for name, body in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body.encode() if isinstance(body, str) else body)
        declared = {
            name: item if isinstance(item, ColumnDef) else ColumnDef(name, name, ColumnType(item))
            for name, item in columns.items()
        }
        where = source if isinstance(source, Source) else Source(source or next(iter(files)))
        dataset = Dataset("cases", {"en": "Cases"}, {"en": "one row is one case"}, where, declared, **more)
        target = tmp_path / "cases.duckdb"
        report = load_dataset(dataset, tmp_path, CITY, target, fetched_at=FETCHED_AT)
        engine = open_reader(target)
        try:
            rows = [tuple(row) for row in execute(engine, sa.text("SELECT * FROM rows ORDER BY _row"))]
            aside = [tuple(row) for row in execute(engine, sa.text("SELECT * FROM quarantine"))]
        finally:
            engine.dispose()
        return Loaded(report, rows, aside)

    return run
