"""One web worker, measured from inside: the processor's time for a page made anew, its memory, a page's bytes."""

from __future__ import annotations

import json
import re
import resource
import statistics
import sys
import time
from pathlib import Path

from civicstat.pages import create_app

BROTLI = {"Accept-Encoding": "br"}
MOST = 400


def main(project: Path) -> tuple[float, float, float]:
    """Return milliseconds of a department page made anew (median), megabytes of the worker, kilobytes of the page."""
    client = create_app(project).server.test_client()
    city = client.get("/").get_data(as_text=True)
    departments = sorted(set(re.findall(r'href="(/d/[\w-]+)"', city)))
    spent = []
    for address in departments:
        for period in range(12):  # each address once, so that none is in the cache
            started = time.process_time()
            client.get(f"{address}?period=2025-{period + 1:02}", headers=BROTLI)
            spent.append((time.process_time() - started) * 1000)
    waiting, seen = ["/", *departments], set[str]()
    size = 0.0
    while waiting and len(seen) < MOST:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        waiting += re.findall(r'href="(/(?:d|m|data|goals|archive)[^"#]*)"', answer.get_data(as_text=True))
        answer.close()
    size = max(len(client.get(address, headers=BROTLI).data) for address in departments)
    return statistics.median(spent), _peak(), size / 1024


def _peak() -> float:
    """Return the most megabytes this process held; the usual answer counts those of its parent too."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.findall(r"VmHWM:\s+(\d+)", status.read_text("utf-8"))[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
