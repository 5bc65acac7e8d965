from __future__ import annotations

import csv
from pathlib import Path

import pytest

from civicstat.errors import SourceError
from civicstat.sources import Normalised, find_files, inspect_file, normalise
from civicstat.spec import ColumnDef, ColumnType, Dataset, Source

COLUMNS = {name: ColumnDef(name, name, ColumnType.TEXT) for name in ("b", "a")}
DATASET = Dataset("cases", {"en": "Cases"}, {"en": "one row is one case"}, Source("x.csv"), COLUMNS)


def read(root: Path, body: str) -> tuple[Normalised, list[list[str]], list[list[str]]]:
    (root / "x.csv").write_bytes(body.encode())
    table = inspect_file(DATASET, find_files(DATASET, root)[0], lambda _: None)
    done = normalise(DATASET, table, root / "good", root / "broken")
    with (root / "good").open(newline="") as good, (root / "broken").open(newline="") as broken:
        return done, list(csv.reader(good)), list(csv.reader(broken))


def test_declared_columns_are_copied_with_record_and_first_line(tmp_path: Path) -> None:
    done, good, broken = read(tmp_path, 'a,x,b\n1,,"2\n3"\n\na,x,b\n4,5,6,\n7,8\n')

    assert good == [["2\x1dn3", "1", "1", "2"], ["6", "4", "2", "6"]]
    assert broken == [["7,8\x1dn", "too-few-columns", "3", "7"]]
    assert done == Normalised(3, 1, 1, 1, longest=4, escaped=True)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            'a,b\n1,2\n3,"4\n5,6\n',
            "open-quote: datasets.cases.source.file\n"
            "  = found:    `x.csv`: a quote opened in the record at line 3 never closes\n"
            "  = expected: a closing quote\n"
            "  = help:     the file may be cut off: fetch it again\n"
            "\n"
            "1 problem in sources",
        ),
        (
            "a,b\n1," + "x" * 131_073 + "\n",
            "value-too-long: datasets.cases.source.file\n"
            "  = found:    `x.csv`: a value in the record at line 2 is longer than 131,072 characters\n"
            "  = expected: shorter values\n"
            "  = help:     most often a quote that is opened there and never closed\n"
            "\n"
            "1 problem in sources",
        ),
    ],
)
def test_what_cannot_be_cut_into_records_is_refused(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(SourceError) as refused:
        read(tmp_path, body)

    assert str(refused.value) == message
