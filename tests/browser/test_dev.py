"""``civicstat dev`` in a real browser: a save is shown without a hand laid on, and what is wrong stands on top."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from waitress.server import create_server

from civicstat.cli.dev import SHELF, Workshop
from civicstat.cli.dev_pages import DevPages, News
from civicstat.editions import Store
from civicstat.pages import assets_folder, build_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
METRICS = "metrics/departments/town_hall.yaml"


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[tuple[Workshop, str]]:
    """A small city's workshop, which steps only when it is told to, and the address of its pages."""
    root = tmp_path / "smallville"
    shutil.copytree(Path(__file__).parents[1] / "fixtures" / "smallville", root)
    news = News()
    workshop = Workshop(root, date(2024, 4, 10), news)
    workshop.begin()
    app = build_app(Store(root, shelf=SHELF), assets_folder(root))
    listener = socket.create_server(("127.0.0.1", 0))
    server = create_server(DevPages(app.server, news), sockets=[listener], threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield workshop, f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.close()
    thread.join(5)


def test_a_save_is_shown_and_what_is_wrong_stands_on_top_until_it_is_mended(
    shown: tuple[Workshop, str], browser: Browser
) -> None:
    workshop, address = shown
    path = workshop.root / METRICS
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/m/closed_in_30_days")
    expect(page.locator("h1")).to_have_text("Cases closed within 30 days")

    path.write_text(path.read_text("utf-8").replace("Cases closed within 30 days", "Cases closed in a month"), "utf-8")
    workshop.step()
    expect(page.locator("h1")).to_have_text("Cases closed in a month")

    path.write_text(path.read_text("utf-8").replace("limit: 30 days", "limit: <b>soon</b>"), "utf-8")
    workshop.step()
    expect(page.get_by_role("alert").filter(has_text="not-a-limit")).to_contain_text("<b>soon</b>")
    expect(page.locator("h1")).to_have_text("Cases closed in a month")
    page.screenshot(path=str(workshop.root / "wrong.png"))

    path.write_text(path.read_text("utf-8").replace("limit: <b>soon</b>", "limit: 30 days"), "utf-8")
    workshop.step()
    expect(page.locator("#dev-faults")).to_have_count(0)
    page.close()
    assert complaints == []
