"""Runs the worked examples that travel with the metrics: a few rows, a clock, and the values expected of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from civicstat.compiler import SQL_TYPES, AsOfValue, row_sql
from civicstat.editions.tables import insert_many
from civicstat.errors import Fault
from civicstat.period import Calendar
from civicstat.results import Clock, read_metrics
from civicstat.spec import ColumnType, Dataset, Metric, Project, WorkedExample, datasets_behind, needed_for
from civicstat.statistics import round_half_up
from civicstat.warehouse import open_writer

__all__ = ["Outcome", "run_examples"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one metric's examples: how many values were looked at, and those that are not as expected."""

    metric: str
    checked: int
    faults: tuple[Fault, ...]


def run_examples(project: Project) -> list[Outcome]:
    """Return the outcome of every metric that has examples, in declared order."""
    outcomes = []
    engine = open_writer(Path(":memory:"))
    try:
        for metric in project.metrics.values():
            if metric.tests:
                with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    faults = tuple(
                        fault
                        for number, example in enumerate(metric.tests)
                        for fault in _run(
                            metric, example, f"metrics.{metric.name}.tests[{number}]", project, connection
                        )
                    )
                checked = sum(len(example.expect) for example in metric.tests)
                outcomes.append(Outcome(metric.name, checked, faults))
    finally:
        engine.dispose()
    return outcomes


def _run(
    metric: Metric, example: WorkedExample, path: str, project: Project, connection: sa.Connection
) -> Iterator[Fault]:
    dataset = project.datasets[datasets_behind(metric, project.metrics)[0]]  # of one alone, or there is no example
    calendar = Calendar(project.city.fiscal_year, project.city.week_start)
    rows, faults = [], []
    for number, given in enumerate(example.rows):
        row: dict[str, Any] = {"_row": number}
        for name, column in dataset.columns.items():
            try:
                row[name] = _typed(given.get(name), column.held)
            except (ValueError, InvalidOperation):
                found = f"`{given[name]}`"
                faults.append(
                    Fault(
                        "bad-example",
                        f"{path}.rows[{number}].{name}",
                        found,
                        _WRITTEN[column.held],
                        place=example.place,
                    )
                )
        rows.append(row)
    if faults:
        yield from faults
        return
    clock = _clock(example, dataset, calendar)
    table = _table(rows, dataset, project, clock.value, connection)
    times = {item.time for item in needed_for([metric], project.metrics) if item.time}
    days = [day for row in rows for name in times for day in (_day(row.get(name)),) if day]
    firsts = [*days, *(start for key in example.expect if (start := calendar.parse(key).start))]
    clock = replace(clock, first=min(firsts, default=clock.last_day))
    try:
        readings = read_metrics(
            project, connection, {dataset.name: table}, {dataset.name: clock}, metrics=[metric.name]
        )[metric.name]
    except (sa.exc.SQLAlchemyError, ValueError) as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        yield Fault("example-fails", path, said, "a value", place=example.place)
        return
    finally:
        table.drop(connection)
    values = {reading.period: reading.value for reading in readings if not reading.slice}
    for key, expected in example.expect.items():
        if not _agree(values.get(key), expected, example.decimals.get(key, 0), example.within):
            found = _shown(values.get(key), metric.unit, example.decimals.get(key, 0) + 4)
            wanted = _shown(expected, metric.unit, example.decimals.get(key, 0))
            wanted += f", give or take {example.within:g}" if example.within is not None else ""
            yield Fault("example-differs", f"{path}.expect.{key}", found, wanted, place=example.place)


def _clock(example: WorkedExample, dataset: Dataset, calendar: Calendar) -> Clock:
    """Return the example's clock; without one, the day by which every period it names is complete."""
    match example.as_of:
        case datetime() as moment:
            return Clock(moment, lag=dataset.lag)
        case date() as day:
            return Clock(datetime.combine(day, time()), is_date=True, lag=dataset.lag)
    lasts = [last for key in example.expect if (last := calendar.parse(key).last)]
    last = max(lasts, default=date(2000, 1, 1)) + timedelta(days=dataset.lag)
    return Clock(datetime.combine(last, time()), is_date=True, lag=dataset.lag)


def _table(
    rows: list[dict[str, Any]], dataset: Dataset, project: Project, as_of: AsOfValue, connection: sa.Connection
) -> sa.Table:
    """Return a table of the rows with the derived columns, as a load would make it."""
    number = sa.Column("_row", sa.BigInteger)
    declared = [sa.Column(name, SQL_TYPES[item.held]) for name, item in dataset.columns.items()]
    given = sa.Table("given", sa.MetaData(), number, *declared)
    given.create(connection)
    insert_many(connection, given, rows)
    columns: dict[str, sa.ColumnElement[Any]] = dict(given.columns.items())
    for item in dataset.derive.values():
        made = row_sql(item.expr, columns, as_of, project.city.fiscal_year, project.city.business_days)
        columns[item.name] = sa.cast(made, SQL_TYPES[item.type])
    types = {"_row": sa.BigInteger(), **{name: SQL_TYPES[kind] for name, kind in dataset.types().items()}}
    table = sa.Table("rows", sa.MetaData(), *(sa.Column(name, types[name]) for name in columns))
    table.create(connection)
    connection.execute(sa.insert(table).from_select(list(columns), sa.select(*columns.values())))
    given.drop(connection)
    return table


_WRITTEN: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "a text",
    ColumnType.INTEGER: "a whole number",
    ColumnType.NUMBER: "a number",
    ColumnType.MONEY: "an amount",
    ColumnType.BOOLEAN: "`true` or `false`",
    ColumnType.DATE: "a day like `2026-03-02`",
    ColumnType.TIMESTAMP: "a moment like `2026-03-02 14:30`",
}


def _typed(value: Any, kind: ColumnType) -> Any:
    """Return a value of an example as JSON gives it to a column of ``kind``."""
    if value is None:
        return None
    match kind:
        case ColumnType.DATE:
            return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()[:10]
        case ColumnType.TIMESTAMP:
            return (value if isinstance(value, date) else datetime.fromisoformat(str(value))).isoformat()
        case ColumnType.INTEGER:
            return int(str(value))
        case ColumnType.NUMBER:
            return float(str(value))
        case ColumnType.MONEY:
            return str(Decimal(str(value)))
        case ColumnType.BOOLEAN:
            return ("false", "true").index(str(value).lower()) == 1
    return str(value)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) and value[4:5] == "-" else None


def _agree(found: float | None, expected: float | None, decimals: int, within: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    if within is not None:
        return abs(found - expected) <= within * (1 + 1e-9)
    return round_half_up(found, decimals) == round_half_up(expected, decimals)


def _shown(value: float | None, unit: str, decimals: int) -> str:
    if value is None:
        return "no value"
    text = f"{round_half_up(value, decimals):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}{' %' if unit == 'percent' else f' {unit}' if unit else ''}"
