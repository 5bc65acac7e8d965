"""The pieces that engines spell apart mean on DuckDB what semantics.md says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler.constructs import (
    days_between,
    elapsed_us,
    fiscal_year_of,
    later,
    period_start,
    quantile,
    quantiles,
    quotient,
)
from civicstat.period import GRAINS, Calendar, FiscalYear


def value(connection: Connection, expression: Any) -> Any:
    return connection.execute(sa.select(expression)).scalar_one()


def day(text: str) -> Any:
    return sa.literal(date.fromisoformat(text), sa.Date())


def moment(text: str) -> Any:
    return sa.literal(datetime.fromisoformat(text), sa.DateTime())


@pytest.mark.parametrize("first_month", range(1, 13))
@pytest.mark.parametrize("week_start", [0, 6])
def test_the_engine_and_the_calendar_agree_on_every_day(
    engine_connection: Connection, first_month: int, week_start: int
) -> None:
    calendar = Calendar(FiscalYear(first_month), week_start)
    days = [date(2023, 12, 20) + timedelta(days=step) for step in range(800)]
    table = sa.values(sa.column("at", sa.DateTime()), name="days").data(
        [(datetime(item.year, item.month, item.day, 23, 59, 59),) for item in days]  # noqa: DTZ001
    )
    grains = [grain for grain in GRAINS if grain != "all"]
    typed = sa.select(sa.cast(table.c["at"], sa.DateTime()).label("at")).subquery()
    columns = [period_start(typed.c["at"], grain, calendar.fiscal_year, week_start).label(grain) for grain in grains]

    rows = engine_connection.execute(sa.select(typed.c["at"], *columns)).all()

    wrong = [
        (row[0], grain, start)
        for row in rows
        for grain, start in zip(grains, row[1:], strict=True)
        if start != calendar.containing(row[0].date(), grain).start
    ]
    assert wrong == []


def test_elapsed_time_is_a_difference_of_wall_clocks(engine_connection: Connection) -> None:
    spring_forward = elapsed_us(moment("2015-03-08 01:00:00"), moment("2015-03-08 03:00:00"))

    assert value(engine_connection, spring_forward) == 2 * 3_600_000_000


def test_days_are_whole_between_dates_and_exact_with_a_time(engine_connection: Connection) -> None:
    whole = days_between(day("2026-03-01"), day("2026-03-03"), dates=True)
    broken = days_between(day("2026-03-01"), moment("2026-03-02 06:00:00"), dates=False)

    assert (value(engine_connection, whole), value(engine_connection, broken)) == (2, 1.25)


def test_nothing_to_divide_by_is_null(engine_connection: Connection) -> None:
    assert value(engine_connection, quotient(sa.literal(1), sa.literal(0))) is None
    assert value(engine_connection, quotient(sa.literal(1), sa.literal(4))) == 0.25


def test_later_adds_to_the_wall_clock(engine_connection: Connection) -> None:
    assert value(engine_connection, later(day("2026-02-28"), 86_400_000_000)) == datetime.fromisoformat("2026-03-01")


def test_a_quantile_interpolates_and_leaves_nulls_out(engine_connection: Connection) -> None:
    rows = sa.values(sa.column("x", sa.Integer()), name="v").data([(1,), (2,), (None,), (4,)])

    found = engine_connection.execute(sa.select(quantile(rows.c.x, 0.5), quantile(rows.c.x, 0.9))).one()
    at_once = engine_connection.execute(sa.select(*quantiles(rows.c.x, [0.5, 0.9]))).one()

    assert tuple(found) == (2.0, pytest.approx(3.6))
    assert at_once == found


def test_quantiles_of_nothing_are_nothing(engine_connection: Connection) -> None:
    rows = sa.values(sa.column("x", sa.Integer()), name="v").data([(None,)])

    assert engine_connection.execute(sa.select(*quantiles(rows.c.x, [0.5, 0.9]))).one() == (None, None)


@pytest.mark.parametrize(
    ("fiscal_year", "at", "year"),
    [
        (FiscalYear(7, "end"), "2026-07-01", 2027),
        (FiscalYear(7, "end"), "2026-06-30", 2026),
        (FiscalYear(7, "start"), "2026-07-01", 2026),
        (FiscalYear(10, "end"), "2025-12-31", 2026),
        (FiscalYear(1, "end"), "2026-12-31", 2026),
    ],
)
def test_a_fiscal_year_is_named_as_the_city_names_it(
    engine_connection: Connection, fiscal_year: FiscalYear, at: str, year: int
) -> None:
    assert value(engine_connection, fiscal_year_of(day(at), fiscal_year)) == year
