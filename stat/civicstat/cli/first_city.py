"""``civicstat init``: a new small city that works at once."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from civicstat.errors import CivicstatError, Fault

__all__ = ["add_arguments", "run"]

_NEXT = ("check", "test", "build", "serve")
_FILES = Path(__file__).parent / "first_city_files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="a folder that is empty or not there yet")


def run(args: argparse.Namespace) -> int:
    """Write the city and say what to do next."""
    target: Path = args.folder
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CivicstatError(Fault("not-empty", str(target), "files that would stand in the way", "an empty folder"))
    shutil.copytree(_FILES, target, dirs_exist_ok=True)
    for path in sorted(path for path in target.rglob("*") if path.is_file()):
        print(path.relative_to(target).as_posix())
    print("\n".join((f"\nnext, in {target}:", *(f"  civicstat {command}" for command in _NEXT))))
    return 0
