"""True time: what passed between two readings of a wall clock, as the zone's own rules have it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler.passed import passed_us, true_us

HOUR = 3_600_000_000
NEW_YORK = "America/New_York"


def moment(text: str) -> sa.ColumnElement[datetime]:
    return sa.cast(sa.literal(datetime.fromisoformat(text), sa.DateTime()), sa.DateTime())


def hours(connection: Connection, start: str, end: str, zone: str = NEW_YORK) -> float:
    found: int = connection.execute(sa.select(passed_us(moment(start), moment(end), zone))).scalar_one()
    return found / HOUR


@pytest.mark.parametrize(
    "zone",
    [
        NEW_YORK,
        "UTC",
        "Australia/Lord_Howe",  # half an hour
        "America/Sao_Paulo",  # changes at midnight, and none any more
        "Africa/Casablanca",  # changes several times a year, by the moon
        "Africa/Cairo",  # twice in a month
        "Europe/London",
    ],
)
def test_3_every_moment_is_the_one_that_the_zone_says(engine_connection: Connection, zone: str) -> None:
    here, draw = ZoneInfo(zone), Random(7)
    days = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days) for year in (2010, 2026) for days in range(365)]
    changes = [day for day in days if len({(day + timedelta(n)).astimezone(here).utcoffset() for n in (0, 1)}) > 1]
    near = [day + timedelta(minutes=30 * step) for day in changes for step in range(-4, 54)]
    far = [days[0] + timedelta(seconds=draw.randrange(-30 * 365 * 86_400, 49 * 365 * 86_400)) for _ in range(60)]
    walls = sorted({item.astimezone(here).replace(tzinfo=None) for item in (*near, *far)})
    table = sa.values(sa.column("at", sa.DateTime()), name="walls").data([(wall,) for wall in walls])
    typed = sa.select(sa.cast(table.c["at"], sa.DateTime()).label("at")).subquery()
    at = typed.c["at"]

    rows = engine_connection.execute(
        sa.select(at, true_us(at, zone, end=False), true_us(at, zone, end=True)).select_from(typed)
    ).all()

    def truth(wall: datetime, fold: int) -> int:
        return round(wall.replace(tzinfo=here, fold=fold).timestamp() * 1_000_000)

    wrong = [row for row in rows if (row[1], row[2]) != (truth(row[0], 0), truth(row[0], 1))]
    assert (len(rows) > 50, wrong) == (True, [])


@pytest.mark.parametrize(
    ("start", "end", "passed"),
    [
        ("2015-03-07 12:00", "2015-03-08 12:00", 23.0),
        ("2015-11-01 00:00", "2015-11-02 00:00", 25.0),
        ("2015-07-01 00:00", "2015-07-02 00:00", 24.0),
        ("2015-11-01 01:30", "2015-11-01 01:30", 1.0),  # the first pass, then the second one
        ("2015-11-01 01:50", "2015-11-01 01:10", 1 / 3),  # backwards on the wall, forward in truth
        ("2015-11-01 03:00", "2015-11-01 01:30", -1.5),
        ("2015-03-08 01:50", "2015-03-08 03:10", 1 / 3),
        ("2015-03-08 02:50", "2015-03-08 03:10", 0.0),  # the clock never showed 02:50
        ("2015-03-08 02:10", "2015-03-08 02:40", 0.5),
    ],
)
def test_3_hours_pass_across_changes_of_clocks(
    engine_connection: Connection, start: str, end: str, passed: float
) -> None:
    assert hours(engine_connection, start, end) == pytest.approx(passed)


def test_3_a_date_is_its_first_moment(engine_connection: Connection) -> None:
    first, second = (sa.cast(sa.literal(text), sa.Date()) for text in ("2015-03-08", "2015-03-09"))

    assert engine_connection.execute(sa.select(passed_us(first, second, NEW_YORK))).scalar_one() == 23 * HOUR


@pytest.mark.parametrize(("day", "ahead"), [("1900-01-01", -5), ("2100-07-01", -5)])
def test_3_outside_the_known_years_a_zone_is_as_at_their_ends(
    engine_connection: Connection, day: str, ahead: int
) -> None:
    found = engine_connection.execute(sa.select(true_us(moment(day), NEW_YORK, end=False))).scalar_one()

    assert found == datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1e6 - ahead * HOUR
