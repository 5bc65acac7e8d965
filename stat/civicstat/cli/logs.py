"""What a server writes to standard error: one line an event, for people or for programs."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["FORMATS", "RequestLog", "start_log"]

FORMATS = ("text", "json")

_LONGEST_PATH = 200
_FACTS = ("method", "path", "status", "ms", "bytes")

log = logging.getLogger("civicstat.requests")


def start_log(style: str) -> None:
    """Send every event to standard error, as ``text`` or as ``json``."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if style == "json" else _Text())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("civicstat").setLevel(logging.INFO)


class RequestLog:
    """A WSGI layer that notes each answer: no addresses of visitors, nothing they typed after the path."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, and note it when the last byte has been handed over."""
        began = time.perf_counter()
        facts: dict[str, Any] = {"status": 0, "bytes": 0}

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            facts["status"] = int(status.partition(" ")[0])
            facts["bytes"] = int(dict(headers).get("Content-Length", 0))
            return start_response(status, headers, exc_info)

        def done() -> None:
            path = quote(environ.get("PATH_INFO", "").encode("latin-1", "replace"), safe="/-._~")
            note = {
                "method": environ.get("REQUEST_METHOD", "")[:10],
                "path": path[:_LONGEST_PATH],
                **facts,
                "ms": round(1000 * (time.perf_counter() - began), 1),
            }
            log.info("%(method)s %(path)s %(status)s %(bytes)s bytes %(ms)s ms", note, extra={"facts": note})

        return ClosingIterator(self._application(environ, start), [done])


class _Text(logging.Formatter):
    """``2026-11-22T15:30:00Z info GET /m/on_time 200 14210 bytes 3.1 ms``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with the trace below it where there is one."""
        line = f"{_when(record)[:19]}Z {record.levelname.lower()} {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _Json(logging.Formatter):
    """One object a line: ``time``, ``level``, ``logger``, ``message``, and what is known of a request or a fault."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object as one line."""
        event: dict[str, Any] = {
            "time": f"{_when(record)}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        facts = getattr(record, "facts", {})
        event |= {name: facts[name] for name in _FACTS if name in facts}
        if record.exc_info:
            event["trace"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)


def _when(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
