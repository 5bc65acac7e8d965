"""Files of JSON as records: a list somewhere in a document, the features of a map, or one object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from civicstat.errors import SourceError
from civicstat.sources.files import InputFile, source_fault
from civicstat.sources.header import FIELD_LIMIT
from civicstat.sources.json_text import MOST, JsonFault, JsonText, Number, Repeated, decode
from civicstat.sources.written import RAW, Normalised, Writer
from civicstat.spec import Dataset, file_kind

__all__ = ["Reader", "copy_records", "find_keys"]

ABSENT = object()
"""There is no such key, which is not the same as a key without a value."""
_NOT_JSON = object()
_KEYS = 1_000
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class Odd(ValueError):
    """A record that cannot be read; the message is the reason's code."""


class Reader:
    """The records of one file, each with the line it begins on; ``raw`` is the last one as it is written.

    Iterating raises SourceError where the file is not JSON, or holds no list of records where one is looked for.
    """

    def __init__(self, dataset: Dataset, file: InputFile, text: TextIO) -> None:
        self.dataset, self.file = dataset, file
        self.kind = file_kind(file.name)
        self.raw: Callable[[], str] = str
        self.blank = 0
        self._text = text

    def __iter__(self) -> Iterator[tuple[Any, int]]:
        return self._lines() if self.kind == "lines" else self._document()

    def _document(self) -> Iterator[tuple[Any, int]]:
        written = self.dataset.source.records or ("features" if self.kind == "geojson" else "")
        text = JsonText(self._text)
        self.raw = lambda: text.raw(RAW)
        try:
            yield from self._enter(text, written.split(".") if written else [], written)
            if text.peek():
                raise text.fault("nothing behind the end")
        except JsonFault as error:
            raise self._malformed(error) from error

    def _enter(self, text: JsonText, path: Sequence[str], written: str) -> Iterator[tuple[Any, int]]:
        if not path:
            if text.peek() != "[":
                raise self._no_list(text, written)
            for _ in text.members():
                value = text.value()
                yield _flat(value) if self.kind == "geojson" else value, text.line()
            return
        if text.peek() != "{":
            raise self._no_list(text, written)
        keys: list[str] = []
        for key in text.members():
            if key != path[0]:
                text.skip()
            elif key in keys:
                raise text.fault(f"one `{key}`: it stands there a second time")
            else:
                yield from self._enter(text, path[1:], written)
            keys.append(key)
        if path[0] not in keys:
            found = f"`{self.file.name}` has no `{written}`; its keys are {_listed(keys)}"
            raise self._fault("no-list", found, "the path of the list of records, as `records: result.records`")

    def _lines(self) -> Iterator[tuple[Any, int]]:
        line = ""
        self.raw = lambda: line[:RAW].rstrip("\r\n")
        number = 0
        while line := self._text.readline(MOST):
            number += 1
            if len(line) == MOST:
                raise self._malformed(JsonFault(number, 1, line[0], f"at most {MOST:,} characters in one record"))
            if not line.strip():
                self.blank += 1
                continue
            try:
                value = decode(line.lstrip("\ufeff"))
            except ValueError as error:
                if not line.endswith(("\n", "\r")):
                    raise self._malformed(JsonFault(number, len(line) + 1, "", "the end of the record")) from error
                value = _NOT_JSON
            yield value, number

    def _no_list(self, text: JsonText, written: str) -> SourceError:
        """Say what stands where the list should, and where in the file there are lists."""
        where = f"`{written}` of `{self.file.name}`" if written else f"`{self.file.name}`"
        mark = text.peek()
        kind = {"{": "an object", "[": "a list", "": "nothing"}.get(mark, "a single value")
        keys: list[str] = []
        lists = list(_lists(text, written, keys)) if mark == "{" else []
        if mark == "{":
            kind += f" with the keys {_listed(keys)}"
        if lists:
            mend = f"write `records: {lists[0]}`"
        elif mark == "{" and not written and text.peek() == "{":
            mend = "are there more objects behind it, one a line? Then let its name end in `.jsonl`"
        else:
            mend = "an error message is often saved in place of the records: open it and look"
        return self._fault("no-list", f"{where} is {kind}", "a list of records", mend)

    def _malformed(self, error: JsonFault) -> SourceError:
        found = f"`{error.found}`" if error.found.isprintable() and error.found else "the end of the file"
        if error.found and not error.found.isprintable():
            found = "a sign that cannot be printed"
        return self._fault(
            "not-json",
            f"`{self.file.name}`, line {error.line:,}, column {error.column:,}: {found}",
            error.expected,
            "fetch the file again" if error.found else "the file may be cut off: fetch it again",
        )

    def _fault(self, code: str, found: str, expected: str, mend: str = "") -> SourceError:
        return SourceError(source_fault(self.dataset, code, found, expected, mend))


