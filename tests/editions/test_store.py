from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from civicstat.editions import Folder, Store
from civicstat.errors import EditionError

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]

A_LOOK = 0.25  # seconds; the pointer is looked at every 0.2


def test_where_nothing_was_built_the_error_says_what_to_run(tinytown: Write) -> None:
    with pytest.raises(EditionError) as raised:
        Store(tinytown()).current()

    assert str(raised.value) == (
        "no-edition: data/editions\n"
        "  = found:    no edition\n"
        "  = expected: one built from the declarations\n"
        "  = help:     run `civicstat build`\n"
        "\n"
        "1 problem"
    )


def test_a_running_store_follows_the_pointer_and_the_edition_in_hand_stays_readable(
    tinytown: Write, build: Build
) -> None:
    root = tinytown()
    build(root)
    store = Store(root)
    old = store.current()
    tinytown(visits="Id,Came,Clinic,Kind,Patient\n1,2026-01-01,North,1,Name1")
    newer = build(root)
    time.sleep(A_LOOK)

    new = store.current()

    assert new.id == newer["id"] != old.id
    values = [edition.readings("visits", grain="month")[0].value for edition in (old, new)]
    assert values == [10.0, 1.0]


@pytest.mark.parametrize(
    "content",
    [
        b"../../../etc/passwd",
        b"",
        b"2026-03-31-00000000000",
        b"2026-03-31-000000000000",
        b"2026-03-31-000000000000/../x",
        b"\xff\xfe\x00\x00",
        b"x" * 1_000_000,
        None,
    ],
    ids=["a path", "empty", "too short", "no such edition", "a path after an id", "binary", "huge", "missing"],
)
def test_a_pointer_that_names_no_edition_is_reported_and_the_last_good_edition_served(
    published: Path, content: bytes | None
) -> None:
    root, store = published, Store(published)
    good = store.current().id
    pointer = root / "data/editions/current"
    if content is None:
        pointer.unlink()
    else:
        pointer.write_bytes(content)
    time.sleep(A_LOOK)

    served, problem = store.current().id, store.problem
    with pytest.raises(EditionError):
        Store(root).current()
    pointer.write_text(f"{good}\n", encoding="utf-8")
    time.sleep(A_LOOK)
    store.current()

    assert served == good
    assert problem is not None
    assert problem[0].code == {None: "no-edition", b"2026-03-31-000000000000": "no-such-edition"}.get(
        content, "bad-pointer"
    )
    assert store.problem is None


def test_an_edition_with_a_broken_file_is_reported_and_the_last_good_one_served(tinytown: Write, build: Build) -> None:
    root = tinytown()
    good = build(root)["id"]
    store = Store(root)
    store.current()
    bad = build(root, as_of=date(2026, 4, 1))["id"]
    (root / "data/editions" / bad / "public.duckdb").write_bytes(b"not a database")
    time.sleep(A_LOOK)

    assert store.current().id == good
    assert store.problem is not None
    assert store.problem[0].code == "bad-edition"


def test_many_threads_read_one_edition_without_a_wrong_answer_while_others_are_published(
    tinytown: Write, build: Build
) -> None:
    root = tinytown()
    sizes = {build(root)["id"]: 30}
    store = Store(root)
    answers: list[tuple[str, int, int]] = []
    errors: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                edition = store.current()
                reading = edition.reading("visits", "all")
                slices = edition.readings("visits", period="all", dimension="clinic")
                assert reading is not None
                answers.append((edition.id, reading.n or 0, sum(item.n or 0 for item in slices)))
            except BaseException as error:
                errors.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for size in (3, 7, 12):
        lines = [f"{number},2026-01-0{1 + number % 9},North,1,A" for number in range(size)]
        tinytown(visits="Id,Came,Clinic,Kind,Patient\n" + "\n".join(lines))
        newest = build(root)["id"]
        sizes[newest] = size
        for _ in range(240):  # a minute, for a busy machine
            time.sleep(A_LOOK)
            if errors or newest in [edition for edition, _, _ in answers[-2:]]:
                break
    stop.set()
    for reader in readers:
        reader.join()

    assert errors == []
    assert {edition for edition, _, _ in answers} == set(sizes)
    assert [answer for answer in answers if answer[1:] != (sizes[answer[0]],) * 2] == []


def test_an_edition_can_be_asked_for_by_its_id(tinytown: Write, build: Build) -> None:
    root = tinytown()
    first = build(root)["id"]
    build(root, as_of=date(2026, 4, 1))

    assert Store(root).edition(first).as_of == date(2026, 3, 31)
    with pytest.raises(EditionError) as raised:
        Store(root).edition("../editions")
    assert raised.value.faults[0].found == "`../editions`"
    assert raised.value.faults[0].expected == "an edition: " + ", ".join(f"`{item}`" for item in Folder(root).ids())
