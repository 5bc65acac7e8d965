"""The catalogue as JSON text and back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, TypeVar

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
    RebaseInfo,
    SpcInfo,
)
from civicstat.period import Calendar, FiscalYear

Info = TypeVar(
    "Info",
    BenchmarkInfo,
    BreakInfo,
    CityInfo,
    DepartmentInfo,
    DimensionInfo,
    EventInfo,
    ExampleInfo,
    GoalInfo,
    MetricInfo,
    DatasetInfo,
    RebaseInfo,
    SpcInfo,
)

__all__ = ["calendar_of", "catalogue_of", "catalogue_text"]


def catalogue_text(catalogue: Catalogue) -> str:
    """Return the catalogue as JSON, in one line and always the same."""
    return json.dumps(dataclasses.asdict(catalogue), ensure_ascii=False, separators=(",", ":"))


def catalogue_of(text: str) -> Catalogue:
    """Return the catalogue that ``catalogue_text`` wrote."""
    body = json.loads(text)
    return Catalogue(
        city=_made(CityInfo, body["city"] | {"languages": tuple(body["city"]["languages"])}),
        departments={
            name: _made(DepartmentInfo, item | {"metrics": tuple(item["metrics"])})
            for name, item in body["departments"].items()
        },
        metrics={name: _metric(item) for name, item in body["metrics"].items()},
        datasets={name: _dataset(item) for name, item in body["datasets"].items()},
        events=tuple(map(_event, body.get("events", ()))),
    )


def calendar_of(city: CityInfo) -> Calendar:
    """Return the city's calendar."""
    year: Any = city.fiscal_year
    return Calendar(FiscalYear(int(year["starts"]), year["named_by"]), city.week_start)


def _metric(item: Mapping[str, Any]) -> MetricInfo:
    changes = {
        "departments": tuple(item["departments"]),
        "datasets": tuple(item.get("datasets", (item["dataset"],))),
        "made_of": tuple(item.get("made_of", ())),
        "dimensions": tuple(map(_dimension, item["dimensions"])),
        "benchmarks": tuple(_made(BenchmarkInfo, entry) for entry in item.get("benchmarks", ())),
        "examples": tuple(map(_example, item.get("examples", ()))),
        "goal": _goal(item["goal"]),
        "goals": tuple(goal for entry in item.get("goals", ()) if (goal := _goal(entry))),
        "breaks": tuple(_made(BreakInfo, entry) for entry in item.get("breaks", ())),
        "spc": _spc(item.get("spc")),
        "counted": {lang: tuple(sentences) for lang, sentences in item["counted"].items()},
    }
    return _made(MetricInfo, {**item, **changes})


def _goal(item: Mapping[str, Any] | None) -> GoalInfo | None:
    if not item:
        return None
    pairs = {name: _pair(item.get(name)) for name in ("target", "near", "pace", "margin")}
    slices = {by: {name: _pair(level) for name, level in own.items()} for by, own in item.get("slices", {}).items()}
    return _made(GoalInfo, {**item, **pairs, "slices": slices})


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _spc(item: Mapping[str, Any] | None) -> SpcInfo | None:
    if item is None:
        return None
    return _made(SpcInfo, {**item, "rebase": tuple(_made(RebaseInfo, step) for step in item["rebase"])})


def _example(item: Mapping[str, Any]) -> ExampleInfo:
    return _made(ExampleInfo, {**item, "columns": tuple(item["columns"]), "rows": tuple(map(tuple, item["rows"]))})


def _event(item: Mapping[str, Any]) -> EventInfo:
    return _made(EventInfo, {**item, **{name: tuple(item[name]) for name in ("metrics", "departments")}})


def _dimension(item: Mapping[str, Any]) -> DimensionInfo:
    lists = {name: tuple(item.get(name, ())) for name in ("members", "columns")}
    return _made(DimensionInfo, {**item, **lists, "parts": tuple(map(_dimension, item.get("parts", ())))})


def _dataset(item: Mapping[str, Any]) -> DatasetInfo:
    changes = {
        "covers": tuple((first, last) for first, last in item["covers"]),
        **{name: tuple(item[name]) for name in ("checks", "columns", "key", "metrics")},
        "made_of": tuple(item.get("made_of", ())),
    }
    return _made(DatasetInfo, {**item, **changes})


def _made(kind: type[Info], values: Mapping[str, Any]) -> Info:
    """Return what an edition says, leaving out what only another version of the product knew."""
    names = {field.name for field in dataclasses.fields(kind)}
    return kind(**{name: value for name, value in values.items() if name in names})
