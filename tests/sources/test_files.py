from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from civicstat.errors import Place, SourceError
from civicstat.sources import find_files, input_digest, input_digests, inspect_file
from civicstat.spec import ColumnDef, ColumnType, Dataset, Source

PLACE = Place("metrics/datasets/cases.yaml", 4, 11, "source: {file: x}", 4)


def dataset(source: Source, *columns: str) -> Dataset:
    declared = {name: ColumnDef(name, name, ColumnType.TEXT) for name in columns}
    return Dataset("cases", {"en": "Cases"}, {"en": "one row is one case"}, source, declared)


def refused(root: Path, source: Source, *columns: str) -> str:
    declared = dataset(source, *columns)
    with pytest.raises(SourceError) as error:
        for file in find_files(declared, root):
            inspect_file(declared, file, lambda _: None)
    return str(error.value)


def fault(code: str, found: str, expected: str = "", mend: str = "") -> str:
    lines = [f"{code}: datasets.cases.source.file", f"  = found:    {found}"]
    lines += [f"  = expected: {expected}"] if expected else []
    lines += [f"  = help:     {mend}"] if mend else []
    return "\n".join([*lines, "", "1 problem in sources"])


@pytest.mark.parametrize(
    ("take", "names"),
    [("all", ["a/1.csv", "a/2 (b).csv.gz", "a/3.csv"]), ("first", ["a/1.csv"]), ("last", ["a/3.csv"])],
)
def test_a_pattern_takes_all_its_files_or_the_first_or_last_by_name(
    tmp_path: Path, take: str, names: list[str]
) -> None:
    (tmp_path / "a").mkdir()
    for name in ("3.csv", "1.csv", "2 (b).csv.gz", "notes.txt"):
        (tmp_path / "a" / name).write_text("id\n1\n")
    source = Source("a/*.csv*", take=take)  # type: ignore[arg-type]

    assert [file.name for file in find_files(dataset(source), tmp_path)] == names


def test_a_file_outside_the_project_keeps_its_relative_name(tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "x.csv").write_text("id\n1\n")

    assert [file.name for file in find_files(dataset(Source("../x.csv")), tmp_path / "city")] == ["../x.csv"]


def test_the_digest_follows_names_and_bytes_and_nothing_else(tmp_path: Path) -> None:
    declared = dataset(Source("*.csv", take="all"))
    (tmp_path / "a.csv").write_text("id\n1\n")
    (tmp_path / "b.csv").write_text("id\n2\n")
    first = input_digest(input_digests(declared, tmp_path))
    (tmp_path / "other.txt").write_text("x")
    (tmp_path / "a.csv").touch()
    again = input_digest(input_digests(declared, tmp_path))
    (tmp_path / "a.csv").write_text("id\n3\n")
    changed = input_digest(input_digests(declared, tmp_path))
    (tmp_path / "a.csv").write_text("id\n1\n")
    (tmp_path / "b.csv").rename(tmp_path / "c.csv")

    assert first == again
    assert len({first, changed, input_digest(input_digests(declared, tmp_path))}) == 3


def test_a_missing_file_is_named_where_it_is_declared(tmp_path: Path) -> None:
    (tmp_path / "request.csv").write_text("id\n1\n")

    assert refused(tmp_path, Source("requests.csv", place=PLACE), "id") == (
        "metrics/datasets/cases.yaml:4:11: no-such-file: datasets.cases.source.file\n"
        "  |\n"
        "4 | source: {file: x}\n"
        "  |           ^^^^\n"
        "  = found:    no file `requests.csv`\n"
        "  = expected: a path or pattern relative to the folder that holds `metrics/`\n"
        "  = help:     did you mean `request.csv`?\n"
        "\n"
        "1 problem in sources"
    )


def test_a_pattern_that_matches_nothing_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, Source("data/*.csv", take="all"), "id") == fault(
        "no-such-file",
        "no file matches `data/*.csv`",
        "a path or pattern relative to the folder that holds `metrics/`",
        "put the file there, or mend `source.file`",
    )


WHOLE = ("a whole file", "fetch the file again")
ERROR_PAGE = "an error page is often saved in place of the file: open it and look, then fetch it again"
TABLE = "a table as text: .csv or .tsv, gzipped or not"
ENCODINGS = "UTF-8, UTF-16 with a byte order mark, or Windows-1252"
AGAIN = "fetch the file again, or declare its `encoding`"
PACKED = gzip.compress(b"id,n\n" + bytes(range(65, 91)) * 50)

