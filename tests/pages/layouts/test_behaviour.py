"""A metric that declares `spc`: the verdict beside its status, its limits in the chart, and how they are made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from dash.development.base_component import Component

from civicstat.editions import Edition, RebaseInfo, SpcInfo
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import metric_page
from civicstat.results import ProcessChart
from civicstat.statistics import read_behaviour

METRIC = "closed_in_30_days"
STEP = RebaseInfo("2025-07-01", {"en": "A second crew", "es": "Una segunda cuadrilla"}, {"en": "The office"})
SPC = SpcInfo("nhs_r", True, 7, 7, "between", 1, None, (STEP,))


@pytest.fixture
def charted(city: Any) -> Any:
    """The made-up city with a chart of its first metric: 21 months, a step, and 16 more."""
    readings = [item for item in city.readings(METRIC, grain="month") if item.complete]
    at = next(at for at, item in enumerate(readings) if item.period == "2025-07")
    found = read_behaviour([item.value for item in readings], direction="increase", target=80.0, rebase_at=[at])
    chart = ProcessChart({}, tuple(item.period for item in readings), found, 80.0, None, 0.0, 100.0)
    metrics = {**city.catalogue.metrics, METRIC: replace(city.catalogue.metrics[METRIC], spc=SPC)}
    return replace(city, catalogue=replace(city.catalogue, metrics=metrics), charts=(chart,))


def page(shown: Any, lang: str = "en", **asked: str) -> Component:
    ask = Ask(lang=lang, path=f"/m/{METRIC}", languages=("en", "es"), **asked)  # type: ignore[arg-type]
    return metric_page(cast(Edition, shown), METRIC, ask)


def test_the_verdict_stands_beside_the_status_with_words_and_shapes(charted: Any, tree: Any) -> None:
    said = tree.words(tree.classed(page(charted), "standing"))
    assert "Off track" in said
    assert "How it moves, up to October 2026" in said
    assert "the goal of 80 % " in said
    chips = tree.parts(tree.classed(page(charted), "chips"), "Markup")
    assert len(chips) == 2


def test_the_chart_draws_limits_marks_signals_and_says_the_verdict(charted: Any, tree: Any) -> None:
    drawn = svg(page(charted), tree)
    assert drawn.count('class="chart-centre"') == 2 * 3  # in each of three sizes
    assert drawn.count('class="chart-step"') == 3
    signals = sum(drawn.count(f'class="chart-{name}"') for name in ("improvement", "concern"))
    found = charted.charts[0].behaviour
    assert signals == 3 * sum(rule not in (None, "common_cause") for rule in found.rules) > 0


def test_who_began_anew_and_why_is_told_on_demand(charted: Any, tree: Any) -> None:
    told = [tree.words(item) for item in tree.parts(page(charted), "Details")]
    (made,) = [words for words in told if words.startswith("How the limits are made")]
    assert "New limits from July 2025: A second crew (The office)." in made
    assert "Rules of the R package NHSRplotthedots 0.2.2." in made
    assert "7 in a row on one side of the mean" in made


def test_the_footnote_says_basis_and_screening(charted: Any, tree: Any) -> None:
    assert tree.words(tree.classed(page(charted), "basis")) == (
        "Mean and limits from 16 complete periods, July 2025 to October 2026. "
        "Screening on: 0 outlying moving ranges left out."
    )


def test_all_of_it_is_said_in_spanish(charted: Any, tree: Any) -> None:
    shown = page(charted, "es")
    said = tree.words(tree.classed(shown, "standing"))
    assert "Cómo se mueve, hasta octubre de 2026" in said
    assert "la meta de 80 %" in said
    assert "Promedio y límites con 16 períodos completos" in tree.words(tree.classed(shown, "basis"))
    assert "Límites nuevos desde julio de 2025: Una segunda cuadrilla" in tree.words(shown)


@pytest.mark.parametrize("asked", [{"period": "2026-Q3"}, {"period": "2026-10", "by": "district", "member": "4"}])
def test_another_span_and_a_slice_without_a_chart_show_none(charted: Any, tree: Any, asked: dict[str, str]) -> None:
    shown = page(charted, **asked)
    assert "How it moves" not in tree.words(shown)
    assert "chart-centre" not in svg(shown, tree)


def test_beside_another_series_limits_are_left_out_and_the_verdict_stays(charted: Any, tree: Any) -> None:
    shown = page(charted, compare="year")
    assert "chart-centre" not in svg(shown, tree)
    assert "How it moves" in tree.words(shown)


def test_a_metric_without_limits_says_why(charted: Any, tree: Any) -> None:
    rare = ProcessChart({}, ("2026-10",), None, refused="rare")
    shown = page(replace(charted, charts=(rare,)))
    assert "How it moves Half of the values or more are zero" in tree.words(tree.classed(shown, "standing"))
    assert "chart-centre" not in svg(shown, tree)


def test_a_metric_that_declares_none_has_nothing_of_it(city: Any, tree: Any) -> None:
    assert "How it moves" not in tree.words(page(city))


def svg(node: Component, tree: Any) -> str:
    (chart,) = tree.parts(node, "Chart")
    return str(chart.markup)
