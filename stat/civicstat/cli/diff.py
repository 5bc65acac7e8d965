"""``civicstat diff``: which published numbers the declarations would move, before anything is published."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from civicstat.cli.compared import tell_changes
from civicstat.cli.opened import require_project, say_loaded
from civicstat.cli.progress import quiet, shown_progress
from civicstat.cli.revision import project_at

if TYPE_CHECKING:
    from civicstat.spec import Project

__all__ = ["MOVES", "add_arguments", "run"]

MOVES = 3
"""The exit code of ``--exit-code`` where a published number would move."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("ref", metavar="REF", help="`current`, an edition, or a revision of git")
    parser.add_argument("--json", action="store_true", help="print every change, values unrounded")
    parser.add_argument("--exit-code", action="store_true", help=f"exit with {MOVES} where a published number moves")


def run(args: argparse.Namespace) -> int:
    """Print every number that would move, and what it is."""
    from civicstat.editions import Folder, differences
    from civicstat.spec import load_project

    require_project(args.project)
    project = load_project(args.project)
    folder = Folder(project.root)
    current = folder.current()
    edition_id = current if args.ref == "current" else args.ref if args.ref in folder.ids() else ""
    earlier = None if edition_id else _earlier(args.project, args.ref)
    with shown_progress() as progress:
        found = differences(project, folder, edition_id or current, progress or quiet, earlier)
    say_loaded(found.loaded)
    tell_changes(found.changes, found.catalogues, "declared", as_json=args.json)
    moves = any(kind != "new" for counts in (found.changes.kinds, found.changes.slice_kinds) for kind in counts)
    return MOVES if args.exit_code and moves else 0


def _earlier(root: Path, ref: str) -> tuple[str, Project]:
    return ref, project_at(root, ref)
