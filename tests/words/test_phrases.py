"""The table of phrases: whole in both languages, and every key that the code names is in it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import civicstat
from civicstat.words import LANGUAGES, keys, phrase
from civicstat.words.table import PHRASES, template

SOURCE = Path(civicstat.__file__).parent
CALLS = {"phrase", "template", "rich"}


def forms(key: str, lang: str) -> tuple[str, str]:
    return template(key, lang, one=True), template(key, lang)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_a_phrase_says_something_in_every_language() -> None:
    assert [
        (key, lang) for key in keys() for lang in LANGUAGES if not all(form.strip() for form in forms(key, lang))
    ] == []


def test_a_phrase_has_the_same_places_in_every_language() -> None:
    english, spanish = (
        {key: {name for form in forms(key, lang) for name in places(form)} for key in keys()} for lang in LANGUAGES
    )

    assert english == spanish


def test_the_files_hold_nothing_but_whole_phrases() -> None:
    found = {}
    for path in sorted(PHRASES.glob("*.toml")):
        for key, said in walk(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))):
            found[key] = said

    assert {key: sorted(said) for key, said in found.items()} == {key: sorted(LANGUAGES) for key in keys()}


def walk(key: str, part: dict[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    for name, inner in part.items():
        if isinstance(inner, str) or (isinstance(inner, dict) and set(inner) == {"one", "other"}):
            yield key, part
            return
        assert isinstance(inner, dict), f"{key}.{name} is neither a phrase nor a section"
        yield from walk(f"{key}.{name}", inner)


def named() -> Iterator[tuple[str, ast.expr]]:
    """Yield every expression the code gives as a key, with the place it stands."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", node.args[0]


def test_every_key_that_the_code_names_is_a_phrase() -> None:
    known = set(keys())
    missing = [
        f"{place}: {part.value}"
        for place, key in named()
        for part in ast.walk(key)
        if isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and re.fullmatch(r"\w+(\.\w+)*\.\w*[^\W_]", part.value)
        if part.value not in known
    ]

    assert missing == []


def test_every_key_that_the_code_puts_together_begins_like_a_phrase() -> None:
    astray = []
    for place, key in named():
        if isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
            start = str(key.values[0].value)
            if not keys(start):
                astray.append(f"{place}: {start}…")

    assert astray == []


def test_no_phrase_is_left_over() -> None:
    written: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
                written.add(node.value)
    begun = tuple(start for start in written if start.endswith((".", "_")))
    left = [key for key in keys() if key not in written and not key.startswith(begun)]

    assert [key for key in left if re.sub(r"_\d+$", "", key) not in written] == []  # or one of a numbered group


def test_a_phrase_that_is_not_there_names_the_file_it_belongs_in() -> None:
    with pytest.raises(
        LookupError, match=re.escape("no phrase `city.nowhere` in `es`: add it to words/phrases/city.toml")
    ):
        phrase("city.nowhere", "es")


def test_a_place_left_empty_fails() -> None:
    with pytest.raises(KeyError, match="days"):
        phrase("reason.stale", "en")
