"""What a request asks of a metric's readings: the same parameters for the interface and for downloads."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

__all__ = ["Question", "question_of"]

_LONGEST = 200  # characters of a parameter


@dataclass(frozen=True, slots=True)
class Question:
    """The period, the dimensions, the members and the comparison asked for, each "" or empty where none is."""

    period: str
    by: tuple[str, ...]
    members: tuple[str, ...]
    compare: str


def question_of(given: MultiDict[str, str]) -> Question | None:
    """Return what the parameters ask for; None where one is longer than any that means something."""
    period, compare = given.get("period", ""), given.get("compare", "")
    by, members = given.getlist("by"), given.getlist("member")
    if any(len(value) > _LONGEST for value in (period, compare, *by, *members)):
        return None
    return Question(period, tuple(by), tuple(members), compare)
