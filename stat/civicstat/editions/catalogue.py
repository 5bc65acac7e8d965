"""What an edition says about its city, departments, metrics and datasets: all that a page needs besides readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

__all__ = [
    "BenchmarkInfo",
    "BreakInfo",
    "Catalogue",
    "CityInfo",
    "DatasetInfo",
    "DepartmentInfo",
    "DimensionInfo",
    "EventInfo",
    "ExampleInfo",
    "GoalInfo",
    "MetricInfo",
    "RebaseInfo",
    "SpcInfo",
]

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CityInfo:
    """The city, its languages and its calendar; ``period`` is the default grain."""

    name: Text
    languages: tuple[str, ...]
    time_zone: str
    fiscal_year: Mapping[str, object]  # {"starts": 7, "named_by": "end"}
    week_start: int
    period: str
    themes: Mapping[str, Text] = field(default_factory=dict)
    status_words: Mapping[str, Text] = field(default_factory=dict)
    notice: Text | None = None
    office: Text | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class DepartmentInfo:
    """A department and its metrics in declared order (public ones only, in the public file)."""

    name: str
    title: Text
    metrics: tuple[str, ...]
    mission: Text | None = None
    head: Text | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class DimensionInfo:
    """A way to split a metric, and its members in the order in which they are shown.

    ``by`` is its name in addresses and asks for its readings. ``kind`` is ``plain``, ``bands``, ``top`` (``other`` is
    the rest), ``against`` (members are the earlier periods a number is held against), or ``cross``: its ``members`` are
    those of its ``parts``, in the order of ``columns``. ``multiple``: a row may be in several members, which do not add
    up. Slices of fewer than ``min_n`` rows have no value. ``ordered``: the order of its members says something, as that
    of bands does and one that the city gave.
    """

    by: str
    title: Text | None
    members: tuple[str, ...]
    columns: tuple[str, ...] = ()
    kind: str = "plain"
    multiple: bool = False
    min_n: int = 0
    parts: tuple[DimensionInfo, ...] = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class GoalInfo:
    """The goal as printed: ``target`` a number or a pair, in the metric's unit; None where it is another from period to
    period, which ``plan`` then says: each reading has its own.

    ``judge`` is the kind of period that is compared with it; ``to_date``: a year as it runs. ``near`` is the last value
    that still counts as near, of a range one on each side; None where no margin is set, or where it moves: ``margin``
    is then its kind and size. It stands for periods whose last day lies from ``begins`` to ``ends``, ISO days.
    ``slices`` are the targets of members, by dimension; ``hold`` periods in a row change a status.
    """

    target: float | tuple[float, float] | None
    judge: str
    compare_at: int | None = None
    authority: Text | None = None
    set_on: str | None = None
    owner: Text | None = None
    note: Text | None = None
    near: float | tuple[float, float] | None = None
    plan: Mapping[str, Any] = field(default_factory=dict)
    to_date: bool = False
    pace: str | tuple[float, ...] | None = None
    margin: tuple[Literal["share", "units", "value"], float] | None = None
    begins: str | None = None
    ends: str | None = None
    slices: Mapping[str, Mapping[str, float | tuple[float, float]]] = field(default_factory=dict)
    hold: int = 1

    def stood(self, end: date | None) -> bool:
        """Return whether it was set before a period's ``end``: what was not promised yet is neither met nor missed."""
        return not self.set_on or end is None or end > date.fromisoformat(self.set_on)

    def covers(self, last: date) -> bool:
        """Return whether it is the goal of a period with that last day."""
        begins, ends = (date.fromisoformat(day) if day else None for day in (self.begins, self.ends))
        return (begins is None or begins <= last) and (ends is None or last <= ends)


@dataclass(frozen=True, slots=True)
class BenchmarkInfo:
    """What others achieve, in the metric's unit, of which year, and where that can be looked up."""

    who: Text
    value: float
    year: int
    source: Text


@dataclass(frozen=True, slots=True)
class BreakInfo:
    """A day (ISO) from which a metric means something else, what changed, and whether it forbids to compare."""

    on: str
    what: Text
    compare: str


@dataclass(frozen=True, slots=True)
class RebaseInfo:
    """A step after which mean and limits begin anew, ``on`` an ISO day, with its cause and who decided it."""

    on: str
    why: Text
    by: Text


@dataclass(frozen=True, slots=True)
class SpcInfo:
    """How a metric's process behaviour charts are made: the dialect, its numbers, the basis and the steps."""

    rules: str
    screen: bool
    shift: int
    trend: int
    two_of_three: str
    least: int
    baseline: int | None = None
    rebase: tuple[RebaseInfo, ...] = ()


