"""A metric: one number a department answers for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

from civicstat.errors import suggest
from civicstat.period import Calendar
from civicstat.spec.basis import Basis, Find
from civicstat.spec.benchmark import read_benchmarks
from civicstat.spec.bodies import read_body
from civicstat.spec.breaks import all_breaks, read_breaks
from civicstat.spec.city import PERIODS, read_privacy
from civicstat.spec.cursor import Fields, Value, choices_text
from civicstat.spec.examples import read_examples
from civicstat.spec.expr import ColumnType
from civicstat.spec.expression import parse_condition
from civicstat.spec.goal import read_goals
from civicstat.spec.kinds import Duration, Made, RowBody
from civicstat.spec.made import common_dimensions, common_period, read_made
from civicstat.spec.model import (
    Better,
    City,
    Dataset,
    Format,
    Metric,
    WorkedExample,
)
from civicstat.spec.quotient import is_quotient
from civicstat.spec.references import MOMENTS, column_name
from civicstat.spec.scope import Scope
from civicstat.spec.spc import read_spc
from civicstat.spec.split import read_dimensions
from civicstat.spec.yaml_nodes import MapNode

__all__ = ["Setting", "metric_keys", "read_metric"]

Body = RowBody | Made
Days = tuple[tuple[date, date], ...]

_COMMON = (
    *("title", "why", "theme", "dataset", "time", "where", "type", "unit", "format", "better", "dimensions", "period"),
    *("owner", "method", "caveats", "visibility", "since", "privacy", "tests", "goal", "goals"),
    *("benchmarks", "spc", "breaks"),
)
_LATER = ("retired", "records", "forecast", "moe", "tags")
_BODIES: Mapping[str, tuple[str, ...]] = {
    "simple": ("measure",),
    "ratio": ("numerator", "denominator", "per"),
    "within": ("from", "to", "limit", "open_rows"),
    "duration": ("from", "to", "measure", "open_rows"),
    "stock": ("opened", "closed", "measure"),
    "snapshot": ("measure", "take"),
    "distinct": ("entity",),
    "recurrence": ("entity", "more_than", "over", "measure", "show", "cohort"),
    "conversion": ("base", "then", "entity", "inside"),
    "derived": ("formula",),
    "share": ("metric", "of"),
    "change": ("metric", "against", "as"),
    "cumulative": ("metric", "over", "as"),
    "equivalent": ("metric", "factor", "others"),
}
MADE = ("derived", "share", "change", "cumulative", "equivalent")
"""The types that are made of other metrics' numbers."""

_TIMED = ("snapshot", "recurrence", "conversion")
"""The types that say nothing without a time."""

_OF_ROWS = ("dataset", "time", "where", "privacy")
_MADE_KEYS = tuple(key for key in _COMMON if key not in _OF_ROWS)
_LATER_TYPES = (*("reported",),)


