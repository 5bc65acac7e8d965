"""``civicstat test``: the worked examples of the metrics."""

from __future__ import annotations

import argparse
import sys

from civicstat.cli.opened import require_project
from civicstat.errors import Fault, format_faults

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no arguments: every example runs, it takes a moment."""


def run(args: argparse.Namespace) -> int:
    """Print what came of each metric's examples; return 1 where a value is not as expected."""
    from civicstat.editions import run_examples
    from civicstat.spec import load_project

    require_project(args.project)
    outcomes = run_examples(load_project(args.project))
    faults: list[Fault] = []
    for outcome in outcomes:
        wrong = f", {len(outcome.faults)} not as expected" if outcome.faults else ""
        counted = f"{outcome.checked} value{'' if outcome.checked == 1 else 's'}"
        print(f"{'FAIL' if wrong else 'ok':<4}  {outcome.metric}: {counted}{wrong}")
        faults += outcome.faults
    if faults:
        print(f"\n{format_faults(faults, ' in worked examples')}")
    if not outcomes:
        print("no metric has `tests`", file=sys.stderr)
    return 1 if faults else 0
