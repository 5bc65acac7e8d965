"""``civicstat check``: every fault of the declarations, for people, programs and code scanners."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

import civicstat
from civicstat.cli.opened import require_project
from civicstat.errors import Fault, count_faults

__all__ = ["add_arguments", "run"]

_SUBJECT = " in metric definitions"
_LACKING = "missing-translation"
_MOST = 3  # texts without a translation that are shown one by one


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="how faults are printed")


def run(args: argparse.Namespace) -> int:
    """Print the faults, errors first; return 1 where there is an error."""
    from civicstat.spec import check_project

    require_project(args.project)
    project, found = check_project(args.project)
    faults = sorted(found, key=lambda fault: fault.level != "error")
    match args.format:
        case "json":
            print(json.dumps([_entry(fault) for fault in faults], ensure_ascii=False, indent=1))
        case "sarif":
            print(json.dumps(_sarif(faults), ensure_ascii=False, indent=1))
        case _ if faults:
            print("\n\n".join([*_told(faults), count_faults(faults, _SUBJECT)]))
    if args.format == "text" and project is not None:
        counts = (("metric", project.metrics), ("dataset", project.datasets), ("department", project.departments))
        print(", ".join(_counted(len(items), what) for what, items in counts) + (": no problems" if not faults else ""))
    return 1 if project is None else 0


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
    }


def _sarif(faults: Sequence[Fault]) -> dict[str, Any]:
    """Return the faults as SARIF 2.1.0, which code hosts show beside the line."""
    driver = {
        "name": "civicstat",
        "version": civicstat.__version__,
        "rules": [{"id": code} for code in sorted({fault.code for fault in faults})],
    }
    return {
        "version": "2.1.0",
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [{"tool": {"driver": driver}, "results": [_result(fault) for fault in faults]}],
    }


def _result(fault: Fault) -> dict[str, Any]:
    texts = (("found", fault.found), ("expected", fault.expected), ("help", fault.help))
    told = "; ".join(f"{name}: {text}" for name, text in texts if text)
    result: dict[str, Any] = {
        "ruleId": fault.code,
        "level": fault.level,
        "message": {"text": f"{fault.path}: {told}"},
    }
    if fault.place:
        region = {"startLine": fault.place.line, "startColumn": fault.place.column}
        artifact = {"uri": fault.place.file}
        result["locations"] = [{"physicalLocation": {"artifactLocation": artifact, "region": region}}]
    return result
