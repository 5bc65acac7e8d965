"""A city to count on your fingers: what each number must be stands in ``expected.yaml``, worked out by hand."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from civicstat.editions import Edition, Store, build_edition
from civicstat.spec import load_project

SMALLVILLE = Path(__file__).parents[1] / "fixtures" / "smallville"
EXPECTED: dict[str, Any] = yaml.load((SMALLVILLE / "expected.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
METRICS = sorted(set(EXPECTED) - {"status", "rows"})


@pytest.fixture(scope="module")
def smallville(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    root = tmp_path_factory.mktemp("smallville")
    for part in ("metrics", "data"):
        shutil.copytree(SMALLVILLE / part, root / part)
    build_edition(load_project(root), as_of=date(2024, 4, 10))
    return Store(root).current()


def test_every_metric_is_worked_out_by_hand(smallville: Edition) -> None:
    assert sorted(smallville.catalogue.metrics) == METRICS


@pytest.mark.parametrize("metric", METRICS)
def test_a_number_is_what_the_fingers_say(metric: str, smallville: Edition) -> None:
    expected = {
        (name, period): None if text == "null" else round(float(text), 9)
        for name, values in EXPECTED[metric].items()
        for period, text in values.items()
    }

    found = {}
    for name, period in expected:
        reading = smallville.reading(metric, period, {} if name == "total" else dict([name.split(" ", 1)]))
        assert reading is not None, f"no reading for {name}, {period}"
        found[name, period] = None if reading.value is None else round(reading.value, 9)

    assert found == expected


@pytest.mark.parametrize("metric", METRICS)
def test_every_month_is_worked_out_by_hand(metric: str, smallville: Edition) -> None:
    months = {item.period for item in smallville.readings(metric, grain="month")}

    assert months == {period for period in EXPECTED[metric]["total"] if len(period) == 7 and period[5] != "Q"}


@pytest.mark.parametrize("metric", sorted(EXPECTED["status"]))
def test_a_status_is_what_the_goal_says(metric: str, smallville: Edition) -> None:
    expected = EXPECTED["status"][metric]

    found = {period: smallville.reading(metric, period) for period in expected}

    assert {period: item and item.status.value for period, item in found.items()} == expected


def test_every_row_is_accounted_for(smallville: Edition) -> None:
    cases, rows = smallville.catalogue.datasets["cases"], EXPECTED["rows"]

    assert cases.read == cases.loaded + cases.duplicates + cases.quarantined
    assert (cases.loaded, cases.duplicates) == (int(rows["loaded"]), int(rows["duplicates"]))
    assert cases.quarantined >= int(rows["quarantined_at_least"])
    assert cases.after_as_of == int(rows["after_as_of"])
