"""Reading of one value or one map of a declaration; every fault is gathered, none stops the reading."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from civicstat.errors import Fault, Place, suggest
from civicstat.spec.yaml_nodes import ListNode, MapNode, Node, Scalar

__all__ = ["NAME", "Fields", "Notes", "Value", "choices_text", "read_day", "read_moment"]

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,2})?")
_MAX_SHOWN = 60

Word = TypeVar("Word", bound=str)


def choices_text(choices: Iterable[str]) -> str:
    """Return names in backquotes, a comma between them; many are cut.

    >>> choices_text(["a", "b"])
    '`a`, `b`'
    """
    names = list(choices)
    shown = ", ".join(f"`{name}`" for name in names[:12])
    return f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown


def read_day(text: str) -> date | None:
    """Return the day ``2026-03-02`` names, None where it names none."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_moment(text: str) -> datetime | None:
    """Return the local moment ``2026-03-02 14:05[:06]`` names, None where it names none or claims a zone."""
    if not _DAY.match(text) or len(text) < len("2026-03-02 00:00"):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is None else None


@dataclass(slots=True)
class Notes:
    """What reading gathers: faults, and the place of each thing by its dotted path."""

    languages: tuple[str, ...] = ("en",)
    faults: list[Fault] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)

    def add(self, code: str, path: str, place: Place | None, found: str, expected: str = "", mend: str = "") -> None:
        """Gather an error."""
        self.faults.append(Fault(code, path, found, expected, mend, place))

    def warn(self, code: str, path: str, place: Place | None, found: str, expected: str = "", mend: str = "") -> None:
        """Gather a warning."""
        self.faults.append(Fault(code, path, found, expected, mend, place, "warning"))


