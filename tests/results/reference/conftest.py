"""A second, slow way to count: straight loops over the rows, read from the semantics alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from civicstat.compiler import SQL_TYPES
from civicstat.results import Clock, Reading, read_metrics
from civicstat.spec import load_files

CITY, DATASET = ((Path(__file__).parent / name).read_text("utf-8") for name in ("city.yaml", "cases.yaml"))
DAY = timedelta(days=1)
Row = dict[str, Any]
Tally = tuple[float | None, float | None, float | None, int, Mapping[str, int]]
"""Value, numerator and denominator (None: not compared), rows counted, rows set aside by reason."""

Count = Callable[[Sequence[Row], "Known"], Tally]
Place = tuple[str, date | None]  # grain, first day
Period = tuple[date, date]


@dataclass(frozen=True)
class Known:
    """The clock: the days held, and the moment all is judged at."""

    as_of: datetime
    is_date: bool
    held: frozenset[date]
    covered: bool
    lag: int

    @property
    def after(self) -> datetime:
        return midnight(self.as_of.date() + DAY) if self.is_date else self.as_of + timedelta(microseconds=1)

    def settled(self, end: date) -> bool:
        """Whether the days before ``end`` are past the lag; a day that is covered or known whole is over."""
        if self.is_date or self.covered:
            return end - DAY + self.lag * DAY <= self.as_of.date()
        return midnight(end) + self.lag * DAY <= self.as_of

    def complete(self, start: date, end: date) -> bool:
        return all(day in self.held for day in days(start, end)) and self.settled(end)


@dataclass(frozen=True)
class Declared:
    """A metric as a city writes it, and as loops count it. A stock says ``closed``, and ``time`` is its opening.

    ``zero``: it is a number, not nothing, where there are no rows.
    """

    yaml: str
    count: Count
    time: str
    closed: str
    period: str
    zero: bool


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def moment(value: date | None) -> datetime | None:
    return value if value is None or isinstance(value, datetime) else midnight(value)


def days(start: date, end: date) -> list[date]:
    return [start + step * DAY for step in range((end - start).days)]


@cache
def bounds(day: date, grain: str) -> tuple[date, date]:
    """The first day of the period a day is in, and the first day after it, found by walking."""
    starts: dict[str, Callable[[date], bool]] = {
        "day": lambda d: True,
        "week": lambda d: d.weekday() == 6,
        "month": lambda d: d.day == 1,
        "quarter": lambda d: d.day == 1 and d.month in (1, 4, 7, 10),
        "fiscal_quarter": lambda d: d.day == 1 and d.month in (8, 11, 2, 5),
        "year": lambda d: d.day == 1 and d.month == 1,
        "fiscal_year": lambda d: d.day == 1 and d.month == 8,
    }
    first, after = day, day + DAY
    while not starts[grain](first):
        first -= DAY
    while not starts[grain](after):
        after += DAY
    return first, after


LONGER = {
    "day": ("quarter", "year", "fiscal_quarter", "fiscal_year", "all"),
    "week": ("quarter", "year", "fiscal_quarter", "fiscal_year", "all"),
    "month": ("quarter", "year", "fiscal_quarter", "fiscal_year", "all"),
    "quarter": ("year", "all"),
    "fiscal_quarter": ("fiscal_year", "all"),
}


class Expected(NamedTuple):
    """What a period must say; ``zero``: whether a number of nothing is a number there and not a gap."""

    tally: Tally
    complete: bool
    zero: bool


def base_periods(metric: Declared, rows: Sequence[Row], known: Known) -> list[Period]:
    """Every period from the first day held to the clock, and those before that hold a row."""
    seen = {bounds(day, metric.period) for day in held_days(known)}
    if not metric.closed:
        moments = [moment(row[metric.time]) for row in rows]
        seen |= {bounds(at.date(), metric.period) for at in moments if at is not None and at < known.after}
    return sorted(seen)


def expect(metric: Declared, rows: Sequence[Row], periods: Sequence[Period], known: Known) -> dict[Place, Expected]:
    """What each period must say of the rows of one slice."""
    found: dict[Place, Expected] = {}
    for start, end in periods:
        inside = open_at(metric, rows, end, known) if metric.closed else dated(metric, rows, start, end, known)
        complete = known.complete(start, end)
        found[metric.period, start] = Expected(metric.count(inside, known), complete, complete)
    ends = [end for start, end in periods if known.complete(start, end)]
    settled = [(start, end) for start, end in periods if ends and end <= ends[-1]]
    for grain in LONGER[metric.period]:
        for first, after in sorted({(date.min, date.max) if grain == "all" else bounds(s, grain) for s, _ in settled}):
            until = min(after, ends[-1])
            if metric.closed:
                inner = [end for start, end in settled if first <= start and end <= after]
                if not inner:
                    continue
                inside = open_at(metric, rows, inner[-1], known)
            else:
                inside = dated(metric, rows, first, until, known)
            if grain != "all":
                held = known.complete(first, until)
                found[grain, first] = Expected(metric.count(inside, known), held and after <= ends[-1], held)
                continue
            held = all(known.complete(*period) for period in settled)
            inside += [] if metric.closed else [row for row in rows if row[metric.time] is None]
            found[grain, None] = Expected(metric.count(inside, known), held, held)
    return found


def held_days(known: Known) -> list[date]:
    return days(min(known.held), known.as_of.date() + DAY) if known.held else []


def dated(metric: Declared, rows: Sequence[Row], start: date, end: date, known: Known) -> list[Row]:
    """Rows of the days from ``start`` to before ``end``; nothing after the clock."""
    found = []
    for row in rows:
        at = moment(row[metric.time])
        if at is not None and start <= at.date() < end and at < known.after:
            found.append(row)
    return found


def open_at(metric: Declared, rows: Sequence[Row], end: date, known: Known) -> list[Row]:
    """Rows opened and not closed before the end, or before what is known, with their age by then."""
    running = midnight(end) > known.after
    instant = known.after if running else midnight(end)
    aged = known.as_of if running and not known.is_date else instant
    last_day = known.as_of.date() if running else end - DAY
    found = []
    for row in rows:
        opened, closed = moment(row[metric.time]), moment(row[metric.closed])
        if opened is not None and opened < instant and (closed is None or closed >= instant):
            whole_days = not isinstance(row[metric.time], datetime)
            age = (last_day - opened.date()).days if whole_days else (aged - opened) / DAY
            found.append({**row, "age": age})
    return found


ON = st.none() | st.dates(date(2025, 12, 20), date(2026, 6, 20))
AT = st.none() | st.builds(
    datetime.combine,
    st.dates(date(2025, 12, 20), date(2026, 6, 20)),
    st.sampled_from([time(), time(12, 30), time(23, 59, 59)]),
)
MEMBER = st.sampled_from([None, "a", "b", "c"])
ROW = st.fixed_dictionaries(
    {
        "opened_at": AT, "closed_at": AT, "due_at": AT, "opened_on": ON, "closed_on": ON, "due_on": ON,
        "ward": st.sampled_from([None, "1", "(blank)"]), "kind": MEMBER, "cost": st.none() | st.integers(0, 6),
    }
)  # fmt: skip
COVERS = st.sampled_from(
    [
        (),
        ((date(2026, 1, 1), date(2026, 5, 31)),),
        ((date(2026, 1, 1), date(2026, 2, 10)), (date(2026, 2, 11), date(2026, 4, 30))),
        ((date(2025, 12, 10), date(2026, 2, 28)), (date(2026, 4, 1), date(2026, 6, 30))),
    ]
)
CLOCKS = st.tuples(
    st.sampled_from([date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 31)]),
    st.sampled_from([None, time(), time(12, 30), time(23, 59, 59)]),
    COVERS,
    st.sampled_from([0, 0, 3]),
)


@pytest.fixture(scope="session")
def table() -> Iterator[tuple[sa.Connection, sa.Table]]:
    """The one table of cases, filled anew for every example."""
    types = load_files(declarations("{title: It, dataset: cases, type: simple, measure: count(*), unit: a}"), Path())
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.pool.StaticPool)
    with engine.connect() as connection:
        columns = (sa.Column(name, SQL_TYPES[kind]) for name, kind in types.datasets["cases"].types().items())
        made = sa.Table("cases", sa.MetaData(), *columns)
        made.create(connection)
        yield connection, made
    engine.dispose()


def declarations(metric: str) -> dict[str, str]:
    return {"metrics/city.yaml": CITY, "metrics/datasets/cases.yaml": f"{DATASET}  it: {metric}\n"}


@pytest.fixture(scope="session")
def agrees(table: tuple[sa.Connection, sa.Table]) -> Callable[..., None]:
    """Check a metric, as a city writes it, against its loops, over many small tables and clocks."""
    connection, cases = table

    def check(
        yaml: str,
        count: Count,
        *,
        time: str = "opened_at",
        closed: str = "",
        period: str = "month",
        zero: bool = False,
        examples: int = 8,
    ) -> None:
        unit = "" if "within" in yaml or "ratio" in yaml else "unit: cases, "
        text = f"{{title: It, dataset: cases, {unit}{yaml}, period: {period}, dimensions: [ward, kind]}}"
        project = load_files(declarations(text), Path())
        metric = Declared(yaml, count, time, closed, period, zero)

        @settings(max_examples=examples)
        @given(rows=st.lists(ROW, max_size=14), made=CLOCKS)
        def compare(rows: list[Row], made: tuple[date, Any, tuple[Period, ...], int]) -> None:
            connection.execute(sa.delete(cases))
            if rows:
                connection.execute(sa.insert(cases), rows)
            clock, known = clocks(rows, *made)
            readings = read_metrics(project, connection, {"cases": cases}, {"cases": clock})["it"]
            assert faults(metric, rows, known, readings) == []

        compare()

    return check


def clocks(
    rows: Sequence[Row], day: date, hour: time | None, covers: tuple[Period, ...], lag: int
) -> tuple[Clock, Known]:
    """The product's clock and ours; without an hour the clock is a day."""
    as_of = datetime.combine(day, hour or time())
    first = min((row["opened_at"].date() for row in rows if row["opened_at"] is not None), default=None)
    ranges = covers or (((first, day),) if first is not None else ())
    held = frozenset(one for low, high in ranges for one in days(low, high + DAY))
    clock = Clock(as_of, is_date=hour is None, first=first, covers=covers, lag=lag)
    return clock, Known(as_of, hour is None, held, bool(covers), lag)


