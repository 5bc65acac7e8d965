"""A department: who answers, and for which metrics."""

from __future__ import annotations

from collections.abc import Collection

from civicstat.errors import suggest
from civicstat.spec.city import read_contact
from civicstat.spec.cursor import Value, choices_text
from civicstat.spec.model import (
    City,
    Department,
)

__all__ = ["read_department"]

_KEYS = ("title", "mission", "head", "contact", "themes", "metrics")


def read_department(name: str, value: Value, city: City, metrics: Collection[str]) -> Department:
    """Return the department; ``metrics`` are the names of all that are declared, faulty ones too."""
    fields = value.fields(_KEYS, (), "a department")
    title = fields.need("title", "the department's name, as `title: Fire`")
    themes, listed = fields.get("themes"), fields.get("metrics")
    if listed and listed.is_map:
        mend = "define them in `metrics:` beside `departments:`, and list their names here"
        listed.fault("not-a-list", "the names of metrics, as `[closed_on_time, backlog]`", mend)
        listed = None
    return Department(
        name=name,
        title=title.text() if title else {},
        metrics=_metrics(listed, metrics) if listed else (),
        mission=fields.text("mission"),
        head=fields.text("head"),
        contact=read_contact(fields),
        themes=tuple(_known(item, city.themes, "theme") for item in themes.items()) if themes else (),
        place=value.notes.places.get(value.path),
    )


def _metrics(value: Value, metrics: Collection[str]) -> tuple[str, ...]:
    names: list[str] = []
    for item in value.items():
        name = _known(item, metrics, "metric")
        if name in names:
            item.fault("named-twice", "each metric once", found=f"`{name}` twice")
        else:
            names.append(name)
    return tuple(names)


def _known(value: Value, choices: Collection[str], what: str) -> str:
    name = value.string(f"the name of a {what}")
    if name and name not in choices:
        expected = f"a {what}: {choices_text(choices)}" if choices else f"a {what}; none is declared"
        value.fault(f"unknown-{what}", expected, suggest(name, choices))
    return name
