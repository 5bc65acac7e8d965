"""Every case of spc_vectors.json: limits, the rule of each point, its type, and both icons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest import approx

from civicstat.statistics import Method, read_behaviour

NAMES = {"mean": "mean", "mean_mr": "mean_mr", "lpl": "lower", "upl": "upper"}
NEAR = {"near_lower": "near_lower", "near_upper": "near_upper", "screened_mrs": "screened", "start": "start"}


def test_every_case_of_a_process_behaviour_chart_comes_out_as_published(
    vectors: Path, subtests: pytest.Subtests
) -> None:
    file = vectors / "spc_vectors.json"
    if not file.is_file():
        pytest.skip(f"no cases to check against: {file} is not there")
    cases = json.loads(file.read_text("utf-8"))["vectors"]
    assert cases
    for case in cases:
        with subtests.test(case["id"], title=case["title"]):
            assert told(case) == case["expected"] | {"segments": [close(item) for item in case["expected"]["segments"]]}


def told(case: dict[str, Any]) -> dict[str, Any]:
    """Return what the product makes of a case, in the words of the file."""
    options = case["options"]
    found = read_behaviour(
        case["series"],
        direction=options["improvement_direction"],
        target=options["target"],
        rebase_at=options["rebase_at"],
        baseline=options["baseline_n"],
        method=Method(
            screen=options["screen_outliers"],
            shift=options["shift_points"],
            trend=options["trend_points"],
            two_of_three=options["two_of_three"],
        ),
    )
    segments = [
        {theirs: getattr(item, ours) for theirs, ours in (NAMES | NEAR).items()}
        | {"end": item.end, "n": item.end - item.start + 1}
        for item in found.segments
    ]
    return {
        "segments": segments,
        "rules": list(found.rules),
        "point_types": [found.kind(at) for at in range(len(found.rules))],
        "variation_icon": found.variation,
        "assurance_icon": found.assurance,
    }


def close(segment: dict[str, Any]) -> Any:
    """Return a segment as the file asks for it to be compared: to a millionth."""
    return {
        name: value if value is None or isinstance(value, int) else approx(value, rel=1e-6, abs=1e-6)
        for name, value in segment.items()
    }
