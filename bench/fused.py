"""Time of all readings of 24 metrics against the query written by hand: `python bench/fused.py [RECORDS …]`.

Both answer over one table in turn, in one process with the same memory and threads, and must give the same numbers.
"""

from __future__ import annotations

import math
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa
from city import AS_OF, METRICS, declared, write_table
from measure import Measure, table

from civicstat.compiler import SQL_TYPES
from civicstat.results import Clock, Reading, read_metrics
from civicstat.warehouse import open_writer

BY_HAND = Path(__file__).with_name("fused.sql")
CLOCK = Clock(datetime.fromisoformat(AS_OF), is_date=True, first=date(2021, 1, 1))
BUDGET = 1.5
TIMES = 3


Key = tuple[str, str, date | None, str, str]  # metric, grain, start, dimension, member
Numbers = dict[Key, tuple[float | None, int]]


def fused_measures(count: int) -> list[Measure]:
    """Return what both take on ``count`` records, having compared every number.

    Raises:
        ValueError: they differ.
    """
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "records.duckdb"
        with duckdb.connect(str(path), config={"memory_limit": "512MB"}) as connection:
            write_table(connection, count)
        engine = open_writer(path, scratch=Path(name) / "scratch")
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as opened:
                return _measured(opened, count)
        finally:
            engine.dispose()


def _measured(connection: sa.Connection, count: int) -> list[Measure]:
    project = declared()
    types = project.datasets["requests"].types()
    rows = sa.Table("requests", sa.MetaData(), *(sa.Column(name, SQL_TYPES[kind]) for name, kind in types.items()))

    def ours() -> Mapping[str, list[Reading]]:
        return read_metrics(project, connection, {"requests": rows}, {"requests": CLOCK})

    def by_hand() -> list[Any]:
        return run_by_hand(connection)

    hand, made = by_hand(), ours()
    compared = compare(dict(_by_hand(hand)), dict(_ours(made)))
    spent: dict[str, list[tuple[float, float]]] = {"hand": [], "ours": []}
    for _ in range(TIMES):
        spent["hand"].append(_timed(by_hand))
        spent["ours"].append(_timed(ours))
    hand_wall, ours_wall = (min(wall for wall, _ in spent[name]) for name in ("hand", "ours"))
    hand_cpu, ours_cpu = (min(cpu for _, cpu in spent[name]) for name in ("hand", "ours"))
    size = f"{count:,} records"
    return [
        Measure(f"readings that are equal, {size}", compared, ""),
        Measure(f"readings by hand, {size}", hand_wall, "s"),
        Measure(f"readings by civicstat, {size}", ours_wall, "s"),
        Measure(f"readings, times the query by hand, {size}", ours_wall / hand_wall, "times", BUDGET),
        Measure(f"the same in processor time, {size}", ours_cpu / hand_cpu, "times"),
        Measure(f"memory of both at most, {size}", _peak(), "MB", 1024, firm=True),
    ]


def run_by_hand(connection: sa.Connection) -> list[Any]:
    """Run the statements of ``fused.sql`` and return the rows of the last."""
    rows: list[Any] = []
    for statement in BY_HAND.read_text(encoding="utf-8").split(";\n"):
        if any(line and not line.startswith("--") for line in statement.splitlines()):
            result = connection.exec_driver_sql(statement)
            rows = list(result.mappings()) if result.returns_rows else []
    return rows


def _by_hand(rows: list[Any]) -> Iterator[tuple[Key, tuple[float | None, int]]]:
    for row in rows:
        dimension = "department" if row["department"] is not None else "district" if row["area"] is not None else ""
        member = row["department"] or row["area"] or ""
        for name in METRICS:
            value, number = row[f"v_{name}"], row[f"n_{name}"]
            found = None if value is None else float(value), int(number or 0)
            yield (name, row["grain"], row["start"], dimension, member), found
            if row["grain"] == "quarter":  # from July on, so that its quarters are those of the calendar
                yield (name, "fiscal_quarter", row["start"], dimension, member), found


def _ours(made: Mapping[str, list[Reading]]) -> Iterator[tuple[Key, tuple[float | None, int]]]:
    for name, readings in made.items():
        for item in readings:
            dimension, member = next(iter(item.slice.items()), ("", ""))
            yield (name, item.grain, item.start, dimension, member), (item.value, item.n or 0)


def compare(hand: Numbers, ours: Numbers) -> int:
    """Return how many readings agree: counts exactly, values to nine digits.

    Raises:
        ValueError: one is missing, one too many, or one is another number.
    """
    if hand.keys() != ours.keys():
        strange = sorted(hand.keys() ^ ours.keys(), key=str)
        raise ValueError(f"{len(strange)} readings are on one side only, as {strange[0]}")
    for key, (value, number) in hand.items():
        mine, counted = ours[key]
        same = mine == value if mine is None or value is None else math.isclose(mine, value, rel_tol=1e-9)
        if not same or counted != number:
            raise ValueError(f"{key}: {value} of {number} rows by hand, {mine} of {counted} by civicstat")
    return len(hand)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def main(counts: list[int]) -> None:
    """Print the measures of each number of records."""
    for count in counts:
        print(f"\n{table(fused_measures(count))}", flush=True)


if __name__ == "__main__":
    main([int(item.replace("_", "")) for item in sys.argv[1:]] or [100_000, 1_000_000, 5_000_000])
