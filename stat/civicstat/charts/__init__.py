"""Charts from frozen values, as SVG and as Plotly figures; shapes of statuses; the sentence that says what is shown.

Every colour comes from a class, so that dark, print and forced colours work; ``palette`` holds the colours themselves.
"""

from civicstat.charts.alone import svg_alone
from civicstat.charts.bar import bar_chart, describe_bars, draw_bars, drawn_first
from civicstat.charts.data import (
    NARROW,
    ROOM,
    WIDE,
    Bar,
    BarChart,
    Happened,
    LineChart,
    Numbers,
    Point,
    Signal,
    Size,
    Stretch,
    goal_ends,
)
from civicstat.charts.figure import figure_of
from civicstat.charts.finding import summary, summary_of_bars
from civicstat.charts.ink import svg_of
from civicstat.charts.line import describe_line, draw_line, line_chart
from civicstat.charts.picture import Picture, Spot
from civicstat.charts.shape import behaviour_shape, shape
from civicstat.charts.spark import sparkline

__all__ = [
    "NARROW",
    "ROOM",
    "WIDE",
    "Bar",
    "BarChart",
    "Happened",
    "LineChart",
    "Numbers",
    "Picture",
    "Point",
    "Signal",
    "Size",
    "Spot",
    "Stretch",
    "bar_chart",
    "behaviour_shape",
    "describe_bars",
    "describe_line",
    "draw_bars",
    "draw_line",
    "drawn_first",
    "figure_of",
    "goal_ends",
    "line_chart",
    "shape",
    "sparkline",
    "summary",
    "summary_of_bars",
    "svg_alone",
    "svg_of",
]
