"""A build that cannot go on leaves nothing behind; where the disk is full it says so, whoever found out."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicstat.editions import Folder, Store
from civicstat.errors import EditionError

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]
APRIL = date(2026, 4, 1)


def from_the_engine() -> Exception:
    said = RuntimeError("IO Error: Could not write file: No space left on device")
    return sa.exc.OperationalError("INSERT", {}, said)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        OSError(errno.EFBIG, os.strerror(errno.EFBIG)),
        from_the_engine(),
    ],
    ids=["the system", "a limit", "the engine"],
)
def test_a_full_disk_is_said_in_one_way_and_the_old_edition_is_served(
    published: Path, build: Build, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    before = Folder(published).ids()

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("civicstat.editions.build.write_files", fail)
    with pytest.raises(EditionError) as raised:
        build(published, as_of=APRIL)

    assert str(raised.value) == (
        "disk-full: data\n"
        "  = found:    no space left for the new edition\n"
        "  = help:     make room, for example with `civicstat editions prune`, then build again; "
        "the current edition is served\n"
        "\n"
        "1 problem"
    )
    assert (Folder(published).ids(), [Store(published).current().id]) == (before, before)
    assert list((published / "data").rglob(".building*")) == []


def test_another_error_of_a_build_is_told_as_it_is_and_leaves_nothing_behind_either(
    published: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("as it is")

    monkeypatch.setattr("civicstat.editions.build.write_files", fail)
    with pytest.raises(ZeroDivisionError, match="as it is"):
        build(published, as_of=APRIL)

    assert list((published / "data").rglob(".building*")) == []


def test_a_metric_that_could_not_be_computed_on_a_full_disk_is_not_published_as_failed(
    published: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise from_the_engine()

    monkeypatch.setattr("civicstat.results.measure._read_group", fail)
    with pytest.raises(EditionError) as raised:
        build(published, as_of=APRIL)

    assert raised.value.faults[0].code == "disk-full"
