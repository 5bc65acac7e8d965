"""``civicstat editions compare`` and ``prune``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from civicstat.cli import main

Said = Callable[..., tuple[int, str, str]]
LATE = "S99,2023-05-04,2023-05-05,2023-06-03,1,,2023-05-05"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smallville with two editions, the second of which has a case that came late."""
    root = tmp_path_factory.mktemp("two") / "smallville"
    shutil.copytree(Path(__file__).parents[1] / "fixtures" / "smallville", root)
    main(["--project", str(root), "build", "--as-of", "2024-04-10"])
    with (root / "data/cases.csv").open("a", encoding="utf-8") as file:
        file.write(f"{LATE}\n")
    main(["--project", str(root), "build", "--as-of", "2024-04-11"])
    return root


def ids(root: Path) -> list[str]:
    return sorted(item.name for item in (root / "data/editions").glob("2024-*"))


def test_compare_prints_every_number_that_moved_and_why(said: Said, two: Path) -> None:
    code, out, err = said(two, "editions", "compare", *ids(two))
    lines = out.splitlines()

    assert (code, err) == (0, "totals: 9 restated, 21 settled; slices: 3 restated, 9 settled\n")
    assert " ".join(lines[0].split()) == "metric period slice what cause before after status before status after"
    assert [line for line in lines if "2023-05 " in line and "closed_in" in line] == [
        "closed_in_30_days  2023-05            restated  late data  33.3 %     50.0 %     Off track         Off track",
        "closed_in_30_days  2023-05    ward=1  restated  late data  50.0 %     66.7 %     Off track         Near",
    ]
    assert len(lines) == 1 + 9 + 21 + 3 + 9


def test_compare_prints_the_same_as_json_unrounded(said: Said, two: Path) -> None:
    first, second = ids(two)
    code, out, _ = said(two, "editions", "compare", first, second, "--json")
    body = json.loads(out)

    assert (code, body["before"], body["after"]) == (0, first, second)
    assert (body["kinds"], body["causes"]) == ({"restated": 9, "settled": 21}, {"late_data": 30})
    changes = {(item["metric"], item["period"]): item for item in body["changes"] if not item["slice"]}
    assert changes["closed_in_30_days", "2023-05"] == {
        "metric": "closed_in_30_days",
        "grain": "month",
        "period": "2023-05",
        "slice": {},
        "kind": "restated",
        "cause": "late_data",
        "before": pytest.approx(100 / 3),
        "after": 50.0,
        "before_status": "off_track",
        "after_status": "off_track",
        "before_n": 3,
        "after_n": 4,
        "also": [],
    }


def test_the_other_way_round_what_came_late_is_gone(said: Said, two: Path) -> None:
    _, out, _ = said(two, "editions", "compare", *reversed(ids(two)), "--json")

    assert json.loads(out)["causes"] == {"correction": 30}


def test_two_equal_editions_have_nothing_that_moved(said: Said, two: Path) -> None:
    first, _ = ids(two)

    assert said(two, "editions", "compare", first, first) == (0, "", "totals: none moved; slices: none moved\n")


def test_compare_names_the_editions_there_are(said: Said, two: Path) -> None:
    code, out, err = said(two, "editions", "compare", ids(two)[0], "2020-01-01-000000000000")

    assert (code, out) == (2, "")
    assert err.startswith("no-such-edition: data/editions\n  = found:    `2020-01-01-000000000000`\n")


@pytest.mark.parametrize(
    ("words", "found", "expected"),
    [
        (("list", "--json"), "`list --json`", "`compare --json`"),
        (("compare", "A", "B", "--keep", "3"), "`compare --keep`", "`prune --keep`"),
        (("prune", "--json"), "`prune --json`", "`compare --json`"),
    ],
)
def test_an_option_of_another_action_is_refused(
    said: Said, two: Path, words: tuple[str, ...], found: str, expected: str
) -> None:
    code, out, err = said(two, "editions", *words)

    assert (code, out) == (1, "")
    assert err.startswith(f"usage: civicstat editions\n  = found:    {found}\n  = expected: {expected}\n")


@pytest.mark.parametrize("count", ["0", "-1", "many", "1.5"])
def test_at_least_one_edition_keeps_its_records(said: Said, two: Path, count: str) -> None:
    code, out, err = said(two, "editions", "prune", f"--keep={count}")

    assert (code, out) == (1, "")
    assert f"`{count}` is not a number of editions, at least 1" in err


def test_prune_says_what_it_removes_and_which_records_can_no_longer_be_opened(
    said: Said, two: Path, tmp_path: Path
) -> None:
    root = tmp_path / "smallville"
    shutil.copytree(two, root)
    first, _ = ids(root)
    tried = said(root, "editions", "prune", "--keep", "1", "--dry-run")
    done = said(root, "editions", "prune", "--keep", "1")
    again = said(root, "editions", "prune", "--keep", "1")

    assert tried[:2] == done[:2]
    assert tried[2] == done[2].replace("removed", "would remove")
    assert done[2].splitlines()[1:] == [f"{first}: its numbers stay, its records can no longer be opened"]
    assert done[1].splitlines()[0].split() == ["file", "bytes"]
    assert again == (0, "", "removed 0 files, 0 bytes; 1 edition with their records\n")
