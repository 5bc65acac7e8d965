"""Charts as SVG from frozen values, the shapes of statuses, and the sentence that says what a chart shows.

Every colour comes from a class, so that dark, print and forced colours work; ``palette`` holds the colours themselves.
"""

from civicstat.charts.bar import bar_chart, describe_bars, drawn_first
from civicstat.charts.data import NARROW, ROOM, WIDE, Bar, BarChart, LineChart, Numbers, Point, Size
from civicstat.charts.finding import summary, summary_of_bars
from civicstat.charts.line import describe_line, line_chart
from civicstat.charts.shape import shape
from civicstat.charts.spark import sparkline

__all__ = [
    "NARROW",
    "ROOM",
    "WIDE",
    "Bar",
    "BarChart",
    "LineChart",
    "Numbers",
    "Point",
    "Size",
    "bar_chart",
    "describe_bars",
    "describe_line",
    "drawn_first",
    "line_chart",
    "shape",
    "sparkline",
    "summary",
    "summary_of_bars",
]
