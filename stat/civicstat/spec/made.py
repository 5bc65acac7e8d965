"""Metrics made of metrics: their bodies, and what they take over from what they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from civicstat.errors import Place, suggest
from civicstat.period import Calendar, FiscalYear, longer_grains
from civicstat.spec.basis import Basis, Find, one_metric
from civicstat.spec.cursor import Fields, Value, choices_text
from civicstat.spec.dimension import Dimension
from civicstat.spec.equivalent import read_equivalent
from civicstat.spec.expr import Column, walk
from civicstat.spec.expression import NOTHING, parse_formula
from civicstat.spec.formula import REFERENCE, SHIFTS, operand_of
from civicstat.spec.kinds import Change, Formula, Operand, Share
from civicstat.spec.model import Dataset, Metric
from civicstat.spec.over_time import read_change, read_cumulative
from civicstat.spec.quotient import read_quotient
from civicstat.spec.yaml_nodes import Scalar

__all__ = ["common_dimensions", "common_period", "read_made"]

_NO_METRIC = Formula(NOTHING, "", ())


def read_made(kind: str, fields: Fields, find: Find, calendar: Calendar) -> Basis:
    """Return what a metric is made of; metrics that cannot be had are left out, having been said."""
    match kind:
        case "derived":
            return _derived(fields, find)
        case "change":
            return read_change(fields, find, calendar)
        case "equivalent":
            return read_equivalent(fields, find)
        case "ratio":
            return read_quotient(fields, find)
        case "cumulative":
            return read_cumulative(fields, find)
        case _:
            return _share(fields, find)


def common_period(fields: Fields, metrics: Sequence[Metric], fiscal_year: FiscalYear) -> str:
    """Return the period that all metrics have: the one written, or their own where that is one and the same."""
    own = list(dict.fromkeys(metric.period for metric in metrics))
    shared = [
        grain
        for grain in dict.fromkeys(grain for one in own for grain in (one, *longer_grains(one, fiscal_year)))
        if all(grain in (one, *longer_grains(one, fiscal_year)) for one in own) and (grain != "all" or own == ["all"])
    ]
    value = fields.get("period")
    if value is None and len(own) == 1:
        return own[0]
    if value is not None and (not own or value.bare in shared):
        return value.bare
    mend = f"write `period: {shared[0]}`" if shared and value is None else ""
    expected = f"a period that all have: {choices_text(shared)}" if shared else "metrics that have a period in common"
    told = ", ".join(f"`{metric.name}` by {metric.period.replace('_', ' ')}" for metric in metrics)
    if metrics:
        (value or fields.value).fault("different-periods", expected, mend, told)
    return own[0] if own else "month"


def common_dimensions(fields: Fields, basis: Basis, datasets: Mapping[str, Dataset]) -> tuple[Dimension, ...]:
    """Return the ways to split that all metrics share, or of them those that are written, and those of its own."""
    body, metrics = basis.body, basis.metrics
    shared: list[Dimension] | None = None
    if metrics and isinstance(body, Share) and body.of:
        shared = _across(body.of[0], metrics[0], datasets)
    elif metrics and isinstance(body, Change) and body.member:
        by = body.member[0]
        itself = [item for item in metrics[0].dimensions if by in item.columns]
        known = {item.by: item for item in (*itself, *_across(by, metrics[0], datasets))}
        shared = [_titled(item, metrics[0], datasets) for item in known.values()]
    if shared is None:
        shared = [made for item in (metrics[0].dimensions if metrics else ()) if (made := _shared(item, metrics))]
        shared = [_titled(item, metrics[0], datasets) for item in shared]
    value = fields.get("dimensions")
    if value is None or not metrics:
        return (*shared, *basis.splits)
    by_name = {item.by: item for item in shared}
    chosen: dict[str, Dimension] = {}
    for item in value.items():
        name = ",".join(sorted(item.strings())) if item.is_list else item.string("the name of a dimension")
        if name in chosen:
            item.fault("named-twice", "each dimension once", found=f"`{name}` twice")
        elif name in by_name:
            chosen[name] = by_name[name]
        elif name:
            all_of = "all of " if len(metrics) > 1 else ""
            named = choices_text(metric.name for metric in metrics)
            listed = choices_text(by_name) if by_name else "none"
            expected = f"a dimension of {all_of}{named}: {listed}"
            item.fault("unknown-dimension", expected, suggest(name, by_name), f"`{name}`")
    return (*chosen.values(), *basis.splits)


def _derived(fields: Fields, find: Find) -> Basis:
    value, unit = fields.need("formula", 'arithmetic on metrics, as `formula: "{fires} / {residents}"`'), ""
    unit = fields.string("unit") or ""
    if value is None:
        return Basis(_NO_METRIC, unit, ())
    expr = parse_formula(value)
    names = list(dict.fromkeys(part.name for part in walk(expr) if isinstance(part, Column)))
    if expr is not NOTHING and not names:
        value.fault("not-a-formula", 'at least one metric, as `"{fires} / 12"`')
    operands: list[Operand] = []
    metrics: dict[str, Metric] = {}
    for name in names:
        operand, place = operand_of(name), _inside(value, name)
        if operand is None:
            word = name.partition("@")[2]
            value.notes.add(
                "unknown-word", value.path, place, f"`@{word}`",
                f"one of {choices_text(f'@{shift}' for shift in SHIFTS)}", suggest(word, SHIFTS),
            )  # fmt: skip
            continue
        operands.append(operand)
        found = find(value, operand.metric, place)
        if found:
            metrics[found.name] = found
    return Basis(Formula(expr, value.bare, tuple(operands)), unit, tuple(metrics.values()))


def _inside(value: Value, name: str) -> Place:
    for found in REFERENCE.finditer(value.bare):
        if found[1] == name and isinstance(value.node, Scalar):
            return value.node.inside(found.start(1), max(1, len(name)))
    return value.place


def _share(fields: Fields, find: Find) -> Basis:
    unit_value, metric = fields.get("unit"), one_metric(fields, find)
    if unit_value and unit_value.bare != "percent":
        unit_value.fault("unknown-word", "`percent`: a share is a part of the whole")
    goal = fields.get("goal") or fields.get("goals")
    if goal and goal.bare != "none":
        mend = "a ratio whose numerator has a `where` says how great one part is, and may have a goal"
        goal.fault("goal-on-a-whole", "no goal: the whole is always 100 %", mend, "a goal on a share")
    value = fields.need("of", "the whole, as `of: total` or `of: {district: North}`")
    of = _whole(value, metric) if value else None
    return Basis(Share(metric.name if metric else "", of), "percent", (metric,) if metric else ())


def _whole(value: Value, metric: Metric | None) -> tuple[str, str] | None:
    if value.bare == "total":
        return None
    entries = list(value.entries()) if value.is_map else []
    if len(entries) != 1:
        value.fault("not-a-whole", "`total`, or one member of a dimension, as `{district: North}`")
        return None
    [(by, member)] = entries
    crossed = dict.fromkeys(name for item in metric.dimensions if item.cross for name in item.columns) if metric else {}
    if metric and by not in crossed:
        expected = f"a dimension that `{metric.name}` crosses with another: {choices_text(crossed) or 'none'}"
        mend = suggest(by, crossed) or f"cross `{by}` with the dimension by which its parts are told apart"
        value.notes.add("not-a-cross", value.path, value.key_place(by), f"`{by}`", expected, mend)
    return by, member.string("a member of the dimension")


def _across(by: str, metric: Metric, datasets: Mapping[str, Dataset]) -> list[Dimension]:
    """Return how the one member of a dimension is split: the other column of each cross it is in."""
    crosses = [item for item in metric.dimensions if by in item.columns and item.cross]
    others = [part for item in crosses for part in item.cross if part.by != by]
    return [_titled(replace(part, min_n=0), metric, datasets) for part in others]


def _shared(item: Dimension, metrics: Sequence[Metric]) -> Dimension | None:
    """Return a dimension if all metrics are split by it in the same way; members of most rows are each one's own."""
    if len(metrics) == 1:
        return item
    if any(part.top is not None for part in item.parts):
        return None
    alike = [other for metric in metrics for other in metric.dimensions if _way(other) == _way(item)]
    return replace(item, min_n=max(other.min_n for other in alike)) if len(alike) == len(metrics) else None


def _way(item: Dimension) -> object:
    return item.by, sorted((part.by, part.bands, part.top, part.split) for part in item.parts)


def _titled(item: Dimension, metric: Metric, datasets: Mapping[str, Dataset]) -> Dimension:
    """Return a dimension that says what it is called, as its column does where it has no title of its own."""
    dataset = datasets.get(metric.dataset)
    parts = tuple(_titled(part, metric, datasets) for part in item.cross)
    return replace(item, title=item.title or (dataset.column_title(item.by) if dataset else None), cross=parts)
