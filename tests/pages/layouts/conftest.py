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
    CityInfo,
    DatasetInfo,
    DepartmentInfo,
    DimensionInfo,
    Edition,
    GoalInfo,
    MetricInfo,
    Published,
    Restatement,
    RowsPage,
)
from civicstat.pages.ask import Ask
from civicstat.pages.components import Markup
from civicstat.period import Calendar, FiscalYear
from civicstat.results import Reading, Reason, Status

if TYPE_CHECKING:
    from civicstat.editions.changes import Cause, Kind

CALENDAR = Calendar(FiscalYear(7))
CITY = CityInfo(
    name={"en": "Riverbend"},
    languages=("en", "es"),
    time_zone="America/Chicago",
    fiscal_year={"starts": 7, "named_by": "end"},
    week_start=0,
    period="month",
    themes={
        "safe": {"en": "A safe city", "es": "Una ciudad segura"},
        "housing": {"en": "Sound homes", "es": "Viviendas sanas"},
    },
    notice={
        "en": "Demonstration city: the records are synthetic",
        "es": "Ciudad de demostración: los registros son sintéticos",
    },
    office={"en": "Office of Performance", "es": "Oficina de Desempeño"},
    contact="performance@riverbend.example",
)
DATASET = DatasetInfo(
    name="cases",
    title={"en": "Code enforcement cases", "es": "Casos de normas de vivienda"},
    row={
        "en": "one case opened by an inspector or a resident",
        "es": "un caso abierto por inspección o por un residente",
    },
    description={
        "en": "Opened and closed dates, district and kind of each case.",
        "es": "Fechas, distrito y tipo de caso.",
    },
    source="data/cases.csv",
    time="opened_on",
    as_of="2026-11-03",
    first="2022-01-03",
    complete_through="2026-10-31",
    covers=(),
    lag=1,
    stale=False,
    read=20_140,
    loaded=20_061,
    duplicates=52,
    quarantined=27,
    no_date=4,
    after_as_of=2,
    files=1,
    loaded_at="2026-11-03T06:10:00",
    quarantine={"not-a-date": 19, "missing-required": 8},
    missing={"district": {"": 310, "N/A": 12}},
    unmapped={"kind": 3},
    checks=({"name": "closed_on is null or closed_on >= opened_on", "level": "warn", "failing": 12},),
    columns=(
        {"name": "case_id", "type": "text", "title": None, "description": None, "sensitive": False, "public": True},
        {
            "name": "opened_on",
            "type": "date",
            "title": None,
            "description": {"en": "When it was opened"},
            "sensitive": False,
            "public": True,
        },
        {"name": "owner_name", "type": "text", "title": None, "description": None, "sensitive": True, "public": False},
    ),
    key=("case_id",),
    metrics=("closed_in_30_days",),
    owner={"en": "director of code enforcement", "es": "dirección de normas"},
    license="CC0-1.0",
)
GOAL = GoalInfo(80.0, "month", authority={"en": "FY2027 adopted budget, page 214"}, set_on="2026-06-14")
METRIC = MetricInfo(
    name="closed_in_30_days",
    title={"en": "Cases closed within 30 days", "es": "Casos cerrados en 30 días"},
    type="within",
    dataset="cases",
    time="opened_on",
    unit="percent",
    better="higher",
    decimals=1,
    prefix="",
    suffix="",
    compact=False,
    period="month",
    visibility="public",
    why={
        "en": "A case left open is a street that stays unsafe.",
        "es": "Un caso abierto es una calle que sigue siendo insegura.",
    },
    theme="housing",
    departments=("code",),
    dimensions=(
        DimensionInfo("district", {"en": "District", "es": "Distrito"}, ("1", "2", "3", "4", "(blank)")),
        DimensionInfo("kind", None, ("Fence", "Rubbish")),
    ),
    goal=GOAL,
    owner={"en": "director of code enforcement"},
    counted={"en": ("By the month of “opened on”.", "Records that end before they start are set aside.")},
    sql="select count(*)\nfrom cases",
    declaration="closed_in_30_days:\n  type: within",
    tests=2,
    rows=True,
    last="2026-10",
)


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

    def restatements(self, metric: str) -> list[Restatement]:
        return [item for item in self.log if item.metric == metric]

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
    return replace(plain, **more)


def make_months(info: MetricInfo, first: float, last: float, status: Status, wave: float = 1.0) -> list[Reading]:
    """Return three years of months up to October 2026, then November still running."""
    months = CALENDAR.between("month", date(2023, 11, 1), date(2026, 10, 31))
    count = len(months) - 1
    values = [first + (last - first) * at / count + wave * math.sin(at * 1.9) * (at < count) for at in range(count + 1)]
    found = [
        make_reading(info, month.key, round(value, 3), status) for month, value in zip(months, values, strict=True)
    ]
    return [*found, make_reading(info, "2026-11", round(last - wave, 3), Status.PARTIAL, n=31)]


def catalogue_of(*metrics: MetricInfo) -> Catalogue:
    """Return a catalogue of metrics in the departments they name."""
    names = {name for item in metrics for name in item.departments}
    titles = {
        "code": {"en": "Code Enforcement", "es": "Normas de Vivienda"},
        "calls": {"en": "911 Center", "es": "Centro 911"},
    }
    missions = {
        "code": {
            "en": "Keeps homes and lots safe: answers complaints, inspects, and sees that what is unsafe is mended."
        },
        "calls": {"en": "Answers every emergency call and sends help."},
    }
    departments = {
        name: DepartmentInfo(
            name,
            titles[name],
            tuple(item.name for item in metrics if name in item.departments),
            missions[name],
            {"en": "the director", "es": "la dirección"},
        )
        for name in titles
        if name in names
    }
    return Catalogue(CITY, departments, {item.name: item for item in metrics}, {"cases": DATASET})


