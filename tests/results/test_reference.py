"""Every number against a second, slow way to count it: straight loops over the rows, read from the semantics alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from civicstat.compiler import SQL_TYPES
from civicstat.results import Clock, Reading, read_metrics
from civicstat.spec import Project, load_files

pytestmark = pytest.mark.slow

CITY = """
name: Slowville
languages: [en]
locale: en-US
time_zone: America/Chicago
fiscal_year: {starts: 08-01, named_by: end}
week_start: sunday
"""
DATASET = """
datasets:
  cases:
    title: Cases
    row: one row is one case
    source: {file: cases.csv}
    time: opened_at
    columns:
      opened_at: {from: a, type: timestamp}
      closed_at: {from: b, type: timestamp}
      due_at:    {from: c, type: timestamp}
      opened_on: {from: d, type: date}
      closed_on: {from: e, type: date}
      due_on:    {from: f, type: date}
      ward:      {from: g, type: text}
      kind:      {from: h, type: text}
      cost:      {from: i, type: number}
departments:
  works: {title: Works}
metrics:
"""
DAY = timedelta(days=1)
LIMITS = {"a": 3.0, "b": 36 / 24}
Row = dict[str, Any]
Where = Callable[[Row], bool]


class Tally(NamedTuple):
    """What a metric says of some rows. ``shown``: whether its parts are sums, so that they are comparable."""

    value: float | None
    numerator: float | None
    denominator: float | None
    n: int
    aside: dict[str, int]
    shown: bool = True


Count = Callable[[Sequence[Row], "Known"], Tally]


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
    """A metric as a city writes it, and as loops count it. A stock says ``closed``, and ``time`` is its opening."""

    yaml: str
    time: str
    count: Count
    period: str = "month"
    closed: str = ""


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def moment(value: date | None) -> datetime | None:
    return value if value is None or isinstance(value, datetime) else midnight(value)


def days(start: date, end: date) -> Iterator[date]:
    while start < end:
        yield start
        start += DAY


def always(row: Row) -> bool:
    return True


# What is counted ------------------------------------------------------------------------------------------------------


def simple(
    measure: Callable[[list[Row]], float | None],
    *needs: str,
    where: Where = always,
    parts: Callable[[list[Row]], tuple[float, float]] | None = None,
    plain: bool = False,
) -> Count:
    """``needs``: the columns of which one must have a value; none: every row counts. ``plain``: the value is a part."""

    def count(rows: Sequence[Row], _: Known) -> Tally:
        inside = [row for row in rows if where(row)]
        counted = [row for row in inside if not needs or any(row[name] is not None for name in needs)]
        missing = len(inside) - len(counted)
        value = measure(inside)
        top, under = (value, 1.0) if plain else (None, None)
        if parts and counted:
            top, under = parts(inside)
        return Tally(value, top, under, len(counted), {"no_value": missing} if missing else {}, plain or bool(parts))

    return count


def total(rows: Sequence[Row]) -> float | None:
    """Over no rows 0; over rows that are all null, no value."""
    costs = [row["cost"] for row in rows if row["cost"] is not None]
    return float(sum(costs)) if costs or not rows else None


def quantile(values: Sequence[float], share: float) -> float | None:
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def costs_of(rows: Sequence[Row]) -> list[float]:
    return [row["cost"] for row in rows if row["cost"] is not None]


def less(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left - right


def divided(top: float | None, under: float | None, scale: float = 1.0) -> float | None:
    return None if top is None or not under else top / under * scale


def ratio(top: Where, under: Where, where: Where = always, sums: bool = False, per: float = 100.0) -> Count:
    def count(rows: Sequence[Row], _: Known) -> Tally:
        over = [row for row in rows if where(row) and top(row)]
        below = [row for row in rows if where(row) and under(row)]
        valued = [row for row in over if not sums or row["cost"] is not None]
        n = len([row for row in rows if any(row is one for one in (*valued, *below))])
        numerator = total(over) if sums else float(len(over))
        if sums and not over:
            numerator = None  # a sum over nothing beside rows that are there
        value = divided(numerator, len(below), per)
        return Tally(value, numerator, float(len(below)), n, {})

    return count


def duration(start: str, end: str, unit_days: float, measure: Callable[[list[float]], float | None]) -> Count:
    def count(rows: Sequence[Row], _: Known) -> Tally:
        elapsed, aside = [], dict.fromkeys(("to_before_from", "open", "no_start"), 0)
        for row in rows:
            begun, done = moment(row[start]), moment(row[end])
            if begun is None:
                aside["no_start"] += 1
            elif done is None:
                aside["open"] += 1
            elif done < begun:
                aside["to_before_from"] += 1
            else:
                elapsed.append((done - begun) / DAY / unit_days)
        said = {reason: number for reason, number in aside.items() if number}
        return Tally(measure(elapsed), None, None, len(elapsed), said, shown=False)

    return count


def within(start: str, end: str, open_rows: str, *, limit: Any = None, due: str = "", where: Where = always) -> Count:
    """``limit``: the days of a row's limit (None: no promise); or ``due``, the column that holds the end of it."""

    def promise(row: Row) -> date | None:
        """The last moment in time; a date stands for its whole day."""
        if due:
            return row[due]  # type: ignore[no-any-return]
        begun, allowed = moment(row[start]), limit(row)
        return None if begun is None or allowed is None else begun + allowed * DAY

    def in_time(row: Row, last: date) -> bool:
        done = row[end]
        if done is None:
            return False
        if due and not isinstance(last, datetime):
            return bool((done.date() if isinstance(done, datetime) else done) <= last)
        finished, latest = moment(done), moment(last)
        assert finished is not None
        assert latest is not None
        return finished <= latest

    def passed(row: Row, last: date, known: Known) -> bool:
        if due and not isinstance(last, datetime):
            return last < known.as_of.date()
        whole_days = not due and not isinstance(row[start], datetime)
        now = midnight(known.as_of.date()) if whole_days else known.as_of
        latest = moment(last)
        assert latest is not None
        return latest < now

    def count(rows: Sequence[Row], known: Known) -> Tally:
        hits = n = 0
        aside = dict.fromkeys(("no_start", "to_before_from", "no_promise", "not_yet_due"), 0)
        for row in rows:
            if not where(row):
                continue
            begun, done, last = moment(row[start]), moment(row[end]), promise(row)
            if begun is None:
                aside["no_start"] += 1
            elif done is not None and done < begun:
                aside["to_before_from"] += 1
            elif last is None:
                aside["no_promise"] += 1
            elif passed(row, last, known) or (open_rows != "mature" and done is not None) or open_rows == "miss":
                n += 1
                hits += in_time(row, last)
            else:
                aside["not_yet_due"] += 1
        said = {reason: number for reason, number in aside.items() if number}
        return Tally(divided(hits, n, 100.0), float(hits), float(n), n, said)

    return count


