"""The one place that opens a database of records: hardened in a fixed order, read back, a cursor for each user."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa
from duckdb_sqlalchemy import ConnectionWrapper
from sqlalchemy.pool import QueuePool

__all__ = [
    "ENGINE_ERRORS",
    "HardeningError",
    "Limits",
    "attach",
    "attach_joined",
    "checkpoint",
    "execute",
    "open_reader",
    "open_writer",
    "quoted",
]

_SEALS = (("enable_external_access", False), ("lock_configuration", True))


class HardeningError(RuntimeError):
    """A setting that guards the database is not in force; nothing is opened then."""


ENGINE_ERRORS = (duckdb.Error, sa.exc.SQLAlchemyError, HardeningError)
"""What opening or asking a database may raise besides the system's own errors."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one database may use. ``CIVICSTAT_MEMORY_MB`` and ``CIVICSTAT_THREADS`` set them for a whole process."""

    memory_mb: int
    threads: int
    milliseconds: int

    @classmethod
    def for_reading(cls) -> Limits:
        """Return the limits of an edition's readers, where no statement runs longer than 30 seconds."""
        return cls(_setting("CIVICSTAT_MEMORY_MB", 512), _setting("CIVICSTAT_THREADS", min(2, _cores())), 30_000)

    @classmethod
    def for_building(cls) -> Limits:
        """Return the limits of a load or a build, which may take as long as it needs."""
        return cls(_setting("CIVICSTAT_MEMORY_MB", 800), _setting("CIVICSTAT_THREADS", _cores()), 0)


class _Root:
    """The connection that owns a database; users get cursors of it. Sealed before the first of them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._lock = threading.Lock()
        self._sealed = False

    def cursor(self) -> ConnectionWrapper:
        with self._lock:
            if not self._sealed:
                _set(self.connection, dict(_SEALS))
                self._sealed = True
            return ConnectionWrapper(self.connection.cursor())


_ROOTS: weakref.WeakKeyDictionary[sa.Engine, _Root] = weakref.WeakKeyDictionary()


def open_reader(path: Path) -> sa.Engine:
    """Return an engine that can read ``path`` and do nothing else; every thread may use it.

    Raises:
        HardeningError: a setting is not in force after it was set.
    """
    return _open(path, Limits.for_reading(), read_only=True, scratch=None, folders=(), files=())


def open_writer(
    path: Path, *, scratch: Path | None = None, folders: Iterable[Path] = (), files: Iterable[Path] = ()
) -> sa.Engine:
    """Return an engine that writes ``path`` and reaches no other file than those of ``folders`` and ``files``.

    ``scratch`` is a folder for what does not fit in memory. Without it, large sorts fail.

    Raises:
        HardeningError: a setting is not in force after it was set.
    """
    return _open(path, Limits.for_building(), read_only=False, scratch=scratch, folders=folders, files=files)


def attach(engine: sa.Engine, path: Path, name: str) -> None:
    """Let ``engine`` read the tables of ``path`` as ``name.table``.

    Before the engine's first statement any file can be attached, afterwards only those it was opened with.
    """
    _ROOTS[engine].connection.execute(f"ATTACH {quoted(str(path))} AS {_named(name)} (READ_ONLY)")


def attach_joined(engine: sa.Engine, parts: Sequence[str], name: str, tables: Sequence[str]) -> None:
    """Let ``engine`` read each of ``tables`` of all the attached ``parts``, one after the other, as ``name.table``.

    The engine must have been opened to write: one that only reads holds no views of its own.
    """
    connection = _ROOTS[engine].connection
    connection.execute(f"ATTACH ':memory:' AS {_named(name)}")
    for table in map(_named, tables):
        joined = " UNION ALL ".join(f"SELECT * FROM {_named(part)}.{table}" for part in parts)
        connection.execute(f"CREATE VIEW {_named(name)}.{table} AS {joined}")


def checkpoint(engine: sa.Engine) -> None:
    """Bring all that was committed into the database's own file, the last thing a writer does before it closes.

    Closing does so too, but where the disk is full it says nothing, and the file lacks what is left in the log beside
    it: a dataset without its records.
    """
    _ROOTS[engine].connection.execute("CHECKPOINT")


def execute(engine: sa.Engine, statement: sa.Executable, values: Mapping[str, Any] | None = None) -> list[Any]:
    """Return all rows of one statement; a statement without rows is committed and gives none."""
    with engine.begin() as connection:
        result = connection.execute(statement, dict(values) if values else None)
        return list(result.all()) if result.returns_rows else []


def quoted(text: str) -> str:
    """Return ``text`` as a literal of SQL.

    Raises:
        ValueError: it holds a zero byte, which no literal can.
    """
    if "\0" in text:
        raise ValueError("a zero byte cannot stand in SQL")
    return "'" + text.replace("'", "''") + "'"


def _named(name: str) -> str:
    return f'"{name.replace(chr(34), chr(34) * 2)}"'


def _open(
    path: Path, limits: Limits, *, read_only: bool, scratch: Path | None, folders: Iterable[Path], files: Iterable[Path]
) -> sa.Engine:
    connection = duckdb.connect(str(path), read_only=read_only)
    try:
        # The order is the point: allowed lists cannot change once external access is off (reference security §2).
        _set(
            connection,
            {
                "temp_directory": str(scratch) if scratch else "",
                "allowed_directories": [f"{folder.resolve()}/" for folder in folders],
                "allowed_paths": [str(file.resolve()) for file in files],
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
                "allow_extension_repositories": "forbidden",
                "allow_persistent_secrets": False,
                "python_enable_replacements": False,
                "memory_limit": f"{limits.memory_mb}MiB",
                "threads": limits.threads,
                "max_execution_time": limits.milliseconds,
                "max_expression_depth": 250,
            },
        )
        root = _Root(connection)
        engine = sa.create_engine("duckdb://", creator=root.cursor, poolclass=QueuePool, pool_size=8, max_overflow=32)
    except BaseException:
        connection.close()
        raise
    _ROOTS[engine] = root
    sa.event.listen(engine, "engine_disposed", lambda _: connection.close())
    return engine


def _set(connection: duckdb.DuckDBPyConnection, settings: Mapping[str, Any]) -> None:
    for name, value in settings.items():
        # A plain SET of some of these holds for this connection alone; those who use the database get cursors.
        connection.execute(f"SET GLOBAL {name} = {_literal(value)}")
    reader = connection.cursor()
    row = reader.execute(f"SELECT {', '.join(f'current_setting({quoted(name)})' for name in settings)}").fetchone()
    for (name, value), found in zip(settings.items(), row or [None] * len(settings), strict=True):
        if not _same(found, value):
            raise HardeningError(f"{name} is {found!r}, not {value!r}")
    reader.close()


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(quoted(item) for item in value) + "]"
    return quoted(value) if isinstance(value, str) else str(value).lower()


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        # The engine adds its own scratch folder to the allowed ones.
        return set(wanted) <= set(found)
    if isinstance(wanted, str) and wanted.endswith("MiB"):
        return _mebibytes(str(found)) == int(wanted.removesuffix("MiB"))
    return bool(found == wanted)


def _mebibytes(text: str) -> int:
    number, unit = text.split(" ")
    return round(float(number) * {"MiB": 1, "GiB": 1024, "TiB": 1024 * 1024}[unit])


def _setting(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    return int(text) if text.isdigit() and int(text) > 0 else default


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
