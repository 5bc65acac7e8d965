"""A made-up edition with a number in every state, for component trees of whole pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml
from dash.development.base_component import Component

from civicstat.editions import (
    Catalogue,
    Change,
    Changes,
    DepartmentInfo,
    Edition,
    MetricInfo,
    Published,
    Restatement,
    RowsPage,
)
from civicstat.pages.ask import Ask
from civicstat.pages.components import Markup
from civicstat.pages.layouts import metric_page
from civicstat.period import Calendar, FiscalYear
from civicstat.results import ProcessChart, Reading, Reason, Status

if TYPE_CHECKING:
    from civicstat.editions.changes import Cause, Kind

CALENDAR = Calendar(FiscalYear(7))


@dataclass
class FakeEdition:
    """What a page asks of an edition, from lists."""

    catalogue: Catalogue
    found: Mapping[str, Sequence[Reading]]
    pages: Mapping[str, RowsPage] = field(default_factory=dict)
    id: str = "2026-11-03-abc"
    published_at: datetime = datetime(2026, 11, 3, 7, tzinfo=UTC)
    as_of: date = date(2026, 11, 3)
    office: bool = False
    calendar: Calendar = CALENDAR
    changes: Changes | None = None
    log: Sequence[Restatement] = ()
    charts: Sequence[ProcessChart] = ()

    def restatements(self, metric: str) -> list[Restatement]:
        return [item for item in self.log if item.metric == metric]

    def chart(self, metric: str, slice: Mapping[str, str]) -> ProcessChart | None:  # noqa: A002
        return next((item for item in self.charts if item.slice == slice), None)

    def published(self) -> list[Published]:
        this = Published(self.id, self.as_of, self.published_at)
        return [this, *([self.changes.previous] if self.changes else [])]

    def readings(
        self, metric: str, *, grain: str | None = None, period: str | None = None, dimension: str = ""
    ) -> list[Reading]:
        return [
            item
            for item in self.found.get(metric, ())
            if (grain is None or item.grain == grain)
            and (period is None or item.period == period)
            and ",".join(sorted(item.slice)) == dimension
        ]

    def reading(self, metric: str, period: str, slice: Mapping[str, str]) -> Reading | None:  # noqa: A002
        found = self.readings(metric, period=period, dimension=",".join(sorted(slice)))
        return next((item for item in found if item.slice == slice), None)

    def opens(self, metric: str, slice: Mapping[str, str]) -> bool:  # noqa: A002
        return metric in self.pages

    def rows(self, metric: str, period: str, slice: Mapping[str, str], after: int | None = None) -> RowsPage:  # noqa: A002
        return self.pages[metric]


def make_reading(info: MetricInfo, period: str, value: float | None, status: Status, **more: Any) -> Reading:
    """Return a reading whose reason and gap follow from its status."""
    when = CALENDAR.parse(period)
    target = info.goal.target if info.goal else None
    scored = status in (Status.MET, Status.ON_TRACK, Status.NEAR, Status.OFF_TRACK)
    gap = None
    reason = Reason({Status.TOO_SMALL: "too_small", Status.NO_DATA: "gap"}.get(status, status.value))
    if status is Status.TOO_SMALL:
        reason = Reason("too_small", {"min_count": 5})
    elif status is Status.STALE:
        reason = Reason("stale", {"as_of": "2026-08-03", "days": 92})
    elif status is Status.PARTIAL:
        reason = Reason("partial", {"through": "2026-11-03"})
    elif status is Status.PROVISIONAL:
        reason = Reason("provisional", {"pending": 41})
    elif status is Status.NOT_DUE:
        reason = Reason("not_due", {"first_due": "2027-01-15"})
    elif status is Status.INFORMATIONAL:
        reason = Reason("statistic")
    elif scored and value is not None and isinstance(target, float):
        gap = target - value if info.better == "higher" else value - target
        args = {
            "value": value,
            "goal": target,
            "better": info.better,
            "unit": info.unit,
            "gap": abs(gap),
            "compare_at": None,
        }
        reason = Reason(status.value, args)
    plain = Reading(
        metric=info.name,
        period=period,
        grain=when.grain,
        start=when.start,
        end=when.end,
        through=when.last,
        slice={},
        value=value,
        numerator=None if value is None else round(value * 4),
        denominator=None if value is None else 400,
        n=None if value is None else 400,
        complete=status is not Status.PARTIAL,
        final=status not in (Status.PARTIAL, Status.PROVISIONAL),
        suppressed=status is Status.TOO_SMALL,
        status=status,
        reason=reason,
        goal=target,
        gap=gap,
    )
    return plain._replace(**more)


def make_months(info: MetricInfo, first: float, last: float, status: Status, wave: float = 1.0) -> list[Reading]:
    """Return three years of months up to October 2026, then November still running."""
    months = CALENDAR.between("month", date(2023, 11, 1), date(2026, 10, 31))
    count = len(months) - 1
    values = [first + (last - first) * at / count + wave * math.sin(at * 1.9) * (at < count) for at in range(count + 1)]
    found = [
        make_reading(info, month.key, round(value, 3), status) for month, value in zip(months, values, strict=True)
    ]
    return [*found, make_reading(info, "2026-11", round(last - wave, 3), Status.PARTIAL, n=31)]


def catalogue_of(riverbend: Catalogue, *metrics: MetricInfo) -> Catalogue:
    """Return the city with these metrics, in the departments they name."""
    departments = {
        name: replace(department, metrics=tuple(item.name for item in metrics if name in item.departments))
        for name, department in riverbend.departments.items()
    }
    filed = {name: department for name, department in departments.items() if department.metrics}
    return replace(riverbend, departments=filed, metrics={item.name: item for item in metrics})


def as_edition(fake: FakeEdition) -> Edition:
    """Return the fake as the type that pages are given."""
    return cast(Edition, fake)


def whole_city(riverbend: Catalogue) -> FakeEdition:
    """Return a city with a goal in every state, a slice withheld, a gap, a failure and numbers without goals."""
    (first,) = riverbend.metrics.values()
    found = {first.name: make_months(first, 58, 73.4, Status.OFF_TRACK, 2.0)}
    infos = [first]
    for name, told in yaml.safe_load((Path(__file__).parent / "numbers.yaml").read_text("utf-8")).items():
        title = {lang: told.pop(lang) for lang in ("en", "es")}
        status, target = told.pop("status", None), told.pop("target", None)
        series = [told.pop(key, None) for key in ("first", "last", "wave")]
        goal = replace(first.goal, target=float(target)) if first.goal and target is not None else None
        told["departments"] = tuple(told.get("departments", ["code"]))
        plain = replace(first, name=name, title=title, why=None, dimensions=(), rows=False, goal=goal)
        info = replace(plain, statistic=goal is None, **told)
        infos.append(info)
        if series[0] is not None:
            found[name] = make_months(info, series[0], series[1], Status(status), series[2])
        elif status:
            found[name] = [make_reading(info, "2026-10", None, Status(status))]
    months = found[first.name]
    months[14] = make_reading(first, months[14].period, None, Status.NO_DATA)
    months[35] = months[35]._replace(
        aside={"not_yet_due": 61, "to_before_from": 3}, n=1293, numerator=949, denominator=1293
    )
    months += [
        make_reading(first, key, value, Status.OFF_TRACK) for key, value in (("2026-Q2", 71.0), ("2026-Q3", 72.5))
    ]
    months += [make_reading(first, "FY2026", 70.1, Status.OFF_TRACK)]
    districts = {
        "1": (82.6, Status.MET),
        "2": (74.9, Status.OFF_TRACK),
        "3": (79.6, Status.NEAR),
        "4": (61.2, Status.OFF_TRACK),
    }
    for name, (value, status) in districts.items():
        months += [
            item._replace(slice={"district": name}, n=97 + 30 * int(name))
            for item in make_months(first, value - 9, value, status)
        ]
    months.append(make_reading(first, "2026-10", None, Status.TOO_SMALL)._replace(slice={"district": "(blank)"}))
    rows = RowsPage(
        columns=("case_id", "opened_on", "kind"),
        rows=tuple(
            (f"CE-2026-{1000 + at}", date(2026, 10, 1 + at // 2), "Overgrown lot, rubbish" if at % 3 else None)
            for at in range(50)
        ),
        hits=tuple(at % 4 != 0 for at in range(50)),
        total=1293,
        next=50,
    )
    catalogue = catalogue_of(riverbend, *infos)
    empty = DepartmentInfo("parks", {"en": "Parks", "es": "Parques"}, ())
    catalogue = replace(catalogue, departments={**catalogue.departments, "parks": empty})
    return FakeEdition(catalogue, found, {"closed_in_30_days": rows})


def changed_city(whole: FakeEdition) -> FakeEdition:
    """Return the city with an edition before it: a goal crossed, a number was restated, another was withheld."""
    name = "closed_in_30_days"
    before = Published("2026-10-03-abc", date(2026, 10, 3), datetime(2026, 10, 4, 7, tzinfo=UTC))
    then = Published("2026-11-03-abc", date(2026, 11, 3), datetime(2026, 11, 3, 7, tzinfo=UTC))

    def change(metric: str, period: str, kind: Kind, cause: Cause | None, *values: Any, **more: Any) -> Change:
        return Change(metric, CALENDAR.parse(period).grain, period, more.pop("slice", {}), kind, cause, *values)

    found = (
        change(name, "2026-08", "restated", "late_data", 69.96, 69.91, "off_track", "off_track"),
        change(name, "2026-Q3", "restated", "late_data", 70.4, 72.5, "off_track", "off_track"),
        change("answered", "2026-09", "settled", "clock", 92.0, 88.0, "met", "near"),
        *(change(other, "2026-10", "new", None, None, 89.1, None, "near") for other in ("answered", "permits")),
        change("small", "2026-09", "judged", "definition", None, None, "too_small", "too_small"),
        change("retired_metric", "2026-09", "gone", "definition", 4.0, None, "met", None),
        change(name, "2026-08", "restated", "correction", 1.0, 2.0, "met", "met", slice={"district": "4"}),
    )
    changes = Changes(
        before,
        kinds={"restated": 2, "settled": 1, "judged": 1, "new": 2, "gone": 1},
        slice_kinds={"restated": 1},
        changes=found,
    )
    log = (Restatement(name, "month", "2026-08", 69.96, 69.91, "off_track", "off_track", "late_data", before, then),)
    return replace(whole, changes=changes, log=log)


class Tree:
    """How a test reads a tree of components."""

    def parts(self, node: Any, kind: str = "") -> list[Component]:
        """Return every component of a kind (all without one), in reading order."""
        return [item for item in self._walk(node) if not kind or item._type == kind]

    def _walk(self, node: Any) -> Iterator[Component]:
        if isinstance(node, Component):
            yield node
            yield from self._walk(getattr(node, "children", None))
        elif isinstance(node, list | tuple):
            for child in node:
                yield from self._walk(child)

    def words(self, node: Any) -> str:
        """Return the words as a reader meets them, with plain spaces."""
        if isinstance(node, Markup) or node is None:
            return ""
        if isinstance(node, Component):
            return self.words(getattr(node, "children", None))
        if isinstance(node, list | tuple):
            return " ".join(filter(None, (self.words(child).strip() for child in node)))
        return str(node).replace("\N{NO-BREAK SPACE}", " ")

    def get(self, node: Component, name: str) -> Any:
        """Return an attribute, None where it is not set."""
        return cast(Any, node).to_plotly_json()["props"].get(name)

    def classed(self, node: Any, name: str) -> list[Component]:
        """Return every component of a class, in reading order."""
        return [item for item in self._walk(node) if name in str(self.get(item, "className") or "").split()]


@pytest.fixture(scope="session")
def tree() -> Tree:
    return Tree()


@pytest.fixture(scope="session")
def city(riverbend: Catalogue) -> Edition:
    return as_edition(whole_city(riverbend))


@pytest.fixture(scope="session")
def changed(riverbend: Catalogue) -> Edition:
    return as_edition(changed_city(whole_city(riverbend)))


@pytest.fixture(scope="session")
def asked() -> Callable[..., Ask]:
    def make(path: str, lang: str = "en", **more: Any) -> Ask:
        return Ask(lang=lang, path=path, languages=("en", "es"), **more)

    return make


@pytest.fixture(scope="session")
def drawn(city: Edition, asked: Callable[..., Ask]) -> Callable[..., Component]:
    """Return how to draw the page of a metric, as an address asks for it."""

    def make(name: str = "closed_in_30_days", lang: str = "en", **more: Any) -> Component:
        return metric_page(city, name, asked(f"/m/{name}", lang, **more))

    return make


@pytest.fixture(scope="session")
def edition_of(riverbend: Catalogue) -> Callable[..., Edition]:
    """Return how to make an edition of some metrics and their readings."""

    def make(*pairs: tuple[MetricInfo, Sequence[Reading]]) -> Edition:
        catalogue = catalogue_of(riverbend, *(info for info, _ in pairs))
        return as_edition(FakeEdition(catalogue, {info.name: readings for info, readings in pairs}))

    return make
