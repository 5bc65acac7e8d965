"""Bringing the sides of a comparison to one kind: days written as text, ``as_of``, and what cannot meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from civicstat.spec.cursor import read_day, read_moment
from civicstat.spec.expr import Column, ColumnType, Expr, Literal
from civicstat.spec.scope import TypeOf, group, type_word

Shown = Callable[[int], str]
"""How the n-th part is written."""

__all__ = ["Clash", "common_type", "is_as_of", "unify"]


@dataclass(frozen=True, slots=True)
class Clash:
    """Why the part at ``index`` cannot meet the part at ``against``."""

    code: str
    index: int
    against: int
    found: str
    expected: str
    mend: str


def is_as_of(expr: Expr) -> bool:
    """Say whether ``expr`` is the dataset's clock, whose type is that of what it meets."""
    return isinstance(expr, Column) and expr.name == "as_of"


def common_type(kinds: Sequence[TypeOf]) -> TypeOf:
    """Return the widest of types that can meet: a number of integer and number, a timestamp of date and timestamp."""
    order = (ColumnType.MONEY, ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.TIMESTAMP, ColumnType.DATE)
    known = [kind for kind in kinds if kind]
    return next((kind for kind in order if kind in known), known[0] if known else None)


def unify(parts: Sequence[Expr], shown: Shown) -> tuple[list[Expr], TypeOf, Clash | None]:
    """Return the parts brought to one kind, their common type, and the clash where two cannot meet.

    Where a day or moment is met, a text written out becomes one and ``as_of`` takes its type.
    """
    typed = [part.type for part in parts if not is_as_of(part) and not _is_text(part)]
    moments = [kind for kind in typed if group(kind) == "moment"]
    meets_clock = any(is_as_of(part) for part in parts)
    if not moments and not (meets_clock and all(kind is None for kind in typed)):
        return _meet(parts, shown)
    wanted = common_type(moments) or ColumnType.TIMESTAMP
    made: list[Expr] = []
    for index, part in enumerate(parts):
        if is_as_of(part):
            made.append(Column("as_of", wanted))
        elif _is_text(part):
            moment = _moment(part, wanted)
            if moment is None:
                against = next((n for n, other in enumerate(parts) if other is not part), index)
                return list(parts), wanted, _not_a_day(index, against, shown, wanted)
            made.append(moment)
        else:
            made.append(part)
    return _meet(made, shown)


def _meet(parts: Sequence[Expr], shown: Shown) -> tuple[list[Expr], TypeOf, Clash | None]:
    kinds = [part.type for part in parts]
    first = next((index for index, kind in enumerate(kinds) if kind), 0)
    for index, kind in enumerate(kinds):
        if kind and group(kind) != group(kinds[first]):
            return list(parts), kinds[first], _clash(parts, shown, first, index)
    return list(parts), common_type(kinds), None


def _clash(parts: Sequence[Expr], shown: Shown, first: int, other: int) -> Clash:
    one, two = parts[first], parts[other]
    kinds = f"`{shown(first)}` is {type_word(one.type)}, `{shown(other)}` {type_word(two.type)}"
    return Clash(
        "different-types", other, first, kinds, "values of one kind", _mend(one, two, shown(first), shown(other))
    )


def _mend(one: Expr, two: Expr, first: str, other: str) -> str:
    for left, right, said, told in ((one, two, first, other), (two, one, other, first)):
        pair = (group(left.type), group(right.type))
        if pair == ("text", "number"):
            if isinstance(right, Literal):
                return f"write `'{told}'`, in quotes"
            if isinstance(left, Literal):
                return f"write `{left.value}`, without quotes" if _is_number(str(left.value)) else ""
            return f"write `try_cast({said} as number)`"
        if pair == ("moment", "number"):
            return "`days_between(a, b)` is the number of days between two"
        if pair == ("moment", "text"):
            return f"give the column `{told}` the type `date` or `timestamp`" if isinstance(right, Column) else ""
        if pair == ("boolean", "text") and isinstance(right, Literal):
            return "write `true` or `false` without quotes"
        if pair == ("text", "boolean") and isinstance(right, Literal):
            return f"write `'{told}'`, in quotes"
    return ""


def _not_a_day(index: int, against: int, shown: Shown, wanted: ColumnType) -> Clash:
    form = "a day as `'2026-03-31'`" + ("" if wanted is ColumnType.DATE else " or a moment as `'2026-03-31 14:05'`")
    found = f"`{shown(index)}` beside `{shown(against)}`, which is {type_word(wanted)}"
    return Clash("not-a-day", index, against, found, form, "")


def _is_text(part: Expr) -> bool:
    return isinstance(part, Literal) and part.type is ColumnType.TEXT


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _moment(part: Expr, wanted: ColumnType) -> Literal | None:
    text = str(part.value) if isinstance(part, Literal) else ""
    day = read_day(text)
    if wanted is ColumnType.DATE:
        return Literal(day, ColumnType.DATE) if day else None
    moment = datetime(day.year, day.month, day.day) if day else read_moment(text)  # noqa: DTZ001 - local by meaning
    return Literal(moment, ColumnType.TIMESTAMP) if moment else None
