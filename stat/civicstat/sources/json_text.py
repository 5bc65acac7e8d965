"""JSON taken value by value out of a stream of any length: numbers as they are written, faults with their place."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

__all__ = ["MOST", "JsonFault", "JsonText", "Number", "Repeated", "decode"]

MOST = 1 << 24
"""Characters of one record."""
_BLOCK = 1 << 18
_DEPTH = 100
_BLANK = re.compile("[ \t\r\n\ufeff]*")
# An error that close to the end of what was read may be due to the cut; the longest word is `-Infinity`.
_NEAR = 16
_EXPECTED = {
    "Expecting value": "a value",
    "Expecting property name": "a key in double quotes",
    "Expecting ':'": "a `:`",
    "Expecting ','": "a `,` or the end of the list or object",
    "Unterminated string": "a closing quote",
    "Invalid control character": r"a line break or tab inside a text written as `\n` or `\t`",
    "Invalid \\": r"an escape of JSON, as `\n`, `\"` or `\u00f1`",
    "Illegal trailing comma": "no comma before the end of the list or object",
}


class JsonFault(ValueError):
    """What is not JSON, and where: ``line`` and ``column`` from 1; ``found`` is empty at the end of the text."""

    def __init__(self, line: int, column: int, found: str, expected: str) -> None:
        super().__init__(f"line {line}, column {column}: {expected}")
        self.line, self.column, self.found, self.expected = line, column, found, expected


class Number(str):
    """A number as the text has it, no digit lost."""

    __slots__ = ()


class Repeated(dict[str, Any]):
    """An object in which the keys ``twice`` stand more than once."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.twice = frozenset(name for name, count in counts.items() if count > 1)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Repeated(pairs)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Number, parse_int=Number, parse_constant=Number, strict=True
)


def decode(line: str) -> Any:
    """Return the value of a text that holds exactly one.

    Raises:
        ValueError: it does not.
    """
    try:
        return _DECODER.decode(line)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


class JsonText:
    """A text of JSON and the place in it. What was passed over is let go."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._at = self._start = 0
        self._ended = False
        self._line = 1
        self._line_at = 0  # index in `_text` where the line of `_seen` begins; below 0 where that was let go
        self._seen = 0

    def peek(self) -> str:
        """Return the next sign that is no space, "" at the end."""
        while True:
            self._at = _end(_BLANK.match(self._text, self._at))
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(self._at):
                return ""

    def value(self) -> Any:
        """Return the value that stands here, whole.

        Raises:
            JsonFault: there is none.
        """
        self.peek()
        self._start = self._at
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._start)
            except json.JSONDecodeError as error:
                cut = error.pos >= len(self._text) - _NEAR or error.msg.startswith("Unterminated")
                if cut and self._more(self._start):
                    continue
                raise self._fault(error.pos, _expected(error.msg)) from error
            except RecursionError as error:
                raise self._too_deep() from error
            # A number that ends where the text was cut may go on.
            if end == len(self._text) and self._more(self._start):
                continue
            self._at = end
            return found

    def raw(self, most: int) -> str:
        """Return the beginning of the last value as it is written."""
        return self._text[self._start : min(self._at, self._start + most)]

    def line(self) -> int:
        """Return the line on which the last value begins."""
        return self._place(self._start)[0]

    def members(self) -> Iterator[str]:
        """Stand before each member of the list or object that begins here; yield its key, "" in a list.

        Who iterates takes or skips the member.
        """
        closing = {"{": "}", "[": "]"}[self.peek()]
        self._at += 1
        if self.peek() == closing:
            self._at += 1
            return
        while True:
            key = ""
            if closing == "}":
                if self.peek() != '"':
                    raise self.fault("a key in double quotes")
                key = self.value()
                if self.peek() != ":":
                    raise self.fault("a `:`")
                self._at += 1
                self.peek()
            yield key
            mark = self.peek()
            if mark not in (",", closing):
                raise self.fault(f"a `,` or `{closing}`")
            self._at += 1
            if mark == closing:
                return

    def skip(self, depth: int = 0) -> None:
        """Pass over the value that stands here, of any size, and look that it is one."""
        if self.peek() not in ("{", "["):
            self.value()
            return
        if depth > _DEPTH:
            raise self._too_deep()
        for _ in self.members():
            self.skip(depth + 1)

    def fault(self, expected: str) -> JsonFault:
        """Return a fault that stands at the next sign."""
        self.peek()
        return self._fault(self._at, expected)

    def _fault(self, at: int, expected: str) -> JsonFault:
        line, column = self._place(at)
        return JsonFault(line, column, self._text[at : at + 1], expected)

    def _too_deep(self) -> JsonFault:
        return self.fault("lists and objects less deep inside each other")

    def _place(self, at: int) -> tuple[int, int]:
        """Return the line and column of an index; asked for in the order of the text."""
        breaks = self._text.count("\n", self._seen, at)
        if breaks:
            self._line += breaks
            self._line_at = self._text.rindex("\n", self._seen, at) + 1
        self._seen = at
        return self._line, at - self._line_at + 1

    def _more(self, kept: int) -> bool:
        """Read on, and let go what stands before ``kept``; False at the end."""
        if self._ended:
            return False
        if len(self._text) - kept > MOST:
            raise self._fault(kept, f"at most {MOST:,} characters in one record")
        self._place(kept)
        block = self._stream.read(max(_BLOCK, len(self._text) - kept))
        self._ended = not block
        if self._ended:
            return False
        self._text = self._text[kept:] + block
        self._start, self._at = self._start - kept, self._at - kept
        self._seen, self._line_at = self._seen - kept, self._line_at - kept
        return True


def _end(match: re.Match[str] | None) -> int:
    assert match is not None  # the pattern matches nothing too
    return match.end()


def _expected(message: str) -> str:
    return next((said for start, said in _EXPECTED.items() if message.startswith(start)), "JSON")