_ELSEWHERE = {
    key: f"it is a key of {choices_text(kind for kind, keys in _BODIES.items() if key in keys)}"
    for key in dict.fromkeys(key for keys in _BODIES.values() for key in keys)
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a metric is read against: the city, the datasets with their scopes, and the least ``min_count`` in force."""

    city: City
    datasets: Mapping[str, Dataset]
    scopes: Mapping[str, Scope]
    floor: int


def metric_keys() -> dict[str, tuple[str, ...]]:
    """Return the keys of a metric by its type."""
    return {kind: (*_common_keys(kind), *own) for kind, own in _BODIES.items()}


def _common_keys(kind: str) -> tuple[str, ...]:
    """Return the keys that a type shares with others; what is made of others has none that say whose rows count."""
    return _MADE_KEYS if kind in MADE else _COMMON


def read_metric(name: str, value: Value, setting: Setting, find: Find) -> Metric | None:
    """Return the metric; None where its type is not known, so that nothing else can be said of it.

    ``find`` returns the others, of which it may be made.
    """
    every = (*_COMMON, *(key for keys in _BODIES.values() for key in keys))
    written = value.node.entries.get("type") if isinstance(value.node, MapNode) else None
    if written is None:
        value.fields(every, _LATER, "a metric").need("type", "one of " + ", ".join(f"`{kind}`" for kind in _BODIES))
        return None
    kind_value = Value(written.value, f"{value.path}.type", value.notes)
    if kind_value.bare not in _BODIES:
        kind_value.word(tuple(_BODIES), _LATER_TYPES)
        return None
    kind = kind_value.bare
    if kind in MADE or (kind == "ratio" and is_quotient(value)):
        return _made(name, value, kind, setting, find)
    fields = value.fields((*_BODIES[kind], *_COMMON), _LATER, f"a metric of type `{kind}`", _ELSEWHERE)
    dataset, scope = _dataset(fields, setting)
    body, built_in, unit = read_body(kind, fields, scope)
    lasted = isinstance(body, Duration) and body.open_rows == "exclude"  # an open row is in no band yet
    splittable = scope.with_builtin(elapsed=ColumnType.NUMBER) if lasted else built_in
    where, privacy, tests = (fields.get(key) for key in ("where", "privacy", "tests"))
    time = _time(fields, kind, body, scope, dataset)
    period = fields.word("period", PERIODS, setting.city.period)
    for key in (
        ("period", "goal", "goals", "spc", "breaks") if dataset and dataset.time is None and time is None else ()
    ):
        timed = fields.get(key)
        if timed and timed.bare != "none":
            mend = f"add `time` here or to `datasets.{dataset.name if dataset else ''}`; without it there is one value"
            timed.fault(
                "needs-a-time", "a date column by which rows fall into periods", mend, f"`{key}` without `time`"
            )
    if dataset and kind in _TIMED and time is None and "time" not in fields.values:
        fields.need("time", "a date column by which rows fall into periods")
    metric = _common(name, value, fields, body, unit, period, setting, dataset.covers if dataset else ())
    return replace(
        metric,
        dataset=dataset.name if dataset else "",
        time=time,
        where=parse_condition(where, built_in) if where else None,
        where_sql=where.bare if where else "",
        dimensions=read_dimensions(fields, splittable, dataset),
        period=period if time else "all",
        privacy=read_privacy(privacy, setting.floor) if privacy else None,
        tests=read_examples(tests, dataset, scope, unit, setting.city) if tests else (),
    )


def _made(name: str, value: Value, kind: str, setting: Setting, find: Find) -> Metric:
    """Return a metric made of others, with the period and the dimensions that all of these have."""
    known = (*_BODIES[kind], *_MADE_KEYS)
    elsewhere = {**_ELSEWHERE, **dict.fromkeys(_OF_ROWS, "it belongs to the metrics this one is made of")}
    fields = value.fields(known, _LATER, f"a metric of type `{kind}`", elsewhere)
    basis = read_made(kind, fields, find, Calendar(setting.city.fiscal_year, setting.city.week_start))
    period = common_period(fields, basis.timed, setting.city.fiscal_year)
    metric = _common(name, value, fields, basis.body, basis.unit, period, setting)
    tests = fields.get("tests")
    return replace(
        metric,
        period=period,
        breaks=all_breaks(metric.breaks, basis.metrics),
        dimensions=common_dimensions(fields, basis, setting.datasets),
        tests=_made_examples(tests, basis, setting) if tests else (),
    )


def _common(
    name: str, value: Value, fields: Fields, body: Body, unit: str, period: str, setting: Setting, covers: Days = ()
) -> Metric:
    """Return the metric with the keys that every type has."""
    title = fields.need("title", "what the number is called, as `title: Requests closed on time`")
    goal, since, benchmarks, spc = (fields.get(key) for key in ("goal", "since", "benchmarks", "spc"))
    breaks = fields.get("breaks")
    calendar = Calendar(setting.city.fiscal_year, setting.city.week_start)
    better = fields.word("better", get_args(Better), "neither")
    promised = read_goals(fields, unit, better, period, setting.city)
    return Metric(
        name=name,
        title=title.text() if title else {},
        dataset="",
        body=body,
        time=None,
        unit=unit,
        why=fields.text("why"),
        theme=_theme(fields, setting.city),
        format=_format(fields),
        better=better,
        period=period,
        owner=fields.text("owner"),
        method=fields.text("method"),
        caveats=fields.text("caveats"),
        visibility=fields.word("visibility", ("public", "staff", "department"), "public"),
        since=since.day() if since else None,
        goal=promised[-1] if promised else None,
        earlier_goals=promised[:-1],
        statistic=goal is not None and goal.bare == "none",
        benchmarks=read_benchmarks(benchmarks, unit) if benchmarks else (),
        spc=read_spc(spc, body, period, calendar, covers) if spc else None,
        breaks=read_breaks(breaks, period, calendar) if breaks else (),
        source=_written(value),
        place=value.notes.places.get(value.path),
    )


def _made_examples(value: Value, basis: Basis, setting: Setting) -> tuple[WorkedExample, ...]:
    """Return the examples of a metric made of others: their rows are those of the one dataset behind it."""
    names = list(dict.fromkeys(metric.dataset for metric in basis.metrics))
    if len(names) != 1 or not names[0]:
        expected = "a metric made of metrics that count the rows of one dataset"
        value.fault("no-rows-to-try", expected, "try the metrics it is made of", "rows of no one dataset")
        return ()
    dataset = setting.datasets.get(names[0])
    return read_examples(value, dataset, setting.scopes[names[0]], basis.unit, setting.city) if dataset else ()


def _dataset(fields: Fields, setting: Setting) -> tuple[Dataset | None, Scope]:
    value = fields.need("dataset", "the dataset whose rows are counted")
    name = value.string("the name of a dataset") if value else ""
    if value and name and name not in setting.scopes:
        choices = list(setting.scopes)
        expected = f"a dataset: {choices_text(choices)}" if choices else "a dataset; none is declared"
        value.fault("unknown-dataset", expected, suggest(name, choices))
    if name in setting.scopes:
        return setting.datasets.get(name), setting.scopes[name]
    return None, Scope(name, {}, known=False)


def _time(fields: Fields, kind: str, body: object, scope: Scope, dataset: Dataset | None) -> str | None:
    value = fields.get("time")
    if kind == "stock":
        opened = getattr(body, "opened", "")
        if value and value.bare != opened:
            value.fault("not-a-key-here", "no `time`: a stock counts the rows open at the end of each period")
        return opened or None
    if value is None:
        return getattr(body, "start", None) or (dataset.time if dataset else None)
    if kind == "within" and value.bare == "due":
        column = getattr(getattr(body, "limit", None), "column", None)
        if column is None or hasattr(getattr(body, "limit", None), "limits"):
            value.later("`time: due`", "it is there where `limit` is a column")
            return None
        return str(column)
    return column_name(value, scope, MOMENTS) or None


def _theme(fields: Fields, city: City) -> str | None:
    value = fields.get("theme")
    if value and not city.themes:
        value.fault("unknown-theme", "a theme; none is declared", "declare `themes` in `city.yaml`")
    elif value and value.bare not in city.themes:
        value.fault("unknown-theme", f"a theme: {choices_text(city.themes)}", suggest(value.bare, city.themes))
    return value.bare if value else None


def _format(fields: Fields) -> Format:
    value = fields.get("format")
    if value is None:
        return Format()
    inner = value.fields(("decimals", "compact", "prefix", "suffix"), (), "`format`")
    decimals, compact = inner.get("decimals"), inner.get("compact")
    return Format(
        decimals.whole(0, 6) if decimals else None,
        compact.flag() if compact else False,
        inner.string("prefix") or "",
        inner.string("suffix") or "",
    )


def _written(value: Value) -> str:
    """Return the metric's YAML as written, its name first, without the indent it has in its file."""
    span = value.node.span
    start = (value.notes.places[value.path].line if value.path in value.notes.places else span.line + 1) - 1
    flow = isinstance(value.node, MapNode) and value.node.flow
    lines = span.source.lines[start : span.end_line + flow]
    while lines and not lines[-1].partition("#")[0].strip():  # a comment at the end belongs to what follows
        lines = lines[:-1]
    indent = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    return "\n".join(line[indent:].rstrip() for line in lines).rstrip() + "\n"
