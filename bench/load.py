"""Time of a load against the engine's bare CREATE TABLE AS, on records made up here: `python bench/load.py [ROWS]`."""

from __future__ import annotations

import dataclasses
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from civicstat.period import FiscalYear
from civicstat.spec import Check, City, ColumnDef, ColumnType, Dataset, Source
from civicstat.warehouse import load_dataset

NOW = datetime(2026, 1, 1)  # noqa: DTZ001 - local to the city
KINDS = ("Pothole", "Street light", "Graffiti", '"Noise ""loud"""', '"Tree, fallen"', "Missed collection")
CITY = City({"en": "Bench"}, ("en",), "America/New_York", FiscalYear())
TYPES = {
    "case_id": ColumnType.TEXT,
    "opened": ColumnType.TIMESTAMP,
    "closed": ColumnType.TIMESTAMP,
    "due": ColumnType.DATE,
    "kind": ColumnType.TEXT,
    "department": ColumnType.TEXT,
    "district": ColumnType.TEXT,
    "channel": ColumnType.TEXT,
    "cost": ColumnType.NUMBER,
    "latitude": ColumnType.NUMBER,
    "quantity": ColumnType.INTEGER,
    "note": ColumnType.TEXT,
}
FORMS = {"opened": "%m/%d/%Y %I:%M:%S %p", "closed": "%m/%d/%Y %I:%M:%S %p", "due": "%m/%d/%Y"}


def write_records(path: Path, count: int, american: bool) -> None:
    """Write ``count`` made-up requests; ``american``: dates in the city's own form, `N/A` for no value."""
    draw = random.Random(1)
    moment = FORMS["opened"] if american else "%Y-%m-%d %H:%M:%S"
    day = FORMS["due"] if american else "%Y-%m-%d"
    none = "N/A" if american else ""
    start = datetime(2021, 1, 1)  # noqa: DTZ001
    with path.open("w", encoding="utf-8") as out:
        out.write(",".join(TYPES) + "\n")
        for i in range(count):
            opened = start + timedelta(seconds=draw.randrange(5 * 365 * 86_400))
            closed = opened + timedelta(seconds=draw.randrange(30 * 86_400))
            out.write(
                f"C{i:08d},{opened:{moment}},{f'{closed:{moment}}' if i % 7 else none},"
                f"{opened + timedelta(days=14):{day}},{KINDS[i % 6]},Department {i % 12},{i % 9},"
                f"{'web' if i % 3 else 'phone'},{i % 5000 / 100},{42 + i % 1000 / 1e4},{i % 40},note number {i % 97}\n"
            )


def dataset(name: str, *, sort: bool, checks: bool, own_forms: bool) -> Dataset:
    """Return a keyed declaration of the records."""
    columns = {
        column: ColumnDef(
            column,
            column,
            kind,
            format=(FORMS[column],) if own_forms and column in FORMS else (),
            missing=("N/A", "none") if own_forms else (),
        )
        for column, kind in TYPES.items()
    }
    rules = (Check("unique", "error", ("case_id",)), Check("not_null", "warn", ("opened", "kind")))
    return Dataset(
        "requests",
        {"en": "Requests"},
        {"en": "one row is one request"},
        Source(name),
        columns,
        key=("case_id",),
        time="opened" if sort else None,
        checks=rules if checks else (),
    )


def best(work: Callable[[], object], times: int = 3) -> float:
    """Return the shortest of some runs, in seconds."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return min(spent)


def main(count: int) -> None:
    """Print one line a case: seconds, and how many times the bare load."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_records(root / "iso.csv", count, american=False)
        write_records(root / "own.csv", count, american=True)

        def bare(name: str) -> Callable[[], None]:
            def work() -> None:
                (root / "bare.duckdb").unlink(missing_ok=True)
                with duckdb.connect(str(root / "bare.duckdb")) as connection:
                    connection.execute(f"CREATE TABLE rows AS SELECT * FROM read_csv('{root / name}')")

            return work

        base = {name: best(bare(name)) for name in ("iso.csv", "own.csv")}
        print(f"{count:,} records; bare load {base['iso.csv']:.2f} s and {base['own.csv']:.2f} s")
        cases = (
            ("typed and keyed", 1.5, dataset("iso.csv", sort=False, checks=False, own_forms=False)),
            ("sorted and checked", 2.5, dataset("iso.csv", sort=True, checks=True, own_forms=False)),
            ("own formats and null words", 4.0, dataset("own.csv", sort=True, checks=True, own_forms=True)),
        )
        for title, budget, declared in cases:

            def work(declared: Dataset = declared) -> None:
                (root / "rows.duckdb").unlink(missing_ok=True)
                report = load_dataset(declared, root, CITY, root / "rows.duckdb", fetched_at=NOW)
                assert dataclasses.asdict(report)["loaded"] == count

            spent = best(work)
            ratio = spent / base[declared.source.file]
            print(f"{title:<28} {spent:5.2f} s  {ratio:4.2f} times, budget {budget}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
