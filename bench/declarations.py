"""How long `civicstat check` takes on a city of many metrics, Python's own start included."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from city import files
from measure import Measure, median_of

ROOT = Path(__file__).resolve().parent.parent
_METRICS = 200


def check_measures() -> list[Measure]:
    """Return the median time of checking a city of 200 metrics with dimensions and goals."""
    with tempfile.TemporaryDirectory() as name:
        city = Path(name)
        for path, text in _many().items():
            (city / path).parent.mkdir(parents=True, exist_ok=True)
            (city / path).write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "civicstat.cli", "--project", name, "check"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "stat")}

        def check() -> None:
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)

        return [Measure(f"`civicstat check` on {_METRICS} metrics", median_of(check, 5), "s", 1)]


def _many() -> dict[str, str]:
    """Return the made-up city's declarations with its metrics repeated under other names."""
    texts = files()
    path = "metrics/datasets/requests.yaml"
    head, _, body = texts[path].partition("metrics:\n")
    lines = [line for line in body.splitlines() if line.strip()]
    head = "\n".join(line for line in head.splitlines() if not line.startswith("  works:"))
    names, made = [], []
    for number in range(_METRICS):
        name, _, rest = lines[number % len(lines)].strip().partition(":")
        names.append(f"{name}_{number}")
        shares = ("type: ratio" in rest or "type: within" in rest) and "per: 1" not in rest
        target = "80%" if shares else "80"
        body = rest[:-1].replace("better: neither", "better: higher")
        made.append(f"  {names[-1]}:{body}, goal: {{target: {target}}}}}")
    works = f"  works: {{title: Works, metrics: [{', '.join(names)}]}}"
    return {**texts, path: "\n".join([head, works, "metrics:", *made, ""])}
