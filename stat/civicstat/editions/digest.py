"""Short names for content: equal inputs, declarations and code give equal names."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import civicstat
from civicstat.spec import City, Dataset

__all__ = ["code_digest", "digest", "load_digest", "plain"]

_LENGTH = 12
_BUILDERS = ("spec", "sources", "warehouse", "compiler", "results", "editions", "words")
_NOT_LOADED = frozenset(
    {
        *("place", "title", "row", "description", "records", "owner", "steward", "sensitivity", "license"),
        *("updates", "covers", "lag"),
    }
)
"""What a dataset declares that changes no row of it."""


def digest(*parts: object) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of ``parts`` as JSON."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def load_digest(dataset: Dataset, city: City) -> str:
    """Return the name of everything that a load of ``dataset`` depends on besides the files and the code."""
    return digest(plain(dataset), city.time_zone, plain(city.fiscal_year), plain(city.business_days))


@cache
def code_digest() -> str:
    """Return the name of the product and engine that build an edition: a change in either may change a number."""
    root = Path(civicstat.__file__).parent
    files = [path for name in _BUILDERS for path in (root / name).rglob("*")] + [root / "period.py"]
    texts = {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(files)
        if path.suffix in (".py", ".toml")
    }
    return digest(civicstat.__version__, version("duckdb"), texts)


def plain(value: Any, without: frozenset[str] = _NOT_LOADED) -> Any:
    """Return a declared value as JSON values, leaving out the fields named ``without`` at every depth."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        shown = {
            item.name: plain(getattr(value, item.name), without)
            for item in dataclasses.fields(value)
            if item.name not in without
        }
        return {"": type(value).__name__, **shown}
    if isinstance(value, Mapping):
        return [[str(key), plain(item, without)] for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [plain(item, without) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else [type(value).__name__, str(value)]
