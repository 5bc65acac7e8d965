"""A ratio of two metrics: of two datasets, or of a count and a level that lasts."""

from __future__ import annotations

import re

from civicstat.spec.basis import Basis, Find
from civicstat.spec.behind import is_level
from civicstat.spec.cursor import Fields, Value
from civicstat.spec.kinds import Quotient
from civicstat.spec.model import Metric
from civicstat.spec.yaml_nodes import MapNode, Scalar

__all__ = ["is_quotient", "read_quotient"]

_SIDES = ("numerator", "denominator")
_METRIC = re.compile(r"\{([^{}]*)\}")
_A_YEAR = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,15})?) a year")


def is_quotient(value: Value) -> bool:
    """Return whether a metric of type ratio names a metric as one of its sides."""
    entries = value.node.entries if isinstance(value.node, MapNode) else {}
    return any(_named(Value(entries[key].value, "", value.notes)) is not None for key in _SIDES if key in entries)


def read_quotient(fields: Fields, find: Find) -> Basis:
    """A level below is taken as it is known by the end of each period; above it is only where it stands on none."""
    top, under = (_side(fields, key, find) for key in _SIDES)
    unit_value, unit = fields.get("unit"), fields.string("unit") or ""
    per, annual = _per(fields, unit)
    if fields.get("per") and unit_value and unit == "percent" and (per != 100 or annual):
        mend = "leave out `per`, or name another unit"
        fields.values["per"].fault("percent-or-number", "`per: 100`, which is what percent means", mend)
    levels = tuple(side.name for side in (under, top) if side and is_level(side))[:1]
    if top and under and top.name == under.name:
        levels = ()
    body = Quotient(top.name if top else "", under.name if under else "", per, annual, levels)
    metrics = {side.name: side for side in (top, under) if side}
    return Basis(body, unit or ("percent" if per == 100 else ""), tuple(metrics.values()), levels=levels)


def _side(fields: Fields, key: str, find: Find) -> Metric | None:
    value = fields.need(key, 'a metric, as `"{requests_opened}"`')
    name = _named(value) if value else None
    if value and name is None:
        mend = "make it a metric of its own, and name that: both numbers can then be opened"
        value.fault("mixed-sides", 'a metric as the other side, as `"{requests_opened}"`', mend)
    if value is None or name is None:
        return None
    place = value.node.inside(1, max(1, len(name))) if isinstance(value.node, Scalar) else value.place
    return find(value, name, place)


def _named(value: Value) -> str | None:
    found = _METRIC.fullmatch(value.bare.strip())
    return found[1] if found else None


def _per(fields: Fields, unit: str) -> tuple[float, bool]:
    value = fields.get("per")
    if value is None:
        return (100.0 if unit in ("", "percent") else 1.0), False
    annual = _A_YEAR.fullmatch(value.bare)
    per = float(annual[1]) if annual else value.number()
    if per <= 0 and not value.notes.faults:
        value.fault("not-a-number", "a number above 0")
    return per, annual is not None
