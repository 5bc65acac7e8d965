"""The chart of a metric's page as a file of its own, with all that makes it understood away from the page."""

from __future__ import annotations

from civicstat.charts import LineChart, draw_bars, draw_line, svg_alone
from civicstat.editions import Edition
from civicstat.pages.ask import Ask
from civicstat.pages.layouts.chosen import choose, part_text
from civicstat.pages.layouts.drawing import source_line
from civicstat.pages.layouts.over_time import time_chart
from civicstat.pages.layouts.split import split_chart
from civicstat.words import pick

__all__ = ["chart_file"]


def chart_file(edition: Edition, name: str, ask: Ask) -> str | None:
    """Return the SVG of the chart that the page asked for shows; None where it shows none."""
    chosen = choose(edition, name, ask)
    chart = split_chart(edition, chosen, ask) if ask.tab == "split" else time_chart(edition, chosen, ask)
    if chart is None:
        return None
    drawn = draw_line(chart) if isinstance(chart, LineChart) else draw_bars(chart)
    if drawn is None:
        return None
    city = edition.catalogue.city
    titles = [pick(chosen.info.title, ask.lang), part_text(chosen, ask), chart.title, chart.summary]
    said = [source_line(edition, chosen.info, ask), pick(city.notice or city.name, ask.lang)]
    return svg_alone(drawn, [text for text in titles if text], said)
