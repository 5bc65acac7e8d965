"""Time of a whole build, and of builds after one more day: `python bench/build.py [RECORDS …]`."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from city import AS_OF, OF_A_DAY, files, write_csv
from measure import Measure, table

from civicstat.editions import build_edition
from civicstat.spec import load_project

LAST = date.fromisoformat(AS_OF)
SHARE = 0.1
"""What a day may take of a whole build."""


def build_measures(count: int) -> list[Measure]:
    """Return what a build of ``count`` records takes, and what each of the next two days' records add.

    The first of them begins a year: the month, the quarter and the year before it are complete now, and every number of
    all time moves. The second is a day as most are.
    """
    with tempfile.TemporaryDirectory() as name:
        city = Path(name)
        for path, text in files("max(opened)").items():
            (city / path).parent.mkdir(parents=True, exist_ok=True)
            (city / path).write_text(text, encoding="utf-8")
        write_csv(city / "records" / "1.csv", count)
        whole = _built(city, LAST + timedelta(days=1))
        days, each = {}, max(1, count // 1826)
        for number, what in enumerate(("the first day of a year more", "a day more")):
            day = LAST + timedelta(days=1 + number)
            write_csv(city / "records" / f"{2 + number}.csv", each, first=count + number * each, day=day.isoformat())
            days[what] = _built(city, day + timedelta(days=1))
    size = f"{count:,} records"
    found = [*_seconds("a whole build", whole, size)]
    for what, built in days.items():
        share, limit = f"{what}, share of a whole build", SHARE if count >= OF_A_DAY else None
        computed, reused = (
            sum(item[key] for item in built.manifest["cells"].values()) for key in ("recomputed", "reused")
        )
        found += [
            *_seconds(what, built, size),
            Measure(f"{share}, {size}", built.wall / whole.wall, "", limit),
            Measure(f"the same in processor time, {size}", built.processor / whole.processor, ""),
            Measure(f"periods computed for {what}, {size}", computed, ""),
            Measure(f"periods as before, {size}", reused, ""),
        ]
    return found


class _Built(NamedTuple):
    """The seconds that a build took, by the clock and of the processors, and its manifest."""

    wall: float
    processor: float
    manifest: dict[str, Any]


def _seconds(what: str, built: _Built, size: str) -> Iterator[Measure]:
    yield Measure(f"{what}, {size}", built.wall, "s")
    for name, seconds in built.manifest["seconds"].items():
        yield Measure(f"of it {name}, {size}", seconds, "s")


def _built(city: Path, as_of: date) -> _Built:
    started, used = time.perf_counter(), time.process_time()
    manifest = build_edition(load_project(city), as_of=as_of)
    return _Built(time.perf_counter() - started, time.process_time() - used, manifest)


if __name__ == "__main__":
    for asked in [int(item) for item in sys.argv[1:]] or [1_000_000, 5_000_000]:
        print(f"\n{table(build_measures(asked))}", flush=True)
