"""The demonstration city, served to a real browser."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from waitress.server import create_server

from civicstat.editions import Catalogue, Edition, Store
from civicstat.pages import create_app

Wait = Literal["commit", "domcontentloaded", "load"]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60_000  # milliseconds, for a busy machine
expect.set_options(timeout=PATIENCE)
_WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
document.addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective));
"""
_AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text("utf-8")
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_RUN = f"axe.run(document, {{runOnly: {json.dumps(_TAGS)}, resultTypes: ['violations']}})"
_SETTLED = """() => [...document.querySelectorAll('#page .drawing')].every((drawing) => {
  const box = drawing.getBoundingClientRect();
  return box.bottom < 0 || box.top > window.innerHeight || !box.width || drawing.classList.contains('plotted');
})"""


@dataclass(frozen=True)
class Site:
    """A served city: its address, and the edition shown."""

    url: str
    edition: Edition


@pytest.fixture(scope="session")
def site(demo_project: Path) -> Iterator[Site]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = create_server(create_app(demo_project).server, sockets=[listener], threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", Store(demo_project).current())
    server.close()
    thread.join(5)


@dataclass
class Watched:
    """A browser's context that notes what it asked for and what it complained of."""

    site: Site
    context: BrowserContext
    forgiven: str = "nothing"
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def hold_scripts(self) -> Callable[[], None]:
        """Keep the script from arriving; return what lets it arrive."""
        held: list[Route] = []
        self.context.route("**/live.js*", lambda route: held.append(route))

        def release() -> None:
            while held:
                held.pop().continue_()

        return release

    def open(self, address: str, *, live: bool = True, wait: Wait = "load", page: Page | None = None) -> Page:
        """Return the page at ``address``, after Dash has taken over unless ``live`` is false.

        Going on in a ``page`` takes half as long as opening another, which is a process of its own.
        """
        page = page or self._watched()
        page.goto(self.site.url + address, wait_until=wait)
        if live:
            page.wait_for_selector("html.live", state="attached")
        return page

    def _watched(self) -> Page:
        page = self.context.new_page()
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        return page

    def settle(self, page: Page) -> Page:
        """Return ``page`` once every chart in view is drawn by Plotly, which brings controls of its own."""
        page.wait_for_function(_SETTLED)
        return page

    def check(self) -> None:
        """Fail if anything went outside or was complained of, but for what the test ``forgiven``."""
        assert [said for said in self.complaints if not re.search(self.forgiven, said)] == []
        assert [url for url in self.requests if not url.startswith((self.site.url, "data:", "blob:"))] == []


Opener = Callable[..., Watched]


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Opener]:
    """Open a context with the options given; at the end of the test nothing may have gone outside or gone wrong."""
    opened: list[Watched] = []

    def start(**options: Any) -> Watched:
        options.setdefault("viewport", {"width": 1280, "height": 720})
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(_WATCH)
        opened.append(Watched(site, context))
        return opened[-1]

    yield start
    for watched in opened:
        watched.context.close()
    for watched in opened:
        watched.check()


def addresses(edition: Edition) -> list[str]:
    """Return an address of each type of page, and of each tab of the metric with the most to show."""
    catalogue = edition.catalogue
    metric = max(catalogue.metrics.values(), key=lambda info: (bool(info.dimensions), info.rows, bool(info.goal)))
    department = next(iter(metric.departments), next(iter(catalogue.departments)))
    tabs = [f"/m/{metric.name}?tab={tab}" for tab in ("split", "rows", "how")]
    return [
        "/",
        f"/d/{department}",
        f"/m/{metric.name}",
        *tabs,
        "/goals",
        "/goals?status=off_track&sort=name",
        "/search?q=cases",
        "/archive",
        "/data",
        f"/data/{metric.dataset}",
        "/help",
        *split_addresses(catalogue),
        "/nowhere",
    ]


def split_addresses(catalogue: Catalogue) -> list[str]:
    """Return a page for each way to split a number, and for the numbers of others beside one."""
    found: dict[str, str] = {}
    for info in catalogue.metrics.values():
        for item in info.dimensions:
            kind = "few" if item.min_n else item.kind
            found.setdefault(kind, f"/m/{info.name}?by={quote(item.by)}&tab=split")
        if info.benchmarks:
            found.setdefault("benchmark", f"/m/{info.name}?compare=benchmark")
    assert set(found) == {"plain", "bands", "top", "cross", "few", "benchmark"}
    del found["plain"]
    return list(found.values())


@pytest.fixture(scope="session")
def every_type(site: Site) -> list[str]:
    return addresses(site.edition)


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[str]]:
    """What axe finds on a page as it stands."""

    def find(page: Page) -> list[str]:
        page.evaluate(_AXE)
        found = page.evaluate(_RUN)["violations"]
        return [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]]

    return find
