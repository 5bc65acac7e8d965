"""The project's own Python environment, `.venv`: made once from a hashed lock, and known by its stamp afterwards."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Literal

from said import say, stop

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
STAMP = FOLDER / "civicstat.json"
SCRIPTS = FOLDER / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")

Purpose = Literal["run", "test"]
LOCKS: dict[Purpose, Path] = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-dev.lock"}


def prepare(purpose: Purpose) -> None:
    """Leave `.venv` with everything for ``purpose`` installed; at once where it already is."""
    wanted = digest(purpose)
    stamp = read_stamp()
    if stamp.get(purpose) == wanted:
        return
    started = time.monotonic()
    if not usable(stamp):
        make()
    install(LOCKS[purpose])
    done = {purpose: wanted}
    if purpose == "test":
        done["run"] = digest("run")  # the one lock holds the other
    STAMP.write_text(json.dumps({"home": home(), **done}, indent=2) + "\n", "utf-8")
    say(f"ready after {time.monotonic() - started:.0f} s")


def script(name: str) -> Path:
    """Return the path of a command installed in `.venv`."""
    return SCRIPTS / (f"{name}.exe" if os.name == "nt" else name)


def digest(purpose: Purpose) -> str:
    """Return a hash of all that decides what is installed."""
    parts = hashlib.sha256()
    for path in (LOCKS[purpose], ROOT / "pyproject.toml", Path(__file__)):
        parts.update(path.read_bytes())
    return parts.hexdigest()


def home() -> str:
    """Return what an environment cannot be moved away from: the folder and the Python it was made with."""
    return f"{FOLDER} {sys.version_info.major}.{sys.version_info.minor}"


def read_stamp() -> dict[str, str]:
    """Return what the last finished set-up left, or nothing."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if stamp.get("home") == home() and PYTHON.exists() else {}


def usable(stamp: dict[str, str]) -> bool:
    """Return whether packages can be added to what is there, a set-up that was finished in this very place."""
    return bool(stamp) and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0


def make() -> None:
    """Make an empty `.venv`, in place of an unfinished or moved one."""
    python = getattr(sys, "_base_executable", sys.executable)
    say(f"making an environment in .venv with Python {sys.version.split()[0]}")
    if uv := shutil.which("uv"):
        run([uv, "venv", "--quiet", "--clear", "--python", python, str(FOLDER)])
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        stop(
            f"this Python cannot make environments. On Debian or Ubuntu: `apt-get install {version}-venv`; "
            "elsewhere install Python from its own site, or `uv`. Then run this again."
        )
    run([python, "-m", "venv", "--clear", str(FOLDER)])


def install(lock: Path) -> None:
    """Install what ``lock`` names, each file checked against its hash, and the project itself as it lies here."""
    count = sum("==" in line for line in lock.read_text("utf-8").splitlines())
    uv = shutil.which("uv")
    say(f"installing {count} packages from {lock.name} with {'uv' if uv else 'pip'} (a minute or so the first time)")
    if uv:
        installer = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    else:
        installer = [str(PYTHON), "-m", "pip", "install", "-qq", "--no-compile", "--disable-pip-version-check"]
    run([*installer, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)])
    run([*installer, "--no-build-isolation", "--no-deps", "--editable", str(ROOT)])


def run(command: list[str]) -> None:
    """Run one step of the set-up, or stop with what failed; the step has said why."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        stop(f"the set-up stopped at: {' '.join(command)}")
