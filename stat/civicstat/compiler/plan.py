"""Fused plans: one SELECT per dataset and time column, for every metric, grain and declared slice on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.conditions import Counting, Scope
from civicstat.compiler.constructs import over, period_start
from civicstat.compiler.counting import counting, recorded, time_column
from civicstat.compiler.members import member_of
from civicstat.compiler.recipe import Merge, Parts, Recipe, recipe
from civicstat.compiler.row import AsOfValue
from civicstat.period import longer_grains
from civicstat.spec import Metric, Project, Recurrence, Stock

__all__ = [
    "Groups",
    "Plan",
    "Reach",
    "Window",
    "group_metrics",
    "grouped",
    "longer_grains",
    "period_key",
    "plan_rows",
    "scope_for",
]

Sql = ColumnElement[Any]

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
    """One grouping of a plan: a grain of a base grain, and what it is split by ('' for the total).

    ``dimension`` are the labels of the member keys, a comma between: equal labels are equal ways to split.
    """

    base: str
    grain: str
    dimension: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A fused SELECT and how to read its rows.

    The result has one row a group: ``grouping`` (which of ``windows``, as a bit mask over ``keys``), the key columns
    (a DATE for a period, 0 for ``all``, text for a slice member) and the parts ``p0``, ``p1``, …, of which ``merges``
    says how those of longer periods follow from them. ``beside`` are the plans of the windows that count a row once
    for each of its members; their parts have the same labels. Of ``curves``, which are two lists of
    times, what is kept is when the share of each is finished.
    """

    dataset: str
    windows: Mapping[int, Window]
    keys: tuple[str, ...]
    recipes: Mapping[str, Recipe]
    merges: Mapping[str, Merge]
    select: sa.Select[Any]
    beside: tuple[Plan, ...] = ()
    curves: Mapping[str, float] = field(default_factory=dict)


def scope_for(project: Project, name: str, table: sa.FromClause, as_of: AsOfValue | None) -> Scope:
    """Return the scope of a dataset over its table."""
    dataset = project.datasets[name]
    columns = {column: table.c[column] for column in dataset.types()}
    return Scope(dataset, columns, as_of, project.city.fiscal_year, project.city.business_days, project.city.time_zone)


def group_metrics(metrics: Iterable[Metric]) -> dict[tuple[str, str | None, str], list[Metric]]:
    """Return the metrics that one scan serves together, by dataset, time and grain.

    Stocks and windows have plans of their own.
    """
    groups: dict[tuple[str, str | None, str], list[Metric]] = defaultdict(list)
    for metric in metrics:
        if not isinstance(metric.body, Stock | Recurrence):
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
    key = period_key(scope, time, window.grain, project)
    groups = Groups({window.grain: key})
    plain = {metric.name: counting(metric, scope) for metric in metrics}
    for metric in metrics:
        groups.add(metric, scope, window, plain[metric.name].builtin)
    rows = reach.condition(scope.columns[time]) if time else None

    def count(metric: Metric, scope: Scope) -> Counting:
        found = recorded(metric, scope)
        return plain[metric.name] if found is None else counting(metric, scope, over(found, key))

    return grouped(metrics, project, scope, sa.select().select_from(table), rows, groups, count)


@dataclass(slots=True)
class Groups:
    """What the metrics of a plan are grouped by: the keys, and the windows over them with the metrics that ask.

    ``several`` are the keys by which a row may be in more than one group. ``splits``: metric and dimension → the
    dimension of its windows.
    """

    keys: dict[str, Sql] = field(default_factory=dict)
    windows: dict[tuple[str, ...], Window] = field(default_factory=dict)
    asked: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    several: set[str] = field(default_factory=set)
    splits: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, metric: Metric, scope: Scope, total: Window, builtin: Mapping[str, Sql]) -> None:
        """Add the windows of a metric, its total and each dimension; the key of the grain is there."""
        self._window((total.grain,), total, metric)
        for item in metric.dimensions:
            members = [member_of(part, scope, builtin) for part in item.parts]
            for member in members:
                self.keys.setdefault(member.label, member.key)
                self.several |= {member.label} if member.several else set()
            labels = tuple(member.label for member in members)
            self.splits[metric.name][item.by] = ",".join(labels)
            self._window((total.grain, *labels), replace(total, dimension=",".join(labels)), metric)

    def _window(self, keys: tuple[str, ...], window: Window, metric: Metric) -> None:
        self.windows[keys] = window
        self.asked[keys].add(metric.name)

    def scans(self) -> Iterator[tuple[str, ...]]:
        """Yield the keys by which each scan repeats rows: none of them first, then each set that a window needs."""
        found = [tuple(key for key in keys if key in self.several) for keys in self.windows]
        yield ()
        yield from dict.fromkeys(keys for keys in found if keys)


