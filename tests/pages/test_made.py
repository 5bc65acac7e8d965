"""The page of a metric made of others: it opens to what it is made of, and each of these to its rows."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from civicstat.editions import Edition, Store, build_edition
from civicstat.pages.ask import Ask, Tab
from civicstat.pages.layouts import metric_page
from civicstat.spec import load_project

SMALLVILLE = Path(__file__).parents[1] / "fixtures" / "smallville"
MADE = """
metrics:
  grown: {title: Growth, type: change, metric: opened, against: prior_period}
  beside: {title: Beside, type: change, metric: opened, against: [prior_period, 2024-01], as: difference}
  of_one: {title: Of one, type: change, metric: opened, against: {ward: "1"}}
  this_year: {title: This year, type: cumulative, metric: opened, over: fiscal_year}
  lately: {title: Lately, type: cumulative, metric: closed_in_30_days, over: 2 months, as: average}
  each: {title: Each, type: ratio, numerator: "{closed}", denominator: "{open_at_end}", per: 10 a year}
  hours:
    title: Hours
    type: equivalent
    metric: opened
    unit: hours
    factor: [{value: 0.25, source: Manual 2023}, {value: 1.5, source: Manual 2024, from: 2024-02-01}]
    others: {The State: {value: 2, source: State manual}}
"""


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    root = tmp_path_factory.mktemp("made") / "smallville"
    shutil.copytree(SMALLVILLE, root)
    city = root / "metrics" / "city.yaml"
    city.write_text(city.read_text("utf-8").replace("languages: [en]", "languages: [en, es]"), encoding="utf-8")
    (root / "metrics" / "made.yaml").write_text(MADE, encoding="utf-8")
    build_edition(load_project(root), as_of=date(2024, 4, 10))
    return Store(root).current()


def page(edition: Edition, tab: Tab, lang: str = "en", metric: str = "grown", by: str = "", member: str = "") -> str:
    languages = edition.catalogue.city.languages
    asked = Ask(lang, f"/m/{metric}", period="2024-03", by=by, member=member, tab=tab, languages=languages)
    return json.dumps(
        metric_page(edition, metric, asked), default=lambda part: part.to_plotly_json(), ensure_ascii=False
    )


def test_a_number_made_of_others_shows_them_with_their_periods_and_the_way_to_their_rows(edition: Edition) -> None:
    said = page(edition, "rows")

    assert "The numbers this is made of" in said
    assert '"/m/opened?period=2024-03&tab=rows"' in said
    assert '"/m/opened?period=2024-02&tab=rows"' in said
    assert "(February 2024): " in said, "beside the number its parts say which period they are of"


def test_how_it_is_counted_names_what_it_is_made_of(edition: Edition) -> None:
    said = page(edition, "how")

    assert "By how many percent" in said
    assert "in the period before" in said
    assert "-- grown = 100 * (" in said


def test_earlier_periods_side_by_side_are_named_in_the_words_of_the_reader(edition: Edition) -> None:
    said = page(edition, "split", metric="beside", by="against")
    spanish = page(edition, "split", "es", "beside", by="against")

    assert "The period before" in said
    assert '"2024-01"' in said
    assert "El período anterior" in spanish
    assert "/m/opened?period=2024-02&tab=rows" in page(edition, "rows", metric="beside")
    assert "/m/opened?period=2024-01&tab=rows" in page(
        edition, "rows", metric="beside", by="against", member="2024-01"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "english", "spanish"),
    [
        ("beside", "in January 2024", "en enero de 2024"),
        ("of_one", "“ward” 1", "«ward» 1"),
        ("this_year", "added up since the fiscal year began", "sumado desde que empezó el año fiscal"),
        ("lately", "on average over the last 2 periods (by month)", "en promedio de los últimos 2 períodos (por mes)"),
        ("each", "in a year at this pace", "en un año a este ritmo"),
        ("each", "takes what is known by its end", "toma lo que se sabe a su fin"),
        ("hours", "0.25 (Manual 2023); 1.5 from 1 February 2024 (Manual 2024)", "desde el 1 de febrero de 2024"),
        ("hours", "By “The State” it would be times 2 (State manual)", "Según «The State»"),
    ],
)
def test_how_it_is_counted_says_what_is_gathered_divided_or_converted(
    edition: Edition, metric: str, english: str, spanish: str
) -> None:
    counted = edition.catalogue.metrics[metric].counted

    assert any(english in sentence for sentence in counted["en"])
    assert any(spanish in sentence for sentence in counted["es"])
    assert edition.catalogue.metrics[metric].sql.splitlines()[-1].startswith(f"-- {metric} = ")


def test_a_running_total_opens_to_the_total_before_and_what_came_to_it(edition: Edition) -> None:
    said = page(edition, "rows", metric="this_year")

    assert "/m/this_year?period=2024-02&tab=rows" in said
    assert "/m/opened?period=2024-03&tab=rows" in said
