"""Every byte the public can fetch, fetched: pages, what they ask for when alive, downloads, the interface."""

from __future__ import annotations

import html
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

import pytest

_MOST = 20_000
_WHOLE = int(os.environ.get("CIVICSTAT_HOSTILE", "0")) >= 10_000  # as `make hostile` asks for
_MACHINES = ("/healthz", "/readyz", "/api/v1/metrics", "/favicon.ico", "/robots.txt", "/assets/civicstat.css")
_FORMS = ("", ".csv", ".json", ".xlsx", "/rows.csv")


def starts(town: Any) -> Iterator[str]:
    yield from ("/", "/es/", "/goals", "/search?q=aid", "/archive", "/data", "/help", *_MACHINES)
    for metric in (*town.metrics, "waiting", "aid_mean", "quietroom_metric"):
        for form in _FORMS:
            for query in (
                "",
                "?by=clinic",
                "?by=district",
                "?period=2026-02",
                "?period=all",
                "?period=2026-01..2026-03",
            ):
                yield f"/api/v1/metrics/{metric}{form}{query}"
                yield f"/m/{metric}/chart.svg{query}"


def _again(address: str) -> bool:
    """Say whether an address only shows over again what others show, as a comparison of a member does.

    `make hostile` fetches them all the same.
    """
    return not _WHOLE and "compare=" in address and "member=" in address


def links(page: str, base: str) -> Iterator[str]:
    """Yield what a page leads to: its links, and each choice of each of its forms."""
    for address in re.findall(r'(?:href|src)="([^"]+)"', page):
        yield urljoin(base, html.unescape(address))
    for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
        action = re.search(r'action="([^"]+)"', form)
        target = urljoin(base, html.unescape(action[1])) if action else base.partition("?")[0]
        kept = [
            (html.unescape(name), html.unescape(value))
            for name, value in re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)
        ]
        for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
            for value in re.findall(r'<option[^>]*value="([^"]*)"', options):
                yield f"{target}?{urlencode([*kept, (html.unescape(name), html.unescape(value))])}"


def bodies(answer: Any) -> bytes:
    """Return what an answer says, unpacked where it is a spreadsheet."""
    if not answer.mimetype.endswith("spreadsheetml.sheet") or answer.status_code != 200:
        return bytes(answer.data)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


@pytest.mark.slow
def test_nothing_withheld_or_private_is_in_any_byte_that_can_be_fetched(saltmarsh: Any) -> None:
    waiting, seen, kinds = list(starts(saltmarsh)), set[str](), set[str]()
    told: dict[str, set[bytes]] = {}
    while waiting and len(seen) < _MOST:
        address = urldefrag(waiting.pop())[0]
        parts = urlsplit(address)
        if address in seen or parts.netloc or parts.scheme or _again(address):
            continue
        seen.add(address)
        with saltmarsh.client.get(address) as answer:
            assert answer.status_code < 500, address
            kinds.add(answer.mimetype)
            said = bodies(answer) + str(answer.headers).encode()
        if found := saltmarsh.told(said):
            told[address] = found
        if answer.mimetype == "text/html":
            waiting += links(answer.text, address)
            if len(seen) % 5 == 0 and (found := saltmarsh.told(redrawn(saltmarsh, answer.text))):
                told[f"callback of {address}"] = found

    assert told == {}
    assert not waiting, "there is more to fetch than this test fetches"
    assert len(seen) > 200
    assert {"text/html", "application/json", "text/csv", "image/svg+xml", "text/javascript"} <= kinds


def redrawn(town: Any, page: str) -> bytes:
    """Return what the page's own callback answers at its address."""
    found = re.search(r'id="page-layout"[^>]*>(.*?)</script>', page, re.DOTALL)
    if found is None:
        return b""
    layout = json.loads(html.unescape(found[1]))
    address = layout["props"]["children"][-1]["props"]
    declared = json.loads(re.search(r'id="page-callbacks"[^>]*>(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    body = {
        "output": declared[0]["output"],
        "outputs": [{"id": "page", "property": "children"}, {"id": "address", "property": "announcement"}],
        "inputs": [{"id": "address", "property": "search", "value": address["search"]}],
        "state": [{"id": "address", "property": "pathname", "value": address["pathname"]}],
        "changedPropIds": ["address.search"],
    }
    with town.client.post("/_dash-update-component", json=body) as answer:
        assert answer.status_code == 200
        return bytes(answer.data)
