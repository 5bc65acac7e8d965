"""Whatever stands wherever in a declaration, it is read or it is a fault: never an exception."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from civicstat.spec.loading import check_files

ANYTHING: list[Any] = [
    "",
    "x",
    "3",
    "-1.5",
    "true",
    "80%",
    [],
    {},
    ["a", ["b"]],
    {"a": "b"},
    {"a": {"b": []}},
    "max(",
    "{a}",
]


def paths(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside ``tree``."""
    for key, inner in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield (*path, key)
        yield from paths(inner, (*path, key))


def with_value(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return ``tree`` with ``value`` at ``path``."""
    if not path:
        return value
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    changed = {key: with_value(inner, path[1:], value) if key == path[0] else inner for key, inner in items}
    return changed if isinstance(tree, dict) else list(changed.values())


@pytest.mark.slow
@pytest.mark.parametrize("value", ANYTHING, ids=repr)
def test_anything_anywhere_is_read_or_is_a_fault_with_its_place(value: Any, base_files: dict[str, str]) -> None:
    tried = 0
    for name, text in base_files.items():
        tree = yaml.load(text, Loader=yaml.BaseLoader)
        for path in paths(tree):
            changed = yaml.safe_dump(with_value(tree, path, value), default_flow_style=bool(len(path) % 2))
            project, faults = check_files({**base_files, name: changed}, Path())
            assert (project is None) == any(fault.level == "error" for fault in faults)
            assert all(fault.place for fault in faults)
            tried += 1
    assert tried > 120
