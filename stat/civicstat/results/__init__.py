"""Readings: values with their parts, status and reason, from what the plans returned."""

from civicstat.results.behaviour import LEAST, NotCharted, ProcessChart, process_charts
from civicstat.results.clock import Clock
from civicstat.results.days import Days, find_days
from civicstat.results.made import least_shown
from civicstat.results.measure import read_metrics
from civicstat.results.memory import Held, Kept, Memory
from civicstat.results.reading import SCORED, Reading, Reason, Status, Used
from civicstat.results.resolve import resolve_members
from civicstat.results.slots import moments
from civicstat.results.status import Judged, Standing, judge, near_edge, near_ends
from civicstat.results.suppress import FLOOR, threshold, withheld

__all__ = [
    "FLOOR",
    "LEAST",
    "SCORED",
    "Clock",
    "Days",
    "Held",
    "Judged",
    "Kept",
    "Memory",
    "NotCharted",
    "ProcessChart",
    "Reading",
    "Reason",
    "Standing",
    "Status",
    "Used",
    "find_days",
    "judge",
    "least_shown",
    "moments",
    "near_edge",
    "near_ends",
    "process_charts",
    "read_metrics",
    "resolve_members",
    "threshold",
    "withheld",
]