WRONG: list[tuple[str, bytes, Source, str]] = [
    (
        "empty",
        b"",
        Source("x"),
        fault("empty-file", "`x` is empty", "a header and at least one record", "fetch the file again"),
    ),
    ("an empty gzip", gzip.compress(b""), Source("x"), fault("empty-file", "`x` unpacks to nothing")),
    ("truncated", PACKED[:-12], Source("x"), fault("truncated-file", "`x` ends before its gzip data do", *WHOLE)),
    (
        "damaged",
        PACKED[:10] + b"\xff" + PACKED[11:],
        Source("x"),
        fault(
            "damaged-file",
            "`x` cannot be unpacked: Error -3 while decompressing data: invalid block type",
            *WHOLE,
        ),
    ),
    (
        "a web page",
        b"  <!DOCTYPE html><html>404",
        Source("x"),
        fault("wrong-file", "`x` is a web page (HTML)", TABLE, ERROR_PAGE),
    ),
    (
        "a workbook",
        b"PK\x03\x04abc",
        Source("x"),
        fault("wrong-file", "`x` is a zip archive or an .xlsx workbook", TABLE, ERROR_PAGE),
    ),
    ("JSON", b'{"error": "gone"}', Source("x"), fault("wrong-file", "`x` is a JSON document", TABLE, ERROR_PAGE)),
    (
        "NUL bytes",
        b"id,n\n1,\0\n",
        Source("x"),
        fault(
            "nul-byte",
            "`x` has a zero byte at byte 7, line 2",
            "text",
            "a file with many of them is UTF-16: write `encoding: utf-16-le`; else fetch the file again",
        ),
    ),
    (
        "not in the declared encoding",
        "id,n\nñ,1\n".encode("cp1252"),
        Source("x", encoding="utf-8"),
        fault(
            "not-in-encoding",
            "`x`: byte 0xF1 at byte 5, line 2",
            "text in `utf-8`, as declared",
            "mend `encoding`, or leave it out and let it be guessed",
        ),
    ),
    (
        "one bad byte in UTF-8",
        "id,n\nñ,é\n1,".encode() + b"\xe9\n",
        Source("x"),
        fault("not-in-encoding", "`x`: byte 0xE9 at byte 13, line 3", "UTF-8 throughout", AGAIN),
    ),
    (
        "no encoding at all",
        b"id,n\n1,\x81\n",
        Source("x"),
        fault("not-in-encoding", "`x`: byte 0x81 at byte 7, line 2", ENCODINGS, AGAIN),
    ),
    (
        "an unknown encoding",
        b"id,n\n",
        Source("x", encoding="utf-9"),
        fault("unknown-encoding", "encoding `utf-9`", "`utf-8`, `utf-16`, `cp1252`, `latin-1`, …"),
    ),
    (
        "another table",
        b"name,size\na,1\n",
        Source("x"),
        fault(
            "wrong-file",
            "`x` has none of the declared columns; its columns are `name`, `size`",
            "`id`, `n`",
            "is it the right file? `header`, `delimiter` and `encoding` say how it is read",
        ),
    ),
    (
        "a header past the end",
        b"id,n\n1,2\n",
        Source("x", header=7),
        fault("no-header", "`x` has no header at line 7", "a line of names"),
    ),
    (
        "too many columns",
        b",".join(b"c%d" % i for i in range(10_001)) + b",id,n\n",
        Source("x"),
        fault("too-many-columns", "`x` has 10,003 columns", "at most 10,000"),
    ),
]


@pytest.mark.parametrize(("body", "source", "message"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_file_that_is_not_what_it_should_be_says_so(
    tmp_path: Path, body: bytes, source: Source, message: str
) -> None:
    (tmp_path / "x").write_bytes(body)

    assert refused(tmp_path, source, "id", "n") == message


def test_a_missing_column_names_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,Opened On,n,n\n1,2,3,4\n")

    assert refused(tmp_path, Source("x.csv"), "id", "Opened on", "n") == (
        "no-such-column: datasets.cases.columns.Opened on\n"
        "  = found:    no column `Opened on` in `x.csv`\n"
        "  = expected: one of `id`, `Opened On`, `n`, `n`\n"
        "  = help:     did you mean `Opened On`?\n"
        "\n"
        "repeated-column: datasets.cases.columns.n\n"
        "  = found:    2 columns `n` in `x.csv`\n"
        "  = expected: one column of that name\n"
        '  = help:     the first of them is `"n#1"`\n'
        "\n"
        "2 problems in sources"
    )