def grouped(
    metrics: Sequence[Metric],
    project: Project,
    scope: Scope,
    select: sa.Select[Any],
    rows: Sql | None,
    groups: Groups,
    count: Callable[[Metric, Scope], Counting] = counting,
) -> Plan:
    """Return the plan of one scan, once for every grouping; ``count`` says which rows count.

    Below the grouping each row gets its keys and conditions as columns: engines group by plain columns, never by bound
    expressions, and a condition that several aggregates share is decided once.
    """
    conditions: dict[str, Sql] = {}
    texts: dict[str, str] = {}

    def name(metric: str) -> Callable[[str, Sql], Sql]:
        def column(role: str, condition: Sql) -> Sql:
            text = str(condition.compile(compile_kwargs={"literal_binds": True}))
            label = texts.setdefault(text, _free(f"{role}_{metric}", scope.columns))
            conditions[label] = condition
            return sa.column(label, condition.type)

        return column

    found = {metric.name: count(metric, scope).named(name(metric.name)) for metric in metrics}
    named = [item.label(label) for label, item in conditions.items()]
    inner = select if rows is None else select.where(rows)
    scans = [_scan(metrics, project, scope, inner, named, groups, found, repeated) for repeated in groups.scans()]
    return replace(scans[0], beside=tuple(scans[1:]))


def _scan(
    metrics: Sequence[Metric],
    project: Project,
    scope: Scope,
    select: sa.Select[Any],
    conditions: Sequence[Sql],
    groups: Groups,
    found: Mapping[str, Counting],
    repeated: tuple[str, ...],
) -> Plan:
    """Return the groupings that repeat rows by the keys ``repeated``, with the parts that their metrics ask for."""
    windows = {
        keys: window
        for keys, window in groups.windows.items()
        if tuple(key for key in keys if key in groups.several) == repeated
    }
    keys = {key: item for key, item in groups.keys.items() if any(key in group for group in windows)}
    grouping = [item.label(f"k_{key}") for key, item in keys.items()]
    source = select.add_columns(*scope.columns.values(), *grouping, *conditions).subquery("counted")
    outer = scope_for(project, scope.dataset.name, source, scope.as_of)
    parts = Parts()
    recipes = {
        metric.name: replace(recipe(metric, outer, found[metric.name], parts), splits=groups.splits[metric.name])
        for metric in metrics
    }
    asked = {label for group in windows for metric in groups.asked[group] for label in recipes[metric].labels}
    named = {key: source.c[f"k_{key}"] for key in keys}
    total = sa.select(
        sa.func.grouping(*named.values(), type_=sa.BigInteger()).label("grouping"),
        *(column.label(f"k_{key}") for key, column in named.items()),
        *parts.selected(asked),
    ).select_from(source)
    sets: list[Any] = [[named[key] for key in group] for group in windows]
    sets = sets[0] if len(sets) == 1 else [sa.func.grouping_sets(*(sa.tuple_(*group) for group in sets))]
    masks = {
        sum(1 << (len(named) - 1 - place) for place, key in enumerate(named) if key not in group): window
        for group, window in windows.items()
    }
    return Plan(
        scope.dataset.name, masks, tuple(keys), recipes, parts.merges, total.group_by(*sets), curves=parts.curves
    )


def _free(label: str, taken: Container[str]) -> str:
    """A column of the dataset keeps its name."""
    return f"_{label}" if label in taken else label


def period_key(scope: Scope, time: str | None, grain: str, project: Project) -> Sql:
    """Return the first day of the period of a row; where there is one period alone, 0."""
    if time is None or grain == "all":
        everything: Sql = sa.literal_column("0")
        return everything
    return period_start(scope.columns[time], grain, project.city.fiscal_year, project.city.week_start)


def _bounds(moment: Sql, start: Moment, end: Moment) -> list[Sql]:
    first = [] if start is None else [moment >= sa.literal(start, sa.DateTime())]
    return first if end is None else [*first, moment < sa.literal(end, sa.DateTime())]
