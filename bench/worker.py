"""One web worker, measured from inside: what a department page costs first, then from the cache, and its memory."""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from pathlib import Path

from civicstat.pages import create_app

HITS = 500
BROTLI = {"Accept-Encoding": "br"}


def main(project: Path) -> list[tuple[str, float, str, str]]:
    """Return name, figure, unit and budget of each measure."""
    client = create_app(project).server.test_client()
    city = client.get("/").get_data(as_text=True)
    departments = sorted(set(re.findall(r'href="(/d/[\w-]+)"', city)))
    spent = []
    for address in departments:
        started = time.process_time()
        client.get(address, headers=BROTLI)
        spent.append(time.process_time() - started)
    size = max(len(client.get(address, headers=BROTLI).data) for address in departments)
    started = time.perf_counter()
    for _ in range(HITS):
        client.get(departments[0], headers=BROTLI)
    rate = HITS / (time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return [
        ("a department page, the first time", max(spent) * 1000, "ms", "60 ms of processor"),
        ("a department page, from the cache", rate, "/s", "300/s with the client on the same cores"),
        ("a department page, compressed", size / 1024, "KB", "60 KB before the numbers"),
        ("a worker's memory", peak, "MB", "200 MB"),
    ]


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
