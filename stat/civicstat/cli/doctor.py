"""``civicstat doctor``: what is wrong with an installation, in plain words."""

from __future__ import annotations

import argparse
import dataclasses
import json

from civicstat.cli.findings import look

__all__ = ["add_arguments", "run"]

_MARKS = {"ok": "ok", "warn": "look", "fail": "WRONG"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--json", action="store_true", help="a list of findings for programs")


def run(args: argparse.Namespace) -> int:
    """Look at everything, and return 1 where something is wrong."""
    findings = list(look(args.project))
    if args.json:
        print(json.dumps([dataclasses.asdict(item) for item in findings], indent=1))
    else:
        width = max(len(item.what) for item in findings)
        for item in findings:
            print(f"{_MARKS[item.level]:<6} {item.what:<{width}}  {item.found}")
            if item.help:
                print(f"{'':<6} {'':<{width}}  {item.help}")
    return int(any(item.level == "fail" for item in findings))
