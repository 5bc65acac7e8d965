"""``civicstat editions list``: what was built, and which edition is current."""

from __future__ import annotations

import argparse
import sys

from civicstat.cli.opened import require_project
from civicstat.cli.table import print_table
from civicstat.errors import CivicstatError, Fault

__all__ = ["add_arguments", "run"]

_LATER = ("compare", "prune")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("action", metavar="list", nargs="?", default="list", help="may be left out")
    parser.add_argument("arguments", nargs="*", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Print one line an edition, the last published first."""
    from civicstat.cli.program import not_yet
    from civicstat.editions import Folder

    if args.action in _LATER:
        raise CivicstatError(not_yet(f"editions {args.action}"))
    if args.action != "list" or args.arguments:
        words = " ".join((args.action, *args.arguments))
        raise CivicstatError(Fault("usage", "civicstat editions", f"`{words}`", "`list`, or nothing"))
    require_project(args.project)
    folder = Folder(args.project)
    try:
        current = folder.current()
    except CivicstatError:
        current = ""
    rows = []
    manifests = sorted(map(folder.manifest, folder.ids()), key=lambda item: (item["published_at"], item["id"]))
    for manifest in reversed(manifests):
        edition_id = manifest["id"]
        mark = "current" if edition_id == current else ""
        rows.append((edition_id, manifest["as_of"], manifest["published_at"], manifest["metrics"], mark))
    if rows:
        print_table(("edition", "as of", "published", "metrics", ""), rows, sys.stdout)
    else:
        print("no editions yet: run `civicstat build`", file=sys.stderr)
    return 0
