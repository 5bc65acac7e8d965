"""A small edition and small layouts, so that what is round a page is tested apart from what is on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml
from dash import Dash, html
from dash.development.base_component import Component
from flask.testing import FlaskClient

from civicstat.editions import Catalogue, Edition
from civicstat.editions.codec import catalogue_of
from civicstat.errors import EditionError, Fault
from civicstat.pages import build_app
from civicstat.pages.ask import Ask, fields, link, page_path
from civicstat.pages.components import Hidden, Markup
from civicstat.period import Calendar, FiscalYear

SHIPPED = Path(__file__).resolve().parents[2] / "assets"


class Editions:
    """Where the application gets its edition; None: nothing is published yet."""

    problem: tuple[Fault, ...] | None = None

    def __init__(self, catalogue: Catalogue) -> None:
        self.edition: Edition | None = cast(
            Edition,
            SimpleNamespace(
                id="e1",
                as_of=date(2026, 11, 1),
                published_at=datetime(2026, 11, 2, 6, 0),  # noqa: DTZ001 - shown nowhere here
                catalogue=catalogue,
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


@pytest.fixture(scope="session")
def riverbend() -> Catalogue:
    """What the made-up city declares: one metric, one dataset and two departments."""
    declared = yaml.safe_load((Path(__file__).parent / "riverbend.yaml").read_text("utf-8"))
    return catalogue_of(json.dumps(declared))


@pytest.fixture
def editions(riverbend: Catalogue) -> Editions:
    """The city with its metric under a title that must be escaped, and without a goal."""
    (metric,) = riverbend.metrics.values()
    title = {"en": "Closed <on> time", "es": "Cerrados a tiempo"}
    metric = replace(metric, name="on_time", title=title, goal=None)
    code = replace(riverbend.departments["code"], metrics=(metric.name,))
    return Editions(replace(riverbend, departments={"code": code}, metrics={metric.name: metric}))


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
