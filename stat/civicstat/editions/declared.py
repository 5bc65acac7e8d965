"""What a metric's numbers rest on as declared, in parts, so that two editions can say which of them is another."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any, Literal

from civicstat.editions.digest import digest, plain
from civicstat.spec import Dataset, Metric, Project, beneath, needed_for

__all__ = ["Part", "declared_parts", "vanished_files"]

Part = Literal["number", "goal", "dimensions", "privacy", "dataset", "clock", "calendar", "source"]

_TOLD = frozenset(
    {
        *("place", "title", "row", "description", "owner", "steward", "sensitivity", "sensitive", "license"),
        *("authority", "set_on", "note", "sql", "where_sql"),
    }
)
"""What tells only people something, wherever it is declared."""

_GOAL = ("goal", "earlier_goals", "statistic", "better")
_CLOCK = ("as_of", "covers")  # which a city moves on from month to month
_METRIC_TOLD = frozenset(
    {"why", "theme", "format", "method", "caveats", "visibility", "tests", "source", "benchmarks", "spc"}
)
_CITY_TOLD = frozenset({"name", "languages", "themes", "status_words", "notice", "office", "contact", "period"})
_DATASET_TOLD = frozenset({"name", "records", "checks"})


def declared_parts(metric: Metric, project: Project) -> dict[Part, str]:
    """Return a digest of each part; what is new in the language counts as part of the number until it is told apart."""
    if not metric.dataset:
        return _declared_of_made(metric, project)
    city, dataset = project.city, project.datasets[metric.dataset]
    under = [project.datasets[name] for name in beneath(metric.dataset, project.datasets)]
    apart = {"dimensions", "privacy", *_GOAL}
    return {
        "number": _digest(metric, _METRIC_TOLD | apart),
        "goal": digest(_parts(metric, _GOAL), plain(city.near, _TOLD), plain(dataset.updates, _TOLD)),
        "dimensions": digest(_parts(metric, ("dimensions",))),
        "privacy": digest(plain(metric.privacy or city.privacy, _TOLD)),
        "dataset": digest([_digest(item, _DATASET_TOLD | {"source", "updates", *_CLOCK}) for item in under]),
        "clock": digest([_parts(item, _CLOCK) for item in under]),
        "calendar": _digest(city, _CITY_TOLD | {"privacy", "near"}),
        "source": digest([plain(item.source, _TOLD) for item in under]),
    }


def _declared_of_made(metric: Metric, project: Project) -> dict[Part, str]:
    """Return the parts of a metric made of others: what these rest on is what it rests on."""
    behind = [item for item in needed_for([metric], project.metrics) if item.name != metric.name]
    others = [declared_parts(item, project) for item in behind]
    apart = {"dimensions", "privacy", *_GOAL}
    own: dict[Part, str] = {
        "number": _digest(metric, _METRIC_TOLD | apart),
        "goal": digest(_parts(metric, _GOAL), plain(project.city.near, _TOLD)),
        "dimensions": digest(_parts(metric, ("dimensions",))),
    }
    names: list[Part] = ["number", "dimensions", "privacy", "dataset", "clock", "calendar", "source"]
    beneath = {name: digest([other[name] for other in others]) for name in names}
    return {**beneath, **{name: digest([text, beneath.get(name, "")]) for name, text in own.items()}}


def vanished_files(dataset: Dataset, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Return whether a file that was read is read no more, where all files are taken and not the newest alone.

    ``before`` and ``after`` are the dataset's entries of two manifests. A further file is no other source: its rows
    say what they changed.
    """
    if dataset.source.take not in (None, "all"):
        return False
    return not {item["path"] for item in before["files"]} <= {item["path"] for item in after["files"]}


def _digest(declared: Any, without: Collection[str]) -> str:
    names = [item.name for item in dataclasses.fields(declared) if item.name not in without]
    return digest(_parts(declared, names))


def _parts(declared: Any, names: Collection[str]) -> dict[str, Any]:
    return {name: plain(getattr(declared, name), _TOLD) for name in names if name not in _TOLD}
