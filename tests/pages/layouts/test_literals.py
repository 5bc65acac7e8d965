"""Every word a reader meets comes from the table of phrases: the code of pages and charts holds none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import civicstat

PACKAGE = Path(civicstat.__file__).parent
SOURCES = [*sorted((PACKAGE / "pages").rglob("*.py")), *sorted((PACKAGE / "charts").rglob("*.py"))]
READ = {"children", "title", "label", "alt", "placeholder", "summary", "announcement", "aria-label", "aria-description"}
DRAWN = {"html", "dcc"}
NAMES = {"civicstat", "civicstat build"}  # the same in every language
WORDS = re.compile(r"[^\W\d_]{2,}")


def words_in(code: str) -> list[str]:
    """Return the literal words that a component or an SVG of ``code`` would show."""
    tree = ast.parse(code)
    found = dict.fromkeys((*_shown(tree), *_between_tags(tree)))
    return [text for text in found if WORDS.search(text) and text not in NAMES]


def _shown(tree: ast.AST) -> Iterator[str]:
    """Yield literals given as content or as a name that is read out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            component = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in DRAWN
            for given in node.args if component else ():
                yield from _literals(given)
            for keyword in node.keywords:
                if keyword.arg in READ:
                    yield from _literals(keyword.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in READ:
                    yield from _literals(value)


def _literals(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from _literals(part) if isinstance(part, ast.Constant) else ()
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            for part in parts:
                yield from _literals(part)
        case ast.Starred(value=inner):
            yield from _literals(inner)
        case ast.IfExp(body=one, orelse=other):
            yield from _literals(one)
            yield from _literals(other)
        case ast.BinOp(left=one, right=other) | ast.BoolOp(values=[one, other]):
            yield from _literals(one)
            yield from _literals(other)


def _between_tags(tree: ast.AST) -> Iterator[str]:
    """Yield words between the tags of markup, and any literal that reads like a sentence."""
    skipped = {id(part) for part in _unread(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            if re.search(r"</?[a-z]", node.value):
                yield from re.findall(r">([^<>{}]+)<", node.value)
            elif re.fullmatch(r"[A-Z¿¡][^\W\d_]*([,:;]? [^\W\d_]+){2,}.*", node.value):
                yield node.value


def _unread(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield docstrings and what is said to those who run the server: the texts of exceptions and of the log."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Raise():
                yield from ast.walk(node)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"))) | ast.Call(func=ast.Name(id="Fault")):
                yield from ast.walk(node)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_literal_phrase_stands_in_pages_or_charts(path: Path) -> None:
    assert words_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('html.P("Hello")', ["Hello"]),
        ('html.P(["1 ", html.B("goal")])', ["goal"]),
        ('html.P(f"{count} goals")', [" goals"]),
        ('html.P("met" if met else "missed")', ["met", "missed"]),
        ('html.A(text, title="Open the page")', ["Open the page"]),
        ('html.Nav(links, **{"aria-label": "Main"})', ["Main"]),
        ('svg = f"<text x={x}>Goal</text>"', ["Goal"]),
        ('svg = "<text x=1>Goal</text>"', ["Goal"]),
        ('said = "There are no numbers"', ["There are no numbers"]),
        ('html.P(phrase("page.goals", lang), className="lead wide")', []),
        ('html.P(["· ", number])', []),
        ('raise ValueError("There are no numbers")', []),
    ],
)
def test_the_search_finds_words_wherever_they_would_be_read(code: str, found: list[str]) -> None:
    assert words_in(code) == found