def find_keys(reader: Reader, wanted: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys that were met until each of the ``wanted`` was, and those of the wanted that no record has."""
    keys: dict[str, None] = {}
    absent = dict.fromkeys(wanted)
    for value, _ in reader:
        if not isinstance(value, dict):
            continue
        if len(keys) < _KEYS:
            keys.update(dict.fromkeys(_keys_of(value)))
        for name in list(absent):
            try:
                found = pick(value, name, name.split("."))
            except Odd:
                continue
            if found is not ABSENT:
                del absent[name]
        if not absent:
            break
    return tuple(keys), tuple(absent)


def pick(record: Mapping[str, Any], name: str, steps: Sequence[str]) -> Any:
    """Return the value under ``name``, else the one that its ``steps`` lead to, ABSENT where there is none.

    Raises:
        Odd: a step leads into what is no object, or a key stands twice.
    """
    if name in record:
        steps = (name,)
    value: Any = record
    for step in steps:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise Odd("not-an-object")
        if isinstance(value, Repeated) and step in value.twice:
            raise Odd("repeated-key")
        value = value.get(step, ABSENT)
        if value is ABSENT:
            return ABSENT
    return value


def copy_records(reader: Reader, wanted: Sequence[str], good: TextIO, broken: TextIO) -> Normalised:
    """Write the ``wanted`` values of every record to ``good``, every record that cannot be read to ``broken``."""
    write, write_broken = Writer(good), Writer(broken)
    ways = [(name, tuple(name.split("."))) for name in wanted]
    records = wrong = longest = 0
    for value, line in reader:
        records += 1
        try:
            texts = _texts(value, ways)
        except (Odd, RecursionError) as error:
            wrong += 1
            reason = str(error) if isinstance(error, Odd) else "nested-too-deep"
            # A zero sign may stand in a file of UTF-16.
            write_broken([_NO_TEXT.sub("\ufffd", reader.raw())], reason, records, line)
            continue
        longest = max(longest, sum(map(len, texts)))
        write(texts, records, line)
    return Normalised(records, wrong, reader.blank, 0, longest, write.escaped or write_broken.escaped)


def _texts(record: Any, ways: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    if record is _NOT_JSON:
        raise Odd("not-json")
    if not isinstance(record, dict):
        raise Odd("not-an-object")
    texts = [_text(pick(record, name, steps)) for name, steps in ways]
    joined = "".join(texts)
    if not joined.isprintable() and _NO_TEXT.search(joined):
        raise Odd("not-text")
    if len(joined) > FIELD_LIMIT and max(map(len, texts)) > FIELD_LIMIT:
        raise Odd("value-too-long")
    return texts


def _text(value: Any) -> str:
    """Return a value as a cell of a text table has it; lists and objects stay JSON."""
    if isinstance(value, str):
        return value
    if value is None or value is ABSENT:
        return ""
    return _json(value)


def _json(value: Any) -> str:
    match value:
        case Number():
            return value
        case dict():
            return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{_json(v)}" for key, v in value.items()) + "}"
        case list():
            return "[" + ",".join(map(_json, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _keys_of(record: Mapping[str, Any]) -> Iterator[str]:
    for key, value in record.items():
        yield from (f"{key}.{inner}" for inner in value) if isinstance(value, dict) and value else [key]


def _flat(feature: Any) -> Any:
    """Return a feature's properties beside its own keys, so that a column is named as the map's table names it."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return feature
    flat = {**feature, **properties}
    if isinstance(properties, Repeated):
        return Repeated([*flat.items(), *((name, None) for name in properties.twice)])
    return flat


def _lists(text: JsonText, path: str, keys: list[str], depth: int = 0) -> Iterator[str]:
    """Yield the paths of the lists of objects inside the object that stands here, and note its own ``keys``."""
    for key in text.members():
        keys.append(key)
        inside = f"{path}.{key}" if path else key
        mark = text.peek()
        if mark == "{" and depth < 3:
            yield from _lists(text, inside, [], depth + 1)
        elif mark == "[":
            first = True
            for _ in text.members():
                if first and text.peek() == "{":
                    yield inside
                first = False
                text.skip()
        else:
            text.skip()


def _listed(keys: Sequence[str]) -> str:
    shown = ", ".join(f"`{key}`" for key in keys[:20])
    return f"{shown} and {len(keys) - 20:,} more" if len(keys) > 20 else shown or "none"
