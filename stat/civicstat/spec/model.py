"""What a city declares, as typed values: the result of reading ``metrics/`` without a fault."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from civicstat.errors import Place
from civicstat.period import FiscalYear
from civicstat.spec.beside import Benchmark, Break, Rebase, Spc
from civicstat.spec.dimension import Dimension
from civicstat.spec.expr import ColumnType, Expr
from civicstat.spec.kinds import Made, RowBody
from civicstat.spec.promised import Goal, Near
from civicstat.spec.query import Query

__all__ = [
    "AsOf",
    "Benchmark",
    "Better",
    "Break",
    "BusinessDays",
    "Check",
    "City",
    "ColumnDef",
    "Dataset",
    "Department",
    "Derived",
    "Format",
    "Goal",
    "Keep",
    "Metric",
    "Near",
    "Privacy",
    "Project",
    "Rebase",
    "Records",
    "Source",
    "Spc",
    "Text",
    "Unpivot",
    "Updates",
    "WorkedExample",
]

Text = Mapping[str, str]
"""A text in each language of the city: ``{"en": …, "es": …}``; a missing language falls back to the first."""

Better = Literal["higher", "lower", "within", "neither"]


@dataclass(frozen=True, slots=True)
class Privacy:
    """Counts from 1 to ``min_count`` - 1 are withheld in slices by ``dimensions`` (empty: in all, totals too)."""

    min_count: int
    dimensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """All days but those of the ``weekend`` (Monday 0) and those ``closed``, holidays among them."""

    weekend: tuple[int, ...]
    closed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class City:
    """``city.yaml``. ``notice`` stands at the top of every page."""

    name: Text
    languages: tuple[str, ...]
    time_zone: str
    fiscal_year: FiscalYear
    week_start: int = 0  # Monday
    business_days: BusinessDays | None = None
    period: str = "month"
    themes: Mapping[str, Text] = field(default_factory=dict)
    privacy: Privacy | None = None
    near: Near | None = None
    status_words: Mapping[str, Text] = field(default_factory=dict)
    notice: Text | None = None
    office: Text | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file or a glob, relative to the project, and its reading words; None is guessed over the whole file.

    With ``query``, which ``sql`` is as written, the rows are of other datasets and there is no ``file``.
    """

    file: str
    take: Literal["all", "last", "first"] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header: int | None = None  # row number of the header, counted from 1
    records: str | None = None  # path of the list of records in JSON, keys joined by points
    query: Query | None = None
    sql: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ColumnDef:
    """A declared column. ``format`` are strptime patterns in order, of a duration patterns as ``mm:ss``.

    ``zone`` is where its moments were written, whatever they say themselves; "" goes by what they say.

    ``source`` is the heading in the file, with ``#2`` behind it the second of that name, ``$3`` the third column.
    ``split``: the character between the members that one value holds.
    """

    name: str
    source: str
    type: ColumnType
    format: tuple[str, ...] = ()
    required: bool = False
    values: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    map: Mapping[str, str] = field(default_factory=dict)
    split: str = ""
    zone: str = ""
    unit: Text | None = None
    sensitive: bool = False
    title: Text | None = None
    description: Text | None = None
    place: Place | None = None

    @property
    def held(self) -> ColumnType:
        """The type of its values once they are read: a duration is a number of seconds."""
        return ColumnType.NUMBER if self.type is ColumnType.DURATION else self.type


@dataclass(frozen=True, slots=True)
class Unpivot:
    """Headings that become rows: column → the heading that fills it, in which `{name}` stands for what is read."""

    name: str
    patterns: Mapping[str, str]

    def members(self, headings: Sequence[str], taken: Collection[int]) -> dict[str, dict[str, int]]:
        """Return what ``name`` stands for, in the order of the headings, and where each column has its values.

        Headings that are ``taken`` are columns of their own. Of several that fit, the pattern with most letters counts.

        >>> Unpivot("year", {"spent": "Spent {year}"}).members(["Unit", "Spent 2024", "Spent 2025"], [0])
        {'2024': {'spent': 1}, '2025': {'spent': 2}}
        """
        found: dict[str, dict[str, int]] = {}
        for place, heading in enumerate(headings):
            for column, pattern in sorted(self.patterns.items(), key=lambda item: -len(item[1])):
                before, after = (part.strip() for part in pattern.split(f"{{{self.name}}}"))
                inside = heading.removeprefix(before).removesuffix(after)
                if place not in taken and inside.strip() and heading == f"{before}{inside}{after}":
                    found.setdefault(inside.strip(), {}).setdefault(column, place)
                    break
        return found


