"""The edition a command reads, and what is asked of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from civicstat.errors import CivicstatError, Fault, suggest
from civicstat.period import GRAINS

if TYPE_CHECKING:
    from civicstat.editions import Edition, MetricInfo, Numbers
    from civicstat.results import Reading
    from civicstat.spec import Metric, Project

__all__ = ["add_edition", "declared", "find", "hint_judge", "open_office", "require_project", "say_loaded"]


def add_edition(parser: argparse.ArgumentParser) -> None:
    """Declare ``--edition``."""
    parser.add_argument(
        "--edition", metavar="ID", help="an edition of `civicstat editions list` (default: the current)"
    )


def require_project(root: Path) -> None:
    """Refuse a folder that holds no declarations.

    Raises:
        CivicstatError: there is no ``metrics`` folder in it.
    """
    if not (root / "metrics").is_dir():
        help_text = "pass `--project DIR`, or make a city with `civicstat init DIR`"
        raise CivicstatError(Fault("no-project", str(root), "no folder `metrics`", "a project", help_text))


def open_office(root: Path, edition_id: str | None) -> Edition:
    """Return the office's file of an edition: all metrics, for those who hold the project's folder.

    Raises:
        EditionError: there is no such edition.
        CivicstatError: the folder is no project.
    """
    from civicstat.editions import Store

    require_project(root)
    store = Store(root, office=True)
    return store.edition(edition_id) if edition_id else store.current()


def declared(project: Project, name: str) -> Metric:
    """Return a declared metric.

    Raises:
        CivicstatError: there is no such metric, with those there are.
    """
    metric = project.metrics.get(name)
    if metric is None:
        listed = ", ".join(f"`{item}`" for item in project.metrics)
        mend = suggest(name, project.metrics)
        raise CivicstatError(Fault("no-such-metric", "METRIC", f"`{name}`", f"a metric: {listed}", mend))
    return metric


def find(edition: Numbers, metric: str, period: str, by: list[str]) -> list[Reading]:
    """Return the readings asked for, withheld ones blank.

    Raises:
        CivicstatError: no such metric, dimension or period, with what there is instead.
    """
    from civicstat.editions import blanked
    from civicstat.publish import find_readings

    found = find_readings(edition, metric, period, by)
    info = edition.catalogue.metrics[metric]
    if not found:
        raise CivicstatError(_not_held(edition, info, period))
    return [blanked(reading, info.min_count) for reading in found]


def say_loaded(datasets: Sequence[str]) -> None:
    """Say on standard error which records are not those that were published."""
    for name in datasets:
        print(f"{name}: its files were loaded as they are today, for they are read otherwise by now", file=sys.stderr)


def hint_judge(edition: Edition, metric: str) -> None:
    """Say on standard error where to see a goal that is judged by a longer period than the metric's own."""
    info = edition.catalogue.metrics.get(metric)
    if info is None or info.goal is None or info.goal.judge == info.period:
        return
    judge = info.goal.judge
    judged = [item.period for item in edition.readings(metric, grain=judge) if item.complete]
    if judged:
        print(f"judged by {judge.replace('_', ' ')}: see --period {judged[-1]}", file=sys.stderr)


def _not_held(edition: Numbers, info: MetricInfo, period: str) -> Fault:
    """Return the fault for a period the edition has no reading of: its grains, and their first and last period."""
    held: dict[str, list[str]] = {}
    for reading in edition.readings(info.name):
        held.setdefault(reading.grain, []).append(reading.period)
    order = [grain for grain in GRAINS if grain in held and grain != "all"]
    spans = [f"{grain} (`{held[grain][0]}` to `{held[grain][-1]}`)" for grain in order]
    spans += ["`all`"] if "all" in held else []
    found = f"no reading for `{period}`" if period else "no complete period yet"
    return Fault("no-such-reading", f"metrics.{info.name}", found, f"a period held: {', '.join(spans) or 'none'}")
