"""What a metric computes, one type a way of counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from civicstat.period import Length
from civicstat.spec.expr import Aggregate, Column, ColumnType, Expr

__all__ = [
    "AGAINST",
    "ELAPSED",
    "FACTOR",
    "Change",
    "Cohort",
    "Conversion",
    "Cumulative",
    "Distinct",
    "DueColumn",
    "Duration",
    "Equivalent",
    "Factor",
    "FixedLimit",
    "Formula",
    "Limit",
    "LimitBy",
    "Made",
    "Operand",
    "Quotient",
    "Ratio",
    "Recurrence",
    "RowBody",
    "Share",
    "Shift",
    "Side",
    "Simple",
    "Snapshot",
    "Stock",
    "Within",
    "levels_of",
    "operands_of",
]

ELAPSED = "elapsed_"
"""Stands before a unit where true time is measured, across changes of clocks."""


@dataclass(frozen=True, slots=True)
class Simple:
    """A measure over the rows whose time falls in the period."""

    measure: Expr
    type: Literal["simple"] = "simple"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a ratio."""

    measure: Expr
    where: Expr | None = None
    where_sql: str = ""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two sides aggregated apart, then divided, times ``per``."""

    numerator: Side
    denominator: Side
    per: float
    type: Literal["ratio"] = "ratio"


@dataclass(frozen=True, slots=True)
class FixedLimit:
    """``5 days``, ``8 minutes``: an elapsed time, inclusive. Of ``5 business_days`` the days and no seconds.

    ``true_time``: what passed across changes of clocks, as ``48 elapsed_hours``.
    """

    seconds: float
    text: str
    business: int | None = None
    true_time: bool = False


@dataclass(frozen=True, slots=True)
class DueColumn:
    """A column that holds the day or moment due, as wall clocks show it."""

    column: str

    @property
    def true_time(self) -> bool:
        """Whether it is a time that passes across changes of clocks: a moment is none."""
        return False


@dataclass(frozen=True, slots=True)
class LimitBy:
    """A limit for each member of a column; members not named have none."""

    column: str
    limits: Mapping[str, FixedLimit]

    @property
    def true_time(self) -> bool:
        """Whether the limits are times that pass across changes of clocks; all are, or none."""
        return any(limit.true_time for limit in self.limits.values())


Limit = FixedLimit | DueColumn | LimitBy


@dataclass(frozen=True, slots=True)
class Within:
    """Share finished inside the limit; ``open_rows`` says what an open row not yet due does."""

    start: str
    end: str
    limit: Limit
    open_rows: Literal["exclude", "miss", "mature"] = "exclude"
    type: Literal["within"] = "within"


@dataclass(frozen=True, slots=True)
class Duration:
    """A measure of ``elapsed``, in ``unit`` (seconds, minutes, … or business_days), over finished rows.

    ``open_rows`` ``censor``: open rows count too, as lasting longer than they have lasted so far.

    ``true_time``: what passed across changes of clocks (``elapsed_days``), not the difference of wall clocks.
    """

    start: str
    end: str
    unit: Literal["seconds", "minutes", "hours", "days", "weeks", "business_days"]
    measure: Expr
    true_time: bool = False
    open_rows: Literal["exclude", "censor"] = "exclude"
    type: Literal["duration"] = "duration"


@dataclass(frozen=True, slots=True)
class Stock:
    """Rows open at the end of each period; ``age`` (days) may stand in ``measure`` and in the metric's ``where``.

    Without ``closed`` no row is ever closed.
    """

    opened: str
    closed: str | None
    measure: Expr
    type: Literal["stock"] = "stock"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A level that is recorded at intervals: of a period the ``last`` recording, the ``first``, or the ``avg`` of all.

    The rows of one moment are one recording, and ``measure`` is taken of it.
    """

    measure: Expr
    take: Literal["last", "first", "avg"]
    type: Literal["snapshot"] = "snapshot"


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many different people or places the rows of the period are of: the values of the column ``entity``."""

    entity: str
    kind: ColumnType
    type: Literal["distinct"] = "distinct"

    @property
    def measure(self) -> Expr:
        """The same as a measure."""
        return Aggregate("count", Column(self.entity, self.kind), ColumnType.INTEGER, distinct=True)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The ``top`` entities of most load in the time ``before`` the day ``on``, on which they are written down."""

    top: int
    on: date
    before: Length

    @property
    def begins(self) -> date:
        """The first day of the time in which they are found."""
        return self.before.before(self.on)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """People or places that come again, over a window that ends with the period.

    ``entities``: how many have more than ``more_than`` rows in it; ``share``: which part of the ``measure`` of all rows
    in it is theirs; ``change``: how that of a ``cohort`` has changed from the time before it was written down.
    """

    entity: str
    kind: ColumnType
    measure: Aggregate
    over: Length
    show: Literal["entities", "share", "change"] = "entities"
    more_than: int = 0
    cohort: Cohort | None = None
    type: Literal["recurrence"] = "recurrence"


