"""Queries laid out for people once for each shape: one in which only moments are others is laid out as before."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

from civicstat.editions.digest import code_digest
from civicstat.editions.folder import LAYOUTS, Folder
from civicstat.editions.sealed import read_sealed, write_sealed
from civicstat.spec import pretty_sql

__all__ = ["Layouts", "known_layouts"]

_MOMENT = re.compile(r"'\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)?'")
_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class Layouts:
    """Laid out queries by the hash of their shape: ``held`` from before, ``kept`` those asked for now.

    A query's shape is its text with a number in the place of each moment, as long as it: lines break by their length.
    """

    held: Mapping[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def lay_out(self, text: str) -> str:
        """Return what ``pretty_sql`` returns."""
        numbers: dict[str, str] = {}
        for place, moment in enumerate(dict.fromkeys(_MOMENT.findall(text))):
            numbers[moment] = _number_like(moment, place)
        shape = _MOMENT.sub(lambda found: numbers[found[0]], text)
        key = hashlib.sha256(shape.encode()).hexdigest()
        self.kept[key] = self.held.get(key) or self.kept.get(key) or pretty_sql(shape)
        moments = {number: moment for moment, number in numbers.items()}
        return _MOMENT.sub(lambda found: moments.get(found[0], found[0]), self.kept[key])


@contextmanager
def known_layouts(folder: Folder) -> Iterator[Layouts]:
    """Give the layouts of the last build, and keep those that were asked for."""
    path = folder.cells / f"queries{LAYOUTS}"
    made_by = [code_digest(), version("sqlglot")]
    body = read_sealed(path) or {}
    layouts = Layouts(body["layouts"] if body.get("made_by") == made_by else {})
    yield layouts
    if layouts.kept != layouts.held:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_sealed(path, {"made_by": made_by, "layouts": layouts.kept})


def _number_like(moment: str, number: int) -> str:
    """Return a number written as a moment is."""
    digits = iter(f"{number:0{len(_DIGIT.findall(moment))}}")
    return _DIGIT.sub(lambda _: next(digits), moment)
