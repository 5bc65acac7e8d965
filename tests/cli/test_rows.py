from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from civicstat.cli.table import write_csv

Said = Callable[..., tuple[int, str, str]]


def test_the_rows_of_a_number_are_printed_in_columns(said: Said, built: Path) -> None:
    assert said(built, "rows", "opened", "--period", "2023-05") == (
        0,
        "id   opened      closed      due_on      ward    fine\n"
        "S01  2023-05-03  2023-06-02  2023-06-02  1     100.00\n"
        "S02  2023-05-10  2023-06-10  2023-06-09  2\n"
        "S03  2023-05-31              2023-06-30  1\n",
        "",
    )


def test_as_csv_they_are_for_a_spreadsheet(said: Said, built: Path) -> None:
    assert said(built, "rows", "opened", "--period", "2023-05", "--where", "ward=1", "--csv") == (
        0,
        "id,opened,closed,due_on,ward,fine\r\n"
        "S01,2023-05-03,2023-06-02,2023-06-02,1,100.00\r\n"
        "S03,2023-05-31,,2023-06-30,1,\r\n",
        "",
    )


def test_a_cell_that_a_spreadsheet_would_run_is_text_and_numbers_stay_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    import sys

    rows = [("=HYPERLINK()", -5, "-5"), ("＝1", 2.5, "\t@x"), ("a,b", None, 'say "hi"'), ("  +1", True, "5-3")]
    write_csv(("a", "b", "c"), rows, sys.stdout)

    assert capsys.readouterr().out == (
        'a,b,c\r\n\'=HYPERLINK(),-5,\'-5\r\n\'＝1,2.5,\'\t@x\r\n"a,b",,"say ""hi"""\r\n\'  +1,true,5-3\r\n'
    )


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["--period", "2023-05", "--where", "ward"], "usage: --where"),
        (["--period", "2023-05", "--where", "ward=9"], "no-such-member: --where"),
        (["--period", "2023-05", "--where", "kind=9"], "no-such-dimension: metrics.opened.dimensions"),
        (["--period", "2023-05..2023-06"], "bad-period: --period"),
        (["--period", "1999"], "no-such-reading: metrics.opened"),
        ([], "usage: civicstat rows"),
    ],
)
def test_what_cannot_be_listed_is_refused(said: Said, built: Path, arguments: list[str], first: str) -> None:
    code, out, err = said(built, "rows", "opened", *arguments)

    assert (code, out, err.partition("\n")[0]) == (1, "", first)


def test_the_rows_of_a_withheld_number_are_refused_with_the_least_count(said: Said, smallville: Path) -> None:
    changes = {
        "departments/town_hall.yaml": ("    goal: none\n", "    goal: none\n    privacy: {min_count: 5}\n"),
        "datasets/cases.yaml": ("      public: [id, opened, closed, due_on, ward]\n", ""),
    }
    for name, (old, new) in changes.items():
        path = smallville / "metrics" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
    said(smallville, "build", "--as-of", "2024-04-10")

    assert said(smallville, "rows", "opened", "--period", "2023-05") == (
        1,
        "",
        "too-small: metrics.opened\n"
        "  = found:    a number that is withheld to protect the people in it, and its count with it\n"
        "  = expected: a count of 5 or more that gives no other away\n"
        "\n"
        "1 problem\n",
    )
