"""A YAML parser's complaint, said so that it can be mended."""

from __future__ import annotations

import re

import yaml

from civicstat.errors import Fault, Place

__all__ = ["syntax_fault"]

_QUOTE = "text that holds `: `, ` #`, `{`, `[` or starts with a sign stands in quotes"
_COMMENT = "` #` starts a comment in YAML: text that holds it stands in quotes"

# what the parser says, what was found, what was expected, how to mend it, and whether it opened at the context
_SAYINGS: tuple[tuple[str, str, str, str, bool], ...] = (
    (r"character '\\t'", "a tab", "spaces: YAML takes no tab here", "replace the tab by spaces", False),
    (r"mapping values are not allowed", "a `:` that cannot stand here", "`key: value`, keys lined up", _QUOTE, False),
    (r"sequence entries are not allowed", "a `-` behind a key", "list members on lines of their own", "", False),
    (r"expected <block end>, but found '<scalar>'", "text behind a quoted text", "one value a key", _QUOTE, False),
    (r"expected <block end>", "a line that does not line up", "the same indent for keys of one map", "", False),
    (r"expected '<document start>'", "text behind the end", "one map a file", "", False),
    (r"expected the node content", "a bracket too many, or one not closed", "a value", _QUOTE, False),
    (r"could not find expected ':'", "a line without `:`", "`key: value`", _QUOTE, True),
    (r"expected ',' or '}'", "a `{` that is not closed", "`}` at its end, `,` between its keys", _QUOTE, True),
    (r"expected ',' or '\]'", "a `[` that is not closed", "`]` at its end, `,` between its members", _QUOTE, True),
    (r"unexpected end of stream", "a quote that is not closed", "the same quote at its end", "", True),
    (r"unknown escape character", "an escape that YAML does not know", "", "in single quotes `\\` is itself", False),
    (r"cannot start any token", "a sign that cannot start a value", "", _QUOTE, False),
    (r"expected alphabetic", "a bare `*` or `&`", "", _QUOTE, False),
)


def syntax_fault(error: yaml.YAMLError, file: str, lines: list[str]) -> Fault:
    """Return the fault for a parser's error, with the place where the mend belongs."""
    problem = str(getattr(error, "problem", "") or "")
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    found, expected, mend = problem or "a file that cannot be read", "", ""
    for pattern, said, wanted, how, opened in _SAYINGS:
        if re.search(pattern, problem):
            found, expected, mend = said, wanted, how
            mark = context if opened and context else mark
            break
    line, column = (mark.line, mark.column) if mark else (0, 0)
    line = min(line, max(0, len(lines) - 1))
    text = lines[line] if lines else ""
    if re.search(r"[{\[].*\s#", text[:1000]):
        mend = _COMMENT
    return Fault("invalid-yaml", file, found, expected, mend, Place(file, line + 1, min(column, len(text)) + 1, text))
