"""The table of phrases: each language's sentence under one key, read from the files beside this module.

``phrases/city.toml`` holds the keys ``city.…``, both languages side by side::

    title.en = "City"
    title.es = "Ciudad"
    goals.en = {one = "{count} goal", other = "{count} goals"}
    goals.es = {one = "{count} meta", other = "{count} metas"}
    tab.rows.en = "Records"  # a deeper key: ``city.tab.rows``
    tab.rows.es = "Registros"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

__all__ = ["LANGUAGES", "PHRASES", "has", "keys", "locale", "template"]

LANGUAGES = ("en", "es")
PHRASES = Path(__file__).parent / "phrases"

Entry = Mapping[str, str | Mapping[str, str]]


def template(key: str, lang: str, *, one: bool = False) -> str:
    """Return the phrase under ``key`` with its ``{places}`` unfilled, in the singular if ``one``.

    Raises:
        LookupError: where there is no such phrase; a test finds it before a reader does.
    """
    try:
        entry = _table()[key][lang]
    except KeyError:
        file = key.partition(".")[0]
        raise LookupError(f"no phrase `{key}` in `{lang}`: add it to words/phrases/{file}.toml") from None
    return entry if isinstance(entry, str) else entry["one" if one else "other"]


def has(key: str) -> bool:
    """Return whether there is a phrase under ``key``."""
    return key in _table()


def keys(prefix: str = "") -> tuple[str, ...]:
    """Return every key that starts with ``prefix``, sorted."""
    return tuple(sorted(key for key in _table() if key.startswith(prefix)))


@cache
def locale(lang: str) -> Locale:
    """Return the forms of numbers and dates that go with a language: those of the United States."""
    return Locale(lang, "US")


@cache
def _table() -> Mapping[str, Entry]:
    found: dict[str, Entry] = {}
    for path in sorted(PHRASES.glob("*.toml")):
        _gather(path.stem, tomllib.loads(path.read_text(encoding="utf-8")), found)
    return found


def _gather(key: str, part: Mapping[str, Any], found: dict[str, Entry]) -> None:
    """Put every phrase under ``key`` into ``found``; a part is a phrase once its languages hold text."""
    if part and all(isinstance(said, str) or set(said) == {"one", "other"} for said in part.values()):
        found[key] = part
        return
    for name, inner in part.items():
        _gather(f"{key}.{name}", inner, found)
