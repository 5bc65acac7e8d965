"""``civicstat impact``: a line for each thing that rests on a column."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Said = Callable[..., tuple[int, str, str]]


def test_each_thing_that_rests_on_a_column_is_a_line(said: Said, smallville: Path) -> None:
    code, out, err = said(smallville, "impact", "cases.fine")

    assert (code, err) == (0, "cases.fine: 2 metrics, 0 goals, 4 pages\n")
    assert [line.split()[0] for line in out.splitlines()] == ["what", "dataset", "metric", "metric", *["page"] * 4]
    assert "metric   high_fines     numerator, denominator" in out


def test_what_is_made_of_a_metric_rests_on_its_columns_too(said: Said, smallville: Path) -> None:
    made = 'metrics: {twice: {title: Twice, type: derived, formula: "2 * {high_fines}"}}\n'
    (smallville / "metrics" / "made.yaml").write_text(made, encoding="utf-8")

    _, out, _ = said(smallville, "impact", "cases.fine")

    assert "metric   twice          made of high_fines" in out
    assert "/m/twice" in out


def test_the_same_as_json(said: Said, smallville: Path) -> None:
    _, out, _ = said(smallville, "impact", "cases.due_on", "--json")

    assert json.loads(out)[:3] == [
        {"what": "dataset", "name": "cases", "how": "records: columns", "through": []},
        {"what": "dataset", "name": "cases", "how": "records: public", "through": []},
        {"what": "metric", "name": "closed_by_due_day", "how": "time", "through": []},
    ]


@pytest.mark.parametrize(
    ("column", "said_of_it"),
    [
        ("casse.fine", "unknown-dataset: DATASET.COLUMN\n  = found:    `casse`\n  = expected: a dataset: `cases`\n"),
        ("cases.fines", "unknown-column: DATASET.COLUMN\n  = found:    `fines`\n  = expected: a column: `cases.id`, "),
        ("cases", "unknown-column: DATASET.COLUMN\n  = found:    ``\n"),
    ],
)
def test_what_is_not_declared_is_refused_with_what_is(
    said: Said, smallville: Path, column: str, said_of_it: str
) -> None:
    code, out, err = said(smallville, "impact", column)
    assert (code, out, err.startswith(said_of_it)) == (1, "", True)
