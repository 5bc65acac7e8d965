"""What a metric's words stand on, and the conditions over one row that they become."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler.business import business_index
from civicstat.compiler.constructs import elapsed_us
from civicstat.compiler.passed import passed_us
from civicstat.compiler.row import AsOfValue, row_sql
from civicstat.period import FiscalYear
from civicstat.spec import BusinessDays, ColumnType, Dataset, Expr

__all__ = ["Counting", "Promise", "Scope"]

Sql = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a metric's words stand on: its dataset's columns, clock and calendar."""

    dataset: Dataset
    columns: Mapping[str, Sql]
    as_of: AsOfValue | None
    fiscal_year: FiscalYear
    working: BusinessDays | None = None
    zone: str = "UTC"

    def kind(self, name: str) -> ColumnType:
        """Return the declared type of a column."""
        return self.dataset.types()[name]

    def business(self, moment: Sql) -> Sql:
        """Return the number of business days up to the day of ``moment``."""
        if self.working is None:
            raise ValueError("business days are counted where the city names none")
        return business_index(moment, self.working)

    def micros(self, start: Sql, end: Sql, *, true_time: bool) -> Sql:
        """Return the microseconds between two moments, as wall clocks read or those that truly passed."""
        return passed_us(start, end, self.zone) if true_time else elapsed_us(start, end)

    def sql(self, expr: Expr, **builtin: Sql) -> Sql:
        """Return a row expression over the columns and the built-in ones given."""
        return row_sql(expr, {**self.columns, **builtin}, self.as_of, self.fiscal_year, self.working)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a promise is judged by whatever the clock says, never null but for ``due``.

    ``base``: the row counts, now or later; ``hit``: the promise was kept. A row counts from the moment on that lies
    after ``due``, or at once where that is null; ``at`` is the clock as ``due`` is compared with it.
    """

    base: Sql
    hit: Sql
    due: Sql
    at: Sql


@dataclass(frozen=True, slots=True)
class Counting:
    """Conditions over one row, each never null.

    ``counted``: the row is part of the number. ``hit``: it is in the numerator. ``pending``: its outcome is still
    open, so that its period is provisional. ``aside``: reason → condition, disjoint, none of them counted.
    ``builtin``: columns that a measure may use (``elapsed``). ``sides``: for a ratio, the rows of its numerator and of
    its denominator. ``promise``: for a share inside a limit, the same conditions without the clock. ``recordings``:
    for the average of a level, how many recordings there are. ``still_open``: the row counts with the time it has
    lasted so far. ``weight``: for the change of a cohort, what its load now is multiplied by.
    """

    counted: Sql
    hit: Sql | None = None
    pending: Sql | None = None
    aside: Mapping[str, Sql] = field(default_factory=dict)
    builtin: Mapping[str, Sql] = field(default_factory=dict)
    sides: tuple[Sql, Sql] | None = None
    promise: Promise | None = None
    recordings: Sql | None = None
    still_open: Sql | None = None
    weight: Sql | None = None

    def named(self, name: Callable[[str, Sql], Sql]) -> Counting:
        """Return the same conditions, each replaced by the column that ``name`` makes of its role and itself."""
        return Counting(
            name("counted", self.counted),
            None if self.hit is None else name("hit", self.hit),
            None if self.pending is None else name("pending", self.pending),
            {reason: name(reason, condition) for reason, condition in self.aside.items()},
            {word: name(word, value) for word, value in self.builtin.items()},
            self.sides and (name("numerator", self.sides[0]), name("denominator", self.sides[1])),
            recordings=None if self.recordings is None else name("recordings", self.recordings),
            still_open=None if self.still_open is None else name("still_open", self.still_open),
            weight=None if self.weight is None else name("weight", self.weight),
        )