def level(measure: Callable[[list[Row]], float | None] | None = None, where: Where = always) -> Count:
    """Rows that are open, each with its ``age``; without a measure their number."""

    def count(rows: Sequence[Row], _: Known) -> Tally:
        chosen = [row for row in rows if where(row)]
        if measure is None:
            return Tally(float(len(chosen)), float(len(chosen)), 1.0, len(chosen), {})
        return Tally(measure(chosen), None, None, len(chosen), {}, shown=False)

    return count


def kind_is(*kinds: str) -> Where:
    return lambda row: row["kind"] in kinds


COUNT = "type: simple, measure: count(*)"
WITHIN = "type: within, from: opened_at, to: closed_at"
DAYS = "type: within, from: opened_on, to: closed_on"
STOCK = "type: stock, opened: opened_at, closed: closed_at"
LEVEL = "type: stock, opened: opened_on, closed: closed_on"


def ages(rows: Sequence[Row]) -> list[float]:
    return [row["age"] for row in rows]


METRICS = {
    "opened": Declared(COUNT, "opened_at", simple(lambda rows: float(len(rows)), plain=True)),
    "opened_a_week": Declared(COUNT, "opened_at", simple(lambda rows: float(len(rows)), plain=True), "week"),
    "closed_a_quarter": Declared(
        f"{COUNT}, time: closed_on", "closed_on", simple(lambda rows: float(len(rows)), plain=True), "quarter"
    ),
    "not_a": Declared(
        f"{COUNT}, where: kind <> 'a' and cost >= 0",
        "opened_at",
        simple(lambda rows: float(len(rows)), where=lambda r: r["kind"] in ("b", "c") and r["cost"] is not None,
               plain=True),
    ),
    "distinct_a": Declared(
        f"{COUNT}, where: kind is distinct from 'a' or not (cost > 2)",
        "opened_at",
        simple(lambda rows: float(len(rows)), where=lambda r: r["kind"] != "a" or r["cost"] in (0, 1, 2), plain=True),
    ),
    "with_an_end": Declared(
        "type: simple, measure: count(closed_at)",
        "opened_at",
        simple(
            lambda rows: float(len([r for r in rows if r["closed_at"] is not None])), "closed_at",
            plain=True),
    ),
    "kinds": Declared(
        "type: simple, measure: count(distinct kind)",
        "opened_at",
        simple(lambda rows: float(len({r["kind"] for r in rows} - {None})), "kind"),
    ),
    "spent": Declared("type: simple, measure: sum(cost)", "opened_at", simple(total, "cost", plain=True)),
    "left_of_100": Declared(
        "type: simple, measure: 100 - sum(cost)", "opened_at", simple(lambda rows: less(100.0, total(rows)), "cost")
    ),
    "mean_cost": Declared(
        "type: simple, measure: avg(cost)",
        "opened_at",
        simple(
            lambda rows: divided(total(rows), len(costs_of(rows))),
            "cost",
            parts=lambda rows: (float(sum(costs_of(rows))), float(len(costs_of(rows)))),
        ),
    ),
    "high_cost": Declared(
        'type: simple, measure: "percentile(cost, 0.9)", where: ward is not null',
        "opened_at",
        simple(lambda rows: quantile(costs_of(rows), 0.9), "cost", where=lambda r: r["ward"] is not None),
        "fiscal_quarter",
    ),
    "cost_a_case": Declared(
        "type: simple, measure: sum(cost) / count(*)",
        "opened_at",
        simple(lambda rows: divided(total(rows), len(rows))),
    ),
    "share_a": Declared(
        "type: ratio, numerator: {where: kind = 'a'}, denominator: {where: kind is not null}, where: cost is not null",
        "opened_at",
        ratio(kind_is("a"), lambda r: r["kind"] is not None, lambda r: r["cost"] is not None),
    ),
    "cost_of_a": Declared(
        "type: ratio, numerator: {measure: sum(cost), where: kind = 'a'}, denominator: {where: kind = 'b'}, per: 1000",
        "opened_on",
        ratio(kind_is("a"), kind_is("b"), sums=True, per=1000.0),
    ),
    "in_5_days": Declared(
        f"{WITHIN}, limit: 5 days", "opened_at", within("opened_at", "closed_at", "exclude", limit=lambda r: 5)
    ),
    "in_5_days_missed": Declared(
        f"{WITHIN}, limit: 5 days, open_rows: miss, where: kind = 'a'",
        "opened_at",
        within("opened_at", "closed_at", "miss", limit=lambda r: 5, where=kind_is("a")),
    ),
    "in_30_days_mature": Declared(
        f"{DAYS}, limit: 30 days, open_rows: mature",
        "opened_on",
        within("opened_on", "closed_on", "mature", limit=lambda r: 30),
    ),
    "in_36_hours_mixed": Declared(
        "type: within, from: opened_on, to: closed_at, limit: 36 hours",
        "opened_on",
        within("opened_on", "closed_at", "exclude", limit=lambda r: 1.5),
    ),
    "by_due_day": Declared(
        f"{WITHIN}, limit: due_on, time: closed_at",
        "closed_at",
        within("opened_at", "closed_at", "exclude", due="due_on"),
    ),
    "by_due_day_due": Declared(
        f"{DAYS}, limit: due_on, time: due, open_rows: miss",
        "due_on",
        within("opened_on", "closed_on", "miss", due="due_on"),
    ),
    "by_due_moment": Declared(
        "type: within, from: opened_on, to: closed_on, limit: due_at, open_rows: mature",
        "opened_on",
        within("opened_on", "closed_on", "mature", due="due_at"),
    ),
    "by_kind": Declared(
        f'{WITHIN}, limit: {{kind: {{a: 3 days, b: 36 hours}}}}',
        "opened_at",
        within("opened_at", "closed_at", "exclude", limit=lambda r: LIMITS.get(r["kind"])),
    ),
    "median_days": Declared(
        "type: duration, from: opened_at, to: closed_at, unit: days, measure: median(elapsed)",
        "opened_at",
        duration("opened_at", "closed_at", 1, lambda values: quantile(values, 0.5)),
    ),
    "mean_hours_mixed": Declared(
        "type: duration, from: opened_at, to: closed_on, unit: hours, measure: max(elapsed), time: closed_on",
        "closed_on",
        duration("opened_at", "closed_on", 1 / 24, lambda values: max(values, default=None)),
        "day",
    ),
    "open_cases": Declared(STOCK, "opened_at", level(), closed="closed_at"),
    "open_a_week": Declared(LEVEL, "opened_on", level(), "week", closed="closed_on"),
    "open_mixed": Declared(
        "type: stock, opened: opened_on, closed: closed_at, where: kind <> 'a'",
        "opened_on",
        level(where=kind_is("b", "c")),
        closed="closed_at",
    ),
    "open_old": Declared(
        f"{LEVEL}, where: age > 30 and kind is not null",
        "opened_on",
        level(where=lambda r: r["age"] > 30 and r["kind"] is not None),
        closed="closed_on",
    ),
    "open_young": Declared(
        f"{STOCK}, where: age <= 20.5", "opened_at", level(where=lambda r: r["age"] <= 20.5), closed="closed_at"
    ),
    "median_age": Declared(
        f"{STOCK}, measure: median(age)", "opened_at", level(lambda rows: quantile(ages(rows), 0.5)), closed="closed_at"
    ),
    "oldest": Declared(
        f"{LEVEL}, measure: max(age), where: ward = '1'",
        "opened_on",
        level(lambda rows: max(ages(rows), default=None), where=lambda r: r["ward"] == "1"),
        "quarter",
        closed="closed_on",
    ),
}  # fmt: skip
ZERO = {"opened", "opened_a_week", "closed_a_quarter", "not_a", "distinct_a", "with_an_end", "kinds", "spent"}
ZERO |= {"left_of_100", "open_cases", "open_a_week", "open_mixed", "open_old", "open_young"}
"""Metrics that are a number, not nothing, where there are no rows."""


