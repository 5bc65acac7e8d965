"""A small edition and small layouts, so that what is round a page is tested apart from what is on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from dash import Dash, html
from dash.development.base_component import Component
from flask.testing import FlaskClient

from civicstat.editions import Catalogue, CityInfo, DatasetInfo, DepartmentInfo, DimensionInfo, Edition, MetricInfo
from civicstat.errors import EditionError, Fault
from civicstat.pages import build_app
from civicstat.pages.ask import Ask, fields, link, page_path
from civicstat.pages.components import Hidden, Markup
from civicstat.period import Calendar, FiscalYear

SHIPPED = Path(__file__).resolve().parents[2] / "assets"


def _catalogue() -> Catalogue:
    city = CityInfo(
        name={"en": "Riverbend", "es": "Riverbend"},
        languages=("en", "es"),
        time_zone="America/Chicago",
        fiscal_year={"starts": 7, "named_by": "end"},
        week_start=0,
        period="month",
    )
    metric = MetricInfo(
        name="on_time",
        title={"en": "Closed <on> time", "es": "Cerrados a tiempo"},
        type="within",
        dataset="cases",
        time="opened_on",
        unit="percent",
        better="higher",
        decimals=1,
        prefix="",
        suffix="",
        compact=False,
        period="month",
        visibility="public",
        departments=("code",),
        dimensions=(DimensionInfo("district", {"en": "District"}, ("1", "2", "(blank)")),),
        last="2026-10",
    )
    dataset = DatasetInfo(
        name="cases",
        title={"en": "Cases"},
        row={"en": "one case"},
        description=None,
        source="cases.csv",
        time="opened_on",
        as_of="2026-11-01",
        first="2024-01-02",
        complete_through="2026-10-31",
        covers=(),
        lag=0,
        stale=False,
        read=3,
        loaded=3,
        duplicates=0,
        quarantined=0,
        no_date=0,
        after_as_of=0,
        files=1,
        loaded_at="2026-11-02T06:00:00",
    )
    department = DepartmentInfo("code", {"en": "Code Enforcement", "es": "Cumplimiento"}, ("on_time",))
    return Catalogue(city, {"code": department}, {"on_time": metric}, {"cases": dataset})


class Editions:
    """Where the application gets its edition; None: nothing is published yet."""

    problem: tuple[Fault, ...] | None = None

    def __init__(self) -> None:
        self.edition: Edition | None = cast(
            Edition,
            SimpleNamespace(
                id="e1",
                as_of=date(2026, 11, 1),
                published_at=datetime(2026, 11, 2, 6, 0),  # noqa: DTZ001 - shown nowhere here
                catalogue=_catalogue(),
                calendar=Calendar(FiscalYear(7)),
            ),
        )

    def current(self) -> Edition:
        if self.edition is None:
            raise EditionError(Fault("no-edition", "data/editions", "no edition"))
        return self.edition


class Layouts:
    """Pages that show what was asked; ``drawn`` counts them, ``fault`` is raised in place of a drawing."""

    def __init__(self) -> None:
        self.drawn = 0
        self.fault: Exception | None = None

    def _page(self, title: str, ask: Ask) -> Component:
        self.drawn += 1
        if self.fault:
            raise self.fault
        periods = [html.Option(text, value=text, selected=text == ask.period) for text in ("", "2026-09", "2026-10")]
        form = html.Form(
            [
                *(Hidden(name, value) for name, value in fields(ask, "period")),
                html.Label("Period", htmlFor="period"),
                html.Select(periods, id="period", name="period"),
                html.Button("Show", type="submit"),
            ],
            method="get",
            action=page_path(ask),
        )
        return html.Main(
            [
                html.H1(title),
                form,
                html.P(f"period={ask.period} member={ask.member} misread={','.join(ask.misread)}", id="said"),
                html.A("Rows", href=link(ask, tab="rows")),
                Markup('<svg viewBox="0 0 1 1" aria-hidden="true"></svg>', className="spark"),
            ],
            id="main",
            tabIndex="-1",
        )

    def city_page(self, edition: Edition, ask: Ask) -> Component:
        return self._page("City", ask)

    def department_page(self, edition: Edition, name: str, ask: Ask) -> Component:
        return self._page(f"Department {name}", ask)

    def metric_page(self, edition: Edition, name: str, ask: Ask) -> Component:
        return self._page(f"Metric {name}", ask)

    def goals_page(self, edition: Edition, ask: Ask) -> Component:
        return self._page("Goals", ask)

    def search_page(self, edition: Edition, ask: Ask) -> Component:
        return self._page("Search", ask)

    def archive_page(self, edition: Edition, ask: Ask) -> Component:
        return self._page("Archive", ask)

    def data_page(self, edition: Edition, ask: Ask) -> Component:
        return self._page("Data", ask)

    def dataset_page(self, edition: Edition, name: str, ask: Ask) -> Component:
        return self._page(f"Dataset {name}", ask)

    def help_page(self, edition: Edition, ask: Ask) -> Component:
        return self._page("Help", ask)

    def chart_file(self, edition: Edition, name: str, ask: Ask) -> str | None:
        if ask.tab == "how":
            return None
        return f"<svg>{ask.lang} {name} {ask.period} {ask.tab} {ask.by}</svg>"

    def not_found_page(self, edition: Edition, ask: Ask) -> Component:
        return self._page("Nowhere", ask)


@pytest.fixture
def editions() -> Editions:
    return Editions()


@pytest.fixture
def layouts() -> Layouts:
    return Layouts()


@pytest.fixture
def app(editions: Editions, layouts: Layouts) -> Dash:
    return build_app(editions, SHIPPED, layouts=layouts)


@pytest.fixture
def client(app: Dash) -> Iterator[FlaskClient]:
    with cast(Any, app.server).test_client() as opened:
        yield opened
