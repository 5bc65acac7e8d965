"""What every answer carries and every callback request must be (``docs`` say why: a callback is a public endpoint)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Request, Response

__all__ = ["CONTENT_POLICY", "is_callback", "is_versioned", "same_origin", "secure", "sent_json"]

# No page holds an inline script (data blocks are inert), so that scripts need neither hash nor nonce.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PARTS = frozenset(("output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds"))
_LONGEST_VALUE = 4_000
_TAG = re.compile(r"[0-9a-f]{20}")


def secure(response: Response, request: Request, *, office: bool) -> Response:
    """Add the security headers; the office's answers are kept by no cache."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if office:
        response.headers["Cache-Control"] = "no-store"
    return response


def is_versioned(request: Request) -> bool:
    """Say whether the address carries the tag of its content, so that the answer never changes."""
    return _TAG.fullmatch(request.args.get("v", "")) is not None


def sent_json(request: Request) -> Any:
    """Return the JSON of a request, None where it is none; brackets nested without end are none."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def is_callback(body: Any, declared: Mapping[str, Any]) -> bool:
    """Say whether ``body`` is a call of the ``declared`` callback and of nothing else: its outputs, inputs and state.

    Values are single texts of at most 4,000 characters; what they mean is checked by the parser of addresses.
    """
    if not isinstance(body, dict) or body.get("output") != declared["output"] or not _PARTS.issuperset(body):
        return False
    props = [f"{item['id']}.{item['property']}" for item in declared["inputs"]]
    changed = body.get("changedPropIds", [])
    return (
        isinstance(changed, list)
        and all(item in props for item in changed)
        and body.get("outputs") == _outputs(declared["output"])
        and all(_same(body.get(kind, []), declared[kind]) for kind in ("inputs", "state"))
    )


def _outputs(declared: str) -> list[dict[str, str]]:
    """Return the outputs that a page names in full, from Dash's one text of them (``..a.b...c.d..``)."""
    pairs = (item.rpartition(".") for item in declared.strip(".").split("..."))
    return [{"id": name, "property": part} for name, _, part in pairs]


def _same(given: Any, declared: list[Mapping[str, str]]) -> bool:
    return (
        isinstance(given, list)
        and len(given) == len(declared)
        and all(
            isinstance(item, dict)
            and set(item) == {"id", "property", "value"}
            and item["id"] == wanted["id"]
            and item["property"] == wanted["property"]
            and isinstance(item["value"], str)
            and len(item["value"]) <= _LONGEST_VALUE
            for item, wanted in zip(given, declared, strict=True)
        )
    )


def same_origin(request: Request) -> bool:
    """Say whether a browser sent this from one of our own pages (or is no browser)."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host
