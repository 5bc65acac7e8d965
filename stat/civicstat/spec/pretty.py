"""SQL laid out for people to read; what runs is never this text."""

from __future__ import annotations

import sqlglot

__all__ = ["pretty_sql"]


def pretty_sql(text: str) -> str:
    """Return one DuckDB statement over several lines, a column a line.

    >>> print(pretty_sql("SELECT a, count(*) AS n FROM t GROUP BY a"))
    SELECT
      a,
      COUNT(*) AS n
    FROM t
    GROUP BY
      a
    """
    return sqlglot.parse_one(text, read="duckdb").sql(dialect="duckdb", pretty=True)
