"""``civicstat schema``: the JSON Schema by which an editor completes and checks declarations as one types."""

from __future__ import annotations

import argparse
import json

from civicstat.cli.opened import require_project

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--names", action="store_true", help="with the names of this project's datasets, columns …")


def run(args: argparse.Namespace) -> int:
    """Print the schema."""
    from civicstat.spec import json_schema, load_project

    project = None
    if args.names:
        require_project(args.project)
        project = load_project(args.project)
    print(json.dumps(json_schema(project), ensure_ascii=False, indent=1))
    return 0
