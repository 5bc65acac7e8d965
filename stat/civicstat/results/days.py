"""The days of a dataset's rows, and for any span of them a name that changes when one of its rows does."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

import sqlalchemy as sa
from sqlalchemy import Connection

from civicstat.compiler import Moment, plan_days

__all__ = ["Days", "find_days"]

Print = tuple[int, int]  # rows, and the sum of their hashes


@dataclass(slots=True)
class Days:
    """Rows by the day of one moment, and those without a day (None)."""

    prints: Mapping[date | None, Print]
    dated: list[date] = field(init=False)
    _sums: list[Print] = field(init=False)

    def __post_init__(self) -> None:
        self.dated = sorted(day for day in self.prints if day is not None)
        self._sums = list(accumulate((self.prints[day] for day in self.dated), _plus, initial=(0, 0)))

    def between(self, first: date | None, end: date | None, *, undated: bool) -> str:
        """Return a name of the rows of ``first <= day < end`` (None: no bound), and where asked of the undated ones."""
        low = 0 if first is None else bisect_left(self.dated, first)
        high = len(self.dated) if end is None else bisect_left(self.dated, end)
        (before, start), (through, finish) = self._sums[low], self._sums[max(low, high)]
        rows, total = self.prints.get(None, (0, 0)) if undated else (0, 0)
        return f"{through - before + rows}:{finish - start + total:x}"

    @classmethod
    def joined(cls, parts: Iterable[Days]) -> Days:
        """Return the days of rows that lie in several tables."""
        prints: dict[date | None, Print] = {}
        for part in parts:
            for day, found in part.prints.items():
                prints[day] = _plus(prints.get(day, (0, 0)), found)
        return cls(prints)


def find_days(
    connection: Connection, table: sa.FromClause, columns: Sequence[str], moments: Sequence[Moment]
) -> dict[Moment, Days]:
    """Return the days of ``table`` by each of ``moments``, in one scan."""
    prints: dict[Moment, dict[date | None, Print]] = {moment: {} for moment in moments}
    everything = (1 << len(moments)) - 1
    marks = {everything ^ (1 << (len(moments) - 1 - place)): place for place in range(len(moments))}
    for mask, *found, rows, total in map(tuple, connection.execute(plan_days(table, columns, moments)).all()):
        place = marks[mask]
        prints[moments[place]][found[place]] = rows, int(total)
    return {moment: Days(by_day) for moment, by_day in prints.items()}


def _plus(left: Print, right: Print) -> Print:
    return left[0] + right[0], left[1] + right[1]
