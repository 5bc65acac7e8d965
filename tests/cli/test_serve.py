from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

import pytest

import civicstat
from civicstat.demo import AS_OF

Said = Callable[..., tuple[int, str, str]]

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(civicstat.__file__).parents[1])}


@contextmanager
def running(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server that does not outlive its test."""
    command = [sys.executable, *words]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as serving:
        try:
            yield serving
        finally:
            serving.kill()


def get(address: str) -> tuple[int, str]:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError:
            raise
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_the_pages_are_served_until_the_server_is_stopped(built: Path, port: int) -> None:
    with running("-m", "civicstat.cli", "--project", str(built), "serve", "--port", str(port)) as serving:
        health, _ = get(f"http://127.0.0.1:{port}/healthz")
        page, html = get(f"http://127.0.0.1:{port}/")
        with pytest.raises(HTTPError) as refused:
            get(f"http://127.0.0.1:{port}/?q={'a' * 6000}")
        said = refused.value.read().decode()
        serving.send_signal(signal.SIGINT)
        out, err = serving.communicate(timeout=60)

    assert (health, page, serving.returncode) == (200, 200, 0)
    assert "Smallville" in html
    assert (refused.value.code, "<h1>" in said) == (414, True)  # the pages' own words, not the server's
    assert out.decode() == f"http://127.0.0.1:{port}/\n"
    assert b"Traceback" not in err


SLOWLY = """
import sys, time
from civicstat.cli import serving
from werkzeug.wrappers import Response

def slow(environ, start_response):
    print("asked", flush=True)
    time.sleep(2)
    return Response("whole")(environ, start_response)

sys.exit(getattr(serving, sys.argv[1])(lambda: slow, "127.0.0.1", int(sys.argv[2]), 1))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("server", ["serve_gunicorn", "serve_waitress"])
def test_an_answer_under_way_is_finished_before_the_server_stops(server: str, port: int) -> None:
    with running("-c", SLOWLY, server, str(port)) as serving:
        assert serving.stdout is not None
        with ThreadPoolExecutor() as pool:
            answer = pool.submit(get, f"http://127.0.0.1:{port}/")
            assert serving.stdout.readline() == b"asked\n"
            serving.send_signal(signal.SIGTERM)
            status, text = answer.result(timeout=60)
        code = serving.wait(timeout=60)

    assert (status, text, code) == (200, "whole", 0)


STOPPED_AT_ONCE = """
import select, signal, sys
from types import SimpleNamespace
from civicstat.cli.serving import serve_waitress
from waitress import wasyncore

def stop_first(*listeners):
    wasyncore.select = select
    signal.raise_signal(signal.SIGTERM)
    return select.select(*listeners)

wasyncore.select = SimpleNamespace(select=stop_first)
sys.exit(serve_waitress(lambda: print, "127.0.0.1", 0, 1))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_a_server_asked_to_stop_in_the_instant_before_it_waits_for_visitors_stops_as_if_it_had_waited() -> None:
    stopped = subprocess.run([sys.executable, "-c", STOPPED_AT_ONCE], env=ENVIRONMENT, capture_output=True, check=False)

    assert (stopped.stderr, stopped.returncode) == (b"", 0)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_several_workers_write_one_log_of_objects(built: Path, port: int) -> None:
    command = ["-m", "civicstat.cli", "--project", str(built), "serve", "--port", str(port)]
    with running(*command, "--workers", "2", "--log", "json") as serving:
        for path in ("healthz", "", "no-such-page"):
            try:
                get(f"http://127.0.0.1:{port}/{path}")
            except HTTPError as error:
                error.close()
        serving.send_signal(signal.SIGTERM)
        _, err = serving.communicate(timeout=60)

    events = [json.loads(line) for line in err.decode().splitlines()]
    assert serving.returncode == 0
    assert {(event["path"], event["status"]) for event in events if "path" in event} == {
        ("/healthz", 200),
        ("/", 200),
        ("/no-such-page", 404),
    }
    assert sum("path" in event for event in events) == 3


def test_a_port_in_use_is_said_before_anything_starts(said: Said, built: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code, out, err = said(built, "serve", "--port", str(port))

    assert (code, out) == (2, "")
    assert err == (f"cannot-open: 127.0.0.1:{port}\n  = found:    Address already in use\n\n1 problem\n")


def test_the_demonstration_is_not_written_into_a_city_of_ones_own(said: Said, smallville: Path) -> None:
    code, out, err = said(smallville, "demo", "--no-serve")

    assert (code, out) == (1, "")
    assert err.startswith(f"not-the-demo: {smallville / 'metrics'}\n")
    assert not (smallville / "data" / "demo").exists()


@pytest.mark.slow
def test_the_demonstration_city_is_written_and_built(said: Said, demo_project: Path) -> None:
    told = (demo_project / "said.txt").read_text("utf-8").splitlines()

    assert told[0] == "writing the demonstration city's records"
    assert told[-1].startswith(f"edition {AS_OF.isoformat()}-")
    assert said(demo_project, "value", "open_cases")[0] == 0
