"""What the numbers that another is made of come to: missing stays missing."""

from __future__ import annotations

from collections.abc import Sequence

from civicstat.results.formula import formula
from civicstat.results.term import Term
from civicstat.spec import Change, Cumulative, Equivalent, Formula, Metric, Quotient, Share

__all__ = ["Worked", "worked"]

Worked = tuple[float | None, float | None, float | None]
"""A value, and its numerator and denominator where it is a quotient of two counts or sums."""

_NOTHING: Worked = (None, None, None)


def worked(metric: Metric, terms: Sequence[Term], of_year: float = 1.0) -> Worked:
    """Return the value that the terms give; ``of_year`` is the part of a year that they are counted in."""
    match metric.body:
        case Formula(expr=expr):
            values = {term.name: term.value for term in terms}
            return formula(expr, tuple(values))(tuple(values.values())), None, None
        case Share():
            part, whole = (term.value for term in terms)
            return (100 * part / whole if part is not None and whole else None), part, whole
        case Quotient(per=per, annual=annual):
            top, under = (term.value for term in terms)
            scale = per / of_year if annual else per
            return (scale * top / under if top is not None and under else None), top, under
        case Change(how=how):
            now, then = (term.value for term in terms)
            return _changed(now, then, how), None, None
        case Equivalent():
            parts = [None if term.value is None or term.factor is None else term.value * term.factor for term in terms]
            return _added(parts), None, None
        case Cumulative() as body:
            return _gathered(metric, body, terms)
    raise ValueError(f"`{metric.name}` is not made of other metrics")


def _changed(now: float | None, then: float | None, how: str) -> float | None:
    """Return a number against another; of one below 0 the percentage still says up or down."""
    if now is None or then is None:
        return None
    match how:
        case "percent":
            return 100 * (now - then) / abs(then) if then else None
        case "ratio":
            return now / then if then else None
    return now - then


def _added(parts: Sequence[float | None]) -> float | None:
    """Return the sum of what there is."""
    there = [part for part in parts if part is not None]
    return sum(there) if there else None


def _gathered(metric: Metric, body: Cumulative, terms: Sequence[Term]) -> Worked:
    """Return what the terms come to together: a window needs all of them, a total to date has what there is."""
    if terms and terms[0].metric == metric.name and len(terms) == 1:
        last = terms[0].reading
        return (last.value, last.numerator, last.denominator) if last else _NOTHING
    parts = [_parts(metric, body, term) for term in terms]
    there = [part for part in parts if part is not None]
    if not there or (isinstance(body.over, int) and len(there) < len(parts)):
        return _NOTHING
    top, under = sum(part[0] for part in there), sum(part[1] for part in there)
    if body.how == "total":
        return top, top, 1.0
    return (body.per * top / under if under else None), top, under


def _parts(metric: Metric, body: Cumulative, term: Term) -> tuple[float, float] | None:
    """Return what is added up of a term; of a single number that is averaged there is one."""
    item = term.reading
    if item is None:
        return None
    if not body.pooled and term.metric != metric.name:
        return None if item.value is None else (item.value, 1.0)
    if item.numerator is None or item.denominator is None:
        return None
    return item.numerator, item.denominator
