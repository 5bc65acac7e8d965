"""Rules between a goal and the metrics around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from civicstat.errors import Fault, Place, suggest
from civicstat.period import longer_grains
from civicstat.spec.behind import adds_up_over_time
from civicstat.spec.cursor import choices_text
from civicstat.spec.model import Goal, Metric, Project
from civicstat.spec.promised import OfMetric

__all__ = ["goals_of", "members_with_goals_can_occur", "paces_are_of_what_adds_up", "targets_of_metrics_fit"]

Places = Mapping[str, Place]


def goals_of(metric: Metric) -> Iterator[tuple[str, Goal]]:
    """Yield the goals of a metric, each with its path."""
    path, goals = f"metrics.{metric.name}", metric.goals
    for number, goal in enumerate(goals, 1):
        yield (f"{path}.goals[{number}]" if metric.earlier_goals else f"{path}.goal"), goal


def paces_are_of_what_adds_up(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each pace towards a number that months do not add up to."""
    for metric in project.metrics.values():
        for path, goal in goals_of(metric):
            if goal.pace and not adds_up_over_time(metric, project.metrics):
                here, found = f"{path}.pace", f"a pace towards a number of type `{metric.body.type}`"
                expected = (
                    "a count or a sum, of which more is there each month: any other number can be judged as it is"
                )
                yield Fault("pace-does-not-add-up", here, found, expected, "", places.get(here, goal.place))


def targets_of_metrics_fit(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each target that names a metric whose number cannot be held beside this one."""
    for metric in project.metrics.values():
        for path, goal in goals_of(metric):
            if isinstance(goal.target, OfMetric):
                here = f"{path}.target"
                yield from _target(metric, goal, goal.target.metric, here, places.get(here, goal.place), project)


def _target(metric: Metric, goal: Goal, name: str, path: str, place: Place | None, project: Project) -> Iterator[Fault]:
    other = project.metrics.get(name)
    if other is None or name == metric.name:
        others = [item for item in project.metrics if item != metric.name]
        expected, help_ = f"another metric: {choices_text(others)}", suggest(name, others)
        yield Fault("unknown-metric", path, f"`{name}`", expected, help_, place)
        return
    if other.unit != metric.unit:
        units = [f"`{item.unit}`" if item.unit else "none" for item in (other, metric)]
        found = f"`{name}`, whose unit is {units[0]}"
        yield Fault("target-of-another-unit", path, found, f"a metric of the unit of this one, {units[1]}", "", place)
    if goal.grain not in (other.period, *longer_grains(other.period, project.city.fiscal_year)):
        found = f"`{name}`, which has no number by {goal.grain.replace('_', ' ')}"
        yield Fault("different-periods", path, found, "a metric that has the periods this goal is judged by", "", place)
    if metric.visibility == "public" and other.visibility != "public":
        found = f"the goal of a public metric is `{name}`, which is for `{other.visibility}`"
        yield Fault("made-of-hidden", path, found, "public metrics made of public ones", "", place)


def members_with_goals_can_occur(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each goal of a part that the metric is not split into."""
    for metric in project.metrics.values():
        dimensions = {item.by: item for item in metric.dimensions if not item.cross}
        dataset = project.datasets.get(metric.dataset)
        for path, goal in goals_of(metric):
            here = f"{path}.slice"
            place = places.get(here, goal.place)
            for by, members in goal.slices.items():
                if by not in dimensions:
                    expected = f"a dimension of the metric: {choices_text(dimensions)}" if dimensions else "no `slice`"
                    yield Fault("unknown-dimension", here, f"`{by}`", expected, suggest(by, list(dimensions)), place)
                    continue
                column = dataset.columns.get(by) if dataset else None
                known = column.values if column and not dimensions[by].bands else ()
                for member in members if known else ():
                    if member not in known:
                        expected = f"one of the `values` of `{by}`: {choices_text(known)}"
                        yield Fault("unknown-member", here, f"`{member}`", expected, suggest(member, known), place)
