"""A dataset's segment as tables: attached file by file, and read as one."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from civicstat.compiler import SQL_TYPES
from civicstat.editions.folder import Folder
from civicstat.editions.segment import Segment
from civicstat.spec import Dataset
from civicstat.warehouse import attach, attach_joined

__all__ = ["attach_segments", "part_tables", "segment_table"]


def attach_segments(engine: sa.Engine, folder: Folder, segments: Mapping[str, Segment]) -> None:
    """Make the records of every dataset readable through ``engine``, which must be able to write."""
    for name, segment in segments.items():
        schemas = _schemas(name, segment)
        for schema, file in zip(schemas, segment.files, strict=True):
            attach(engine, folder.segments / file, schema)
        if len(schemas) > 1:
            attach_joined(engine, schemas, _schema(name), ("rows", "quarantine"))


def segment_table(dataset: Dataset) -> sa.Table:
    """Return the table of all of a dataset's records, as it stands in its attached segment."""
    return _table(dataset, _schema(dataset.name))


def part_tables(dataset: Dataset, segment: Segment) -> list[sa.Table]:
    """Return a table for each file of the attached segment, in the order of ``_row``."""
    return [_table(dataset, schema) for schema in _schemas(dataset.name, segment)]


def _table(dataset: Dataset, schema: str) -> sa.Table:
    columns = [sa.Column(name, SQL_TYPES[kind]) for name, kind in dataset.types().items()]
    return sa.Table("rows", sa.MetaData(), sa.Column("_row", sa.BigInteger), *columns, schema=schema)


def _schema(dataset: str) -> str:
    return f"d_{dataset}"


def _schemas(dataset: str, segment: Segment) -> list[str]:
    """A file's number stands before the name, or the part 0 of `x` would be the dataset `x_0`."""
    if len(segment.files) == 1:
        return [_schema(dataset)]
    return [f"part_{position}_{dataset}" for position in range(len(segment.files))]
