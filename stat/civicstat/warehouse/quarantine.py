"""Records that cannot join the rows: which, where they stand, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from civicstat.sources import Table
from civicstat.spec import Dataset
from civicstat.warehouse.casts import REASONS
from civicstat.warehouse.connect import execute
from civicstat.warehouse.stage import BROKEN, Stage

__all__ = ["FILES", "QUARANTINE", "first_aside", "record_number", "ways_to_fail", "write_quarantine"]

Sql = sa.ColumnElement[Any]

QUARANTINE = sa.Table(
    "quarantine",
    sa.MetaData(),
    sa.Column("file", sa.String),
    sa.Column("record", sa.BigInteger),
    sa.Column("line", sa.BigInteger),
    sa.Column("reason", sa.String),
    sa.Column("column", sa.String),
    sa.Column("value", sa.String),
    sa.Column("raw", sa.String),
)
"""One row a record set aside: its first fault, the value found, and the whole text where its shape is wrong."""

FILES = sa.Table(
    "files",
    sa.MetaData(),
    sa.Column("file", sa.Integer),
    sa.Column("name", sa.String),
    sa.Column("first", sa.BigInteger),
    sa.Column("offset", sa.BigInteger),
    prefixes=["TEMPORARY"],
)


def write_quarantine(engine: sa.Engine, dataset: Dataset, tables: Sequence[Table], stage: Stage) -> dict[str, int]:
    """Write ``quarantine`` and return how many records it holds for each reason."""
    _number_files(engine, tables, stage)
    rows = stage.rows
    failing = ways_to_fail(dataset, rows)
    reason, column, value = (sa.case(*((cond, part[k]) for cond, *part in failing), else_=sa.null()) for k in range(3))
    record = record_number(rows)
    with engine.begin() as connection:
        QUARANTINE.create(connection, checkfirst=False)
        names = [c.name for c in QUARANTINE.columns]
        broken = (
            sa.select(FILES.c.name, BROKEN.c.record, BROKEN.c.line, BROKEN.c.reason, sa.null(), sa.null(), BROKEN.c.raw)
            .join_from(BROKEN, FILES, BROKEN.c.file == FILES.c.file)
            .order_by(BROKEN.c.file, BROKEN.c.record)
        )
        connection.execute(QUARANTINE.insert().from_select(names, broken))
        if failing:
            line = sa.func.coalesce(rows.c.line, record + FILES.c.offset)
            unfit = (
                sa.select(FILES.c.name, record, line, reason, column, value, sa.null())
                .join_from(rows, FILES, rows.c.file == FILES.c.file)
                .where(sa.or_(*(cond for cond, *_ in failing)))
                .order_by(rows.c.file, record)
            )
            connection.execute(QUARANTINE.insert().from_select(names, unfit))
    counts = sa.select(QUARANTINE.c.reason, sa.func.count()).group_by(QUARANTINE.c.reason).order_by(QUARANTINE.c.reason)
    return dict(execute(engine, counts))


def first_aside(engine: sa.Engine) -> dict[str, dict[str, Any]]:
    """Return for each reason where the first record stands that is in quarantine for it: never its value."""
    rowid = sa.literal_column("rowid", sa.BigInteger)
    firsts = sa.select(sa.func.min(rowid)).select_from(QUARANTINE).group_by(QUARANTINE.c.reason)
    table = QUARANTINE.c
    select = sa.select(table.reason, table.file, table.record, table.column).where(rowid.in_(firsts))
    return {
        reason: {"file": file, "record": record, "column": column}
        for reason, file, record, column in execute(engine, select.order_by(table.reason))
    }


def _number_files(engine: sa.Engine, tables: Sequence[Table], stage: Stage) -> None:
    """Note where each file's records begin in the stage, and how far its lines are ahead of its records."""
    rowid = sa.literal_column("rowid", sa.BigInteger)
    starts = sa.select(stage.rows.c.file, sa.func.min(rowid), sa.func.count()).group_by(stage.rows.c.file)
    found = {file: (first, count) for file, first, count in execute(engine, starts)}
    with engine.begin() as connection:
        FILES.create(connection, checkfirst=False)
        connection.execute(
            FILES.insert(),
            [
                {
                    "file": index,
                    "name": table.file.name,
                    "first": found.get(index, (0, 0))[0],
                    "offset": table.last_header_line
                    if table.lines - table.last_header_line == found.get(index, (0, 0))[1]
                    else None,
                }
                for index, table in enumerate(tables)
            ],
        )


def record_number(rows: sa.Table) -> Sql:
    """Return a record's number in its file: records are staged in file order."""
    return sa.func.coalesce(rows.c.record, sa.literal_column("stage.rowid", sa.BigInteger) - FILES.c.first + 1)


def ways_to_fail(dataset: Dataset, rows: sa.Table) -> list[tuple[Sql, Sql, Sql, Sql]]:
    """Return for each way a record can fail: when, its reason, the column, and the value shown."""
    ways: list[tuple[Sql, Sql, Sql, Sql]] = []
    for i, column in enumerate(dataset.columns.values()):
        name = sa.literal(column.name)
        value = rows.c[f"v{i}"]
        if f"r{i}" in rows.c:
            unfit = rows.c[f"r{i}"]
            wrong_type = sa.literal(REASONS.get(column.type, "not-in-values"))
            reason = sa.case((value.is_(sa.null()), wrong_type), else_=sa.literal("not-in-values"))
            ways.append((unfit.is_not(sa.null()), reason, name, unfit))
        if column.required:
            word = rows.c[f"w{i}"] if f"w{i}" in rows.c else sa.null()
            ways.append((value.is_(sa.null()), sa.literal("missing-required"), name, word))
    return ways
