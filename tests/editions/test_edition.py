from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from civicstat.editions import Edition, Store
from civicstat.errors import CivicstatError

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]


@pytest.fixture
def public(built: Path) -> Edition:
    return Store(built).current()


@pytest.mark.parametrize("office", [False, True])
def test_every_reading_opens_to_exactly_as_many_rows_as_it_counted(built: Path, office: bool) -> None:
    edition = Store(built, office=office).current()
    differing, looked_at = [], 0
    for info in edition.catalogue.metrics.values():
        for dimension in ("", *(item.by for item in info.dimensions)):
            for reading in edition.readings(info.name, dimension=dimension):
                if edition.opens(info.name, reading.slice):
                    page = edition.rows(info.name, reading.period, reading.slice, limit=100)
                    looked_at += 1
                    if not len(page.rows) == len(page.hits) == page.total == reading.n:
                        differing.append((info.name, reading.period, dict(reading.slice), len(page.rows), reading.n))

    assert differing == []
    assert looked_at == 450


def test_readings_come_in_order_of_time_and_as_asked_for(public: Edition) -> None:
    months = public.readings("opened", grain="month", first=date(2023, 6, 30), last=date(2023, 8, 1))
    wards = public.readings("opened", period="2023-06", dimension="ward")

    assert [(item.period, item.value) for item in months] == [("2023-06", 3.0), ("2023-07", 2.0), ("2023-08", 1.0)]
    assert [(dict(item.slice), item.value) for item in wards] == [
        ({"ward": "1"}, 1.0),
        ({"ward": "2"}, 1.0),
        ({"ward": "(blank)"}, 1.0),
    ]
    assert public.reading("opened", "2023-06", {"ward": "(blank)"}) == wards[2]
    assert public.reading("opened", "1999-01") is None


def test_rows_come_in_pages_in_the_order_of_the_records(public: Edition) -> None:
    first = public.rows("opened", "2023-05", limit=2)
    second = public.rows("opened", "2023-05", after=first.next, limit=2)

    assert first.columns == ("id", "opened", "closed", "due_on", "ward")
    assert [row[0] for row in (*first.rows, *second.rows)] == ["S01", "S02", "S03"]
    assert first.rows[0] == ("S01", date(2023, 5, 3), date(2023, 6, 2), date(2023, 6, 2), "1")
    assert (first.total, second.total, second.next) == (3, 3, None)


def test_the_rows_of_a_share_say_which_are_in_its_numerator(public: Edition) -> None:
    page = public.rows("closed_in_30_days", "2023-05")

    assert [(row[0], hit) for row, hit in zip(page.rows, page.hits, strict=True)] == [
        ("S01", True),
        ("S02", False),
        ("S03", False),
    ]


def test_the_rows_of_a_stock_by_age_are_those_of_the_end_of_the_period(built: Path) -> None:
    edition = Store(built).current()
    open_rows = {
        period: [row[0] for row in edition.rows("open_over_60_days", period).rows]
        for period in ("2023-07", "2023-08", "2024-03", "2024-04", "2024-Q1", "all")
    }

    assert open_rows == {
        "2023-07": ["S03"],
        "2023-08": ["S03"],
        "2024-03": ["S03", "S10"],
        "2024-04": ["S03", "S10"],
        "2024-Q1": ["S03", "S10"],
        "all": ["S03", "S10"],
    }


def test_a_slice_by_a_column_that_is_not_public_is_not_opened_in_public(tinytown: Write, build: Build) -> None:
    root = tinytown(dataset_records="    records: {columns: [id, came_on, clinic], public: [id, came_on]}\n")
    build(root)
    public, office = Store(root).current(), Store(root, office=True).current()

    assert (public.opens("visits"), public.opens("visits", {"clinic": "North"})) == (True, False)
    with pytest.raises(CivicstatError) as raised:
        public.rows("visits", "2026-01", {"clinic": "North"})
    assert raised.value.faults[0].code == "rows-not-open"
    assert office.rows("visits", "2026-01", {"clinic": "North"}, limit=1).columns == ("id", "came_on", "clinic")


def test_the_catalogue_tells_what_a_page_needs(public: Edition) -> None:
    info = public.catalogue.metrics["closed_in_30_days"]
    dataset = public.catalogue.datasets["cases"]

    assert (info.last, info.decimals, info.departments, info.rows) == ("2024-03", 1, ("town_hall",), True)
    assert info.dimensions[0].members == ("1", "2", "(blank)")
    assert info.counted["en"] == (
        "By month, from the date in “opened”.",
        "In time: from “opened” to “closed” in 30 days or less.",
        "A record still open is late once its limit has passed; before that it is left out.",
        "Records that end before they start are set aside.",
    )
    assert info.counted.keys() == {"en"}
    assert (dataset.read, dataset.loaded, dataset.duplicates, dataset.quarantined) == (22, 19, 1, 2)
    assert (dataset.as_of, dataset.first, dataset.complete_through, dataset.after_as_of) == (
        "2024-04-10",
        "2023-05-03",
        "2024-04-10",
        1,
    )
    assert public.calendar.parse("FY2024").start == date(2023, 7, 1)
