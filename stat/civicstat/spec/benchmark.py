"""What others achieve: a number beside a metric's own, with its year and where it is from."""

from __future__ import annotations

from civicstat.spec.amounts import read_amount
from civicstat.spec.cursor import Value
from civicstat.spec.model import Benchmark

__all__ = ["read_benchmarks"]

_KEYS = ("who", "value", "year", "source")


def read_benchmarks(value: Value, unit: str) -> tuple[Benchmark, ...]:
    """Return the benchmarks in the order written; none stands without its year and its source."""
    found: dict[tuple[tuple[str, ...], int], Benchmark] = {}
    for item in value.items():
        made = _benchmark(item, unit)
        if made is None:
            continue
        whose = tuple(made.who.values()), made.year
        if whose in found:
            item.fault("named-twice", "one number of one city and year", found=f"`{made.year}` twice")
        found.setdefault(whose, made)
    return tuple(found.values())


def _benchmark(item: Value, unit: str) -> Benchmark | None:
    fields = item.fields(_KEYS, (), "a benchmark")
    who = fields.need("who", "whose number it is, as `who: Cities of our size`")
    amount = fields.need("value", "the number, in the metric's unit")
    year = fields.need("year", "the year it is of, as `year: 2024`")
    source = fields.need("source", "where it can be looked up")
    if who is None or amount is None or year is None or source is None:
        return None
    return Benchmark(who.text(), read_amount(amount, unit), year.whole(1900, 2100, "a year"), source.text())
