"""What a visitor waits for, in a real browser: the numbers, then the live page, then charts, at once and again."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from measure import Measure
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from browser import find_browser

_SLOW = {"latency": 562.5, "downloadThroughput": 1.44e6 / 8, "uploadThroughput": 0.675e6 / 8, "offline": False}
_TIMES = 5
# Runs before anything of the page: notes when the first numbers can be read, and when every chart in view is drawn.
_WATCH = """
window.seen = {};
function look() {
  if (!seen.numbers && document.querySelectorAll('article data.value, [data-metric] data.value').length) {
    requestAnimationFrame(() => { seen.numbers = seen.numbers || performance.now(); });
  }
  const figures = [...document.querySelectorAll('figure[data-drawn]')].filter((figure) => {
    const box = figure.getBoundingClientRect();
    return box.width && box.top < innerHeight && box.bottom > 0;
  });
  if (figures.length && figures.every((figure) => figure.dataset.drawn === 'plotly')) {
    seen.charts = seen.charts || performance.now();
  }
  if (!seen.charts) setTimeout(look, 10);
}
look();
"""


def visitor_measures(site: str, department: str, metric: str) -> list[Measure]:
    """Return times of a department's and a metric's page, quick and slow, with an empty and with a warm cache."""
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        quick, warm = _visits(browser, f"{site}{department}", slow=False), None
        quick_chart = _visits(browser, f"{site}{metric}", slow=False, charts=True)
        warm = _visits(browser, f"{site}{department}", slow=False, warm=True)
        slow = _visits(browser, f"{site}{department}", slow=True)
        slow_chart = _visits(browser, f"{site}{metric}", slow=True, charts=True)
        slow_warm = _visits(browser, f"{site}{metric}", slow=True, charts=True, warm=True)
        browser.close()
    return [
        Measure("a department's numbers readable, desktop, empty cache", quick["numbers"], "s", 0.3),
        Measure("… warm cache", warm["numbers"], "s", 0.3),
        Measure("… 4× slower processor and Fast 3G, empty cache", slow["numbers"], "s", 1.2),
        Measure("bytes before a department's numbers", slow["before"], "KB", 60, firm=True),
        Measure("a metric's charts in view live, desktop, empty cache", quick_chart["charts"], "s", 2.5),
        Measure("… 4× slower processor and Fast 3G, empty cache", slow_chart["charts"], "s", 10),
        Measure("… the same, warm cache", slow_warm["charts"], "s", 10),
        Measure("a metric's whole page with everything it loads", slow_chart["bytes"], "KB", 600, firm=True),
    ]


def _visits(
    browser: Browser, address: str, *, slow: bool, charts: bool = False, warm: bool = False
) -> Mapping[str, float]:
    """Return the medians of some visits, each by somebody who was never there, or (``warm``) was there before."""
    found: dict[str, list[float]] = {}
    for _ in range(3 if slow else _TIMES):
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        page = context.new_page()
        session = context.new_cdp_session(page)
        if warm:
            page.goto(address)
            page.wait_for_timeout(1500)
        sizes = _slowed(session, slow)
        page.add_init_script(_WATCH)
        page.goto(address, wait_until="commit")
        found.setdefault("numbers", []).append(_when(page, "numbers"))
        found.setdefault("before", []).append(sizes["document"] / 1024)
        if charts:
            found.setdefault("charts", []).append(_when(page, "charts"))
            page.wait_for_timeout(300)
            found.setdefault("bytes", []).append(sizes["all"] / 1024)
        context.close()
    return {name: statistics.median(values) for name, values in found.items()}


def _when(page: Page, what: str) -> float:
    """Return the second at which something was seen; asked for from here, since the pages allow no code from text."""
    for _ in range(600):
        seen = page.evaluate(f"() => window.seen && window.seen.{what}")
        if seen:
            return float(seen) / 1000
        page.wait_for_timeout(50)
    raise TimeoutError(f"no {what} within 30 s")


def _slowed(session: CDPSession, slow: bool) -> dict[str, float]:
    """Slow the network and the processor down where asked, and count what comes over the wire."""
    sizes = {"document": 0.0, "all": 0.0}
    first: list[str] = []
    session.send("Network.enable")
    if slow:
        session.send("Network.emulateNetworkConditions", _SLOW)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})

    def sent(event: Mapping[str, Any]) -> None:
        if event.get("type") == "Document" and not first:
            first.append(event["requestId"])

    def done(event: Mapping[str, Any]) -> None:
        sizes["all"] += event["encodedDataLength"]
        if first and event["requestId"] == first[0]:
            sizes["document"] += event["encodedDataLength"]

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", done)
    return sizes
