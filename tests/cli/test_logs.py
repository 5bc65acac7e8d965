from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from civicstat.cli.logs import RequestLog, start_log


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    root, own = logging.getLogger(), logging.getLogger("civicstat")
    handlers, levels = list(root.handlers), (root.level, own.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    own.setLevel(levels[1])


def lines(style: str, monkeypatch: pytest.MonkeyPatch, path: str = "/m/on_time?q=my+name") -> list[str]:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    start_log(style)
    Client(RequestLog(Response("twelve bytes"))).get(path, buffered=True)
    return stream.getvalue().splitlines()


def test_a_request_is_one_line_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    [line] = lines("text", monkeypatch)

    when, _, said = line.partition(" ")
    assert when.endswith("Z")
    assert said.startswith("info GET /m/on_time 200 12 bytes ")


def test_a_request_is_one_object_for_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    [line] = lines("json", monkeypatch)

    event = json.loads(line)
    assert {name: event[name] for name in ("level", "logger", "method", "path", "status", "bytes")} == {
        "level": "info",
        "logger": "civicstat.requests",
        "method": "GET",
        "path": "/m/on_time",
        "status": 200,
        "bytes": 12,
    }
    assert event["ms"] >= 0


@pytest.mark.parametrize("style", ["text", "json"])
def test_nothing_that_a_visitor_typed_is_kept_and_no_address_of_theirs(
    style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [line] = lines(style, monkeypatch)

    assert "my" not in line
    assert "127.0.0.1" not in line


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_path_cannot_forge_a_line(style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    [line] = lines(style, monkeypatch, "/m/x%0D%0A2026-01-01T00:00:00Z%20error%20forged")

    assert "/m/x%0D%0A2026" in line


def test_a_fault_keeps_its_trace_in_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    start_log("json")
    try:
        raise ValueError("a fault")
    except ValueError:
        logging.getLogger("civicstat").exception("metric_page could not be answered")

    event = json.loads(stream.getvalue())

    assert (event["level"], event["message"]) == ("error", "metric_page could not be answered")
    assert "ValueError: a fault" in event["trace"]
