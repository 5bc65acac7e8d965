"""What moved since the edition before: on the city's page, beside the number, and in the archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from dash.development.base_component import Component

from civicstat.editions import Change, Changes, Edition
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import archive_page, city_page, metric_page
from civicstat.pages.layouts.moved import moved_value, status_before
from civicstat.results import Status

METRIC = "closed_in_30_days"


def part(page: Component, tree: Any, name: str) -> Component:
    return cast(Component, next(node for node in tree.parts(page, "Section") if tree.get(node, "id") == name))


def test_the_city_says_how_many_numbers_moved_which_goals_crossed_and_what_was_restated(
    changed: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    assert tree.words(part(city_page(changed, asked("/")), tree, "changes")) == (
        "What changed since the last edition "
        "Since the edition of 4 October 2026, with data as of 3 October 2026: 2 numbers restated, 1 settled, "
        "1 judged anew, 2 new, 1 no longer published. "
        "1 goal changed its status "
        "911 calls answered in 10 seconds, busiest hour of the day Met → to Near "
        "Numbers that had been published otherwise "
        "Cases closed within 30 days, August 2026 70.0 % → to 69.9 % records arrived late "
        "Every number that moved, and every edition"
    )


def test_the_first_edition_says_that_there_is_none_before_it(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    said = "There is no earlier edition to compare this one with."

    assert said in tree.words(part(city_page(city, asked("/")), tree, "changes"))
    assert said in tree.words(part(archive_page(city, asked("/archive")), tree, "changes"))


def test_an_edition_in_which_nothing_moved_says_so(changed: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    assert changed.changes
    still = replace(cast(Any, changed), changes=Changes(changed.changes.previous))

    assert tree.words(part(city_page(still, asked("/", "es")), tree, "changes")) == (
        "Qué cambió desde la última edición "
        "Desde la edición del 4 de octubre de 2026, con datos al 3 de octubre de 2026, no cambió ningún número. "
        "Cada número que cambió y todas las ediciones"
    )


def test_the_status_of_then_is_that_of_the_newest_period_that_had_ended(changed: Edition) -> None:
    assert changed.changes
    metrics = changed.catalogue.metrics

    assert status_before(changed, changed.changes, metrics["answered"]) is Status.MET
    assert status_before(changed, changed.changes, metrics[METRIC]) is Status.OFF_TRACK
    assert status_before(changed, changed.changes, metrics["satisfied"]) is Status.NOT_DUE


def test_a_goal_that_is_new_did_not_change_its_status(changed: Edition) -> None:
    assert changed.changes
    info = changed.catalogue.metrics["answered"]
    readings = changed.readings("answered")
    new = tuple(
        Change("answered", item.grain, item.period, {}, "new", None, None, item.value, None, item.status.value)
        for item in readings
    )

    assert status_before(changed, replace(changed.changes, changes=new), info) is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (74.2, 73.9, "74.2 % → to 73.9 %"),
        (74.23, 74.21, "74.23 % → to 74.21 %"),
        (74.2, None, "74.2 % → to no value"),
    ],
)
def test_a_restated_number_shows_as_many_digits_as_it_takes_to_see_the_difference(
    changed: Edition, asked: Callable[..., Ask], tree: Any, before: float, after: float | None, said: str
) -> None:
    info = changed.catalogue.metrics[METRIC]
    change = Change(METRIC, "month", "2026-08", {}, "restated", "late_data", before, after, "off_track", "off_track")

    assert tree.words(moved_value(change, info, asked("/archive"))) == said


def test_a_number_that_is_withheld_is_never_told_by_its_change(
    changed: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    page = archive_page(changed, asked("/archive"))
    row = next(node for node in tree.parts(page, "Tr") if "injured child" in tree.words(node))

    assert tree.words(row) == (
        "Cases with an injured child September 2026 Judged anew withheld Too few to show the definition changed"
    )


def test_the_archive_lists_every_total_that_moved_and_counts_the_rest(
    changed: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    moved = part(archive_page(changed, asked("/archive")), tree, "changes")
    rows = [tree.words(node) for node in tree.parts(moved, "Tr")[1:]]

    assert rows[0] == (
        "Cases closed within 30 days August 2026 Restated 70.0 % → to 69.9 % Off track records arrived late"
    )
    assert [row.split(" 2026 ")[1].split()[0] for row in rows] == [
        "Restated",
        "Restated",
        "Settled",
        "Judged",
        "New",
        "New",
    ]
    assert "1 number of a part (a district, a kind) moved too." in tree.words(moved)


def test_the_archive_keeps_the_log_and_names_every_edition(
    changed: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    page = archive_page(changed, asked("/archive"))

    assert [tree.words(node) for node in tree.parts(part(page, tree, "restated"), "Tr")[1:]] == [
        "Cases closed within 30 days August 2026 70.0 % → to 69.9 % records arrived late 4 Oct 2026 3 Nov 2026"
    ]
    assert [tree.words(node) for node in tree.parts(part(page, tree, "editions"), "Tr")[1:]] == [
        "3 November 2026 (this one) 3 November 2026 1 2026-11-03-abc",
        "4 October 2026 3 October 2026 0 2026-10-03-abc",
    ]


def test_a_number_that_was_restated_says_beside_it_as_what_it_was_published(
    changed: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    def side(**more: Any) -> str:
        page = metric_page(changed, METRIC, asked(f"/m/{METRIC}", **more))
        return str(tree.words(tree.classed(page, "about")))

    said = "Published before as 70.0 % on 4 October 2026, restated on 3 November 2026: records arrived late."
    assert said in side(period="2026-08")
    assert "Published before" not in side(period="2026-09")
    assert "Published before" not in side(period="2026-08", by="district", member="4")
