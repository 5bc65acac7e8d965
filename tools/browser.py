"""The Chromium that the browser tests drive: where it is, and how to come by one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from said import say

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
HOW = "install Chromium or Chrome (Debian: `apt-get install chromium`), or name one in CIVICSTAT_BROWSER"


def find_browser() -> str | None:
    """Return the path of CIVICSTAT_BROWSER, or else of the first Chromium found."""
    if named := os.environ.get("CIVICSTAT_BROWSER"):
        return named
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in on_path if path), None) or next((one for one in PLACES if Path(one).exists()), None)


def in_ci() -> bool:
    """Return whether this is a machine that must run every test."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def provide_browser() -> bool:
    """Leave a browser to test with where that can be done, and return whether there is one."""
    if find_browser() is None and is_debian() and os.geteuid() == 0:
        say("installing Chromium for the browser tests")
        quiet = ("apt-get", "-qq", "-o=Dpkg::Use-Pty=0", "-o=Acquire::Retries=3")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ((*quiet, "update"), (*quiet, "install", "-y", "--no-install-recommends", "chromium")):
            if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
                say(f"this did not work: {' '.join(command)}")
                break
    if find_browser():
        return True
    then = "and CI must run every test" if in_ci() else "so the browser tests will be skipped"
    say(f"no browser found, {then}: {HOW}")
    return False


def is_debian() -> bool:
    """Return whether apt's `chromium` is a browser here; on Ubuntu it only points to a snap."""
    try:
        return "\nID=debian\n" in "\n" + Path("/etc/os-release").read_text("utf-8")
    except OSError:
        return False
