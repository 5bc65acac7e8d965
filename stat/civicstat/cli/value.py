"""``civicstat value``: a metric's number for a period, in total or by a dimension."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from civicstat.cli.opened import add_edition, find, hint_judge, open_office
from civicstat.cli.table import print_table

if TYPE_CHECKING:
    from civicstat.editions import CityInfo, MetricInfo
    from civicstat.results import Reading

__all__ = ["add_arguments", "run", "said"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("metric", metavar="METRIC")
    parser.add_argument(
        "--period",
        metavar="P",
        default="",
        help="2026-10-14, 2026-W42, 2026-10, 2026-Q4, 2026, FY2027, FY2027-Q1, A..B, all (default: last complete)",
    )
    parser.add_argument(
        "--by", metavar="DIM", action="append", default=[], help="a declared dimension; of a cross each column"
    )
    add_edition(parser)
    parser.add_argument("--json", action="store_true", help="print an array of readings, values unrounded")


def run(args: argparse.Namespace) -> int:
    """Print the readings."""
    from civicstat.publish import readings_json

    edition = open_office(args.project, args.edition)
    readings = find(edition, args.metric, args.period, args.by)
    info = edition.catalogue.metrics[args.metric]
    lang = edition.catalogue.city.languages[0]
    if args.json:
        print(json.dumps(readings_json(edition, info, readings, lang), ensure_ascii=False, indent=1))
    else:
        columns = list(readings[0].slice) if readings else args.by
        names = ("period", *columns, "value", "status", "reason")
        city = edition.catalogue.city
        lines = [(item.period, *item.slice.values(), *said(item, info, city)) for item in readings]
        print_table(names, lines, sys.stdout)
        if not args.period:
            hint_judge(edition, args.metric)
    return 0


def said(item: Reading, info: MetricInfo, city: CityInfo) -> tuple[str, str, str]:
    """Return a reading's value, status and reason as people read them."""
    from civicstat.publish import reading_reason
    from civicstat.words import plain, status_word, value_text

    lang = city.languages[0]
    value = value_text(item.value, info.unit, info.decimals, lang, info.prefix, info.suffix, info.compact)
    word = status_word(item.status.value, lang, city.status_words)
    return plain(value), word, plain(reading_reason(item, info, lang))
