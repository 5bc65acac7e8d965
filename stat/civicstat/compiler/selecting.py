"""A checked `select` over other datasets becomes one query, layer on layer: rows, groups, windows, what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.row import SQL_TYPES, AsOfValue, row_sql
from civicstat.spec import (
    Aggregate,
    City,
    Column,
    ColumnType,
    Expr,
    Ordered,
    Over,
    Query,
    Select,
    parts_of,
    swapped,
    walk,
)

__all__ = ["plan_select"]

Sql = ColumnElement[Any]

_IN_FILE_ORDER = ("_file", "_record")
_TIED = frozenset({"row_number", "lag", "lead", "first_value", "last_value"})
"""Functions for which rows that are equal in the declared order still need one, or two loads would differ."""


def plan_select(
    query: Query, tables: Mapping[str, sa.FromClause], city: City, as_of: AsOfValue
) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Return the query of the rows. Each of ``tables`` has its dataset's columns, ``_file`` and ``_record``."""
    planned = [_select(item, query, tables, city, as_of) for item in query.selects]
    return planned[0] if len(planned) == 1 else sa.union_all(*planned)


def _select(
    select: Select, query: Query, tables: Mapping[str, sa.FromClause], city: City, as_of: AsOfValue
) -> sa.Select[Any]:
    rows = _rows(select, tables, city, as_of)
    calendar = _Calendar(city, as_of)
    items = [swapped(item, rows.parts) for item in select.items]
    names = list(query.columns)
    shown = [
        sa.cast(calendar.sql(item, rows), SQL_TYPES[kind]).label(name)
        for item, (name, kind) in zip(items, query.columns.items(), strict=True)
    ]
    kept = calendar.sql(swapped(select.qualify, rows.parts), rows).label("_kept") if select.qualify else None
    made = sa.select(*shown, *([kept] if kept is not None else [])).select_from(rows.table)
    if select.group:
        made = made.group_by(*rows.groups)
    if select.having is not None:
        made = made.having(calendar.sql(swapped(select.having, rows.parts), rows))
    if kept is not None:
        inner = made.subquery()
        made = sa.select(*(inner.c[name] for name in names)).where(inner.c["_kept"])
    return made.distinct() if select.distinct else made


class _Rows:
    """The joined rows with what is asked of them, each a column of its own: grouped by columns, not by values."""

    def __init__(
        self, table: sa.Subquery, parts: Mapping[Expr, Expr], groups: Sequence[Sql], ties: Sequence[Sql]
    ) -> None:
        self.table, self.parts, self.groups, self.ties = table, parts, groups, ties


def _rows(select: Select, tables: Mapping[str, sa.FromClause], city: City, as_of: AsOfValue) -> _Rows:
    named = {item.name: tables[item.dataset].alias(f"from_{item.name}") for item in select.sources}
    columns = {
        f"{name}.{column.name}": column
        for name, table in named.items()
        for column in table.columns
        if column.name not in _IN_FILE_ORDER
    }

    def sql(expr: Expr) -> Sql:
        return row_sql(expr, columns, as_of, city.fiscal_year, city.business_days)

    first, *others = select.sources
    joined: sa.FromClause = named[first.name]
    for item in others:
        on = sql(item.on) if item.on is not None else sa.true()
        if item.join == "right":
            joined = named[item.name].outerjoin(joined, on)
        else:
            joined = joined.join(named[item.name], on, isouter=item.join != "inner", full=item.join == "full")
    asked: dict[Expr, Column] = {}
    for place, group in enumerate(select.group):
        asked.setdefault(group, Column(f"g{place}", group.type or ColumnType.TEXT))
    for expr in (*select.items, select.having, select.qualify):
        for part in walk(expr) if expr is not None else ():
            if isinstance(part, Column) and part.name in columns:
                asked.setdefault(part, Column(f"c{len(asked)}", part.type))
    ties = [] if select.grouped else [table.c[column] for table in named.values() for column in _IN_FILE_ORDER]
    shown = [sql(expr).label(column.name) for expr, column in asked.items()]
    shown += [tie.label(f"t{place}") for place, tie in enumerate(ties)]
    chosen = sa.select(*(shown or [sa.literal_column("1").label("row")])).select_from(joined)
    if select.where is not None:
        chosen = chosen.where(sql(select.where))
    table = chosen.subquery("each")
    groups = [table.c[asked[group].name] for group in dict.fromkeys(select.group)]
    return _Rows(
        table, asked, groups, groups if select.grouped else [table.c[f"t{place}"] for place in range(len(ties))]
    )


class _Calendar:
    """Expressions over such rows, with the city's calendar and the clock."""

    def __init__(self, city: City, as_of: AsOfValue) -> None:
        self.city, self.as_of = city, as_of

    def sql(self, expr: Expr, rows: _Rows) -> Sql:
        """Return an expression in which aggregates and windows may stand."""
        columns: dict[str, Sql] = {column.name: column for column in rows.table.columns}
        calls: dict[Expr, Expr] = {}
        for place, part in enumerate(_calls(expr)):
            name = f"call_{place}"
            calls[part] = Column(name, part.type)
            columns[name] = self.over(part, rows) if isinstance(part, Over) else self.aggregate(part, rows)
        made = swapped(expr, calls)
        return row_sql(made, columns, self.as_of, self.city.fiscal_year, self.city.business_days)

    def aggregate(self, item: Aggregate, rows: _Rows) -> Sql:
        """Return an aggregate as SQL has it: of no value but a count, none."""
        if item.arg is None:
            return sa.func.count()
        value = self.sql(item.arg, rows)
        exact = item.arg.type in (ColumnType.INTEGER, ColumnType.MONEY)
        number = value if exact else sa.cast(value, sa.Double())
        chosen: Sql = sa.distinct(value) if item.distinct else value
        match item.name:
            case "count":
                return sa.func.count(chosen)
            case "sum":
                return sa.func.sum(number)
            case "avg":
                return sa.func.avg(number, type_=sa.Double())
            case "median" | "percentile":
                share = item.share if item.share is not None else 0.5
                return sa.func.quantile_cont(number, sa.literal_column(repr(share)), type_=sa.Double())
            case "min":
                return sa.func.min(value)
        return sa.func.max(value)

    def over(self, item: Over, rows: _Rows) -> Sql:
        """Return a function over the rows around a row."""
        if isinstance(item.of, Aggregate):
            called: Any = self.aggregate(item.of, rows)
        else:
            called = getattr(sa.func, item.of.name)(*(self.sql(arg, rows) for arg in item.of.args))
        order = [self.ordered(part, rows) for part in item.order]
        if order and (item.frame is not None or item.of.name in _TIED):
            order += rows.ties
        partition = [self.sql(part, rows) for part in item.partition]
        made: Sql = called.over(partition_by=partition or None, order_by=order or None, rows=item.frame)
        return made

    def ordered(self, part: Ordered, rows: _Rows) -> Sql:
        """Return a value of an order, those without one where it says."""
        value = self.sql(part.expr, rows)
        turned = value.desc() if part.descending else value.asc()
        return turned.nulls_first() if part.nulls_first else turned.nulls_last()


def _calls(expr: Expr) -> Iterator[Aggregate | Over]:
    """Yield the outermost aggregates and windows."""
    if isinstance(expr, Aggregate | Over):
        yield expr
    else:
        for part in parts_of(expr):
            yield from _calls(part)
