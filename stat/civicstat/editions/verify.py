"""Looks at a finished edition before it is published: nothing withheld in public, and rows that add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from civicstat.editions.behaviour import charts_of, part_name
from civicstat.editions.codec import catalogue_of
from civicstat.editions.folder import Folder
from civicstat.editions.looked import counted_rows, first_look
from civicstat.editions.readers import Reader, reader_of
from civicstat.editions.records import RecordsInfo, Rule, asked_of, bound, is_counted, taken_of, taking
from civicstat.editions.tables import CATALOGUE, READINGS, USED, given_rows, reading_of
from civicstat.editions.taken import Taken
from civicstat.errors import EditionError, Fault
from civicstat.results import Reading, process_charts
from civicstat.spec import Project
from civicstat.warehouse import execute

__all__ = ["LOOKS", "verify_public", "verify_rows"]

_MARKS = ("in", "hit", "when", "due", "opened", "closed")
_TEXT: sa.types.TypeEngine[Any] = sa.Text()
_KINDS: Mapping[str, sa.types.TypeEngine[Any]] = {
    "start": sa.Date(),
    "before": sa.Date(),
    "last": sa.Date(),
    "cut": sa.DateTime(),
    "at": sa.DateTime(),
    "moment": sa.DateTime(),
}
LOOKS = 40_000_000
"""How many rows are looked at to count the readings of a dataset again: less than half a second."""
_OF_TAKEN = 4
_ALONE = 8
"""So few lists of a metric are counted one by one: constants are compared several times as fast as columns."""
_TWICE = 60
"""How many readings are counted again of a dataset's metrics that look at the rows twice for each of them."""


def verify_public(path: Path, project: Project, folder: Folder, records: Mapping[str, RecordsInfo]) -> dict[str, int]:
    """Return the number of files and readings looked at: the edition's public file, and the public rows it names.

    Raises:
        EditionError: one holds a table, a column, a metric or a number that is not for the public.
    """
    reader = reader_of(path)
    held = {table.name: set(table.columns.keys()) for table in (READINGS, CATALOGUE, USED)}
    faults = [*_strange_columns(reader, "", held), *_strange_readings(reader.engine, project)]
    faults += _strange_charts(reader.engine, project)
    for info in records.values():
        dataset = project.datasets[info.dataset]
        marks = {f"_{mark}_{metric}" for metric in info.metrics for mark in _MARKS}
        allowed = {"rows": {"_row"} | marks | (set(dataset.records.public) - dataset.sensitive())}
        for file in info.files:
            faults += _strange_columns(reader_of(folder.public / file), f"{file}: ", allowed)
    if faults:
        raise EditionError(faults)
    seen = execute(reader.engine, sa.select(sa.func.count()).select_from(READINGS))[0][0]
    return {"files": 1 + sum(len(info.files) for info in records.values()), "readings": seen}


