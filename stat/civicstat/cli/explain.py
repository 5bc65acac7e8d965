"""``civicstat explain``: how a metric is counted in words, its SQL, and where its records come from."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from civicstat.cli.accounted import account_json, print_account
from civicstat.cli.opened import declared, hint_judge, require_project
from civicstat.errors import CivicstatError

if TYPE_CHECKING:
    from civicstat.editions import Account, DatasetInfo, Edition
    from civicstat.spec import Goal, Metric, Project
    from civicstat.warehouse import LoadReport

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("metric", metavar="METRIC")
    parser.add_argument("--period", metavar="P", default="", help="whose rows are counted (default: any period)")
    parser.add_argument("--by", metavar="DIM", default="", help="count the rows of each member of a dimension")
    parser.add_argument("--engine", choices=("duckdb", "postgresql"), default="duckdb", help="whose SQL to print")
    parser.add_argument("--json", action="store_true", help="print one object")


def run(args: argparse.Namespace) -> int:
    """Print the explanation of the metric as it is declared now; only the account of its rows needs an edition."""
    from civicstat.editions import explain_metric
    from civicstat.spec import datasets_behind, load_project

    require_project(args.project)
    project = load_project(args.project)
    metric = declared(project, args.metric)
    edition = _last_edition(project, needed=bool(args.period or args.by))
    behind = datasets_behind(metric, project.metrics)
    known = edition.catalogue.datasets if edition else {}
    loaded = {name: known[name] for name in behind if name in known}
    as_of = max((date.fromisoformat(item.as_of[:10]) for item in loaded.values() if item.as_of), default=None)
    today = datetime.now(ZoneInfo(project.city.time_zone)).date()
    explanation = explain_metric(metric, project, as_of or today, args.engine)
    counted = explanation.counted[project.city.languages[0]]
    asked = metric.dataset or args.period or args.by
    account = _account(project, edition, args) if edition and asked else None
    if args.json:
        rows = account_json(*account, args.period) if account else None
        body = {"metric": metric.name, "counted": list(counted), "sql": explanation.sql, "rows": rows}
        print(json.dumps(body, ensure_ascii=False, indent=1))
        return 0
    parts = (
        _head(project, metric),
        "\n".join(counted),
        _goal(project, metric),
        _lineage(project, metric, behind, loaded, account is None),
    )
    print("\n\n".join(part for part in parts if part), end="\n\n")
    if account:
        print_account(*account, args.period)
        print()
    print(f"Declared as:\n{metric.source.rstrip()}\n\nSQL:\n{explanation.sql}")
    if edition:
        hint_judge(edition, metric.name)
    return 0


def _account(
    project: Project, edition: Edition, args: argparse.Namespace
) -> tuple[LoadReport, Sequence[Account]] | None:
    """Return which rows are counted; where nobody asked for them, None with a word why it cannot be said."""
    from civicstat.editions import Folder, account_of, open_draft

    try:
        with open_draft(project, Folder(project.root), edition.manifest, [args.metric]) as draft:
            return account_of(draft, args.metric, args.period, args.by)
    except CivicstatError as error:
        if args.period or args.by:
            raise
        print(f"{error}\n", file=sys.stderr)
        return None


def _last_edition(project: Project, *, needed: bool) -> Edition | None:
    """Return the current edition, None where there is none yet and it is not ``needed``."""
    from civicstat.editions import Store

    try:
        return Store(project.root, office=True).current()
    except CivicstatError:
        if needed:
            raise
        return None


def _head(project: Project, metric: Metric) -> str:
    from civicstat.words import pick

    lang = project.city.languages[0]
    why = f"\n{pick(metric.why, lang)}" if metric.why else ""
    return f"{metric.name}: {pick(metric.title, lang)}{why}"


def _goal(project: Project, metric: Metric) -> str:
    from civicstat.words import pick

    lang = project.city.languages[0]
    lines = []
    for goal in metric.goals:
        source = f" ({pick(goal.authority, lang)})" if goal.authority else ""
        judged = goal.judge.replace("_", " ")
        dates = "".join(f", {word} {day}" for word, day in (("from", goal.begins), ("through", goal.ends)) if day)
        lines.append(f"Goal: {_promised(project, metric, goal, lang)}, judged by {judged}{dates}{source}")
    return "\n".join(lines)


def _promised(project: Project, metric: Metric, goal: Goal, lang: str) -> str:
    """Return what a goal asks for, of one that moves in its own words, and how what is due of it grows."""
    from civicstat.words import capital, goal_text, pace_text, pick, plain, plan_text

    other = project.metrics.get(str(goal.plan.get("metric", "")))
    title = pick(other.title, lang) if other else ""
    moves = plan_text(goal.plan, metric.better, metric.unit, 2, lang, title)
    said = [capital(moves, lower=True)] if moves else []
    if isinstance(goal.target, int | float | tuple):
        said = [goal_text(goal.target, metric.better, metric.unit, 2, lang)]
    for by, members in goal.slices.items():
        levels = (f"{name} {goal_text(level, metric.better, metric.unit, 2, lang)}" for name, level in members.items())
        said.append(f"of {by} {', '.join(levels)}")
    if goal.pace:
        said.append(capital(pace_text(goal.pace, lang), lower=True))
    return plain("; ".join(said))


def _lineage(
    project: Project, metric: Metric, behind: Sequence[str], loaded: Mapping[str, DatasetInfo], counts: bool
) -> str:
    from civicstat.spec import operands_of
    from civicstat.words import pick

    departments = [name for name, item in project.departments.items() if metric.name in item.metrics]
    made_of = dict.fromkeys(item.metric for item in operands_of(metric.body))
    lines = [f"Made of: {', '.join(made_of)}"] if made_of else []
    for dataset in (project.datasets[name] for name in behind):
        title = pick(dataset.title, project.city.languages[0])
        query = dataset.source.query
        of = dataset.source.file if query is None else f"the rows of {', '.join(query.datasets)}: {dataset.source.sql}"
        lines.append(f"Records: {dataset.name} ({title}), from {of}")
        if info := loaded.get(dataset.name):
            names = ("read", "loaded", "duplicates", "quarantined")
            lines += ["  " + ", ".join(f"{what} {getattr(info, what):,}" for what in names)] if counts else []
            lines.append(f"  as of {info.as_of}, complete through {info.complete_through or 'no day'}")
    lines += [f"Departments: {', '.join(departments) or 'none'}", f"Worked examples: {len(metric.tests)}"]
    return "\n".join(lines)
