"""The data pages and the guide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from civicstat.editions import Edition
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import data_page, dataset_page, help_page, not_found_page
from civicstat.results import Status


def test_the_list_of_datasets_says_how_far_each_reaches(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    page = data_page(city, asked("/data"))

    assert tree.words(tree.parts(page, "Tbody")) == "Code enforcement cases 31 October 2026 20,061 27 1"


def test_every_row_read_is_accounted_for(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    page = dataset_page(city, "cases", asked("/data/cases"))

    assert tree.words(tree.classed(page, "sum")) == "20,140 read = 20,061 loaded + 52 duplicates + 27 quarantined"


def test_a_dataset_says_whose_it_is_and_shows_its_quarantine_checks_and_columns(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    page = dataset_page(city, "cases", asked("/data/cases"))

    assert tree.words(tree.classed(page, "facts")) == (
        "Owner Director of code enforcement From 3 January 2022 Complete through 31 October 2026 As of 3 November 2026 "
        "Loaded 3 November 2026 Key case_id License CC0-1.0"
    )
    assert [tree.words(body) for body in tree.parts(page, "Tbody")] == [
        "Not a date 19 A required value is missing 8",
        "district Empty 310 district “N/A” means no value 12 kind Not in the recoding, kept as found 3",
        "closed_on is null or closed_on >= opened_on It is counted and shown 12",
        "case_id Text Everybody opened_on Day When it was opened Everybody owner_name Text Staff, sensitive",
    ]


def test_a_dataset_made_of_others_leads_to_them_and_speaks_of_no_files(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    cases = city.catalogue.datasets["cases"]
    made = replace(cases, name="repeats", made_of=("cases", "kept_inside"), files=0, no_date=0, after_as_of=0)
    datasets = {**city.catalogue.datasets, "repeats": made}
    edition = cast(Edition, replace(cast(Any, city), catalogue=replace(city.catalogue, datasets=datasets)))

    page = dataset_page(edition, "repeats", asked("/data/repeats"))

    assert "Made of Code enforcement cases From" in tree.words(tree.classed(page, "facts"))
    assert [link.href for link in tree.parts(tree.classed(page, "facts"), "A")] == ["/data/cases"]
    assert "file" not in tree.words(tree.classed(page, "section")[0])


def test_a_dataset_says_how_often_news_is_expected_and_since_when_it_is_late(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    info = replace(city.catalogue.datasets["cases"], every="month", sensitivity="internal", late=True)
    edition = cast(Edition, replace(cast(Any, city), catalogue=replace(city.catalogue, datasets={"cases": info})))
    english, spanish = (dataset_page(edition, "cases", asked("/data/cases", lang)) for lang in ("en", "es"))

    assert "Expected every month" in tree.words(tree.classed(english, "facts"))
    assert tree.words(tree.classed(english, "facts")).endswith("Sensitivity Internal")
    assert "Se espera cada mes" in tree.words(tree.classed(spanish, "facts"))
    assert tree.words(tree.classed(english, "alert--info")) == (
        "New records are late There has been no news since 3 November 2026, longer than the city expects."
    )
    assert tree.classed(dataset_page(city, "cases", asked("/data/cases")), "alert") == []


def test_the_guide_explains_every_status_with_its_shape(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    page = help_page(city, asked("/help"))
    rows = tree.parts(tree.parts(page, "Tbody")[0], "Tr")

    assert len(rows) == len(Status) + 1  # too few to compare is no status of its own
    assert all(len(tree.parts(row, "Markup")) == 1 for row in rows)
    assert tree.words(rows[2]) == "Near The goal was missed by a little: the city set this margin in advance."


def test_the_guide_says_whom_to_ask(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    contact = next(
        item for item in tree.parts(help_page(city, asked("/help")), "Section") if tree.get(item, "id") == "contact"
    )

    assert tree.words(contact) == (
        "Ask, or report an error Office of Performance wants to know what you found, and on which page: "
        "performance@riverbend.example ."
    )
    assert [tree.get(item, "href") for item in tree.parts(contact, "A")] == ["mailto:performance@riverbend.example"]


def test_an_address_without_a_page_offers_every_department(city: Edition, asked: Callable[..., Ask], tree: Any) -> None:
    page = not_found_page(city, asked("/nowhere", "es"))

    assert [(tree.words(item), tree.get(item, "href")) for item in tree.parts(tree.classed(page, "bullets"), "A")] == [
        ("Ir a la página de la ciudad", "/es/"),
        ("Normas de Vivienda", "/es/d/code"),
        ("Centro 911", "/es/d/calls"),
        ("Parques", "/es/d/parks"),
    ]
