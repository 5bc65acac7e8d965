"""What metrics made of metrics stand on, once all are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from civicstat.spec.expr import Aggregate, Call, Column, Expr, Literal, walk
from civicstat.spec.kinds import (
    Change,
    Cumulative,
    Equivalent,
    Formula,
    Made,
    Quotient,
    Ratio,
    RowBody,
    Share,
    Simple,
    Snapshot,
    Stock,
    Within,
    operands_of,
)
from civicstat.spec.model import Break, Dataset, Metric

__all__ = [
    "adds_up",
    "adds_up_over_time",
    "arithmetic",
    "beneath",
    "break_between",
    "datasets_behind",
    "is_level",
    "is_sum",
    "needed_for",
    "pools",
]

_LEVELS = ("stock", "snapshot")


def adds_up(metric: Metric, metrics: Mapping[str, Metric]) -> bool:
    """Return whether the parts of a metric add up to its total: a count or a sum, or such made of such."""
    match metric.body:
        case Simple(measure=measure) | Stock(measure=measure) | Snapshot(measure=measure):
            return is_sum(measure)
        case Formula(expr=expr, operands=operands):
            inner = {item.name: metrics[item.metric] for item in operands if item.metric in metrics}
            return _linear(expr, lambda leaf: isinstance(leaf, Column) and adds_up(inner[leaf.name], metrics))
        case Change(metric=metric_name, how="difference", against=(_,)) | Cumulative(metric=metric_name, how="total"):
            return metric_name in metrics and adds_up(metrics[metric_name], metrics)
        case Equivalent(metric=metric_name, others=others) if not others:
            return metric_name in metrics and adds_up(metrics[metric_name], metrics)
    return False


def is_sum(measure: Expr) -> bool:
    """Return whether a measure of rows is the sum of what it is of any parts of them."""
    return _linear(measure, lambda leaf: isinstance(leaf, Aggregate) and _sums(leaf))


def pools(metric: Metric) -> float | None:
    """Return by what a quotient of two counts or sums is multiplied; None for any other metric."""
    match metric.body:
        case Ratio(numerator=top, denominator=under, per=per):
            sides = (top.measure, under.measure)
            return per if all(map(is_sum, sides)) else None
        case Within():
            return 100.0
    return None


def is_level(metric: Metric) -> bool:
    """Return whether a metric says how much there is at a time, not what happens in one: it holds until the next."""
    return metric.body.type in _LEVELS or bool(metric.dataset and metric.time is None)


def adds_up_over_time(metric: Metric, metrics: Mapping[str, Metric]) -> bool:
    """Return whether the number of a year is the sum of those of its months: what flows, not what is there."""
    behind = needed_for([metric], metrics)
    return adds_up(metric, metrics) and not any(
        is_level(item) or isinstance(item.body, Change | Cumulative) for item in behind
    )


def arithmetic(body: RowBody | Made) -> str:
    """Return what is done with the numbers that a metric is made of, as a formula."""
    match body:
        case Formula(text=text):
            return text
        case Share(metric=metric, of=of):
            whole = f"{{{metric}}} where {of[0]} = '{of[1]}'" if of else f"{{{metric}}} in total"
            return f"100 * {{{metric}}} / ({whole})"
        case Change(metric=metric, against=against, how=how, member=member):
            thens = [f"({{{metric}}} where {member[0]} = '{member[1]}')"] if member else []
            thens += [f"{{{metric}@{shift}}}" for shift in against]
            return "; ".join(_changed(f"{{{metric}}}", then, how) for then in thens)
        case Equivalent(metric=metric, factors=factors):
            return f"{{{metric}}} * " + " or ".join(f"{item.value:.15g}" for item in factors)
        case Quotient(numerator=top, denominator=under, per=per, annual=annual):
            return f"{per:g} * {{{top}}} / {{{under}}}" + (" * days of the year / days of the period" if annual else "")
        case Cumulative(metric=metric, over=over, how=how):
            what = {"total": "sum", "average": "avg"}[how]
            span = f"last {over} periods" if isinstance(over, int) else over.replace("_", " ")
            return f"{what}({{{metric}}}) over {span} to date"
    raise ValueError("it is made of no other metrics")


def needed_for(chosen: Iterable[Metric], metrics: Mapping[str, Metric]) -> list[Metric]:
    """Return metrics with all that they are made of, each behind what it is made of."""
    found: dict[str, Metric] = {}

    def add(metric: Metric) -> None:
        for operand in operands_of(metric.body):
            if operand.metric not in found:
                add(metrics[operand.metric])
        found[metric.name] = metric

    for metric in chosen:
        if metric.name not in found:
            add(metric)
    return list(found.values())


def datasets_behind(metric: Metric, metrics: Mapping[str, Metric]) -> tuple[str, ...]:
    """Return the datasets whose rows a metric stands on, at first or second hand."""
    if metric.dataset:
        return (metric.dataset,)
    found = (name for item in operands_of(metric.body) for name in datasets_behind(metrics[item.metric], metrics))
    return tuple(dict.fromkeys(found))


def beneath(dataset: str, datasets: Mapping[str, Dataset]) -> tuple[str, ...]:
    """Return a dataset and all that its rows are made of, each behind what it is made of."""
    found: dict[str, None] = {}

    def add(name: str) -> None:
        query = datasets[name].source.query
        for other in query.datasets if query else ():
            if other not in found:
                add(other)
        found[name] = None

    add(dataset)
    return tuple(found)


def _changed(now: str, then: str, how: str) -> str:
    by_how = {"percent": f"100 * ({now} - {then}) / abs({then})", "ratio": f"{now} / {then}"}
    return by_how.get(how, f"{now} - {then}")


def _sums(leaf: Aggregate) -> bool:
    return leaf.name in ("count", "sum") and not leaf.distinct


def _linear(expr: Expr, leaf: Callable[[Expr], bool]) -> bool:
    match expr:
        case Call(name="add" | "sub", args=(one, other)):
            return _linear(one, leaf) and _linear(other, leaf)
        case Call(name="neg", args=(one,)):
            return _linear(one, leaf)
        case Call(name="mul", args=(one, other)):
            return (_linear(one, leaf) and _fixed(other)) or (_fixed(one) and _linear(other, leaf))
        case Call(name="div", args=(one, other)):
            return _linear(one, leaf) and _fixed(other)
    return leaf(expr)


def _fixed(expr: Expr) -> bool:
    return all(isinstance(part, Literal | Call) for part in walk(expr))


def break_between(breaks: Iterable[Break], earlier: date | None, end: date | None) -> Break | None:
    """Return the first break that forbids to hold a period that ends before ``end`` against one begun ``earlier``."""
    if earlier is None or end is None:
        return None
    return next((item for item in breaks if item.compare == "refuse" and earlier < item.on < end), None)
