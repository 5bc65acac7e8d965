"""New files beside those held: whatever the split, the records are those of one load of all files."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from civicstat.errors import SourceError
from civicstat.period import FiscalYear
from civicstat.spec import (
    AsOf,
    Call,
    Check,
    City,
    Column,
    ColumnDef,
    ColumnType,
    Dataset,
    Derived,
    Literal,
    Source,
)
from civicstat.warehouse import CannotAddError, Held, LoadReport, execute, joined, load_dataset, open_reader

TEXT, INTEGER, DATE = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.DATE
CITY = City({"en": "Smallville"}, ("en",), "America/New_York", FiscalYear(7))
NOW = datetime.fromisoformat("2026-03-01T00:00:00+00:00")
AGE = Call("days_between", (Column("seen", DATE), Column("as_of", DATE)), INTEGER)
COLUMNS = {
    "id": ColumnDef("id", "id", TEXT, missing=("-",)),
    "n": ColumnDef("n", "n", INTEGER),
    "seen": ColumnDef("seen", "seen", DATE),
    "area": ColumnDef("area", "area", TEXT, missing=("-", "none"), map={"A": "Allston"}),
}
CHECKS = (
    Check("not_null", "warn", ("seen",)),
    Check("unique", "warn", ("area", "n")),
    Check("range", "error", ("n",), low=0, high=8),
    Check("expect", "warn", expr=Call("gt", (Column("n", INTEGER), Literal(2, INTEGER)), ColumnType.BOOLEAN), sql="n"),
)
DECLARED = Dataset(
    "cases",
    {"en": "Cases"},
    {"en": "one row is one case"},
    Source("in/*.csv", take="all"),
    COLUMNS,
    key=("id",),
    time="seen",
    as_of=AsOf(columns=("seen",)),
    checks=CHECKS,
)
AGED = dataclasses.replace(DECLARED, derive={"age": Derived("age", AGE, "days_between(seen, as_of)", INTEGER)})
VARIANTS = {
    "keyed": DECLARED,
    "aged": AGED,
    "unordered": dataclasses.replace(DECLARED, time=None, as_of=AsOf(), checks=()),
    "without a key": dataclasses.replace(DECLARED, key=(), checks=CHECKS[:1]),
}


@dataclasses.dataclass(frozen=True)
class Loaded:
    """The joined report and the tables of one segment, however many files hold it."""

    report: LoadReport
    rows: list[tuple[Any, ...]]
    quarantine: list[tuple[Any, ...]]

    def content(self) -> tuple[Any, ...]:
        """Everything but the numbers of the rows."""
        rows = sorted((row[:-3] + row[-2:] for row in self.rows), key=repr)
        return dataclasses.asdict(self.report), rows, sorted(self.quarantine, key=repr)


def load_in_steps(dataset: Dataset, root: Path, files: Sequence[str], splits: Sequence[int]) -> Loaded:
    """Write the files, loading what is there before each split and at the end."""
    (root / "in").mkdir(parents=True)
    paths: list[Path] = []
    reports: list[LoadReport] = []
    for number, body in enumerate(files):
        if number in splits:
            _load(dataset, root, paths, reports)
        (root / f"in/{number:02}.csv").write_bytes(body.encode())
    _load(dataset, root, paths, reports)
    rows: list[tuple[Any, ...]] = []
    aside: list[tuple[Any, ...]] = []
    for path in paths:
        engine = open_reader(path)
        rows += [tuple(row) for row in execute(engine, sa.text("SELECT * FROM rows ORDER BY _row"))]
        aside += [tuple(row) for row in execute(engine, sa.text("SELECT * FROM quarantine"))]
        engine.dispose()
    return Loaded(joined(reports), rows, aside)


def _load(dataset: Dataset, root: Path, paths: list[Path], reports: list[LoadReport]) -> None:
    held = Held(tuple(paths), joined(reports)) if paths else None
    target = root / f"{len(paths)}.duckdb"
    reports.append(load_dataset(dataset, root, CITY, target, fetched_at=NOW, held=held))
    paths.append(target)


def csv(*rows: str) -> str:
    return "\n".join(["id,n,seen,area", *rows]) + "\n"


CELLS = (
    st.sampled_from(["", "-", *"abcdefghijklmnopqrstuvwxyz"]),
    st.sampled_from(["", "1", "2", "3", "4", "5", "6", "7", "8", "x"]),
    st.sampled_from(["", "2026-01-01", "2026-01-02", "2026-02-30"]),
    st.sampled_from(["", "A", "B", "none", '"C, D"', '"E\nF"', "-", "a,b"]),
)
LINES = st.lists(st.one_of(st.tuples(*CELLS).map(",".join), st.sampled_from(["", "id,n,seen,area"])), max_size=4)
# The first record is one that can be loaded, so that there is something to add to.
FILES = st.lists(LINES, min_size=2, max_size=4).map(
    lambda files: [csv(*(["0,0,2026-01-02,"] if not number else []), *lines) for number, lines in enumerate(files)]
)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=FILES, splits=st.sets(st.integers(1, 3), min_size=1), variant=st.sampled_from(sorted(VARIANTS)))
def test_however_the_files_are_split_the_records_are_those_of_one_load(
    files: list[str], splits: set[int], variant: str
) -> None:
    dataset = VARIANTS[variant]
    with tempfile.TemporaryDirectory() as folder:
        try:
            whole: Loaded | str = load_in_steps(dataset, Path(folder) / "whole", files, ())
        except SourceError as error:
            whole = str(error)
        try:
            parts: Loaded | str = load_in_steps(dataset, Path(folder) / "parts", files, sorted(splits))
        except CannotAddError as error:
            event(f"{variant}: {error.why}")
            return
        except SourceError as error:
            parts = str(error)

    if isinstance(whole, str) or isinstance(parts, str):
        assert whole == parts
        return
    event(f"{variant}: added")
    assert parts.content() == whole.content()
    assert [row[-3] for row in parts.rows] == list(range(len(parts.rows)))


def test_added_rows_come_after_those_held_each_part_in_its_own_order(tmp_path: Path) -> None:
    files = [csv("b,1,2026-01-02,A", "a,1,2026-01-01,B"), csv("d,2,2026-01-03,A", "c,2,2025-12-31,")]

    parts = load_in_steps(DECLARED, tmp_path, files, [1])

    assert [(row[0], row[-3]) for row in parts.rows] == [("a", 0), ("b", 1), ("c", 2), ("d", 3)]
    assert (parts.report.loaded, parts.report.first, parts.report.as_of) == (4, "2025-12-31", "2026-01-03")


@pytest.mark.parametrize(
    ("added", "why"),
    [
        ("a,2,2026-01-01,B", "key-repeated"),
        ("b,1,2026-01-01,A", "value-repeated"),
        ("b,2,2026-01-02,B", "clock-moved"),
    ],
)
def test_what_changes_held_rows_is_not_added(tmp_path: Path, added: str, why: str) -> None:
    with pytest.raises(CannotAddError) as refused:
        load_in_steps(AGED, tmp_path, [csv("a,1,2026-01-01,A"), csv(added)], [1])

    assert refused.value.why == why


@pytest.mark.parametrize("added", ["", "-,5,2026-01-01,", "b,,,A", "b,x,2026-01-01,B"])
def test_what_leaves_held_rows_as_they_are_is_added(tmp_path: Path, added: str) -> None:
    files = [csv("a,1,2026-01-01,A", ",3,,"), csv(*([added] if added else []))]

    whole = load_in_steps(AGED, tmp_path / "whole", files, [])
    parts = load_in_steps(AGED, tmp_path / "parts", files, [1])

    assert parts.content() == whole.content()
    assert len(parts.report.files) == 2


def test_a_check_that_refuses_new_records_says_what_it_says_of_all(tmp_path: Path) -> None:
    files = [csv("a,1,2026-01-01,A"), csv("b,9,2026-01-01,B")]
    said = []
    for splits in ([], [1]):
        with pytest.raises(SourceError) as refused:
            load_in_steps(DECLARED, tmp_path / str(len(splits)), files, splits)
        said.append(str(refused.value))

    assert said[0] == said[1]
    assert "range: n 0..8" in said[0]
