from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import civicstat
from civicstat.editions import Folder, Store

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]

KILLS = 8
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(civicstat.__file__).parents[1])}


def start(root: Path, as_of: date) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "civicstat.cli", "--project", str(root), "build", "--as-of", as_of.isoformat()]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_build_killed_at_any_moment_leaves_a_whole_edition_served_and_the_next_build_finishes(
    tinytown: Write, build: Build
) -> None:
    root, first = tinytown(), date(2026, 4, 1)
    build(root, as_of=first)
    began = time.monotonic()
    whole = start(root, first + timedelta(days=1))
    assert whole.wait() == 0
    length = time.monotonic() - began
    rng = random.Random(20260401)
    served = []

    for number in range(KILLS):
        tinytown(visits=f"Id,Came,Clinic,Kind,Patient\n{number},2026-01-01,North,1,A\n")
        building = start(root, first + timedelta(days=2 + number))
        time.sleep(length * rng.uniform(0.3, 1.0))
        building.send_signal(signal.SIGKILL)
        building.wait()
        edition = Store(root).current()
        reading = edition.reading("visits", "all")
        assert reading is not None
        served.append((edition.id in Folder(root).ids(), reading.n in (1, 30), reading.n == reading.value))
    manifest = build(root, as_of=first + timedelta(days=99))

    assert served == [(True, True, True)] * KILLS
    assert Store(root).current().id == manifest["id"]
    assert list((root / "data").rglob(".building*")) == []
