"""All files of a city at once: every fault of every file, files nobody would read, hostile ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from civicstat.errors import DeclarationError, Fault, format_faults
from civicstat.spec import (
    Aggregate,
    ColumnType,
    Project,
    check_project,
    load_files,
    load_project,
)

T = ColumnType
COUNT = Aggregate("count", None, T.INTEGER)

Check_ = Callable[[str], tuple[Project | None, list[Fault]]]


def test_all_faults_of_all_files_come_at_once_in_the_order_of_the_files(base_files: dict[str, str]) -> None:
    files = {
        **base_files,
        "metrics/city.yaml": base_files["metrics/city.yaml"].replace("New_York", "NewYork"),
        "metrics/datasets/cases.yaml": base_files["metrics/datasets/cases.yaml"].replace("closed_on >=", "closd_on >="),
        "metrics/departments/code_enforcement.yaml": base_files["metrics/departments/code_enforcement.yaml"]
        .replace("to: closed_on", "to: closed_at")
        .replace("better: higher", "beter: higher"),
    }
    with pytest.raises(DeclarationError) as caught:
        load_files(files, Path())
    assert [(fault.place.file, fault.place.line, fault.code) for fault in caught.value.faults if fault.place] == [
        ("metrics/city.yaml", 2, "unknown-time-zone"),
        ("metrics/datasets/cases.yaml", 27, "unknown-column"),
        ("metrics/departments/code_enforcement.yaml", 18, "not-a-date-column"),
        ("metrics/departments/code_enforcement.yaml", 20, "unknown-key"),
        ("metrics/departments/code_enforcement.yaml", 24, "goal-without-direction"),
    ]
    assert str(caught.value).endswith("\n\n5 problems in metric definitions")


def test_a_wrong_column_is_said_once_and_not_again_wherever_it_is_used(check: Check_) -> None:
    _, faults = check("""\
datasets:
  d:
    row: a row
    source: {file: a.csv}
    time: opened
    columns: {opened: {type: dat}}
    derive: {year: extract(year from opened)}
metrics:
  m:
    title: M
    dataset: d
    type: simple
    measure: sum(year)
    where: opened > '2026-01-01' and year = 3
    dimensions: [year]
