from __future__ import annotations

import threading
from importlib.metadata import version
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from civicstat.warehouse import HardeningError, attach, connect, execute, open_reader, open_writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "it's.duckdb"
    engine = open_writer(made)
    execute(engine, sa.text("CREATE TABLE numbers AS SELECT range AS n FROM range(1000)"))
    engine.dispose()
    return made


def test_the_two_pins_hold() -> None:
    assert (version("duckdb"), version("duckdb-sqlalchemy")) == ("2.0.0", "1.5.6.4")


def test_every_setting_of_a_reader_is_in_force(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICSTAT_MEMORY_MB", "300")
    monkeypatch.setenv("CIVICSTAT_THREADS", "1")
    engine = open_reader(path)
    names = (
        *("temp_directory", "allowed_directories", "allowed_paths", "autoinstall_known_extensions"),
        *("autoload_known_extensions", "allow_community_extensions", "allow_extension_repositories"),
        *("allow_persistent_secrets", "python_enable_replacements", "memory_limit", "threads", "max_execution_time"),
        *("max_expression_depth", "enable_external_access", "lock_configuration", "access_mode"),
    )

    found = {name: execute(engine, sa.text(f"SELECT current_setting('{name}')"))[0][0] for name in names}

    # The engine allows itself the database's own file and logs.
    assert all(item.startswith(str(path)) for item in found.pop("allowed_paths"))
    assert found == {
        "temp_directory": "",
        "allowed_directories": [],
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "allow_extension_repositories": "forbidden",
        "allow_persistent_secrets": False,
        "python_enable_replacements": False,
        "memory_limit": "300.0 MiB",
        "threads": 1,
        "max_execution_time": 30_000,
        "max_expression_depth": 250,
        "enable_external_access": False,
        "lock_configuration": True,
        "access_mode": "read_only",
    }
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{folder}/secret.csv')",
        "SELECT * FROM read_text('{folder}/secret.csv')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM '{folder}/secret.csv'",
        "SELECT * FROM sniff_csv('{folder}/secret.csv')",
        "COPY numbers TO '{folder}/out.csv'",
        "COPY numbers TO '.tmp/out.csv'",
        "EXPORT DATABASE '{folder}/out'",
        "ATTACH '{folder}/other.duckdb' AS other",
        "INSTALL spatial",
        "LOAD spatial",
        "SET enable_external_access = true",
        "SET threads = 4",
        "PRAGMA temp_directory = '{folder}'",
        "SET lock_configuration = false",
        "CREATE TABLE more (n INTEGER)",
        "INSERT INTO numbers VALUES (1)",
        "DROP TABLE numbers",
        "SELECT * FROM frame",
    ],
)
def test_a_reader_reaches_no_file_no_setting_and_writes_nothing(path: Path, statement: str) -> None:
    frame = [1]  # a Python value in reach must not be readable as a table
    (path.parent / "secret.csv").write_text("a\n1\n")
    engine = open_reader(path)

    with pytest.raises(DBAPIError):
        execute(engine, sa.text(statement.replace("{folder}", str(path.parent).replace("'", "''"))))

    assert sorted(item.name for item in path.parent.iterdir()) == ["it's.duckdb", "secret.csv"]
    assert frame == [1]
    engine.dispose()


def test_a_writer_reads_only_what_it_was_given(tmp_path: Path) -> None:
    for name in ("given.csv", "other.csv"):
        (tmp_path / name).write_text("a\n1\n")
    engine = open_writer(tmp_path / "w.duckdb", files=[tmp_path / "given.csv"])

    def read(name: str) -> list[tuple[int]]:
        return [tuple(row) for row in execute(engine, sa.text(f"SELECT a FROM read_csv('{tmp_path / name}')"))]

    assert read("given.csv") == [(1,)]
    with pytest.raises(DBAPIError):
        read("other.csv")
    engine.dispose()


def test_an_attached_file_can_be_read_and_not_written(path: Path, tmp_path: Path) -> None:
    engine = open_writer(tmp_path / "w.duckdb")
    attach(engine, path, 'odd "name"')

    assert execute(engine, sa.text('SELECT count(*) FROM "odd ""name""".numbers')) == [(1000,)]
    with pytest.raises(DBAPIError):
        execute(engine, sa.text('INSERT INTO "odd ""name""".numbers VALUES (1)'))
    (tmp_path / "other.duckdb").write_bytes(path.read_bytes())
    with pytest.raises(Exception, match="Permission Error"):
        attach(engine, tmp_path / "other.duckdb", "late")
    engine.dispose()


def test_threads_share_an_engine_and_each_gets_its_own_answers(path: Path) -> None:
    engine = open_reader(path)
    wrong: list[object] = []

    def ask(first: int) -> None:
        for n in range(first, first + 30):
            rows = execute(engine, sa.text("SELECT n, n * 2 FROM numbers WHERE n = :n"), {"n": n})
            if rows != [(n, n * 2)]:
                wrong.append(rows)

    threads = [threading.Thread(target=ask, args=(i * 30,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    engine.dispose()


def test_a_disposed_engine_lets_go_of_its_file(path: Path) -> None:
    reader = open_reader(path)
    execute(reader, sa.text("SELECT 1"))
    reader.dispose()
    writer = open_writer(path)
    execute(writer, sa.text("INSERT INTO numbers VALUES (-1)"))
    writer.dispose()

    assert execute(open_reader(path), sa.text("SELECT min(n) FROM numbers")) == [(-1,)]


def test_a_setting_that_does_not_take_refuses_the_database(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "_same", lambda found, wanted: wanted != 250)

    with pytest.raises(HardeningError, match="max_expression_depth is 250, not 250"):
        open_reader(path)
