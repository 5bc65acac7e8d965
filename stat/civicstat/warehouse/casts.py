"""Text as it stands in a file becomes typed values: trimmed, without words for no value, recoded, strictly cast."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from civicstat.compiler import SQL_TYPES
from civicstat.spec import ColumnDef, ColumnType, length_parts

__all__ = ["REASONS", "mapped", "trimmed", "typed", "without_missing"]

Sql = ColumnElement[Any]

REASONS = {
    ColumnType.INTEGER: "not-an-integer",
    ColumnType.NUMBER: "not-a-number",
    ColumnType.MONEY: "not-an-amount",
    ColumnType.BOOLEAN: "not-a-boolean",
    ColumnType.DATE: "not-a-date",
    ColumnType.TIMESTAMP: "not-a-timestamp",
    ColumnType.DURATION: "not-a-duration",
}
"""Why a text cannot become the type of its column."""

_SPACE = " \t\r\n\u00a0\ufeff"
_GROUPED = r"[0-9]{1,3}(,[0-9]{3})+"
_INTEGER = r"[+-]?[0-9]+"
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"
_AMOUNT = rf"([0-9]+|{_GROUPED})(\.[0-9]*)?|\.[0-9]+"
_SIGNED = rf"[+-]? ?[$€£]? ?[+-]?({_AMOUNT})"
_BRACKETED = rf"\( ?[$€£]? ?({_AMOUNT}) ?\)"
_LOCAL = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?"
_OFFSET = (
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)? ?(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)"
)
_YES = ("true", "t", "yes", "y", "1")
_NO = ("false", "f", "no", "n", "0")
_FIRST_YEAR: Sql = sa.literal_column("TIMESTAMP '1000-01-01 00:00:00'")


def trimmed(raw: Sql, odd_space: bool) -> Sql:
    """Return the text without the space around it; nothing left is null.

    ``odd_space``: other space than plain blanks may occur, which costs more to take off.
    """
    if odd_space:
        return sa.func.nullif(sa.func.trim(raw, sa.literal(_SPACE)), "", type_=sa.String())
    # Trimming each cell took a quarter of a load's time, and hardly any needs it.
    # The empty text and the blank come before `!`.
    spaced = sa.or_(raw < "!", sa.func.ends_with(raw, " "))
    return sa.case((spaced, sa.func.nullif(sa.func.trim(raw), "")), else_=raw)


def without_missing(text: Sql, column: ColumnDef) -> Sql:
    """Return ``text``, null where it is one of the column's words for no value."""
    return sa.case((text.in_(column.missing), sa.null()), else_=text) if column.missing else text


def mapped(text: Sql, column: ColumnDef) -> Sql:
    """Return ``text`` recoded; what the map does not name stays as it is."""
    return sa.case(dict(column.map), value=text, else_=text) if column.map else text


def typed(text: Sql, column: ColumnDef, time_zone: str, odd_space: bool) -> Sql:
    """Return ``text`` as the column's type, null where it cannot be."""
    match column.type:
        case ColumnType.TEXT:
            return text
        case ColumnType.INTEGER:
            whole = sa.try_cast(text, sa.BigInteger())
            # Written as the engine itself would write it: the usual case, known without a pattern.
            usual = sa.cast(whole, sa.String()) == text
            return _number(text, sa.BigInteger(), _INTEGER, rf"[+-]?{_GROUPED}", (usual, whole))
        case ColumnType.NUMBER:
            exponent = r"([eE][+-]?[0-9]+)?"
            number: Sql = sa.try_cast(text, sa.Double())
            # Besides what the pattern takes, the engine reads only `1_000`, `+-1`, `inf`, `nan` and space around them.
            odd = sa.or_(sa.func.contains(text, "_"), sa.func.starts_with(text, "+"))
            fast = () if odd_space or column.map else ((sa.and_(number.is_not(sa.null()), sa.not_(odd)), number),)
            value = _number(text, sa.Double(), _NUMBER + exponent, rf"[+-]?{_GROUPED}(\.[0-9]*)?", *fast)
            return sa.case((sa.func.isfinite(value), value))
        case ColumnType.MONEY:
            return _money(text)
        case ColumnType.BOOLEAN:
            lower = sa.func.lower(text, type_=sa.String())
            return sa.case((lower.in_(_YES), sa.true()), (lower.in_(_NO), sa.false()))
        case ColumnType.DATE:
            return sa.cast(_first([_moment(text, form, None) for form in column.format or ("%Y-%m-%d",)]), sa.Date())
        case ColumnType.TIMESTAMP:
            return _timestamp(text, column, time_zone)
        case ColumnType.DURATION:
            return _first([_length(text, form) for form in column.format], sa.Double())


