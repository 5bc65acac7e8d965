"""What an address asks for: language, page, period, slice, comparison, filters, parsed to types and never echoed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypedDict, Unpack, cast
from urllib.parse import parse_qsl, quote, urlencode

from civicstat.editions import Catalogue, DimensionInfo, MetricInfo
from civicstat.period import Calendar
from civicstat.publish import COMPARISONS, Compare, comparisons
from civicstat.results import Status
from civicstat.words import folded

__all__ = [
    "Ask",
    "Changes",
    "Sort",
    "Tab",
    "fields",
    "goal_owner",
    "link",
    "owner_key",
    "page_path",
    "parse_ask",
    "plain_ask",
    "settle",
    "split_language",
]

Tab = Literal["time", "split", "rows", "how"]
Sort = Literal["", "department", "name"]

_TABS: Mapping[str, Tab] = {"time": "time", "split": "split", "rows": "rows", "how": "how"}
_PERIOD = re.compile(r"\d{4}(-\d\d(-\d\d)?|-W\d\d|-Q[1-4])?|FY\d{4}(-\d\d)?(-Q[1-4])?|all", re.ASCII)
_BY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}(,[A-Za-z_][A-Za-z0-9_]{0,99})?", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}", re.ASCII)
_SORTS: Mapping[str, Sort] = {"department": "department", "name": "name"}
_KEY = re.compile(r"[^\W_]+(-[^\W_]+)*")
_LONGEST_MEMBER = 200
_LONGEST_WORDS = 100
_METRIC = ("period", "by", "member", "across", "compare", "tab", "after")
_GOALS = ("q", "department", "status", "theme", "owner", "sort")
_ORDER = (*_METRIC, *_GOALS)


@dataclass(frozen=True, slots=True)
class Ask:
    """One address, understood. ``path`` has no language in it (``/m/on_time``); ``languages`` are the city's, in order.

    ``period`` "" is the page's own choice; ``by`` a dimension, ``member`` one of its members (of a
    cross, one of its first column, and ``across`` one of its second); ``after`` the row after
    which a list goes on. ``q`` are words looked for; ``department``, ``status``, ``theme``, ``owner`` (see
    :func:`owner_key`) and ``sort`` choose among goals. ``misread`` names the parameters that were given and not
    understood: the page then shows its default and says so, without repeating what was sent.
    """

    lang: str
    path: str
    period: str = ""
    by: str = ""
    member: str = ""
    compare: Compare = ""
    tab: Tab = "time"
    after: int | None = None
    languages: tuple[str, ...] = ("en",)
    across: str = ""
    q: str = ""
    department: str = ""
    status: Status | None = None
    theme: str = ""
    owner: str = ""
    sort: Sort = ""
    misread: tuple[str, ...] = ()


class Changes(TypedDict, total=False):
    """What a link may change."""

    lang: str
    path: str
    period: str
    by: str
    member: str
    across: str
    compare: Compare
    tab: Tab
    after: int | None
    q: str
    department: str
    status: Status | None
    theme: str
    owner: str
    sort: Sort


def split_language(path: str, languages: Sequence[str]) -> tuple[str, str]:
    """Return the language of ``path`` and the path without it; the first language has no prefix.

    >>> split_language("/es/m/on_time", ["en", "es"]), split_language("/es", ["en", "es"]), split_language("/", ["en"])
    (('es', '/m/on_time'), ('es', '/'), ('en', '/'))
    """
    first, _, rest = path.removeprefix("/").partition("/")
    if first in languages[1:]:
        return first, "/" + rest
    return languages[0], path


def parse_ask(path: str, query: str, languages: Sequence[str]) -> Ask:
    """Return what ``path`` and ``query`` ask for; unknown parameters are dropped, bad values named in ``misread``.

    >>> parse_ask("/es/m/on_time", "period=2026-10&by=district&after=x", ["en", "es"]).misread
    ('after',)
    """
    lang, rest = split_language(path, languages)
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query.removeprefix("?"), keep_blank_values=False, errors="replace"):
        given.setdefault(name, []).append(value)
    ask = Ask(lang=lang, path=rest, languages=tuple(languages))
    misread: list[str] = []
    for name in _ORDER:
        values = given.get(name)
        if not values:
            continue
        change = _understand(name, values[0]) if len(set(values)) == 1 else None
        if change is None:
            misread.append(name)
        else:
            ask = replace(ask, **change)
    if (ask.member or ask.across) and not ask.by:
        ask = replace(ask, member="", across="")
        misread.append("member")
    return replace(ask, misread=tuple(dict.fromkeys(misread)))


def _understand(name: str, value: str) -> Changes | None:
    match name:
        case "period" if _PERIOD.fullmatch(value):
            return {"period": value}
        case "by" if _BY.fullmatch(value):
            return {"by": value}
        case "member" if len(value) <= _LONGEST_MEMBER and value.isprintable():
            return {"member": value}
        case "across" if len(value) <= _LONGEST_MEMBER and value.isprintable():
            return {"across": value}
        case "compare" if value in COMPARISONS:
            return {"compare": COMPARISONS[value]}
        case "tab" if value in _TABS:
            return {"tab": _TABS[value]}
        case "after" if re.fullmatch(r"\d{1,18}", value, re.ASCII):
            return {"after": int(value)}
        case "q" if len(value) <= _LONGEST_WORDS and value.isprintable():
            return {"q": " ".join(value.split())}
        case "department" if _NAME.fullmatch(value):
            return {"department": value}
        case "status" if value in set(Status):
            return {"status": Status(value)}
        case "theme" if _NAME.fullmatch(value):
            return {"theme": value}
        case "owner" if len(value) <= _LONGEST_MEMBER and _KEY.fullmatch(value):
            return {"owner": value}
        case "sort" if value in _SORTS:
            return {"sort": _SORTS[value]}
    return None


def settle(ask: Ask, catalogue: Catalogue, calendar: Calendar) -> Ask:
    """Return ``ask`` with only what this edition has: an unknown period, dimension or member is dropped and misread."""
    misread = list(ask.misread)
    if ask.period and not _is_period(ask.period, calendar):
        ask, misread = replace(ask, period=""), [*misread, "period"]
    if ask.by:
        metric = catalogue.metrics.get(ask.path.removeprefix("/m/")) if ask.path.startswith("/m/") else None
        dimensions = {item.by: item for item in metric.dimensions} if metric else {}
        ask = _turned(ask, dimensions)
        if ask.by not in dimensions:
            ask, misread = replace(ask, by="", member="", across=""), [*misread, "by"]
        elif ask.member or ask.across:
            wanted = _slice(ask, dimensions)
            misread += ["member"] if wanted is None else []
            ask = replace(ask, **({"member": "", "across": ""} if wanted is None else wanted))
    if ask.compare and ask.compare not in comparisons(catalogue.metrics.get(ask.path.removeprefix("/m/"))):
        ask, misread = replace(ask, compare=""), [*misread, "compare"]
    if ask.path != "/goals":
        kept = ask.q if ask.path == "/search" else ""
        ask = replace(ask, q=kept, department="", status=None, theme="", owner="", sort="")
        misread = [name for name in misread if name not in _GOALS or (name == "q" and ask.path == "/search")]
    elif lacking := _lacking(ask, catalogue):
        ask, misread = replace(ask, **lacking), [*misread, *lacking]
    return replace(ask, misread=tuple(dict.fromkeys(misread)))


def _turned(ask: Ask, dimensions: Mapping[str, DimensionInfo]) -> Ask:
    """Return an ask for a cross under the name the cross has: ``by=kind,district`` is that of district and kind.

    The members follow the columns as they were named, when that is not the order in which the name has them.
    """
    first, _, second = ask.by.partition(",")
    item = dimensions.get(f"{second},{first}")
    if item is None:
        return ask
    given = {first: ask.member, second: ask.across}
    member, across = (given[part.by] for part in item.parts)
    return replace(ask, by=item.by, member=member, across=across)


def _slice(ask: Ask, dimensions: Mapping[str, DimensionInfo]) -> Changes | None:
    """Return the slice asked for; None where there is none.

    Half of a cross is the slice of its one column, where the metric is split by that alone.
    """
    item = dimensions[ask.by]
    if not item.parts:
        return {} if ask.member in item.members and not ask.across else None
    given = list(zip(item.parts, (ask.member, ask.across), strict=True))
    if any(member and member not in part.members for part, member in given):
        return None
    if all(member for _, member in given):
        return {}
    part, member = next(pair for pair in given if pair[1])
    alone = dimensions.get(part.by)
    return {"by": part.by, "member": member, "across": ""} if alone and member in alone.members else None


def _lacking(ask: Ask, catalogue: Catalogue) -> Changes:
    """Return the filters of goals that name what this city does not have, each emptied."""
    lacking: Changes = {}
    if ask.department and ask.department not in catalogue.departments:
        lacking["department"] = ""
    if ask.theme and ask.theme not in catalogue.city.themes:
        lacking["theme"] = ""
    if ask.owner and all(owner_key(info) != ask.owner for info in catalogue.metrics.values()):
        lacking["owner"] = ""
    return lacking


def owner_key(info: MetricInfo) -> str:
    """Return who answers for a metric's goal as an address names them, the same in every language; "" for nobody."""
    owner = goal_owner(info)
    first = next(iter(owner.values())) if owner else ""
    return "-".join(re.findall(r"[^\W_]+", folded(first)))