@dataclass(frozen=True, slots=True)
class ExampleInfo:
    """A worked example: made-up rows of these ``columns``, days and moments as ISO text, and what each period gives.

    ``expect`` is in the metric's unit, None where no value is expected; ``decimals`` are those it was written with.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | bool | None, ...], ...]
    as_of: str | None
    expect: Mapping[str, float | None]
    decimals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """A metric as a page tells it.

    ``datasets`` are those its rows are of; of a metric made of others, ``made_of``, those behind these, and its own
    ``dataset`` is "". ``counted`` are sentences in each language ("by month opened", the limit, what is set aside);
    ``sql`` the query of its rows and ``declaration`` its YAML. ``rows`` says whether its rows can be opened in this
    file. ``error`` is set where the metric failed in this build: the page shows its card with the reason and no number.
    ``chance``: numerator and denominator are those of a share or of a rate of events, ``per`` times their quotient
    being the value; of a ``censored`` duration they are the rows finished and all. ``goal`` is the one of the last
    complete period, ``goals`` are all it has or had, in order. ``warning``: what is said wherever the number is drawn,
    lest it be taken for what it is not.
    """

    name: str
    title: Text
    type: str
    dataset: str
    time: str | None
    unit: str
    better: str
    decimals: int
    prefix: str
    suffix: str
    compact: bool
    period: str
    visibility: str
    why: Text | None = None
    theme: str | None = None
    departments: tuple[str, ...] = ()
    dimensions: tuple[DimensionInfo, ...] = ()
    goal: GoalInfo | None = None
    benchmarks: tuple[BenchmarkInfo, ...] = ()
    spc: SpcInfo | None = None
    statistic: bool = False
    owner: Text | None = None
    method: Text | None = None
    caveats: Text | None = None
    warning: Text | None = None
    since: str | None = None
    min_count: int = 0
    counted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sql: str = ""
    declaration: str = ""
    examples: tuple[ExampleInfo, ...] = ()
    rows: bool = False
    error: Text | None = None
    datasets: tuple[str, ...] = ()
    made_of: tuple[str, ...] = ()
    last: str | None = None  # the period a page opens on: the last complete one
    chance: str = ""
    censored: bool = False
    breaks: tuple[BreakInfo, ...] = ()
    per: float = 1.0
    goals: tuple[GoalInfo, ...] = ()

    def broken(self, earlier: date | None, end: date | None) -> BreakInfo | None:
        """Return the break that forbids to hold a period that ends before ``end`` against one begun ``earlier``."""
        known = [item for item in self.breaks if item.compare == "refuse"] if earlier and end else []
        return next((item for item in known if str(earlier) < item.on < str(end)), None)

    def goal_of(self, end: date | None) -> GoalInfo | None:
        """Return the goal of a period by its ``end``, the day after its last; of what has no end the present one."""
        if end is None or len(self.goals) < 2:
            return self.goal
        return next((goal for goal in reversed(self.goals) if goal.covers(end - timedelta(days=1))), self.goal)


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """A dataset's title, owner, clock and counts: read = loaded + duplicates + quarantined.

    ``as_of``, ``first`` and ``complete_through`` are ISO text. ``quarantine`` is reason code → count, ``missing``
    column → word → count, ``unmapped`` column → number of rows kept unmapped, ``checks`` {name, level, failing}.
    ``columns`` are {name, type, unit, title, description, sensitive, public}. ``every`` says how often news is
    expected; ``late``: none came for longer than the city set, at the day of the build, and not yet so long that it is
    stale. ``made_of`` are the datasets whose rows its own are made of, where it has no files.
    """

    name: str
    title: Text
    row: Text
    description: Text | None
    source: str
    time: str | None
    as_of: str | None
    first: str | None
    complete_through: str | None
    covers: tuple[tuple[str, str], ...]
    lag: int
    stale: bool
    read: int
    loaded: int
    duplicates: int
    quarantined: int
    no_date: int
    after_as_of: int
    files: int
    loaded_at: str
    quarantine: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unmapped: Mapping[str, int] = field(default_factory=dict)
    checks: tuple[Mapping[str, object], ...] = ()
    guessed: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[Mapping[str, object], ...] = ()
    key: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    owner: Text | None = None
    steward: Text | None = None
    license: str | None = None
    sensitivity: str | None = None
    made_of: tuple[str, ...] = ()
    every: str | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class EventInfo:
    """What happened on an ISO day, or from it to ``end``; it concerns these metrics and departments, or all."""

    start: str
    end: str | None
    text: Text
    metrics: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    source: str = ""

    def concerns(self, metric: MetricInfo) -> bool:
        """Return whether a chart of the metric is marked with it."""
        anything = not self.metrics and not self.departments
        return anything or metric.name in self.metrics or not set(self.departments).isdisjoint(metric.departments)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything declared, as this edition publishes it."""

    city: CityInfo
    departments: Mapping[str, DepartmentInfo]
    metrics: Mapping[str, MetricInfo]
    datasets: Mapping[str, DatasetInfo]
    events: tuple[EventInfo, ...] = ()

    def behind(self, metric: MetricInfo) -> tuple[DatasetInfo, ...]:
        """Return the datasets whose rows a metric stands on."""
        return tuple(self.datasets[name] for name in metric.datasets if name in self.datasets)

    def complete_through(self, metric: MetricInfo) -> str | None:
        """Return the day through which all datasets behind a metric are complete; None where one never is."""
        days = [item.complete_through for item in self.behind(metric)]
        return min((day for day in days if day), default=None) if all(days) else None
