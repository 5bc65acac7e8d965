"""Rules between a metric and those it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from civicstat.errors import Fault, Place
from civicstat.spec.behind import adds_up, is_level, needed_for, pools
from civicstat.spec.kinds import Cumulative, Equivalent, Share
from civicstat.spec.model import Metric, Project

__all__ = [
    "changing_factors_are_of_what_adds_up",
    "public_numbers_are_made_of_public_ones",
    "shares_are_of_what_adds_up",
    "totals_are_of_what_adds_up",
]

Places = Mapping[str, Place]


def public_numbers_are_made_of_public_ones(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each public metric that would tell residents what is kept from them."""
    for metric in _made(project):
        if metric.visibility != "public":
            continue
        for other in needed_for([metric], project.metrics):
            if other.visibility != "public":
                found = f"a public metric made of `{other.name}`, which is for `{other.visibility}`"
                mend = "add `visibility: staff` here, or take it away there"
                path = f"metrics.{metric.name}"
                yield Fault("made-of-hidden", path, found, "public metrics made of public ones", mend, metric.place)


def shares_are_of_what_adds_up(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each share of a number whose parts are no parts of it, as of a median."""
    for metric in _made(project):
        if isinstance(metric.body, Share) and not adds_up(project.metrics[metric.body.metric], project.metrics):
            path = f"metrics.{metric.name}.metric"
            found = f"`{metric.body.metric}`, whose parts do not add up to it"
            yield Fault("not-additive", path, found, "a count or a sum", "", places.get(path, metric.place))


def totals_are_of_what_adds_up(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each running total or average of what cannot be gathered over time, as a median."""
    for metric in _made(project):
        if not isinstance(metric.body, Cumulative) or metric.body.pooled:
            continue
        of = project.metrics[metric.body.metric]
        path = f"metrics.{metric.name}.metric"
        place = places.get(path, metric.place)
        if not adds_up(of, project.metrics):
            found = f"`{of.name}`, whose numbers of several periods do not add up"
            expected = "a count or a sum" + (", or a quotient of two" if metric.body.how == "average" else "")
            mend = "" if metric.body.how == "average" or pools(of) is None else "write `as: average`"
            yield Fault("not-additive", path, found, expected, mend, place)
        elif metric.body.how == "total" and any(map(is_level, needed_for([of], project.metrics))):
            found = f"`{of.name}`, which counts what there is at a time"
            expected = "a count or a sum of what happens in a period"
            yield Fault("not-additive", path, found, expected, "write `as: average`", place)


def changing_factors_are_of_what_adds_up(project: Project, places: Places) -> Iterator[Fault]:
    """Yield a fault for each number of which no year could be made where its factor changes inside."""
    for metric in _made(project):
        body = metric.body
        if not isinstance(body, Equivalent) or all(len(item) < 2 for item in (body.factors, *body.others.values())):
            continue
        of = project.metrics[body.metric]
        if not adds_up(of, project.metrics) or any(map(is_level, needed_for([of], project.metrics))):
            path = f"metrics.{metric.name}.metric"
            found = f"`{of.name}`, whose numbers of several periods do not add up, by factors that change"
            expected = "one factor, or a count or a sum of what happens in a period"
            yield Fault("not-additive", path, found, expected, "", places.get(path, metric.place))


def _made(project: Project) -> Iterator[Metric]:
    return (metric for metric in project.metrics.values() if not metric.dataset)
