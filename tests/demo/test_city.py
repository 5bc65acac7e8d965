"""The demonstration city's records: the same on every machine, and as untidy as real ones."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from civicstat.editions import Store

pytestmark = pytest.mark.slow

SHA256 = "8aae3226c26a9f83c32a4aeac8042682d481b8502c3d0dd410f89cf481ca4c66"


def test_the_records_are_the_same_bytes_everywhere(demo_project: Path) -> None:
    records = demo_project / "data" / "demo"
    found = hashlib.sha256()
    for path in sorted(records.rglob("*.csv")):
        found.update(path.relative_to(records).as_posix().encode() + b"\0" + path.read_bytes())

    assert found.hexdigest() == SHA256


def test_the_city_shows_every_status_a_reader_may_meet(demo_project: Path) -> None:
    edition = Store(demo_project).current()

    found = {
        item.status.value
        for name, info in edition.catalogue.metrics.items()
        for dimension in ("", *(entry.by for entry in info.dimensions))
        for item in edition.readings(name, dimension=dimension)
    }

    assert found == {
        "met", "on_track", "near", "off_track",
        "informational", "no_goal", "baseline", "provisional", "partial", "too_small", "stale", "no_data", "not_due",
    }  # fmt: skip


def test_every_row_is_loaded_replaced_or_in_quarantine(demo_project: Path) -> None:
    datasets = Store(demo_project).current().catalogue.datasets

    counts = {name: (item.read, item.loaded + item.duplicates + item.quarantined) for name, item in datasets.items()}

    assert all(read == accounted > 0 for read, accounted in counts.values()), counts
    assert all(datasets[name].duplicates > 100 and datasets[name].quarantined > 20 for name in ("calls", "cases"))


def test_no_small_count_of_injuries_reaches_the_public(demo_project: Path) -> None:
    public, office = (Store(demo_project, office=side).current() for side in (False, True))

    small = [
        (item.period, dict(item.slice))
        for name in ("work_injuries", "lost_time_injuries")
        for dimension in ("", *(split.by for split in office.catalogue.metrics[name].dimensions))
        for item in public.readings(name, dimension=dimension)
        if item.value is not None and 0 < item.value < 5
    ]

    assert small == []
    assert any(item.suppressed for item in office.readings("work_injuries", dimension="unit"))


def test_the_backlog_bends_where_the_policy_changed(demo_project: Path) -> None:
    edition = Store(demo_project).current()
    values = {item.period: item.value or 0.0 for item in edition.readings("open_cases", grain="month")}

    assert max(values, key=lambda period: values[period]) == "2025-06"
    assert values["2026-10"] < 0.6 * values["2025-06"]


def test_the_goal_for_long_open_cases_falls_each_month_by_a_twenty_fourth(demo_project: Path) -> None:
    edition = Store(demo_project).current()
    readings = {item.period: item for item in edition.readings("open_over_90_days", grain="month")}

    months = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)][6:22]  # to October 2026
    by_hand = {key: 700 - 200 * (at + 1) / 24 for at, key in enumerate(months)}

    assert {key: readings[key].goal for key in months} == pytest.approx(by_hand)
    for key in months:
        value = readings[key].value
        assert value is not None
        edge = by_hand[key]
        status = "met" if value <= edge else "near" if value <= 1.1 * edge else "off_track"
        assert readings[key].status == status, key
    assert (readings["2025-06"].status, readings["2025-06"].goal) == ("baseline", None)
