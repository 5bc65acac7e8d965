"""A condition over one row as the engine's own text, to be asked again where there is no compiler."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter, ColumnClause, ColumnElement

__all__ = ["columns_of", "parameters_of", "sql_text"]

_TYPED = {"datetime": "TIMESTAMP", "date": "DATE", "str": "VARCHAR", "float": "DOUBLE"}
"""Values that are written as text, and what that text is cast to; the others are written as they are."""


def sql_text(expr: ColumnElement[Any], dialect: Dialect) -> str:
    r"""Return ``expr`` over bare column names as ``sqlalchemy.text`` reads it.

    Each value stands in it with the type the engine binds it with. A parameter with a name of its own stays one.

    >>> from sqlalchemy.dialects import sqlite
    >>> moment = sa.column("at", sa.Text()) < sa.bindparam("cut")
    >>> sql_text(moment & (sa.column("said") == "now: 12:30"), sqlite.dialect())
    "at < :cut AND said = CAST('now\\: 12\\:30' AS VARCHAR)"
    """

    def plain(element: Any, **_: Any) -> Any:
        if isinstance(element, BindParameter):
            # A zero byte, which stands in no SQL, marks the names until the colons of the text are escaped.
            return sa.literal_column(_literal(element, dialect) if element.unique else f"\0{element.key}")
        if isinstance(element, ColumnClause) and element.table is not None:
            return sa.column(element.name, element.type)
        return None

    text = str(visitors.replacement_traverse(expr, {}, plain).compile(dialect=dialect))
    return text.replace(":", "\\:").replace("\0", ":")


def columns_of(expr: sa.ClauseElement) -> frozenset[str]:
    """Return the names of the table's columns that ``expr`` stands on."""
    return frozenset(
        item.name for item in visitors.iterate(expr) if isinstance(item, ColumnClause) and item.table is not None
    )


def parameters_of(expr: sa.ClauseElement) -> frozenset[str]:
    """Return the names of the parameters of ``expr`` that are to be given a value."""
    return frozenset(item.key for item in visitors.iterate(expr) if isinstance(item, BindParameter) and not item.unique)


def _literal(item: BindParameter[Any], dialect: Dialect) -> str:
    process = item.type.dialect_impl(dialect).bind_processor(dialect)
    value: Any = item.effective_value
    values = [each if process is None else process(each) for each in (value if item.expanding else [value])]
    written = ", ".join(map(_written, values))
    return f"({written})" if item.expanding else written  # the values after `in`


def _written(value: Any) -> str:
    kind = _TYPED.get(type(value).__name__)
    if kind:
        # An engine's own reading of `%(name)s` as a parameter must not find one in a person's words.
        words = str(value).replace("'", "''").replace("%(", "%'||'(")
        return f"CAST('{words}' AS {kind})"
    if value is None or isinstance(value, bool):
        return "NULL" if value is None else str(value).lower()
    digits = str(value) if isinstance(value, int) else f"{value:f}"
    return f"({digits})" if digits.startswith("-") else digits  # `--` would begin a comment
