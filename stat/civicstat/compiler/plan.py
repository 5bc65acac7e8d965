"""Fused plans: one SELECT per dataset and time column, for every metric, grain and declared slice on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.constructs import period_start
from civicstat.compiler.counting import Counting, Scope, counting, time_column
from civicstat.compiler.members import member_of
from civicstat.compiler.recipe import Merge, Parts, Recipe, recipe
from civicstat.compiler.row import AsOfValue
from civicstat.period import FiscalYear
from civicstat.spec import Metric, Project, Stock

__all__ = [
    "LONGER",
    "Plan",
    "Reach",
    "Window",
    "group_metrics",
    "grouped",
    "longer_grains",
    "plan_rows",
    "scope_for",
    "split",
]

Sql = ColumnElement[Any]

LONGER = ("quarter", "year", "fiscal_quarter", "fiscal_year", "all")
"""The grains kept beside a metric's own; a grain not longer than the metric's own is left out."""


Moment = datetime | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Which rows are read: those of the half-open ``spans`` of time (None: no bound), with or without ``undated``."""

    spans: tuple[tuple[Moment, Moment], ...]
    undated: bool = True

    @classmethod
    def until(cls, end: datetime, *, undated: bool = True) -> Reach:
        """Return everything before ``end``."""
        return cls(((None, end),), undated)

    def condition(self, moment: Sql) -> Sql:
        """Return whether a row of this ``moment`` is read."""
        inside = [sa.and_(sa.true(), *_bounds(moment, *span)) for span in self.spans]
        return sa.or_(*([moment.is_(sa.null())] if self.undated else []), *inside)


@dataclass(frozen=True, slots=True)
class Window:
    """One grouping of a plan: a grain of a base grain, and the dimension it is split by ('' for the total)."""

    base: str
    grain: str
    dimension: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A fused SELECT and how to read its rows.

    The result has one row a group: ``grouping`` (which of ``windows``, as a bit mask over ``keys``), the key columns
    (a DATE for a period, 0 for ``all``, text for a slice member) and the parts ``p0``, ``p1``, …, of which ``merges``
    says how those of longer periods follow from them.
    """

    dataset: str
    windows: Mapping[int, Window]
    keys: tuple[str, ...]
    recipes: Mapping[str, Recipe]
    merges: Mapping[str, Merge]
    select: sa.Select[Any]


def longer_grains(base: str, fiscal_year: FiscalYear) -> tuple[str, ...]:
    """Return the grains kept beside ``base``: those it fits into without a rest, and ``all``.

    >>> longer_grains("month", FiscalYear(7))
    ('quarter', 'year', 'fiscal_quarter', 'fiscal_year', 'all')
    >>> longer_grains("quarter", FiscalYear(7)), longer_grains("quarter", FiscalYear(6))
    (('year', 'fiscal_year', 'all'), ('year', 'all'))
    """
    aligned = fiscal_year.first_month % 3 == 1
    years = {"quarter": ("year", "fiscal_year"), "fiscal_quarter": ("fiscal_year", "year")}
    if base in years:
        return (*years[base][: 2 if aligned else 1], "all")
    if base in ("year", "fiscal_year", "all"):
        return ("all",) if base != "all" else ()
    return LONGER


def scope_for(project: Project, name: str, table: sa.FromClause, as_of: AsOfValue | None) -> Scope:
    """Return the scope of a dataset over its table."""
    dataset = project.datasets[name]
    columns = {column: table.c[column] for column in dataset.types()}
    return Scope(dataset, columns, as_of, project.city.fiscal_year)


def group_metrics(metrics: Iterable[Metric]) -> dict[tuple[str, str | None, str], list[Metric]]:
    """Return the metrics that one scan serves together, by dataset, time and grain; stocks have plans of their own."""
    groups: dict[tuple[str, str | None, str], list[Metric]] = defaultdict(list)
    for metric in metrics:
        if not isinstance(metric.body, Stock):
            groups[metric.dataset, time_column(metric), metric.period].append(metric)
    return dict(groups)


def plan_rows(
    metrics: Sequence[Metric],
    project: Project,
    table: sa.FromClause,
    as_of: AsOfValue | None,
    reach: Reach,
    grain: str | None = None,
) -> Plan:
    """Return the fused plan of metrics that share dataset, time and grain; ``grain``: a longer one than their own."""
    time = time_column(metrics[0])
    base = metrics[0].period if time else "all"
    scope = scope_for(project, metrics[0].dataset, table, as_of)
    window = Window(base, grain or base, "")
    keys: dict[str, Sql] = {window.grain: _period_key(scope, time, window.grain, project)}
    windows: dict[tuple[str, ...], Window] = {}
    for metric in metrics:
        windows |= split(keys, scope, window.grain, window, metric)
    rows = reach.condition(scope.columns[time]) if time else None
    return grouped(metrics, project, scope, sa.select().select_from(table), rows, keys, windows)


def split(
    keys: dict[str, Sql], scope: Scope, period: str, window: Window, metric: Metric
) -> dict[tuple[str, ...], Window]:
    """Return the groupings of one grain, the total and each dimension, adding the members' keys to ``keys``."""
    made: dict[tuple[str, ...], Window] = {(period,): window}
    for item in metric.dimensions:
        keys.setdefault(f"by_{item.by}", member_of(item, scope))
        made[period, f"by_{item.by}"] = Window(window.base, window.grain, item.by)
    return made


