"""One published edition, read: its catalogue, its readings, and the rows each reading counted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol

import sqlalchemy as sa

from civicstat.editions.behaviour import charts_of, part_name
from civicstat.editions.catalogue import Catalogue
from civicstat.editions.changes import Changes, Published, Restatement, changes_of, restatements_of
from civicstat.editions.codec import calendar_of, catalogue_of
from civicstat.editions.folder import Folder
from civicstat.editions.looked import counted_rows, first_look
from civicstat.editions.readers import UNREADABLE, Reader, reader_of
from civicstat.editions.records import RecordsInfo, RowsPage, records_of
from civicstat.editions.tables import CATALOGUE, READINGS, USED, reading_of, used_of
from civicstat.errors import CivicstatError, EditionError, Fault
from civicstat.period import Calendar
from civicstat.results import ProcessChart, Reading, Used
from civicstat.warehouse import execute

__all__ = ["Edition", "Numbers", "chosen", "open_edition"]

Slice = frozenset[tuple[str, str]]

_BATCH = 10_000  # rows of a long list that are in memory at once


class Numbers(Protocol):
    """What readings are asked of: an edition, or what one would hold that is not published."""

    @property
    def catalogue(self) -> Catalogue:
        """What there is."""
        ...

    @property
    def calendar(self) -> Calendar:
        """The city's calendar."""
        ...

    def readings(
        self,
        metric: str,
        *,
        grain: str | None = None,
        period: str | None = None,
        dimension: str = "",
        first: date | None = None,
        last: date | None = None,
    ) -> list[Reading]:
        """Return readings of a metric in order of time, then of member."""
        ...

    def used(self, readings: Sequence[Reading]) -> list[list[Used]]:
        """Return what each of some readings of one metric is made of."""
        ...


