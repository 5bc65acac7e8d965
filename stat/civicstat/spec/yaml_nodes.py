"""YAML read into nodes that know their place, with YAML 1.2's scalars and none of its traps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

import yaml

from civicstat.errors import Fault, Place
from civicstat.spec.yaml_errors import syntax_fault

__all__ = ["Entry", "ListNode", "MapNode", "Node", "Scalar", "SourceText", "read_yaml", "scalar_kind"]

MAX_DEPTH = 50

Kind = Literal["null", "boolean", "integer", "number", "text"]

_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202f-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("null", re.compile(r"null|Null|NULL|~|")),
    ("boolean", re.compile(r"true|True|TRUE|false|False|FALSE")),
    ("integer", re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")),
    ("number", re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*|(?=[eE])))([eE][-+]?[0-9]{1,2})?")),
)
_FASTEST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def scalar_kind(text: str) -> Kind:
    """Return what an unquoted word is, as YAML 1.2 reads it; a number with a leading zero is a code, so text.

    >>> [scalar_kind(word) for word in ("no", "010", "1:30", "1_000", "2026-03-02", "-3", "1e3", "true", "")]
    ['text', 'text', 'text', 'text', 'text', 'integer', 'number', 'boolean', 'null']
    """
    for kind, pattern in _KINDS:
        if pattern.fullmatch(text):
            return kind
    return "text"


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's name and lines."""

    file: str
    lines: list[str]

    def place(self, line: int, column: int, width: int = 1) -> Place:
        """Return the place at a line and column counted from 0."""
        text = self.lines[line] if line < len(self.lines) else ""
        return Place(self.file, line + 1, column + 1, text, max(1, width))


@dataclass(frozen=True, slots=True)
class Span:
    """Where a node starts and ends; lines and columns are counted from 0 and the end is not included."""

    source: SourceText
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def place(self) -> Place:
        """Return the place of the node, as wide as it is on its first line."""
        text = self.source.lines[self.line] if self.line < len(self.source.lines) else ""
        end = self.end_column if self.end_line == self.line else len(text.rstrip())
        return self.source.place(self.line, self.column, end - self.column)

    def raw(self) -> str:
        """Return the text between start and end, whole lines where it runs over several."""
        lines = list(self.source.lines[self.line : self.end_line + 1])
        if self.end_line < len(self.source.lines):
            lines[-1] = lines[-1][: self.end_column]
        return "\n".join(lines)[self.column :]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word, number or text. ``text`` is what is written; ``kind`` what it is when unquoted."""

    text: str
    kind: Kind
    style: str  # "" plain, else the quote or block sign
    span: Span

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return self.span.place

    def inside(self, offset: int, width: int = 1) -> Place:
        """Return the place of the character ``offset`` of the text, or of the whole where quoting hides it.

        Folding and indenting change white space only: the n-th visible character of the text is the n-th of the file.
        """
        raw = self.span.raw()
        head = raw.find("\n") + 1 if self.style in ("|", ">") else len(self.style)
        if "".join(raw[head:].split()).removesuffix(self.style) != "".join(self.text.split()):
            return self.place
        wanted = len("".join(self.text[:offset].split()))
        seen = [index for index, character in enumerate(raw) if index >= head and not character.isspace()]
        if wanted >= len(seen):
            return self.place
        before = raw[: seen[wanted]]
        line = self.span.line + before.count("\n")
        column = len(before) - before.rfind("\n") - 1 + (self.span.column if "\n" not in before else 0)
        return self.span.source.place(line, column, width)


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list."""

    items: list[Node]
    span: Span

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return self.span.place


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a map and its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class MapNode:
    """A map, its keys unique and in the order written."""

    entries: dict[str, Entry]
    span: Span
    flow: bool

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return self.span.place


Node = Scalar | ListNode | MapNode


@dataclass(slots=True)
class _Open:
    """A list or map whose end has not been read."""

    event: yaml.Event
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: Scalar | None = None
    waits_for_value: bool = False


