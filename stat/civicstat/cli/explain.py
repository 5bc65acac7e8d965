"""``civicstat explain``: how a metric is counted in words, its SQL, and where its records come from."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from civicstat.cli.opened import hint_judge, require_project
from civicstat.errors import CivicstatError, Fault, suggest

if TYPE_CHECKING:
    from civicstat.editions import DatasetInfo, Edition
    from civicstat.spec import Metric, Project

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("metric", metavar="METRIC")


def run(args: argparse.Namespace) -> int:
    """Print the explanation of the metric as it is declared now; no edition is needed."""
    from civicstat.editions import explain_metric
    from civicstat.spec import load_project

    require_project(args.project)
    project = load_project(args.project)
    metric = project.metrics.get(args.metric)
    if metric is None:
        listed = ", ".join(f"`{name}`" for name in project.metrics)
        mend = suggest(args.metric, project.metrics)
        raise CivicstatError(Fault("no-such-metric", "METRIC", f"`{args.metric}`", f"a metric: {listed}", mend))
    edition = _last_edition(project)
    dataset = edition.catalogue.datasets.get(metric.dataset) if edition else None
    as_of = date.fromisoformat(dataset.as_of[:10]) if dataset and dataset.as_of else None
    explanation = explain_metric(metric, project, as_of or datetime.now(ZoneInfo(project.city.time_zone)).date())
    parts = (
        _head(project, metric),
        "\n".join(explanation.counted[project.city.languages[0]]),
        _goal(project, metric),
        _lineage(project, metric, dataset),
        f"Declared as:\n{metric.source.rstrip()}",
        f"SQL:\n{explanation.sql}",
    )
    print("\n\n".join(part for part in parts if part))
    if edition:
        hint_judge(edition, metric.name)
    return 0


def _last_edition(project: Project) -> Edition | None:
    """Return the current edition, None where there is none yet."""
    from civicstat.editions import Store

    try:
        return Store(project.root, office=True).current()
    except CivicstatError:
        return None


def _head(project: Project, metric: Metric) -> str:
    from civicstat.words import pick

    lang = project.city.languages[0]
    why = f"\n{pick(metric.why, lang)}" if metric.why else ""
    return f"{metric.name}: {pick(metric.title, lang)}{why}"


def _goal(project: Project, metric: Metric) -> str:
    from civicstat.words import goal_text, pick, plain

    if metric.goal is None:
        return ""
    lang = project.city.languages[0]
    wanted = plain(goal_text(metric.goal.target, metric.better, metric.unit, 2, lang))
    source = f" ({pick(metric.goal.authority, lang)})" if metric.goal.authority else ""
    return f"Goal: {wanted}, judged by {metric.goal.judge.replace('_', ' ')}{source}"


def _lineage(project: Project, metric: Metric, loaded: DatasetInfo | None) -> str:
    from civicstat.words import pick

    dataset = project.datasets[metric.dataset]
    departments = [name for name, item in project.departments.items() if metric.name in item.metrics]
    lines = [f"Records: {dataset.name} ({pick(dataset.title, project.city.languages[0])}), from {dataset.source.file}"]
    if loaded:
        counts = ("read", "loaded", "duplicates", "quarantined")
        lines.append("  " + ", ".join(f"{what} {getattr(loaded, what):,}" for what in counts))
        lines.append(f"  as of {loaded.as_of}, complete through {loaded.complete_through or 'no day'}")
    lines += [f"Departments: {', '.join(departments) or 'none'}", f"Worked examples: {len(metric.tests)}"]
    return "\n".join(lines)
