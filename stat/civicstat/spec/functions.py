"""The functions that may stand in an expression: one row a function, its types and its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from civicstat.spec.expr import ColumnType

__all__ = ["AGGREGATES", "EXTRACT_PARTS", "FUNCTIONS", "INSTEAD", "OPERATORS", "TRUNC_PARTS", "WINDOWS", "Function"]

Kind = Literal["text", "number", "whole", "moment", "same", "part", "pattern"]
"""What an argument may be; all ``same`` of a call are of one kind. ``part`` and ``pattern`` are texts written out."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function: the kinds of its arguments, how many are needed, what it returns.

    ``result`` None is the type of its ``same``, ``number`` or ``moment`` argument. ``repeats``: the last may repeat.
    """

    args: tuple[Kind, ...]
    result: ColumnType | None
    meaning: str
    optional: int = 0
    repeats: bool = False


_TEXT, _WHOLE, _NUMBER, _FLAG = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.BOOLEAN

FUNCTIONS: Mapping[str, Function] = {
    "coalesce": Function(("same", "same"), None, "the first value that is not missing", repeats=True),
    "nullif": Function(("same", "same"), None, "the first value, missing where both are equal"),
    "lower": Function(("text",), _TEXT, "in small letters"),
    "upper": Function(("text",), _TEXT, "in capitals"),
    "trim": Function(("text",), _TEXT, "without spaces at both ends"),
    "lpad": Function(("text", "whole", "text"), _TEXT, "filled on the left to a length, cut on the right"),
    "length": Function(("text",), _WHOLE, "the number of characters"),
    "replace": Function(("text", "text", "text"), _TEXT, "each occurrence of the second text replaced by the third"),
    "substr": Function(("text", "whole", "whole"), _TEXT, "from a position counted from 1, so many characters", 1),
    "split_part": Function(("text", "text", "whole"), _TEXT, "the n-th piece between separators, counted from 1"),
    "regexp_replace": Function(("text", "pattern", "text"), _TEXT, "the first match of the pattern replaced"),
    "regexp_extract": Function(("text", "pattern", "whole"), _TEXT, "the first match, or its n-th group", 1),
    "starts_with": Function(("text", "text"), _FLAG, "whether the first text starts with the second"),
    "greatest": Function(("same", "same"), None, "the greatest value that is not missing", repeats=True),
    "least": Function(("same", "same"), None, "the least value that is not missing", repeats=True),
    "abs": Function(("number",), None, "without its sign"),
    "round": Function(("number", "whole"), None, "rounded half away from zero, to decimals", 1),
    "floor": Function(("number",), None, "the next whole number below"),
    "ceil": Function(("number",), None, "the next whole number above"),
    "date_trunc": Function(("part", "moment"), None, "the first day or moment of its year, month, week …"),
    "days_between": Function(("moment", "moment"), _NUMBER, "days from the first to the second; whole between dates"),
    "business_days": Function(("moment", "moment"), _WHOLE, "the city's business days after the first, to the second"),
    "fiscal_year": Function(("moment",), _WHOLE, "the number of the city's fiscal year it falls in"),
}

AGGREGATES: Mapping[str, str] = {
    "count": "`count(*)` rows, `count(x)` values that are not missing, `count(distinct x)` different ones",
    "sum": "the sum; over no rows 0, over missing values only no value",
    "avg": "the mean of the values that are not missing",
    "median": "the middle value, linear between two",
    "percentile": "`percentile(x, 0.9)`: the value that 9 of 10 do not exceed, linear between two, exact",
    "min": "the least value",
    "max": "the greatest value",
}

WINDOWS: Mapping[str, Function] = {
    "row_number": Function((), _WHOLE, "`row_number()`: 1 for the first row, 2 for the next"),
    "rank": Function((), _WHOLE, "`rank()`: equal rows have one rank, and the ranks after it are left out"),
    "dense_rank": Function((), _WHOLE, "`dense_rank()`: equal rows have one rank, and the next rank follows"),
    "lag": Function(
        ("same", "whole"), None, "`lag(x)` the value of the row before, `lag(x, 2)` of the one before that", 1
    ),
    "lead": Function(
        ("same", "whole"), None, "`lead(x)` the value of the next row, `lead(x, 2)` of the one after that", 1
    ),
    "first_value": Function(("same",), None, "`first_value(x)`: the value of the first of the rows"),
    "last_value": Function(("same",), None, "`last_value(x)`: the value of the last of the rows"),
}
"""Functions that stand before `over (…)` in a `select`; aggregates may stand there too."""

OPERATORS: Mapping[str, str] = {
    "add": "`+`",
    "sub": "`-`",
    "mul": "`*`",
    "div": "`/`: never cut to a whole number; by 0 no value",
    "neg": "`-x`",
    "eq": "`=`",
    "ne": "`<>`: not true where a side is missing",
    "lt": "`<`",
    "le": "`<=`",
    "gt": "`>`",
    "ge": "`>=`",
    "and": "`and`",
    "or": "`or`",
    "not": "`not`",
    "in": "`in (…)`",
    "not_in": "`not in (…)`: not true where the value is missing",
    "between": "`between … and …`, both ends included",
    "is_null": "`is null`",
    "is_not_null": "`is not null`",
    "is_distinct": "`is distinct from`: true where only one side is missing",
    "is_not_distinct": "`is not distinct from`: true where both sides are missing",
    "like": "`like`: `%` any text, `_` any character",
    "not_like": "`not like`: not true where the value is missing",
    "concat": "`||`: texts joined; missing where a side is missing",
    "cast": "`cast(x as type)`: refused by the engine where a value cannot be one",
    "try_cast": "`try_cast(x as type)`: missing where a value cannot be one",
    "extract": "`extract(hour from x)`: a part of a day or moment, a whole number",
}

EXTRACT_PARTS = ("year", "quarter", "month", "week", "day", "doy", "isodow", "dow", "hour", "minute", "second")
TRUNC_PARTS = ("year", "quarter", "month", "week", "day", "hour", "minute")

INSTEAD: Mapping[str, str] = {
    **dict.fromkeys(
        ("now", "today", "current_date", "current_timestamp", "getdate", "localtimestamp"), "write `as_of`"
    ),
    **dict.fromkeys(("datediff", "date_diff", "age", "date_sub"), "write `days_between(a, b)`"),
    **dict.fromkeys(("ifnull", "isnull", "nvl"), "write `coalesce(a, b)`"),
    **dict.fromkeys(("if", "iif", "decode"), "write `case when … then … else … end`"),
    **dict.fromkeys(("len", "char_length"), "write `length(x)`"),
    **dict.fromkeys(("concat", "concat_ws"), "write `a || b`"),
    **dict.fromkeys(("ucase", "initcap"), "write `upper(x)`"),
    **dict.fromkeys(("substring", "mid", "left"), "write `substr(x, start, length)`"),
    **dict.fromkeys(("year", "month", "day", "hour", "quarter", "week"), "write `extract(hour from x)`"),
    **dict.fromkeys(
        ("to_date", "strptime", "date", "timestamp", "to_timestamp"), "give the column a type and `format`"
    ),
    **dict.fromkeys(("mean", "average"), "write `avg(x)`"),
    **dict.fromkeys(("quantile", "quantile_cont", "percentile_cont", "approx_quantile"), "write `percentile(x, 0.9)`"),
    **dict.fromkeys(("regexp_matches", "regexp_like"), "write `regexp_extract(x, pattern) <> ''`"),
    **dict.fromkeys(("ceiling",), "write `ceil(x)`"),
    **dict.fromkeys(("lcase",), "write `lower(x)`"),
    **dict.fromkeys(("contains", "position", "strpos", "instr"), "write `x like '%word%'`"),
}
