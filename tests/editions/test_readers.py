"""Eight processes that read while twenty editions are published: no error, no mixture, nothing stale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import civicstat
from civicstat.editions import Folder, build_edition
from civicstat.spec import load_project

READERS = 8
BUILDS = 20
STALE = 5.0  # seconds after which nobody may be shown what was
FIRST = date(2026, 4, 1)
CHILD = Path(__file__).parent / "watched" / "read.py"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(civicstat.__file__).parents[1])}

Write = Callable[..., Path]


@pytest.mark.slow
def test_readers_in_many_processes_see_whole_editions_and_the_new_one_within_seconds(
    tinytown: Write, tmp_path: Path
) -> None:
    def publish(number: int) -> tuple[str, int, float]:
        size = 30 + number
        lines = [f"{row},2026-0{1 + row % 3}-{1 + row % 28:02},{'N' if row % 4 else 'S'},1,A" for row in range(size)]
        root = tinytown(
            visits="\n".join(["Id,Came,Clinic,Kind,Patient", *lines]), dataset_records="    records: {public: [id]}\n"
        )
        edition = build_edition(load_project(root), as_of=FIRST + timedelta(days=number))["id"]
        return edition, size, time.monotonic()

    published = [publish(0)]
    root = tmp_path / "tinytown"
    logs = [tmp_path / f"reader-{number}.log" for number in range(READERS)]
    readers = [
        subprocess.Popen([sys.executable, str(CHILD), str(root), str(log)], env=ENVIRONMENT, stdin=subprocess.PIPE)
        for log in logs
    ]
    try:
        until(lambda: all(log.exists() and log.stat().st_size for log in logs))
        published += [publish(number) for number in range(1, BUILDS + 1)]
        last = published[-1][0]
        until(lambda: all(last in log.read_text(encoding="utf-8") for log in logs))
    finally:
        for reader in readers:
            assert reader.stdin is not None
            reader.stdin.close()
        codes = [reader.wait() for reader in readers]

    answers = [json.loads(line) for log in logs for line in log.read_text(encoding="utf-8").splitlines()]
    sizes = {edition: size for edition, size, _ in published}
    print(f"{len(answers)} answers of {READERS} readers during {BUILDS} builds")
    assert codes == [0] * READERS
    assert [answer for answer in answers if "error" in answer] == []
    assert [answer for answer in answers if answer["numbers"] != [sizes[answer["edition"]]] * 4] == []
    assert [answer for answer in answers if stale(answer, published)] == []
    assert Folder(root).current() == last


def stale(answer: dict[str, Any], published: list[tuple[str, int, float]]) -> bool:
    """Return whether an answer is of an edition after which another had been published for too long."""
    place = next(place for place, (edition, _, _) in enumerate(published) if edition == answer["edition"])
    return any(at + STALE < answer["asked"] for _, _, at in published[place + 1 :])


def until(done: Callable[[], bool]) -> None:
    """Wait for something that is sure to come."""
    for _ in range(3000):
        if done():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come in five minutes")
