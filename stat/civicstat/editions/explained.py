"""A metric's query and sentences for people, with an edition's clock or before there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import Dialect

from civicstat.compiler import Ending, explain_sql
from civicstat.editions.counted import counted_sentences
from civicstat.results import Clock, least_shown
from civicstat.spec import Metric, Project, arithmetic, needed_for, pretty_sql
from civicstat.warehouse import open_writer, postgresql_dialect

__all__ = ["Engine", "Explanation", "explain_metric", "made_sql", "metric_sql", "named"]

Engine = Literal["duckdb", "postgresql"]
"""What a metric can be asked of: the embedded engine, or a PostgreSQL that holds the typed records."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """``counted``: sentences by language; ``sql``: the query in the engine's own words."""

    counted: Mapping[str, tuple[str, ...]]
    sql: str


def explain_metric(metric: Metric, project: Project, as_of: date, engine: Engine = "duckdb") -> Explanation:
    """Return how a metric is counted as it is declared now, its dataset known through the day ``as_of``."""
    clock = Clock(datetime.combine(as_of, time()), is_date=True)
    behind = [item for item in needed_for([metric], project.metrics) if item.dataset]
    dialect = _duckdb() if engine == "duckdb" else postgresql_dialect()
    # Only DuckDB's words can be read again to be laid out; another engine's stand as it is given them.
    lay_out = pretty_sql if engine == "duckdb" else str
    sql = {item.name: metric_sql(item, project, dialect, clock, None, lay_out) for item in behind}
    counted = counted_sentences(metric, project, least_shown(metric, project))
    return Explanation(counted, sql[metric.name] if metric.dataset else made_sql(metric, project, sql))


def _duckdb() -> Dialect:
    engine = open_writer(Path(":memory:"))
    engine.dispose()
    return engine.dialect


def metric_sql(
    metric: Metric,
    project: Project,
    dialect: Dialect,
    clock: Clock,
    last: Ending | None,
    lay_out: Callable[[str], str] = pretty_sql,
) -> str:
    """Return a metric's query for people; a stock is shown at the end of its latest period."""
    known = Ending(clock.last_day, clock.cut, clock.as_of, clock.last_day)
    return explain_sql(metric, _narrowed(project, metric), dialect, clock.value, last or known, lay_out)


def made_sql(metric: Metric, project: Project, sql: Mapping[str, str]) -> str:
    """Return the queries of all that a metric is made of, each under its name, and what is done with their values."""
    behind = needed_for([metric], project.metrics)
    queries = [f"-- {item.name}\n{sql[item.name]}" for item in behind if item.dataset]
    steps = [f"-- {item.name} = {arithmetic(item.body)}" for item in behind if not item.dataset]
    return "\n\n".join([*queries, "\n".join(steps)])


def _narrowed(project: Project, metric: Metric) -> Project:
    """Return the project with only those columns of the metric's dataset that its query needs: others are noise."""
    dataset = project.datasets[metric.dataset]
    used = {str(metric.time), *named(metric.where), *named(metric.body)}
    columns = {name: item for name, item in dataset.columns.items() if name in used}
    derive = {name: item for name, item in dataset.derive.items() if name in used}
    narrow = replace(dataset, columns=columns, derive=derive)
    return replace(project, datasets={**project.datasets, dataset.name: narrow})


def named(value: object) -> Iterator[str]:
    """Yield every text in a declared value: the names of its columns are among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from named(item)
    elif is_dataclass(value):
        for part in fields(value):
            yield from named(getattr(value, part.name))
