"""What moved between two editions: each number that is new, gone or no longer what it was, and why."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

__all__ = [
    "CAUSES",
    "KINDS",
    "Cause",
    "Change",
    "Changes",
    "Kind",
    "Published",
    "Restatement",
    "changes_of",
    "changes_text",
    "restatements_of",
    "restatements_text",
    "summary",
]

Kind = Literal["restated", "settled", "judged", "new", "gone"]
Cause = Literal["definition", "source", "correction", "late_data", "product", "clock", "not_known"]

KINDS: tuple[Kind, ...] = ("restated", "settled", "judged", "new", "gone")
CAUSES: tuple[Cause, ...] = ("definition", "source", "correction", "late_data", "product", "clock", "not_known")
"""In the order in which the first that applies is named."""


@dataclass(frozen=True, slots=True)
class Published:
    """Which edition it was."""

    id: str
    as_of: date
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One number of two editions, ``before`` and ``after`` in the metric's unit, unrounded.

    ``kind`` is ``new`` or ``gone``; ``settled`` where the number said of itself that it would change (its period was
    not complete, or rows were waiting for their due); ``restated`` where it had said that it would not; ``judged``
    where the number stands and its status, goal or reason is another. ``cause`` is None for what is new, and ``also``
    what else changed that may have moved it. A number withheld in either edition has no value and no ``n`` in both.
    """

    metric: str
    grain: str
    period: str
    slice: Mapping[str, str]
    kind: Kind
    cause: Cause | None
    before: float | None
    after: float | None
    before_status: str | None
    after_status: str | None
    before_n: int | None = None
    after_n: int | None = None
    also: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that moved since the edition ``previous``.

    ``changes`` holds all totals and as many slices as fit; ``slices_left_out`` says how many more there are. ``kinds``
    and ``causes`` count totals, ``slice_kinds`` and ``slice_causes`` slices, those left out too.
    """

    previous: Published
    kinds: Mapping[str, int] = field(default_factory=dict)
    causes: Mapping[str, int] = field(default_factory=dict)
    slice_kinds: Mapping[str, int] = field(default_factory=dict)
    slice_causes: Mapping[str, int] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    slices_left_out: int = 0

    def of(self, metric: str) -> list[Change]:
        """Return the changes of one metric, totals first."""
        return [change for change in self.changes if change.metric == metric]


@dataclass(frozen=True, slots=True)
class Restatement:
    """A total that was published in the edition ``first`` as ``before`` and restated in ``then`` as ``after``."""

    metric: str
    grain: str
    period: str
    before: float | None
    after: float | None
    before_status: str
    after_status: str
    cause: Cause
    first: Published
    then: Published


def summary(changes: Changes) -> dict[str, Any]:
    """Return the counts of totals alone, and the edition they are counted against, as JSON values."""
    return {"since": changes.previous.id, "kinds": dict(changes.kinds), "causes": dict(changes.causes)}


def changes_text(changes: Changes) -> str:
    """Return the changes as JSON, in one line and always the same."""
    return _text(changes)


def changes_of(text: str) -> Changes:
    """Return what ``changes_text`` wrote."""
    body = json.loads(text)
    made = tuple(Change(**{**item, "also": tuple(item["also"])}) for item in body["changes"])
    return Changes(**{**body, "previous": _published(body["previous"]), "changes": made})


def restatements_text(restatements: tuple[Restatement, ...]) -> str:
    """Return the log as JSON."""
    return _text(restatements)


def restatements_of(text: str) -> tuple[Restatement, ...]:
    """Return what ``restatements_text`` wrote."""
    return tuple(
        Restatement(**{**item, "first": _published(item["first"]), "then": _published(item["then"])})
        for item in json.loads(text)
    )


def _published(item: Mapping[str, Any]) -> Published:
    moment = datetime.fromisoformat(item["published_at"])
    return Published(item["id"], date.fromisoformat(item["as_of"]), moment)


def _text(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
