"""``civicstat editions``: what was built and which is current; two of them compared; the space of old records."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from civicstat.cli.opened import require_project
from civicstat.cli.table import print_table
from civicstat.errors import CivicstatError, Fault

__all__ = ["add_arguments", "run"]

_OPTIONS = {"list": (), "compare": ("json",), "prune": ("keep", "dry_run")}
_WORDS = {"list": 0, "compare": 2, "prune": 0}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "action", metavar="list | compare A B | prune", nargs="?", default="list", help="without any, `list`"
    )
    parser.add_argument("editions", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="of `compare`: print every change, values unrounded")
    parser.add_argument("--keep", metavar="N", type=_some, help="of `prune`: how many editions keep their records (12)")
    parser.add_argument("--dry-run", action="store_true", help="of `prune`: only say what would be removed")


def run(args: argparse.Namespace) -> int:
    """List the editions, compare two, or remove what no kept one refers to."""
    _check(args)
    require_project(args.project)
    actions: Mapping[str, Callable[[argparse.Namespace], None]] = {"list": _list, "compare": _compare, "prune": _prune}
    actions[args.action](args)
    return 0


def _check(args: argparse.Namespace) -> None:
    """Refuse words and options that the action does not take."""
    words = " ".join((args.action, *args.editions))
    if len(args.editions) != _WORDS.get(args.action):
        expected = "`list`, `compare A B`, `prune`, or nothing"
        raise CivicstatError(Fault("usage", "civicstat editions", f"`{words}`", expected))
    given = [name for names in _OPTIONS.values() for name in names if getattr(args, name)]
    strange = [name for name in given if name not in _OPTIONS[args.action]]
    if strange:
        option = f"--{strange[0].replace('_', '-')}"
        owner = next(action for action, names in _OPTIONS.items() if strange[0] in names)
        raise CivicstatError(Fault("usage", "civicstat editions", f"`{args.action} {option}`", f"`{owner} {option}`"))


def _list(args: argparse.Namespace) -> None:
    """Print one line an edition, the last published first."""
    from civicstat.editions import Folder

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


def _compare(args: argparse.Namespace) -> None:
    from civicstat.cli.compared import print_changes

    print_changes(args.project, *args.editions, as_json=args.json)


def _prune(args: argparse.Namespace) -> None:
    from civicstat.editions import KEPT, Folder, prune_editions

    done = prune_editions(Folder(args.project), args.keep or KEPT, dry_run=args.dry_run)
    if done.files:
        print_table(("file", "bytes"), done.files, sys.stdout)
    verb = "would remove" if args.dry_run else "removed"
    kept = f"{len(done.editions)} edition{'' if len(done.editions) == 1 else 's'}"
    print(f"{verb} {len(done.files)} files, {done.bytes:,} bytes; {kept} with their records", file=sys.stderr)
    for edition_id in done.without_records:
        print(f"{edition_id}: its numbers stay, its records can no longer be opened", file=sys.stderr)
    for name in done.in_use:
        print(f"{name}: in use, left where it is", file=sys.stderr)


def _some(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of editions, at least 1")
    return int(text)
