"""What may be wrong with an installation, looked at one thing after the other; nothing is changed."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from civicstat.errors import CivicstatError

if TYPE_CHECKING:
    from civicstat.editions import Folder
    from civicstat.spec import Project

__all__ = ["Finding", "look"]

_OLDEST, _NEWEST = (3, 11), (3, 14)
_FREE = 512 * 2**20  # bytes an edition of a middling city needs while it is built
_OPEN_FILES = 256
_PINNED = re.compile(r"([A-Za-z0-9_.-]+)==([^;,\s]+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was found, and what to do where it is not."""

    level: Literal["ok", "warn", "fail"]
    what: str
    found: str
    help: str = ""


def look(root: Path) -> Iterator[Finding]:
    """Yield a finding for Python, the packages, the project at ``root``, its records, its disk and its editions."""
    yield _python()
    yield _packages()
    yield _open_files()
    yield _assets(root)
    project = None
    try:
        project = _read(root)
        yield _ok("declarations", f"{len(project.metrics)} metrics, {len(project.datasets)} datasets: no problems")
    except CivicstatError as error:
        first, more = error.faults[0], len(error.faults) - 1
        found = f"{first.path}: {first.found}" + (f", and {more} more" if more else "")
        yield Finding(
            "fail", "declarations", found, "run `civicstat check`" if (root / "metrics").is_dir() else first.help
        )
    if project is not None:
        yield _zone(project)
        yield from _records(project)
        yield from _data(root)


def _ok(what: str, found: str) -> Finding:
    return Finding("ok", what, found)


def _python() -> Finding:
    found = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if not _OLDEST <= sys.version_info[:2] <= _NEWEST:
        return Finding("warn", "python", found, "civicstat is tested on Python 3.11 to 3.14")
    if sys.maxsize <= 2**32:
        return Finding("fail", "python", f"{found}, 32 bits", "install a Python of 64 bits")
    return _ok("python", found)


def _packages() -> Finding:
    """The packages pinned exactly were tried together; another version may give other numbers."""
    try:
        required = [item for item in metadata.requires("civicstat") or [] if "extra ==" not in item]
    except metadata.PackageNotFoundError:
        return Finding("warn", "packages", "civicstat is run from its folder, not installed", "run `make demo` once")
    wrong = []
    for name, wanted in (found.groups() for item in required if (found := _PINNED.match(item))):
        try:
            held = metadata.version(name)
        except metadata.PackageNotFoundError:
            held = "missing"
        if held != wanted:
            wrong.append(f"{name} {held} (wanted {wanted})")
    if wrong:
        return Finding("fail", "packages", ", ".join(wrong), "install from `requirements.lock`")
    return _ok("packages", f"civicstat {metadata.version('civicstat')}, {len(required)} packages as they were tried")


def _open_files() -> Finding:
    if sys.platform == "win32":
        return _ok("open files", "no limit of this kind on Windows")
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < _OPEN_FILES:
        return Finding("warn", "open files", f"a process may open {soft}", f"raise it: `ulimit -n {4 * _OPEN_FILES}`")
    return _ok("open files", f"a process may open {soft}")


def _assets(root: Path) -> Finding:
    from civicstat.pages import assets_folder

    try:
        return _ok("style and scripts", str(assets_folder(root)))
    except CivicstatError as error:
        return Finding("fail", "style and scripts", error.faults[0].found, error.faults[0].help)


def _read(root: Path) -> Project:
    from civicstat.cli.opened import require_project
    from civicstat.spec import load_project

    require_project(root)
    return load_project(root)


def _zone(project: Project) -> Finding:
    zone = project.city.time_zone
    try:
        now = datetime.now(ZoneInfo(zone))
    except ZoneInfoNotFoundError:
        return Finding("fail", "clock", f"this computer does not know the zone {zone}", "install the package `tzdata`")
    return _ok("clock", f"{now:%Y-%m-%d %H:%M} in {zone}")


def _records(project: Project) -> Iterator[Finding]:
    from civicstat.sources import find_files

    for name, dataset in project.datasets.items():
        if dataset.source.query is not None:
            continue
        try:
            files = find_files(dataset, project.root)
            size = sum(item.path.stat().st_size for item in files)
            yield _ok(f"records of {name}", f"{len(files)} file{'s' * (len(files) != 1)}, {_bytes(size)}")
        except CivicstatError as error:
            yield Finding("fail", f"records of {name}", error.faults[0].found, error.faults[0].help)


def _data(root: Path) -> Iterator[Finding]:
    from civicstat.editions import Folder

    folder = Folder(root)
    nearest = next(path for path in (folder.editions, root / "data", root) if path.is_dir())
    if not os.access(nearest, os.W_OK):
        yield Finding("fail", "data folder", f"{nearest} cannot be written by this user", "change its owner or rights")
    else:
        yield _ok("data folder", f"{nearest} can be written")
    held = sum(path.stat().st_size for place in (folder.segments, folder.public) for path in place.glob("*.duckdb"))
    free, need = shutil.disk_usage(nearest).free, max(_FREE, 2 * held)
    if free < need:
        wanted = f"free {_bytes(need)}: twice the records held, which a new load may need"
        yield Finding("warn", "disk", f"{_bytes(free)} free, {_bytes(held)} of records held", wanted)
    else:
        yield _ok("disk", f"{_bytes(free)} free, {_bytes(held)} of records held")
    yield from _editions(folder)


def _editions(folder: Folder) -> Iterator[Finding]:
    from civicstat.editions import Store

    try:
        edition = Store(folder.root).current()
        Store(folder.root, office=True).current()
    except CivicstatError as error:
        yield Finding("fail", "edition", error.faults[0].found, error.faults[0].help or "run `civicstat build`")
        return
    now = datetime.now(UTC)
    yield _ok("edition", f"{edition.id}, published {edition.published_at:%Y-%m-%d}, of {len(folder.ids())} kept")
    if edition.published_at > now:
        yield Finding("warn", "edition", "it was published in the future", "set this computer's clock")
    failed = [name for name, info in edition.catalogue.metrics.items() if info.error is not None]
    if failed:
        yield Finding("warn", "edition", f"failed: {', '.join(failed)}", "run `civicstat explain METRIC`")
    stale = [name for name, info in edition.catalogue.datasets.items() if info.stale]
    if stale:
        found = f"out of date: {', '.join(stale)} (the build is of {(now.date() - edition.as_of).days} days ago)"
        yield Finding("warn", "edition", found, "bring newer files, then run `civicstat build`")


def _bytes(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
