"""Golden SQL, one a shipped metric, as `civicstat explain` shows it: read the diff, never wave it through."""

from __future__ import annotations

import difflib
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from civicstat.compiler import AsOfValue, Ending, explain_sql
from civicstat.spec import load_project, operands_of

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
CLOCK = AsOfValue(datetime.fromisoformat("2026-11-02T00:00:00"), is_date=True)
END = datetime.fromisoformat("2026-11-01T00:00:00")
OCTOBER = Ending(date(2026, 10, 1), END, END, date(2026, 10, 31))


def test_the_sql_of_every_metric_is_the_one_last_read(engine_connection: Connection, update_golden: bool) -> None:
    project = load_project(ROOT)
    dialect = engine_connection.dialect
    made = {
        f"{name}.sql": f"-- {name}: {metric.title['en']}\n{explain_sql(metric, project, dialect, CLOCK, OCTOBER)}\n"
        for name, metric in project.metrics.items()
        if not operands_of(metric.body)  # those have the SQL of what they are made of
    }
    held = {path.name: path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*.sql"))}
    if update_golden:
        GOLDEN.mkdir(exist_ok=True)
        for name in held.keys() - made.keys():
            (GOLDEN / name).unlink()
        for name, text in made.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")

    changed: list[str] = []
    for name in sorted(held.keys() | made.keys()):
        old, new = (texts.get(name, "").splitlines() for texts in (held, made))
        changed += difflib.unified_diff(old, new, f"held/{name}", f"made/{name}", lineterm="")
    print("\n".join(changed))
    if changed and not update_golden:
        pytest.fail("the SQL changed, or a golden lacks its metric: read the diff, then run `make golden`")
