"""The SQL of one metric, for people: literals in place, one month grain, total only."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from civicstat.compiler.plan import Bounds, plan_rows
from civicstat.compiler.row import SQL_TYPES, AsOfValue
from civicstat.compiler.stock import Ending, plan_ends, plan_flows, runs
from civicstat.spec import Metric, Project, Stock

__all__ = ["explain_sql"]


def explain_sql(metric: Metric, project: Project, dialect: Dialect, as_of: AsOfValue, ending: Ending) -> str:
    """Return the query of ``metric`` in the engine's own words, over a table named as its dataset.

    ``ending`` is the period end at which a stock is shown. The result selects the parts the value is made of.
    """
    dataset = project.datasets[metric.dataset]
    table = sa.table(dataset.name, *(sa.column(name, SQL_TYPES[kind]) for name, kind in dataset.types().items()))
    plain = replace(metric, dimensions=())
    if isinstance(metric.body, Stock) and runs(metric):
        flows = plan_flows([plain], project, table, as_of, ending.cut)
        return "\n\n".join(
            f"-- {what} by {metric.period}\n{_text(plan.select, dialect)}"
            for what, plan in (("opened", flows.opened), ("closed", flows.closed))
        )
    if isinstance(metric.body, Stock):
        return _text(plan_ends([plain], project, table, as_of, [ending]).select, dialect)
    return _text(plan_rows([plain], project, table, as_of, Bounds(ending.cut, {})).select, dialect)


def _text(select: sa.Select[tuple[object, ...]], dialect: Dialect) -> str:
    return str(select.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