@dataclass(frozen=True, slots=True)
class Value:
    """One value at its path."""

    node: Node
    path: str
    notes: Notes

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return self.node.place

    @property
    def is_list(self) -> bool:
        """Say whether it is a list."""
        return isinstance(self.node, ListNode)

    @property
    def is_map(self) -> bool:
        """Say whether it is a map."""
        return isinstance(self.node, MapNode)

    @property
    def is_null(self) -> bool:
        """Say whether nothing is written."""
        return isinstance(self.node, Scalar) and self.node.kind == "null"

    @property
    def bare(self) -> str:
        """Return the text of a scalar, nothing for a list or map."""
        return self.node.text if isinstance(self.node, Scalar) else ""

    @property
    def is_plain(self) -> bool:
        """Say whether it is a word without quotes."""
        return isinstance(self.node, Scalar) and not self.node.style

    def shown(self) -> str:
        """Return the value as a message names it."""
        if isinstance(self.node, Scalar):
            if self.is_null:
                return "nothing"
            text = " ".join(self.node.text.split())
            return f"`{text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + '…'}`"
        raw = self.node.span.raw()
        if len(raw) <= _MAX_SHOWN and raw[:1] in ("[", "{") and "\n" not in raw:
            return f"`{raw}`"
        return "a list" if isinstance(self.node, ListNode) else "a map of keys"

    def fault(self, code: str, expected: str = "", mend: str = "", found: str = "") -> None:
        """Gather an error about this value."""
        self.notes.add(code, self.path, self.place, found or self.shown(), expected, mend)

    def later(self, what: str, mend: str = "") -> None:
        """Refuse something of the language that is not built."""
        found = f"{what}, which is part of the language but not available yet"
        self.fault("not-available-yet", found=found, mend=mend)

    def string(self, expected: str = "text") -> str:
        """Return the text of a scalar as written; a number or code keeps its digits."""
        if not isinstance(self.node, Scalar):
            self.fault("not-text", expected)
        elif self.is_null or not self.node.text.strip():
            self.fault("nothing-written", expected, found="nothing")
        else:
            return self.node.text
        return ""

    def text(self) -> Mapping[str, str]:
        """Return a text in each language: a string is in the first, a map names them."""
        languages = self.notes.languages
        if not isinstance(self.node, MapNode):
            said = {languages[0]: self.string("text, or a map of languages")}
        else:
            said = {}
            for name, entry in self.node.entries.items():
                inner = Value(entry.value, f"{self.path}.{name}", self.notes)
                if name not in languages:
                    self.notes.add(
                        "unknown-language",
                        *(inner.path, entry.key.place, f"the language `{name}`"),
                        *(f"a language of the city: {choices_text(languages)}", suggest(name, languages)),
                    )
                else:
                    said[name] = inner.string()
            if not said and not self.node.entries:
                self.fault("nothing-written", "text, or a map of languages", found="an empty map")
        absent = [language for language in languages if language not in said]
        if absent and said:
            self.notes.warn(
                "missing-translation",
                *(self.path, self.place, f"no text for {choices_text(absent)}"),
                *("", f"add {choices_text(absent)}; until then readers see `{next(iter(said))}`"),
            )
        return said

    def word(self, choices: Sequence[Word], later: Collection[str] = ()) -> Word:
        """Return the word, which is one of ``choices``; one of ``later`` is refused as not built."""
        text = self.bare
        for choice in choices:
            if text == choice:
                return choice
        if text in later:
            self.later(f"`{text}`")
        else:
            self.fault("unknown-word", f"one of {choices_text(choices)}", suggest(text, [*choices, *later]))
        return choices[0]

    def flag(self) -> bool:
        """Return true or false."""
        if isinstance(self.node, Scalar) and self.node.kind == "boolean":
            return self.node.text.lower() == "true"
        said = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(self.bare.lower(), "")
        mend = f"`{self.bare}` is a word here: write `{said}`" if said else ""
        self.fault("not-true-or-false", "`true` or `false`", mend)
        return False

    def whole(self, low: int, high: int, what: str = "a whole number") -> int:
        """Return a whole number from ``low`` to ``high``."""
        if isinstance(self.node, Scalar) and self.node.kind == "integer" and low <= int(self.node.text) <= high:
            return int(self.node.text)
        self.fault("not-a-number", f"{what} from {low} to {high}")
        return low

    def number(self) -> float:
        """Return a number."""
        if isinstance(self.node, Scalar) and self.node.kind in ("integer", "number"):
            return float(self.node.text)
        self.fault("not-a-number", "a number")
        return 0.0

    def day(self) -> date | None:
        """Return a day, written ``2026-03-02``."""
        day = read_day(self.bare)
        if day is None:
            self.fault("not-a-day", "a day of the calendar, written as `2026-03-31`")
        return day

    def days(self) -> int:
        """Return a number of days, written ``3 days``, ``1 day`` or ``3``."""
        match = re.fullmatch(r"([0-9]{1,4})( days?)?", self.bare)
        if match:
            return int(match[1])
        self.fault("not-a-number", "a number of days, as `3 days`")
        return 0

    def items(self) -> list[Value]:
        """Return the members of a list; a single value is a list of one."""
        if isinstance(self.node, ListNode):
            return [Value(item, f"{self.path}[{n}]", self.notes) for n, item in enumerate(self.node.items, 1)]
        if isinstance(self.node, MapNode) or self.is_null:
            self.fault("not-a-list", "a list", "write it as `[a, b]`")
            return []
        return [self]

    def strings(self) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        return tuple(text for item in self.items() if (text := item.string()))

    def entries(self) -> Iterator[tuple[str, Value]]:
        """Yield the keys of a map that people name, with their values."""
        if not isinstance(self.node, MapNode):
            self.fault("not-a-map", "a map: `key: value`, one a line")
            return
        for name, entry in self.node.entries.items():
            yield name, Value(entry.value, f"{self.path}.{name}", self.notes)

    def key_place(self, name: str) -> Place:
        """Return the place of a key of this map."""
        assert isinstance(self.node, MapNode)
        return self.node.entries[name].key.place

    def names(self, what: str, reserved: Collection[str] = ()) -> Iterator[tuple[str, Value]]:
        """Yield the entries of a map of declared things; a name that cannot be one is a fault and left out."""
        for name, value in self.entries():
            if not NAME.fullmatch(name):
                lower = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60]
                mend = f"write `{lower}`" if NAME.fullmatch(lower) else ""
                wanted = "lower-case letters, digits and `_`, a letter first, at most 60"
                self.notes.add("not-a-name", value.path, self.key_place(name), f"{what} `{name}`", wanted, mend)
            elif name in reserved:
                wanted = f"a name other than {choices_text(reserved)}"
                self.notes.add("reserved-name", value.path, self.key_place(name), f"{what} `{name}`", wanted)
            else:
                self.notes.places[value.path] = self.key_place(name)
                yield name, value

    def fields(
        self,
        known: Collection[str],
        later: Collection[str] = (),
        title: str = "",
        elsewhere: Mapping[str, str] | None = None,
    ) -> Fields:
        """Return the keys of a map; a key that is neither ``known`` nor ``later`` is a fault.

        ``elsewhere`` says of a key that is known in other places where that is.
        """
        return Fields.of(self, known, later, title, elsewhere or {})


