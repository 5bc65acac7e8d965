"""Which rows a reading counted: the columns that mark them in an edition, and the query of one page of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import sqlalchemy as sa

from civicstat.results import Reading

__all__ = ["LISTED", "Membership", "RecordsInfo", "RowsPage", "counted_rows", "records_of", "records_text"]

Kind = Literal["flow", "stock", "listed", "always"]


@dataclass(frozen=True, slots=True)
class Membership:
    """How a metric's rows are marked in its dataset's records table.

    ``flow``: by ``_in_<metric>`` and the day or month ``_when_<metric>``. ``stock``: by ``_in_<metric>`` and the days
    or months ``_opened_<metric>`` and ``_closed_<metric>``. ``listed``: the rows of each period's end are written out
    in ``listed_rows``, since the condition moves with it (a stock by age). ``always``: by ``_in_<metric>`` alone, for a
    dataset without time. ``hit``: ``_hit_<metric>`` marks the numerator. ``grain`` is the metric's own.
    """

    kind: Kind
    grain: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class RecordsInfo:
    """The records table of one dataset: ``shown`` are the columns a person sees, ``split`` those a slice may be of.

    ``segment`` names the files that hold the shown columns; None: the records table holds them itself.
    """

    dataset: str
    shown: tuple[str, ...]
    split: tuple[str, ...]
    metrics: Mapping[str, Membership]
    segment: tuple[str, ...] | None = None

    @property
    def table(self) -> str:
        """The name of the records table."""
        return f"records_{self.dataset}"


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Some of the rows a reading counted: ``rows`` hold the values of ``columns``, in the order of the records.

    ``hits`` says of each row whether it is in the numerator (None where the metric has none). ``total`` is the
    reading's ``n``. ``next`` is what to ask for ``after`` this page; None: there is no more.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    hits: tuple[bool | None, ...]
    total: int
    next: int | None


LISTED = sa.Table(
    "listed_rows",
    sa.MetaData(),
    sa.Column("metric", sa.Text, nullable=False),
    sa.Column("through", sa.Date, nullable=False),
    sa.Column("_row", sa.BigInteger, nullable=False),
)


def counted_rows(info: RecordsInfo, reading: Reading, *columns: str) -> sa.Select[Any]:
    """Return the query of ``_row``, ``_hit`` and ``columns`` of the rows a reading counted, in the records' order."""
    metric, member = reading.metric, info.metrics[reading.metric]
    marks = [f"_{mark}_{metric}" for mark in ("in", "hit", "when", "opened", "closed")]
    names = dict.fromkeys(("_row", *marks, *columns, *reading.slice))
    table = sa.table(info.table, *(sa.column(name) for name in names))
    hit = table.c[f"_hit_{metric}"] if member.hit else sa.null()
    select = sa.select(table.c["_row"], hit.label("_hit"), *(table.c[name] for name in columns))
    if member.kind == "listed":
        listed = sa.and_(LISTED.c["_row"] == table.c["_row"], LISTED.c.metric == metric)
        select = select.join_from(table, LISTED, listed).where(LISTED.c.through == reading.through)
    else:
        select = select.where(table.c[f"_in_{metric}"], *_in_period(table, member, reading))
    for name, text in reading.slice.items():
        value = sa.cast(table.c[name], sa.Text)
        select = select.where(sa.or_(value.is_(None), value == text) if text == "(blank)" else value == text)
    return select.order_by(table.c["_row"])


def _in_period(table: sa.TableClause, member: Membership, reading: Reading) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of time; ``through`` keeps the running period out of the longer ones."""
    before = reading.end
    if reading.grain != member.grain and reading.through is not None:
        before = reading.through + timedelta(days=1)
    if member.kind == "always" or before is None:
        return []
    if member.kind == "flow":
        when = table.c[f"_when_{reading.metric}"]
        if reading.start is None:
            return [sa.or_(when.is_(None), when < before)]
        return [when >= reading.start, when < before]
    opened, closed = (table.c[f"_{mark}_{reading.metric}"] for mark in ("opened", "closed"))
    return [opened < before, sa.or_(closed.is_(None), closed >= before)]


def records_text(infos: Mapping[str, RecordsInfo]) -> str:
    """Return the records tables' descriptions as JSON."""
    return json.dumps({name: dataclasses.asdict(info) for name, info in infos.items()}, separators=(",", ":"))


def records_of(text: str) -> dict[str, RecordsInfo]:
    """Return what ``records_text`` wrote."""
    return {
        name: RecordsInfo(
            dataset=item["dataset"],
            shown=tuple(item["shown"]),
            split=tuple(item["split"]),
            metrics={metric: Membership(**member) for metric, member in item["metrics"].items()},
            segment=tuple(item["segment"]) if item["segment"] else None,
        )
        for name, item in json.loads(text).items()
    }
