"""The JSON Schema takes what the loader takes, refuses what has another shape, and knows a project's names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from civicstat.cli import main
from civicstat.spec import json_schema, load_project

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "metrics").rglob("*.yaml"))
Fits = Callable[..., list[str]]

METRIC = """
metrics:
  late:
    title: Late
    dataset: {dataset}
    type: within
    from: {start}
    to: closed_on
    limit: 5 days
    dimensions: [{by}]
    theme: {theme}
"""


@pytest.fixture(scope="module")
def named() -> dict[str, Any]:
    """The schema with the names of the demonstration city."""
    return json_schema(load_project(ROOT))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_files_of_the_demonstration_city_fit_both_schemas(path: Path, fits: Fits, named: dict[str, Any]) -> None:
    text = path.read_text("utf-8")
    assert (fits(text, json_schema()), fits(text, named)) == ([], [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("metrcs: {}", ".metrcs: not allowed"),
        ("metrics: {a: {type: simple}}", ".metrics.a: no title"),
        ("metrics: {a: {title: A, type: simpel}}", ".metrics.a.type: 'simpel' is none of"),
        ("metrics: {a: {title: A, type: simple, dimension: [b]}}", ".metrics.a.dimension: not allowed"),
        ("metrics: {a: {title: A, type: simple, limit: 5 days}}", ".metrics.a.limit: not allowed"),
        ("metrics: {a: {title: A, type: within, better: more}}", ".metrics.a.better: 'more' is none of"),
        (
            "metrics: {a: {title: A, type: simple, format: {compact: yes}}}",
            ".metrics.a.format.compact: 'yes' is no boolean",
        ),
        ("metrics: {a: {title: A, type: simple, privacy: {min_count: 2}}}", "min_count: 2 is less than 3"),
        ("metrics: {a: {title: A, type: simple, goal: {near: 5%}}}", ".metrics.a.goal: "),
        ("metrics: {a: {title: A, type: simple, spc: {baseline: 11}}}", "baseline: 11 is less than 12"),
        ("metrics: {a: {title: A, type: simple, spc: {rebase: [{on: 2026-01-01, why: A}]}}}", ".metrics.a.spc.rebase"),
        ("metrics: {Pot Holes: {title: A, type: simple}}", "'Pot Holes' is not like"),
        ("datasets: {a: {row: A, source: {file: a.csv}, columns: {b: {type: string}}}}", "'string' is none of"),
        ("departments: {a: {head: Chief}}", ".departments.a: no title"),
    ],
)
def test_what_has_another_shape_does_not_fit(text: str, said: str, fits: Fits) -> None:
    assert said in "\n".join(fits(text, json_schema()))


def test_with_names_an_editor_completes_what_the_project_declares(fits: Fits, named: dict[str, Any]) -> None:
    right = {"dataset": "cases", "start": "opened_on", "by": "district", "theme": "sound_neighborhoods"}
    assert fits(METRIC.format(**right), named) == []

    for key, wrong in (("dataset", "case"), ("start", "district"), ("by", "distrct"), ("theme", "sound")):
        text = METRIC.format(**{**right, key: wrong})
        assert (fits(text, json_schema()), len(fits(text, named)) > 0) == ([], True), key
    assert fits("departments: {a: {title: A, metrics: [open_cases]}}", named) == []
    assert fits("departments: {a: {title: A, metrics: [opencases]}}", named) != []


def test_the_command_prints_the_schema(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--project", str(tmp_path), "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()
    assert main(["--project", str(ROOT), "schema", "--names"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema(load_project(ROOT))


def test_the_names_of_a_project_that_is_wrong_cannot_be_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "city.yaml").write_text("name: A\n", "utf-8")

    assert main(["--project", str(tmp_path), "schema", "--names"]) == 1
    assert "missing-key: city" in capsys.readouterr().err