""")
    assert [(fault.code, fault.path) for fault in faults] == [("unknown-word", "datasets.d.columns.opened.type")]


def test_warnings_do_not_stop_a_project(check: Check_) -> None:
    project, faults = check(
        "metrics:\n  m: {title: M, dataset: cases, type: simple, measure: count(*), where: kind <> 'a'}\n"
    )
    assert project
    assert [(fault.code, fault.level) for fault in faults] == [("missing-left-out", "warning")]


def test_a_second_city_is_refused_with_the_place_of_the_first(base_files: dict[str, str]) -> None:
    with pytest.raises(DeclarationError) as caught:
        load_files({**base_files, "metrics/other.yaml": "city: {name: B, time_zone: UTC}\n"}, Path())
    assert str(caught.value) == (
        "metrics/other.yaml:1:7: declared-twice: city\n"
        "  |\n"
        "1 | city: {name: B, time_zone: UTC}\n"
        "  |       ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  = found:    a second city\n"
        "  = expected: one city; it stands already in metrics/city.yaml:1\n"
        "\n"
        "1 problem in metric definitions"
    )


def test_files_without_a_city_say_what_is_missing() -> None:
    with pytest.raises(DeclarationError, match="missing-key: city\n  = found:    no city"):
        load_files({"metrics/a.yaml": "metrics: {}\n"}, Path())


FILES = {
    "metrics/datasets/cases.yml": (
        "metrics/datasets/cases.yml:1:1: unread-file: metrics/datasets/cases.yml\n"
        "  = found:    `cases.yml`\n"
        "  = expected: a name that ends in `.yaml`"
    ),
    "metrics/Other.YAML": (
        "metrics/Other.YAML:1:1: unread-file: metrics/Other.YAML\n"
        "  = found:    `Other.YAML`\n"
        "  = expected: a name that ends in `.yaml`"
    ),
    "metrics/data/cases.yaml": (
        "metrics/data/cases.yaml:1:1: unread-file: metrics/data/cases.yaml\n"
        "  = found:    `metrics/data/cases.yaml`\n"
        "  = expected: a file in `metrics/`, `metrics/datasets/` or `metrics/departments/`"
    ),
    "metrics/enterprise.yaml": (
        "metrics/enterprise.yaml:1:1: not-available-yet: metrics/enterprise.yaml\n"
        "  = found:    `metrics/enterprise.yaml`, which is part of the language but not available yet"
    ),
    "metrics/programs/trial.yaml": (
        "metrics/programs/trial.yaml:1:1: not-available-yet: metrics/programs/trial.yaml\n"
        "  = found:    `metrics/programs/`, which is part of the language but not available yet"
    ),
}


@pytest.mark.parametrize(("name", "said"), FILES.items())
def test_a_file_that_nobody_would_read_is_a_fault(name: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, {name: b"metrics: {}\n"})
    project, faults = check_project(tmp_path)
    assert project is None
    assert format_faults(fault for fault in faults if fault.path == name) == f"{said}\n\n1 problem"


def test_other_files_and_hidden_ones_stay_unread(base: Path, base_files: dict[str, str], tmp_path: Path) -> None:
    texts = {name: text.encode() for name, text in base_files.items()}
    write(tmp_path, {**texts, "metrics/README.md": b"hello", "metrics/.city.yaml": b"[", "metrics/.old/a.yaml": b"["})
    assert load_project(tmp_path).files == load_project(base).files


HOSTILE = {
    b"a" * (256 * 1024 + 1): (
        "metrics/a.yaml:1:1: file-too-big: metrics/a.yaml\n"
        "  = found:    262,145 bytes\n"
        "  = expected: at most 262,144 bytes\n"
        "  = help:     split the file"
    ),
    "metrics:\n  a: Café\n".encode("latin-1"): (
        "metrics/a.yaml:2:9: not-utf-8: metrics/a.yaml\n"
        "  |\n"
        "2 |   a: Caf�\n"
        "  |         ^\n"
        "  = found:    the byte 0xE9, which is not UTF-8\n"
        "  = expected: text in UTF-8\n"
        "  = help:     save it as UTF-8"
    ),
    b"metrics: \0\n": (
        "metrics/a.yaml:1:10: unreadable-character: metrics/a.yaml\n"
        "  |\n"
        "1 | metrics: �\n"
        "  |          ^\n"
        "  = found:    the character U+0000\n"
        "  = expected: text: letters, digits, signs, spaces and line ends\n"
        "  = help:     the file may be damaged, or not a text file"
    ),
}


@pytest.mark.parametrize(("raw", "said"), HOSTILE.items(), ids=["too big", "another encoding", "a null character"])
def test_a_file_that_cannot_be_read_is_said(raw: bytes, said: str, tmp_path: Path) -> None:
    write(tmp_path, {"metrics/a.yaml": raw})
    assert format_faults(check_project(tmp_path)[1]) == f"{said}\n\n1 problem"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    write(tmp_path, {"metrics/city.yaml": b"\xef\xbb\xbfname: Smallville\ntime_zone: UTC\n"})
    assert load_project(tmp_path).city.name == {"en": "Smallville"}


def test_a_folder_without_declarations_says_how_to_begin(tmp_path: Path) -> None:
    missing = format_faults(check_project(tmp_path)[1])
    (tmp_path / "metrics").mkdir()
    assert [missing, format_faults(check_project(tmp_path)[1])] == [
        "no-metrics: metrics/\n  = found:    no folder `metrics/` here\n"
        "  = help:     `civicstat init` makes one\n\n1 problem",
        "no-metrics: metrics/\n  = found:    no declarations in `metrics/`\n"
        "  = expected: `metrics/city.yaml` and others\n\n1 problem",
    ]


def test_the_package_is_imported_without_the_parser_of_sql() -> None:
    code = "import sys, civicstat.spec; sys.exit(any(name in sys.modules for name in ('sqlglot', 'yaml', 'pandas')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def write(root: Path, files: dict[str, bytes]) -> None:
    for name, raw in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
