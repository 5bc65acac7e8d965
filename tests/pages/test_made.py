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
MADE = "metrics: {grown: {title: Growth, type: change, metric: opened, against: prior_period}}\n"


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    root = tmp_path_factory.mktemp("made") / "smallville"
    shutil.copytree(SMALLVILLE, root)
    (root / "metrics" / "made.yaml").write_text(MADE, encoding="utf-8")
    build_edition(load_project(root), as_of=date(2024, 4, 10))
    return Store(root).current()


def page(edition: Edition, tab: Tab, lang: str = "en") -> str:
    asked = Ask(lang, "/m/grown", period="2024-03", tab=tab, languages=edition.catalogue.city.languages)
    return json.dumps(
        metric_page(edition, "grown", asked), default=lambda part: part.to_plotly_json(), ensure_ascii=False
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
