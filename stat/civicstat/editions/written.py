"""What an edition says of its readings besides themselves, asked of the file they were written to."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa

from civicstat.compiler import Ending
from civicstat.editions.explained import made_sql, metric_sql
from civicstat.editions.folder import Folder
from civicstat.editions.found import Found
from civicstat.editions.layouts import known_layouts
from civicstat.editions.tables import READINGS
from civicstat.editions.taken import readings_print
from civicstat.results import Clock
from civicstat.spec import Project

__all__ = ["Written", "look_at", "said_by"]


@dataclass(frozen=True, slots=True)
class Written:
    """By metric: its slices, its last complete period, and its query for people.

    ``print`` names all readings together. Of a metric that failed the last period is the one it has a reading of.
    """

    readings: int
    print: str
    slices: Mapping[str, Sequence[Mapping[str, str]]]
    last: Mapping[str, str]
    sql: Mapping[str, str]


def look_at(connection: sa.Connection, project: Project, found: Found, folder: Folder) -> Written:
    """Return what the readings say that were written."""
    table = READINGS.c
    slices: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    split = sa.select(table.metric, table.slice).where(table.dimension != "").distinct().order_by(table.slice)
    for metric, member in connection.execute(split):
        slices[metric].append(json.loads(member))
    last: dict[str, str] = {}
    ends: dict[str, Ending] = {}
    own = [(item.name, item.period) for item in project.metrics.values()]
    totals = sa.select(table.metric, table.period, table.start, table.end, table.through, table.complete)
    totals = totals.where(table.dimension == "", sa.tuple_(table.metric, table.grain).in_(own))
    for row in connection.execute(totals.order_by(table.metric, table.start)):
        if row.complete or row.metric in found.failed:
            last[row.metric] = row.period
        if row.start and row.end and row.through:
            clock = found.clocks.get(project.metrics[row.metric].dataset)
            if clock:  # a metric made of others is shown with their queries
                ends[row.metric] = _ending(row.start, row.end, row.through, clock)
    with known_layouts(folder) as layouts:
        sql = {
            name: metric_sql(
                item, project, connection.dialect, found.clocks[item.dataset], ends.get(name), layouts.lay_out
            )
            for name, item in project.metrics.items()
            if item.dataset
        }
    sql |= {name: made_sql(item, project, sql) for name, item in project.metrics.items() if not item.dataset}
    return Written(
        readings=connection.execute(sa.select(sa.func.count()).select_from(READINGS)).scalar_one(),
        print=readings_print(connection),
        slices=slices,
        last=last,
        sql=sql,
    )


def said_by(project: Project, found: Found) -> Written:
    """Return what readings say that were all made and are not written: without their queries."""
    slices: dict[str, list[Mapping[str, str]]] = {}
    last: dict[str, str] = {}
    for name, readings in found.readings.items():
        slices[name] = list({tuple(item.slice.items()): item.slice for item in readings if item.slice}.values())
        for item in readings:
            if (
                not item.slice
                and item.grain == project.metrics[name].period
                and (item.complete or name in found.failed)
            ):
                last[name] = item.period
    return Written(sum(map(len, found.readings.values())), "", slices, last, {})


def _ending(start: date, end: date, through: date, clock: Clock) -> Ending:
    moment = datetime.combine(end, time())
    whole = moment <= clock.cut
    return Ending(start, moment if whole else clock.cut, moment if whole else clock.now, through)