def grouped(
    metrics: Sequence[Metric],
    project: Project,
    scope: Scope,
    select: sa.Select[Any],
    rows: Sql | None,
    keys: Mapping[str, Sql],
    windows: Mapping[tuple[str, ...], Window],
    count: Callable[[Metric, Scope], Counting] = counting,
) -> Plan:
    """Return the plan of one scan, once for every grouping.

    Below the grouping each row gets its keys and conditions as columns: engines group by plain columns, never by bound
    expressions, and a condition that several aggregates share is decided once. ``count`` says which rows count.
    """
    columns = {f"k_{name}": key for name, key in keys.items()}
    texts: dict[str, str] = {}

    def name(metric: str) -> Callable[[str, Sql], Sql]:
        def column(role: str, condition: Sql) -> Sql:
            text = str(condition.compile(compile_kwargs={"literal_binds": True}))
            label = texts.setdefault(text, _free(f"{role}_{metric}", scope.columns))
            columns[label] = condition
            return sa.column(label, condition.type)

        return column

    found = {metric.name: count(metric, scope).named(name(metric.name)) for metric in metrics}
    inner = select.add_columns(*scope.columns.values(), *(item.label(label) for label, item in columns.items()))
    source = (inner if rows is None else inner.where(rows)).subquery("counted")
    outer = scope_for(project, scope.dataset.name, source, scope.as_of)
    parts = Parts()
    recipes = {metric.name: recipe(metric, outer, found[metric.name], parts) for metric in metrics}

    named = {key: source.c[f"k_{key}"] for key in keys}
    total = sa.select(
        sa.func.grouping(*named.values(), type_=sa.BigInteger()).label("grouping"),
        *(column.label(f"k_{key}") for key, column in named.items()),
        *(part.label(label) for label, part in parts.columns.items()),
    ).select_from(source)
    groups = [[named[key] for key in group] for group in windows]
    sets = groups[0] if len(groups) == 1 else [sa.func.grouping_sets(*(sa.tuple_(*group) for group in groups))]
    masks = {
        sum(1 << (len(named) - 1 - place) for place, key in enumerate(named) if key not in group): window
        for group, window in windows.items()
    }
    return Plan(scope.dataset.name, masks, tuple(keys), recipes, parts.merges, total.group_by(*sets))


def _free(label: str, taken: Container[str]) -> str:
    """A column of the dataset keeps its name."""
    return f"_{label}" if label in taken else label


def _period_key(scope: Scope, time: str | None, grain: str, project: Project) -> Sql:
    if time is None or grain == "all":
        everything: Sql = sa.literal_column("0")
        return everything
    return period_start(scope.columns[time], grain, project.city.fiscal_year, project.city.week_start)


def _bounds(moment: Sql, start: Moment, end: Moment) -> list[Sql]:
    first = [] if start is None else [moment >= sa.literal(start, sa.DateTime())]
    return first if end is None else [*first, moment < sa.literal(end, sa.DateTime())]
