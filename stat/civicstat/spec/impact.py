"""What rests on a column: every declaration that names it, itself or through columns computed from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from civicstat.spec.behind import needed_for
from civicstat.spec.expr import Column, Expr, walk
from civicstat.spec.kinds import (
    Conversion,
    Distinct,
    DueColumn,
    Duration,
    LimitBy,
    Ratio,
    Recurrence,
    Simple,
    Snapshot,
    Stock,
    Within,
    operands_of,
)
from civicstat.spec.model import Dataset, Metric, Project

__all__ = ["Use", "uses_of"]

What = Literal["column", "dataset", "check", "metric", "goal", "page"]


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that rests on a column: ``how`` it names it, ``through`` which computed columns, in their order.

    Of a metric that does not name the column, ``how`` says what its dataset does with it.
    """

    what: What
    name: str
    how: str
    through: tuple[str, ...] = ()


def uses_of(project: Project, dataset: str, column: str) -> list[Use]:
    """Return all that rests on a column of a dataset, from computed columns to pages."""
    item = project.datasets[dataset]
    affected = _computed(item, column)
    uses = [Use("column", name, "computed from it", way[:-1]) for name, way in affected.items() if way]
    of_rows: list[Use] = []
    for name, way in affected.items():
        of_rows += [Use("dataset", dataset, how, way) for how in _of_dataset(item, name)]
        uses += [Use("check", f"{dataset}: {number + 1}", how, way) for number, how in _of_checks(item, name)]
    uses += of_rows
    every = list(dict.fromkeys((use.how, use.through) for use in of_rows if use.how in _MOVES_ALL))
    hit: dict[str, Metric] = {}
    for metric in project.metrics.values():
        if metric.dataset != dataset:
            continue
        found = [
            Use("metric", metric.name, how, way) for name, way in affected.items() for how in _of_metric(metric, name)
        ]
        found += [Use("metric", metric.name, f"{how} of its dataset", way) for how, way in every]
        if found:
            hit[metric.name] = metric
            uses += found
    for metric in needed_for(project.metrics.values(), project.metrics):
        made_of = dict.fromkeys(item.metric for item in operands_of(metric.body) if item.metric in hit)
        if made_of:
            hit[metric.name] = metric
            uses.append(Use("metric", metric.name, f"made of {', '.join(made_of)}"))
    uses += [Use("goal", name, "judges that metric") for name, metric in hit.items() if metric.goal is not None]
    uses += _pages(project, item, hit)
    for name, way in affected.items():
        uses += _selected(project, dataset, name, way)
    return list(dict.fromkeys(uses))


def _selected(project: Project, dataset: str, column: str, through: tuple[str, ...]) -> Iterator[Use]:
    """Yield what rests on a column by way of the queries that read it."""
    for name, other in project.datasets.items():
        query = other.source.query
        if query is None or dataset not in query.datasets:
            continue
        shown: dict[str, None] = {}
        decides = False
        for select in query.selects:
            called = {f"{item.name}.{column}" for item in select.sources if item.dataset == dataset}
            hit = {part for part in called if any(_names(expr, part) for expr in select.exprs())}
            if hit:
                shown |= dict.fromkeys(
                    made
                    for made, expr in zip(query.columns, select.items, strict=True)
                    if any(_names(expr, part) for part in hit)
                )
                rest = tuple(select.exprs())[len(select.items) :]
                decides |= any(_names(expr, part) for expr in rest for part in hit) or select.distinct
        if shown or decides:
            yield Use("dataset", name, "select", through)
        for made in shown:
            yield from uses_of(project, name, made)
        if decides:
            yield from (
                Use("metric", metric.name, "select of its dataset", through)
                for metric in project.metrics.values()
                if metric.dataset == name
            )


_MOVES_ALL = ("key", "keep", "as_of")
"""What a dataset says of a column that decides for every metric which rows there are, or when they are known."""


