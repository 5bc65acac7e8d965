"""Which member of a dimension a row belongs to: what groups a metric's rows, and what finds the rows of one group."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.counting import Scope
from civicstat.spec import Dimension, Metric

__all__ = ["BLANK", "member_of", "of_member"]

Sql = ColumnElement[Any]

BLANK = "(blank)"
"""The member of rows that have none; a row in which a person wrote it is one of them."""


def member_of(dimension: Dimension, scope: Scope) -> Sql:
    """Return the member a row belongs to, as text."""
    member = sa.cast(scope.columns[dimension.by], sa.String())
    return sa.func.coalesce(member, sa.literal(BLANK), type_=sa.String())


def of_member(metric: Metric, scope: Scope) -> dict[str, Sql]:
    """Return for each dimension by name whether a row belongs to the member given as ``member_<name>``."""
    return {
        item.by: member_of(item, scope) == sa.bindparam(f"member_{item.by}", type_=sa.String())
        for item in metric.dimensions
    }
