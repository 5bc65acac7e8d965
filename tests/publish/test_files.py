"""Downloads, over the demonstration city: what a page shows, a file holds, and no more."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicstat.editions import Edition, Store
from civicstat.pages import create_app
from civicstat.publish import download


@pytest.fixture(scope="module")
def city(demo_project: Path) -> FlaskClient:
    server: Flask = create_app(demo_project).server
    return server.test_client()


@pytest.fixture(scope="module")
def edition(demo_project: Path) -> Edition:
    return Store(demo_project).current()


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(f"/api/v1/metrics/{address}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_a_file_holds_every_period_unless_one_is_asked_for(city: FlaskClient, edition: Edition) -> None:
    held = edition.readings("open_cases", grain="month")

    assert [row["period"] for row in table(city, "open_cases.csv")] == [item.period for item in held]
    assert [row["period"] for row in table(city, "open_cases.csv?period=2026-09")] == ["2026-09"]


def test_the_three_forms_hold_the_same_numbers(city: FlaskClient) -> None:
    lines = table(city, "open_cases.csv?by=district")
    told = json.loads(city.get("/api/v1/metrics/open_cases.json?by=district").text)["readings"]
    book = city.get("/api/v1/metrics/open_cases.xlsx?by=district").data
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        leaf = packed.read("xl/worksheets/sheet1.xml").decode()

    assert [(row["period"], row["district"]) for row in lines] == [
        (item["period"], item["slice"]["district"]) for item in told
    ]
    assert [row["value"] for row in lines] == ["" if item["value"] is None else str(item["value"]) for item in told]
    assert leaf.count("<row ") == len(lines) + 1


def test_a_withheld_number_is_an_empty_cell_that_says_why(city: FlaskClient, edition: Edition) -> None:
    hidden = [
        (name, dimension.by)
        for name, info in edition.catalogue.metrics.items()
        for dimension in info.dimensions
        if any(item.suppressed for item in edition.readings(name, grain=info.period, dimension=dimension.by))
    ]
    name, by = hidden[0]

    rows = [row for row in table(city, f"{name}.csv?by={by}") if row["suppressed"] == "true"]

    assert rows
    for row in rows:
        assert [row[cell] for cell in ("value", "numerator", "denominator", "n")] == ["", "", "", ""]
        assert row["status"] == "too_small"
        assert row["reason"]


def test_the_rows_of_a_number_are_as_many_as_it_says(city: FlaskClient, edition: Edition) -> None:
    reading = next(item for item in edition.readings("open_cases", grain="month", dimension="district") if item.n)
    member = reading.slice["district"]

    rows = table(city, f"open_cases/rows.csv?period={reading.period}&by=district&member={member}")

    assert len(rows) == reading.n


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("nothing.csv", 404, "no-such-metric"),
        ("open_cases.csv?period=soon", 400, "bad-period"),
        ("open_cases.csv?by=colour", 400, "no-such-dimension"),
        ("open_cases/rows.csv?period=2026-08..2026-09", 404, "no-such-reading"),
        ("open_cases/rows.csv?period=2026-09&by=district&member=Atlantis", 404, "no-such-reading"),
        ("open_cases/rows.csv?period=2026-09&by=district", 400, "bad-request"),
        ("open_cases.csv?period=" + "9" * 300, 400, "bad-request"),
    ],
)
def test_what_cannot_be_downloaded_is_refused_by_name(city: FlaskClient, address: str, status: int, code: str) -> None:
    answer: Any = city.get(f"/api/v1/metrics/{address}")

    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def test_rows_that_are_not_public_are_not_downloaded(city: FlaskClient, edition: Edition) -> None:
    closed = next(name for name, info in edition.catalogue.metrics.items() if info.last and not edition.opens(name))
    period = edition.catalogue.metrics[closed].last

    answer: Any = city.get(f"/api/v1/metrics/{closed}/rows.csv?period={period}")

    assert (answer.status_code, answer.json["error"]["code"]) == (404, "rows-not-open")


def test_a_download_has_a_bound(city: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civicstat.publish.files.MOST_ROWS", 10)

    answer: Any = city.get("/api/v1/metrics/open_cases/rows.csv?period=2026-09")

    assert download.MOST_ROWS == 100_000
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too-many")


def test_the_name_of_a_file_says_what_is_in_it(city: FlaskClient) -> None:
    answer = city.get("/api/v1/metrics/open_cases.csv?by=district&period=2026-09")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="open_cases-district-2026-09.csv"'


def test_a_file_speaks_the_language_asked_for(city: FlaskClient) -> None:
    spanish = city.get("/api/v1/metrics/open_cases.json?period=2026-09&lang=es").json["about"]["title"]  # type: ignore[index]
    other = city.get("/api/v1/metrics/open_cases.json?period=2026-09&lang=xx").json["about"]["title"]  # type: ignore[index]

    assert spanish != other == "Cases open at the end of the month"


def test_nothing_is_judged_in_a_period_that_ended_before_its_goal_was_set(city: FlaskClient, edition: Edition) -> None:
    goal = edition.catalogue.metrics["open_cases"].goal
    assert goal is not None
    assert goal.set_on

    rows = table(city, "open_cases.csv")
    early = [row for row in rows if row["end"] <= goal.set_on]
    late = [row for row in rows if row["end"] > goal.set_on and row["complete"] == "true"]

    assert {(row["status"], row["goal_low"], row["goal_high"]) for row in early} == {("no_goal", "", "")}
    assert {row["reason"] for row in early} == {"This period ended before the goal was set"}
    assert early[0]["value"]
    assert {(row["goal_low"], row["goal_high"]) for row in late} == {("", "1000")}  # at most so many


def test_the_page_of_rows_leads_to_the_file_of_the_same_rows(city: FlaskClient, edition: Edition) -> None:
    reading = next(item for item in edition.readings("open_cases", grain="month", dimension="district") if item.n)
    member = reading.slice["district"]

    page = city.get(f"/m/open_cases?period={reading.period}&by=district&member={member}&tab=rows").text

    [address] = set(re.findall(r'href="(/api/v1/metrics/open_cases/rows\.csv[^"]*)"', page))
    assert len(city.get(html.unescape(address)).text.splitlines()) == (reading.n or 0) + 1


def test_a_part_whose_column_is_not_public_says_so_and_not_that_nothing_is(city: FlaskClient, edition: Edition) -> None:
    name, dimension = next(
        (name, item)
        for name, info in edition.catalogue.metrics.items()
        for item in info.dimensions
        if edition.opens(name) and item.members and not edition.opens(name, {item.by: item.members[0]})
    )

    page = city.get(f"/m/{name}?by={dimension.by}&member={dimension.members[0]}&tab=rows").text

    assert "The column that divides these records is not public" in page
    assert "has not listed any of their columns" not in page


def test_a_comparison_comes_along_when_it_is_asked_for(city: FlaskClient, edition: Edition) -> None:
    held = {item.period: item.value for item in edition.readings("open_cases", grain="month")}
    added = ["compared_with", "compared_period", "compared_value", "difference"]
    rows = {row["period"]: row for row in table(city, "open_cases.csv?compare=year")}
    told = json.loads(city.get("/api/v1/metrics/open_cases.json?compare=year&period=2026-10").text)["readings"]
    asked = json.loads(city.get("/api/v1/metrics/open_cases?compare=year&period=2026-10").text)
    now, before = held["2026-10"], held["2025-10"]
    assert now is not None
    assert before is not None

    assert [rows["2026-10"][name] for name in added] == ["year", "2025-10", f"{before:.0f}", f"{now - before:.0f}"]
    assert rows["2026-11"]["compared_value"] != ""
    assert rows["2026-11"]["difference"] == ""  # the month still runs
    assert [rows["2021-11"][name] for name in added] == ["year", "", "", ""]
    assert told[0]["compared"] == {"with": "year", "period": "2025-10", "value": before, "difference": now - before}
    assert asked == told
    assert not set(added) & set(table(city, "open_cases.csv")[0])


def test_a_number_is_compared_with_its_goal_and_with_what_others_achieve(city: FlaskClient) -> None:
    (goal,) = table(city, "open_cases.csv?compare=goal&period=2026-10")
    (inside,) = table(city, "violations_found.csv?compare=goal&period=2026-Q3")
    (others,) = table(city, "answered_in_10_seconds.csv?compare=benchmark&period=2026-10&lang=es")
    book = json.loads(city.get("/api/v1/metrics/answered_in_10_seconds.json?compare=benchmark&period=2026-10").text)

    assert (goal["compared_value"], goal["difference"]) == ("1000", str(int(goal["value"]) - 1000))
    assert (inside["compared_value"], inside["difference"]) == ("", "0")
    assert others["compared_with"] == "Lakemont, ciudad vecina (inventada), 2025"
    assert float(others["difference"]) == pytest.approx(float(others["value"]) - 92.4)
    assert book["readings"][0]["compared"]["who"] == "Lakemont, a neighbor (made up)"


def test_a_withheld_number_is_compared_with_nothing(city: FlaskClient) -> None:
    rows = table(city, "work_injuries.csv?by=unit&compare=previous")
    withheld = {(row["period"], row["by_unit"]) for row in rows if row["suppressed"] == "true"}

    assert withheld
    assert {row["unit"] for row in rows} == {"injuries"}  # the dimension of that name has a column of its own
    for row in rows:
        if row["suppressed"] == "true" or (row["compared_period"], row["by_unit"]) in withheld:
            assert row["difference"] == ""
        if (row["compared_period"], row["by_unit"]) in withheld:
            assert row["compared_value"] == ""


@pytest.mark.parametrize(
    "address", ["open_cases.csv?compare=benchmark", "open_cases?compare=x", "calls_received.xlsx?compare=goal"]
)
def test_a_comparison_that_is_not_there_is_refused_with_those_that_are(city: FlaskClient, address: str) -> None:
    answer = city.get(f"/api/v1/metrics/{address}")

    assert (answer.status_code, answer.json["error"]["code"]) == (400, "no-such-comparison")  # type: ignore[index]
    assert "previous, year" in answer.json["error"]["message"]  # type: ignore[index]
