"""Metrics made of metrics: their bodies, and what they take over from what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from civicstat.errors import Place, suggest
from civicstat.period import FiscalYear, longer_grains
from civicstat.spec.cursor import Fields, Value, choices_text
from civicstat.spec.dimension import Dimension
from civicstat.spec.expr import Column, walk
from civicstat.spec.expression import NOTHING, parse_formula
from civicstat.spec.formula import REFERENCE, SHIFTS, operand_of
from civicstat.spec.kinds import Change, Formula, Made, Operand, Share
from civicstat.spec.model import Dataset, Metric
from civicstat.spec.yaml_nodes import Scalar

__all__ = ["Basis", "Find", "common_dimensions", "common_period", "read_made"]

Find = Callable[[Value, str, Place], Metric | None]
"""Returns the metric that a value names at a place; None after a fault."""

_NO_METRIC = Formula(NOTHING, "", ())


@dataclass(frozen=True, slots=True)
class Basis:
    """The body of a made metric, its unit, and the metrics it is made of, each once."""

    body: Made
    unit: str
    metrics: tuple[Metric, ...]


def read_made(kind: str, fields: Fields, find: Find) -> Basis:
    """Return what a metric is made of; metrics that cannot be had are left out, having been said."""
    match kind:
        case "derived":
            return _derived(fields, find)
        case "change":
            return _change(fields, find)
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


def common_dimensions(
    fields: Fields, body: Made, metrics: Sequence[Metric], datasets: Mapping[str, Dataset]
) -> tuple[Dimension, ...]:
    """Return the ways to split that all metrics share, or of them those that are written."""
    shared = _across(body.of, metrics[0], datasets) if isinstance(body, Share) and body.of and metrics else None
    if shared is None:
        shared = [made for item in (metrics[0].dimensions if metrics else ()) if (made := _shared(item, metrics))]
        shared = [_titled(item, metrics[0], datasets) for item in shared]
    value = fields.get("dimensions")
    if value is None or not metrics:
        return tuple(shared)
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
    return tuple(chosen.values())


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


def _one(fields: Fields, find: Find) -> Metric | None:
    value = fields.need("metric", "the metric it is made of, as `metric: requests_opened`")
    name = value.string("the name of a metric") if value else ""
    return find(value, name, value.place) if value and name else None


def _share(fields: Fields, find: Find) -> Basis:
    unit_value, metric = fields.get("unit"), _one(fields, find)
    if unit_value and unit_value.bare != "percent":
        unit_value.fault("unknown-word", "`percent`: a share is a part of the whole")
    goal = fields.get("goal")
    if goal and goal.bare != "none":
        mend = "a ratio whose numerator has a `where` says how great one part is, and may have a goal"
        goal.fault("goal-on-a-whole", "no goal: the whole is always 100 %", mend, "a goal on a share")
    value = fields.need("of", "the whole, as `of: total` or `of: {district: North}`")
    of = _whole(value, metric) if value else None
    return Basis(Share(metric.name if metric else "", of), "percent", (metric,) if metric else ())


_HOW: tuple[Literal["percent", "points", "difference", "ratio"], ...] = ("percent", "points", "difference", "ratio")
_AGAINST: tuple[Literal["prior_period", "prior_year"], ...] = ("prior_period", "prior_year")


def _change(fields: Fields, find: Find) -> Basis:
    """A percentage moves by points; anything else by percent, where nothing is said."""
    metric, how_value, unit_value = _one(fields, find), fields.get("as"), fields.get("unit")
    against_value = fields.need("against", "what it is held against: `prior_year` or `prior_period`")
    against = _AGAINST[1]
    if against_value and (against_value.is_list or against_value.is_map or against_value.bare[:1].isdigit()):
        against_value.later("a list, a member or a fixed period")
    elif against_value:
        against = against_value.word(_AGAINST)
    own = metric.unit if metric else ""
    how = how_value.word(_HOW) if how_value else "points" if own == "percent" else "percent"
    if metric and how_value and how == "points" and own != "percent":
        how_value.fault("unknown-word", "`percent`, `difference` or `ratio`: points are there for a percentage only")
    unit = {"percent": "percent", "points": "points", "ratio": ""}.get(how, "points" if own == "percent" else own)
    if unit_value and how != "ratio" and unit_value.bare != unit:
        unit_value.fault("unknown-word", f"`{unit}`, which it follows from `as`" if unit else "no unit")
    unit = unit_value.bare if unit_value and how == "ratio" else unit
    return Basis(Change(metric.name if metric else "", against, how), unit, (metric,) if metric else ())


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


def _across(of: tuple[str, str], metric: Metric, datasets: Mapping[str, Dataset]) -> list[Dimension]:
    """Return how the one member of a dimension is split: the other column of each cross it is in."""
    crosses = [item for item in metric.dimensions if of[0] in item.columns and item.cross]
    others = [part for item in crosses for part in item.cross if part.by != of[0]]
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
