"""No page and no chart says anything that is not in the table of phrases."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import civicstat
from civicstat.charts import (
    NARROW,
    Bar,
    BarChart,
    LineChart,
    Numbers,
    Point,
    bar_chart,
    line_chart,
    summary,
    summary_of_bars,
)
from civicstat.words import keys, table

SOURCE = Path(civicstat.__file__).parent
TWO_WORDS = re.compile(r"[^\W\d_]{2,}[,.:;]? [^\W\d_]{2,}")


def drawn_by() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("pages", "charts"):
        for path in sorted((SOURCE / folder).rglob("*.py")):
            yield str(path.relative_to(SOURCE)), ast.parse(path.read_text(encoding="utf-8"))


def texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the strings that ``node`` puts on a page itself: not those of calls inside it, nor of conditions."""
    match node:
        case ast.Constant(value=str(text)):
            yield node.lineno, text
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.JoinedStr(values=parts):
            for part in parts:
                yield from texts(part)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from texts(one)
            yield from texts(other)
        case ast.Starred(value=part):
            yield from texts(part)


def elements(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield each ``html.…(…)`` but those that show a command."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="html"), attr=name)) if name not in ("Code", "Kbd"):
                yield node


def test_an_element_of_a_page_holds_no_words_of_its_own() -> None:
    literal = []
    for name, tree in drawn_by():
        for call in elements(tree):
            named = [part.value for part in call.keywords if part.arg in ("children", "title", "alt", "placeholder")]
            given = [text for part in (*call.args[:1], *named) for text in texts(part)]
            literal += [f"{name}:{line}: {text}" for line, text in given if re.search(r"[^\W\d_]", text)]

    assert literal == []


def test_no_sentence_stands_in_the_code_of_a_layout_or_a_chart() -> None:
    literal = []
    for name, tree in drawn_by():
        if not name.startswith(("pages/layouts", "charts")):
            continue
        aside = {id(part) for node in ast.walk(tree) if not_on_page(node) for part in ast.walk(node)}
        literal += [
            f"{name}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside
            if TWO_WORDS.search(node.value) and "<" not in node.value
        ]

    assert literal == []


def not_on_page(node: ast.AST) -> bool:
    """Return whether ``node`` is a docstring, the class of an element or an error."""
    if isinstance(node, ast.keyword):
        return node.arg in ("className", "class_")
    return isinstance(node, ast.Raise | ast.Assert) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def test_a_chart_says_nothing_but_phrases_and_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every phrase is replaced by a sign: no other letters may then be left beside those of the data, all of them Q."""
    signs = {key: dict.fromkeys(table.LANGUAGES, "§") for key in keys() if not key.startswith("period.")}
    monkeypatch.setattr(table, "_table", lambda: signs)
    numbers = Numbers("days", 1, "en")
    points = (Point("Q", 5.0), Point("Q", 6.0), Point("Q", 4.0, "provisional"), Point("Q", 3.0, "partial"))
    line = LineChart("Q", points, numbers, 4, compare=points, compare_label="Q", summary=summary(points, numbers, 4))
    members = (Bar("Q", 3.0), Bar("QQ", 4.0), Bar("(blank)", 2.0), Bar("QQQ", None), Bar("Q", None, withheld=True))
    bars = BarChart("Q", members, numbers, 4)
    bars = BarChart("Q", members, numbers, 4, summary=summary_of_bars(bars))

    said = [
        text
        for svg in (line_chart(line), line_chart(line, NARROW), bar_chart(bars))
        for text in re.findall(r">([^<>]+)<", svg)
    ]

    assert len(said) > 20
    assert [text for text in said if re.search(r"[^\W\d_]", text.replace("Q", ""))] == []
