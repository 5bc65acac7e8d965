"""What a city promised: the forms a goal's target has, and the days on which a goal stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from civicstat.errors import Place

__all__ = ["Baseline", "Goal", "Improve", "Judge", "Level", "Near", "OfMetric", "Pace", "Slope", "Target", "Yearly"]

Text = Mapping[str, str]
Level = float | tuple[float, float]
"""A number in the metric's unit (percent 0-100), or an inclusive range."""

Judge = Literal["month", "quarter", "fiscal_quarter", "fiscal_year_to_date", "calendar_year_to_date", "fiscal_year"]
Pace = Literal["even", "last_year", "business_days"] | tuple[float, ...]
"""How what is due of a year's total grows; a tuple holds the shares due by the end of each part of the year."""

_GRAINS = {"fiscal_year_to_date": "fiscal_year", "calendar_year_to_date": "year"}


@dataclass(frozen=True, slots=True)
class Near:
    """The band called near: a share of the target (0.1), points or units (3.0), or a value itself."""

    kind: Literal["share", "units", "value"]
    amount: float


@dataclass(frozen=True, slots=True)
class Yearly:
    """A level for each fiscal year, by its name; of the others none."""

    levels: Mapping[str, Level]


@dataclass(frozen=True, slots=True)
class Slope:
    """From one number on a day to another by the end of a day, in equal steps a period; before it there is none."""

    start: float
    on: date
    end: float
    by: date


@dataclass(frozen=True, slots=True)
class Improve:
    """Better than the number of a year or a period before, by a share of it (0.1) or by units."""

    amount: float
    share: bool
    on: Literal["prior_year", "prior_period"]


@dataclass(frozen=True, slots=True)
class OfMetric:
    """The number that another metric has in the same period and slice."""

    metric: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """Measured first, until a day; the target follows."""

    until: date


Target = Level | Yearly | Slope | Improve | OfMetric | Baseline


@dataclass(frozen=True, slots=True)
class Goal:
    """What the city promised, for the periods whose last day lies from ``begins`` to ``ends``, both included.

    ``slices`` are targets of members, by dimension: of a slice they come before ``target``. ``hold``: so many periods
    in a row are of another status before the status is that one.
    """

    target: Target
    judge: Judge = "month"
    near: Near | None = None
    compare_at: int | None = None
    authority: Text | None = None
    set_on: date | None = None
    owner: Text | None = None
    note: Text | None = None
    place: Place | None = None
    pace: Pace | None = None
    slices: Mapping[str, Mapping[str, Level]] = field(default_factory=dict)
    hold: int = 1
    begins: date | None = None
    ends: date | None = None

    @property
    def grain(self) -> str:
        """The kind of period that is judged; a year to date is that year as it runs."""
        return _GRAINS.get(self.judge, self.judge)

    @property
    def asks_others(self) -> bool:
        """Whether it cannot be told of a period by itself: other numbers, or those of other periods, come in."""
        return isinstance(self.target, Improve | OfMetric) or self.pace == "last_year" or self.hold > 1

    @property
    def plan(self) -> dict[str, Any]:
        """How the target moves, as JSON values; nothing where it stays."""
        match self.target:
            case Yearly(levels=levels):
                return {"form": "yearly", "levels": dict(levels)}
            case Slope(start=start, on=on, end=end, by=by):
                return {"form": "slope", "from": start, "on": on.isoformat(), "to": end, "by": by.isoformat()}
            case Improve(amount=amount, share=share, on=before):
                return {"form": "improve", "by": 100 * amount if share else amount, "percent": share, "on": before}
            case OfMetric(metric=name):
                return {"form": "metric", "metric": name}
            case Baseline(until=until):
                return {"form": "baseline", "until": until.isoformat()}
        return {}