class Edition:
    """A finished edition; every method may be called from any thread, and nothing in it ever changes.

    ``office`` says which of its two files is read, and from which rows: those of the public one hold only what may be
    published.
    """

    def __init__(self, folder: Folder, edition_id: str, office: bool, reader: Reader) -> None:
        self.id = edition_id
        self.office = office
        self.manifest: Mapping[str, Any] = folder.manifest(edition_id)
        named = CATALOGUE.c.part.in_(("catalogue", "records"))
        rows = execute(reader.engine, sa.select(CATALOGUE.c.part, CATALOGUE.c.body).where(named))
        parts: dict[str, str] = {row.part: row.body for row in rows}
        self.catalogue: Catalogue = catalogue_of(parts["catalogue"])
        self.records: Mapping[str, RecordsInfo] = records_of(parts["records"])
        self.published_at = datetime.fromisoformat(self.manifest["published_at"])
        self.as_of = date.fromisoformat(self.manifest["as_of"])
        self._folder = folder
        self._rows = folder.segments if office else folder.public
        self._reader = reader
        self._charts: dict[str, Sequence[ProcessChart]] = {}
        self._held: dict[str, Reader] = {}  # files of rows, opened when they are first asked for

    @cached_property
    def calendar(self) -> Calendar:
        """The city's calendar."""
        return calendar_of(self.catalogue.city)

    @cached_property
    def changes(self) -> Changes | None:
        """What moved since the edition before; None in the first, and in one that an older version built."""
        text = self._part("changes")
        return changes_of(text) if text else None

    def restatements(self, metric: str) -> list[Restatement]:
        """Return every total of a metric that was restated, in this edition or one before it, the newest last."""
        return [item for item in self._log if item.metric == metric]

    def published(self) -> list[Published]:
        """Return every edition there is, this one among them, the one published last first."""
        return self._folder.published()

    def readings(
        self,
        metric: str,
        *,
        grain: str | None = None,
        period: str | None = None,
        dimension: str = "",
        first: date | None = None,
        last: date | None = None,
    ) -> list[Reading]:
        """Return readings of a metric in order of time, then of member.

        ``dimension`` "" gives totals, a name the members' readings. ``first`` and ``last`` bound the days their periods
        touch. Without ``grain`` or ``period`` all grains come, each in order.
        """
        if not dimension:
            found: Sequence[Reading] = self._totals.get(metric, ())
            return [item for item in found if _fits(item, grain, period, first, last)]
        table = READINGS.c
        select = sa.select(READINGS).where(table.metric == metric, table.dimension == dimension)
        if grain is not None:
            select = select.where(table.grain == grain)
        if period is not None:
            select = select.where(table.period == period)
        found = [reading_of(row) for row in execute(self._reader.engine, select)]
        return chosen(found, first=first, last=last)

    def reading(self, metric: str, period: str, slice: Mapping[str, str] | None = None) -> Reading | None:  # noqa: A002
        """Return the reading of one period and slice ({}: the total), or None where the edition holds none."""
        wanted = dict(slice or {})
        found = self.readings(metric, period=period, dimension=",".join(sorted(wanted)))
        return next((item for item in found if dict(item.slice) == wanted), None)

    def charts(self, metric: str) -> Sequence[ProcessChart]:
        """Return the process behaviour charts of a metric that declares one, of the total and of each slice."""
        if metric not in self._charts:
            text = self._part(part_name(metric)) if self.catalogue.metrics[metric].spc else None
            self._charts[metric] = charts_of(text) if text else ()
        return self._charts[metric]

    def chart(self, metric: str, slice: Mapping[str, str] | None = None) -> ProcessChart | None:  # noqa: A002
        """Return the process behaviour chart of one slice ({}: the total), or None where there is none."""
        wanted = dict(slice or {})
        return next((item for item in self.charts(metric) if dict(item.slice) == wanted), None)

    def used(self, readings: Sequence[Reading]) -> list[list[Used]]:
        """Return what each of some readings of one metric is made of: numbers of other metrics, in the order named.

        A metric that counts rows is made of none, and what a withheld number is made of is not told.
        """
        metric = readings[0].metric if readings else ""
        if not metric or not self.catalogue.metrics[metric].made_of:
            return [[] for _ in readings]
        table, periods = USED.c, {item.period for item in readings}
        select = sa.select(USED).where(table.metric == metric, table.period.in_(sorted(periods)))
        found: dict[tuple[str, Slice], list[Used]] = {}
        for row in execute(self._reader.engine, select.order_by(table.place)):
            found.setdefault((row.period, frozenset(json.loads(row.slice).items())), []).append(used_of(row))
        return [
            [] if item.suppressed else found.get((item.period, frozenset(item.slice.items())), []) for item in readings
        ]

    def opens(self, metric: str, slice: Mapping[str, str] | None = None) -> bool:  # noqa: A002
        """Return whether the rows behind a metric's numbers, in such a slice, can be seen in this file."""
        info = self._records_of(metric)
        return info is not None and set(slice or ()) <= set(info.metrics[metric].members)

    def rows(
        self,
        metric: str,
        period: str,
        slice: Mapping[str, str] | None = None,  # noqa: A002
        after: int | None = None,
        limit: int = 50,
    ) -> RowsPage:
        """Return the rows a reading counted, ``limit`` of them after the row ``after``.

        Raises:
            CivicstatError: the edition holds no such reading, it is withheld, its rows are not open in this file, or
                they are no longer kept.
        """
        return self._page(*self._opened(metric, period, slice), after, limit)

    def all_rows(
        self,
        metric: str,
        period: str,
        slice: Mapping[str, str] | None = None,  # noqa: A002
        limit: int | None = None,
    ) -> Iterator[RowsPage]:
        """Return the rows a reading counted, at most ``limit`` of them, some thousands at a time.

        Raises:
            CivicstatError: as `rows` does, and at once, before the first of them is asked for.
        """
        info, reading = self._opened(metric, period, slice)
        most = limit if limit is not None else reading.n or 0
        first = self._page(info, reading, None, min(most, _BATCH))
        return self._pages(info, reading, first, most)

    @cached_property
    def _totals(self) -> Mapping[str, Sequence[Reading]]:
        """Every total of every metric: a few thousand, asked for on every page."""
        totals: dict[str, list[Reading]] = {}
        for row in execute(self._reader.engine, sa.select(READINGS).where(READINGS.c.dimension == "")):
            totals.setdefault(row.metric, []).append(reading_of(row))
        return {metric: sorted(found, key=_order) for metric, found in totals.items()}

    def _records_of(self, metric: str) -> RecordsInfo | None:
        return next((info for info in self.records.values() if metric in info.metrics), None)

    def _opened(
        self,
        metric: str,
        period: str,
        slice: Mapping[str, str] | None,  # noqa: A002
    ) -> tuple[RecordsInfo, Reading]:
        """Return where the rows of a reading lie, and the reading."""
        info, made_of = self._records_of(metric), self.catalogue.metrics[metric].made_of
        if made_of:
            listed = ", ".join(f"`{name}`" for name in made_of)
            found = "a number made of others, which counts no rows of its own"
            raise CivicstatError(
                Fault("rows-not-open", f"metrics.{metric}", found, f"a metric it is made of: {listed}")
            )
        if info is None or not self.opens(metric, slice):
            raise CivicstatError(Fault("rows-not-open", f"metrics.{metric}", "rows that cannot be opened here"))
        reading = self.reading(metric, period, slice)
        if reading is None:
            raise CivicstatError(Fault("no-such-reading", f"metrics.{metric}", f"no reading for `{period[:40]}`"))
        if reading.suppressed:
            raise CivicstatError(
                Fault(
                    "too-small",
                    f"metrics.{metric}",
                    "a number that is withheld to protect the people in it, and its count with it",
                    f"a count of {self.catalogue.metrics[metric].min_count} or more that gives no other away",
                )
            )
        return info, reading

    def _page(self, info: RecordsInfo, reading: Reading, after: int | None, limit: int) -> RowsPage:
        """Return rows of a reading, file after file until there are enough of them."""
        find = first_look(info, reading)
        looks = [execute(self._file(info, file).engine, find) for file in info.files if find is not None]
        select = counted_rows(info, reading, looks)
        if after is not None:
            select = select.where(sa.column("_row") > after)
        found: list[Any] = []
        for file in info.files if reading.n else ():
            found += execute(self._file(info, file).engine, select.limit(limit + 1 - len(found)))
            if len(found) > limit:
                break
        page = found[:limit]
        return RowsPage(
            columns=info.shown,
            rows=tuple(tuple(row[2:]) for row in page),
            hits=tuple(row[1] for row in page),
            total=reading.n or 0,
            next=page[-1][0] if page and len(found) > limit else None,
        )

    def _pages(self, info: RecordsInfo, reading: Reading, page: RowsPage, most: int) -> Iterator[RowsPage]:
        yield page
        while page.next is not None and (most := most - len(page.rows)) > 0:
            page = self._page(info, reading, page.next, min(most, _BATCH))
            yield page

    @cached_property
    def _log(self) -> tuple[Restatement, ...]:
        return restatements_of(self._part("restatements") or "[]")

    def _part(self, name: str) -> str | None:
        rows = execute(self._reader.engine, sa.select(CATALOGUE.c.body).where(CATALOGUE.c.part == name))
        return str(rows[0].body) if rows else None

    def _file(self, info: RecordsInfo, file: str) -> Reader:
        """Return the reader of a file of rows, opened when it is first asked for."""
        try:
            if file not in self._held:
                self._held[file] = reader_of(self._rows / file)
        except FileNotFoundError as error:
            raise EditionError(
                Fault("rows-gone", f"records of {info.dataset}", "records that are no longer kept for this edition")
            ) from error
        return self._held[file]