def goal_owner(info: MetricInfo) -> Mapping[str, str] | None:
    """Return who answers for a metric's goal: its own owner, else the metric's."""
    return (info.goal.owner if info.goal else None) or info.owner


def _is_period(key: str, calendar: Calendar) -> bool:
    try:
        calendar.parse(key)
    except ValueError:
        return False
    return True


def link(ask: Ask, **changes: Unpack[Changes]) -> str:
    """Return the address of ``ask`` with ``changes``, parameters in one order and defaults left out.

    Another ``path`` starts afresh (only the language stays); another ``by`` drops the member; any change but
    ``after`` goes back to the first rows.

    >>> here = Ask("es", "/m/on_time", period="2026-10", by="district", member="3", languages=("en", "es"))
    >>> link(here, tab="rows")
    '/es/m/on_time?period=2026-10&by=district&member=3&tab=rows'
    >>> link(here, lang="en", by="ward"), link(here, path="/help")
    ('/m/on_time?period=2026-10&by=ward', '/es/help')
    """
    fresh: Changes = {}
    if "path" in changes and changes["path"] != ask.path:
        kept = Ask(ask.lang, ask.path)
        fresh = cast(Changes, {name: getattr(kept, name) for name in _ORDER})
    elif "by" in changes and changes["by"] != ask.by:
        fresh = {"member": "", "across": ""}
    whole: Changes = {"after": None, **fresh, **changes}
    there = replace(ask, **whole)
    query = urlencode(fields(there), quote_via=quote)
    return page_path(there) + (f"?{query}" if query else "")


def plain_ask(ask: Ask) -> Ask:
    """Return the ask for the city page in the language of ``ask``: what is left when nothing else was understood."""
    return Ask(ask.lang, "/", languages=ask.languages)


def page_path(ask: Ask) -> str:
    """Return the address without its query, as a form's ``action``."""
    prefix = "" if ask.lang == ask.languages[0] else f"/{ask.lang}"
    return prefix + ask.path


def fields(ask: Ask, *without: str) -> list[tuple[str, str]]:
    """Return name and value of what is set, but for ``without``: the hidden inputs of a form that changes those."""
    values = {
        "period": ask.period,
        "by": ask.by,
        "member": ask.member,
        "across": ask.across,
        "compare": ask.compare,
        "tab": "" if ask.tab == "time" else ask.tab,
        "after": "" if ask.after is None else str(ask.after),
        "q": ask.q,
        "department": ask.department,
        "status": ask.status.value if ask.status else "",
        "theme": ask.theme,
        "owner": ask.owner,
        "sort": ask.sort,
    }
    return [(name, values[name]) for name in _ORDER if values[name] and name not in without]
