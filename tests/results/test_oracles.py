"""Every number of the demonstration city against a query by hand, over the same files, with none of our code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from civicstat.editions import Edition, Store
from civicstat.results import Reading

pytestmark = pytest.mark.slow

ORACLES = Path(__file__).parent / "oracles"
NAMES = sorted(path.stem for path in ORACLES.glob("[!_]*.sql"))

FIRST, LAST = date(2021, 11, 1), date(2026, 11, 2)
Key = tuple[str, str, str]
BEYOND = {"above_upl", "below_lpl"}


@pytest.fixture(scope="module")
def edition(demo_project: Path) -> Edition:
    """The office's side: what is withheld from the public has its value there."""
    return Store(demo_project, office=True).current()


@pytest.fixture(scope="module")
def records(demo_project: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        folder = (demo_project / "data" / "demo").as_posix()
        connection.execute((ORACLES / "_records.sql").read_text(encoding="utf-8").replace("{data}", folder))
        connection.execute('create table periods ("key" varchar, "first" date, "after" date)')
        yield connection


def test_every_metric_has_an_oracle_and_every_oracle_a_metric(edition: Edition) -> None:
    assert sorted(edition.catalogue.metrics) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_is_what_its_oracle_counts(name: str, edition: Edition, records: duckdb.DuckDBPyConnection) -> None:
    info = edition.catalogue.metrics[name]
    through = date.fromisoformat(edition.catalogue.behind(info)[0].as_of[:10])  # type: ignore[index]
    periods = {key: (first, after) for key, first, after in calendar(through, info.period)}
    records.execute("delete from periods")
    records.executemany("insert into periods values (?, ?, ?)", [(key, *days) for key, days in periods.items()])
    nothing = (None, None if info.made_of else 0)  # a number made of others counts no rows of its own
    expected: dict[Key, tuple[float | Decimal | None, int | None]] = {
        (period, dimension, member): (value, n)
        for period, dimension, member, value, n in records.execute(
            (ORACLES / f"{name}.sql").read_text(encoding="utf-8")
        ).fetchall()
    }

    found = {
        (item.period, dimension, ",".join(item.slice[name] for name in dimension.split(",") if name)): item
        for dimension in ("", *(split.by for split in info.dimensions))
        for item in edition.readings(name, dimension=dimension)
        if item.period in periods
    }

    assert {key for key in expected if key not in found} == set()
    assert [fault for key, item in found.items() if (fault := differs(item, *expected.get(key, nothing)))] == []
    assert {period for period, dimension, _ in found if not dimension} <= set(periods)
    if expected:
        assert len(expected) > len(periods) / 2


@pytest.mark.parametrize(
    ("name", "segments"),
    [
        ("dispatch_seconds_p90", [("2021-11", "2026-10", 60)]),
        ("inspected_in_14_days", [("2021-11", "2025-12", 12), ("2026-01", "2026-10", 9)]),
    ],
)
def test_the_limits_of_a_metric_are_those_worked_out_by_hand(
    name: str, segments: list[tuple[str, str, int]], edition: Edition, records: duckdb.DuckDBPyConnection
) -> None:
    chart = edition.chart(name)
    assert chart is not None and chart.behaviour is not None
    periods = {key: (first, after) for key, first, after in calendar(LAST, "month")}
    records.execute("delete from periods")
    records.executemany("insert into periods values (?, ?, ?)", [(key, *days) for key, days in periods.items()])
    oracle = (ORACLES / f"{name}.sql").read_text(encoding="utf-8")
    limits = (ORACLES / "_limits.sql").read_text(encoding="utf-8")
    found = chart.behaviour
    assert [(chart.periods[item.start], chart.periods[item.end], item.count) for item in found.segments] == segments
    for item, (first, last, count) in zip(found.segments, segments, strict=True):
        row = records.execute(limits.format(oracle=oracle, first=first, last=last, count=count)).fetchone()
        assert row is not None
        assert (item.mean, item.lower, item.upper) == pytest.approx(row[:3], rel=1e-9)
        outside = [chart.periods[at] for at in range(item.start, item.end + 1) if found.rules[at] in BEYOND]
        assert outside == (row[3] or [])


def differs(item: Reading, value: float | Decimal | None, n: int | None) -> str:
    """Counts are compared exactly, all else to a billionth; of nothing there may be a zero or no value."""
    if item.n != n:
        return f"{item.period} {dict(item.slice)}: n {item.n}, by hand {n}"
    if value is None:
        same = item.value is None or (n == 0 and item.value == 0)
    elif item.value is None:
        same = False
    elif isinstance(value, int):
        same = item.value == value
    else:
        same = abs(item.value - float(value)) <= 1e-9 * abs(float(value))
    return "" if same else f"{item.period} {dict(item.slice)}: {item.value}, by hand {value}"


def calendar(through: date, grain: str) -> Iterator[tuple[str, date, date]]:
    """Yield the metric's own periods, the running one cut after ``through``; then the longer ones, up to the last that
    is complete, by the calendar of a fiscal year from July."""
    months = list(_months(FIRST, through))
    quarters = [month for month in months if month.month in (1, 4, 7, 10)]
    own = [_quarter(month) for month in [date(2021, 10, 1), *quarters]] if grain == "quarter" else [
        (f"{month:%Y-%m}", month, _after(month, 1)) for month in months
    ]  # fmt: skip
    for key, first, after in own:
        yield key, first, min(after, through + timedelta(days=1))
    settled = max(after for _, _, after in own if after <= through + timedelta(days=1))
    longer = {_year(month) for month in months}
    if grain == "month":
        longer |= {of(month) for month in months for of in (_quarter, _fiscal_quarter, _fiscal_year)}
    for key, first, after in sorted(longer):
        if first < settled:
            yield key, first, min(after, settled)
    yield "all", date(1900, 1, 1), settled


def _months(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield month
        month = _after(month, 1)


def _after(month: date, months: int) -> date:
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _quarter(month: date) -> tuple[str, date, date]:
    first = date(month.year, (month.month - 1) // 3 * 3 + 1, 1)
    return f"{first.year}-Q{(first.month + 2) // 3}", first, _after(first, 3)


def _fiscal_quarter(month: date) -> tuple[str, date, date]:
    _, first, after = _quarter(month)
    return f"{_fiscal_year(first)[0]}-Q{(first.month - 7) % 12 // 3 + 1}", first, after


def _year(month: date) -> tuple[str, date, date]:
    return str(month.year), date(month.year, 1, 1), date(month.year + 1, 1, 1)


def _fiscal_year(month: date) -> tuple[str, date, date]:
    year = month.year + (month.month >= 7)
    return f"FY{year}", date(year - 1, 7, 1), date(year, 7, 1)
