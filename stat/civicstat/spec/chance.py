"""Whether a metric's number is a share or a rate of single events, so that chance has a known hand in it."""

from __future__ import annotations

from typing import Literal

from civicstat.spec.expr import Aggregate, Call, Column, Expr
from civicstat.spec.kinds import Conversion, Made, Ratio, RowBody, Side, Within
from civicstat.spec.nullable import conjuncts, kept_out

__all__ = ["Chance", "chance_of"]

Chance = Literal["", "share", "rate"]


def chance_of(body: RowBody | Made) -> Chance:
    """Return ``share`` where each row counted is in the numerator or not, ``rate`` for rows over a sum.

    A quotient of two counts is a share only if whatever is in the numerator must be in the denominator.
    """
    if isinstance(body, Within | Conversion):
        return "share"
    if not isinstance(body, Ratio) or not _counts_rows(body.numerator):
        return ""
    under = body.denominator
    if _counts_rows(under):
        return "share" if under.where is None or _implies(body.numerator.where, under.where) else ""
    return "rate" if isinstance(under.measure, Aggregate) and under.measure.name == "sum" else ""


def _counts_rows(side: Side) -> bool:
    return isinstance(side.measure, Aggregate) and side.measure.name == "count" and side.measure.arg is None


def _implies(condition: Expr | None, wanted: Expr) -> bool:
    """Return whether rows that meet ``condition`` are seen to meet ``wanted``, part by part."""
    if condition is None:
        return False
    known, there = list(conjuncts(condition)), kept_out(condition)
    return all(part in known or _is_there(part, there) for part in conjuncts(wanted))


def _is_there(part: Expr, there: set[str]) -> bool:
    match part:
        case Call(name="is_not_null", args=(Column(name=name),)):
            return name in there
    return False
