"""``civicstat check``: every fault of the declarations, for people, programs and code scanners."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from civicstat.cli.opened import require_project
from civicstat.cli.sarif import page_of, sarif
from civicstat.errors import CivicstatError, Fault, count_faults, suggest

__all__ = ["add_arguments", "run"]

_SUBJECT = " in metric definitions"
_LACKING = "missing-translation"
_MOST = 3  # texts without a translation that are shown one by one


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="how faults are printed")
    parser.add_argument("--explain", metavar="CODE", help="say what a code means, with an example and its mend")


def run(args: argparse.Namespace) -> int:
    """Print the faults, errors first; return 1 where there is an error."""
    from civicstat.spec import check_project

    if args.explain:
        print(_explained(args.explain), end="")
        return 0
    require_project(args.project)
    project, found = check_project(args.project)
    faults = sorted(found, key=lambda fault: fault.level != "error")
    match args.format:
        case "json":
            print(json.dumps([_entry(fault) for fault in faults], ensure_ascii=False, indent=1))
        case "sarif":
            print(json.dumps(sarif(faults), ensure_ascii=False, indent=1))
        case _ if faults:
            print("\n\n".join([*_told(faults), count_faults(faults, _SUBJECT)]))
            print(f"more on a code: civicstat check --explain {faults[0].code}", file=sys.stderr)
    if args.format == "text" and project is not None:
        counts = (("metric", project.metrics), ("dataset", project.datasets), ("department", project.departments))
        print(", ".join(_counted(len(items), what) for what, items in counts) + (": no problems" if not faults else ""))
    return 1 if project is None else 0


def _explained(name: str) -> str:
    from civicstat.spec import codes

    if name not in codes():
        listed = ", ".join(f"`{code}`" for code in codes())
        raise CivicstatError(
            Fault("no-such-code", "--explain", f"`{name}`", f"a code: {listed}", suggest(name, codes()))
        )
    return f"{name}\n\n{codes()[name].told()}"


def _told(faults: Sequence[Fault]) -> list[str]:
    """Return the faults for people; many texts that lack the same language are one line."""
    lacking: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.code == _LACKING:
            lacking.setdefault(fault.found, []).append(fault)
    many = [group for group in lacking.values() if len(group) > _MOST]
    gathered = {fault for group in many for fault in group}
    return [*(str(fault) for fault in faults if fault not in gathered), *map(_gathered, many)]


def _gathered(group: Sequence[Fault]) -> str:
    first = group[0]
    place = f"{first.place.file}:{first.place.line}:{first.place.column}" if first.place else first.path
    language = first.found.removeprefix("no text for ")
    return f"warning: {_LACKING}: {len(group)} texts have no {language}: first {place} … (all: `--format json`)"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _entry(fault: Fault) -> dict[str, Any]:
    place = fault.place
    return {
        "level": fault.level,
        "code": fault.code,
        "path": fault.path,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "found": fault.found,
        "expected": fault.expected,
        "help": fault.help,
        "page": page_of(fault.code),
    }
