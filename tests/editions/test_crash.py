"""A build killed at any instant leaves the old edition served, and the next build able to finish.

``CIVICSTAT_KILLS`` says how often (`make kills` asks for a hundred); without it, every phase is hit at least once. With
``-s`` every instant is printed.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

import civicstat
from civicstat.editions import Folder, Store, build_edition, prune_editions
from civicstat.spec import load_project

MORE = 5  # than there are phases
SEED = 20260401
FIRST = date(2026, 4, 1)
CHILD = Path(__file__).parent / "watched" / "build.py"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(civicstat.__file__).parents[1])}
Write = Callable[..., Path]


@dataclass(frozen=True)
class Step:
    """One step of a build: the nth of its phase, and how long after it the next one came."""

    phase: str
    nth: int
    what: str
    seconds: float


class City:
    """A city whose records change before every build: a further file, or another first one."""

    def __init__(self, root: Path) -> None:
        self.root, self.day = root, FIRST
        self.rows: dict[int, int] = {}
        self.counts: dict[date, int] = {}
        self.write(0, 40)

    def write(self, file: int, count: int) -> None:
        """Write one of the files of records, and remember how many there are for the day."""
        self.rows[file] = count
        lines = [f"{file}-{number},2026-0{1 + number % 3}-{1 + number % 28:02},North,1,A" for number in range(count)]
        path = self.root / f"data/visits-{file:03}.csv"
        path.write_text("\n".join(["Id,Came,Clinic,Kind,Patient", *lines]), encoding="utf-8")
        self.counts[self.day] = sum(self.rows.values())

    def next(self, number: int) -> None:
        """Go on by a day; every third time the first file is another, so that all is loaded again."""
        self.day += timedelta(days=1)
        if number % 3:
            self.write(max(self.rows) + 1, 2 + number % 5)
        else:
            self.write(0, 40 + number)

    def served(self, store: Store) -> date:
        """Return the day of the edition that is served, having looked at all of it."""
        edition = store.current()
        for metric in edition.catalogue.metrics:
            total = edition.reading(metric, "all")
            parts = edition.readings(metric, period="all", dimension="clinic")
            assert total is not None
            assert total.n == total.value == sum(part.n or 0 for part in parts) == self.counts[edition.as_of]
            if edition.opens(metric):
                assert edition.rows(metric, "all", limit=1).total == total.n
        return edition.as_of


@pytest.fixture
def city(tmp_path: Path, tinytown: Write) -> City:
    """The city with its first edition: rows that residents may see too."""
    root = tinytown(dataset_records="    records: {columns: [id, clinic], public: [id]}\n")
    declared = root / "metrics/datasets/visits.yaml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace("data/visits.csv", "data/visits-*.csv, take: all"), encoding="utf-8")
    (root / "data/visits.csv").unlink()
    city = City(root)
    build_edition(load_project(root), as_of=FIRST)
    return city


def run(city: City, stop: Step | None, delay: float = 0.0) -> tuple[bool, list[Step]]:
    """Build the city's day, killed ``delay`` seconds after a step; return whether it was, and its steps."""
    reading, writing = os.pipe()
    words = [sys.executable, str(CHILD), str(city.root), city.day.isoformat(), str(writing)]
    at = [stop.phase, str(stop.nth)] if stop and not delay else []
    child = subprocess.Popen([*words, *at], env=ENVIRONMENT, pass_fds=[writing], stdout=subprocess.DEVNULL)
    os.close(writing)
    steps: list[Step] = []
    killed = False
    with os.fdopen(reading, encoding="utf-8") as pipe:
        before = time.monotonic()
        for line in pipe:
            phase, nth, what = line.rstrip("\n").split("\t")
            now = time.monotonic()
            if steps:
                steps[-1] = Step(steps[-1].phase, steps[-1].nth, steps[-1].what, now - before)
            before = now
            steps.append(Step(phase, int(nth), what, 0.0))
            if stop and (stop.phase, stop.nth) == (phase, int(nth)):
                time.sleep(delay)
                child.kill()
                killed = True
                break
    assert child.wait() in ((-9, 0) if killed else (0,))
    return killed and child.returncode == -9, steps


def instants(steps: list[Step], rng: random.Random) -> Iterator[tuple[Step, float]]:
    """Yield instants for ever: each phase in turn, exactly at one of its steps, then somewhere between two of them."""
    phases = list(dict.fromkeys(step.phase for step in steps))
    while True:
        for exact in (True, False):
            for phase in rng.sample(phases, len(phases)):
                step = rng.choice([step for step in steps if step.phase == phase])
                yield step, 0.0 if exact else rng.uniform(0, max(step.seconds, 0.002))


def orphans(root: Path) -> list[str]:
    """Return what is left of a build that did not finish, and records that no edition refers to."""
    left = [path.name for pattern in (".building*", "*.wal", "*.tmp") for path in (root / "data").rglob(pattern)]
    return left + [name for name, _ in prune_editions(Folder(root), keep=1_000_000, dry_run=True).files]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_build_killed_at_any_instant_leaves_a_whole_edition_served_and_the_next_build_finishes(city: City) -> None:
    folder, following = Folder(city.root), [Store(city.root, office) for office in (False, True)]
    rng = random.Random(SEED)
    city.next(1)
    _, steps = run(city, None)
    phases = Counter(step.phase for step in steps)
    assert {phase.partition("/")[0] for phase in phases} >= {"load_segments", "_build", "_publish", "point"}
    kills = int(os.environ.get("CIVICSTAT_KILLS") or len(phases) + MORE)
    hit: Counter[str] = Counter()
    moved_on = 0

    for number, (step, delay) in enumerate(instants(steps, rng)):
        if hit.total() >= kills or number > 3 * kills:
            break
        before = city.day
        city.next(number)
        killed, _ = run(city, step, delay)
        served = {city.served(Store(city.root, office)) for office in (False, True)}
        served |= {city.served(store) for store in following}
        if killed:
            hit[step.phase] += 1
            moved_on += served == {city.day}
            print(f"{hit.total():4} {step.phase:50} {step.nth:4} {step.what:40} +{delay * 1000:.0f} ms, {max(served)}")
        assert served in ({before}, {city.day})
        build_edition(load_project(city.root), as_of=city.day)
        assert city.served(Store(city.root)) == city.day
        assert orphans(city.root) == []
        for edition_id in folder.ids()[:-2]:
            shutil.rmtree(folder.editions / edition_id)
        prune_editions(folder, keep=2)

    said = f"{hit.total()} kills in {len(hit)} of {len(phases)} phases"
    print(f"{said}; after {moved_on} of them the new edition was served")
    assert hit.total() == kills
    assert kills < len(phases) or set(hit) == set(phases)
