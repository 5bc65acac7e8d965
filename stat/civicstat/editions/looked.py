"""The rows a reading counted, where first it is to be found which those are: at which moment, or whose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from civicstat.editions.records import (
    Among,
    RecordsInfo,
    Rule,
    asked_of,
    bound,
    is_counted,
    is_in,
    taken_of,
    taking,
)
from civicstat.results import Reading

__all__ = ["counted_rows", "first_look"]

Sql = sa.ColumnElement[Any]
Look = Iterable[Sequence[Any]]


def first_look(info: RecordsInfo, reading: Reading) -> sa.Select[Any] | None:
    """Return the query that each file is asked first: for the moment taken, or whose rows there are; None: for nothing.

    It is asked of the whole: the rows of a part are those it has among them.
    """
    rule, whole = info.metrics[reading.metric], reading._replace(slice={})
    rows = sa.table("rows")
    if rule.take:
        return sa.select(taking(rule)).select_from(rows).where(is_counted(rule, bound(asked_of(info, whole))))
    if rule.among is None:
        return None
    among, (window, frozen) = rule.among, _windows(info, rule, rule.among, whole)
    entity: Sql = sa.column(among.entity)
    amount = sa.text("count(*)" if frozen is None else f"sum({among.load})")
    found = sa.select(entity, amount).select_from(rows).where(_valued(rule), entity.is_not(None))
    return found.where(window if frozen is None else frozen).group_by(entity)


def counted_rows(info: RecordsInfo, reading: Reading, looks: Iterable[Look] = ()) -> sa.Select[Any]:
    """Return the query of ``_row``, whether it is a hit, and the shown columns of the rows a reading counted.

    ``looks`` are what ``first_look`` finds in each file.
    """
    rule = info.metrics[reading.metric]
    row: sa.ColumnClause[Any] = sa.column("_row")
    hit: Any = sa.text(f"({rule.hit or 'NULL'}) AS _hit")
    if rule.among is not None:
        rows, marked = _of_some(info, rule, rule.among, reading, looks)
        hit = marked.label("_hit")
    else:
        asked = asked_of(info, reading)
        if rule.take:
            asked["moment"] = taken_of(rule, (moment for look in looks for (moment,) in look))
        rows = is_counted(rule, bound(asked))
    shown: list[sa.ColumnClause[Any]] = [sa.column(name) for name in info.shown]
    return sa.select(row, hit, *shown).select_from(sa.table("rows")).where(rows).order_by(row)


def _of_some(info: RecordsInfo, rule: Rule, among: Among, reading: Reading, looks: Iterable[Look]) -> tuple[Sql, Sql]:
    """Return the conditions on a row to be counted, and to be a hit."""
    window, frozen = _windows(info, rule, among, reading)
    whose = sa.column(among.entity).in_(_some(among, looks))
    members = is_in(rule, bound(asked_of(info, reading)))
    if among.marked:
        return sa.and_(_valued(rule), window, *members), sa.func.coalesce(whose, sa.false())
    if frozen is None:
        return sa.and_(_valued(rule), window, whose, *members), sa.null()
    return sa.and_(_valued(rule), sa.or_(window, frozen), whose, *members), window


def _some(among: Among, looks: Iterable[Look]) -> list[Any]:
    """Return the entities whose rows count, of what was found in each file."""
    amounts: dict[Any, Any] = {}
    for look in looks:
        for entity, amount in look:
            amounts[entity] = amounts.get(entity, 0) + (amount or 0)
    if among.top:
        return sorted(amounts, key=lambda entity: (-amounts[entity], entity))[: among.top]
    return [entity for entity, amount in amounts.items() if amount > among.more_than]


def _windows(info: RecordsInfo, rule: Rule, among: Among, reading: Reading) -> tuple[Sql, Sql | None]:
    """Return whether a row is in the window, and of a cohort also in the time in which it was found."""
    asked = asked_of(info, reading)
    when: Sql = sa.column(rule.time or "")
    first = among.begins(asked["last"])
    window = sa.and_(when >= sa.literal(first), when < sa.literal(asked["cut"]))
    if among.on is None or among.first is None:
        return window, None
    if first < among.on:
        return sa.false(), sa.false()
    return window, sa.and_(when >= sa.literal(among.first), when < sa.literal(among.on))


def _valued(rule: Rule) -> Sql:
    return sa.and_(sa.true(), sa.text(f"({rule.counted})"))
