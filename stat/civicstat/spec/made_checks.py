"""Rules between a metric and those it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from civicstat.errors import Fault, Place
from civicstat.spec.behind import adds_up, needed_for
from civicstat.spec.kinds import Share
from civicstat.spec.model import Metric, Project

__all__ = ["public_numbers_are_made_of_public_ones", "shares_are_of_what_adds_up"]

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


def _made(project: Project) -> Iterator[Metric]:
    return (metric for metric in project.metrics.values() if not metric.dataset)
