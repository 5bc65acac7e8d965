"""The SQL of one metric, for people: its own grain, the total only, literals in place, each part explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from civicstat.compiler.business import LISTS, lists_of
from civicstat.compiler.passed import offset_lists
from civicstat.compiler.plan import Plan, Reach, plan_rows
from civicstat.compiler.row import SQL_TYPES, AsOfValue
from civicstat.compiler.stock import Ending, flows_of, plan_ends, plan_flow, runs
from civicstat.compiler.windows import plan_windows
from civicstat.spec import City, Column, Expr, Metric, Project, Recurrence, Stock, pretty_sql, walk

__all__ = ["explain_sql"]


def explain_sql(
    metric: Metric,
    project: Project,
    dialect: Dialect,
    as_of: AsOfValue,
    ending: Ending,
    lay_out: Callable[[str], str] = pretty_sql,
) -> str:
    """Return the query of ``metric`` in the engine's own words, over a table named as its dataset.

    ``ending`` is the period end at which a stock is shown. The comments say which part is what; the value is their
    arithmetic. ``lay_out`` gives what ``pretty_sql`` does.
    """
    dataset = project.datasets[metric.dataset]
    table = sa.table(dataset.name, *(sa.column(name, SQL_TYPES[kind]) for name, kind in dataset.types().items()))
    plain, lists = replace(metric, dimensions=()), _lists(project.city)
    if isinstance(metric.body, Stock) and runs(metric):
        flows = [plan_flow([plain], project, table, as_of, ending.cut, flow) for flow in flows_of(metric.body)]
        less = ", less rows closed so far" if metric.body.closed else ""
        head = f"-- open at a period's end: rows opened so far{less}"
        return "\n\n".join([head, *(_text(flow, metric, dialect, lists, lay_out) for flow in flows)])
    if isinstance(metric.body, Stock):
        return _text(plan_ends([plain], project, table, as_of, [ending]), metric, dialect, lists, lay_out)
    if isinstance(metric.body, Recurrence):
        return _text(plan_windows([plain], project, table, as_of, [ending]), metric, dialect, lists, lay_out)
    plan = plan_rows([plain], project, table, as_of, Reach.until(ending.cut))
    return _text(plan, metric, dialect, lists, lay_out)


def _text(plan: Plan, metric: Metric, dialect: Dialect, lists: Mapping[str, str], lay_out: Callable[[str], str]) -> str:
    recipe = plan.recipes[metric.name]
    notes = {recipe.n: ["rows counted"]}
    for side, expr in (("numerator", recipe.numerator), ("denominator", recipe.denominator)):
        for label in _labels(expr):
            notes.setdefault(label, []).append(side if recipe.denominator is not None else "value")
    for label in plan.curves:
        notes[label].append("times of finished rows, then of open ones: the curve of Kaplan and Meier is read in them")
    if recipe.still_open:
        notes.setdefault(recipe.still_open, []).append("still open, and counted")
    if recipe.pending:
        notes.setdefault(recipe.pending, []).append("not decided yet")
    for reason, label in recipe.aside.items():
        notes.setdefault(label, []).append(f"set aside: {reason.replace('_', ' ')}")
    comments = [f"-- {label}: {', '.join(dict.fromkeys(words))}" for label, words in sorted(notes.items())]
    compiled = str(_plain(plan.select).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    for word, text in lists.items():
        compiled = compiled.replace(text, word)
    return "\n".join([*comments, lay_out(compiled)])


def _lists(city: City) -> dict[str, str]:
    """Return by a name for people the long lists that a query may hold."""
    working = city.business_days
    named = dict(zip(LISTS, lists_of(working), strict=True)) if working else {}
    return named | offset_lists(city.time_zone, end=False) | offset_lists(city.time_zone, end=True)


def _plain(select: sa.Select[Any]) -> sa.Select[Any]:
    """Leave out the mark that tells groupings apart: here there is one."""
    return select.with_only_columns(*(column for column in select.selected_columns if column.key != "grouping"))


def _labels(expr: Expr | None) -> list[str]:
    return [part.name for part in walk(expr) if isinstance(part, Column)] if expr is not None else []