# In which periods -----------------------------------------------------------------------------------------------------


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
Place = tuple[str, date | None]  # grain, first day
Period = tuple[date, date]


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
    found = {}
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
    return list(days(min(known.held), known.as_of.date() + DAY)) if known.held else []


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


# The comparison -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slow:
    """The project and its table, filled anew for every example."""

    project: Project
    connection: Connection
    table: sa.Table

    def read(self, name: str, rows: Sequence[Row], clock: Clock) -> list[Reading]:
        self.connection.execute(sa.delete(self.table))
        if rows:
            self.connection.execute(sa.insert(self.table), list(rows))
        return read_metrics(self.project, self.connection, {"cases": self.table}, {"cases": clock}, metrics=[name])[
            name
        ]


@pytest.fixture(scope="module")
def slow() -> Iterator[Slow]:
    metrics = "".join(
        f"  {name}: {{title: It, dataset: cases, {item.yaml}, period: {item.period}, dimensions: [ward, kind]"
        f"{'' if 'within' in item.yaml or 'ratio' in item.yaml else ', unit: cases'}}}\n"
        for name, item in METRICS.items()
    )
    project = load_files({"metrics/city.yaml": CITY, "metrics/datasets/cases.yaml": DATASET + metrics}, Path())
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.pool.StaticPool)
    types = project.datasets["cases"].types()
    with engine.connect() as connection:
        table = sa.Table("cases", sa.MetaData(), *(sa.Column(name, SQL_TYPES[kind]) for name, kind in types.items()))
        table.create(connection)
        yield Slow(project, connection, table)
    engine.dispose()


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


