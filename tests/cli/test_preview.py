"""``civicstat preview``: a metric as it is declared now, over the records that were loaded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from civicstat.cli import main

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def edited(built: Path, tmp_path: Path) -> Callable[[str, str], Path]:
    """Smallville with an edition, in which a word of the metrics is another by now."""

    def edit(old: str, new: str, file: str = "metrics/departments/town_hall.yaml") -> Path:
        root = tmp_path / "smallville"
        if not root.exists():
            shutil.copytree(built, root)
        path = root / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return root

    return edit


Edited = Callable[..., Path]


def test_a_metric_declared_otherwise_is_shown_beside_what_is_published(said: Said, edited: Edited) -> None:
    root = edited("limit: 30 days", "limit: 31 days")
    before = sorted(path.name for path in (root / "data").rglob("*"))
    code, out, err = said(root, "preview", "closed_in_30_days", "--period", "2023-05..2023-06")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "period   value    status  published  was        reason",
        "2023-05  66.7 %   Near    33.3 %     Off track  66.7 % against a goal of at least 75 %: 8.3 points short, "
        "inside the margin called near",
        "2023-06  100.0 %  Met     100.0 %    Met        100.0 % against a goal of at least 75 %: 25.0 points to spare",
    ]
    assert sorted(path.name for path in (root / "data").rglob("*")) == before


def test_without_a_period_the_last_six_are_shown_the_running_one_too(said: Said, built: Path) -> None:
    _, out, _ = said(built, "preview", "opened")

    months = [line.split()[0] for line in out.splitlines()[1:]]
    assert months == ["2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04"]


def test_a_metric_that_was_never_published_can_be_seen_by_member(said: Said, edited: Edited) -> None:
    new = "  big: {title: Big, dataset: cases, type: simple, measure: sum(fine), dimensions: [ward], unit: dollars}\n"
    root = edited("metrics:\n  opened:\n", f"metrics:\n{new}\n  opened:\n")
    code, out, _ = said(root, "preview", "big", "--by", "ward", "--period", "2024-01", "--json")

    assert code == 0
    assert [(item["slice"], item["value"], item["published"]) for item in json.loads(out)] == [
        ({"ward": "1"}, 0, None),
        ({"ward": "2"}, 1000, None),
        ({"ward": "(blank)"}, 0, None),
    ]


def test_records_that_are_read_otherwise_are_loaded_for_it_and_not_published(said: Said, edited: Edited) -> None:
    root = edited("{from: Ward, type: text}", "{from: Ward, type: text, map: {2: Two}}", "metrics/datasets/cases.yaml")
    pointer = (root / "data/editions/current").read_text()
    code, out, err = said(root, "preview", "opened", "--by", "ward", "--period", "2024-03")
    again = said(root, "preview", "opened", "--by", "ward", "--period", "2024-03")

    assert code == 0
    assert [line.split()[:3] for line in out.splitlines()[1:]] == [
        ["2024-03", "1", "1"],
        ["2024-03", "Two", "1"],
        ["2024-03", "(blank)", "0"],
    ]
    assert err == "cases: its files were loaded as they are today, for they are read otherwise by now\n"
    assert again == (0, out, "")
    assert (root / "data/editions/current").read_text() == pointer


def test_what_is_withheld_is_not_shown_by_a_preview(said: Said, edited: Edited) -> None:
    edited("      public: [id, opened, closed, due_on, ward]\n", "", "metrics/datasets/cases.yaml")
    root = edited("fiscal_year:", "privacy: {min_count: 5}\nfiscal_year:", "metrics/city.yaml")
    code, out, _ = said(root, "preview", "closed", "--period", "2023-06", "--json")

    (item,) = json.loads(out)
    assert (code, item["value"], item["n"], item["suppressed"]) == (0, None, None, True)


def test_a_query_that_fails_is_said_and_shown_as_failed(said: Said, edited: Edited) -> None:
    root = edited("where: age > 60", "where: cast(id as integer) > 60")
    code, out, err = said(root, "preview", "open_over_60_days")

    assert (code, "Could not be computed" in out) == (0, True)
    assert err.startswith("warning: metric-failed: metrics.open_over_60_days\n  = found:")


@pytest.mark.parametrize(
    ("words", "code", "starts"),
    [
        (["nothing"], 1, "no-such-metric: METRIC\n"),
        (["opened", "--period", "2031-01"], 1, "no-such-reading: metrics.opened\n"),
        (["opened", "--by", "street"], 1, "no-such-dimension: metrics.opened.dimensions\n"),
        (["opened", "--period", "May"], 1, "bad-period: --period\n"),
    ],
)
def test_what_is_not_there_is_refused(said: Said, built: Path, words: list[str], code: int, starts: str) -> None:
    found = said(built, "preview", *words)
    assert (found[0], found[1], found[2].startswith(starts)) == (code, "", True)


def test_without_an_edition_there_are_no_records_to_preview_over(
    smallville: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--project", str(smallville), "preview", "opened"]) == 2
    assert capsys.readouterr().err.startswith("no-edition: data/editions\n")
