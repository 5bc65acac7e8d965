"""``civicstat preview``: a metric as it is declared now over the records loaded, beside what is published."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from civicstat.cli.opened import declared, find, open_office, require_project, say_loaded
from civicstat.cli.progress import quiet, shown_progress
from civicstat.cli.table import print_table
from civicstat.cli.value import said
from civicstat.errors import Fault, format_faults

if TYPE_CHECKING:
    from civicstat.editions import Draft, Edition
    from civicstat.results import Reading

__all__ = ["add_arguments", "run"]

_LAST = 6
"""So many periods are shown where none is named."""

Key = tuple[str, tuple[tuple[str, str], ...]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("metric", metavar="METRIC")
    parser.add_argument("--period", metavar="P", default="", help=f"one period, or A..B (default: the last {_LAST})")
    parser.add_argument(
        "--by", metavar="DIM", action="append", default=[], help="a declared dimension; of a cross each column"
    )
    parser.add_argument("--json", action="store_true", help="print an array of readings, values unrounded")


def run(args: argparse.Namespace) -> int:
    """Print the readings as they would be, each with the one that is published."""
    from civicstat.editions import Folder, open_draft
    from civicstat.spec import load_project

    require_project(args.project)
    project = load_project(args.project)
    name = declared(project, args.metric).name
    edition = open_office(args.project, None)
    with (
        shown_progress() as progress,
        open_draft(project, Folder(project.root), edition.manifest, [name], progress or quiet) as draft,
    ):
        found = find(draft, name, args.period or _last(draft, name), args.by)
        published = _published(edition, name)
        if args.json:
            lines = [_json(item, published.get(_key(item)), draft, edition) for item in found]
            print(json.dumps(lines, ensure_ascii=False, indent=1))
        else:
            _print(found, published, draft, edition)
        failed = draft.found.failed.get(name)
        if failed:
            print(format_faults([Fault("metric-failed", f"metrics.{name}", failed, level="warning")]), file=sys.stderr)
    say_loaded(draft.loaded)
    return 0


def _last(draft: Draft, metric: str) -> str:
    """Return the last periods of the metric's own, as a range."""
    periods = [item.period for item in draft.readings(metric, grain=draft.catalogue.metrics[metric].period)]
    return "..".join(dict.fromkeys((periods[-_LAST:][0], periods[-1]))) if periods else ""


def _published(edition: Edition, metric: str) -> Mapping[Key, Reading]:
    """Return what is published of the metric, as it is shown; nothing of one that is new."""
    from civicstat.editions import blanked
    from civicstat.publish import as_promised

    info = edition.catalogue.metrics.get(metric)
    if info is None:
        return {}
    splits = ["", *(item.by for item in info.dimensions)]
    readings = (item for split in splits for item in edition.readings(metric, dimension=split))
    return {_key(item): as_promised(blanked(item, info.min_count), info) for item in readings}


def _key(reading: Reading) -> Key:
    return reading.period, tuple(sorted(reading.slice.items()))


def _print(found: list[Reading], published: Mapping[Key, Reading], draft: Draft, edition: Edition) -> None:
    lines = []
    for item in found:
        now = said(item, draft.catalogue.metrics[item.metric], draft.catalogue.city)
        before = published.get(_key(item))
        then = said(before, edition.catalogue.metrics[item.metric], edition.catalogue.city) if before else ("", "", "")
        lines.append((item.period, *item.slice.values(), *now[:2], *then[:2], now[2]))
    names = ("value", "status", "published", "was", "reason")
    print_table(("period", *found[0].slice, *names), lines, sys.stdout)


def _json(item: Reading, before: Reading | None, draft: Draft, edition: Edition) -> dict[str, Any]:
    from civicstat.publish import reading_json

    def body(reading: Reading, source: Draft | Edition) -> dict[str, Any]:
        city = source.catalogue.city
        return reading_json(reading, source.catalogue.metrics[reading.metric], city.languages[0])

    return {**body(item, draft), "published": body(before, edition) if before else None}
