"""The catalogue of an edition, from the declarations and from what the build found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from civicstat.editions.behaviour import spc_info
from civicstat.editions.catalogue import (
    BenchmarkInfo,
    BreakInfo,
    Catalogue,
    CityInfo,
    DatasetInfo,
    DepartmentInfo,
    DimensionInfo,
    EventInfo,
    ExampleInfo,
    GoalInfo,
    MetricInfo,
)
from civicstat.editions.counted import counted_sentences
from civicstat.editions.found import Found
from civicstat.editions.records import RecordsInfo
from civicstat.editions.written import Written
from civicstat.period import Calendar
from civicstat.results import least_shown, near_edge
from civicstat.spec import (
    AGAINST,
    Aggregate,
    Call,
    Change,
    City,
    ColumnDef,
    Cumulative,
    Dataset,
    Department,
    Derived,
    Dimension,
    Duration,
    Equivalent,
    Event,
    Formula,
    Goal,
    Made,
    Metric,
    Project,
    Quotient,
    Ratio,
    Recurrence,
    RowBody,
    Simple,
    Snapshot,
    Text,
    Within,
    WorkedExample,
    chance_of,
    datasets_behind,
    in_order,
    operands_of,
    walk,
)
from civicstat.words import phrase, pick

__all__ = ["describe"]

_DECIMALS = {"percent": 1, "seconds": 1, "minutes": 1, "hours": 1, "days": 1, "weeks": 1, "points": 1}
_FRACTIONS = frozenset({"avg", "median", "percentile"})


def describe(
    project: Project, found: Found, written: Written, records: Mapping[str, RecordsInfo], public: bool
) -> Catalogue:
    """Return the catalogue; for the public only public metrics and what they stand on."""
    metrics = {name: item for name, item in project.metrics.items() if item.visibility == "public" or not public}
    behind = {name: datasets_behind(item, project.metrics) for name, item in metrics.items()}
    used = {dataset for datasets in behind.values() for dataset in datasets}
    return Catalogue(
        city=_city(project.city),
        departments={name: _department(item, metrics) for name, item in project.departments.items()},
        metrics={name: _metric(item, project, found, written, records, public) for name, item in metrics.items()},
        datasets={
            name: _dataset(item, found, tuple(metric for metric in metrics if name in behind[metric]), public)
            for name, item in project.datasets.items()
            if name in used or not public
        },
        events=tuple(_events(project.events, metrics)),
    )


def _events(events: Sequence[Event], metrics: Mapping[str, Metric]) -> Iterator[EventInfo]:
    """Yield the events; one that concerns only metrics which are not shown here is not told."""
    for item in events:
        named = tuple(name for name in item.metrics if name in metrics)
        if named or item.departments or not item.metrics:
            end = item.end.isoformat() if item.end else None
            yield EventInfo(item.start.isoformat(), end, dict(item.text), named, item.departments, item.source)


def _city(city: City) -> CityInfo:
    return CityInfo(
        name=dict(city.name),
        languages=city.languages,
        time_zone=city.time_zone,
        fiscal_year={"starts": city.fiscal_year.first_month, "named_by": city.fiscal_year.named_by},
        week_start=city.week_start,
        period=city.period,
        themes={name: dict(text) for name, text in city.themes.items()},
        status_words={name: dict(text) for name, text in city.status_words.items()},
        notice=_text(city.notice),
        office=_text(city.office),
        contact=city.contact,
    )


def _department(item: Department, metrics: Mapping[str, Metric]) -> DepartmentInfo:
    return DepartmentInfo(
        name=item.name,
        title=dict(item.title),
        metrics=tuple(name for name in item.metrics if name in metrics),
        mission=_text(item.mission),
        head=_text(item.head),
        contact=item.contact,
    )


def _metric(
    item: Metric,
    project: Project,
    found: Found,
    written: Written,
    records: Mapping[str, RecordsInfo],
    public: bool,
) -> MetricInfo:
    languages, least = project.city.languages, least_shown(item, project)
    goals = tuple(_goal(goal, item.better, project.city) for goal in item.goals)
    slices = written.slices.get(item.name, ())
    info, dataset = records.get(item.dataset), project.datasets.get(item.dataset)
    return MetricInfo(
        name=item.name,
        title=dict(item.title),
        type=item.body.type,
        dataset=item.dataset,
        datasets=datasets_behind(item, project.metrics),
        made_of=tuple(dict.fromkeys(operand.metric for operand in operands_of(item.body))),
        time=item.time,
        unit=item.unit,
        better=item.better,
        decimals=_decimals(item),
        chance=chance_of(item.body),
        censored=isinstance(item.body, Duration) and item.body.open_rows == "censor",
        per=_per(item.body),
        prefix=item.format.prefix,
        suffix=item.format.suffix,
        compact=item.format.compact,
        period=item.period,
        visibility=item.visibility,
        why=_text(item.why),
        theme=item.theme,
        departments=tuple(name for name, entry in project.departments.items() if item.name in entry.metrics),
        dimensions=tuple(_dimension(entry, slices, dataset, languages) for entry in item.dimensions),
        goal=_present(goals, written.last.get(item.name), project),
        goals=goals,
        benchmarks=tuple(
            BenchmarkInfo(dict(entry.who), entry.value, entry.year, dict(entry.source)) for entry in item.benchmarks
        ),
        breaks=tuple(BreakInfo(entry.on.isoformat(), dict(entry.what), entry.compare) for entry in item.breaks),
        spc=spc_info(item.spc),
        statistic=item.statistic,
        owner=_text(item.owner),
        method=_text(item.method),
        caveats=_text(item.caveats),
        warning=_warning(item, languages),
        since=item.since.isoformat() if item.since else None,
        min_count=least,
        counted=counted_sentences(item, project, least),
        sql=written.sql.get(item.name, ""),
        declaration=item.source,
        examples=tuple(_example(example) for example in item.tests),
        rows=info is not None and item.name in info.metrics,
        error=_error(found.failed.get(item.name), languages, public),
        last=written.last.get(item.name),
    )


def _warning(item: Metric, languages: Sequence[str]) -> Text | None:
    """Return what a number must not be taken for: those chosen for a high one fall back by themselves."""
    if not isinstance(item.body, Recurrence) or item.body.cohort is None:
        return None
    return {lang: phrase("counted.regression", lang) for lang in languages}


def _per(body: RowBody | Made) -> float:
    """Return what a quotient is multiplied by."""
    return body.per if isinstance(body, Ratio | Quotient) else 100.0 if isinstance(body, Within) else 1.0


def _decimals(item: Metric) -> int:
    """Return the decimals declared, else the habit of the unit: tenths for shares, times and averages."""
    if item.format.decimals is not None:
        return item.format.decimals
    if item.unit in _DECIMALS or isinstance(item.body, Ratio | Quotient):
        return 1
    if isinstance(item.body, Change) and item.body.how == "ratio":
        return 1
    if isinstance(item.body, Equivalent) or (isinstance(item.body, Cumulative) and item.body.how == "average"):
        return 1
    if isinstance(item.body, Formula):
        return 1 if any(isinstance(part, Call) and part.name == "div" for part in walk(item.body.expr)) else 0
    measured = isinstance(item.body, Simple | Snapshot) and any(
        isinstance(part, Aggregate) and part.name in _FRACTIONS for part in walk(item.body.measure)
    )
    averaged = isinstance(item.body, Snapshot) and item.body.take == "avg"
    return 1 if measured or averaged else 0


def _dimension(
    entry: Dimension, slices: Sequence[Mapping[str, str]], dataset: Dataset | None, languages: tuple[str, ...]
) -> DimensionInfo:
    """Return a dimension with its members; a cross has as title the titles of its columns, and no list of members."""
    seen = {chosen[entry.by] for chosen in slices if set(chosen) == {entry.by}}
    if entry.cross:
        names = frozenset(entry.columns)
        crossed = [chosen for chosen in slices if names == frozenset(chosen)]
        inside = tuple(
            _dimension(part, [{part.by: chosen[part.by]} for chosen in crossed], dataset, languages)
            for part in entry.cross
        )
        title = {lang: " × ".join(_column_title(part, lang) for part in inside) for lang in languages}
        return DimensionInfo(entry.by, title, (), entry.columns, "cross", entry.multiple, entry.min_n, parts=inside)
    kind = AGAINST if entry.by == AGAINST else "bands" if entry.bands else "plain" if entry.top is None else "top"
    title_of = _text(entry.title or (dataset.column_title(entry.by) if dataset else None))
    members, ordered = in_order(entry, seen), bool(entry.bands or entry.order)
    return DimensionInfo(entry.by, title_of, members, entry.columns, kind, entry.multiple, entry.min_n, ordered=ordered)


def _column_title(info: DimensionInfo, lang: str) -> str:
    return pick(info.title, lang) if info.title else info.by.replace("_", " ").capitalize()


def _present(goals: Sequence[GoalInfo], last: str | None, project: Project) -> GoalInfo | None:
    """Return the goal of the last complete period, else the newest."""
    day = Calendar(project.city.fiscal_year, project.city.week_start).parse(last).last if last else None
    standing = [goal for goal in goals if day and goal.covers(day)]
    return next(reversed(standing or goals), None)


def _goal(goal: Goal, better: str, city: City) -> GoalInfo:
    near = goal.near or city.near
    fixed = goal.target if isinstance(goal.target, int | float | tuple) else None
    return GoalInfo(
        target=fixed,
        judge=goal.grain,
        to_date=goal.judge != goal.grain,
        plan=goal.plan,
        pace=goal.pace,
        margin=(near.kind, near.amount) if near else None,
        begins=goal.begins.isoformat() if goal.begins else None,
        ends=goal.ends.isoformat() if goal.ends else None,
        slices={by: dict(members) for by, members in goal.slices.items()},
        hold=goal.hold,
        compare_at=goal.compare_at,
        authority=_text(goal.authority),
        set_on=goal.set_on.isoformat() if goal.set_on else None,
        owner=_text(goal.owner),
        note=_text(goal.note),
        near=None if fixed is None or near is None or goal.pace else near_edge(fixed, better, near),
    )


def _example(item: WorkedExample) -> ExampleInfo:
    columns = tuple(dict.fromkeys(name for row in item.rows for name in row))
    rows = tuple(tuple(_plain(row.get(name)) for name in columns) for row in item.rows)
    return ExampleInfo(columns, rows, _plain(item.as_of), dict(item.expect), dict(item.decimals))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _error(error: str | None, languages: tuple[str, ...], public: bool) -> Text | None:
    """Return what is said of a metric that failed; the engine's own words name columns, and stay with the office."""
    if error is None:
        return None
    said = "" if public else f" ({error.splitlines()[0]})"
    return {lang: f"{phrase('counted.failed', lang)}{said}" for lang in languages}


