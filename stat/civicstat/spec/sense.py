"""Declarations that can be read and make no sense: a goal nothing can reach, a member that never occurs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf

from civicstat.errors import Fault, Place, suggest
from civicstat.spec.cursor import choices_text
from civicstat.spec.expr import Aggregate, Call, Column, ColumnType, Expr, Literal, walk
from civicstat.spec.goal_checks import goals_of
from civicstat.spec.kinds import (
    Conversion,
    Distinct,
    Duration,
    LimitBy,
    Ratio,
    Recurrence,
    Simple,
    Snapshot,
    Stock,
    Within,
)
from civicstat.spec.model import ColumnDef, Dataset, Goal, Metric, Project
from civicstat.spec.promised import Level, Slope, Yearly

__all__ = ["SENSE"]

Places = Mapping[str, Place]
_COMPARED = ("eq", "ne", "in", "not_in", "is_distinct", "is_not_distinct")


def goals_can_be_met_and_missed(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each target that no value of the metric can reach, and for each that every value meets."""
    for metric in project.metrics.values():
        if metric.better == "neither":
            continue
        least, most, why = _reach(metric)
        for at, goal in goals_of(metric):
            for path, target in _levels(goal, at):
                low, high = target if isinstance(target, tuple) else (target, target)
                good = {"higher": (low, inf), "lower": (-inf, high), "within": (low, high)}[metric.better]
                place = places.get(path, metric.place)
                sign = "%" if metric.unit == "percent" else ""
                found = choices_text(f"{edge:g}{sign}" for edge in dict.fromkeys((low, high)))
                if good[0] > most or good[1] < least:
                    yield Fault("goal-out-of-reach", path, found, f"a target that can be reached: {why}", "", place)
                elif good[0] <= least and good[1] >= most:
                    yield Fault("goal-always-met", path, found, f"a target that can be missed: {why}", "", place)


def _levels(goal: Goal, path: str) -> Iterator[tuple[str, Level]]:
    """Yield every number that a goal names as one to be reached, with its path."""
    match goal.target:
        case Yearly(levels=levels):
            yield from ((f"{path}.target.{year}", level) for year, level in levels.items())
        case Slope(end=end):
            yield f"{path}.target.to", end
        case int() | float() | tuple() as level:
            yield f"{path}.target", level
    yield from ((f"{path}.slice", level) for members in goal.slices.values() for level in members.values())


