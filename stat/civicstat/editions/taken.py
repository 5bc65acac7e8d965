"""Readings taken as they are from the edition before, because they are made of the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from civicstat.editions.folder import Folder
from civicstat.editions.readers import UNREADABLE, Reader, reader_of
from civicstat.editions.records import RecordsInfo
from civicstat.editions.tables import READINGS, given_rows, reading_of
from civicstat.errors import CivicstatError
from civicstat.results import Reading
from civicstat.warehouse import execute

__all__ = ["OFFICE", "Earlier", "Taken", "earlier_readings", "readings_print"]

OFFICE = "office.duckdb"
_KEYS: Mapping[str, sa.types.TypeEngine[Any]] = {"metric": sa.Text(), "period": sa.Text()}


@dataclass(frozen=True, slots=True)
class Earlier:
    """The current edition, whose readings are as they were written."""

    edition: str
    path: Path
    reader: Reader

    def readings(self, metric: str, periods: Collection[str]) -> Sequence[Reading]:
        """Return its readings of a metric in some periods."""
        select = Taken(self, {metric: periods}).select(self.reader.engine.dialect)
        return [reading_of(row) for row in execute(self.reader.engine, select)]


@dataclass(frozen=True, slots=True)
class Taken:
    """The periods, by metric, whose readings are taken from the edition before; it is None where none are."""

    earlier: Earlier | None = None
    periods: Mapping[str, Collection[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.earlier is not None and any(self.periods.values())

    @property
    def path(self) -> Path | None:
        """The file the readings are taken from."""
        return self.earlier.path if self.earlier and self else None

    def summary(self) -> dict[str, Any]:
        """Return for the manifest which edition readings were taken from, and of how many periods of its metrics."""
        periods = sum(map(len, self.periods.values()))
        return {"from": self.earlier.edition, "periods": periods} if self.earlier and periods else {}

    def select(self, dialect: sa.Dialect, metrics: Collection[str] | None = None, schema: str | None = None) -> Any:
        """Return the query of the readings taken, of some metrics, where they are the table of ``schema``."""
        held = READINGS.to_metadata(sa.MetaData(), schema=schema) if schema else READINGS
        keys = [
            {"metric": metric, "period": period}
            for metric, periods in self.periods.items()
            if metrics is None or metric in metrics
            for period in periods
        ]
        asked = given_rows(keys, _KEYS, dialect).subquery("taken")
        same = (held.c[name] == asked.c[name] for name in _KEYS)
        return sa.select(*held.columns).join(asked, sa.and_(*same))

    def opened(self, info: RecordsInfo) -> int:
        """Return how many of the readings taken open to rows."""
        if self.earlier is None or not self:
            return 0
        engine = self.earlier.reader.engine
        found = self.select(engine.dialect, info.metrics).subquery()
        keys = found.c.metric, found.c.dimension
        select = sa.select(*keys, sa.func.count()).where(found.c.n.is_not(None)).group_by(*keys)
        rows = execute(engine, select)
        return sum(count for metric, split, count in rows if _split(split) <= set(info.metrics[metric].members))

    def draw(self, info: RecordsInfo, room: int, seed: str) -> Sequence[Reading]:
        """Return at most ``room`` of the readings taken that open to rows, the same of the same each time."""
        if self.earlier is None or not self or room < 1:
            return []
        engine = self.earlier.reader.engine
        found = self.select(engine.dialect, info.metrics).subquery()
        keys = (found.c[name] for name in ("metric", "period", "slice"))
        select = sa.select(found).where(found.c.n.is_not(None)).order_by(sa.func.hash(sa.literal(seed), *keys))
        readings = map(reading_of, execute(engine, select.limit(room)))
        return [item for item in readings if set(item.slice) <= set(info.metrics[item.metric].members)]


def earlier_readings(folder: Folder) -> Earlier | None:
    """Return the current edition; None where its readings are not those that its manifest was written with."""
    try:
        edition = folder.current()
        manifest = folder.manifest(edition)
        path = folder.edition(edition) / OFFICE
        reader = reader_of(path)
        with reader.engine.connect() as connection:
            return Earlier(edition, path, reader) if readings_print(connection) == manifest["print"] else None
    except (CivicstatError, *UNREADABLE):
        return None


def readings_print(connection: sa.Connection) -> str:
    """Return a name of all readings of a file, in whatever order they stand."""
    total = sa.func.sum(sa.func.hash(*READINGS.columns, type_=sa.Numeric()))
    rows, hashes = connection.execute(sa.select(sa.func.count(), total).select_from(READINGS)).one()
    return f"{rows}:{int(hashes or 0):x}"


def _split(dimension: str) -> set[str]:
    return set(filter(None, dimension.split(",")))
