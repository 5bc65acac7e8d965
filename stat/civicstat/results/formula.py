"""Arithmetic over parts: missing stays missing, and nothing to divide by is no value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from civicstat.spec import Call, Column, Expr, Literal

__all__ = ["evaluate"]


def evaluate(expr: Expr, parts: Mapping[str, Any]) -> float | None:
    """Return the value of ``expr``, whose columns are part labels.

    Raises:
        ValueError: an operation that a measure cannot hold.
    """
    match expr:
        case Literal(value=value):
            return None if value is None else float(str(value))
        case Column(name=name):
            part = parts[name]
            return None if part is None else float(part)
        case Call(name=name, args=args):
            values = [evaluate(arg, parts) for arg in args]
            if any(value is None for value in values):
                return None
            return _apply(name, [value for value in values if value is not None])
    raise ValueError("a measure is arithmetic over aggregates")


def _apply(name: str, values: list[float]) -> float | None:
    match name, values:
        case "neg", [a]:
            return -a
        case "add", [a, b]:
            return a + b
        case "sub", [a, b]:
            return a - b
        case "mul", [a, b]:
            return a * b
        case "div", [a, b]:
            return a / b if b else None
    raise ValueError(f"`{name}` is not arithmetic over aggregates")
