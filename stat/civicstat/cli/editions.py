"""``civicstat editions list``: what was built, and which edition is current."""

from __future__ import annotations

import argparse
import sys

from civicstat.cli.opened import require_project
from civicstat.cli.table import print_table
from civicstat.errors import CivicstatError

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("action", choices=("list", "compare", "prune"), nargs="?", default="list")
    parser.add_argument("arguments", nargs="*", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Print one line an edition."""
    from civicstat.cli.program import not_yet
    from civicstat.editions import Folder

    if args.action != "list":
        raise CivicstatError(not_yet(f"editions {args.action}"))
    require_project(args.project)
    folder = Folder(args.project)
    try:
        current = folder.current()
    except CivicstatError:
        current = ""
    rows = []
    for edition_id in folder.ids():
        manifest = folder.manifest(edition_id)
        mark = "current" if edition_id == current else ""
        rows.append((edition_id, manifest["as_of"], manifest["published_at"], manifest["metrics"], mark))
    if rows:
        print_table(("edition", "as of", "published", "metrics", ""), rows, sys.stdout)
    else:
        print("no editions yet: run `civicstat build`", file=sys.stderr)
    return 0