def near_lies_on_the_wrong_side(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each value where the band called near begins that is on the good side of the target."""
    for metric in project.metrics.values():
        for at, goal in goals_of(metric):
            if goal.near is None or goal.near.kind != "value" or not isinstance(goal.target, int | float):
                continue
            edge, target = goal.near.amount, goal.target
            if (metric.better == "higher" and edge > target) or (metric.better == "lower" and edge < target):
                path = f"{at}.near"
                side = "below" if metric.better == "higher" else "above"
                expected = f"a value {side} the target, `{target:g}`: near is on its wrong side"
                yield Fault("near-on-the-good-side", path, f"`{edge:g}`", expected, "", places.get(path, metric.place))


def news_is_late_before_it_is_stale(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each dataset that counts as out of date before it counts as late."""
    for name, dataset in project.datasets.items():
        warn, stale = dataset.updates.warn_after_days, dataset.updates.stale_after_days
        if warn is not None and stale is not None and warn >= stale:
            path = f"datasets.{name}.updates.warn_after"
            expected = f"fewer days than `stale_after`, {stale}: late comes before out of date"
            yield Fault("late-after-stale", path, f"{warn} days", expected, "", places.get(path, dataset.place))


def a_time_has_two_ends(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each metric that measures from a column to the same column."""
    for name, metric in project.metrics.items():
        match metric.body:
            case Within(start=one, end=other) | Duration(start=one, end=other):
                key = "to"
            case Stock(opened=one, closed=str(other)):
                key = "closed"
            case _:
                continue
        if one and one == other:
            path = f"metrics.{name}.{key}"
            place = places.get(path, metric.place)
            yield Fault(
                "same-column", path, f"`{one}` at both ends", "another column: every time would be 0", "", place
            )


def named_members_can_occur(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each member that a column's ``values`` leave out: no row can have it."""
    for name, dataset in project.datasets.items():
        for column in dataset.columns.values():
            path = f"datasets.{name}.columns.{column.name}"
            yield from _strange(column, f"{path}.map", [item for item in column.map.values() if item], places, dataset)
            missing = [word for word in column.missing if word in column.values]
            if missing:
                place = places.get(f"{path}.missing", dataset.place)
                expected = "words that are not among `values`"
                yield Fault("unknown-member", f"{path}.missing", choices_text(missing), expected, "", place)
        for what, expr in _conditions(dataset):
            yield from _compared(dataset, f"datasets.{name}.{what}", expr, places)
    for name, metric in project.metrics.items():
        item = project.datasets.get(metric.dataset)
        if item is not None:
            yield from _of_metric(f"metrics.{name}", metric, item, places)


def _of_metric(path: str, metric: Metric, dataset: Dataset, places: Places) -> Iterator[Fault]:
    body = metric.body
    yield from _compared(dataset, f"{path}.where", metric.where, places)
    if isinstance(body, Ratio):
        for key, side in (("numerator", body.numerator), ("denominator", body.denominator)):
            yield from _compared(dataset, f"{path}.{key}.where", side.where, places)
    if isinstance(body, Within) and isinstance(body.limit, LimitBy) and body.limit.column in dataset.columns:
        column = dataset.columns[body.limit.column]
        yield from _strange(column, f"{path}.limit", list(body.limit.limits), places, metric)
    for number, dimension in enumerate(metric.dimensions, 1):
        column_of = dataset.columns.get(dimension.by)
        if column_of is not None and not dimension.split:
            here = f"{path}.dimensions[{number}].order"
            yield from _strange(column_of, here, dimension.order, places, metric)


def _conditions(dataset: Dataset) -> Iterator[tuple[str, Expr | None]]:
    yield from ((f"derive.{item.name}", item.expr) for item in dataset.derive.values())
    yield from ((f"checks[{number}].expect", item.expr) for number, item in enumerate(dataset.checks, 1))


def _compared(dataset: Dataset, path: str, expr: Expr | None, places: Places) -> Iterator[Fault]:
    for part in walk(expr) if expr is not None else ():
        if isinstance(part, Call) and part.name in _COMPARED:
            columns = [arg for arg in part.args if isinstance(arg, Column) and arg.name in dataset.columns]
            said = [str(arg.value) for arg in part.args if isinstance(arg, Literal) and arg.type is ColumnType.TEXT]
            for column in columns:
                yield from _strange(dataset.columns[column.name], path, said, places, dataset)


def _strange(
    column: ColumnDef, path: str, named: Sequence[str], places: Places, owner: Metric | Dataset
) -> Iterator[Fault]:
    if not column.values or column.type is not ColumnType.TEXT or column.split:
        return
    for member in named:
        if member not in column.values:
            expected = f"one of the `values` of `{column.name}`: {choices_text(column.values)}"
            place = places.get(path, owner.place)
            yield Fault("unknown-member", path, f"`{member}`", expected, suggest(member, column.values), place)


def _reach(metric: Metric) -> tuple[float, float, str]:
    """Return the least and the greatest value the metric can have, and why, as far as its declaration tells."""
    match metric.body:
        case Within() | Conversion():
            return 0, 100, "a share is from 0 to 100 %"
        case Ratio(numerator=top, denominator=under, per=per) if _counts(top.measure) and _counts(under.measure):
            if _rows(top.measure) and _rows(under.measure) and _parts(under.where) <= _parts(top.where):
                return 0, per, f"part of a whole is from 0 to {per:g}"
            return 0, inf, "a ratio of counts is 0 or more"
        case (
            Simple(measure=measure) | Stock(measure=measure) | Snapshot(measure=measure) | Distinct(measure=measure)
        ) if _counts(measure):
            return 0, inf, "a count is 0 or more"
        case Duration(measure=Aggregate()):
            return 0, inf, "a time is 0 or more"
        case Recurrence(show="entities"):
            return 0, inf, "a count is 0 or more"
        case Recurrence(show="share", measure=Aggregate(name="count")):
            return 0, 100, "a share is from 0 to 100 %"
        case Recurrence(show="change", measure=Aggregate(name="count")):
            return -100, inf, "nothing falls by more than 100 %"
    return -inf, inf, ""


def _counts(measure: Expr) -> bool:
    return isinstance(measure, Aggregate) and measure.name == "count"


def _rows(measure: Expr) -> bool:
    return isinstance(measure, Aggregate) and measure.arg is None


def _parts(where: Expr | None) -> set[str]:
    """Return the conditions that all have to hold."""
    if isinstance(where, Call) and where.name == "and":
        return {text for part in where.args for text in _parts(part)}
    return set() if where is None else {repr(where)}


SENSE = (
    goals_can_be_met_and_missed,
    near_lies_on_the_wrong_side,
    news_is_late_before_it_is_stale,
    a_time_has_two_ends,
    named_members_can_occur,
)
