"""``civicstat rows``: the very rows a number counted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from itertools import chain

from civicstat.cli.opened import add_edition, find, open_office
from civicstat.cli.table import print_table, write_csv
from civicstat.errors import CivicstatError, Fault, suggest

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("metric", metavar="METRIC")
    parser.add_argument("--period", metavar="P", required=True, help="one period, as for `civicstat value`")
    parser.add_argument(
        "--where", metavar="DIM=MEMBER", action="append", default=[], help="a member of a declared dimension"
    )
    add_edition(parser)
    parser.add_argument("--csv", action="store_true", help="print comma separated values")


def run(args: argparse.Namespace) -> int:
    """Print the rows."""
    edition = open_office(args.project, args.edition)
    chosen = _slice(args.where)
    found = find(edition, args.metric, args.period, list(chosen))
    if len({item.period for item in found}) > 1:
        raise CivicstatError(Fault("bad-period", "--period", f"`{args.period}`", "one period"))
    period = found[0].period
    if not any(dict(item.slice) == chosen for item in found):
        raise CivicstatError(_no_member(chosen, [next(iter(item.slice.values())) for item in found]))
    pages = edition.all_rows(args.metric, period, chosen)
    first = next(pages)
    rows = (row for page in chain([first], pages) for row in page.rows)
    (write_csv if args.csv else print_table)(first.columns, rows, sys.stdout)
    return 0


def _slice(where: list[str]) -> dict[str, str]:
    chosen = {}
    for text in where:
        name, equals, member = text.partition("=")
        if not equals or not name:
            raise CivicstatError(Fault("usage", "--where", f"`{text}`", "DIM=MEMBER, as in `district=3`"))
        chosen[name] = member
    return chosen


def _no_member(chosen: Mapping[str, str], members: list[str]) -> Fault:
    ((name, member),) = chosen.items()
    listed = ", ".join(f"`{item}`" for item in members[:20])
    return Fault("no-such-member", "--where", f"`{name}={member}`", f"a member: {listed}", suggest(member, members))
