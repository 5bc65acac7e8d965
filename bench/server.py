"""What a city's server gives: pages from the cache beside a constant answer, pages made anew, a worker's memory."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from measure import Measure

ROOT = Path(__file__).resolve().parent.parent
_CLIENTS = 4
_SECONDS = 3.0
_ROUNDS = 3


@contextlib.contextmanager
def served(city: Path, *, workers: int = 2) -> Iterator[str]:
    """Serve the city on this computer as people do, and stop it at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "civicstat.cli", "--project", str(city), "serve", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "stat")}
    with subprocess.Popen(
        [*command, "--workers", str(workers)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as serving:
        try:
            for _ in range(300):
                try:
                    _ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/healthz")
                    break
                except OSError:
                    time.sleep(0.1)
            yield f"127.0.0.1:{port}"
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(timeout=60)


def server_measures(city: Path, address: str, size: str) -> list[Measure]:
    """Return how many pages of ``address`` a second are answered, and what one costs, in a city of ``size``."""
    with served(city) as host:
        for _ in range(20):
            _ask(http.client.HTTPConnection(host, timeout=30), address)
        pairs = [(_rate(host, address), _rate(host, "/healthz")) for _ in range(_ROUNDS)]
    rate, ratio = statistics.median(a for a, _ in pairs), statistics.median(a / b for a, b in pairs)
    anew, memory, size_kb = _worker(city)
    return [
        Measure(f"department pages from the cache, {size}", rate, "/s", 300, least=True),
        Measure(f"… as a part of constant answers in the same run, {size}", ratio, "times"),
        Measure(f"a department page made anew, processor, {size}", anew, "ms", 60),
        Measure(f"a department page with brotli, {size}", size_kb, "KB", 60, firm=True),
        Measure(f"memory of a worker that drew every page, {size}", memory, "MB", 200, firm=True),
    ]


def _rate(host: str, address: str) -> float:
    """Return answers a second, from some clients on the same cores, for a bounded time."""
    until = time.perf_counter() + _SECONDS
    counts = [0] * _CLIENTS

    def client(place: int) -> None:
        connection = http.client.HTTPConnection(host, timeout=30)
        while time.perf_counter() < until:
            _ask(connection, address)
            counts[place] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(place,)) for place in range(_CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


def _ask(connection: http.client.HTTPConnection, address: str) -> None:
    connection.request("GET", address, headers={"Accept-Encoding": "br"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise OSError(f"{address} answered {answer.status}")


def _worker(city: Path) -> Sequence[float]:
    command = [sys.executable, str(Path(__file__).with_name("worker.py")), str(city)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "stat")}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    figures: list[float] = json.loads(done.stdout)
    return figures