@dataclass(frozen=True, slots=True)
class Fields:
    """The keys of one map whose meaning the language fixes."""

    value: Value
    values: Mapping[str, Value]
    is_map: bool

    @classmethod
    def of(
        cls, value: Value, known: Collection[str], later: Collection[str], title: str, elsewhere: Mapping[str, str]
    ) -> Fields:
        """Return the fields of ``value``, having refused the keys nobody reads."""
        if not isinstance(value.node, MapNode):
            value.fault("not-a-map", f"a map of keys: {choices_text(known)}")
            return cls(value, {}, False)
        values: dict[str, Value] = {}
        cut: dict[str, str] = {}
        before = ""
        for name, entry in value.node.entries.items():
            inner = Value(entry.value, f"{value.path}.{name}" if value.path else name, value.notes)
            if name in known:
                value.notes.places[inner.path] = inner.place
                values[name] = inner
                before = name
            elif name in later:
                Value(entry.key, inner.path, value.notes).later(f"`{name}`")
                before = ""
            elif before and value.node.flow and _is_nothing(entry.value) and values[before].is_plain:
                cut[before] = f"{cut.get(before) or values[before].bare}, {name}"
            else:
                found = f"the key `{name}`"
                wanted = f"a key of {title or 'this map'}: {choices_text(known)}"
                mend = elsewhere.get(name) or suggest(name, known)
                value.notes.add("unknown-key", inner.path, entry.key.place, found, wanted, mend)
        for name, whole in cut.items():
            mend = f'inside `{{…}}` a comma ends a value: write `{name}: "{whole}"`'
            values[name].fault("cut-by-a-comma", "text that holds a comma in quotes", mend)
            values[name] = Value(Scalar(whole, "text", "", values[name].node.span), values[name].path, value.notes)
        return cls(value, values, True)

    def get(self, key: str) -> Value | None:
        """Return the value of ``key``, None where it is not written."""
        return self.values.get(key)

    def need(self, key: str, expected: str, mend: str = "") -> Value | None:
        """Return the value of ``key``; where it is not written that is a fault."""
        value = self.values.get(key)
        if value is None and self.is_map:
            notes = self.value.notes
            place = notes.places.get(self.value.path, self.value.place)
            notes.add("missing-key", self.value.path, place, f"no `{key}`", expected, mend)
        return value

    def text(self, key: str) -> Mapping[str, str] | None:
        """Return a text in each language, None where it is not written."""
        value = self.get(key)
        return value.text() if value else None

    def string(self, key: str) -> str | None:
        """Return a text, None where it is not written."""
        value = self.get(key)
        return value.string() if value else None

    def word(self, key: str, choices: Sequence[Word], default: Word, later: Collection[str] = ()) -> Word:
        """Return one of ``choices``."""
        value = self.get(key)
        return value.word(choices, later) if value else default


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.text and not node.style
