"""Which member of a dimension a row is in: a text for each row, or a list of them where a row may be in several."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.conditions import Scope
from civicstat.compiler.constructs import as_text, pieces
from civicstat.compiler.engines import apart
from civicstat.spec import BLANK, OTHER, ColumnType, Dimension

__all__ = ["MemberOf", "member_of"]

Sql = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class MemberOf:
    """``sql`` is a row's member of one column; with ``several`` the list of its members, each once, never empty.

    ``label`` names it among the keys of a plan: equal labels are equal members. Neither is ever null.
    """

    label: str
    sql: Sql
    several: bool = False

    @property
    def key(self) -> Sql:
        """What a plan groups by: a row in several members is there once for each."""
        return sa.func.unnest(self.sql, type_=sa.String()) if self.several else self.sql

    def holds(self, member: Sql) -> Sql:
        """Return the condition that a row is in ``member``."""
        return apart("in_list", self.sql, member, kind=sa.Boolean()) if self.several else self.sql == member


def member_of(part: Dimension, scope: Scope, builtin: Mapping[str, Sql]) -> MemberOf:
    """Return how rows are told apart by a dimension of one column; ``builtin`` are the columns its type adds.

    Raises:
        ValueError: its members of most rows are not known yet.
    """
    value = builtin[part.by] if part.by in builtin else scope.columns[part.by]
    if part.bands:
        made = MemberOf("", _band(part, value, part.by in builtin or scope.kind(part.by) is ColumnType.NUMBER))
    elif part.split:
        made = MemberOf("", _several(part, value), several=True)
    else:
        text = sa.func.coalesce(as_text(value), sa.literal(BLANK), type_=sa.String())
        if part.top is None:
            return MemberOf(f"by_{part.by}", text)
        alone = [sa.literal(member, sa.String()) for member in (*_top(part), BLANK)]
        made = MemberOf("", sa.case((text.in_(alone), text), else_=sa.literal(OTHER)))
    said = made.sql.compile()
    mark = hashlib.sha256(f"{said}\n{said.params}".encode()).hexdigest()[:8]
    return MemberOf(f"by_{part.by}_{mark}", made.sql, made.several)


def _band(part: Dimension, value: Sql, broken: bool) -> Sql:
    """Return the label of the band a value is in; an edge is in the band that begins there."""
    labels = part.fixed
    edges = [
        sa.literal(edge, sa.Double()) if broken else sa.literal(Decimal(f"{edge:.15g}"), sa.Numeric())
        for edge in part.bands
    ]
    whens = [(value < edge, sa.literal(name)) for edge, name in zip(edges, labels, strict=False)]
    return sa.case((value.is_(sa.null()), sa.literal(BLANK)), *whens, else_=sa.literal(labels[-1]))


def _several(part: Dimension, value: Sql) -> Sql:
    """Return the list of a row's members: each once, and where there is none ``(blank)``."""
    found = pieces(value, part.split)
    if part.top is not None:
        kept = apart("in_both_lists", found, _list(*_top(part), BLANK))
        rest = sa.case((_length(kept) < _length(found), _list(OTHER)), else_=apart("empty_list"))
        found = apart("lists_joined", kept, rest)
    return sa.case((_length(found) > sa.literal_column("0"), found), else_=_list(BLANK))


def _top(part: Dimension) -> tuple[str, ...]:
    if part.members is None:
        raise ValueError(f"the members of `{part.by}` that have most rows are not known yet")
    return part.members


def _list(*members: str) -> Sql:
    return apart("list", *(sa.literal(member, sa.String()) for member in members))


def _length(members: Sql) -> Sql:
    return apart("list_length", members, kind=sa.BigInteger())
