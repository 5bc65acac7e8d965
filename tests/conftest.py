"""What the tests of every layer share."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from browser import HOW, find_browser, in_ci

settings.register_profile("civicstat", deadline=None, derandomize=True, database=None)
settings.load_profile("civicstat")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files; read the diff afterwards")


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
def demo_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration city, written and built once for the whole run; tests only read it."""
    from civicstat.demo import AS_OF, write_city
    from civicstat.editions import build_edition
    from civicstat.spec import load_project

    root = tmp_path_factory.mktemp("riverbend")
    shutil.copytree(Path(__file__).parents[1] / "metrics", root / "metrics")
    write_city(root)
    build_edition(load_project(root), as_of=AS_OF)
    return root
