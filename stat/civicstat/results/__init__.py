"""Readings: values with their parts, status and reason, from what the plans returned."""

from civicstat.results.clock import Clock
from civicstat.results.measure import read_metrics
from civicstat.results.reading import SCORED, Reading, Reason, Status
from civicstat.results.resolve import resolve_members
from civicstat.results.status import Judged, Standing, judge
from civicstat.results.suppress import FLOOR, threshold, withheld

__all__ = [
    "FLOOR",
    "SCORED",
    "Clock",
    "Judged",
    "Reading",
    "Reason",
    "Standing",
    "Status",
    "judge",
    "read_metrics",
    "resolve_members",
    "threshold",
    "withheld",
]
