"""Measure every budget of docs/architecture.md and say which are kept: ``python bench/run.py [--write] [RECORDS…]``."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from build import build_measures
from city import files, write_csv
from declarations import check_measures
from fused import fused_measures
from load import load_measures
from measure import Measure, table
from server import served, server_measures
from visitor import visitor_measures

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
SIZES = (100_000, 1_000_000)
_MARK = "<!-- measured -->"
_CITY = Path(tempfile.gettempdir()) / "civicstat-bench"


def main(words: Sequence[str]) -> int:
    """Print the tables, write them into the page where asked, and return 1 where a miss is not excused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", metavar="RECORDS", type=int, nargs="*", help="how large the made-up cities are")
    parser.add_argument("--write", action="store_true", help=f"write the tables into {PAGE.relative_to(ROOT)}")
    asked = parser.parse_args(words)
    found, text = [], []
    for title, measures in _parts(asked.sizes or SIZES):
        print(f"\n{title}\n\n{table(measures)}", flush=True)
        found += measures
        text.append(f"### {title}\n\n{table(measures)}\n")
        if asked.write:  # after each part: what was measured is kept if the rest is cut off
            head, _, _ = PAGE.read_text("utf-8").partition(_MARK)
            PAGE.write_text(f"{head}{_MARK}\n\n{_machine()}\n\n" + "\n".join(text), "utf-8")
    return int(any(item.fails for item in found))


def _parts(sizes: Sequence[int]) -> Iterator[tuple[str, list[Measure]]]:
    yield "Declarations", check_measures()
    demo = _city("demo", lambda city: _run(city, "demo", "--no-serve"))
    with served(demo) as host:
        address = f"http://{host}"
        yield "A visitor, demonstration city", visitor_measures(address, "/d/code_enforcement", "/m/open_cases")
    yield "A server, demonstration city", server_measures(demo, "/d/code_enforcement", "demonstration city")
    for size in sizes:
        yield from _of_size(size)


def _of_size(size: int) -> Iterator[tuple[str, list[Measure]]]:
    shown = f"{size:,} records"
    yield f"A load, {shown}", load_measures(size, 3 if size <= 1_000_000 else 1)
    yield f"A build's numbers, {shown}", fused_measures(size)
    yield f"A build, {shown}", build_measures(size)

    def build(city: Path) -> None:
        for path, text in files().items():
            (city / path).parent.mkdir(parents=True, exist_ok=True)
            (city / path).write_text(text, encoding="utf-8")
        write_csv(city / "records" / "1.csv", size)
        _run(city, "build", "--as-of", "2026-01-01")

    city = _city(str(size), build)
    yield f"A server, {shown}", server_measures(city, "/d/works", shown)


def _city(name: str, make: Callable[[Path], None]) -> Path:
    """Return a city made anew in a folder of its own."""
    city = _CITY / name
    shutil.rmtree(city, ignore_errors=True)
    city.mkdir(parents=True)
    for folder in ("metrics", "assets") if name == "demo" else ("assets",):
        shutil.copytree(ROOT / folder, city / folder)
    make(city)
    return city


def _run(city: Path, *words: str) -> None:
    command = [sys.executable, "-m", "civicstat.cli", "--project", str(city), *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "stat")}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _machine() -> str:
    """Say when and on what this was measured."""
    load = f", {os.getloadavg()[1]:.1f} processes waiting on average" if hasattr(os, "getloadavg") else ""
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y}: {os.cpu_count()} cores of {platform.machine()}, shared{load}; "
        f"Python {platform.python_version()}, DuckDB {version('duckdb')}, Dash {version('dash')}."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
