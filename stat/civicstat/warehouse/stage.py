"""Every record of a dataset's files in one scratch table: typed values, and beside them whatever could not be typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from civicstat.compiler import SQL_TYPES
from civicstat.sources import ESCAPES, Normalised, Table, normalise
from civicstat.spec import ColumnDef, ColumnType, Dataset
from civicstat.warehouse.casts import mapped, trimmed, typed, without_missing
from civicstat.warehouse.connect import execute, quoted

__all__ = ["BROKEN", "Stage", "load_stage"]

_LINE = 131_072

BROKEN = sa.Table(
    "broken",
    sa.MetaData(),
    sa.Column("file", sa.Integer),
    sa.Column("record", sa.BigInteger),
    sa.Column("line", sa.BigInteger),
    sa.Column("reason", sa.String),
    sa.Column("raw", sa.String),
    prefixes=["TEMPORARY"],
)
"""Records whose shape is wrong."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The scratch table ``rows`` and what was found on the way.

    Its columns are ``file`` (index), ``record`` and ``line`` (null where the file was read as it lies), and for the
    declared column i: ``v{i}`` the value, ``r{i}`` the text that cannot be it, ``w{i}`` the word that meant no value,
    ``u{i}`` whether the map did not name it. ``careful`` holds the files that were read record by record, and
    ``in_order`` says that all rows stand in the order of files and records.
    """

    rows: sa.Table
    careful: dict[int, Normalised]
    in_order: bool = False


def load_stage(engine: sa.Engine, dataset: Dataset, tables: Sequence[Table], time_zone: str, folder: Path) -> Stage:
    """Read all files: as they lie where that is safe, record by record where it is not.

    A file that the fast reader stumbles over is read again by the careful one, so that every record is accounted for.

    Raises:
        SourceError: a quote never closes or a value is too long.
    """
    stage = Stage(_stage_table(dataset), {})
    careful = {index for index, table in enumerate(tables) if table.careful}
    while True:
        with engine.begin() as connection:
            for table in (stage.rows, BROKEN):
                table.drop(connection, checkfirst=False) if _exists(connection, table.name) else None
                table.create(connection, checkfirst=False)
        for index in sorted(careful - stage.careful.keys()):
            stage.careful[index] = normalise(dataset, tables[index], *_paths(folder, index))
        stumbled = _read_all(engine, dataset, tables, stage, time_zone, folder)
        if not stumbled:
            return replace(stage, in_order=_in_order(tables, careful))
        careful |= stumbled


def _stage_table(dataset: Dataset) -> sa.Table:
    columns: list[sa.Column[Any]] = [
        sa.Column("file", sa.Integer),
        sa.Column("record", sa.BigInteger),
        sa.Column("line", sa.BigInteger),
    ]
    for i, column in enumerate(dataset.columns.values()):
        columns.append(sa.Column(f"v{i}", SQL_TYPES[column.held]))
        columns += [sa.Column(f"{letter}{i}", kind) for letter, kind in _extras(column)]
    return sa.Table("stage", sa.MetaData(), *columns, prefixes=["TEMPORARY"])


def _extras(column: ColumnDef) -> Iterable[tuple[str, sa.types.TypeEngine[Any]]]:
    if column.type is not ColumnType.TEXT or column.values:
        yield "r", sa.String()
    if column.missing:
        yield "w", sa.String()
    if column.map:
        yield "u", sa.Boolean()


def _exists(connection: sa.Connection, name: str) -> bool:
    found = sa.text("SELECT count(*) FROM duckdb_tables() WHERE temporary AND table_name = :name")
    return bool(connection.scalar(found, {"name": name}))


def _paths(folder: Path, index: int) -> tuple[Path, Path]:
    return folder / f"good-{index}.csv", folder / f"broken-{index}.csv"


def _read_all(
    engine: sa.Engine, dataset: Dataset, tables: Sequence[Table], stage: Stage, time_zone: str, folder: Path
) -> set[int]:
    """Fill the stage; return the files that must be read carefully instead."""
    stumbled: set[int] = set()
    for members in _groups(tables, stage.careful.keys()):
        if members[0] in stage.careful:
            _read_careful(engine, dataset, tables[members[0]], members[0], stage, time_zone, folder)
            continue
        try:
            stumbled |= _read_fast(engine, dataset, tables, members, stage, time_zone)
        except DBAPIError:
            # The reader gave up without saying in which file.
            stumbled |= set(members)
    return stumbled or _miscounted(engine, tables, stage)


def _groups(tables: Sequence[Table], careful: Collection[int]) -> list[list[int]]:
    """Return the files by how they are read: those that are alike together, a careful one alone."""
    groups: dict[Any, list[int]] = {}
    for index, table in enumerate(tables):
        alike = (table.width, tuple(table.positions.values()), table.delimiter, table.quote, table.last_header_line)
        how = (table.newline, table.file.gzipped, table.odd_space, index if index in careful else None)
        groups.setdefault((alike, how), []).append(index)
    return list(groups.values())


def _in_order(tables: Sequence[Table], careful: Collection[int]) -> bool:
    members = [index for group in _groups(tables, careful) for index in group]
    return members == sorted(members)


def _read_fast(
    engine: sa.Engine, dataset: Dataset, tables: Sequence[Table], members: list[int], stage: Stage, time_zone: str
) -> set[int]:
    first = tables[members[0]]
    names = [f"c{i}" for i in range(first.width)]
    reader = _read_csv([tables[i].file.path for i in members], names, first, _LINE)
    raw = sa.text(f"SELECT file_index, {', '.join(names)} FROM {reader}").columns(
        sa.column("file_index", sa.Integer), *(sa.column(name, sa.String) for name in names)
    )
    cells = raw.subquery("raw")
    index = sa.literal(members[0]) if len(members) == 1 else _lookup(cells.c.file_index, members)
    values = [cells.c[names[first.positions[column.source]]] for column in dataset.columns.values()]
    with engine.begin() as connection:
        _insert(connection, dataset, stage, index, sa.null(), sa.null(), values, first.odd_space, time_zone)
        rejected = connection.exec_driver_sql(
            "SELECT DISTINCT s.file_path FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id)"
        ).all()
        for name in ("reject_errors", "reject_scans"):
            connection.exec_driver_sql(f"DROP TABLE {name}")
    paths = {path for (path,) in rejected}
    return {i for i in members if str(tables[i].file.path) in paths}


def _lookup(file_index: sa.ColumnElement[int], members: list[int]) -> sa.ColumnElement[int]:
    if members == list(range(members[0], members[0] + len(members))):
        return sa.cast(file_index, sa.Integer) + members[0]
    listed: sa.ColumnElement[Any] = sa.literal_column("[" + ", ".join(map(str, members)) + "]")
    return sa.func.list_extract(listed, sa.cast(file_index, sa.BigInteger) + 1, type_=sa.Integer())


def _read_careful(
    engine: sa.Engine, dataset: Dataset, table: Table, index: int, stage: Stage, time_zone: str, folder: Path
) -> None:
    good, broken = _paths(folder, index)
    done = stage.careful[index]
    at = {source: place for place, source in enumerate(table.positions)}
    names = [f"c{place}" for place in range(len(at) + 2)]
    number = sa.literal(index)
    with engine.begin() as connection:
        if done.records > done.broken:
            plain = _Plain(len(names))
            reader = _read_csv([good], names, plain, max(_LINE, done.longest * 8 + 1024), rejects=False)
            cells = _cells(reader, names)
            record, line = (sa.cast(cells.c[name], sa.BigInteger) for name in names[-2:])
            values = [_unescape(cells.c[f"c{at[column.source]}"], done) for column in dataset.columns.values()]
            _insert(connection, dataset, stage, number, record, line, values, True, time_zone)
        if done.broken:
            names = ["raw", "reason", "record", "line"]
            cells = _cells(_read_csv([broken], names, _Plain(4), _LINE, rejects=False), names)
            record, line = (sa.cast(cells.c[name], sa.BigInteger) for name in names[-2:])
            chosen = sa.select(number, record, line, cells.c.reason, _unescape(cells.c.raw, done))
            connection.execute(BROKEN.insert().from_select([c.name for c in BROKEN.columns], chosen))


def _cells(reader: str, names: Sequence[str]) -> sa.Subquery:
    text = sa.text(f"SELECT {', '.join(names)} FROM {reader}")
    return text.columns(*(sa.column(name, sa.String) for name in names)).subquery("raw")


def _unescape(cell: sa.ColumnElement[Any], done: Normalised) -> sa.ColumnElement[Any]:
    for char, written in reversed(ESCAPES) if done.escaped else ():
        cell = sa.func.replace(cell, written, char, type_=sa.String())
    return cell


@dataclass(frozen=True, slots=True)
class _Plain:
    """How the careful reader writes its own files."""

    width: int
    delimiter: str = ","
    quote: str = '"'
    last_header_line: int = 0
    newline: str = "\n"


def _read_csv(
    paths: Sequence[Path], names: Sequence[str], shape: Table | _Plain, line: int, rejects: bool = True
) -> str:
    """Return the call of the fast reader: every path and mark is a quoted literal, every name is our own."""
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    gzipped = isinstance(shape, Table) and shape.file.gzipped
    options = [
        "[" + ", ".join(quoted(str(path)) for path in paths) + "]",
        f"columns = {{{columns}}}",
        "auto_detect = false",
        "header = false",
        f"skip = {shape.last_header_line}",
        f"delim = {quoted(shape.delimiter)}",
        f"quote = {quoted(shape.quote)}",
        f"escape = {quoted(shape.quote)}",
        # Guessed by the engine, a line break inside a quoted value would be taken for the file's own.
        r"new_line = '\r\n'" if shape.newline == "\r\n" else r"new_line = '\n'",
        f"compression = '{'gzip' if gzipped else 'none'}'",
        f"max_line_size = {line}",
    ]
    if line > _LINE:
        options.append(f"buffer_size = {line * 2}")
    if rejects:
        options += ["store_rejects = true", "rejects_limit = 1000"]
    return f"read_csv({', '.join(options)})"


def _insert(
    connection: sa.Connection,
    dataset: Dataset,
    stage: Stage,
    index: sa.ColumnElement[Any],
    record: sa.ColumnElement[Any],
    line: sa.ColumnElement[Any],
    values: Sequence[sa.ColumnElement[Any]],
    odd_space: bool,
    time_zone: str,
) -> None:
    """Type the raw cells and add them to the stage; layer on layer, so that no expression is worked out twice."""
    columns = list(dataset.columns.values())
    keep = [index.label("file"), record.label("record"), line.label("line")]
    text = sa.select(*keep, *(trimmed(v, odd_space).label(f"t{i}") for i, v in enumerate(values))).subquery("trimmed")
    some = sa.select(
        *(text.c[name] for name in ("file", "record", "line")),
        *(without_missing(text.c[f"t{i}"], column).label(f"t{i}") for i, column in enumerate(columns)),
        *(
            sa.case((text.c[f"t{i}"].in_(column.missing), text.c[f"t{i}"])).label(f"w{i}")
            for i, column in enumerate(columns)
            if column.missing
        ),
    ).subquery("present")
    chosen: list[sa.ColumnElement[Any]] = [some.c[name] for name in ("file", "record", "line")]
    for i, column in enumerate(columns):
        word = some.c[f"t{i}"]
        recoded = mapped(word, column)
        value = typed(recoded, column, time_zone, odd_space)
        chosen.append(value.label(f"v{i}"))
        for letter, _ in _extras(column):
            if letter == "r":
                chosen.append(_unfit(recoded, value, column).label(f"r{i}"))
            elif letter == "w":
                chosen.append(some.c[f"w{i}"])
            else:
                chosen.append(word.not_in(list(column.map)).label(f"u{i}"))
    connection.execute(stage.rows.insert().from_select([c.name for c in stage.rows.columns], sa.select(*chosen)))


def _unfit(text: sa.ColumnElement[Any], value: sa.ColumnElement[Any], column: ColumnDef) -> sa.ColumnElement[Any]:
    reasons = []
    if column.type is not ColumnType.TEXT:
        reasons.append(value.is_(sa.null()))
    if column.values:
        reasons.append(text.not_in(column.values))
    return sa.case((sa.or_(*reasons), text))


def _miscounted(engine: sa.Engine, tables: Sequence[Table], stage: Stage) -> set[int]:
    """Return the files read as they lie whose records do not match the lines counted beforehand."""
    counted: dict[int, int] = dict(
        execute(engine, sa.select(stage.rows.c.file, sa.func.count()).group_by(stage.rows.c.file))
    )
    wrong = set()
    for index, table in enumerate(tables):
        if index in stage.careful:
            continue
        most = table.lines - table.last_header_line
        found = counted.get(index, 0)
        if found > most or (not table.quotes and found != most):
            wrong.add(index)
    return wrong
