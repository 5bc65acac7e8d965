"""What a build writes down for the next one, sealed by a hash: where it is lost or broken nothing is known."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from civicstat.editions.folder import write_aside

__all__ = ["digest_of", "read_bytes", "read_sealed", "write_sealed"]

_DIGITS = 20


def write_sealed(path: Path, body: Any) -> None:
    """Write down a value that can be found out again."""
    write_aside(path, json.dumps({"digest": digest_of(_text(body)), "body": body}).encode())


def read_sealed(path: Path) -> Any:
    """Return the value that was written down; None where it is not as it was written."""
    try:
        held = json.loads(read_bytes(path) or b"{}")
        return held["body"] if held["digest"] == digest_of(_text(held["body"])) else None
    except (ValueError, TypeError, LookupError):
        return None


def digest_of(content: bytes) -> str:
    """Return the name of a content."""
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def read_bytes(path: Path) -> bytes | None:
    """Return what a file holds; None where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _text(value: object) -> bytes:
    return json.dumps(value, sort_keys=True).encode()
