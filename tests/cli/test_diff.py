"""``civicstat diff``: which published numbers the declarations would move."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Said = Callable[..., tuple[int, str, str]]

METRICS = "metrics/departments/town_hall.yaml"


@pytest.fixture
def town(built: Path, tmp_path: Path) -> Path:
    root = tmp_path / "smallville"
    shutil.copytree(built, root)
    return root


def edit(root: Path, old: str, new: str, file: str = METRICS) -> None:
    path = root / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def git(root: Path, *arguments: str) -> None:
    person = {f"GIT_{role}_{part}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    none = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(
        ["git", "-C", str(root), *arguments], check=True, capture_output=True, env={**os.environ, **person, **none}
    )


def test_declarations_that_are_as_published_move_nothing(said: Said, built: Path) -> None:
    assert said(built, "diff", "current", "--exit-code") == (0, "", "totals: none moved; slices: none moved\n")


def test_a_goal_and_a_limit_move_what_they_judge_and_count_and_say_so(said: Said, town: Path) -> None:
    edit(town, "limit: 30 days", "limit: 31 days")
    edit(town, "{target: 3, judge: quarter}", "{target: 2, judge: quarter}")
    published = (town / "data/editions/current").read_text()
    code, out, err = said(town, "diff", "current")
    lines = [" ".join(line.split()) for line in out.splitlines()]

    assert code == 0
    assert err == "totals: 1 restated, 11 settled, 3 judged; slices: 5 restated, 6 settled\n"
    assert "closed_in_30_days 2023-05 restated definition 33.3 % 66.7 % Off track Near" in lines
    assert "open_at_end 2024-Q1 judged definition 4 cases 4 cases Off track Off track" in lines
    assert {line.split()[0] for line in lines[1:]} == {"closed_in_30_days", "open_at_end"}
    assert (town / "data/editions/current").read_text() == published


def test_the_exit_code_tells_a_pipeline_whether_a_published_number_moves(said: Said, town: Path) -> None:
    edition = (town / "data/editions/current").read_text().strip()
    new = "  more: {title: More, dataset: cases, type: simple, measure: sum(fine), unit: dollars}\n"
    edit(town, "metrics:\n  opened:\n", f"metrics:\n{new}\n  opened:\n")
    added = said(town, "diff", edition, "--exit-code")
    edit(town, "limit: 30 days", "limit: 31 days")

    assert added[0] == 0
    assert "new" in added[1]
    assert said(town, "diff", edition, "--exit-code")[0] == 3


def test_a_metric_taken_out_is_gone_and_the_json_is_that_of_compare(said: Said, town: Path) -> None:
    text = (town / METRICS).read_text("utf-8").replace("      - fines\n", "")
    (town / METRICS).write_text(text.partition("  fines:\n")[0], "utf-8")
    code, out, _ = said(town, "diff", "current", "--json")
    body = json.loads(out)

    assert (code, body["after"], body["before"]) == (
        0,
        "declared",
        (town / "data/editions/current").read_text().strip(),
    )
    assert set(body["kinds"]) == {"gone"}
    assert {change["metric"] for change in body["changes"]} == {"fines"}


def test_a_dataset_read_otherwise_is_loaded_aside_and_compared(said: Said, town: Path) -> None:
    edit(
        town,
        "{from: Fine, type: money}",
        "{from: Fine, type: money, missing: '$1,000.00'}",
        "metrics/datasets/cases.yaml",
    )
    code, out, err = said(town, "diff", "current")

    assert code == 0
    assert "fines 2024-02" not in out
    assert [" ".join(line.split()) for line in out.splitlines() if "2024-01 " in line and "fines" in line] == [
        "fines 2024-01 restated definition $1,000 – No goal set No data",
        "high_fines 2024-01 restated definition 100.0 % – No goal set No data",
    ]
    assert err.startswith("cases: its files were loaded as they are today, for they are read otherwise by now\n")


def test_a_revision_of_git_is_what_was_declared_then(said: Said, town: Path) -> None:
    git(town, "init", "-q")
    git(town, "add", "metrics")
    git(town, "commit", "-q", "-m", "As it was")
    edit(town, "limit: 30 days", "limit: 31 days")
    git(town, "commit", "-q", "-a", "-m", "A day more")
    kept = sorted(str(path) for path in (town / "metrics").rglob("*"))
    same, _, told = said(town, "diff", "HEAD")
    code, out, _ = said(town, "diff", "HEAD~1", "--json")
    body = json.loads(out)

    assert (same, told) == (0, "totals: none moved; slices: none moved\n")
    assert (code, body["before"], body["after"], body["causes"]) == (0, "HEAD~1", "declared", {"definition": 11})
    assert {change["metric"] for change in body["changes"]} == {"closed_in_30_days"}
    assert sorted(str(path) for path in (town / "metrics").rglob("*")) == kept


@pytest.mark.parametrize("ref", ["no-such-branch", "HEAD:metrics", "", "2024-04-10-000000000000"])
def test_what_is_no_edition_and_no_revision_is_refused(said: Said, town: Path, ref: str) -> None:
    git(town, "init", "-q")
    git(town, "add", "metrics")
    git(town, "commit", "-q", "-m", "As it was")
    code, out, err = said(town, "diff", ref)

    assert (code, out) == (1, "")
    assert err == (
        f"bad-revision: {ref}\n"
        f"  = found:    `{ref}`, which is neither an edition nor a revision\n"
        "  = expected: `current`, an edition of `civicstat editions list`, or a revision of git\n"
        "\n1 problem\n"
    )


def test_a_folder_that_is_not_under_git_says_so(said: Said, town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(town.parent))
    code, out, err = said(town, "diff", "main")

    assert (code, out) == (1, "")
    assert "  = found:    `main`, which is no edition, in a folder that is not under git\n" in err


def test_a_machine_without_git_says_so(said: Said, town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(town))
    code, _, err = said(town, "diff", "main")

    assert (code, err.splitlines()[1]) == (1, "  = found:    a revision is wanted, and `git` is not installed")


def test_a_revision_that_cannot_be_read_says_where_its_first_fault_stands(said: Said, town: Path) -> None:
    git(town, "init", "-q")
    edit(town, "limit: 30 days", "limit: soon")
    git(town, "add", "metrics")
    git(town, "commit", "-q", "-m", "Wrong")
    edit(town, "limit: soon", "limit: 30 days")
    code, _, err = said(town, "diff", "HEAD")

    assert code == 1
    assert (
        "found:    1 fault in what was declared then, the first `metrics/departments/town_hall.yaml:41: not-a-limit`"
        in err
    )


def test_a_revision_before_there_were_metrics_is_no_project(said: Said, town: Path) -> None:
    git(town, "init", "-q")
    git(town, "add", "data/cases.csv")
    git(town, "commit", "-q", "-m", "Records alone")
    code, _, err = said(town, "diff", "HEAD")

    assert (code, err.splitlines()[1]) == (1, "  = found:    no folder `metrics` at that revision")


def test_an_edition_whose_records_are_gone_cannot_be_compared(said: Said, town: Path) -> None:
    shutil.rmtree(town / "data/segments")
    code, _, err = said(town, "diff", "current")

    assert (code, err.partition(":")[0]) == (2, "rows-gone")


def test_what_is_foretold_is_what_a_build_then_does(said: Said, town: Path) -> None:
    edit(town, "limit: 30 days", "limit: 31 days")
    edit(town, "{target: 3, judge: quarter}", "{target: 4, judge: month}")
    edit(town, "where: age > 60", "where: age > 30")
    edit(town, "{from: Ward, type: text}", "{from: Ward, type: text, map: {2: Two}}", "metrics/datasets/cases.yaml")
    before = (town / "data/editions/current").read_text().strip()
    foretold = json.loads(said(town, "diff", "current", "--json")[1])
    previewed = json.loads(said(town, "preview", "open_at_end", "--period", "2024-01", "--by", "ward", "--json")[1])
    said(town, "build", "--as-of", "2024-04-10")
    after = (town / "data/editions/current").read_text().strip()
    came = json.loads(said(town, "editions", "compare", before, after, "--json")[1])
    value = json.loads(said(town, "value", "open_at_end", "--period", "2024-01", "--by", "ward", "--json")[1])

    assert {**foretold, "after": after} == came
    assert {"restated", "settled", "judged", "new", "gone"} <= {*came["kinds"], *came["slice_kinds"]}
    assert [{name: item[name] for name in item if name != "published"} for item in previewed] == value
