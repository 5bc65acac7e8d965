"""The dataset's checks over its finished rows: how many rows fail each, and which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from civicstat.compiler import SQL_TYPES, AsOfValue, row_sql
from civicstat.errors import Fault, SourceError
from civicstat.spec import Check, City, ColumnType, Dataset
from civicstat.warehouse.connect import execute
from civicstat.warehouse.report import SHOWN

__all__ = ["kept_by_key", "run_checks"]

Sql = sa.ColumnElement[Any]


def run_checks(engine: sa.Engine, dataset: Dataset, city: City, as_of: AsOfValue) -> list[dict[str, Any]]:
    """Return {name, level, failing, examples} for each check, in declared order.

    Examples are `file:record`, the first in the order of the files.

    Raises:
        SourceError: a check of level ``error`` fails; all of them at once.
    """
    rows = sa.table(
        "rows",
        *(sa.column(name, SQL_TYPES[kind]) for name, kind in dataset.types().items()),
        sa.column("_file", sa.String),
        sa.column("_record", sa.BigInteger),
    )
    failing = [_failing(check, dataset, city, rows, as_of) for check in dataset.checks]
    if not failing:
        return []
    tallies = [sa.func.count(sa.case((condition, 1))) for condition in failing]
    counts = execute(engine, sa.select(*tallies).select_from(rows))[0]
    done = []
    faults = []
    for check, condition, count in zip(dataset.checks, failing, counts, strict=True):
        examples = _examples(engine, rows, condition) if count else []
        done.append({"name": _name(check), "level": check.level, "failing": count, "examples": examples})
        if count and check.level == "error":
            faults.append(_fault(dataset, check, count, examples))
    if faults:
        raise SourceError(faults)
    return done


def kept_by_key(dataset: Dataset, check: Check) -> bool:
    """Return whether a check for unique values cannot fail, since of the rows with one key one alone has stayed."""
    return bool(dataset.key) and set(dataset.key) <= set(check.columns)


def _failing(check: Check, dataset: Dataset, city: City, rows: sa.TableClause, as_of: AsOfValue) -> Sql:
    """Return when a row fails. A value that is missing fails only `not_null`, as in SQL's own checks."""
    columns: Mapping[str, Sql] = {name: rows.c[name] for name in dataset.types()}
    if check.kind == "expect" and check.expr is not None:
        return row_sql(check.expr, columns, as_of, city.fiscal_year, city.business_days).is_(sa.false())
    if check.kind == "unique":
        if kept_by_key(dataset, check):
            return sa.false()
        keys = [columns[name] for name in check.columns]
        whole = sa.and_(*(key.is_not(sa.null()) for key in keys))
        twins = sa.select(*keys).where(whole).group_by(*keys).having(sa.func.count() > 1)
        return sa.tuple_(*keys).in_(twins) if len(keys) > 1 else keys[0].in_(twins)
    return sa.or_(*(_fails_alone(check, columns[name], dataset.types()[name]) for name in check.columns))


def _fails_alone(check: Check, column: Sql, kind: ColumnType) -> Sql:
    if check.kind == "not_null":
        return column.is_(sa.null())
    if check.kind == "values":
        return sa.cast(column, sa.String()).not_in(check.allowed)
    bounds = []
    if check.low is not None:
        bounds.append(column < _bound(check.low, kind))
    if check.high is not None:
        bounds.append(column > _bound(check.high, kind))
    return sa.or_(*bounds)


def _bound(value: Any, kind: ColumnType) -> Sql:
    match value:
        case datetime():
            return sa.literal(value, sa.DateTime())
        case date():
            return sa.literal(value, sa.Date())
        case Decimal() if kind is ColumnType.NUMBER:
            return sa.literal(float(value), sa.Double())
        case _:
            return sa.literal(value)


def _examples(engine: sa.Engine, rows: sa.TableClause, condition: Sql) -> list[str]:
    select = (
        sa.select(rows.c["_file"], rows.c["_record"])
        .where(condition)
        .order_by(rows.c["_file"], rows.c["_record"])
        .limit(SHOWN)
    )
    return [f"{file}:{record}" for file, record in execute(engine, select)]


def _name(check: Check) -> str:
    if check.kind == "expect":
        return f"expect: {check.sql}"
    text = f"{check.kind}: {', '.join(check.columns)}"
    if check.kind == "range":
        low, high = ("" if bound is None else str(bound) for bound in (check.low, check.high))
        return f"{text} {low}..{high}"
    return text


def _fault(dataset: Dataset, check: Check, count: int, examples: list[str]) -> Fault:
    position = dataset.checks.index(check) + 1
    records = ", ".join(f"`{example}`" for example in examples)
    more = f" and {count - len(examples):,} more" if count > len(examples) else ""
    return Fault(
        "check-failed",
        f"datasets.{dataset.name}.checks.{position}",
        f"{count:,} row{'' if count == 1 else 's'}: record {records}{more}",
        _name(check),
        "mend the source, or let the check `warn`",
        check.place or dataset.place,
    )