def _computed(dataset: Dataset, column: str) -> dict[str, tuple[str, ...]]:
    """Return the column, and each computed from it with the way from there, itself last."""
    affected: dict[str, tuple[str, ...]] = {column: ()}
    for name, item in dataset.derive.items():
        source = next((affected[used] for used in affected if _names(item.expr, used)), None)
        if source is not None:
            affected[name] = (*source, name)
    return affected


def _of_dataset(dataset: Dataset, column: str) -> Iterator[str]:
    keep = dataset.keep.columns if dataset.keep else ()
    named = {
        "key": dataset.key,
        "keep": keep,
        "time": (dataset.time,),
        "as_of": dataset.as_of.columns,
        "records: columns": dataset.records.columns,
        "records: public": dataset.records.public,
    }
    yield from (how for how, columns in named.items() if column in columns)


def _of_checks(dataset: Dataset, column: str) -> Iterator[tuple[int, str]]:
    for number, check in enumerate(dataset.checks):
        if column in check.columns or _names(check.expr, column):
            yield number, check.kind


def _of_metric(metric: Metric, column: str) -> Iterator[str]:
    if metric.time == column:
        yield "time"
    if _names(metric.where, column):
        yield "where"
    yield from _of_body(metric, column)
    yield from (f"dimensions: {item.by}" for item in metric.dimensions if column in item.columns)
    if metric.privacy and column in metric.privacy.dimensions:
        yield "privacy: dimensions"
    if any(column in row for test in metric.tests for row in test.rows):
        yield "tests"


def _of_body(metric: Metric, column: str) -> Iterator[str]:
    match metric.body:
        case Simple(measure=measure) | Snapshot(measure=measure):
            yield from ("measure",) if _names(measure, column) else ()
        case Ratio(numerator=top, denominator=under):
            for name, side in (("numerator", top), ("denominator", under)):
                yield from (name,) if _names(side.measure, column) or _names(side.where, column) else ()
        case Within(start=start, end=end, limit=limit):
            yield from (how for how, named in (("from", start), ("to", end)) if named == column)
            if isinstance(limit, DueColumn | LimitBy) and limit.column == column:
                yield "limit"
        case Duration(start=start, end=end, measure=measure):
            yield from (how for how, named in (("from", start), ("to", end)) if named == column)
            yield from ("measure",) if _names(measure, column) else ()
        case Distinct(entity=entity):
            yield from ("entity",) if entity == column else ()
        case Conversion(entity=entity, base=base, then=then):
            yield from ("entity",) if entity == column else ()
            yield from (how for how, part in (("base", base), ("then", then)) if _names(part, column))
        case Recurrence(entity=entity, measure=measure):
            yield from ("entity",) if entity == column else ()
            yield from ("measure",) if _names(measure, column) else ()
        case Stock(opened=opened, closed=closed, measure=measure):
            yield from (how for how, named in (("opened", opened), ("closed", closed)) if named == column)
            yield from ("measure",) if _names(measure, column) else ()


def _pages(project: Project, dataset: Dataset, hit: dict[str, Metric]) -> Iterator[Use]:
    """Yield the public pages on which something may be another."""
    public = {name for name, metric in hit.items() if metric.visibility == "public"}
    yield from (Use("page", f"/m/{name}", "the metric") for name in hit if name in public)
    for name, department in project.departments.items():
        listed = [metric for metric in department.metrics if metric in public]
        if listed:
            yield Use("page", f"/d/{name}", "lists " + ", ".join(listed))
    if any(hit[name].goal for name in public):
        yield Use("page", "/goals", "lists the goal")
    if any(metric.dataset == dataset.name and metric.visibility == "public" for metric in project.metrics.values()):
        yield Use("page", f"/data/{dataset.name}", "the dataset")


def _names(expr: Expr | None, column: str) -> bool:
    return expr is not None and any(isinstance(part, Column) and part.name == column for part in walk(expr))
