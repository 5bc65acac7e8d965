"""Every short text of awkward signs, against the rule as it is written in the documentation."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from civicstat.spec import ColumnDef, ColumnType
from civicstat.warehouse import execute, open_writer
from civicstat.warehouse.casts import trimmed, typed

SIGNS = ("0", "1", ".", "+", "-", "e", "_", ",", "x", " ", "\v", "\t", "\n", "\u00a0", "\u0661")
GROUPED = r"[+-]?[0-9]{1,3}(,[0-9]{3})+"
RULES = {
    ColumnType.INTEGER: rf"[+-]?[0-9]+|{GROUPED}",
    ColumnType.NUMBER: rf"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|{GROUPED}(\.[0-9]*)?",
}


@pytest.fixture
def texts() -> Iterator[sa.Engine]:
    """A table of every text of up to four signs, and some longer ones."""
    engine = open_writer(Path(":memory:"))
    signs = ", ".join(f"chr({ord(sign)})" for sign in SIGNS)
    execute(engine, sa.text(f"CREATE TABLE signs AS SELECT unnest([{signs}]) AS c"))
    for length in range(1, 5):
        joined = ", ".join(f"signs AS s{i}" for i in range(length))
        made = " || ".join(f"s{i}.c" for i in range(length))
        head = "CREATE TABLE texts AS" if length == 1 else "INSERT INTO texts"
        execute(engine, sa.text(f"{head} SELECT {made} AS c FROM {joined}"))
    longer = ("1,000", "+1,000.5", "inf", "nan", "1e400", "9223372036854775807", "9223372036854775808", "0x10", "١")
    execute(engine, sa.text("INSERT INTO texts SELECT unnest(:longer)"), {"longer": list(longer)})
    yield engine
    engine.dispose()


@pytest.mark.parametrize("kind", sorted(RULES))
@pytest.mark.parametrize("recoded", [True, False])
def test_a_number_is_exactly_what_the_rule_says(texts: sa.Engine, kind: ColumnType, recoded: bool) -> None:
    cell = sa.column("c", sa.String)
    column = ColumnDef("c", "c", kind, map={"low": "1"} if recoded else {})
    # What stands in a file without odd space, trimmed.
    plain = sa.and_(*(sa.not_(sa.func.contains(cell, sign)) for sign in ("\v", "\t", "\n")))
    word = trimmed(cell, odd_space=False)
    select = sa.select(word.label("word"), typed(word, column, "UTC", odd_space=False).label("value"))

    found = execute(texts, select.select_from(sa.table("texts")).where(plain))

    wrong = [(text, value) for text, value in found if not agrees(kind, text, value)]
    assert len(found) > 20_000
    assert wrong == []


@pytest.mark.parametrize("kind", sorted(RULES))
def test_odd_space_inside_a_number_is_never_read_over(texts: sa.Engine, kind: ColumnType) -> None:
    word = trimmed(sa.column("c", sa.String), odd_space=True)
    value = typed(word, ColumnDef("c", "c", kind), "UTC", odd_space=True)

    found = execute(texts, sa.select(word.label("word"), value.label("value")).select_from(sa.table("texts")))

    assert [(text, number) for text, number in found if not agrees(kind, text, number)] == []


def agrees(kind: ColumnType, text: str | None, value: float | None) -> bool:
    if text is None or not re.fullmatch(RULES[kind], text, re.ASCII):
        return value is None
    bare = text.replace(",", "")
    expected = int(bare) if kind is ColumnType.INTEGER else float(bare)
    fits = abs(expected) < 2**63 if kind is ColumnType.INTEGER else expected != float("inf")
    return value == expected if fits else value is None


def test_only_the_space_around_a_text_is_taken_off() -> None:
    engine = open_writer(Path(":memory:"))
    texts = ["".join(signs) for length in range(4) for signs in itertools.product(" a\t", repeat=length)]
    execute(engine, sa.text("CREATE TABLE texts AS SELECT unnest(:texts) AS c"), {"texts": texts})
    cell = sa.column("c", sa.String)
    select = sa.select(cell, trimmed(cell, odd_space=False).label("t"), trimmed(cell, odd_space=True).label("odd"))

    found = execute(engine, select.select_from(sa.table("texts")))
    engine.dispose()

    assert all(t == (text.strip(" ") or None) and odd == (text.strip(" \t") or None) for text, t, odd in found)