@pytest.mark.parametrize("name", METRICS)
@settings(max_examples=8)
@given(rows=st.lists(ROW, max_size=14), made=CLOCKS)
def test_the_product_counts_what_loops_count(
    slow: Slow, name: str, rows: list[Row], made: tuple[date, time | None, tuple[Period, ...], int]
) -> None:
    day, hour, covers, lag = made
    as_of = datetime.combine(day, hour or time())
    opened = [row["opened_at"].date() for row in rows if row["opened_at"] is not None]
    first = min(opened, default=None)
    ranges = covers or (((first, day),) if first is not None else ())
    held = frozenset(one for low, high in ranges for one in days(low, high + DAY))
    known = Known(as_of, hour is None, held, bool(covers), lag)
    clock = Clock(as_of, is_date=hour is None, first=first, covers=covers, lag=lag)
    metric = METRICS[name]
    periods = base_periods(metric, rows, known)

    readings = slow.read(name, rows, clock)

    faults = []
    seen: dict[tuple[str, str], set[Place]] = {}
    for item in readings:
        ((by, member),) = item.slice.items() if item.slice else [("", "")]
        seen.setdefault((by, member), set()).add((item.grain, item.start))
        chosen = [row for row in rows if not by or (row[by] or "(blank)") == member]
        expected = expect(metric, chosen, periods, known).get((item.grain, item.start))
        if expected is None:
            faults.append(f"{item.period} {member}: not expected")
        elif difference := differs(item, expected, name in ZERO):
            faults.append(f"{item.period} {by} {member}: {difference}")
    for by in ("", "ward", "kind"):
        for member in {(row[by] or "(blank)") if by else "" for row in rows} | ({""} if not by else set()):
            chosen = [row for row in rows if not by or (row[by] or "(blank)") == member]
            wanted = expect(metric, chosen, periods, known).items()
            missing = [place for place, item in wanted if place not in seen.get((by, member), set())]
            counted = [place for place, item in wanted if place in missing and (item.tally.n or not by)]
            faults += [f"{place} {by} {member}: missing" for place in counted]
    assert faults == []


def differs(item: Reading, expected: Expected, zero: bool) -> str:
    tally = expected.tally
    value = tally.value
    if tally.n == 0 and not (zero and expected.zero):
        value = None
    parts: list[tuple[str, float | None, float | None]] = [("value", item.value, value)]
    if tally.n and tally.shown:
        parts += [("top", item.numerator, tally.numerator), ("under", item.denominator, tally.denominator)]
    for what, got, wanted in parts:
        if (got is None) != (wanted is None) or (got is not None and got != pytest.approx(wanted, abs=1e-9)):
            return f"{what} {got}, by hand {wanted}"
    told = (item.n, dict(item.aside), item.complete)
    by_hand = (tally.n, tally.aside, expected.complete)
    return f"n, aside, complete {told}, by hand {by_hand}" if told != by_hand else ""