def faults(metric: Declared, rows: Sequence[Row], known: Known, readings: Sequence[Reading]) -> list[str]:
    """Every period and slice in which the product and the loops differ, or that one of them lacks."""
    periods = base_periods(metric, rows, known)
    slices = slices_of(rows)
    expected = {
        (*chosen, *place): item
        for chosen, inside in slices.items()
        for place, item in expect(metric, inside, periods, known).items()
    }
    found = {(*(next(iter(item.slice.items()), ("", ""))), item.grain, item.start): item for item in readings}
    must = {key for key, item in expected.items() if item.tally[3] or not key[0]}
    return [
        *(f"{key}: missing" for key in must - set(found)),
        *(f"{key}: not expected" for key in set(found) - set(expected)),
        *(f"{key}: {fault}" for key, item in found.items()
          if key in expected and (fault := differs(item, expected[key], metric.zero))),
    ]  # fmt: skip


def differs(item: Reading, expected: Expected, zero: bool) -> str:
    value, top, under, n, aside = expected.tally
    if n == 0 and not (zero and expected.zero):
        value = None
    pairs = [("value", item.value, value)]
    if n and top is not None:
        pairs += [("top", item.numerator, top), ("under", item.denominator, under)]
    for what, got, wanted in pairs:
        if (got is None) != (wanted is None) or (got is not None and got != pytest.approx(wanted, abs=1e-9)):
            return f"{what} {got}, by hand {wanted}"
    told, by_hand = (item.n, dict(item.aside), item.complete), (n, dict(aside), expected.complete)
    return f"n, aside, complete {told}, by hand {by_hand}" if told != by_hand else ""


