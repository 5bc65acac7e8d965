"""What happened meanwhile, on a metric's page: on the chart, below it, and said at its point."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from civicstat.editions import Edition, EventInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import metric_page
from civicstat.pages.layouts.events import events_shown

METRIC = "closed_in_30_days"
CREW = EventInfo("2025-02-10", None, {"en": "A second crew", "es": "Una segunda cuadrilla"}, (METRIC,), (), "Council 7")
SNOW = EventInfo("2025-12-20", "2026-01-05", {"en": "Snow", "es": "Nieve"}, (), ("code",))
OLD = EventInfo("2001-01-01", None, {"en": "Long ago", "es": "Hace mucho"})
OTHER = EventInfo("2025-06-01", None, {"en": "Elsewhere", "es": "En otra parte"}, ("another",), ("parks",))
ALL = EventInfo("2026-05-01", None, {"en": "Census", "es": "Censo"})


def with_all(city: Any) -> Any:
    return replace(city, catalogue=replace(city.catalogue, events=(OLD, CREW, OTHER, SNOW, ALL)))


def page(shown: Any, lang: str = "en", **asked: str) -> Any:
    ask = Ask(lang=lang, path=f"/m/{METRIC}", languages=("en", "es"), **asked)  # type: ignore[arg-type]
    return metric_page(cast(Edition, shown), METRIC, ask)


def test_what_concerns_a_metric_and_falls_among_its_periods_is_listed_with_its_letter(city: Any, tree: Any) -> None:
    said = tree.words(tree.classed(page(with_all(city)), "events"))

    assert said == (
        "On the chart A 10 February 2025: A second crew (Council 7) "
        "B 20 December 2025 to 5 January 2026: Snow C 1 May 2026: Census"
    )
    assert "Una segunda cuadrilla (Council 7)" in tree.words(tree.classed(page(with_all(city), "es"), "events"))
    assert tree.classed(page(city), "events") == []


def test_an_event_goes_from_the_period_it_began_in_to_the_one_it_ended_in(city: Any) -> None:
    series = [item for item in city.readings(METRIC, grain="month") if not item.slice]
    marks = {item.mark.sign: item.mark for item in events_shown(with_all(city), city.catalogue.metrics[METRIC], series)}

    assert [series[at].period for at in (marks["A"].first, marks["B"].first, marks["B"].last)] == [
        "2025-02",
        "2025-12",
        "2026-01",
    ]