class _Reader:
    """Builds nodes from parser events, without recursion, and gathers what the language refuses."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.stack: list[_Open] = []
        self.root: Node | None = None

    def read(self, text: str, loader: type) -> Node | None:
        documents = 0
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(event, "many-documents", "a second document (`---`)", "one document a file")
                    return self.root
            elif isinstance(event, yaml.NodeEvent):
                self.marks(event)
                if isinstance(event, yaml.CollectionStartEvent):
                    self.stack.append(_Open(event))
                    if len(self.stack) > MAX_DEPTH:
                        self.refuse(event, "too-deep", f"more than {MAX_DEPTH} levels", f"at most {MAX_DEPTH} levels")
                        return None
                elif isinstance(event, yaml.ScalarEvent):
                    style = event.style or ""
                    kind = "text" if style else scalar_kind(event.value)
                    self.put(Scalar(event.value, kind, style, self.span(event)))
                else:
                    self.put(Scalar(f"*{event.anchor}", "text", "", self.span(event)))
            elif isinstance(event, yaml.CollectionEndEvent):
                self.close(event)
        return self.root

    def marks(self, event: yaml.NodeEvent) -> None:
        """Refuse anchors, aliases and tags: they hide what a file says, and a few of them can fill the memory."""
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, "yaml-alias", f"the alias `*{event.anchor}`", "the value itself, written out")
        elif event.anchor is not None:
            self.refuse(event, "yaml-anchor", f"the anchor `&{event.anchor}`", "the value without an anchor")
        tag = getattr(event, "tag", None)
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self.refuse(event, "yaml-tag", f"the tag `{shown}`", "the value without a tag")

    def close(self, event: yaml.Event) -> None:
        opened = self.stack.pop()
        span = self.span(opened.event, event)
        if isinstance(opened.event, yaml.MappingStartEvent):
            self.put(MapNode(opened.entries, span, bool(opened.event.flow_style)))
        else:
            self.put(ListNode(opened.items, span))

    def put(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if isinstance(top.event, yaml.SequenceStartEvent):
            top.items.append(node)
        elif top.waits_for_value:
            if top.key is not None:
                top.entries[top.key.text] = Entry(top.key, node)
            top.key, top.waits_for_value = None, False
        else:
            top.key, top.waits_for_value = self.key(node, top), True

    def key(self, node: Node, top: _Open) -> Scalar | None:
        """Return the key, None where it is refused: its value is then read and dropped."""
        if not isinstance(node, Scalar):
            self.fault(node.place, "not-a-key", "a list or map as a key", "a name before the `:`", _BRACES)
            return None
        if node.text == "<<":
            self.fault(node.place, "merge-key", "the merge key `<<`", "the keys themselves, written out")
            return None
        if node.text in top.entries:
            first = top.entries[node.text].key.place.line
            self.fault(
                *(node.place, "duplicate-key", f"`{node.text}` a second time", "each key once"),
                f"it stands already on line {first}: remove one of the two",
            )
            return None
        return node

    def span(self, event: yaml.Event, end: yaml.Event | None = None) -> Span:
        start, stop = event.start_mark, (end or event).end_mark
        assert start is not None and stop is not None  # every event of a text has marks
        return Span(self.source, start.line, start.column, stop.line, stop.column)

    def refuse(self, event: yaml.Event, code: str, found: str, expected: str) -> None:
        span = self.span(event)
        self.fault(self.source.place(span.line, span.column), code, found, expected)

    def fault(self, place: Place, code: str, found: str, expected: str, mend: str = "") -> None:
        self.faults.append(Fault(code, self.source.file, found, expected, mend, place))


_BRACES = "text that starts with `{` or `[` stands in quotes"


def read_yaml(text: str, file: str) -> tuple[Node | None, list[Fault]]:
    """Return the root node of ``text``, None where it cannot be read, and every fault found on the way.

    Refused are anchors, aliases, tags, merge keys, duplicate keys, a second document, unprintable characters and
    more than 50 levels. Every scalar stays text; readers turn it into what they want.
    """
    source = SourceText(file, text.splitlines())
    bad = _UNREADABLE.search(text)
    if bad:
        return None, [_unreadable(text, bad.start(), file)]
    text = text if text.endswith("\n") else f"{text}\n"  # the last thing then ends as others do
    reader = _Reader(source)
    try:
        return reader.read(text, _FASTEST), reader.faults
    except yaml.YAMLError:
        reader = _Reader(source)  # the parser written in Python says the same of a fault wherever it runs
    try:
        return reader.read(text, yaml.SafeLoader), reader.faults
    except yaml.YAMLError as error:
        return None, [*reader.faults, syntax_fault(error, source.file, source.lines)]


def _unreadable(text: str, offset: int, file: str) -> Fault:
    before = text[:offset]
    line = before.count("\n") + 1
    column = offset - before.rfind("\n")
    shown = _UNREADABLE.sub("�", text.split("\n")[line - 1].rstrip("\r"))
    return Fault(
        "unreadable-character",
        file,
        f"the character U+{ord(text[offset]):04X}",
        "text: letters, digits, signs, spaces and line ends",
        "the file may be damaged, or not a text file",
        Place(file, line, column, shown),
    )
