"""``civicstat build``: from the sources to a new edition, with progress and a summary."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from civicstat.cli.opened import require_project
from civicstat.cli.progress import shown_progress
from civicstat.errors import Fault, format_faults

if TYPE_CHECKING:
    from civicstat.spec import Project

__all__ = ["add_arguments", "build", "day", "run"]


_WHY = {
    "rows": "records changed",
    "clock": "still open at the last build",
    "definition": "declared otherwise",
    "not_kept": "not kept",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--as-of", metavar="DATE", type=day, help="the day of the build (default: today, in the city)")
    parser.add_argument("--only", metavar="DATASET", nargs="+", action="extend", default=[], help="reload only these")
    parser.add_argument("--json", action="store_true", help="print the edition's manifest")


def run(args: argparse.Namespace) -> int:
    """Build, and print what was built."""
    from civicstat.spec import load_project

    require_project(args.project)
    project = load_project(args.project)
    manifest = build(project, args.as_of, args.only)
    print(json.dumps(manifest, ensure_ascii=False, indent=1) if args.json else "\n".join(_summary(manifest)))
    failed = [
        Fault(
            "metric-failed", f"metrics.{name}", error, help=f"`civicstat explain {name}` shows its SQL", level="warning"
        )
        for name, error in manifest["failed"].items()
    ]
    if failed:
        print(format_faults(failed), file=sys.stderr)
    return 0


def build(project: Project, as_of: date | None, only: list[str]) -> dict[str, Any]:
    """Build an edition, with progress on a terminal."""
    from civicstat.editions import build_edition

    today = datetime.now(ZoneInfo(project.city.time_zone)).date()
    with shown_progress() as progress:
        return build_edition(project, as_of=as_of or today, only=only, progress=progress)


def day(text: str) -> date:
    """Return the day written ``2026-10-31``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is not a day like 2026-10-31") from None


def _summary(manifest: dict[str, Any]) -> list[str]:
    datasets = manifest["datasets"]
    counts = f"{manifest['metrics']} metrics, {manifest['readings']:,} readings"
    failed = f", {len(manifest['failed'])} failed" if manifest["failed"] else ""
    again = "; already built, published again" if manifest["already_built"] else ""
    lines = [f"edition {manifest['id']}: {counts}{failed}{again}"]
    lines += [] if manifest["already_built"] else [f"  {_computed(manifest['cells'].values())}"]
    for name, item in datasets.items():
        kept = {"held": " (unchanged)", "added": " (new files only)"}.get(item["load"]["how"], "")
        numbers = ", ".join(f"{what} {item[what]:,}" for what in ("read", "loaded", "duplicates", "quarantined"))
        lines.append(f"  {name}: {numbers}, as of {item['as_of']}{kept}")
        lines += [f"    {_aside(reason, found)}" for reason, found in item["quarantine"].items()]
    return lines


def _computed(cells: Collection[dict[str, Any]]) -> str:
    """Return how many periods were computed, and why what was known already did not do."""
    computed, reused = (sum(item[key] for item in cells) for key in ("recomputed", "reused"))
    if not reused:
        return f"computed: all {computed:,} periods of {len(cells)} metrics"
    why = sorted({_WHY[word] for item in cells for word in item["why"]})
    because = f" ({', '.join(why)})" if why else ""
    return f"computed: {computed:,} periods{because}, {reused:,} as before"


def _aside(reason: str, found: dict[str, Any]) -> str:
    """Return how many records are in quarantine for a reason and where the first stands; never what it says."""
    first = found["first"]
    column = f", column {first['column']}" if first["column"] else ""
    return f"{reason} {found['count']:,}, first {first['file']} record {first['record']:,}{column}"
