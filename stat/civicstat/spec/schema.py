"""The JSON Schema (draft 7) of a file of declarations: its keys and words, and on request the names of a project.

What an editor can tell from it is the shape. What a declaration means, `civicstat check` tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from civicstat.spec.business import WEEKDAYS
from civicstat.spec.city import LANGUAGES, PERIODS, STATUSES
from civicstat.spec.expr import ColumnType
from civicstat.spec.files import SECTIONS
from civicstat.spec.goal import JUDGES, MOST_HELD
from civicstat.spec.metric import metric_keys
from civicstat.spec.model import Dataset, Project
from civicstat.spec.references import ENTITIES, MOMENTS, SLICES
from civicstat.spec.spc import RUN
from civicstat.spec.target import PACES
from civicstat.statistics import METHODS, TRIAL

__all__ = ["json_schema"]

Schema = dict[str, Any]

_NAME = "^[a-z][a-z0-9_]{0,59}$"
_ANY: Schema = {}
_TEXT: Schema = {"$ref": "#/definitions/text"}
_WORD: Schema = {"type": ["string", "number", "boolean"]}
_WORDS: Schema = {"anyOf": [_WORD, {"type": "array", "items": _WORD}]}
_DAYS: Schema = {"anyOf": [{"type": "string", "pattern": "^[0-9]{1,4}( days?)?$"}, {"type": "integer", "minimum": 0}]}
_DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}"}
_LENGTH: Schema = {"type": "string", "pattern": "^[1-9][0-9]{0,3} (day|week|month|year)s?$"}
_FLAG: Schema = {"type": "boolean"}
_AMOUNT: Schema = {"type": ["string", "number"]}
_WHOLE: Schema = {"type": "integer", "minimum": 0}


def json_schema(project: Project | None = None) -> Schema:
    """Return the schema of a file of declarations; with ``project`` its names complete as well."""
    sections = {
        "city": {"$ref": "#/definitions/city"},
        "datasets": _named({"$ref": "#/definitions/dataset"}),
        "departments": _named({"$ref": "#/definitions/department"}),
        "metrics": _named({"$ref": "#/definitions/metric"}),
    }
    assert set(sections) == set(SECTIONS)
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "civicstat declarations",
        "anyOf": [_map(sections), {"$ref": "#/definitions/city"}],
        "definitions": {
            "text": {"anyOf": [_WORD, _map(dict.fromkeys(LANGUAGES, _WORD))]},
            "city": _city(),
            "dataset": _dataset(),
            "department": _department(),
            "metric": _metric(),
        },
    }
    if project is not None:
        _complete(schema, project)
    return schema


def _city() -> Schema:
    return _map(
        {
            "name": _TEXT,
            "time_zone": {"type": "string"},
            "languages": _many(_one_of(LANGUAGES)),
            "fiscal_year": _map(
                {"starts": {"type": "string"}, "named_by": _one_of(("end", "start", "both"))}, "starts"
            ),
            "business_days": _map(
                {
                    "country": {"type": "string"},
                    "subdivision": _WORD,
                    "weekend": _many(_one_of(WEEKDAYS)),
                    "closures": _many(_DAY),
                }
            ),
            "week_start": _one_of(WEEKDAYS),
            "periods": _one_of(PERIODS),
            "themes": _named({"anyOf": [_TEXT, _map({"title": _TEXT}, "title")]}),
            "privacy": _privacy(),
            "status": _map({"near": _AMOUNT, "words": _map(dict.fromkeys(STATUSES, _TEXT))}),
            "notice": _TEXT,
            "office": _TEXT,
            "contact": {"type": "string"},
        },
        "name",
        "time_zone",
    )


def _dataset() -> Schema:
    check = {"not_null": _WORDS, "unique": _WORDS, "range": _ANY, "values": _ANY, "expect": _WORD}
    source = {
        "file": {"type": "string"},
        "select": {"type": "string"},
        "take": _one_of(("all", "last", "first")),
        "encoding": {"type": "string"},
        "delimiter": _WORD,
        "quote": _WORD,
        "header": {"type": "integer", "minimum": 1},
        "records": {"type": "string"},
    }
    derived = _map({"sql": _WORD, "title": _TEXT, "description": _TEXT}, "sql")
    updates = {"every": _one_of(("hour", "day", "week", "month", "quarter", "year")), "warn_after": _DAYS}
    of_files: Schema = {"required": ["columns"], "properties": {"columns": _named({"required": ["type"]})}}
    made = _map(
        {
            "row": _TEXT,
            "source": {**_map(source), "anyOf": [{"required": ["file"]}, {"required": ["select"]}]},
            "columns": _named(_column()),
            "title": _TEXT,
            "description": _TEXT,
            "key": _WORDS,
            "keep": {"type": "string"},
            "time": {"type": "string"},
            "as_of": {"type": "string"},
            "covers": {"type": "array", "items": {"type": "array", "items": _DAY, "minItems": 2, "maxItems": 2}},
            "lag": _DAYS,
            "unpivot": {"type": "object", "additionalProperties": {"type": "string"}},
            "derive": _named({"anyOf": [_WORD, derived]}),
            "checks": {"type": "array", "items": _map({**check, "level": _one_of(("error", "warn"))}, "level")},
            "updates": _map({**updates, "stale_after": _DAYS}),
            "records": _map({"columns": _WORDS, "public": _WORDS}),
            "owner": _TEXT,
            "steward": _TEXT,
            "sensitivity": _WORD,
            "license": _WORD,
        },
        "row",
        "source",
    )
    return {**made, "allOf": [{"if": {"properties": {"source": {"required": ["file"]}}}, "then": of_files}]}


def _column() -> Schema:
    return _map(
        {
            "type": _one_of(item.value for item in ColumnType),
            "from": {"type": ["string", "integer"]},
            "format": _WORDS,
            "required": _FLAG,
            "values": _WORDS,
            "missing": _WORDS,
            "map": {"type": "object"},
            "split": _WORD,
            "zone": _WORD,
            "unit": _TEXT,
            "sensitive": _FLAG,
            "title": _TEXT,
            "description": _TEXT,
        }
    )


def _department() -> Schema:
    return _map(
        {
            "title": _TEXT,
            "mission": _TEXT,
            "head": _TEXT,
            "contact": {"type": "string"},
            "themes": _WORDS,
            "metrics": _WORDS,
        },
        "title",
    )


def _metric() -> Schema:
    """Return what every type takes, and for each type that it takes no key of the others."""
    keys = metric_keys()
    known = _metric_keys()
    every = dict.fromkeys(key for own in keys.values() for key in own)
    types = [
        {
            "if": {"properties": {"type": {"const": kind}}},
            "then": {"properties": {key: False for key in every if key not in own}},
        }
        for kind, own in keys.items()
    ]
    properties = {key: known.get(key, _ANY) for key in every}
    return {**_map({**properties, "type": _one_of(keys)}, "title", "type"), "allOf": types}


def _metric_keys() -> Schema:
    side = {"anyOf": [_WORD, _map({"measure": _WORD, "where": _WORD})]}
    dimension = _map(
        {
            "by": {"type": "string"},
            "title": _TEXT,
            "bands": {"type": "array", "items": {"type": "number"}},
            "top": {"type": "integer", "minimum": 1},
            "order": _WORDS,
            "min_n": {"type": "integer", "minimum": 2},
        },
        "by",
    )
    column = {"anyOf": [{"type": "string"}, dimension]}
    cross = {"type": "array", "items": column, "minItems": 2, "maxItems": 2}
    look = {"decimals": _WHOLE, "compact": _FLAG, "prefix": _WORD, "suffix": _WORD}
    benchmark = {"who": _TEXT, "value": _AMOUNT, "year": {"type": "integer"}, "source": _TEXT}
    factor = _map({"value": {"type": "number"}, "source": _TEXT, "from": _DAY}, "value", "source")
    example = {
        "rows": {"type": "array", "items": {"type": "object"}},
        "expect": {"type": "object"},
        "as_of": {"type": "string"},
        "within": {"type": "number"},
    }
    return {
        "title": _TEXT,
        "why": _TEXT,
        "theme": {"type": "string"},
        "dataset": {"type": "string"},
        "time": {"type": "string"},
        "where": _WORD,
        "unit": {"type": "string"},
        "format": _map(look),
        "better": _one_of(("higher", "lower", "within", "neither")),
        "dimensions": {"anyOf": [column, {"type": "array", "items": {"anyOf": [column, cross]}}]},
        "period": _one_of(PERIODS),
        "owner": _TEXT,
        "method": _TEXT,
        "caveats": _TEXT,
        "visibility": _one_of(("public", "staff", "department")),
        "since": _DAY,
        "privacy": _privacy(),
        "tests": {"type": "array", "items": _map(example, "rows", "expect")},
        "goal": {"anyOf": [_one_of(("none",)), _goal()]},
        "goals": {"type": "array", "items": _goal(), "minItems": 1},
        "benchmarks": _many(_map(benchmark, *benchmark)),
        "spc": _spc(),
        "breaks": _many(_map({"on": _DAY, "what": _TEXT, "compare": _one_of(("refuse", "mark"))}, "on", "what")),
        "measure": _WORD,
        "numerator": side,
        "denominator": side,
        "per": {"type": ["number", "string"]},
        "from": {"type": "string"},
        "to": {"type": "string"},
        "limit": {"type": ["string", "object"]},
        "open_rows": _one_of(("exclude", "miss", "mature", "censor")),
        "opened": {"type": "string"},
        "closed": {"type": "string"},
        "take": _one_of(("last", "first", "avg")),
        "entity": {"type": "string"},
        "base": _WORD,
        "then": _WORD,
        "inside": {"type": "string"},
        "more_than": {"type": "integer", "minimum": 1},
        "show": _one_of(("entities", "share", "change")),
        "cohort": _map(
            {"top": {"type": "integer", "minimum": 1}, "on": _DAY, "before": _LENGTH, "after": _LENGTH},
            "top",
            "on",
            "before",
        ),
        "formula": {"type": "string"},
        "metric": {"type": "string"},
        "against": {"anyOf": [_WORDS, {"type": "object"}]},
        "as": _one_of(("percent", "points", "difference", "ratio", "total", "average")),
        "over": {"type": "string"},
        "factor": {"anyOf": [factor, _many(factor)]},
        "others": {"type": "object", "additionalProperties": {"anyOf": [factor, _many(factor)]}},
        "of": {"anyOf": [_one_of(("total",)), {"type": "object"}]},
    }


def _goal() -> Schema:
    level: Schema = {"anyOf": [_AMOUNT, {"type": "array", "items": _AMOUNT, "minItems": 2, "maxItems": 2}]}
    slope = _map({"from": _AMOUNT, "on": _DAY, "to": _AMOUNT, "by": _DAY}, "from", "on", "to", "by")
    yearly = {"type": "object", "propertyNames": {"pattern": "^FY[0-9]{4}(-[0-9]{2})?$"}, "additionalProperties": level}
    forms = [*level["anyOf"], slope, _map({"improve": {"type": "string"}}, "improve"), yearly]
    shares = {"type": "array", "items": _AMOUNT, "minItems": 4, "maxItems": 12}
    return _map(
        {
            "target": {"anyOf": forms},
            "judge": _one_of(JUDGES),
            "pace": {"anyOf": [_one_of(PACES), shares]},
            "near": _AMOUNT,
            "compare_at": _WHOLE,
            "slice": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": level}},
            "hold": {"type": "integer", "minimum": 1, "maximum": MOST_HELD},
            "from": _DAY,
            "until": _DAY,
            "authority": _TEXT,
            "set_on": _DAY,
            "owner": _TEXT,
            "note": _TEXT,
        },
        "target",
    )


def _spc() -> Schema:
    run = {"type": "integer", "minimum": RUN[0], "maximum": RUN[1]}
    two_of_three = _one_of(("between", "beyond"))
    rules = _map({"like": _one_of(METHODS), "shift": run, "trend": run, "two_of_three": two_of_three})
    step = _map({"on": _DAY, "why": _TEXT, "by": _TEXT}, "on", "why", "by")
    return _map(
        {
            "baseline": {"type": "integer", "minimum": TRIAL},
            "screen": _FLAG,
            "rules": {"anyOf": [_one_of(METHODS), rules]},
            "rebase": _many(step),
        }
    )


def _privacy() -> Schema:
    return _map({"min_count": {"type": "integer", "minimum": 3}, "dimensions": _WORDS}, "min_count")


def _complete(schema: Schema, project: Project) -> None:
    """Put the names of a project where they may stand."""
    of = schema["definitions"]
    sections = schema["anyOf"][0]["properties"]
    metric, department = of["metric"]["properties"], of["department"]["properties"]
    metric["dataset"] = _one_of(project.datasets)
    metric["metric"] = _one_of(project.metrics)
    metric["theme"] = _one_of(project.city.themes)
    department["metrics"], department["themes"] = _many(_one_of(project.metrics)), _many(metric["theme"])
    of["metric"]["allOf"] += [
        {
            "if": {"properties": {"dataset": {"const": name}}, "required": ["dataset"]},
            "then": {"properties": _columns_of_a_metric(dataset)},
        }
        for name, dataset in project.datasets.items()
    ]
    sections["datasets"]["properties"] = {
        name: {"allOf": [{"$ref": "#/definitions/dataset"}, {"properties": _columns_of_a_dataset(dataset)}]}
        for name, dataset in project.datasets.items()
    }


def _columns_of_a_metric(dataset: Dataset) -> Schema:
    types = dataset.types()
    moments = _one_of(name for name, kind in types.items() if kind in MOMENTS)
    alone = [_one_of(name for name, kind in types.items() if kind in SLICES), {"type": "object"}]
    return {
        **dict.fromkeys(("from", "to", "opened", "closed"), moments),
        "time": {"anyOf": [moments, _one_of(("due",))]},
        "entity": _one_of(name for name, kind in types.items() if kind in ENTITIES),
        "dimensions": {"anyOf": [*alone, {"type": "array", "items": {"anyOf": [*alone, {"type": "array"}]}}]},
    }


def _columns_of_a_dataset(dataset: Dataset) -> Schema:
    types = dataset.types()
    names = _many(_one_of(types))
    moments = _one_of(name for name, kind in types.items() if kind in MOMENTS)
    return {"time": moments, "key": names, "records": {"properties": {"columns": names, "public": names}}}


def _map(properties: Mapping[str, Any], *required: str) -> Schema:
    made: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**made, "required": list(required)} if required else made


def _named(item: Schema) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": _NAME}, "additionalProperties": item}


def _many(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _one_of(words: Iterable[str]) -> Schema:
    return {"enum": list(words)}
