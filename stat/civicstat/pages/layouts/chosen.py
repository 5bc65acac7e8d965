"""What a metric's page shows: the period, the dimension and the member asked for, and their reading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civicstat.editions import DimensionInfo, Edition, MetricInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts.view import Headline, headline
from civicstat.period import Period
from civicstat.results import Reading
from civicstat.words import capital, phrase, pick

__all__ = [
    "BLANK",
    "OTHER",
    "Chosen",
    "choose",
    "dimension_title",
    "member_label",
    "member_text",
    "part_text",
    "parts_of",
]

BLANK = "(blank)"
"""The member that stands for a missing one, as readings name it."""

OTHER = "other"
"""The member that stands for all that are not among the first of a dimension."""

_BETWEEN = re.compile(r"(-?[\d.]+)-(-?[\d.]+)")
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
        by = ",".join(sorted(self.slice))
        found = edition.readings(self.info.name, grain=self.period.grain, dimension=by)
        return [item for item in found if dict(item.slice) == dict(self.slice)]


def choose(edition: Edition, name: str, ask: Ask) -> Chosen:
    """Return what is asked of a metric's page; without a period it opens on the one its goal is judged by."""
    shown = headline(edition, name)
    info = shown.info
    key = ask.period or (shown.reading.period if shown.reading else "")
    wanted = [item for item in info.dimensions if item.by == ask.by]
    dimension = next(iter((*wanted, *info.dimensions)), None)
    names = [part.by for part in parts_of(dimension)] if dimension else []
    part = dict(zip(names, (ask.member, ask.across), strict=False)) if ask.by and ask.member else {}
    reading = edition.reading(name, key, part) if key else None
    return Chosen(shown, edition.calendar.parse(key) if key else None, dimension, part, reading)


def part_text(chosen: Chosen, ask: Ask) -> str:
    """Return the slice shown, as in ``District 4``; "" for the total."""
    if not chosen.slice or chosen.dimension is None:
        return ""
    parts = parts_of(chosen.dimension)
    return ", ".join(member_label(part, chosen.slice[part.by], ask, always=True) for part in parts)


def parts_of(dimension: DimensionInfo) -> Sequence[DimensionInfo]:
    """Return the columns of a cross, each as a dimension, or the dimension itself."""
    return dimension.parts or (dimension,)


def dimension_title(item: DimensionInfo, ask: Ask) -> str:
    """Return the name of a dimension: its title, else its column's name with spaces; of a cross those of both."""
    if item.parts:
        first, second = (dimension_title(part, ask) for part in item.parts)
        return phrase("page.cross", ask.lang, first=first, second=capital(second, lower=True))
    return capital(pick(item.title, ask.lang) if item.title else item.by.replace("_", " "))


def member_label(dimension: DimensionInfo, member: str, ask: Ask, always: bool = False) -> str:
    """Return a member so that it can stand alone: with its dimension (``District 4``) where members are short codes."""
    title, name = dimension_title(dimension, ask), member_text(dimension, member, ask)
    own = [item for item in dimension.members if item not in (BLANK, OTHER)]
    coded = member in own and dimension.kind != "bands" and all(len(item) <= _CODE for item in own)
    if name.casefold().startswith(title.casefold()) or not (coded or always):
        return name
    shown = capital(name, lower=True) if name != member else name
    return phrase("page.part", ask.lang, dimension=title, member=shown)


def member_text(dimension: DimensionInfo, member: str, ask: Ask) -> str:
    """Return a member as it stands in the records, or the words for a missing one, for the rest and for a band."""
    if member == BLANK:
        return phrase("chart.blank", ask.lang)
    if dimension.kind == "top" and member == OTHER:
        return phrase("page.other_members", ask.lang)
    if dimension.kind == "against" and member.startswith("prior_"):
        return phrase(f"page.against_{member}", ask.lang)
    return _band_text(member, ask) if dimension.kind == "bands" else member


def _band_text(band: str, ask: Ask) -> str:
    if found := _BETWEEN.fullmatch(band):
        return phrase("page.band_between", ask.lang, low=found[1], high=found[2])
    if band.startswith("<"):
        return phrase("page.band_under", ask.lang, high=band[1:])
    return phrase("page.band_over", ask.lang, low=band.removesuffix("+"))
