"""The query for the members of a column that have most rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from civicstat.compiler.constructs import as_text, pieces
from civicstat.compiler.counting import time_column, where_sql
from civicstat.compiler.plan import scope_for
from civicstat.compiler.row import AsOfValue
from civicstat.compiler.stock import Ending, open_rows, still_open
from civicstat.spec import BLANK, OTHER, Dimension, Metric, Project, Stock

__all__ = ["plan_ranking"]


def plan_ranking(
    metric: Metric,
    part: Dimension,
    project: Project,
    table: sa.FromClause,
    as_of: AsOfValue | None,
    ending: Ending,
) -> sa.Select[Any]:
    """Return the query of the ``top`` members of a dimension, most rows first, of equals the first by name.

    Among the rows of the metric's ``where`` dated before the ``ending`` or not at all; of a stock among those open
    then. Rows without a member, and those in which a person wrote ``other``, are in none.
    """
    scope = scope_for(project, metric.dataset, table, as_of)
    column, edge = scope.columns[part.by], sa.literal(ending.cut, sa.DateTime())
    time = time_column(metric)
    if isinstance(metric.body, Stock):
        at, last = sa.literal(ending.at, sa.DateTime()), sa.literal(ending.last, sa.Date())
        rows = sa.and_(still_open(metric.body, scope, edge), open_rows(metric, scope, at, last).counted)
    else:
        dated = sa.true() if time is None else sa.or_(scope.columns[time].is_(sa.null()), scope.columns[time] < edge)
        rows = sa.and_(dated, where_sql(metric, scope))
    member = as_text(column)
    if part.split:
        member = sa.func.unnest(pieces(column, part.split), type_=sa.String())
    found = sa.select(member.label("member")).select_from(table).where(rows).subquery("found")
    count = sa.func.count()
    return (
        sa.select(found.c.member, count)
        .where(found.c.member.is_not(sa.null()), found.c.member.not_in((BLANK, OTHER)))
        .group_by(found.c.member)
        .order_by(count.desc(), found.c.member)
        .limit(part.top)
    )
