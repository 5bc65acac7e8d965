"""The city: its name, calendar, time zone, languages, themes, privacy and words of status."""

from __future__ import annotations

import re
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from civicstat.errors import suggest
from civicstat.period import GRAINS, FiscalYear
from civicstat.spec.amounts import read_near
from civicstat.spec.business import WEEKDAYS, read_business_days
from civicstat.spec.cursor import Fields, Value, choices_text
from civicstat.spec.model import (
    City,
    Near,
    Privacy,
    Text,
)

__all__ = [
    "LANGUAGES",
    "MIN_COUNT",
    "PERIODS",
    "read_city",
    "read_contact",
    "read_languages",
    "read_privacy",
    "read_zone",
]

LANGUAGES = ("en", "es")
MIN_COUNT = 3
PERIODS = tuple(grain for grain in GRAINS if grain != "all")
_NAMED_BY: tuple[Literal["end", "start", "both"], ...] = ("end", "start", "both")
STATUSES = (
    *("failed", "not_due", "no_data", "stale", "too_small", "partial", "provisional", "informational"),
    *("baseline", "no_goal", "met", "on_track", "near", "off_track"),
)

_KEYS = (
    *("name", "languages", "time_zone", "fiscal_year", "week_start", "business_days", "periods", "themes", "privacy"),
    *("status", "notice", "office", "contact"),
)
_LATER = ("geography", "locale")


def read_languages(value: Value) -> tuple[str, ...]:
    """Return the city's languages, the first its default; faults are ``read_city``'s to tell."""
    written = next((inner for name, inner in value.entries() if name == "languages"), None) if value.is_map else None
    named = [item.bare for item in written.items()] if written and not written.is_map else []
    return tuple(dict.fromkeys(name for name in named if name in LANGUAGES)) or LANGUAGES[:1]


def read_city(value: Value, floor: int) -> City:
    """Return the city; ``floor`` is the least ``min_count`` in force."""
    fields = value.fields(_KEYS, _LATER, "the city")
    name = fields.need("name", "the city's name, as `name: Smallville`")
    languages = fields.get("languages")
    for language in languages.items() if languages else []:
        language.word(LANGUAGES)
    themes = fields.get("themes")
    status = fields.get("status")
    near, words = _status(status) if status else (None, {})
    privacy = fields.get("privacy")
    working = fields.get("business_days")
    week = fields.word("week_start", WEEKDAYS, "monday")
    return City(
        name=name.text() if name else {},
        languages=value.notes.languages,
        time_zone=_time_zone(fields),
        fiscal_year=_fiscal_year(fields),
        week_start=WEEKDAYS.index(week),
        business_days=read_business_days(working) if working else None,
        period=fields.word("periods", PERIODS, "month"),
        themes={name: _theme(theme) for name, theme in themes.names("the theme")} if themes else {},
        privacy=read_privacy(privacy, floor) if privacy else None,
        near=near,
        status_words=words,
        notice=fields.text("notice"),
        office=fields.text("office"),
        contact=read_contact(fields),
    )


def read_privacy(value: Value, floor: int) -> Privacy:
    """Return ``privacy: {min_count, dimensions}``."""
    fields = value.fields(("min_count", "dimensions"), (), "`privacy`")
    count = fields.need("min_count", f"the least count that is shown, as `min_count: {max(5, floor)}`")
    least = floor
    if count:
        least = count.whole(0, 1000)
        if least < MIN_COUNT:
            count.fault("min-count-too-low", f"{MIN_COUNT} or more", "counts of 1 and 2 point at single people")
    dimensions = fields.get("dimensions")
    return Privacy(max(least, floor), dimensions.strings() if dimensions else ())


def read_contact(fields: Fields) -> str | None:
    """Return ``contact``, an e-mail address or a web address."""
    value = fields.get("contact")
    if value and not re.fullmatch(r"https?://[^\s\"<>]+|[^\s@:/\"<>]+@[^\s@:/\"<>]+", value.bare):
        value.fault("not-a-contact", "an e-mail address, or a web address that starts with `https://`")
    return value.bare if value else None


def _time_zone(fields: Fields) -> str:
    value = fields.need("time_zone", "the zone in which timestamps become days, as `time_zone: America/New_York`")
    return read_zone(value) if value else "UTC"


def read_zone(value: Value) -> str:
    """Return a zone of the IANA list."""
    try:
        ZoneInfo(value.bare)
    except (ValueError, OSError, KeyError):
        mend = suggest(value.bare, sorted(zone for zone in available_timezones() if "/" in zone))
        value.fault("unknown-time-zone", "a zone of the IANA list, as `America/New_York`", mend)
        return "UTC"
    return value.bare


def _fiscal_year(fields: Fields) -> FiscalYear:
    value = fields.get("fiscal_year")
    if value is None:
        return FiscalYear()
    inner = value.fields(("starts", "named_by"), (), "`fiscal_year`")
    named_by = inner.word("named_by", _NAMED_BY, "end")
    starts = inner.need("starts", "the first day of the fiscal year, as `starts: 07-01`")
    match = re.fullmatch(r"(0[1-9]|1[0-2])-01", starts.bare) if starts else None
    if starts and not match:
        starts.fault("not-a-day", "the first day of a month, month first: `07-01`")
    return FiscalYear(int(match[1]) if match else 1, named_by)


def _theme(value: Value) -> Text:
    if not value.is_map or not {"title", "goal"} & {name for name, _ in value.entries()}:
        return value.text()
    title = value.fields(("title",), ("goal",), "a theme").need("title", "what the city wants, in words")
    return title.text() if title else {}


def _status(value: Value) -> tuple[Near | None, dict[str, Text]]:
    fields = value.fields(("near", "words"), (), "`status`")
    near, words, said = fields.get("near"), fields.get("words"), {}
    for name, word in words.entries() if words else []:
        if name in STATUSES:
            said[name] = word.text()
        else:
            word.fault("unknown-word", f"one of {choices_text(STATUSES)}", suggest(name, STATUSES), f"`{name}`")
    return (read_near(near) if near else None), said
