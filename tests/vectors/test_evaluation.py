"""Every case of evaluation_vectors.json: intervals, trials, suppression, targeting, year ends, rounding and ages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest import approx

from civicstat.results import SCORED, Standing, Status, judge
from civicstat.spec import Better, Goal
from civicstat.statistics import (
    age_on,
    age_shown,
    audit_cells,
    behind_percent,
    behind_running_totals,
    calibrate,
    compare_shares,
    holm,
    people_per_arm,
    plan_cells,
    project_year,
    rank_area,
    rate_ratio,
    round_half_up,
    small_cells,
    target,
    target_groups,
    wilson,
)

Given = dict[str, Any]
BETTER: dict[str, Better] = {"increase": "higher", "decrease": "lower"}


def test_every_case_of_evaluation_comes_out_as_published(vectors: Path, subtests: pytest.Subtests) -> None:
    file = vectors / "evaluation_vectors.json"
    if not file.is_file():
        pytest.skip(f"no cases to check against: {file} is not there")
    cases = json.loads(file.read_text("utf-8"))["vectors"]
    assert cases
    for case in cases:
        with subtests.test(case["id"], title=case["title"]):
            found = KINDS[case["kind"]](case["given"])
            assert {name: found[name] for name in case["expected"]} == near(case["expected"])


def near(expected: Any) -> Any:
    """Return what is expected, to be compared as the file says: numbers to a millionth, all else exactly."""
    match expected:
        case dict():
            return {name: near(value) for name, value in expected.items()}
        case list():
            return [near(value) for value in expected]
        case float():
            return approx(expected, abs=1e-6, rel=0)
        case _:
            return expected


def share(given: Given) -> Given:
    found = wilson(given["x"], given["n"], given["confidence"])
    return {"p": given["x"] / given["n"], "lower": found.lower, "upper": found.upper}


def two_shares(given: Given) -> Given:
    found = compare_shares(given["x1"], given["n1"], given["x2"], given["n2"], given["confidence"])
    return {
        "difference": found.difference,
        "newcombe_lower": found.difference_interval.lower,
        "newcombe_upper": found.difference_interval.upper,
        "z": found.z,
        "p_value_z": found.p_z,
        "p_value_fisher": found.p_fisher,
        "risk_ratio": found.ratio,
        "rr_lower": found.ratio_interval and found.ratio_interval.lower,
        "rr_upper": found.ratio_interval and found.ratio_interval.upper,
        "participants": found.participants,
    }


def two_rates(given: Given) -> Given:
    found = rate_ratio(given["x1"], given["t1"], given["x2"], given["t2"], given["confidence"])
    ends = found.interval
    return {"ratio": found.ratio, "lower": ends and ends.lower, "upper": ends and ends.upper}


def plan(given: Given) -> Given:
    table, threshold = given["table"], given["threshold"]
    options = {"margins_published": given["margins_published"], "zero_is_shown": given["zero_is_shown"]}
    found = plan_cells(table, threshold, **options)
    assert found is not None
    assert found.fewest
    assert set(found.primary) <= found.hidden
    assert audit_cells(table, found.hidden, threshold, **options).exposed == ()
    primary = small_cells(table, threshold, zero_is_shown=given["zero_is_shown"])
    return {"primary": [list(cell) for cell in primary], "fewest_hidden": len(found.hidden)}


def audit(given: Given) -> Given:
    hidden = [(row, column) for row, column in given["hidden"]]
    found = audit_cells(given["table"], hidden, given["threshold"], margins_published=given["margins_published"])
    return {
        "intervals": [[list(cell), list(ends)] for cell, ends in found.ranges.items()],
        "exposed": [list(cell) for cell in found.exposed],
    }


def leak(given: Given) -> Given:
    """A small count that follows; a larger one was hidden for the small one's sake alone."""
    recovered: list[Any]
    if "base" in given:
        counts = behind_percent(given["percent_shown"], given["base"])
        recovered = [count for count in counts if len(counts) == 1 and 0 < count < given["threshold"]]
    else:
        found = behind_running_totals(given["published_monthly"], given["published_ytd"])
        recovered = [list(item) for item in found if 0 < item[1] < given["threshold"]]
    return {"leaks": bool(recovered), "recovered": recovered}


def hits(given: Given) -> Given:
    found = target(given["scores"], given["outcomes"], given["k"])
    names = ("precision", "recall", "lift", "base_rate")
    return {"selected": list(found.selected)} | {name: getattr(found, name) for name in names}


def hits_by_group(given: Given) -> Given:
    found = target_groups(given["scores"], given["outcomes"], given["groups"], given["k"])
    names = ("n", "selected", "selection_rate", "precision", "recall", "false_positive_rate")
    return {str(group): {name: getattr(item, name) for name in names} for group, item in found.items()}


def calibration(given: Given) -> Given:
    found = calibrate(given["probabilities"], given["outcomes"], given["edges"])
    names = {"lo": "low", "hi": "high", "n": "n", "mean_pred": "predicted", "observed": "observed"}
    bins = [{theirs: getattr(item, ours) for theirs, ours in names.items()} for item in found.bins]
    return {"bins": bins, "expected_calibration_error": found.error, "brier": found.brier}


def year(given: Given) -> Given:
    earlier = [given["prior_year"]] if given["prior_year"] else []
    found = project_year(given["monthly"], given["goal"], earlier, given["confidence"])
    return {
        "ytd": found.to_date,
        "months_done": found.done,
        "months_left": found.left,
        "straight_line": found.straight_line,
        "lower": found.interval and found.interval.lower,
        "upper": found.interval and found.interval.upper,
        "seasonal_share": found.seasonal_share,
        "seasonal": found.seasonal,
        "needed_per_month": found.needed,
        "pace_vs_needed": found.pace,
    }


def status(given: Given) -> Given:
    """The product's own judgement, of a share as it holds it: 0 to 100."""
    value, goal = 100 * given["value"], Goal(100 * given["target"])
    judged = judge(Standing(value, goal, BETTER[given["direction"]], "percent"))
    assert judged.status in SCORED
    return {
        "shown": f"{round_half_up(value, given['places_percent'])}%",
        "met": judged.status is Status.MET,
    }


def age(given: Given) -> Given:
    years = age_on(date.fromisoformat(given["born"]), date.fromisoformat(given["on"]))
    return {"age": years, "top_coded": age_shown(years)}


KINDS: dict[str, Callable[[Given], Given]] = {
    "wilson": share,
    "two_proportions": two_shares,
    "sample_size": lambda given: {
        "n_per_arm": people_per_arm(given["p1"], given["p2"], given["power"], given["alpha"])
    },
    "holm": lambda given: {"adjusted": holm(given["p_values"])},
    "rate_ratio": two_rates,
    "suppression_plan": plan,
    "suppression_audit": audit,
    "suppression_leak": leak,
    "targeting": hits,
    "targeting_groups": hits_by_group,
    "auc": lambda given: {"auc": rank_area(given["scores"], given["outcomes"])},
    "calibration": calibration,
    "year_end": year,
    "round_half_up": lambda given: {"shown": str(round_half_up(Decimal(given["value"]), given["places"]))},
    "status_before_rounding": status,
    "age_on_date": age,
}
