"""What the tests of every layer share."""

from __future__ import annotations

import math
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, redirect_stderr
from dataclasses import fields, is_dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Connection

from browser import HOW, find_browser, in_ci
from postgresql import NoServerError, serve

if TYPE_CHECKING:
    from civicstat.spec import Project

# A busy machine is no fault of the product: nothing fails for having been slow.
settings.register_profile(
    "civicstat", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("civicstat")

Once = Callable[[str, Callable[[Path], object]], Path]
Copy = Callable[["Project", Mapping[str, sa.Table], Connection, Connection], dict[str, sa.FromClause]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files; read the diff afterwards")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every worker its part of what is slow, to begin with, so that none waits long for another at the end."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow = [item for item in items if item.get_closest_marker("slow")]
    groups = [slow, [item for item in items if not item.get_closest_marker("slow")]]
    if workers > 1:  # which take a part of the list each, as it stands
        items[:] = [item for number in range(workers) for group in groups for item in _part(group, number, workers)]


def _part(items: list[pytest.Item], number: int, of: int) -> list[pytest.Item]:
    return items[len(items) * number // of : len(items) * (number + 1) // of]


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Nothing in the suite needs a network, so that anything that asks for one is a fault."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "localhost", "::1"}:
            raise AssertionError(f"a test asked for {address[0]}:{address[1]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        yield


@pytest.fixture
def port() -> int:
    """A port of one's own for a server: below those that a system gives to whoever asks for any."""
    for number in range(20_000 + os.getpid() * 101 % 10_000, 32_000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", number))
            except OSError:
                continue
        return number
    raise AssertionError("no port is free")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; each test opens its own context in it."""
    path = find_browser()
    if path is None:
        (pytest.fail if in_ci() else pytest.skip)(f"no browser found: {HOW}")
    # Chromium's own sandbox does not start for root, which is who runs the tests in a container.
    root = os.name == "posix" and os.geteuid() == 0
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if root else [])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[sa.Engine]:
    """A PostgreSQL of this run's own, asked as the product asks one that holds records."""
    from civicstat.warehouse import open_postgresql

    with ExitStack() as opened:
        try:
            url = opened.enter_context(serve())
        except NoServerError as error:
            (pytest.fail if in_ci() else pytest.skip)(f"no second engine to compare with: {error}")
        engine = open_postgresql(url)
        opened.callback(engine.dispose)
        yield engine


@pytest.fixture(scope="session")
def second_engine(request: pytest.FixtureRequest) -> sa.Engine | None:
    """The PostgreSQL, or None where there can be none: `tests/engines` says so, and CI has one."""
    try:
        found: sa.Engine = request.getfixturevalue("postgresql")
    except pytest.skip.Exception:
        return None
    return found


@pytest.fixture(scope="session")
def copied() -> Copy:
    """Copy typed tables into a PostgreSQL, to be there until its connection is closed; return them as declared."""
    from civicstat.warehouse import as_declared

    def copy(
        project: Project, tables: Mapping[str, sa.Table], source: Connection, target: Connection
    ) -> dict[str, sa.FromClause]:
        found: dict[str, sa.FromClause] = {}
        target.rollback()
        target.exec_driver_sql("SET TRANSACTION READ WRITE")  # which our sessions are not
        for name, table in tables.items():
            columns = [sa.Column(column.name, column.type) for column in table.columns]
            there = sa.Table(name, sa.MetaData(), *columns, prefixes=["TEMPORARY"])
            target.exec_driver_sql(f'DROP TABLE IF EXISTS pg_temp."{name}"')
            there.create(target, checkfirst=False)
            names = ", ".join(target.dialect.identifier_preparer.quote(column.name) for column in columns)
            cursor = target.connection.cursor()
            with cursor.copy(f'COPY "{name}" ({names}) FROM STDIN') as copying:
                for row in source.execute(sa.select(*table.columns)):
                    copying.write_row(tuple(row))
            found[name] = as_declared(project.datasets[name], there)
        target.commit()
        return found

    return copy


@pytest.fixture(scope="session")
def unlike() -> Callable[[list[Any], list[Any]], list[tuple[Any, Any]]]:
    """Pairs of readings that differ by more than the order in which engines add up: 1e-12 of a number."""

    def same(one: Any, other: Any) -> bool:
        if isinstance(one, float) and isinstance(other, float):
            return math.isclose(one, other, rel_tol=1e-12)
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
        if type(one) is type(other) and is_dataclass(one):
            return all(same(getattr(one, part.name), getattr(other, part.name)) for part in fields(one))
        if isinstance(one, tuple) and isinstance(other, tuple):
            return len(one) == len(other) and all(map(same, one, other))
        return bool(one == other)

    def pairs(found: list[Any], again: list[Any]) -> list[tuple[Any, Any]]:
        both = zip_longest(found, again, fillvalue=())
        return [(one, other) for one, other in both if not same(one, other)]

    return pairs


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Return a folder by its name, filled by whichever worker of the run asks for it first; tests only read it."""
    from civicstat.editions.lock import build_lock
    from civicstat.errors import EditionError

    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "once"

    def folder_of(name: str, fill: Callable[[Path], object]) -> Path:
        folder, filled = shared / name, shared / f"{name}.filled"
        with ExitStack() as held:
            while True:
                try:
                    held.enter_context(build_lock(shared / f"{name}.lock"))
                    break
                except EditionError:
                    time.sleep(0.1)
            if not filled.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of one who failed at it
                folder.mkdir()
                fill(folder)
                filled.touch()
        return folder

    return folder_of


@pytest.fixture(scope="session")
def demo_project(once: Once) -> Path:
    """The demonstration city, written and built by its own command once for the whole run; tests only read it.

    What the command said stands in its `said.txt`.
    """
    from civicstat.cli import main

    def build(root: Path) -> None:
        shutil.copytree(Path(__file__).parents[1] / "metrics", root / "metrics")
        with (root / "said.txt").open("w", encoding="utf-8") as said, redirect_stderr(said):
            assert main(["--project", str(root), "demo", "--no-serve"]) == 0

    return once("riverbend", build)
