"""Shares finished in time and times taken, as loops make them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Row = dict[str, Any]
Agrees = Callable[..., None]
DAY = timedelta(days=1)
LIMITS = {"a": 3.0, "b": 1.5}


def moment(value: date | None) -> datetime | None:
    """A date counts as its 00:00."""
    return value if value is None or isinstance(value, datetime) else datetime.combine(value, time())


def within(start: str, end: str, open_rows: str, last: Callable[[Row], date | None]) -> Callable[..., tuple[Any, ...]]:
    """``last`` is the last moment in time of a row; a day lasts its whole day."""

    def count(rows: Sequence[Row], known: Any) -> tuple[Any, ...]:
        hits = n = 0
        aside = dict.fromkeys(("no_start", "to_before_from", "no_promise", "not_yet_due"), 0)
        for row in rows:
            begun, done, due = moment(row[start]), moment(row[end]), last(row)
            if begun is None:
                aside["no_start"] += 1
            elif done is not None and done < begun:
                aside["to_before_from"] += 1
            elif due is None:
                aside["no_promise"] += 1
            elif open_rows == "miss" or (open_rows == "exclude" and done is not None) or is_past(due, known):
                n += 1
                hits += done is not None and is_in_time(done, due)
            else:
                aside["not_yet_due"] += 1
        said = {reason: number for reason, number in aside.items() if number}
        return 100 * hits / n if n else None, hits, n, n, said

    return count


def is_in_time(done: datetime, due: date) -> bool:
    return done <= due if isinstance(due, datetime) else done.date() <= due


def is_past(due: date, known: Any) -> bool:
    """A clock that is a day counts as its 00:00 beside a moment, and beside a day as that day."""
    return bool(due < known.as_of) if isinstance(due, datetime) else due < known.as_of.date()


def after(start: str, days: Callable[[Row], float | None]) -> Callable[[Row], date | None]:
    def last(row: Row) -> date | None:
        begun, allowed = moment(row[start]), days(row)
        return None if begun is None or allowed is None else begun + allowed * DAY

    return last


@pytest.mark.parametrize("open_rows", ["exclude", "miss", "mature"])
@pytest.mark.parametrize(
    ("start", "end", "limit", "last"),
    [
        ("opened_at", "closed_at", "5 days", after("opened_at", lambda row: 5)),
        ("opened_at", "closed_on", "5 days", after("opened_at", lambda row: 5)),
        ("opened_on", "closed_on", "30 days", lambda row: row["opened_on"] and row["opened_on"] + 30 * DAY),
        ("opened_at", "closed_at", "due_on", lambda row: row["due_on"]),
        ("opened_on", "closed_on", "due_on", lambda row: row["due_on"]),
        ("opened_on", "closed_on", "due_at", lambda row: row["due_at"]),
        ("opened_at", "closed_at", "{kind: {a: 3 days, b: 36 hours}}",
         after("opened_at", lambda row: LIMITS.get(row["kind"]))),
    ],
)  # fmt: skip
def test_a_share_within_a_limit(
    agrees: Agrees, start: str, end: str, limit: str, last: Callable[[Row], date | None], open_rows: str
) -> None:
    yaml = f"type: within, from: {start}, to: {end}, limit: {limit}, open_rows: {open_rows}"

    agrees(yaml, within(start, end, open_rows, last), time=start, examples=5)


@pytest.mark.parametrize(("word", "time"), [("closed_at", "closed_at"), ("due", "due_on")])
def test_a_share_within_a_limit_by_the_end_or_the_day_due(agrees: Agrees, word: str, time: str) -> None:
    yaml = f"type: within, from: opened_at, to: closed_at, limit: due_on, time: {word}"

    agrees(yaml, within("opened_at", "closed_at", "exclude", lambda row: row["due_on"]), time=time)


@pytest.mark.parametrize("end", ["closed_at", "closed_on"])
@pytest.mark.parametrize(
    ("measure", "by_hand", "unit", "hours"),
    [("median(elapsed)", median, "days", 24), ("max(elapsed)", max, "hours", 1), ("min(elapsed)", min, "weeks", 168)],
)
def test_the_time_taken(
    agrees: Agrees, end: str, measure: str, by_hand: Callable[[list[float]], float], unit: str, hours: int
) -> None:
    def count(rows: Sequence[Row], _: Any) -> tuple[Any, ...]:
        elapsed, aside = [], dict.fromkeys(("no_start", "open", "to_before_from"), 0)
        for row in rows:
            begun, done = moment(row["opened_at"]), moment(row[end])
            if begun is None or done is None:
                aside["no_start" if begun is None else "open"] += 1
            elif done < begun:
                aside["to_before_from"] += 1
            else:
                elapsed.append((done - begun) / timedelta(hours=hours))
        said = {reason: number for reason, number in aside.items() if number}
        return by_hand(elapsed) if elapsed else None, None, None, len(elapsed), said

    agrees(
        f"type: duration, from: opened_at, to: {end}, unit: {unit}, measure: {measure}, time: {end}", count, time=end
    )
