"""Time of a whole build, and of the build after one more day: `python bench/build.py [RECORDS …]`."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from city import AS_OF, OF_A_DAY, files, write_csv
from measure import Measure, table

from civicstat.editions import build_edition
from civicstat.spec import load_project

LAST = date.fromisoformat(AS_OF)
SHARE = 0.1
"""What a day may take of a whole build."""


def build_measures(count: int) -> list[Measure]:
    """Return what a build of ``count`` records takes, and what the next day's records add."""
    with tempfile.TemporaryDirectory() as name:
        city = Path(name)
        for path, text in files("max(opened)").items():
            (city / path).parent.mkdir(parents=True, exist_ok=True)
            (city / path).write_text(text, encoding="utf-8")
        write_csv(city / "records" / "1.csv", count)
        whole, first = _built(city, LAST + timedelta(days=1))
        day = LAST + timedelta(days=1)
        write_csv(city / "records" / "2.csv", max(1, count // 1826), first=count, day=day.isoformat())
        more, second = _built(city, day + timedelta(days=1))
    computed, reused = (sum(item[key] for item in second["cells"].values()) for key in ("recomputed", "reused"))
    size = f"{count:,} records"
    return [
        Measure(f"a whole build, {size}", whole, "s"),
        *(Measure(f"of it {name}, {size}", seconds, "s") for name, seconds in first["seconds"].items()),
        Measure(f"a day more, {size}", more, "s"),
        *(Measure(f"of it {name}, {size}", seconds, "s") for name, seconds in second["seconds"].items()),
        Measure(f"a day more, share of a whole build, {size}", more / whole, "", SHARE if count >= OF_A_DAY else None),
        Measure(f"periods computed for a day more, {size}", computed, ""),
        Measure(f"periods as before, {size}", reused, ""),
    ]


def _built(city: Path, as_of: date) -> tuple[float, dict[str, Any]]:
    started = time.perf_counter()
    manifest = build_edition(load_project(city), as_of=as_of)
    return time.perf_counter() - started, manifest


if __name__ == "__main__":
    for asked in [int(item) for item in sys.argv[1:]] or [1_000_000, 5_000_000]:
        print(f"\n{table(build_measures(asked))}", flush=True)
