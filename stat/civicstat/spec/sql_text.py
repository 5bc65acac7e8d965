"""One SQL expression or query parsed into a tree, and where each part of it stands in its text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar, Literal

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, TokenError
from sqlglot.parsers.duckdb import DuckDBParser

__all__ = ["MAX_LENGTH", "Tree", "Unparsable", "extent", "parse", "parse_query", "snippet"]

MAX_LENGTH = 4000

Tree = exp.Expr
"""A part of a parsed expression."""

_DIALECT = DuckDB()
_AN = {"expression": "an expression", "query": "a query"}


class _Parser(DuckDBParser):
    """Leaves every function as it is written: which are allowed is our own table's to say."""

    FUNCTIONS: ClassVar[dict[str, Any]] = {}
    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        name: DuckDBParser.FUNCTION_PARSERS[name] for name in ("CAST", "TRY_CAST", "EXTRACT", "TRIM")
    }
    NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
    NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {"CASE": DuckDBParser.NO_PAREN_FUNCTION_PARSERS["CASE"]}


_WORDS_AROUND: dict[type[Tree], tuple[str, str]] = {
    exp.Case: ("case", "end"),
    exp.Cast: ("cast", ")"),
    exp.TryCast: ("try_cast", ")"),
    exp.Extract: ("extract", ")"),
    exp.Trim: ("trim", ")"),
    exp.Array: ("[", "]"),
}


class Unparsable(Exception):
    """The text is not one expression; ``start`` and ``width`` say where it stops being one."""

    def __init__(self, found: str, expected: str, start: int = 0, width: int = 1) -> None:
        super().__init__(found)
        self.found, self.expected, self.start, self.width = found, expected, start, width


@lru_cache(maxsize=2048)
def parse(text: str) -> Tree:
    """Return the tree of one expression.

    Raises:
        Unparsable: the text is none, or more than one.
    """
    return _one(text, "expression")


@lru_cache(maxsize=256)
def parse_query(text: str) -> Tree:
    """Return the tree of one query, which begins with ``select``.

    Raises:
        Unparsable: the text is none, or more than one.
    """
    first = text.split(maxsplit=1)[:1]
    if [word.lower() for word in first] != ["select"]:
        raise Unparsable(f"`{''.join(first)}` at its start", "one `select … from …`", width=len("".join(first)))
    return _one(text, "query")


def _one(text: str, what: Literal["expression", "query"]) -> Tree:
    if len(text) > MAX_LENGTH:
        raise Unparsable(f"{_AN[what]} of {len(text)} characters", f"at most {MAX_LENGTH} characters")
    try:
        parser, tokens = _Parser(dialect=_DIALECT), _DIALECT.tokenize(text)
        trees = parser.parse_into(exp.Condition, tokens, text) if what == "expression" else parser.parse(tokens, text)
    except TokenError as error:
        raise Unparsable("a quote that is not closed", "the same quote at its end") from error
    except ParseError as error:
        raise _unparsable(text, error, what) from error
    except RecursionError as error:
        raise Unparsable(f"{_AN[what]} of very many levels", "at most 50 levels") from error
    found = [tree for tree in trees if tree is not None]
    if len(found) != 1 or ";" in _outside_quotes(text):
        start = max(0, _outside_quotes(text).find(";"))
        raise Unparsable(f"more than one {what}" if found else f"no {what}", f"one {what}", start)
    return found[0]


def extent(tree: Tree, text: str) -> tuple[int, int]:
    """Return where a part starts in its text and the end behind it; (0, 0) where that is not known."""
    marks = [node.meta for node in tree.walk() if "start" in node.meta]
    if not marks:
        return 0, 0
    start, end = min(mark["start"] for mark in marks), max(mark["end"] for mark in marks) + 1
    for kind, (first, last) in _WORDS_AROUND.items():  # words have no marks of their own
        if isinstance(tree, kind):
            start = max(0, text.lower().rfind(first, 0, start))
            found = text.lower().find(last, end)
            return start, found + len(last) if found >= 0 else end
    while text.count("(", start, end) > text.count(")", start, end) and end < len(text):
        end += 1
    return start, end


def snippet(tree: Tree, text: str) -> str:
    """Return a part as it is written, on one line."""
    start, end = extent(tree, text)
    return " ".join(text[start:end].split()) if end else tree.sql(dialect=_DIALECT).lower()


def _unparsable(text: str, error: ParseError, what: str) -> Unparsable:
    first = error.errors[0] if error.errors else {}
    word = str(first.get("highlight") or "")
    start = max(0, _offset(text, int(first.get("line") or 1), int(first.get("col") or 1)) - len(word))
    at_the_end = text[: start + len(word)].rstrip() == text.rstrip()
    if at_the_end and "Unexpected token" not in str(first.get("description")):
        return Unparsable(f"{_AN[what]} that ends behind `{word}`", "a whole one", start, len(word))
    return Unparsable(f"`{word}`, which cannot stand here", f"one SQL {what}", start, len(word))


def _offset(text: str, line: int, column: int) -> int:
    before = text.split("\n")[: line - 1]
    return sum(len(part) + 1 for part in before) + column


def _outside_quotes(text: str) -> str:
    """Return the text with everything inside quotes blanked."""
    quote, out = "", []
    for character in text:
        inside = bool(quote)
        if character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        out.append(" " if inside else character)
    return "".join(out)