def _number(text: Sql, kind: sa.types.TypeEngine[Any], plain: str, grouped: str, *usual: tuple[Sql, Sql]) -> Sql:
    # The engine's own cast takes `8.5` for 9 and `1_000` for 1000; the pattern comes first.
    return sa.case(
        *usual,
        (_matches(text, plain), sa.try_cast(text, kind)),
        (_matches(text, grouped), sa.try_cast(sa.func.replace(text, ",", ""), kind)),
    )


def _money(text: Sql) -> Sql:
    kind = SQL_TYPES[ColumnType.MONEY]
    bare = sa.func.regexp_replace(text, "[$€£, ()]", "", sa.literal_column("'g'"))
    return sa.case(
        (_matches(text, _NUMBER), sa.try_cast(text, kind)),
        (_matches(text, _SIGNED), sa.try_cast(bare, kind)),
        (_matches(text, _BRACKETED), sa.cast(-sa.try_cast(bare, kind), kind)),
    )


def _timestamp(text: Sql, column: ColumnDef, time_zone: str) -> Sql:
    """Return the moment in the city's zone; a zone of the column's own holds against what the text says."""
    said = None if column.zone else time_zone
    value = _first([_moment(text, form, said) for form in column.format]) if column.format else _iso(text, said)
    if column.zone in ("", "local", time_zone):
        return value
    return sa.func.timezone(time_zone, sa.func.timezone(column.zone, value), type_=sa.DateTime())


def _length(text: Sql, form: str) -> Sql:
    """Return a length of time in seconds."""
    parts = length_parts(form)
    assert parts is not None  # checked with the declaration
    pattern, worth = parts
    groups: list[Sql] = [
        sa.cast(sa.func.regexp_extract(text, pattern, at), sa.Double()) for at in range(1, len(worth) + 1)
    ]
    total = sum((group * seconds for group, seconds in zip(groups, worth, strict=True)), sa.literal(0.0))
    return sa.case((_matches(text, pattern), total))


def _moment(text: Sql, form: str, time_zone: str | None) -> Sql:
    """Return the moment by one pattern; without a time zone an offset in the text is read over (a date stays)."""
    offset = re.search(r"%[zZ]", form)
    if offset is None:
        value = sa.func.try_strptime(text, form, type_=sa.DateTime())
    elif time_zone is None:
        bare = sa.func.regexp_replace(text, r" ?(Z|z|[+-][0-9]{2}:?[0-9]{2}| [A-Za-z_/]+)$", "")
        value = sa.func.try_strptime(bare, form[: offset.start()].rstrip(), type_=sa.DateTime())
    else:
        plain = sa.func.regexp_replace(text, "[Zz]$", "+00:00")
        value = sa.func.timezone(time_zone, sa.func.try_strptime(plain, form), type_=sa.DateTime())
    # `%Y` reads `15` as the year 15: no city has records of it.
    return sa.case((value >= _FIRST_YEAR, value))


def _iso(text: Sql, time_zone: str | None) -> Sql:
    """Return the moment of a text of ISO 8601; without a time zone an offset in it is read over."""
    if time_zone is None:
        bare = sa.func.regexp_replace(text, r"(:[0-9]{2}(\.[0-9]+)?) ?(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)$", r"\1")
        value = sa.case((_matches(bare, _LOCAL), sa.try_cast(bare, sa.DateTime())))
        return sa.case((value >= _FIRST_YEAR, value))
    plain = sa.func.regexp_replace(text, " ?[Zz]$", "+00:00")
    closed = sa.func.regexp_replace(plain, " ([+-])", r"\1")
    zoned = sa.func.timezone(time_zone, sa.try_cast(closed, sa.DateTime(timezone=True)), type_=sa.DateTime())
    value = sa.case(
        (_matches(text, _LOCAL), sa.try_cast(text, sa.DateTime())),
        (_matches(text, _OFFSET), zoned),
    )
    return sa.case((value >= _FIRST_YEAR, value))


def _matches(text: Sql, pattern: str) -> Sql:
    return sa.func.regexp_full_match(text, pattern, type_=sa.Boolean())


def _first(values: list[Sql], kind: sa.types.TypeEngine[Any] | None = None) -> Sql:
    return values[0] if len(values) == 1 else sa.func.coalesce(*values, type_=kind or sa.DateTime())
