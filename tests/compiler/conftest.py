"""An engine in memory, to ask what the compiled expressions mean there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection


@pytest.fixture(scope="session")
def engine_connection() -> Iterator[Connection]:
    """A connection to an empty DuckDB in memory."""
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.pool.StaticPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