def open_edition(folder: Folder, edition_id: str, office: bool) -> Edition:
    """Open one of an edition's two files for reading.

    Raises:
        EditionError: there is no such edition, or its file cannot be read.
    """
    path = folder.edition(edition_id) / ("office.duckdb" if office else "public.duckdb")
    try:
        return Edition(folder, edition_id, office, reader_of(path))
    except CivicstatError:
        raise
    except UNREADABLE as error:
        found = f"`{path.name}` cannot be read: {str(error).splitlines()[0]}"
        raise EditionError(
            Fault("bad-edition", f"data/editions/{edition_id}", found, help="run `civicstat build`")
        ) from error


def chosen(
    readings: Iterable[Reading],
    *,
    grain: str | None = None,
    period: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[Reading]:
    """Return those of the readings that are asked for, in order of time, then of member."""
    return sorted((item for item in readings if _fits(item, grain, period, first, last)), key=_order)


def _fits(item: Reading, grain: str | None, period: str | None, first: date | None, last: date | None) -> bool:
    return (
        (grain is None or item.grain == grain)
        and (period is None or item.period == period)
        and (first is None or item.end is None or item.end > first)
        and (last is None or item.start is None or item.start <= last)
    )


def _order(item: Reading) -> tuple[str, date, bool, tuple[str, ...]]:
    members = tuple(item.slice.values())
    return item.grain, item.start or date.min, "(blank)" in members, members
