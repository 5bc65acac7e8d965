"""Time of a load against the engine's bare CREATE TABLE AS, on records made up here: `python bench/load.py [ROWS…]`."""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
from city import OF_A_DAY
from measure import Measure, table

from civicstat.period import FiscalYear
from civicstat.spec import Check, City, ColumnDef, ColumnType, Dataset, Source
from civicstat.warehouse import Held, input_digests, load_dataset

NOW = datetime(2026, 1, 1)  # noqa: DTZ001 - local to the city
KINDS = ("Pothole", "Street light", "Graffiti", '"Noise ""loud"""', '"Tree, fallen"', "Missed collection")
DAYS = 5 * 365
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


def write_records(path: Path, count: int, american: bool, first: int = 0) -> None:
    """Write ``count`` made-up requests; ``american``: dates in the city's own form, `N/A` for no value."""
    draw = random.Random(1 + first)
    moment = FORMS["opened"] if american else "%Y-%m-%d %H:%M:%S"
    day = FORMS["due"] if american else "%Y-%m-%d"
    none = "N/A" if american else ""
    start = datetime(2021, 1, 1)  # noqa: DTZ001
    with path.open("w", encoding="utf-8") as out:
        out.write(",".join(TYPES) + "\n")
        for i in range(first, first + count):
            opened = start + timedelta(seconds=draw.randrange(DAYS * 86_400))
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
        Source(name, take="all" if "*" in name else None),
        columns,
        key=("case_id",),
        time="opened" if sort else None,
        checks=rules if checks else (),
    )


def bare(name: str, target: Path) -> None:
    """Load with the engine alone, which guesses the types, takes what it likes and counts nothing."""
    with duckdb.connect(str(target)) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"CREATE TABLE rows AS SELECT * FROM read_csv('{name}')")


CASES = {
    "typed and keyed": (1.5, "iso", {"sort": False, "checks": False, "own_forms": False}),
    "sorted and checked": (2.5, "iso", {"sort": True, "checks": True, "own_forms": False}),
    "own formats and null words": (4.0, "own", {"sort": True, "checks": True, "own_forms": True}),
}
"""How many times the bare load each may take, by docs/architecture.md."""


def once(root: Path, case: str) -> list[float]:
    """Return the seconds of one case in this process, for `a day added` those of the day and of the whole."""
    target = root / "rows.duckdb"
    target.unlink(missing_ok=True)
    started = time.perf_counter()
    if case.startswith("bare "):
        bare(str(root / case.removeprefix("bare ") / "0.csv"), target)
        return [time.perf_counter() - started]
    if case != "a day added":
        _, name, how = CASES[case]
        load_dataset(dataset(f"{name}/0.csv", **how), root, CITY, target, fetched_at=NOW)
        return [time.perf_counter() - started]
    declared = dataset("iso/*.csv", sort=True, checks=True, own_forms=False)
    report = load_dataset(declared, root, CITY, target, fetched_at=NOW)
    whole = time.perf_counter() - started
    write_records(root / "iso/1.csv", max(report.loaded // DAYS, 1), american=False, first=report.loaded)
    started = time.perf_counter()
    input_digests(declared, root)  # every build looks whether the held files are still what they were
    (root / "day.duckdb").unlink(missing_ok=True)
    held = Held((target,), report)
    added = load_dataset(declared, root, CITY, root / "day.duckdb", fetched_at=NOW, held=held)
    day = time.perf_counter() - started
    (root / "iso/1.csv").unlink()
    assert added.loaded == max(report.loaded // DAYS, 1)
    return [day, whole]


def load_measures(count: int, times: int = 3) -> list[Measure]:
    """Return the measures of loading ``count`` records, each case in some turns."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("iso", "own"):
            (root / name).mkdir()
            write_records(root / name / "0.csv", count, american=name == "own")
        spent: dict[str, list[list[float]]] = {}
        for _ in range(times):
            for case in ("bare iso", "bare own", *CASES, "a day added"):
                command = [sys.executable, __file__, "--once", str(root), case]
                out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                spent.setdefault(case, []).append(json.loads(out.splitlines()[-1]))
    what = f"load of {count:,} records"
    found = [Measure(f"{what}, bare", min(figures[0] for figures in spent["bare iso"]), "s")]
    for case, (limit, name, _) in CASES.items():
        # Each beside the bare load of its own turn: what else the machine does then slows both.
        turns = [one[0] / base[0] for one, base in zip(spent[case], spent[f"bare {name}"], strict=True)]
        found.append(Measure(f"{what}, {case}", statistics.median(turns), "times the bare load", limit))
    days = [100 * day / whole for day, whole, _ in spent["a day added"]]
    share = 10 if count >= OF_A_DAY else None
    found.append(Measure(f"one day's new records on {count:,}", statistics.median(days), "% of the whole load", share))
    peaks = [figures[-1] for case in CASES for figures in spent[case]]
    found.append(Measure(f"{what}, memory", max(peaks), "MiB", 1024, firm=True))
    return found


def main(words: list[str]) -> None:
    """Print a table for each size."""
    if words[:1] == ["--once"]:
        figures = once(Path(words[1]), words[2])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
        print(json.dumps([*figures, peak]))
        return
    for count in map(int, words or ["1000000"]):
        print(table(load_measures(count, 3 if count <= 1_000_000 else 1)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
