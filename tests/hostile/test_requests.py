"""Generated requests that nobody means well with: over every address, by every parameter, header and method."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import string
from typing import Any
from urllib.parse import quote, quote_plus

import brotli
import pytest

NUMBER = int(os.environ.get("CIVICSTAT_HOSTILE", "3000"))

CANARY = "hqcanary"
WORDS = "hqwords"  # what somebody looks for may stand in the field for it and in links, as text
VALUES = (
    "' OR 1=1 --",
    "1; DROP TABLE readings; --",
    '"><script>alert(1)</script>',
    "{{7*7}}${7*7}<%= 7*7 %>",
    "../../../../etc/passwd",
    "..%2f..%2fdata%2feditions%2fcurrent",
    "%00",
    "\x00\r\nSet-Cookie: a=b",
    "\u202egnirts",
    "ﷺ" * 40,
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "9999-12",
    "0000-00",
    "0001-01..9999-12",
    "2026-02..2026-01",
    "FY99999",
    "2026-W99",
    "*",
    "[]",
    "%(x)s%n%s",
    "javascript:alert(1)",
    "(blank)",
    "Fenside",
    "aid_paid",
    "quietroom_metric",
    "time",
    "rows",
    "true",
    "",
)
PARAMETERS = (
    *("period", "by", "member", "and", "compare", "tab", "after", "q", "lang", "status", "department", "theme", "v"),
    *("owner", "sort", "a", "b", "limit", "_trace", "debug", "callback", "edition", "office", "__proto__"),
)
PLACES = (
    *("/", "/es/", "/goals", "/search", "/archive", "/data", "/data/visits", "/data/aid", "/d/health", "/help"),
    *("/m/visits", "/m/aid_paid", "/m/waiting", "/m/quietroom_metric", "/m/visits/chart.svg", "/m/aid_paid/chart.svg"),
    *("/api/v1/metrics", "/api/v1/metrics/visits", "/api/v1/metrics/aid_paid", "/api/v1/metrics/quietroom_metric"),
    *("/api/v1/metrics/aid_paid.csv", "/api/v1/metrics/aid_paid.xlsx", "/api/v1/metrics/aid_paid.json"),
    *("/api/v1/metrics/visits/rows.csv", "/api/v1/metrics/aid_paid/rows.csv", "/healthz", "/readyz", "/live.js"),
    *("/_dash-update-component", "/_dash-layout", "/_dash-dependencies", "/_dash-component-suites/dash/deps/x.js"),
    *("/_dash-component-suites/plotly/package_data/plotly.min.js", "/assets/civicstat.css", "/assets/../app.py"),
    *("/_reload-hash", "/favicon.ico", "/_favicon.ico", "/data.json", "/meeting/x/2026-01-01", "/admin"),
)
METHODS = ("GET",) * 12 + ("HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")
HEADERS = (
    *(
        "Accept-Encoding",
        "Accept-Language",
        "If-None-Match",
        "If-Modified-Since",
        "Range",
        "Origin",
        "Referer",
        "Cookie",
    ),
    *(
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-HTTP-Method-Override",
        "Content-Type",
    ),
    *("Accept", "Authorization", "User-Agent", "Forwarded"),
)


class Maker:
    """Makes requests from a seed; each carries a canary that no answer may repeat."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def value(self) -> str:
        chosen = self.draw.choice(VALUES)
        noise = "".join(self.draw.choices(string.printable + "éñ\u0000\u2028", k=self.draw.randrange(12)))
        return self.draw.choice((chosen, chosen + CANARY, CANARY + noise, noise + CANARY + chosen))

    def words(self) -> str:
        """Return what somebody looks for."""
        return self.value().replace(CANARY, WORDS).replace("quietroom_metric", "quiet")

    def path(self) -> str:
        place = self.draw.choice(PLACES)
        match self.draw.randrange(6):
            case 0:
                return f"{place.rstrip('/')}/{quote(self.value(), safe=self.draw.choice(('', '/.%')))}"
            case 1:
                parts = place.split("/")
                parts[self.draw.randrange(1, len(parts))] = quote(self.value(), safe="")
                return "/".join(parts)
            case 2:
                return self.draw.choice(("//", "/./", "/%2e%2e", "/es", "/xx", "/.git")) + place
        return place

    def address(self) -> str:
        names = [self.draw.choice(PARAMETERS) for _ in range(self.draw.choice((0, 1, 1, 2, 5)))]
        pairs = [f"{name}={quote_plus(self.words() if name == 'q' else self.value())}" for name in names]
        if self.draw.random() < 0.02:
            pairs.append("period=" + "9" * 5000)
        return self.path() + ("?" + "&".join(pairs) if pairs else "")

    def headers(self) -> dict[str, str]:
        named = self.draw.sample(HEADERS, k=self.draw.choice((0, 0, 1, 3)))
        return {name: "".join(c for c in self.value() if 31 < ord(c) < 127) for name in named}

    def junk(self, depth: int = 0) -> Any:
        """Return any JSON value, now and then deep."""
        match self.draw.randrange(7 if depth < 4 else 5):
            case 0:
                return self.value()
            case 1:
                return self.draw.choice((None, True, 0, -1, 1e300, 10**40))
            case 2:
                return self.value() * 60
            case 3:
                return {"id": self.draw.choice(("address", "page", self.value())), "property": self.value()}
            case 4:
                return self.draw.choice(("address", "page.children", "..page.children...address.announcement.."))
            case 5:
                return [self.junk(depth + 1) for _ in range(self.draw.randrange(4))]
        return {self.draw.choice(("output", "inputs", "state", self.value())): self.junk(depth + 1)}

    def callback(self) -> bytes:
        """Return a callback's body as a page sends it, one part of it forged, or no JSON at all."""
        body: dict[str, Any] = {
            "output": "..page.children...address.announcement..",
            "outputs": [{"id": "page", "property": "children"}, {"id": "address", "property": "announcement"}],
            "inputs": [{"id": "address", "property": "search", "value": f"?period={quote_plus(self.value())}"}],
            "state": [{"id": "address", "property": "pathname", "value": self.draw.choice(PLACES)}],
            "changedPropIds": ["address.search"],
        }
        match self.draw.randrange(5):
            case 0:
                body[self.draw.choice(list(body))] = self.junk()
            case 1:
                body[self.draw.choice(("inputs", "state"))][0]["value"] = self.junk()
            case 2:
                body["state"][0]["value"] = self.path()
            case 3:
                return self.draw.choice((b"", b"{", b"[" * 5000, json.dumps(self.junk()).encode(), b"\xff\xfe{}"))
        return json.dumps(body).encode()


