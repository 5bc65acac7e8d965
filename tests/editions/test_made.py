"""Metrics made of metrics in an edition: what the public gets of them, what opens, and why they moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from civicstat.editions import Edition, Store, build_edition, explain_metric
from civicstat.editions.folder import Folder
from civicstat.editions.tables import USED, insert_many, used_rows
from civicstat.editions.verify import verify_public
from civicstat.errors import CivicstatError, EditionError
from civicstat.spec import load_project
from civicstat.warehouse import open_writer

MADE = """
  patients_a_visit: {title: Twice, type: derived, formula: "2 * {visits}"}
  by_clinic: {title: By clinic, type: share, metric: visits, of: total}
"""
PRIVATE = "privacy: {min_count: 4}\n"
AS_OF = date(2026, 3, 31)

Write = Callable[..., Path]


def visits(*months: int, south: int = 0) -> str:
    """Rows of the clinic in the north on the first days of months, and some of January in the south."""
    lines = ["Id,Came,Clinic,Kind,Patient"]
    for month, count in enumerate(months, start=1):
        lines += [f"{month}-{number},2026-{month:02}-{1 + number % 27:02},North,1,A" for number in range(count)]
    lines += [f"s{number},2026-01-02,South,1,B" for number in range(south)]
    return "\n".join(lines)


def built(root: Path, as_of: date = AS_OF, *, office: bool = True) -> Edition:
    build_edition(load_project(root), as_of=as_of)
    return Store(root, office=office).current()


def test_both_files_hold_the_numbers_and_what_they_are_made_of(tinytown: Write) -> None:
    root = tinytown(more=MADE, visits=visits(9, 6, 3, south=3))
    for edition in (built(root), Store(root, office=False).current()):
        reading = edition.reading("by_clinic", "2026-01", {"clinic": "South"})
        assert reading is not None
        [used] = edition.used([reading])

        assert (reading.value, reading.numerator, reading.denominator, reading.n) == (25, 3, 12, None)
        assert [(item.name, item.metric, dict(item.slice), item.value) for item in used] == [
            ("part", "visits", {"clinic": "South"}, 3),
            ("whole", "visits", {}, 12),
        ]
        assert not edition.opens("by_clinic", {})
        assert edition.catalogue.metrics["by_clinic"].made_of == ("visits",)
        assert edition.catalogue.metrics["by_clinic"].datasets == ("visits",)
        assert "by_clinic" in edition.catalogue.datasets["visits"].metrics


def test_what_is_made_of_a_withheld_number_is_withheld_with_what_it_is_made_of(tinytown: Write) -> None:
    root = tinytown(city="name: T\ntime_zone: UTC\n" + PRIVATE, more=MADE, visits=visits(9, 6, 5, south=3))
    office, public = built(root), Store(root, office=False).current()
    totals = {item.period for item in office.readings("visits") if item.suppressed}
    parts = {
        (item.period, *item.slice.values()) for item in office.readings("visits", dimension="clinic") if item.suppressed
    }

    assert len(parts) > 3
    for name in ("patients_a_visit", "by_clinic"):
        for item in public.readings(name, dimension="clinic"):
            hidden = (item.period, *item.slice.values()) in parts or (name == "by_clinic" and item.period in totals)
            told = (item.value, item.numerator, item.denominator, item.n, *public.used([item])[0])
            assert item.suppressed == hidden
            assert not hidden or told == (None, None, None, None)
    assert public.catalogue.metrics["by_clinic"].min_count == 4


def test_an_edition_that_would_tell_a_withheld_number_is_not_published(tinytown: Write) -> None:
    root = tinytown(city="name: T\ntime_zone: UTC\n" + PRIVATE, more=MADE, visits=visits(9, 6, 5, south=3))
    office = built(root)
    path = root / "data" / "editions" / office.id / "public.duckdb"
    reading = office.reading("by_clinic", "2026-01", {"clinic": "South"})
    assert reading is not None
    told = reading._replace(used=tuple(office.used([reading._replace(suppressed=False)])[0]))
    copy = root / "told.duckdb"
    copy.write_bytes(path.read_bytes())
    engine = open_writer(copy)
    with engine.begin() as connection:
        insert_many(connection, USED, used_rows(told))
    engine.dispose()

    verify_public(path, load_project(root), Folder(root), {})
    with pytest.raises(EditionError, match="numbers that are published themselves"):
        verify_public(copy, load_project(root), Folder(root), {})


def test_a_made_number_moved_for_the_reason_for_which_those_it_is_made_of_moved(tinytown: Write) -> None:
    root = tinytown(more=MADE, visits=visits(9, 6, 3))
    built(root)
    tinytown(more=MADE, visits=visits(9, 7, 3))
    late = built(root, date(2026, 4, 1)).changes
    tinytown(more=MADE.replace("2 *", "3 *"), visits=visits(9, 7, 3))
    declared = built(root, date(2026, 4, 2)).changes
    assert late is not None
    assert declared is not None

    moved = {(item.metric, item.period): item.cause for item in late.changes if not item.slice}
    assert moved["patients_a_visit", "2026-02"] == moved["visits", "2026-02"] == "late_data"
    assert {item.metric: item.cause for item in declared.changes} == {"patients_a_visit": "definition"}


def test_a_metric_that_another_is_made_of_is_part_of_its_definition(tinytown: Write) -> None:
    root = tinytown(more=MADE, visits=visits(9, 6, 3))
    built(root)
    other = MADE + "  north: {title: N, dataset: visits, type: simple, measure: count(*), unit: visits}\n"
    tinytown(more=other.replace("2 * {visits}", "2 * {north}"), visits=visits(9, 6, 3))
    root = tinytown(more=other.replace("metric: visits", "metric: north"), visits=visits(9, 6, 3))

    changes = built(root, date(2026, 4, 1)).changes

    assert changes is not None
    assert {item.cause for item in changes.changes if item.metric == "by_clinic" and item.kind == "gone"} <= {
        "definition"
    }


def test_a_failing_metric_takes_what_is_made_of_it_along(tinytown: Write) -> None:
    bad = '  bad: {title: Bad, dataset: visits, type: simple, measure: "sum(cast(kind as number))", unit: a}\n'
    root = tinytown(
        more=MADE + bad + '  worse: {title: Worse, type: derived, formula: "{bad} / 2"}\n',
        visits="Id,Came,Clinic,Kind,Patient\n1,2026-01-02,North,a,A",
    )
    edition = built(root)

    assert set(edition.manifest["failed"]) == {"bad", "worse"}
    assert edition.catalogue.metrics["worse"].error is not None
    assert edition.catalogue.metrics["visits"].error is None


def test_a_metric_made_of_others_is_explained_with_their_queries(tinytown: Write) -> None:
    project = load_project(tinytown(more=MADE))

    found: Any = explain_metric(project.metrics["by_clinic"], project, AS_OF)

    assert found.counted["en"][0] == "Each part of “Visits” out of its total in the same period."
    assert found.sql.startswith("-- visits\n")
    assert found.sql.endswith("-- by_clinic = 100 * {visits} / ({visits} in total)")


def test_numbers_are_made_anew_of_those_that_are_taken_from_the_edition_before(tinytown: Write) -> None:
    root = tinytown(more=MADE, visits=visits(9, 6, 3, south=3))
    before = built(root)
    tinytown(more=MADE, visits=visits(9, 6, 4, south=3))
    after = built(root, date(2026, 4, 1))

    assert after.manifest["taken"]["periods"] > 1
    one, other = (edition.readings("by_clinic", period="2026-01", dimension="clinic") for edition in (before, after))
    assert one == other
    assert before.used(one) == after.used(other) != [[], []]
    march = after.reading("by_clinic", "2026-Q1", {"clinic": "South"})
    assert march is not None
    assert march.value == pytest.approx(300 / 22)


def test_the_rows_of_a_made_number_are_those_of_what_it_is_made_of(tinytown: Write) -> None:
    edition = built(tinytown(more=MADE, visits=visits(9, 6, 3)))

    with pytest.raises(CivicstatError, match="a metric it is made of: `visits`"):
        edition.rows("by_clinic", "2026-01")
