"""Readings small enough to count, served by the JSON interface alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicstat.editions import Catalogue, CityInfo, DimensionInfo, Edition, GoalInfo, MetricInfo
from civicstat.errors import EditionError, Fault
from civicstat.period import Calendar, FiscalYear
from civicstat.publish import create_api
from civicstat.results import Reading, Reason, Status


def _reading(month: int, district: str = "", **changed: Any) -> Reading:
    values: dict[str, Any] = {
        "metric": "on_time",
        "period": f"2026-{month:02}",
        "grain": "month",
        "start": date(2026, month, 1),
        "end": date(2026, month + 1, 1),
        "through": None,
        "slice": {"district": district} if district else {},
        "value": 200 / 3,
        "numerator": 2.0,
        "denominator": 3.0,
        "n": 3,
        "complete": True,
        "final": True,
        "suppressed": False,
        "status": Status.NO_GOAL,
        "reason": Reason("no_goal"),
        "goal": 80.0,
    }
    return Reading(**{**values, **changed})


class SmallEdition:
    """Three months of one metric, and October by district with one member withheld."""

    id = "e1"
    as_of = date(2026, 11, 1)
    calendar = Calendar(FiscalYear(7))

    def __init__(self) -> None:
        metric = MetricInfo(
            name="on_time",
            title={"en": "Closed on time"},
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
            dimensions=(DimensionInfo("district", None, ("1", "2")),),
            goal=GoalInfo(target=(3.0, 5.0), judge="month"),
            goals=(
                GoalInfo(
                    target=None, judge="month", plan={"form": "baseline", "until": "2026-06-30"}, ends="2026-06-30"
                ),
                GoalInfo(target=(3.0, 5.0), judge="month", begins="2026-07-01", slices={"district": {"1": 4.0}}),
            ),
            last="2026-10",
        )
        city = CityInfo({"en": "Riverbend"}, ("en",), "America/Chicago", {"starts": 7}, 0, "month")
        self.catalogue = Catalogue(city, {}, {"on_time": metric}, {})
        self._readings = [
            _reading(8, goal=None, value=None, numerator=0.0, denominator=0.0, n=0),
            _reading(9, goal=(3.0, 5.5), value=50.0),
            _reading(10),
            _reading(10, "1"),
            _reading(10, "2", suppressed=True, status=Status.TOO_SMALL),
        ]

    def readings(
        self,
        metric: str,
        *,
        grain: str | None = None,
        period: str | None = None,
        dimension: str = "",
        first: date | None = None,
        last: date | None = None,
    ) -> list[Reading]:
        return [
            item
            for item in self._readings
            if bool(item.slice) == bool(dimension)
            and (grain is None or item.grain == grain)
            and (period is None or item.period == period)
            and (first is None or cast(date, item.end) > first)
            and (last is None or cast(date, item.start) <= last)
        ]


class Editions:
    """Where the interface gets its edition; None: nothing is published yet."""

    problem: tuple[Fault, ...] | None = None

    def __init__(self) -> None:
        self.edition: Edition | None = cast(Edition, SmallEdition())

    def current(self) -> Edition:
        if self.edition is None:
            raise EditionError(Fault("no-edition", "data/editions", "no edition"))
        return self.edition


@pytest.fixture
def editions() -> Editions:
    return Editions()


@pytest.fixture
def client(editions: Editions) -> Iterator[FlaskClient]:
    server = Flask("test")
    server.register_blueprint(create_api(editions))
    with server.test_client() as opened:
        yield opened