def ask(town: Any, maker: Maker) -> tuple[str, Any]:
    """Send one request and return what was sent, in short, and the answer."""
    method, headers = maker.draw.choice(METHODS), maker.headers()
    if maker.draw.random() < 0.3:
        kind = maker.draw.choice(("application/json",) * 6 + ("text/plain", "multipart/form-data"))
        body = maker.callback()
        return f"callback {body[:300]!r}", town.server.test_client().post(
            "/_dash-update-component", data=body, headers={**headers, "Content-Type": kind}, buffered=True
        )
    address = f"http://localhost{maker.address()}"  # in full, or a path of two slashes would be read as a host
    return f"{method} {address[:300]}", town.server.test_client().open(
        address, method=method, headers=headers, buffered=True
    )


def unpacked(answer: Any) -> bytes:
    """Return what an answer says; some of what was sent asks for compression."""
    plain = {"br": brotli.decompress, "gzip": gzip.decompress}.get(answer.headers.get("Content-Encoding"), bytes)
    return plain(answer.data) if answer.data else b""


def echoes(said: bytes) -> bool:
    """Say whether an answer repeats what was sent: words looked for may, but never outside a quoted attribute."""
    if CANARY.encode() in said or b"<script>alert" in said:
        return True
    text = re.sub(rb'<script type="application/json"[^<]*</script>', b"", said)
    return WORDS.encode() in re.sub(rb'="[^"<]*"', b"", text)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_no_request_breaks_anything_comes_back_or_learns_a_secret(saltmarsh: Any, part: int) -> None:
    maker = Maker(1_000 + part)
    wrong = []
    codes: dict[int, int] = {}
    for _ in range(NUMBER // 4):
        sent, answer = ask(saltmarsh, maker)
        codes[answer.status_code] = codes.get(answer.status_code, 0) + 1
        said = unpacked(answer) + str(answer.headers).encode()
        # A script is a file of the product, the same for every city; among its million letters any short text stands.
        told = set() if answer.mimetype == "text/javascript" else saltmarsh.told(said)
        if answer.status_code >= 500 or echoes(said) or told:
            wrong.append((answer.status_code, sent, echoes(said), told))
        assert answer.headers["X-Content-Type-Options"] == "nosniff", sent
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"], sent
        assert "Set-Cookie" not in answer.headers, sent
        answer.close()

    assert wrong == []
    assert {200, 400, 404} <= set(codes), codes
