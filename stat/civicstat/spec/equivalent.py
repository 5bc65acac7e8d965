"""A number said in another unit by an official factor: kilowatt hours as tonnes, tonnes as cars."""

from __future__ import annotations

from datetime import date

from civicstat.spec.basis import Basis, Find, one_metric
from civicstat.spec.cursor import Fields, Value
from civicstat.spec.dimension import Dimension
from civicstat.spec.kinds import FACTOR, Equivalent, Factor
from civicstat.words import phrase

__all__ = ["read_equivalent"]

_KEYS = ("value", "source", "from")


def read_equivalent(fields: Fields, find: Find) -> Basis:
    """Each other source is a member of the dimension ``factor``."""
    metric = one_metric(fields, find)
    value = fields.need("factor", "the factor and its source, as `{value: 0.0004, source: EPA eGRID 2023}`")
    unit = fields.need("unit", "what the number is in, as `unit: tonnes`")
    others_value = fields.get("others")
    others: dict[str, tuple[Factor, ...]] = {}
    for name, item in others_value.entries() if others_value else ():
        others[name] = _factors(item)
    body = Equivalent(metric.name if metric else "", _factors(value) if value else (), others)
    if others_value and metric and any(FACTOR in item.columns for item in metric.dimensions):
        expected = "another name: the other factors are a dimension of that name"
        others_value.fault("reserved-name", expected, found=f"the dimension `{FACTOR}` of `{metric.name}`")
    title = {lang: phrase("counted.factor", lang) for lang in fields.value.notes.languages}
    splits = (Dimension(FACTOR, title, order=tuple(others)),) if others else ()
    return Basis(body, unit.string() if unit else "", (metric,) if metric else (), splits)


def _factors(value: Value) -> tuple[Factor, ...]:
    """Return one factor, or several from the day on which each begins, in the order of these days."""
    items = value.items() if value.is_list else [value]
    made: dict[date | None, Factor] = {}
    for item in items:
        factor = _factor(item)
        if factor is None:
            continue
        if factor.since in made:
            item.fault(
                "named-twice", "one factor from one day on", "write `from`, the day on which it begins", _day(factor)
            )
        made[factor.since] = factor
    return tuple(made[day] for day in sorted(made, key=lambda day: day or date.min))


def _factor(item: Value) -> Factor | None:
    fields = item.fields(_KEYS, (), "a factor")
    amount = fields.need("value", "what one unit is in the other, as `value: 0.0004`")
    source = fields.need("source", "where it can be looked up")
    since = fields.get("from")
    if amount is None or source is None:
        return None
    return Factor(amount.number(), source.text(), since.day() if since else None)


def _day(factor: Factor) -> str:
    return f"two factors from {factor.since}" if factor.since else "two factors without `from`"
