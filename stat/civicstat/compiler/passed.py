"""True time in SQL: local wall clocks become seconds since 1970 by the offsets of the city's zone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.constructs import elapsed_us, epoch_us
from civicstat.compiler.engines import apart

__all__ = ["offset_lists", "passed_us", "true_us"]

Sql = ColumnElement[Any]

_FIRST, _LAST = 1980, 2059
_YEARS = _LAST - _FIRST + 1
_SECOND = 1_000_000
_DAY = timedelta(days=1)


def passed_us(start: Sql, end: Sql, zone: str) -> Sql:
    """Return the microseconds that truly passed between two local moments (semantics 3).

    A time that the clocks jumped over is none; such times that go forward on the wall do not run backwards here.
    """
    passed = true_us(end, zone, end=True) - true_us(start, zone, end=False)
    nothing: Sql = sa.literal_column("0", sa.BigInteger())
    return sa.case((elapsed_us(start, end) >= 0, sa.func.greatest(passed, nothing)), else_=passed)


def true_us(moment: Sql, zone: str, *, end: bool) -> Sql:
    """Return the microseconds from 1970 to a local moment; ``end``: it is where a time ends."""
    year = sa.extract("year", moment) - sa.literal_column(str(_FIRST - 1))
    place = sa.func.least(sa.func.greatest(year, sa.literal_column("1")), sa.literal_column(str(_YEARS)))
    base, *changes = offset_lists(zone, end=end).values()
    clock = epoch_us(moment)

    def of_year(entries: str) -> Sql:
        listed = sa.literal_column(entries, sa.BigInteger())
        return sa.cast(apart("number_at", listed, sa.cast(place, sa.BigInteger())), sa.BigInteger())

    offset = of_year(base)
    for at, step in zip(changes[::2], changes[1::2], strict=True):
        changed = clock >= of_year(at) * _micros()
        offset = offset + sa.case((changed, of_year(step)), else_=sa.literal_column("0"))
    return clock - offset * _micros()


@lru_cache(maxsize=8)
def offset_lists(zone: str, *, end: bool) -> dict[str, str]:
    """Return by a name for people the lists with an entry a year from 1980, as SQL: seconds ahead of UTC when it
    begins, and for each change in it the local second it comes at and how far it goes.

    In an hour that is there twice a start is of the first pass, an end of the second one.
    """
    base, inside = _offsets(zone, end=end)
    word = "ends" if end else "starts"
    lists = {f"seconds_ahead_of_utc_for_{word}": _listed(base)}
    for place in range(max(map(len, inside))):
        held = [found[place] if place < len(found) else (None, None) for found in inside]
        lists[f"clock_change_{place + 1}_for_{word}"] = _listed([at for at, _ in held])
        lists[f"seconds_changed_{place + 1}_for_{word}"] = _listed([step for _, step in held])
    return lists


def _listed(entries: Sequence[int | None]) -> str:
    return "[" + ", ".join("NULL" if entry is None else str(entry) for entry in entries) + "]"


def _micros() -> Sql:
    return sa.literal_column(str(_SECOND), sa.BigInteger())


def _offsets(zone: str, *, end: bool) -> tuple[list[int], list[list[tuple[int, int]]]]:
    """Return the offset at the beginning of each year, in seconds, and the changes in it: at which second, how far."""
    here = ZoneInfo(zone)
    begins = [int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in range(_FIRST, _LAST + 2)]  # on the wall
    offset = _seconds(datetime(_FIRST - 1, 12, 31, tzinfo=UTC).astimezone(here))
    waiting = deque(_changes(here, end=end))
    base: list[int] = []
    inside: list[list[tuple[int, int]]] = []
    for first, after in pairwise(begins):
        while waiting and waiting[0][0] <= first:
            offset += waiting.popleft()[1]
        base.append(offset)
        inside.append([])
        while waiting and waiting[0][0] < after:
            inside[-1].append(waiting.popleft())
            offset += inside[-1][-1][1]
    return base, inside


def _changes(here: ZoneInfo, *, end: bool) -> Iterator[tuple[int, int]]:
    """Yield the seconds on the wall clock from which the offset is another one, and by how much."""
    day = datetime(_FIRST - 1, 12, 31, tzinfo=UTC)
    while day.year <= _LAST:
        before, after = (_seconds(moment.astimezone(here)) for moment in (day, day + _DAY))
        if before != after:
            low, high = int(day.timestamp()), int((day + _DAY).timestamp())
            while high - low > 1:
                middle = (low + high) // 2
                if _seconds(datetime.fromtimestamp(middle, here)) == before:
                    low = middle
                else:
                    high = middle
            repeated = after < before
            yield high + (after if repeated and end else max(before, after)), after - before
        day += _DAY


def _seconds(moment: datetime) -> int:
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset else 0
