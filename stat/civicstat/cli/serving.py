"""The two servers: gunicorn where there is one, waitress on Windows; both finish what they are answering."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["GRACE", "serve_gunicorn", "serve_waitress"]

GRACE = 30
"""Seconds that answers under way are given when the server is asked to stop."""

_THREADS = 4
_POLL = 0.5  # seconds
_BEATS = Path("/dev/shm")  # for the workers' heartbeats, which a slow disk would stop

Application = Callable[[], "WSGIApplication"]


def serve_gunicorn(application: Application, host: str, port: int, workers: int) -> int:
    """Serve from ``workers`` processes until asked to stop; each makes its own application."""
    from gunicorn.app.base import BaseApplication
    from gunicorn.glogging import Logger

    class OneLog(Logger):
        """Gunicorn's own words, in the one log of the server."""

        def setup(self, cfg: Any) -> None:
            self.error_log.handlers.clear()
            self.error_log.propagate = True
            self.error_log.setLevel(logging.WARNING)

    class Server(BaseApplication):
        def load_config(self) -> None:
            options = {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": workers,
                "threads": _THREADS,
                "worker_class": "gthread",
                "graceful_timeout": GRACE,
                "logger_class": OneLog,
                "proc_name": "civicstat",
                "limit_request_line": 8190,  # its most: a long address gets words of the pages
                **({"worker_tmp_dir": str(_BEATS)} if _BEATS.is_dir() and os.access(_BEATS, os.W_OK) else {}),
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return application()

    try:
        Server().run()
    except SystemExit as stopped:
        return 2 if stopped.code else 0
    return 0


def serve_waitress(application: Application, host: str, port: int, workers: int) -> int:
    """Serve from one process, as there is no other way on Windows, until asked to stop."""
    from waitress import wasyncore
    from waitress.channel import HTTPChannel
    from waitress.server import BaseWSGIServer, create_server

    held: dict[int, Any] = {}  # what the loop looks after: listeners, connections
    server = create_server(application(), map=held, host=host, port=port, threads=_THREADS * workers)
    until: list[float] = []  # when to stop at the latest, once it was asked for

    def stop(_signal: int, _frame: object) -> None:
        until.append(time.monotonic() + GRACE)  # no more: the loop may be about to wait for what would be closed here

    def busy() -> bool:
        connections = [item for item in held.values() if isinstance(item, HTTPChannel)]
        return any(item.requests or item.total_outbufs_len for item in connections)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        while not until:
            wasyncore.loop(timeout=_POLL, map=held, count=1)
        for listener in [item for item in held.values() if isinstance(item, BaseWSGIServer)]:
            wasyncore.dispatcher.close(listener)  # waitress's own stop would drop answers that are still written
        while busy() and time.monotonic() < until[0]:
            wasyncore.loop(timeout=_POLL, map=held, count=1)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        server.task_dispatcher.shutdown()
    return 0
