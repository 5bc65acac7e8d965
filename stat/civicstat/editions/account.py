"""Which rows are in a metric's number and which are not, each with its reason; the counts add up to what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from civicstat.compiler import COUNTED, Asked, Ending, plan_account
from civicstat.editions.draft import Draft
from civicstat.editions.membership import Listing, office_records
from civicstat.editions.records import asked_of
from civicstat.errors import CivicstatError, Fault
from civicstat.results import Reading, least_shown
from civicstat.spec import Dimension, Metric, Recurrence, operands_of
from civicstat.warehouse import LoadReport

__all__ = ["Account", "account_of"]


@dataclass(frozen=True, slots=True)
class Account:
    """The rows of one member (the total: no slice): how many are ``counted``, how many ``out`` for which reason.

    ``withheld``: the number is withheld to protect the people in it, and so is what would tell it. Where small counts
    may be withheld, ``private`` says that nothing is told of the rows out: all of them, less those that other periods
    count, would be what is withheld.
    """

    slice: Mapping[str, str]
    counted: int | None = None
    out: Mapping[str, int] = field(default_factory=dict)
    withheld: bool = False
    private: bool = False

    @property
    def rows(self) -> int | None:
        """All rows there are, in or out; None where nothing is told of those out."""
        return None if self.private else (self.counted or 0) + sum(self.out.values())


def account_of(draft: Draft, name: str, period: str = "", by: str = "") -> tuple[LoadReport, list[Account]]:
    """Return what the load of a metric's dataset read, and the account of its rows: in total, or of each member.

    Without ``period`` a row is counted that any period counts.

    Raises:
        CivicstatError: there is no such period or dimension; none is named, and counts may be withheld; or the query
            fails on the records.
    """
    metric = draft.project.metrics[name]
    if not metric.dataset:
        listed = ", ".join(f"`{item.metric}`" for item in operands_of(metric.body))
        found = "a metric made of others, which counts no rows of its own"
        raise CivicstatError(Fault("rows-not-open", f"metrics.{name}", found, f"a metric it is made of: {listed}"))
    report = draft.segments[metric.dataset].report
    split = _dimension(metric, by)
    if not period:
        if isinstance(metric.body, Recurrence):
            needed = "one period: a record may count in the window of one and not in that of another"
            raise CivicstatError(Fault("period-needed", "--period", "none", needed))
        if least_shown(metric, draft.project):
            needed = "one period: of a metric that withholds small counts others can be subtracted"
            raise CivicstatError(Fault("period-needed", "--period", "none", needed))
        return report, _accounts(draft, metric, _any_period(draft, metric), split, {})
    dimension = split.by if split else ""
    readings = {
        tuple(reading.slice[part.by] for part in (split.parts if split else ())): reading
        for reading in draft.readings(name, period=period, dimension=dimension)
    }
    if not readings:
        raise CivicstatError(Fault("no-such-reading", f"metrics.{name}", f"no reading for `{period}`"))
    return report, _accounts(draft, metric, _of_period(draft, metric, next(iter(readings.values()))), split, readings)


def _accounts(
    draft: Draft, metric: Metric, asked: Asked, split: Dimension | None, readings: Mapping[tuple[str, ...], Reading]
) -> list[Account]:
    parts = split.parts if split else ()
    counts: dict[tuple[str, ...], dict[str, int]] = {} if split else {(): {}}
    for row in _rows(draft, metric, asked, parts):
        counts.setdefault(tuple(row[1:-1]), {})[row[0]] = row[-1]
    counts = {**{members: {} for members in readings}, **counts}
    order = {members: place for place, members in enumerate(readings)}
    accounts = []
    for members in sorted(counts, key=lambda item: (order.get(item, len(order)), item)):
        reading = readings.get(members)
        chosen = dict(zip(split.columns if split else (), members, strict=True))
        if reading is not None and reading.suppressed:
            accounts.append(Account(chosen, withheld=True, private=True))
        elif least_shown(metric, draft.project):
            accounts.append(Account(chosen, counts[members].get(COUNTED, 0), private=True))
        else:
            out = {reason: rows for reason, rows in counts[members].items() if reason != COUNTED}
            accounts.append(Account(chosen, counts[members].get(COUNTED, 0), out))
    return accounts


def _rows(draft: Draft, metric: Metric, asked: Asked, parts: Sequence[Dimension]) -> Sequence[sa.Row[Any]]:
    table, clock = draft.tables[metric.dataset], draft.clocks[metric.dataset]
    try:
        select = plan_account(metric, draft.project, table, clock.value, asked, parts)
        return draft.connection.execute(select).all()
    except (sa.exc.SQLAlchemyError, ValueError) as error:  # as in a build: a metric may fail on its rows
        said = str(getattr(error, "orig", None) or error)
        raise CivicstatError(Fault("metric-failed", f"metrics.{metric.name}", said)) from error


def _any_period(draft: Draft, metric: Metric) -> Asked:
    clock = draft.clocks[metric.dataset]
    return Asked(clock.cut, Ending(clock.last_day, clock.cut, clock.now, clock.last_day))


def _of_period(draft: Draft, metric: Metric, reading: Reading) -> Asked:
    """Return what a list of the reading's rows asks for, so that the account and the list cannot disagree."""
    clock, dataset = draft.clocks[metric.dataset], draft.project.datasets[metric.dataset]
    listing = Listing(draft.project, dataset, clock, [metric], draft.connection.dialect)
    info = office_records(listing, draft.segments[metric.dataset])
    given = asked_of(info, reading)
    start = given.get("start") or clock.last_day
    return Asked(
        clock.cut,
        Ending(start, given["cut"], given["at"], given["last"]),
        given.get("start"),
        given.get("before"),
        undated="start" not in given,
    )


def _dimension(metric: Metric, by: str) -> Dimension | None:
    if not by:
        return None
    wanted = ",".join(sorted(by.split(",")))
    found = next((item for item in metric.dimensions if item.by == wanted), None)
    if found is None:
        listed = ", ".join(f"`{item.by}`" for item in metric.dimensions) or "none"
        place = f"metrics.{metric.name}.dimensions"
        raise CivicstatError(Fault("no-such-dimension", place, f"`{by}`", f"one of those declared: {listed}"))
    return found