def as_edition(fake: FakeEdition) -> Edition:
    """Return the fake as the type that pages are given."""
    return cast(Edition, fake)


def whole_city() -> FakeEdition:
    """Return a city with a goal in every state, a slice withheld, a gap, a failure and numbers without goals."""
    found = {METRIC.name: make_months(METRIC, 58, 73.4, Status.OFF_TRACK, 2.0)}
    infos = [METRIC]
    for name, told in yaml.safe_load((Path(__file__).parent / "riverbend.yaml").read_text("utf-8")).items():
        title = {lang: told.pop(lang) for lang in ("en", "es")}
        status, target = told.pop("status", None), told.pop("target", None)
        series = [told.pop(key, None) for key in ("first", "last", "wave")]
        goal = replace(GOAL, target=float(target)) if target is not None else None
        told["departments"] = tuple(told.get("departments", ["code"]))
        plain = replace(METRIC, name=name, title=title, why=None, dimensions=(), rows=False, goal=goal)
        info = replace(plain, statistic=goal is None, **told)
        infos.append(info)
        if series[0] is not None:
            found[name] = make_months(info, series[0], series[1], Status(status), series[2])
        elif status:
            found[name] = [make_reading(info, "2026-10", None, Status(status))]
    months = found[METRIC.name]
    months[14] = make_reading(METRIC, months[14].period, None, Status.NO_DATA)
    months[35] = replace(
        months[35], aside={"not_yet_due": 61, "to_before_from": 3}, n=1293, numerator=949, denominator=1293
    )
    months += [
        make_reading(METRIC, key, value, Status.OFF_TRACK) for key, value in (("2026-Q2", 71.0), ("2026-Q3", 72.5))
    ]
    months += [make_reading(METRIC, "FY2026", 70.1, Status.OFF_TRACK)]
    districts = {
        "1": (82.6, Status.MET),
        "2": (74.9, Status.OFF_TRACK),
        "3": (79.6, Status.NEAR),
        "4": (61.2, Status.OFF_TRACK),
    }
    for name, (value, status) in districts.items():
        months += [
            replace(item, slice={"district": name}, n=97 + 30 * int(name))
            for item in make_months(METRIC, value - 9, value, status)
        ]
    months.append(replace(make_reading(METRIC, "2026-10", None, Status.TOO_SMALL), slice={"district": "(blank)"}))
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
    catalogue = catalogue_of(*infos)
    empty = DepartmentInfo("parks", {"en": "Parks", "es": "Parques"}, ())
    catalogue = replace(catalogue, departments={**catalogue.departments, "parks": empty})
    return FakeEdition(catalogue, found, {"closed_in_30_days": rows})


def changed_city() -> FakeEdition:
    """Return the city with an edition before it: a goal crossed, a number was restated, another was withheld."""
    before = Published("2026-10-03-abc", date(2026, 10, 3), datetime(2026, 10, 4, 7, tzinfo=UTC))
    then = Published("2026-11-03-abc", date(2026, 11, 3), datetime(2026, 11, 3, 7, tzinfo=UTC))

    def change(metric: str, period: str, kind: Kind, cause: Cause | None, *values: Any, **more: Any) -> Change:
        return Change(metric, CALENDAR.parse(period).grain, period, more.pop("slice", {}), kind, cause, *values)

    found = (
        change(METRIC.name, "2026-08", "restated", "late_data", 69.96, 69.91, "off_track", "off_track"),
        change(METRIC.name, "2026-Q3", "restated", "late_data", 70.4, 72.5, "off_track", "off_track"),
        change("answered", "2026-09", "settled", "clock", 92.0, 88.0, "met", "near"),
        *(change(name, "2026-10", "new", None, None, 89.1, None, "near") for name in ("answered", "permits")),
        change("small", "2026-09", "judged", "definition", None, None, "too_small", "too_small"),
        change("retired_metric", "2026-09", "gone", "definition", 4.0, None, "met", None),
        change(METRIC.name, "2026-08", "restated", "correction", 1.0, 2.0, "met", "met", slice={"district": "4"}),
    )
    changes = Changes(
        before,
        kinds={"restated": 2, "settled": 1, "judged": 1, "new": 2, "gone": 1},
        slice_kinds={"restated": 1},
        changes=found,
    )
    log = (
        Restatement(METRIC.name, "month", "2026-08", 69.96, 69.91, "off_track", "off_track", "late_data", before, then),
    )
    return replace(whole_city(), changes=changes, log=log)


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
def city() -> Edition:
    return as_edition(whole_city())


@pytest.fixture(scope="session")
def changed() -> Edition:
    return as_edition(changed_city())


@pytest.fixture(scope="session")
def asked() -> Callable[..., Ask]:
    def make(path: str, lang: str = "en", **more: Any) -> Ask:
        return Ask(lang=lang, path=path, languages=("en", "es"), **more)

    return make


@pytest.fixture(scope="session")
def edition_of() -> Callable[..., Edition]:
    """Return how to make an edition of some metrics and their readings."""

    def make(*pairs: tuple[MetricInfo, Sequence[Reading]]) -> Edition:
        catalogue = catalogue_of(*(info for info, _ in pairs))
        return as_edition(FakeEdition(catalogue, {info.name: readings for info, readings in pairs}))

    return make