def _dataset(item: Dataset, found: Found, metrics: tuple[str, ...], public: bool) -> DatasetInfo:
    report, clock = found.segments[item.name].report, found.clocks[item.name]
    through = clock.complete_through()
    hidden = item.sensitive() if public else frozenset()
    warn, days = item.updates.warn_after_days, clock.stale_days
    return DatasetInfo(
        name=item.name,
        title=dict(item.title),
        row=dict(item.row),
        description=_text(item.description),
        source=item.source.file,
        time=item.time,
        as_of=clock.as_of.date().isoformat() if clock.is_date else clock.as_of.isoformat(),
        first=clock.first.isoformat() if clock.first else None,
        complete_through=through.isoformat() if through else None,
        covers=tuple((low.isoformat(), high.isoformat()) for low, high in item.covers),
        lag=item.lag,
        stale=clock.stale,
        read=report.read,
        loaded=report.loaded,
        duplicates=report.duplicates,
        quarantined=report.quarantined,
        no_date=report.no_date,
        after_as_of=found.later.get(item.name, 0),
        files=len(report.files),
        loaded_at=found.segments[item.name].loaded_at,
        quarantine=dict(report.quarantine),
        missing={column: dict(words) for column, words in report.missing.items() if column not in hidden},
        unmapped={column: count for column, count in report.unmapped.items() if column not in hidden},
        checks=tuple({name: check[name] for name in ("name", "level", "failing")} for check in report.checks),
        guessed=report.guesses(),
        columns=tuple(_columns(item, hidden)),
        key=item.key,
        metrics=metrics,
        owner=_text(item.owner),
        steward=_text(item.steward),
        license=item.license,
        sensitivity=item.sensitivity,
        made_of=item.source.query.datasets if item.source.query else (),
        every=item.updates.every,
        late=warn is not None and days is not None and days > warn and not clock.stale,
    )


def _columns(item: Dataset, hidden: frozenset[str]) -> list[dict[str, Any]]:
    sensitive = item.sensitive()
    entries: list[ColumnDef | Derived] = [*item.columns.values(), *item.derive.values()]
    return [
        {
            "name": entry.name,
            "type": entry.type.value,
            "unit": _text(entry.unit) if isinstance(entry, ColumnDef) else None,
            "title": _text(entry.title),
            "description": _text(entry.description),
            "sensitive": entry.name in sensitive,
            "public": entry.name in item.records.public,
        }
        for entry in entries
        if entry.name not in hidden
    ]


def _text(text: Text | None) -> dict[str, str] | None:
    return dict(text) if text is not None else None