Counted = tuple[str, Callable[[Sequence[Row]], "float | None"], str, bool]
"""Of a metric that counts rows: how a city writes it, how loops count it, its date, and whether of nothing it is 0."""
Numbers = Mapping[tuple[str, str, str, date | None], "float | None"]
Work = Callable[[Mapping[str, Numbers], tuple[str, str, str, date | None]], "float | None"]


@pytest.fixture(scope="session")
def made_of(table: tuple[sa.Connection, sa.Table]) -> Callable[..., None]:
    """Check a metric made of others, against their loops and ``work``, which puts their numbers together."""
    connection, cases = table

    def check(
        yaml: str,
        others: Mapping[str, Counted],
        work: Work,
        *,
        period: str = "month",
        shifted: bool = False,
        examples: int = 4,
    ) -> None:
        lines = "\n".join(
            f"  {name}: {{title: O, dataset: cases, unit: u, {text}, period: {period}, dimensions: [ward, kind]}}"
            for name, (text, *_) in others.items()
        )
        files = {"metrics/city.yaml": CITY, "metrics/a.yaml": f"{DATASET}{lines}\n  it: {{title: It, {yaml}}}\n"}
        project = load_files(files, Path())

        @settings(max_examples=examples)
        @given(rows=st.lists(ROW, max_size=14), made=CLOCKS)
        def compare(rows: list[Row], made: tuple[date, Any, tuple[Period, ...], int]) -> None:
            connection.execute(sa.delete(cases))
            if rows:
                connection.execute(sa.insert(cases), rows)
            clock, known = clocks(rows, *made)
            found = {name: numbers_of(period, known, rows, how) for name, how in others.items()}
            readings = read_metrics(project, connection, {"cases": cases}, {"cases": clock}, metrics=["it"])["it"]
            unseen = {
                chosen
                for chosen, inside in slices_of(rows).items()
                if chosen[0] and not all(any(is_known(row[how[2]], known) for row in inside) for how in others.values())
            }  # a member of which a metric never saw a dated row is none of its own
            for item in readings:
                place = (*next(iter(item.slice.items()), ("", "")), item.grain, item.start)
                if place[:2] in unseen:
                    continue
                whole = not shifted or item.complete
                expected = work(found, place) if whole else None
                assert item.value == pytest.approx(expected, abs=1e-9), place
            told = {(*next(iter(item.slice.items()), ("", "")), item.grain, item.start) for item in readings}
            must = {place for numbers in found.values() for place, value in numbers.items() if value}
            must = {place for place in must if place[:2] not in unseen and work(found, place) is not None}
            assert shifted or must <= told

        compare()

    return check


def numbers_of(period: str, known: Known, rows: Sequence[Row], how: Counted) -> Numbers:
    """What a metric that counts rows says in every slice and period, None where it says nothing."""
    text, value, time, zero = how

    def count(inside: Sequence[Row], _: Known) -> Tally:
        counted = [row for row in inside if "cost" not in text or row["cost"] is not None]
        return value(inside), None, None, len(counted) or -len(inside), {}

    metric = Declared(text, count, time, "", period, zero)
    found: dict[tuple[str, str, str, date | None], float | None] = {}
    for (dimension, member), inside in slices_of(rows).items():
        for (grain, start), item in expect(metric, inside, base_periods(metric, rows, known), known).items():
            nothing = item.tally[3] == 0 and not (zero and item.zero)
            found[dimension, member, grain, start] = None if nothing else item.tally[0]
    return found


def is_known(value: date | None, known: Known) -> bool:
    at = moment(value)
    return at is not None and at < known.after


def slices_of(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    slices = {("", ""): list(rows)}
    for by in ("ward", "kind"):
        for row in rows:
            slices.setdefault((by, row[by] or "(blank)"), []).append(row)
    return slices
