"""What each type of metric says of itself: its measure, sides, columns and limit."""

from __future__ import annotations

from typing import Literal

from civicstat.spec.again import read_conversion, read_entity, read_recurrence
from civicstat.spec.amounts import DURATIONS, read_limit
from civicstat.spec.behind import is_sum
from civicstat.spec.cursor import Fields, Value, choices_text
from civicstat.spec.expr import Aggregate, Column, ColumnType, Expr
from civicstat.spec.expression import NOTHING, parse_condition, parse_measure
from civicstat.spec.kinds import (
    ELAPSED,
    Distinct,
    DueColumn,
    Duration,
    FixedLimit,
    Limit,
    LimitBy,
    Ratio,
    RowBody,
    Side,
    Simple,
    Snapshot,
    Stock,
    Within,
)
from civicstat.spec.references import MOMENTS, TEXTS, column_name
from civicstat.spec.scope import Scope

__all__ = ["read_body"]

_OPEN_ROWS: tuple[Literal["exclude", "miss", "mature"], ...] = ("exclude", "miss", "mature")
_TAKE: tuple[Literal["last", "first", "avg"], ...] = ("last", "first", "avg")
_OPEN_TIMES: tuple[Literal["exclude", "censor"], ...] = ("exclude", "censor")
_COUNT = Aggregate("count", None, ColumnType.INTEGER)


def read_body(kind: str, fields: Fields, scope: Scope) -> tuple[RowBody, Scope, str]:
    """Return the body, what the metric's ``where`` may name, and the unit."""
    unit = fields.string("unit") or ""
    match kind:
        case "simple":
            return Simple(_measure(fields, scope)), scope, unit
        case "ratio":
            return _ratio(fields, scope, unit)
        case "within":
            return _within(fields, scope, unit)
        case "duration":
            return _duration(fields, scope, unit)
        case "snapshot":
            return _snapshot(fields, scope), scope, unit
        case "distinct":
            return Distinct(*read_entity(fields, scope)), scope, unit
        case "conversion":
            return read_conversion(fields, scope, unit)
        case "recurrence":
            return read_recurrence(fields, scope, unit)
        case _:
            return _stock(fields, scope, unit)


def _measure(fields: Fields, scope: Scope) -> Expr:
    value = fields.need("measure", "what is counted, as `measure: count(*)`")
    return parse_measure(value, scope) if value else NOTHING


def _ratio(fields: Fields, scope: Scope, unit: str) -> tuple[RowBody, Scope, str]:
    per_value, unit_value = fields.get("per"), fields.get("unit")
    per = per_value.number() if per_value else (100.0 if unit in ("", "percent") else 1.0)
    if per_value and per <= 0:
        per_value.fault("not-a-number", "a number above 0")
    if per_value and unit_value and unit == "percent" and per != 100:
        mend = "leave out `per`, or name another unit"
        per_value.fault("percent-or-number", "`per: 100`, which is what percent means", mend)
    numerator, denominator = (_side(fields, key, scope) for key in ("numerator", "denominator"))
    return Ratio(numerator, denominator, per), scope, unit or ("percent" if per == 100 else "")


def _side(fields: Fields, key: str, scope: Scope) -> Side:
    value = fields.need(key, "a measure, or `{measure, where}`")
    if value is None:
        return Side(NOTHING)
    if not value.is_map or _is_metric(value):
        return Side(parse_measure(value, scope))
    elsewhere = dict.fromkeys(("dataset", "time"), 'what is counted there is a metric of its own: write `"{its_name}"`')
    inner = value.fields(("measure", "where"), (), f"the {key}", elsewhere)
    measure, where = inner.get("measure"), inner.get("where")
    if measure is None and where is None and not value.notes.faults:
        value.fault("nothing-written", "a measure, or `{measure, where}`")
    return Side(
        parse_measure(measure, scope) if measure else _COUNT,
        parse_condition(where, scope) if where else None,
        where.bare if where else "",
    )


def _is_metric(value: Value) -> bool:
    entries = list(value.entries())
    return len(entries) == 1 and entries[0][1].is_null and entries[0][0] not in ("measure", "where")


def _start_and_end(fields: Fields, scope: Scope) -> tuple[str, str]:
    start = fields.need("from", "the column in which the time begins")
    return _two_columns(start, fields.need("to", "the column in which it ends"), scope)


def _two_columns(first: Value | None, second: Value | None, scope: Scope) -> tuple[str, str]:
    """Return the columns of both ends; neither is suggested for the other."""
    return (
        column_name(first, scope, MOMENTS, beside=second.bare if second else "") if first else "",
        column_name(second, scope, MOMENTS, beside=first.bare if first else "") if second else "",
    )


