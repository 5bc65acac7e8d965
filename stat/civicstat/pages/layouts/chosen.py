"""What a metric's page shows: the period, the dimension and the member asked for, and their reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from civicstat.editions import DimensionInfo, Edition, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts.view import Headline, headline
from civicstat.period import Period
from civicstat.results import Reading
from civicstat.words import capital, phrase, pick

__all__ = ["BLANK", "Chosen", "choose", "dimension_title", "member_label", "member_text", "part_text"]

BLANK = "(blank)"
"""The member that stands for a missing one, as readings name it."""

_CODE = 3  # a member of so few letters says nothing without its dimension


@dataclass(frozen=True, slots=True)
class Chosen:
    """A metric at one period (None: it has no readings) and slice ({}: the total), with the reading there."""

    shown: Headline
    period: Period | None
    dimension: DimensionInfo | None
    slice: Mapping[str, str]
    reading: Reading | None

    @property
    def info(self) -> MetricInfo:
        """The metric."""
        return self.shown.info

    def readings(self, edition: Edition) -> list[Reading]:
        """Return the readings of this slice in every period of the kind shown, in order."""
        if self.period is None:
            return []
        by = next(iter(self.slice), "")
        found = edition.readings(self.info.name, grain=self.period.grain, dimension=by)
        return [item for item in found if dict(item.slice) == dict(self.slice)]


def choose(edition: Edition, name: str, ask: Ask) -> Chosen:
    """Return what is asked of a metric's page; without a period it opens on the one its goal is judged by."""
    shown = headline(edition, name)
    info = shown.info
    key = ask.period or (shown.reading.period if shown.reading else "")
    wanted = [item for item in info.dimensions if item.by == ask.by]
    dimension = next(iter((*wanted, *info.dimensions)), None)
    part = {ask.by: ask.member} if ask.by and ask.member else {}
    reading = edition.reading(name, key, part) if key else None
    return Chosen(shown, edition.calendar.parse(key) if key else None, dimension, part, reading)


def part_text(chosen: Chosen, ask: Ask) -> str:
    """Return the slice shown, as in ``District 4``; "" for the total."""
    member = next(iter(chosen.slice.values()), "")
    if not member or chosen.dimension is None:
        return ""
    return member_label(chosen.dimension, member, ask, always=True)


def dimension_title(item: DimensionInfo, ask: Ask) -> str:
    """Return the name of a dimension: its title, else its column's name with spaces."""
    return capital(pick(item.title, ask.lang) if item.title else item.by.replace("_", " "))


def member_label(dimension: DimensionInfo, member: str, ask: Ask, always: bool = False) -> str:
    """Return a member so that it can stand alone: with its dimension (``District 4``) where members are short codes."""
    title, name = dimension_title(dimension, ask), member_text(member, ask)
    coded = member != BLANK and all(len(item) <= _CODE for item in dimension.members if item != BLANK)
    if name.casefold().startswith(title.casefold()) or not (coded or always):
        return name
    shown = capital(name, lower=True) if name != member else name
    return phrase("page.part", ask.lang, dimension=title, member=shown)


def member_text(member: str, ask: Ask) -> str:
    """Return a member as it stands in the records, or the word for a missing one."""
    return phrase("chart.blank", ask.lang) if member == BLANK else member
