"""``civicstat serve``: the public pages of the current edition."""

from __future__ import annotations

import argparse
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from civicstat.cli.logs import FORMATS, RequestLog, start_log
from civicstat.cli.opened import require_project
from civicstat.errors import CivicstatError, Fault

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["add_address", "add_arguments", "require_free", "run", "serve"]

_PORTS = range(1, 65_536)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_address(parser)
    parser.add_argument("--office", action="store_true", help=argparse.SUPPRESS)  # not available yet


def add_address(parser: argparse.ArgumentParser) -> None:
    """Declare where and how a server listens."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this computer alone)")
    parser.add_argument("--port", type=int, default=8050, help="the port to listen on (default: 8050)")
    parser.add_argument("--workers", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--log", choices=FORMATS, default="text", help="lines for people, or JSON (default: text)")
    parser.add_argument(
        "--behind-proxy", action="store_true", help="believe the addresses that one proxy in front passes on"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    from civicstat.cli.program import not_yet
    from civicstat.editions import Folder

    if args.office:
        raise CivicstatError(not_yet("serve --office"))
    require_project(args.project)
    folder = Folder(args.project)
    folder.edition(folder.current())  # say so at once if there is nothing to serve
    return serve(args.project, args)


def serve(project: Path, args: argparse.Namespace) -> int:
    """Serve the project's public pages as ``add_address`` declares it, until stopped.

    Raises:
        CivicstatError: the port or the number of workers is none.
        OSError: somebody else listens there, or the address is not this computer's.
    """
    host, port, workers = args.host, args.port, args.workers
    if port not in _PORTS:
        raise CivicstatError(Fault("usage", "--port", f"`{port}`", "a port from 1 to 65535"))
    if workers < 1:
        raise CivicstatError(Fault("usage", "--workers", f"`{workers}`", "1 or more"))
    require_free(host, port)
    if args.behind_proxy:
        os.environ["CIVICSTAT_BEHIND_PROXY"] = "1"  # every worker's application reads it
    from civicstat.cli.serving import serve_gunicorn, serve_waitress
    from civicstat.pages import create_app

    def application() -> WSGIApplication:
        return RequestLog(create_app(project).server)

    start_log(args.log)
    shown = f"[{host}]" if ":" in host else host
    print(f"http://{shown}:{port}/", flush=True)
    server = serve_waitress if os.name == "nt" else serve_gunicorn
    try:
        return server(application, host, port, workers)
    except KeyboardInterrupt:
        return 0  # the usual way to stop a server


def require_free(host: str, port: int) -> None:
    """Find out before anything is started, where the reason can be said in one line.

    Raises:
        OSError: somebody else listens there, or the address is not this computer's.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise OSError(error.errno, error.strerror, f"{host}:{port}") from error
