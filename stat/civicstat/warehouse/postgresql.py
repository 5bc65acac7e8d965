"""A PostgreSQL that holds records: opened to be asked the same questions as the embedded engine, in the same words."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from civicstat.compiler import SQL_TYPES
from civicstat.spec import ColumnType, Dataset

__all__ = ["LEAST_VERSION", "as_declared", "open_postgresql", "postgresql_dialect"]

LEAST_VERSION = 17
"""The first with letters and their order in the database itself (``pg_c_utf8``), whatever the system's locale."""

_SESSION = "-c timezone=UTC -c datestyle=ISO,YMD -c intervalstyle=postgres -c extra_float_digits=1"


def postgresql_dialect() -> Dialect:
    """Return what compiles a statement for PostgreSQL where none is asked; its text is the one for people."""
    made: Any = sa.make_url("postgresql+psycopg://").get_dialect()
    dialect: Dialect = made(paramstyle="named")  # in the other style a `%` would be written twice
    return dialect


def open_postgresql(url: str | sa.URL) -> sa.Engine:
    """Return an engine that only reads, in sessions where dates and numbers are written in one way.

    Raises:
        ValueError: the server is older than ``LEAST_VERSION``, or its database holds other signs than UTF-8.
        sqlalchemy.exc.SQLAlchemyError: it cannot be reached.
    """
    settings = f"{_SESSION} -c default_transaction_read_only=on"
    engine = sa.create_engine(url, connect_args={"options": settings}, pool_size=2)
    try:
        with engine.connect() as connection:
            version = int(connection.scalar(sa.text("SHOW server_version_num")) or 0) // 10_000
            encoding = connection.scalar(sa.text("SELECT getdatabaseencoding()"))
        if version < LEAST_VERSION:
            raise ValueError(f"PostgreSQL {version}: at least {LEAST_VERSION} is needed")
        if encoding != "UTF8":
            raise ValueError(f"a database in {encoding}: one in UTF8 is needed")
    except BaseException:
        engine.dispose()
        raise
    return engine


def as_declared(dataset: Dataset, table: sa.FromClause) -> sa.Subquery:
    """Return the rows of ``table`` with the declared columns of ``dataset`` alone, each of its declared type.

    Texts are in the order of their signs, as in the embedded engine, not in that of a language.
    """
    columns = []
    for name, kind in dataset.types().items():
        value = sa.cast(table.c[name], sa.Text() if kind is ColumnType.TEXT else SQL_TYPES[kind])
        columns.append((value.collate("C") if kind is ColumnType.TEXT else value).label(name))
    return sa.select(*columns).subquery(dataset.name)
