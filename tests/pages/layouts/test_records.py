"""The tab with the records behind a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

import pytest
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.errors import EditionError, Fault
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import metric_page
from civicstat.pages.layouts.records import cell_text

METRIC = "closed_in_30_days"
Draw = Callable[..., Component]


def test_the_rows_counted_are_listed_with_the_side_each_is_on(drawn: Draw, tree: Any) -> None:
    page = drawn(tab="rows")
    rows = tree.parts(tree.parts(page, "Tbody")[0], "Tr")

    assert len(rows) == 50
    assert tree.words(tree.parts(page, "Thead")) == "Case id Opened on Kind Counts as reached"
    assert [tree.words(row) for row in rows[:2]] == [
        "CE-2026-1000 1 Oct 2026 No",
        "CE-2026-1001 1 Oct 2026 Overgrown lot, rubbish Yes",
    ]
    assert [tree.get(item, "href") for item in tree.parts(tree.classed(page, "pages"), "A")] == [
        f"/m/{METRIC}?tab=rows&after=50"
    ]


def test_a_later_page_of_rows_leads_back_to_the_first(drawn: Draw, tree: Any) -> None:
    links = tree.parts(tree.classed(drawn(tab="rows", after=50), "pages"), "A")

    assert tree.words(links) == "Next records Back to the first records"


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "permits",
            {},
            "These records are not public: the city has not listed any of their columns as fit to publish.",
        ),
        ("permits", {"min_count": 5}, "These records are not public. Small counts of this number are withheld"),
    ],
)
def test_rows_that_are_not_public_say_why(
    city: Edition, asked: Callable[..., Ask], tree: Any, name: str, change: dict[str, Any], said: str
) -> None:
    metrics = {**city.catalogue.metrics, name: replace(city.catalogue.metrics[name], **change)}
    edition = cast(Edition, replace(cast(Any, city), catalogue=replace(city.catalogue, metrics=metrics)))

    page = metric_page(edition, name, asked(f"/m/{name}", tab="rows"))

    assert tree.words(tree.classed(page, "empty")).startswith(said)


def test_the_rows_of_a_withheld_number_are_withheld_too(drawn: Draw, tree: Any) -> None:
    page = drawn(tab="rows", by="district", member="(blank)")

    assert tree.words(tree.classed(page, "empty")) == (
        "This number is withheld so that nobody can be recognized in it, and so are its records."
    )
    assert tree.words(tree.parts(tree.classed(page, "tabs"), "A")[2]) == "The records"


def test_rows_that_are_no_longer_kept_leave_the_number_and_say_so(
    city: Edition, drawn: Draw, tree: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(*_: Any, **__: Any) -> None:
        raise EditionError(Fault("rows-gone", "records of cases", "records that are no longer kept for this edition"))

    monkeypatch.setattr(type(city), "rows", rows)

    assert tree.words(tree.classed(drawn(tab="rows"), "empty")) == (
        "The number is kept for good, but the records behind it are no longer kept for this edition."
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (True, "Yes"),
        (1284, "1,284"),
        (2.0, "2"),
        (2.5, "2.50"),
        (date(2026, 3, 9), "9 Mar 2026"),
        (datetime(2026, 3, 9, 7, 4), "9 Mar 2026, 07:04"),  # noqa: DTZ001 - local to the city
        ("12 Elm <b>", "12 Elm <b>"),
    ],
)
def test_a_value_of_a_record_is_printed_as_people_read_it(value: Any, said: str, asked: Callable[..., Ask]) -> None:
    assert cell_text(value, asked("/")) == said


def test_in_a_column_with_seconds_a_full_minute_has_them_too(asked: Callable[..., Ask]) -> None:
    full, exact = datetime(2026, 3, 9, 7, 4), datetime(2026, 3, 9, 7, 4, 9)  # noqa: DTZ001 - local to the city

    assert cell_text(full, asked("/"), seconds=True) == "9 Mar 2026, 07:04:00"
    assert cell_text(exact, asked("/")) == "9 Mar 2026, 07:04:09"
