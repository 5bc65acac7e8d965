"""Two editions compared: for the command line, and at every build with the edition that was current before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from civicstat.editions.catalogue import Catalogue
from civicstat.editions.causes import Causes
from civicstat.editions.changes import (
    CAUSES,
    KINDS,
    Cause,
    Change,
    Changes,
    Published,
    Restatement,
    changes_text,
    restatements_of,
    restatements_text,
)
from civicstat.editions.codec import catalogue_of
from civicstat.editions.edition import open_edition
from civicstat.editions.folder import Folder
from civicstat.editions.moved import AFTER, BEFORE, Moved, moved_readings
from civicstat.editions.moved_rows import open_moved_rows
from civicstat.editions.readers import reader_of
from civicstat.editions.side import Side
from civicstat.editions.space import refuse_full
from civicstat.editions.tables import CATALOGUE, READINGS, insert_many
from civicstat.errors import CivicstatError
from civicstat.period import GRAINS
from civicstat.warehouse import attach, checkpoint, execute, open_writer

__all__ = ["compare_editions", "compare_sides", "record_changes", "side_of"]

SLICES_KEPT = 500
"""So many changes of slices an edition lists; a definition that moves may change a hundred thousand."""

_FILES = {False: "public.duckdb", True: "office.duckdb"}


def compare_editions(folder: Folder, before: str, after: str) -> Changes:
    """Return everything that moved between two editions, as the office sees it; what was withheld stays withheld.

    Raises:
        EditionError: there is no such edition, or it cannot be read.
    """
    return compare_sides(folder, *(side_of(folder, edition_id) for edition_id in (before, after)))


def compare_sides(folder: Folder, one: Side, other: Side) -> Changes:
    """Return everything that moved from one side to the other, as the office sees it."""
    with open_moved_rows(folder, one, other) as rows, _attached(one, other, office=True) as connection:
        return _changes(connection, one, Causes(one, other, rows), kept=None)


def record_changes(folder: Folder, aside: Path, manifest: Mapping[str, Any]) -> Changes | None:
    """Write into both files of a new edition, still aside, what moved since the one before; return the office's.

    The public file is compared with the public file before it, so that nothing else can come into it.
    """
    after = Side(aside, manifest, _catalogue(aside / _FILES[True]), folder.root)
    for before in _previous(folder, manifest):
        try:
            with open_moved_rows(folder, before, after) as rows:
                causes = Causes(before, after, rows)
                moved = {office: _moved_since(before, after, causes, office) for office in (False, True)}
        except sa.exc.SQLAlchemyError as error:  # its readings cannot be read
            refuse_full([str(error)])
            continue
        for office, (_, bodies) in moved.items():
            _write(after.path / _FILES[office], bodies)
        return moved[True][0]
    return None


def _moved_since(before: Side, after: Side, causes: Causes, office: bool) -> tuple[Changes, dict[str, str]]:
    """Return what moved in one of the two files, and what is written of it."""
    with _attached(before, after, office) as connection:
        changes = _changes(connection, before, causes, SLICES_KEPT)
        log = (*_earlier_log(connection), *_restated(changes, _published(after.manifest)))
    told = changes if office else _without_gone(changes)
    return changes, {"changes": changes_text(told), "restatements": restatements_text(log)}


def _write(path: Path, bodies: Mapping[str, str]) -> None:
    engine = open_writer(path)
    try:
        with engine.begin() as connection:
            insert_many(connection, CATALOGUE, [{"part": part, "body": body} for part, body in bodies.items()])
        checkpoint(engine)
    finally:
        engine.dispose()


def _previous(folder: Folder, manifest: Mapping[str, Any]) -> Iterator[Side]:
    """Yield the edition that was current before, one of another day first; then those before it.

    What is built twice for one day is compared with the day before, both times.
    """
    try:
        current = folder.manifest(folder.current())
    except CivicstatError:
        return
    earlier = [item for item in _manifests(folder) if item["published_at"] <= current["published_at"]]
    earlier.sort(key=lambda item: (item["id"] == current["id"], item["published_at"]), reverse=True)
    others = [item for item in earlier if item["as_of"] != manifest["as_of"]]
    for item in (*others, current):
        try:
            side = side_of(folder, item["id"])
        except CivicstatError:
            continue
        yield side


def _manifests(folder: Folder) -> Iterator[Mapping[str, Any]]:
    for edition_id in folder.ids():
        try:
            yield folder.manifest(edition_id)
        except CivicstatError:
            continue


def side_of(folder: Folder, edition_id: str) -> Side:
    """Return an edition as one of two that are compared."""
    edition = open_edition(folder, edition_id, office=True)
    return Side(folder.edition(edition_id), edition.manifest, edition.catalogue, folder.root)


def _catalogue(path: Path) -> Catalogue:
    select = sa.select(CATALOGUE.c.body).where(CATALOGUE.c.part == "catalogue")
    reader = reader_of(path)
    return catalogue_of(execute(reader.engine, select)[0][0])


def _changes(connection: sa.Connection, before: Side, causes: Causes, kept: int | None) -> Changes:
    totals: list[Change] = []
    slices: list[Change] = []
    for moved in moved_readings(connection):
        (slices if moved.slice else totals).append(_change(moved, causes.of(moved)))
    totals.sort(key=lambda change: (change.metric, GRAINS.index(change.grain)))  # then by time, as they came
    slices.sort(key=lambda change: KINDS.index(change.kind))  # then by metric, member and time
    shown = slices[:kept]
    return Changes(
        previous=_published(before.manifest),
        kinds=_counts(KINDS, (change.kind for change in totals)),
        causes=_counts(CAUSES, (change.cause for change in totals)),
        slice_kinds=_counts(KINDS, (change.kind for change in slices)),
        slice_causes=_counts(CAUSES, (change.cause for change in slices)),
        changes=(*totals, *shown),
        slices_left_out=len(slices) - len(shown),
    )


def _counts(names: Sequence[str], found: Iterable[str | None]) -> dict[str, int]:
    counts = Counter(found)
    return {name: counts[name] for name in names if counts[name]}


def _change(moved: Moved, causes: Sequence[Cause]) -> Change:
    before, after = (
        replace(told, value=None, n=None) if told and moved.withheld else told for told in (moved.before, moved.after)
    )
    return Change(
        metric=moved.metric,
        grain=moved.grain,
        period=moved.period,
        slice=moved.slice,
        kind=moved.kind,
        cause=causes[0] if causes else None,
        before=before.value if before else None,
        after=after.value if after else None,
        before_status=before.status if before else None,
        after_status=after.status if after else None,
        before_n=before.n if before else None,
        after_n=after.n if after else None,
        also=tuple(causes[1:]),
    )


def _without_gone(changes: Changes) -> Changes:
    """Return the changes for the public: of what is not published any more the number is not published again."""
    told = (
        replace(change, before=None, before_n=None) if change.kind == "gone" else change for change in changes.changes
    )
    return replace(changes, changes=tuple(told))


def _restated(changes: Changes, then: Published) -> Iterator[Restatement]:
    for change in changes.changes:
        if change.kind == "restated" and not change.slice and change.before_status and change.after_status:
            yield Restatement(
                metric=change.metric,
                grain=change.grain,
                period=change.period,
                before=change.before,
                after=change.after,
                before_status=change.before_status,
                after_status=change.after_status,
                cause=change.cause or "not_known",
                first=changes.previous,
                then=then,
            )


def _earlier_log(connection: sa.Connection) -> Iterator[Restatement]:
    """Yield what the edition before had in its log, of the metrics there still are, blank where withheld by now."""
    parts = CATALOGUE.to_metadata(sa.MetaData(), schema=BEFORE).c
    held = connection.execute(sa.select(parts.body).where(parts.part == "restatements")).scalar_one_or_none()
    after = READINGS.to_metadata(sa.MetaData(), schema=AFTER).c
    totals = sa.select(after.metric, after.period, after.suppressed).where(after.dimension == "")
    withheld = {(row.metric, row.period): row.suppressed for row in connection.execute(totals)}
    there = {metric for metric, _ in withheld}
    for item in restatements_of(held or "[]"):
        if item.metric in there:
            hidden = withheld.get((item.metric, item.period), True)
            yield replace(item, before=None, after=None) if hidden else item


@contextmanager
def _attached(before: Side, after: Side, office: bool) -> Iterator[sa.Connection]:
    """Give a connection to one of the two files of both editions."""
    engine = open_writer(Path(":memory:"))
    try:
        attach(engine, before.path / _FILES[office], BEFORE)
        attach(engine, after.path / _FILES[office], AFTER)
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _published(manifest: Mapping[str, Any]) -> Published:
    as_of, moment = date.fromisoformat(manifest["as_of"]), datetime.fromisoformat(manifest["published_at"])
    return Published(manifest["id"], as_of, moment)
