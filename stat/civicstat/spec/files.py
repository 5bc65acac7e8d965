"""The files under ``metrics/``: which there are, what they hold, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from civicstat.errors import Fault, Place
from civicstat.spec.cursor import Notes, Value, choices_text
from civicstat.spec.events import EVENTS_FILE
from civicstat.spec.yaml_nodes import MapNode, Node, read_yaml

__all__ = ["MAX_BYTES", "find_files", "top_level"]

MAX_BYTES = 256 * 1024

SECTIONS = ("city", "datasets", "departments", "metrics")
_LATER = ("programs", "meetings", "enterprise")
_FOLDERS = ("metrics", "metrics/datasets", "metrics/departments")
_LATER_FILES = ("metrics/enterprise.yaml", "metrics/programs/", "metrics/meetings/")


def find_files(root: Path, notes: Notes) -> dict[str, str]:
    """Return the texts of the declarations by path relative to ``root``; what cannot be read is a fault."""
    folder = root / "metrics"
    if not folder.is_dir():
        notes.add("no-metrics", "metrics/", None, "no folder `metrics/` here", "", "`civicstat init` makes one")
        return {}
    texts: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in path.relative_to(root).parts):
            continue
        if _is_declaration(name, notes):
            text = _text(path, name, notes)
            if text is not None:
                texts[name] = text
    if not texts and not notes.faults:
        notes.add("no-metrics", "metrics/", None, "no declarations in `metrics/`", "`metrics/city.yaml` and others")
    return texts


def top_level(files: Mapping[str, str], notes: Notes) -> Iterator[tuple[str, Value]]:
    """Yield each section of each file: its name (``city``, ``datasets`` …) and value.

    A file is a map of sections; ``city.yaml`` may hold the city's keys themselves.
    """
    for name, text in files.items():
        if name == EVENTS_FILE:
            continue
        node, faults = read_yaml(text, name)
        notes.faults += faults
        if node is None:
            if not faults:
                notes.add("empty-file", name, Place(name, 1, 1), "an empty file", f"one of {choices_text(SECTIONS)}")
            continue
        yield from _sections(name, node, notes)


def _sections(name: str, node: Node, notes: Notes) -> Iterator[tuple[str, Value]]:
    value = Value(node, "", notes)
    if not isinstance(node, MapNode):
        if value.is_null:
            notes.add("empty-file", name, node.place, "an empty file", f"one of {choices_text(SECTIONS)}")
        else:
            notes.add("not-a-map", name, node.place, value.shown(), f"a map of {choices_text(SECTIONS)}")
        return
    keys = set(node.entries)
    if PurePosixPath(name).name == "city.yaml" and not keys & {*SECTIONS, *_LATER}:
        yield "city", Value(node, "city", notes)
        return
    fields = value.fields(SECTIONS, _LATER, "a file of declarations")
    for section in SECTIONS:
        inner = fields.get(section)
        if inner is None:
            continue
        if inner.is_null:
            inner.fault("nothing-written", "a map; leave the key out where there is none")
        else:
            yield section, inner


def _is_declaration(name: str, notes: Notes) -> bool:
    later = next(
        (known for known in _LATER_FILES if name == known or (known[-1] == "/" and name.startswith(known))), ""
    )
    if later:
        found = f"`{later}`, which is part of the language but not available yet"
        notes.add("not-available-yet", name, Place(name, 1, 1), found)
        return False
    if name == EVENTS_FILE:
        return True
    path = PurePosixPath(name)
    if path.suffix.lower() in (".yaml", ".yml") and path.suffix != ".yaml":
        notes.add("unread-file", name, Place(name, 1, 1), f"`{path.name}`", "a name that ends in `.yaml`")
        return False
    if path.suffix != ".yaml":
        return False
    if str(path.parent) not in _FOLDERS:
        wanted = "a file in `metrics/`, `metrics/datasets/` or `metrics/departments/`"
        notes.add("unread-file", name, Place(name, 1, 1), f"`{name}`", wanted)
        return False
    return True


def _text(path: Path, name: str, notes: Notes) -> str | None:
    place = Place(name, 1, 1)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            notes.add("file-too-big", name, place, f"{size:,} bytes", f"at most {MAX_BYTES:,} bytes", "split the file")
            return None
        raw = path.read_bytes()
    except OSError as error:
        notes.add("unread-file", name, place, f"a file that cannot be opened: {error.strerror}")
        return None
    return decode(raw, name, notes)


def decode(raw: bytes, name: str, notes: Notes) -> str | None:
    """Return UTF-8 text without its byte order mark; anything else is a fault with its place."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        text = raw.decode("utf-8", "replace").splitlines()[line - 1]
        mend = "save it as UTF-8"
        found = f"the byte 0x{raw[error.start]:02X}, which is not UTF-8"
        notes.faults.append(Fault("not-utf-8", name, found, "text in UTF-8", mend, Place(name, line, column, text)))
        return None