@dataclass(frozen=True, slots=True)
class Conversion:
    """The share of people or places with a second event, a row of ``then``, ``inside`` a time after the first.

    A first event is a row of ``base``; it counts once the time after it has passed. The texts are as declared.
    """

    base: Expr
    then: Expr
    entity: str
    kind: ColumnType
    inside: FixedLimit
    base_sql: str = ""
    then_sql: str = ""
    type: Literal["conversion"] = "conversion"


Shift = Literal["", "prior_period", "prior_year"]


@dataclass(frozen=True, slots=True)
class Operand:
    """Another metric's number in the same period, or in an earlier one.

    ``shift`` is a ``Shift`` or the name of a period: of the metric's own kind that very period, of a year the same one
    in that year.
    """

    metric: str
    shift: str = ""

    @property
    def name(self) -> str:
        """What it is called in a formula, as in ``requests@prior_year``."""
        return f"{self.metric}@{self.shift}" if self.shift else self.metric


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic on the numbers of other metrics, which are the ``Column`` leaves of ``expr`` by their names."""

    expr: Expr
    text: str
    operands: tuple[Operand, ...]
    type: Literal["derived"] = "derived"


@dataclass(frozen=True, slots=True)
class Share:
    """Each part of a metric in its whole: the total, or with ``of`` the one member of a dimension."""

    metric: str
    of: tuple[str, str] | None = None
    type: Literal["share"] = "share"


@dataclass(frozen=True, slots=True)
class Change:
    """What a metric's number is against another: in percent of that, in points, as a difference or a ratio.

    The other is the number of an earlier period, one of ``against`` for each slice of ``AGAINST`` where there are
    several and the first for the total; or with ``member`` that of one member of a dimension in the same period.
    """

    metric: str
    against: tuple[str, ...]
    how: Literal["percent", "points", "difference", "ratio"]
    member: tuple[str, str] | None = None
    type: Literal["change"] = "change"


AGAINST = "against"
"""The dimension by which a number is held against several earlier ones."""

FACTOR = "factor"
"""The dimension by which a number is what factors of other sources make of it."""


@dataclass(frozen=True, slots=True)
class Cumulative:
    """The total or the average of a metric's numbers up to a period: of the fiscal year, of all, or of the last few.

    ``over`` is the number of periods in the last case. ``pooled``: what is averaged are quotients, of which all
    numerators together are divided by all denominators, times ``per``.
    """

    metric: str
    over: Literal["fiscal_year", "all"] | int
    how: Literal["total", "average"]
    pooled: bool = False
    per: float = 1.0
    type: Literal["cumulative"] = "cumulative"


@dataclass(frozen=True, slots=True)
class Quotient:
    """One metric's number divided by another's, times ``per``; ``annual``: as many as that would be in a year.

    ``levels`` are those of the two that hold until the next one is known, as the residents of a census do.
    """

    numerator: str
    denominator: str
    per: float
    annual: bool = False
    levels: tuple[str, ...] = ()
    type: Literal["ratio"] = "ratio"


@dataclass(frozen=True, slots=True)
class Factor:
    """What one unit of a metric is in another unit, by an official source, for periods that begin on a day or later."""

    value: float
    source: Mapping[str, str]
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A metric's number in another unit; ``others`` are the factors of other sources by their names.

    Factors stand in the order of their days. The one in force where a period of the metric begins is its factor.
    """

    metric: str
    factors: tuple[Factor, ...]
    others: Mapping[str, tuple[Factor, ...]]
    type: Literal["equivalent"] = "equivalent"


RowBody = Simple | Ratio | Within | Duration | Stock | Snapshot | Distinct | Recurrence | Conversion
"""What counts rows of a dataset."""

Made = Formula | Share | Change | Cumulative | Quotient | Equivalent
"""What is made of the numbers of other metrics."""


def levels_of(body: RowBody | Made) -> tuple[str, ...]:
    """Return the metrics of which a number made of others takes the last one known, whatever their periods are."""
    return body.levels if isinstance(body, Quotient) else ()


def operands_of(body: RowBody | Made) -> tuple[Operand, ...]:
    """Return the numbers that a metric is made of, each once; none for one that counts rows."""
    match body:
        case Formula(operands=operands):
            return operands
        case Share(metric=metric) | Cumulative(metric=metric) | Equivalent(metric=metric):
            return (Operand(metric),)
        case Quotient(numerator=top, denominator=under):
            return Operand(top), Operand(under)
        case Change(metric=metric, against=against):
            return Operand(metric), *(Operand(metric, shift) for shift in against)
    return ()
