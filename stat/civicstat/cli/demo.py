"""``civicstat demo``: the demonstration city, its records written, built and served."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from importlib.resources import files
from pathlib import Path

from civicstat.cli.build import build
from civicstat.cli.opened import require_project
from civicstat.cli.serve import add_address, serve
from civicstat.errors import CivicstatError, Fault

__all__ = ["add_arguments", "run"]

_RECORDS = Path("data", "demo")
_FOLDER = "civicstat-demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_address(parser)
    parser.add_argument("--no-serve", action="store_true", help="write and build the city, and stop there")


def run(args: argparse.Namespace) -> int:
    """Write the city's records where they are missing, build an edition, and serve it."""
    from civicstat.demo import AS_OF, write_city
    from civicstat.spec import load_project

    root = _demo_project(args.project)
    project = load_project(root)
    files = [dataset.source.file for dataset in project.datasets.values() if dataset.source.query is None]
    if not all(file.startswith(_RECORDS.as_posix()) for file in files):
        raise CivicstatError(
            Fault(
                "not-the-demo",
                str(args.project / "metrics"),
                "a city of your own",
                "the demonstration city, or a folder without `metrics`",
                "run `civicstat build` and `civicstat serve` for your own city",
            )
        )
    if not (root / _RECORDS / "written").is_file():
        print("writing the demonstration city's records", file=sys.stderr)
        write_city(root)
        (root / _RECORDS / "written").write_text(f"{AS_OF}\n", encoding="utf-8")
    print("building the demonstration city", file=sys.stderr)
    manifest = build(project, AS_OF, [])
    print(f"edition {manifest['id']}", file=sys.stderr)
    if args.no_serve:
        return 0
    if os.name == "nt":
        return serve(root, args)
    # A server that forks starts best from a process that has no database in it.
    sys.stderr.flush()
    address = ["--host", args.host, "--port", str(args.port), "--workers", str(args.workers)]
    address += ["--log", args.log, *(["--behind-proxy"] if args.behind_proxy else [])]
    os.execv(sys.executable, [sys.executable, "-m", "civicstat.cli", "--project", str(root), "serve", *address])


def _demo_project(root: Path) -> Path:
    """Return the folder of the demonstration city: ``root`` if it has declarations, else a copy of those we ship."""
    if (root / "metrics").is_dir():
        return root
    target = root / _FOLDER
    if not (target / "metrics").is_dir():
        shipped = files("civicstat") / "_bundle"
        if not shipped.is_dir():
            require_project(root)
        for name in ("metrics", "assets"):
            if (shipped / name).is_dir():
                shutil.copytree(Path(str(shipped / name)), target / name, dirs_exist_ok=True)
    return target
