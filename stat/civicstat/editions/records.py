"""Which rows a reading counted: the conditions an edition keeps of each metric, and the query they make."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.sql.elements import KeyedColumnElement

from civicstat.period import Length
from civicstat.results import Reading

__all__ = [
    "Among",
    "RecordsInfo",
    "RowsPage",
    "Rule",
    "asked_of",
    "bound",
    "is_counted",
    "is_in",
    "records_of",
    "records_text",
    "taken_of",
    "taking",
]

Given = sa.BindParameter[Any] | KeyedColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Among:
    """Whose rows of a window are in a number: the entities of more than ``more_than`` rows, or the ``top`` by ``load``.

    The window is ``count`` units of the calendar long; the top are found from ``first`` to the day before ``on``, and
    their rows of that time are in the number, too. ``marked``: all rows are, and those of such an entity are hits.
    """

    entity: str
    load: str
    count: int
    unit: Literal["days", "weeks", "months", "years"]
    more_than: int
    marked: bool
    top: int = 0
    first: date | None = None
    on: date | None = None

    def begins(self, last: date) -> date:
        """Return the first day of the window that ends with the day ``last``."""
        return Length(self.count, self.unit).before(last + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Rule:
    """What tells the rows a metric counted from the others: conditions over the columns of ``rows``, as SQL.

    ``hit`` says of a counted row whether it is in the numerator, ``members`` of each dimension that can be opened
    whether a row is in the member ``:member_<dimension>``. The column ``time`` puts a row in a period. Without one
    ``counted`` itself asks for the end of a period where the number is of one (see ``compiler.RowFlags``). ``take``: of
    these rows only those of the last or the first moment are in the number, which is to be found first; ``among``: only
    those of some people or places. ``grain`` is the metric's own.
    """

    grain: str
    counted: str
    members: Mapping[str, str]
    hit: str | None = None
    time: str | None = None
    take: str = ""
    among: Among | None = None


@dataclass(frozen=True, slots=True)
class RecordsInfo:
    """Where the rows of one dataset lie, and what tells those of each metric.

    ``files`` hold ``rows``, the numbers ``_row`` ascending through them. ``shown`` are the columns a person sees.
    ``cut`` and ``now`` are the clock's: the first moment not known, and the one ages are judged at in a running period.
    """

    dataset: str
    files: tuple[str, ...]
    shown: tuple[str, ...]
    cut: datetime
    now: datetime
    metrics: Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Some of the rows a reading counted: ``rows`` hold the values of ``columns``, in the order of the records.

    ``hits`` says of each row whether it is in the numerator (None where the metric has none). ``total`` is the
    reading's ``n``. ``next`` is what to ask for ``after`` this page; None: there is no more.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    hits: tuple[bool | None, ...]
    total: int
    next: int | None


def taking(rule: Rule) -> sa.ColumnElement[Any]:
    """Return the aggregate that finds the moment which a rule takes."""
    assert rule.time is not None
    when: sa.ColumnClause[Any] = sa.column(rule.time)
    return sa.func.max(when) if rule.take == "last" else sa.func.min(when)


def taken_of(rule: Rule, moments: Iterable[Any]) -> Any:
    """Return the moment that a rule takes of those found in each file."""
    known = [moment for moment in moments if moment is not None]
    return (max(known) if rule.take == "last" else min(known)) if known else None


def bound(asked: Mapping[str, Any]) -> dict[str, Given]:
    """Return what a rule is asked for as values of a query."""
    return {name: sa.bindparam(name, value, unique=True) for name, value in asked.items()}


def asked_of(info: RecordsInfo, reading: Reading) -> dict[str, Any]:
    """Return what the rule of a reading's metric is asked for: the period, its end as a stock sees it, the members."""
    before = reading.end
    if reading.grain != info.metrics[reading.metric].grain and reading.through is not None:
        before = reading.through + timedelta(days=1)  # the running period is not in the longer ones
    end = info.cut if before is None else datetime.combine(before, time())
    cut, at = (end, end) if end <= info.cut else (info.cut, info.now)  # the clock stands in for an end still to come
    period = {"start": reading.start, "before": before}
    members = {f"member_{name}": member for name, member in reading.slice.items()}
    return {
        **{name: day for name, day in period.items() if day is not None},
        **{"cut": cut, "at": at, "last": reading.through or at.date()},
        **members,
    }


def is_counted(rule: Rule, given: Mapping[str, Given]) -> sa.ColumnElement[bool]:
    """Return the condition on a row of ``rows`` to be one that a reading counted; ``given`` is what it is asked for."""
    conditions = [_filled(rule.counted, given)]
    if rule.time is not None and "before" in given:
        when: sa.ColumnClause[Any] = sa.column(rule.time)
        early = when < given["before"]
        conditions += [when >= given["start"], early] if "start" in given else [sa.or_(when.is_(None), early)]
    if "moment" in given:
        conditions.append(sa.column(rule.time or "") == given["moment"])
    return sa.and_(*conditions, *is_in(rule, given))


def is_in(rule: Rule, given: Mapping[str, Given]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on a row to be in the members that are given."""
    return [_filled(text, given) for name, text in rule.members.items() if f"member_{name}" in given]


def _filled(text: str, given: Mapping[str, Given]) -> sa.ColumnElement[Any]:
    """Return a condition with its parameters given: as values, or as columns of another table."""
    values: list[sa.BindParameter[Any]] = []
    for name, item in given.items():
        parameter = re.compile(rf"(?<!\\):{name}\b")
        if isinstance(item, sa.BindParameter):
            values += [sa.bindparam(name, item.value, unique=True)] if parameter.search(text) else []
        else:
            text = parameter.sub(f"{item.table.name}.{item.name}", text)
    return sa.and_(sa.true(), sa.text(f"({text})").bindparams(*values))


def records_text(infos: Mapping[str, RecordsInfo]) -> str:
    """Return as JSON where the rows lie and what tells them."""
    return json.dumps({name: dataclasses.asdict(info) for name, info in infos.items()}, default=_iso)


def _iso(value: date) -> str:
    return value.isoformat()


def records_of(text: str) -> dict[str, RecordsInfo]:
    """Return what ``records_text`` wrote; rows that another version of the product kept in another form stay shut."""
    return {
        name: RecordsInfo(
            dataset=item["dataset"],
            files=tuple(item["files"]),
            shown=tuple(item["shown"]),
            cut=datetime.fromisoformat(item["cut"]),
            now=datetime.fromisoformat(item["now"]),
            metrics={metric: _rule_of(rule) for metric, rule in item["metrics"].items()},
        )
        for name, item in json.loads(text).items()
        if "files" in item
    }


def _rule_of(item: Mapping[str, Any]) -> Rule:
    among = item.get("among")
    if among:
        days = {name: date.fromisoformat(among[name]) for name in ("first", "on") if among[name]}
        return Rule(**{**item, "among": Among(**{**among, **days})})
    return Rule(**item)
