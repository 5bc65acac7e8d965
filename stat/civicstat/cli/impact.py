"""``civicstat impact``: what rests on a column, and how."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from typing import TYPE_CHECKING

from civicstat.cli.opened import require_project
from civicstat.cli.table import print_table
from civicstat.errors import CivicstatError, Fault, suggest

if TYPE_CHECKING:
    from civicstat.spec import Project

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("column", metavar="DATASET.COLUMN")
    parser.add_argument("--json", action="store_true", help="print an array")


def run(args: argparse.Namespace) -> int:
    """Print a line for each thing that rests on the column."""
    from civicstat.spec import load_project, uses_of

    require_project(args.project)
    project = load_project(args.project)
    dataset, _, column = args.column.partition(".")
    _check(project, dataset, column)
    uses = uses_of(project, dataset, column)
    if args.json:
        print(json.dumps([dataclasses.asdict(use) for use in uses], ensure_ascii=False, indent=1))
    elif uses:
        told: dict[tuple[str, ...], list[str]] = {}
        for use in uses:
            told.setdefault((use.what, use.name, ", ".join(use.through)), []).append(use.how)
        lines = [(what, name, ", ".join(how), way) for (what, name, way), how in told.items()]
        print_table(("what", "name", "how", "through"), lines, sys.stdout)
    counted = {what: len({use.name for use in uses if use.what == what}) for what in ("metric", "goal", "page")}
    counts = ", ".join(f"{count} {what}{'' if count == 1 else 's'}" for what, count in counted.items())
    print(f"{args.column}: {counts}" if uses else f"{args.column}: nothing rests on it", file=sys.stderr)
    return 0


def _check(project: Project, dataset: str, column: str) -> None:
    """Refuse a dataset or column that is not declared."""
    if dataset not in project.datasets:
        listed = ", ".join(f"`{name}`" for name in project.datasets)
        found, mend = f"`{dataset}`", suggest(dataset, project.datasets)
        raise CivicstatError(Fault("unknown-dataset", "DATASET.COLUMN", found, f"a dataset: {listed}", mend))
    columns = project.datasets[dataset].types()
    if column not in columns:
        listed = ", ".join(f"`{dataset}.{name}`" for name in columns)
        mend = suggest(column, columns)
        raise CivicstatError(Fault("unknown-column", "DATASET.COLUMN", f"`{column}`", f"a column: {listed}", mend))
