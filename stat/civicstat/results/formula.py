"""Arithmetic over parts: missing stays missing, and nothing to divide by is no value."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from civicstat.spec import Call, Column, Expr, Literal

__all__ = ["Formula", "formula"]

Formula = Callable[[Sequence[Any]], float | None]
"""What parts, in the order of their labels, come to."""


def formula(expr: Expr, labels: Sequence[str]) -> Formula:
    """Return ``expr`` as a function of parts; its columns are some of their ``labels``.

    Raises:
        ValueError: an operation that a measure cannot hold.
    """
    match expr:
        case Literal(value=value):
            constant = None if value is None else float(str(value))
            return lambda parts: constant
        case Column(name=name):
            return _part(labels.index(name))
        case Call(name="neg", args=(arg,)):
            return _negative(formula(arg, labels))
        case Call(name=name, args=(left, right)) if name in _HOW:
            return _both(_HOW[name], formula(left, labels), formula(right, labels))
    raise ValueError("a measure is arithmetic over aggregates")


def _part(place: int) -> Formula:
    def part(parts: Sequence[Any]) -> float | None:
        found = parts[place]
        return None if found is None else float(found)

    return part


def _negative(inner: Formula) -> Formula:
    def negative(parts: Sequence[Any]) -> float | None:
        value = inner(parts)
        return None if value is None else -value

    return negative


def _both(how: Callable[[float, float], float | None], left: Formula, right: Formula) -> Formula:
    def both(parts: Sequence[Any]) -> float | None:
        a, b = left(parts), right(parts)
        return None if a is None or b is None else how(a, b)

    return both


def _divided(over: float, under: float) -> float | None:
    return over / under if under else None


_HOW: Mapping[str, Callable[[float, float], float | None]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": _divided,
}