def verify_rows(
    place: Path,
    records: Mapping[str, RecordsInfo],
    readings: Mapping[str, Sequence[Reading]],
    looks: int | None = LOOKS,
    taken: Taken | None = None,
) -> dict[str, int]:
    """Return how many readings had their rows counted again, ``of`` how many that can be opened.

    The files of the rows are in ``place``. As many readings of a dataset are counted as ``looks`` at its rows allow,
    None: all. They are drawn so that the same edition draws the same ones, the last complete period of every metric
    always, and then ``all``. Those ``taken`` from the edition before were counted there: of them a quarter as many as
    there is room for.

    Raises:
        EditionError: a list of rows would not be as long as its number says.
    """
    faults: list[Fault] = []
    counted = of = 0
    for info in records.values():
        files = [reader_of(place / file) for file in info.files]
        opened = [item for metric in info.metrics for item in readings[metric] if _opens(info, item)]
        room = len(opened) if looks is None else looks // max(sum(map(_rows_in, files)), 1)
        once, twice = _by_looks(info, opened)
        chosen = _chosen(once, room, Random(" ".join(info.files)))
        chosen += _chosen(twice, min(room, _TWICE), Random(" ".join(info.files)))
        if taken is not None:
            of += taken.opened(info)
            once, twice = _by_looks(info, taken.draw(info, room // _OF_TAKEN, " ".join(info.files)))
            chosen += [*once, *twice[: _TWICE // _OF_TAKEN]]
        counted, of = counted + len(chosen), of + len(opened)
        faults += _unequal(files, info, chosen)
    if faults:
        raise EditionError(faults)
    return {"readings": counted, "of": of}


def _rows_in(file: Reader) -> int:
    return int(execute(file.engine, sa.select(sa.func.count()).select_from(sa.table("rows")))[0][0])


def _opens(info: RecordsInfo, reading: Reading) -> bool:
    return reading.n is not None and set(reading.slice) <= set(info.metrics[reading.metric].members)


def _by_looks(info: RecordsInfo, readings: Sequence[Reading]) -> tuple[list[Reading], list[Reading]]:
    """Return the readings that are counted together in one look, and those that ask first whose rows theirs are."""
    twice = {metric for metric, rule in info.metrics.items() if rule.among is not None}
    return [item for item in readings if item.metric not in twice], [item for item in readings if item.metric in twice]


def _chosen(readings: Sequence[Reading], room: int, chance: Random) -> list[Reading]:
    """Return the readings to count again: all if there is room, else those that must be and a draw of the others."""
    if len(readings) <= room:
        return list(readings)
    totals = [item for item in readings if not item.slice]
    own = {item.metric: item.grain for item in reversed(totals)}
    last = {item.metric: item for item in totals if item.complete and item.grain == own[item.metric]}
    first = {id(item): item for item in (*last.values(), *(item for item in totals if item.grain == "all"))}
    others = [item for item in readings if id(item) not in first]
    drawn = chance.sample(others, min(max(room - len(first), 0), len(others)))
    return [*first.values(), *drawn][: max(room, len(last))]


def _unequal(files: Sequence[Reader], info: RecordsInfo, readings: Sequence[Reading]) -> Iterator[Fault]:
    """Yield a fault for each reading that does not open to as many rows as it counted."""
    alike: dict[tuple[str, frozenset[str]], list[tuple[Reading, dict[str, Any]]]] = {}
    for reading in readings:
        asked = asked_of(info, reading)
        alike.setdefault((reading.metric, frozenset(asked)), []).append((reading, asked))
    for (metric, _), group in alike.items():
        if info.metrics[metric].among is None:
            counts = _count(files, info.metrics[metric], [asked for _, asked in group])
        else:
            counts = [_count_some(files, info, reading) for reading, _ in group]
        for (reading, _), found in zip(group, counts, strict=True):
            if found != reading.n:
                members = f", {', '.join(reading.slice.values())}" if reading.slice else ""
                what = f"{found} rows in `{reading.period}`{members}"
                yield Fault("rows-do-not-match", f"metrics.{metric}", what, f"{reading.n}, as counted")


def _count(files: Sequence[Reader], rule: Rule, asked: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return how many rows meet a rule, for each of the things it is asked for."""
    if rule.take and "moment" not in asked[0]:
        whole = [{name: item[name] for name in item if not name.startswith("member_")} for item in asked]
        found: list[list[Any]] = [[] for _ in asked]
        for number, moment in _looked_up(files, rule, whole, taking(rule)):
            found[number].append(moment)
        asked = [{**item, "moment": taken_of(rule, held)} for item, held in zip(asked, found, strict=True)]
    counts = [0] * len(asked)
    for number, count in _looked_up(files, rule, asked, sa.func.count()):
        counts[number] += count
    return counts


def _count_some(files: Sequence[Reader], info: RecordsInfo, reading: Reading) -> int:
    """Return how many rows a reading opens to, where all files tell first whose those are."""
    find = first_look(info, reading)
    looks = [execute(file.engine, find) for file in files if find is not None]
    rows = counted_rows(info, reading, looks).order_by(None).subquery("listed")
    select = sa.select(sa.func.count()).select_from(rows)
    return sum(int(execute(file.engine, select)[0][0]) for file in files)


def _looked_up(
    files: Sequence[Reader], rule: Rule, asked: Sequence[Mapping[str, Any]], what: sa.ColumnElement[Any]
) -> Iterator[tuple[int, Any]]:
    """Yield of each file ``what`` is found of the rows that meet a rule, with the place of what it was asked for."""
    if len(asked) <= _ALONE:
        selects = [_of_one(rule, number, item, what) for number, item in enumerate(asked)]
    else:
        selects = [_of_all(rule, asked, what, files[0].engine.dialect)]
    for file in files:
        for select in selects:
            yield from execute(file.engine, select)


def _of_one(rule: Rule, number: int, asked: Mapping[str, Any], what: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Return the query of ``what`` is found of the rows of one list, as the list asks for them."""
    return sa.select(sa.literal(number), what).select_from(sa.table("rows")).where(is_counted(rule, bound(asked)))


def _of_all(
    rule: Rule, asked: Sequence[Mapping[str, Any]], what: sa.ColumnElement[Any], dialect: sa.Dialect
) -> sa.Select[Any]:
    """Return the query of ``what`` is found of the rows of many lists at one look."""
    kinds = {"number": sa.BigInteger(), **{name: _KINDS.get(name, _TEXT) for name in asked[0]}}
    rows = [{"number": number, **item} for number, item in enumerate(asked)]
    given = given_rows(rows, kinds, dialect).subquery("asked")
    table = sa.table("rows", *([sa.column(rule.time)] if rule.time else []))
    joined = sa.join(table, given, is_counted(rule, {name: given.c[name] for name in asked[0]}))
    select = sa.select(given.c.number, what).select_from(joined).group_by(given.c.number)
    if rule.time and "start" in asked[0] and "before" in asked[0]:  # bounds that the engine can skip rows by
        when = table.c[rule.time]
        first, end = min(item["start"] for item in asked), max(item["before"] for item in asked)
        select = select.where(when >= sa.literal(first, sa.Date()), when < sa.literal(end, sa.Date()))
    return select


def _strange_columns(reader: Reader, file: str, allowed: Mapping[str, set[str]]) -> Iterator[Fault]:
    """Yield a fault for every table and column that is not of the published form or declared public."""
    columns = sa.table("columns", sa.column("table_name"), sa.column("column_name"), schema="information_schema")
    for row in execute(reader.engine, sa.select(columns.c.table_name, columns.c.column_name)):
        if row.column_name not in allowed.get(row.table_name, ()):
            place = f"{file}{row.table_name}.{row.column_name}"
            yield Fault("not-public", place, "a column in a public file", "published columns only")


def _strange_readings(engine: sa.Engine, project: Project) -> Iterator[Fault]:
    """Yield a fault for a metric that is not public, in readings or catalogue, and for a withheld number."""
    body = execute(engine, sa.select(CATALOGUE.c.body).where(CATALOGUE.c.part == "catalogue"))[0][0]
    named = [row[0] for row in execute(engine, sa.select(READINGS.c.metric).distinct())]
    for name in sorted({*named, *catalogue_of(body).metrics}):
        if project.metrics[name].visibility != "public":
            yield Fault("not-public", f"metrics.{name}", "a metric in the public file", "public metrics only")
    table = READINGS.c
    parts = (table.value, table.numerator, table.denominator, table.n, table.gap)
    shown = sa.or_(*(part.is_not(None) for part in parts), table.aside != "{}", table.reason_args.contains('"value"'))
    leaks = sa.select(table.metric, table.period).where(table.suppressed, shown).limit(20)
    for row in execute(engine, leaks):
        yield Fault(
            "not-public", f"metrics.{row.metric}", f"a withheld number in `{row.period}`", "no value, part or count"
        )
    used = USED.c
    hidden = sa.select(table.metric, table.period, table.slice).where(table.suppressed)
    of_hidden = sa.or_(
        sa.tuple_(used.metric, used.period, used.slice).in_(hidden),
        sa.tuple_(used.of_metric, used.of_period, used.of_slice).in_(hidden),
        used.of_metric.not_in(sa.select(table.metric)),
    )
    for row in execute(engine, sa.select(used.metric, used.period, used.of_metric).where(of_hidden).limit(20)):
        found = f"a number of `{row.of_metric}`, which is withheld or not public, in `{row.period}`"
        yield Fault("not-public", f"metrics.{row.metric}", found, "numbers that are published themselves")


def _strange_charts(engine: sa.Engine, project: Project) -> Iterator[Fault]:
    """Yield a fault for each process behaviour chart that is not what the published readings beside it make."""
    select = sa.select(CATALOGUE).where(CATALOGUE.c.part.startswith(part_name("")))
    held = {row.part: charts_of(row.body) for row in execute(engine, select)}
    for name, metric in project.metrics.items():
        rows = execute(engine, sa.select(READINGS).where(READINGS.c.metric == name)) if metric.spc else []
        made = {str(item.slice): item for item in process_charts(metric, list(map(reading_of, rows)))}
        if {str(item.slice): item for item in held.pop(part_name(name), ())} != made:
            yield Fault("not-public", f"metrics.{name}.spc", "limits that rest on more than what is published")
    for part in held:
        yield Fault("not-public", part, "a chart of no metric")