@dataclass(frozen=True, slots=True)
class Derived:
    """A computed column; ``sql`` is the text as declared, for the page that explains it."""

    name: str
    expr: Expr
    sql: str
    type: ColumnType
    sensitive: bool = False  # derived from a sensitive column
    title: Text | None = None
    description: Text | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """``not_null unique`` (columns), ``range`` (low, high), ``values`` (allowed), ``expect`` (a row condition).

    Level ``error`` refuses the load; ``warn`` counts and shows.
    """

    kind: Literal["not_null", "unique", "range", "values", "expect"]
    level: Literal["error", "warn"]
    columns: tuple[str, ...] = ()
    low: Any = None
    high: Any = None
    allowed: tuple[str, ...] = ()
    expr: Expr | None = None
    sql: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """Which of the rows with one key stays: ``first last`` in file order, ``latest earliest`` by ``columns``."""

    how: Literal["first", "last", "latest", "earliest"]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AsOf:
    """The dataset's clock: a fixed moment, or the greatest value of ``columns``; neither: when it was fetched."""

    at: date | datetime | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Updates:
    """How often the dataset is expected, and after how many days without news it is late or stale."""

    every: str | None = None
    warn_after_days: int | None = None
    stale_after_days: int | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """What is seen when a number is opened. ``public`` is the allow-list; empty: rows stay with the staff."""

    columns: tuple[str, ...] = ()
    public: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table of city records. ``covers`` are closed ranges of ``time``; ``lag`` days make a day complete."""

    name: str
    title: Text
    row: Text
    source: Source
    columns: Mapping[str, ColumnDef]
    description: Text | None = None
    key: tuple[str, ...] = ()
    keep: Keep | None = None
    time: str | None = None
    as_of: AsOf = AsOf()
    covers: tuple[tuple[date, date], ...] = ()
    lag: int = 0
    unpivot: Unpivot | None = None
    derive: Mapping[str, Derived] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    updates: Updates = Updates()
    records: Records = Records()
    owner: Text | None = None
    steward: Text | None = None
    sensitivity: str | None = None
    license: str | None = None
    place: Place | None = None

    def types(self) -> dict[str, ColumnType]:
        """Return every column a condition may name, declared and derived, with its type."""
        declared = {name: column.held for name, column in self.columns.items()}
        return declared | {name: derived.type for name, derived in self.derive.items()}

    def sensitive(self) -> frozenset[str]:
        """Return the columns that are sensitive, or computed from one that is."""
        every: list[ColumnDef | Derived] = [*self.columns.values(), *self.derive.values()]
        return frozenset(item.name for item in every if item.sensitive)

    def column_title(self, name: str) -> Text | None:
        """Return what people call a column, None where the city gave it no title."""
        column = self.columns.get(name) or self.derive.get(name)
        return column.title if column else None


@dataclass(frozen=True, slots=True)
class Format:
    """How a value is printed; None is the unit's own habit."""

    decimals: int | None = None
    compact: bool = False
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """Rows, a clock and what is expected of them: period to value in the metric's unit, None for no value."""

    rows: tuple[Mapping[str, Any], ...]
    as_of: date | datetime | None
    expect: Mapping[str, float | None]
    decimals: Mapping[str, int]
    within: float | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """One number a department answers for.

    ``time`` is the column that puts a row in a period (semantics 2); None for a dataset without time. A metric made of
    others has no ``dataset`` (empty) and no ``time`` of its own.
    ``goal`` None with ``statistic`` true is ``goal: none``, a management statistic. Of several goals ``goal`` is the
    last, ``earlier_goals`` those before it in order.
    """

    name: str
    title: Text
    dataset: str
    body: RowBody | Made
    time: str | None
    unit: str
    why: Text | None = None
    theme: str | None = None
    where: Expr | None = None
    where_sql: str = ""
    format: Format = Format()
    better: Better = "neither"
    dimensions: tuple[Dimension, ...] = ()
    period: str = "month"
    owner: Text | None = None
    method: Text | None = None
    caveats: Text | None = None
    visibility: Literal["public", "staff", "department"] = "public"
    since: date | None = None
    privacy: Privacy | None = None
    tests: tuple[WorkedExample, ...] = ()
    goal: Goal | None = None
    earlier_goals: tuple[Goal, ...] = ()
    statistic: bool = False
    benchmarks: tuple[Benchmark, ...] = ()
    spc: Spc | None = None
    breaks: tuple[Break, ...] = ()
    source: str = ""  # the YAML of this metric as written, for "how it is counted"
    place: Place | None = None

    @property
    def goals(self) -> tuple[Goal, ...]:
        """Every goal it has or had, in order."""
        return (*self.earlier_goals, self.goal) if self.goal else ()


@dataclass(frozen=True, slots=True)
class Department:
    """Who answers, and for which metrics, in the order shown."""

    name: str
    title: Text
    metrics: tuple[str, ...]
    mission: Text | None = None
    head: Text | None = None
    contact: str | None = None
    themes: tuple[str, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What happened on a day, or until ``end`` (included); it concerns these metrics and departments, or everything."""

    start: date
    end: date | None
    text: Text
    metrics: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    source: str = ""
    line: int = 0  # where it stands in `metrics/events.csv`


@dataclass(frozen=True, slots=True)
class Project:
    """Everything declared under ``root/metrics``; ``files`` are the texts as read, by path relative to ``root``."""

    root: Path
    city: City
    datasets: Mapping[str, Dataset]
    departments: Mapping[str, Department]
    metrics: Mapping[str, Metric]
    files: Mapping[str, str]
    events: tuple[Event, ...] = ()
