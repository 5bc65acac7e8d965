"""Measure what a city feels, on the demonstration city: checking, building, a page, a worker's memory."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Measure(NamedTuple):
    """A figure with its unit and, where docs/architecture.md promises one, its bound."""

    name: str
    figure: float
    unit: str
    budget: str


def main() -> int:
    """Print a line for each measure, and return 1 where memory or bytes are over their bound."""
    with tempfile.TemporaryDirectory() as name:
        city = Path(name)
        for folder in ("metrics", "assets"):
            shutil.copytree(ROOT / folder, city / folder)
        measures = [
            timed(city, "records written, first build", ("demo", "--no-serve"), ""),
            timed(city, "build, nothing new", ("demo", "--no-serve"), ""),
            timed(city, "check, with Python's own start", ("check",), "200 metrics: 1 s"),
            *worker(city),
        ]
    for one in measures:
        print(f"{one.name:<34} {one.figure:>8.1f} {one.unit:<5} {one.budget}")
    firm = {"a worker's memory": 200, "a department page, compressed": 60}
    return int(any(one.figure > firm.get(one.name, one.figure) for one in measures))


def timed(city: Path, name: str, words: Sequence[str], budget: str) -> Measure:
    """Run a command on ``city`` and return its wall clock time."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "civicstat.cli", "--project", str(city), *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Measure(name, time.perf_counter() - started, "s", budget)


def worker(city: Path) -> list[Measure]:
    """Return what a fresh web worker takes for department pages, asked for directly, without a network."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("worker.py")), str(city)],
        check=True,
        capture_output=True,
        text=True,
    )
    return [Measure(*one) for one in json.loads(done.stdout)]


if __name__ == "__main__":
    raise SystemExit(main())
