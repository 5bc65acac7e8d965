"""The process behaviour charts of an edition, as JSON text and back: marks are kept as they were on the day of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from civicstat.editions.catalogue import RebaseInfo, SpcInfo
from civicstat.editions.tables import READINGS, reading_of
from civicstat.results import ProcessChart, process_charts
from civicstat.spec import Metric, Spc
from civicstat.statistics import Behaviour, Segment

__all__ = ["chart_parts", "charts_of", "part_name", "spc_info"]


def part_name(metric: str) -> str:
    """Return the name of the part of the catalogue that holds the charts of a metric."""
    return f"behaviour:{metric}"


def chart_parts(connection: sa.Connection, metrics: Iterable[Metric]) -> list[dict[str, str]]:
    """Return the charts of those metrics that declare one as rows of the catalogue's table, from a file's readings."""
    parts = []
    for metric in metrics:
        if metric.spc is not None:
            table = READINGS.c
            own = sa.select(READINGS).where(table.metric == metric.name, table.grain == metric.period)
            rows = connection.execute(own.order_by(table.dimension, table.slice, table.start))
            charts = process_charts(metric, list(map(reading_of, rows)))
            parts.append({"part": part_name(metric.name), "body": _text(charts)})
    return parts


def charts_of(text: str) -> tuple[ProcessChart, ...]:
    """Return what ``chart_parts`` wrote of one metric."""
    return tuple(
        ProcessChart(
            **{
                **item,
                "periods": tuple(item["periods"]),
                "behaviour": None
                if item["behaviour"] is None
                else Behaviour(
                    **{
                        **item["behaviour"],
                        "segments": tuple(Segment(**one) for one in item["behaviour"]["segments"]),
                        "rules": tuple(item["behaviour"]["rules"]),
                    }
                ),
            }
        )
        for item in json.loads(text)
    )


def spc_info(spc: Spc | None) -> SpcInfo | None:
    """Return how the charts are made, as a page tells it."""
    if spc is None:
        return None
    steps = tuple(RebaseInfo(step.on.isoformat(), dict(step.why), dict(step.by)) for step in spc.rebase)
    method = spc.method
    return SpcInfo(
        spc.rules, method.screen, method.shift, method.trend, method.two_of_three, method.least, spc.baseline, steps
    )


def _text(charts: Sequence[ProcessChart]) -> str:
    return json.dumps([dataclasses.asdict(item) for item in charts], ensure_ascii=False, separators=(",", ":"))