def _within(fields: Fields, scope: Scope, unit: str) -> tuple[RowBody, Scope, str]:
    if unit not in ("", "percent"):
        fields.values["unit"].fault("unknown-word", "`percent`: `within` is the share finished in time")
    start, end = _start_and_end(fields, scope)
    value = fields.need("limit", "how long it may take: `5 days`, a column with the moment due, or one for each member")
    limit = _limit(value, scope) if value else FixedLimit(0.0, "")
    open_rows = fields.word("open_rows", _OPEN_ROWS, "exclude")
    return Within(start, end, limit, open_rows), scope.with_later("elapsed", "due"), "percent"


def _limit(value: Value, scope: Scope) -> Limit:
    if not value.is_map:
        if value.bare[:1].isdigit():
            return read_limit(value)
        if not scope.known or value.bare in scope.columns:
            return DueColumn(column_name(value, scope, MOMENTS))
        choices = choices_text(name for name, kind in scope.columns.items() if kind in (None, *MOMENTS))
        value.fault("not-a-limit", f"a length of time as `5 days`, or a date column of `{scope.dataset}`: {choices}")
        return FixedLimit(0.0, value.bare)
    entries = list(value.entries())
    if len(entries) != 1 or not entries[0][1].is_map:
        value.fault("not-a-limit", "one column with a limit for each member: `{kind: {pothole: 3 days, sign: 5 days}}`")
        return FixedLimit(0.0, "")
    name, members = entries[0]
    column = column_name(members, scope, TEXTS, name, value.key_place(name))
    limits = {member: read_limit(limit) for member, limit in members.entries()}
    if len({(limit.business is None, limit.true_time) for limit in limits.values()}) > 1:
        value.fault("mixed-limits", "limits that are all in business days or in elapsed time, or none of them")
    return LimitBy(column, limits)


def _duration(fields: Fields, scope: Scope, unit: str) -> tuple[RowBody, Scope, str]:
    start, end = _start_and_end(fields, scope)
    open_rows, unit_value = fields.word("open_rows", _OPEN_TIMES, "exclude"), fields.get("unit")
    units = (*DURATIONS, "business_days", *(f"{ELAPSED}{word}" for word in DURATIONS))
    written = unit_value.word(units) if unit_value else "days"
    word, true_time = written.removeprefix(ELAPSED), written.startswith(ELAPSED)
    rows = scope.with_later("elapsed")
    value = fields.need("measure", "what is said of the elapsed time, as `measure: median(elapsed)`")
    measure = parse_measure(value, scope.with_builtin(elapsed=ColumnType.NUMBER)) if value else NOTHING
    if open_rows == "censor":
        _can_be_censored(fields, measure, end)
    match word:
        case "seconds" | "minutes" | "hours" | "weeks" | "business_days":
            return Duration(start, end, word, measure, true_time, open_rows), rows, word
        case _:
            return Duration(start, end, "days", measure, true_time, open_rows), rows, word


def _can_be_censored(fields: Fields, measure: Expr, end: str) -> None:
    """Refuse what no curve of open and finished rows tells, and a time that open rows do not have."""
    value, time = fields.get("measure"), fields.get("time")
    elapsed = Column("elapsed", ColumnType.NUMBER)
    told = isinstance(measure, Aggregate) and measure.name in ("median", "percentile") and measure.arg == elapsed
    if value and measure is not NOTHING and not told:
        expected = "`median(elapsed)` or `percentile(elapsed, 0.9)`, which are known while some rows are still open"
        value.fault("not-for-censor", expected, "leave out `open_rows: censor`")
    if time and end and time.bare == end:
        expected = "a date that open rows have too, as that of `from`"
        time.fault("not-for-censor", expected, "leave out `time`")


def _stock(fields: Fields, scope: Scope, unit: str) -> tuple[RowBody, Scope, str]:
    opened = fields.need("opened", "the column in which a row begins to be open")
    closed = fields.get("closed")
    inside = scope.with_builtin(age=ColumnType.NUMBER)
    measure = fields.get("measure")
    begins, ends = _two_columns(opened, closed, scope)
    body = Stock(begins, ends or None, parse_measure(measure, inside) if measure else _COUNT)
    return body, inside, unit


def _snapshot(fields: Fields, scope: Scope) -> Snapshot:
    """An average over time needs a measure that adds up, or the parts would not make the total."""
    measure, take_value = fields.get("measure"), fields.get("take")
    made = _measure(fields, scope)
    take = take_value.word(_TAKE) if take_value else "last"
    if take == "avg" and measure and made is not NOTHING and not is_sum(made):
        mend = "write `sum(…)` or `count(*)`, or `take: last`"
        measure.fault("not-an-average", "sums and counts, whose parts make the whole", mend)
    return Snapshot(made, take)
