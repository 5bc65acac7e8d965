"""A metric's page: over time, split, its rows, how it is counted, and what stands at its side."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest
from dash.development.base_component import Component

from civicstat.editions import BenchmarkInfo, Edition
from civicstat.pages.ask import Ask, parse_ask, settle
from civicstat.pages.layouts import metric_page
from civicstat.pages.layouts.promise import since, stands
from civicstat.publish import reading_gap
from civicstat.results import Status

METRIC = "closed_in_30_days"
Draw = Callable[..., Component]


def test_the_page_begins_with_the_finding_and_why_it_matters(drawn: Draw, tree: Any) -> None:
    assert tree.words(tree.classed(drawn(), "lead")) == (
        "Now 73.4 %, goal at least 80 %. Up 9.2 points since February 2025. "
        "A case left open is a street that stays unsafe."
    )


def test_the_form_shows_what_the_address_says_and_not_what_a_browser_remembers(drawn: Draw, tree: Any) -> None:
    (form,) = tree.classed(drawn(), "controls")

    assert (tree.get(form, "autoComplete"), tree.get(form, "method")) == ("off", "get")


def test_the_tabs_are_links_and_name_what_they_hold(drawn: Draw, tree: Any) -> None:
    tabs = tree.parts(tree.classed(drawn(tab="split"), "tabs"), "A")

    assert [(tree.words(item), tree.get(item, "href"), tree.get(item, "aria-current")) for item in tabs] == [
        ("Over time", f"/m/{METRIC}", None),
        ("By district", f"/m/{METRIC}?tab=split", "page"),
        ("The 1,293 records", f"/m/{METRIC}?tab=rows", None),
        ("How it is counted", f"/m/{METRIC}?tab=how", None),
    ]


def test_the_table_of_a_chart_holds_every_period_the_newest_first(drawn: Draw, tree: Any) -> None:
    rows = tree.parts(tree.parts(drawn(), "Tbody")[0], "Tr")

    assert len(rows) == 37
    assert [tree.words(row) for row in rows[:2]] == [
        "November 2026 71.4 % 31 Not complete",
        "October 2026 73.4 % 1,293 Off track",
    ]
    assert "January 2025 No value No data" in [tree.words(row) for row in rows]


def test_a_comparison_adds_the_earlier_value_and_the_change(drawn: Draw, tree: Any) -> None:
    page = drawn(compare="previous")
    heads = tree.parts(tree.parts(page, "Thead")[0], "Th")
    rows = tree.parts(tree.parts(page, "Tbody")[0], "Tr")

    assert [tree.words(head) for head in heads] == [
        "Period",
        "Value",
        "The period before",
        "Change",
        "Records",
        "Status",
    ]
    assert [tree.words(row) for row in rows[:2]] == [
        "November 2026 71.4 % 73.4 % 31 Not complete",
        "October 2026 73.4 % 74.9 % ▼ 1.5 points since the period before 1,293 Off track",
    ]


@pytest.mark.parametrize(
    ("compare", "period", "lang", "said"),
    [
        (
            "previous",
            "2026-10",
            "en",
            "October 2026: 73.4 %. September 2026: 74.9 %. Down 1.5 points since the period before.",
        ),
        (
            "previous",
            "2026-10",
            "es",
            "Octubre de 2026: 73.4 %. Septiembre de 2026: 74.9 %. Bajó 1.5 puntos desde el período anterior.",
        ),
        (
            "previous",
            "2026-11",
            "en",
            "November 2026: 71.4 %. October 2026: 73.4 %. "
            "One of the two periods is not complete, so no difference is told.",
        ),
        ("previous", "2023-11", "en", "November 2023: 58.0 %. There is no earlier number to compare it with."),
        ("goal", "2026-10", "en", "October 2026: 73.4 % against a goal of at least 80 %: 6.6 points short."),
    ],
)
def test_a_comparison_says_both_numbers_and_the_difference_beside_the_chart(
    drawn: Draw, tree: Any, compare: str, period: str, lang: str, said: str
) -> None:
    page = drawn(compare=compare, period=period, lang=lang)

    assert tree.words(tree.classed(tree.classed(page, "tab"), "prose")) == said
    links = [tree.get(node, "href") for node in tree.parts(tree.classed(page, "take"), "A")]
    assert sum(f"compare={compare}" in link for link in links if "/api/" in link) == 3


def test_a_longer_period_shows_the_periods_of_its_own_kind(drawn: Draw, tree: Any) -> None:
    page = drawn(period="2026-Q3")

    assert (
        tree.words(tree.parts(tree.classed(page, "body")[0], "H2")[0])
        == "By quarter, April to June 2026 to July to September 2026"
    )
    assert [tree.words(row) for row in tree.parts(tree.parts(page, "Tbody")[0], "Tr")] == [
        "July to September 2026 72.5 % 400 Off track",
        "April to June 2026 71.0 % 400 Off track",
    ]


def test_a_slice_is_named_in_the_finding_and_at_the_side(drawn: Draw, tree: Any) -> None:
    page = drawn(by="district", member="4")

    assert tree.words(tree.classed(page, "lead")).startswith("District 4: Now 61.2 %, goal at least 80 %.")
    assert tree.words(tree.classed(page, "now")) == "October 2026, District 4 61.2 % Off track"


def test_members_stand_worst_first_and_what_is_withheld_last(drawn: Draw, tree: Any) -> None:
    page = drawn(tab="split")
    table = tree.parts(page, "Table")[0]

    assert tree.words(tree.parts(table, "Caption")) == "October 2026 by district, worst first"
    assert [tree.words(row) for row in tree.parts(tree.parts(table, "Tbody"), "Tr")] == [
        "District 4 217 61.2 % Off track",
        "District 2 157 74.9 % Off track",
        "District 3 187 79.6 % Near",
        "District 1 127 82.6 % Met",
        "Not recorded Withheld Too few to show",
    ]
    assert tree.get(tree.parts(table, "A")[0], "href") == f"/m/{METRIC}?by=district&member=4"


def test_members_without_a_value_stay_in_the_table_and_out_of_the_bars(
    city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    fake = cast(Any, city)
    empty = [
        item._replace(value=None, gap=None, n=0, status=Status.NO_DATA) if item.slice else item
        for item in fake.found[METRIC]
    ]
    edition = cast(Edition, replace(fake, found={**fake.found, METRIC: empty}))

    page = metric_page(edition, METRIC, asked(f"/m/{METRIC}", tab="split"))
    drawn = tree.classed(page, "drawing")

    assert len(tree.parts(tree.parts(page, "Tbody")[0], "Tr")) == 5
    assert "District" not in "".join(item.markup for item in drawn)


def test_other_ways_to_split_are_offered_as_links(drawn: Draw, tree: Any) -> None:
    links = tree.parts(tree.classed(drawn(tab="split"), "picks"), "A")

    assert [(tree.words(item), tree.get(item, "href"), tree.get(item, "aria-current")) for item in links] == [
        ("District", f"/m/{METRIC}?by=district&tab=split", "true"),
        ("Kind", f"/m/{METRIC}?by=kind&tab=split", None),
    ]


def test_the_form_keeps_what_it_does_not_change(drawn: Draw, tree: Any) -> None:
    form = tree.classed(
        drawn(lang="es", tab="rows", period="2026-09", by="district", member="2", after=50), "controls"
    )[0]
    chosen = [
        (tree.get(select, "name"), tree.get(option, "value"))
        for select in tree.parts(form, "Select")
        for option in tree.parts(select, "Option")
        if tree.get(option, "selected")
    ]

    assert (tree.get(form, "action"), tree.get(form, "method")) == (f"/es/m/{METRIC}", "get")
    assert [(tree.get(item, "name"), tree.get(item, "value")) for item in tree.parts(form, "Hidden")] == [
        ("by", "district"),
        ("tab", "rows"),
    ]
    assert chosen == [("period", "2026-09"), ("member", "2")]


def test_the_periods_offered_are_those_the_edition_has_the_newest_first(drawn: Draw, tree: Any) -> None:
    groups = tree.parts(tree.parts(drawn(), "Select")[0], "Optgroup")

    assert [tree.get(group, "label") for group in groups] == ["By month", "By quarter", "By fiscal year"]
    assert [tree.get(option, "value") for option in tree.parts(groups[0], "Option")][:2] == ["2026-11", "2026-10"]


def test_how_it_is_counted_says_the_words_what_is_set_aside_and_the_query(drawn: Draw, tree: Any) -> None:
    page = drawn(tab="how")

    assert tree.words(tree.classed(page, "bullets")[:1]) == (
        "By the month of “opened on”. Records that end before they start are set aside."
    )
    assert tree.words(tree.parts(page, "Tbody")[:1]) == "Open and not yet due 61 Ends before it starts 3"
    assert [tree.words(item) for item in tree.parts(page, "Code")] == [
        "select count(*)\nfrom cases",
        "closed_in_30_days:\n  type: within",
    ]
    assert "2 worked examples are checked at every change" in tree.words(page)


def test_worked_examples_show_their_rows_their_day_and_the_numbers_they_must_give(drawn: Draw, tree: Any) -> None:
    first, second = (item for item in tree.parts(drawn(tab="how"), "Details") if "Example" in tree.words(item))

    assert tree.words(first) == (
        "Example 1 The records of example 1 Case id Opened on A-1 2 Mar 2026 A-2 \N{EN DASH} "
        "Counted as of 30 April 2026. March 2026: 50.0 % February 2026: no value"
    )
    assert "Counted" not in tree.words(second)
    assert "May 2026: 0" in tree.words(second)
    spanish = tree.words(drawn(tab="how", lang="es"))
    assert "Registros inventados" in spanish
    assert "Febrero de 2026: sin valor" in spanish


def test_the_side_says_how_far_from_the_goal_who_promised_it_and_what_comes_next(drawn: Draw, tree: Any) -> None:
    assert tree.words(tree.classed(drawn(), "side")) == (
        "October 2026 73.4 % Off track "
        "Against the goal 73.4 % against a goal of at least 80 %: 6.6 points short. "
        "Higher is better. Not met once since it was set, first missed in June 2026. "
        "FY2027 adopted budget, page 214. Set on 14 June 2026. "
        "What it is made of 949 of 1,293 1,293 records counted "
        "Owner Director of code enforcement "
        "Source Code enforcement cases Complete through 31 October 2026 "
        "Next: November 2026, complete from 2 December 2026"
    )


def test_a_running_period_says_why_it_is_not_scored_and_still_names_the_goal(drawn: Draw, tree: Any) -> None:
    assert (
        "Against the goal Counted through 3 November 2026: the period is not complete. "
        "Goal: at least 80 % . Higher is better." in tree.words(tree.classed(drawn(period="2026-11"), "side"))
    )


def test_a_failed_metric_says_so_once_above_and_keeps_its_definition(drawn: Draw, tree: Any) -> None:
    page = drawn("broken")

    assert tree.words(tree.classed(page, "alert")) == (
        "This number could not be computed This number could not be worked out in this edition."
    )
    assert tree.get(tree.classed(page, "now")[0], "data-status") == "failed"
    assert tree.classed(page, "controls") == []


def test_a_period_without_a_number_has_no_status_of_another(drawn: Draw, tree: Any) -> None:
    (now,) = tree.classed(drawn(period="2099-01"), "now")

    assert (tree.get(now, "data-status"), tree.words(now)) == ("no_data", "January 2099 No value No data")


@pytest.mark.parametrize(
    ("scores", "set_on", "said", "short"),
    [
        ("oom", None, "Met for the first time after a miss, in October 2026.", ", missed the time before"),
        ("omm", None, "Met since September 2026.", ", met since Sep 2026"),
        ("mmm", None, "Met since August 2026.", ", met since Aug 2026"),
        ("mmo", None, "Missed in October 2026, after it was met before.", ", met the time before"),
        ("mno", None, "Not met since September 2026.", ", not met since Sep 2026"),
        ("o", None, "", ""),
        ("mwm", None, "", ""),  # nothing is said over a withheld month
        ("mmwmm", None, "Met since September 2026.", ", met since Sep 2026"),
        (
            "ooo",
            date(2026, 9, 14),
            "Not met once since it was set, first missed in September 2026.",
            ", not met since it was set (Sep 2026)",
        ),
        (
            "omm",
            date(2026, 9, 14),
            "Met ever since it was set, first in September 2026.",
            ", met since it was set (Sep 2026)",
        ),
        ("moo", date(2026, 10, 1), "", ""),  # the goal is new: there is nothing yet to look back on
        ("ooo", date(2026, 11, 2), "", ""),
    ],
)
def test_the_side_says_since_when_and_only_of_what_it_knows(
    city: Edition, asked: Callable[..., Ask], scores: str, set_on: date | None, said: str, short: str
) -> None:
    statuses = {"o": Status.OFF_TRACK, "m": Status.MET, "n": Status.NEAR, "w": Status.TOO_SMALL}
    months = [item for item in city.readings(METRIC, grain="month") if not item.slice and item.complete]
    found = [item._replace(status=statuses[mark]) for item, mark in zip(months[-len(scores) :], scores, strict=True)]

    info = city.catalogue.metrics[METRIC]
    assert info.goal is not None
    goal = replace(info.goal, set_on=set_on.isoformat() if set_on else None)
    info, ask = replace(info, goal=goal), asked(f"/m/{METRIC}")
    gap = reading_gap(found[-1], info, "en") if goal.stood(found[-1].end) else ""

    assert since(found, found[-1], info, city, ask) == said
    assert stands(found, found[-1], info, city, ask) == gap + short


def test_the_period_asked_for_is_marked_in_the_chart_and_in_the_table(drawn: Draw, tree: Any) -> None:
    page = drawn(period="2025-08")
    marked = [node for node in tree.parts(page, "Tr") if tree.get(node, "aria-current")]

    assert [tree.words(node) for node in marked] == ["August 2025 68.9 % 400 Before the goal was set"]
    assert "chart-ring" in tree.parts(page, "Chart")[0].markup
    assert "chart-ring" not in tree.parts(tree.classed(drawn(), "chart")[0], "Markup")[0].markup


def test_a_period_longer_ago_than_the_chart_is_wide_moves_it_there(
    city: Edition, edition_of: Callable[..., Edition], asked: Callable[..., Ask], tree: Any
) -> None:
    info, found = city.catalogue.metrics[METRIC], city.readings(METRIC, grain="month")
    months = city.calendar.between("month", date(2016, 1, 1), date(2023, 10, 31))
    older = [found[0]._replace(period=month.key, start=month.start, end=month.end) for month in months]
    page = metric_page(edition_of((info, [*older, *found])), METRIC, asked(f"/m/{METRIC}", period="2018-05"))
    periods = [tree.words(node.children[0]) for node in tree.parts(page, "Tr")[1:]]

    assert (len(periods), periods[0], periods[-1]) == (60, "December 2020", "January 2016")
    assert periods.index("May 2018") > 0


def test_what_was_not_promised_yet_is_neither_coloured_nor_measured_against_the_goal(drawn: Draw, tree: Any) -> None:
    page = drawn(compare="goal", period="2026-05")
    rows = {tree.words(node.children[0]): tree.words(node.children[2:]) for node in tree.parts(page, "Tr")}

    assert rows["October 2026"] == "6.6 points short 1,293 Off track"
    assert rows["June 2026"].endswith("Off track")
    assert rows["May 2026"] == "400 Before the goal was set"
    assert [tree.get(node, "className") for node in tree.classed(tree.classed(page, "big"), "chip")] == [
        "chip chip--none"
    ]


def test_a_number_can_be_compared_with_its_goal_only_where_it_has_one(drawn: Draw, tree: Any) -> None:
    def offered(name: str) -> list[str]:
        select = next(node for node in tree.parts(drawn(name), "Select") if tree.get(node, "name") == "compare")
        return [tree.get(node, "value") for node in select.children]

    assert offered(METRIC) == ["", "previous", "year", "goal"]
    assert offered("calls") == ["", "previous", "year"]


def test_one_value_alone_is_a_table_and_no_line(
    edition_of: Callable[..., Edition], city: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    info = city.catalogue.metrics[METRIC]
    months = [item for item in city.readings(METRIC) if item.grain == "month" and item.value is not None]
    alone = edition_of((info, months[-1:]))
    dataset = replace(alone.catalogue.datasets[info.dataset], complete_through=None)
    catalogue = replace(alone.catalogue, datasets={info.dataset: dataset})
    edition = cast(Edition, replace(cast(Any, alone), catalogue=catalogue))

    page = metric_page(edition, METRIC, asked(f"/m/{METRIC}"))

    assert tree.parts(page, "Chart") == []
    assert tree.parts(tree.classed(page, "chart")[0], "Table")
    assert tree.words(tree.parts(page, "Figcaption")) == ("Source: Code enforcement cases. Edition of 3 November 2026.")


def test_a_number_can_be_compared_with_what_others_achieve(
    city: Edition, edition_of: Callable[..., Edition], asked: Callable[..., Ask], tree: Any
) -> None:
    others = (
        BenchmarkInfo({"en": "Peer cities, median", "es": "Ciudades similares"}, 84.5, 2025, {"en": "State survey"}),
        BenchmarkInfo({"en": "Harbor City"}, 91.0, 2024, {"en": "Its budget, page 12"}),
    )
    edition = edition_of((replace(city.catalogue.metrics[METRIC], benchmarks=others), city.readings(METRIC)))
    page = metric_page(edition, METRIC, asked(f"/m/{METRIC}", compare="benchmark"))
    options = [tree.words(node) for node in tree.parts(tree.classed(page, "controls"), "Option")]
    grid = next(node for node in tree.parts(page, "Table") if "others achieve" in tree.words(node))

    assert options[-1] == "Others"
    assert tree.words(tree.classed(tree.classed(page, "tab"), "prose")) == (
        "October 2026: 73.4 %. Peer cities, median, 2025: 84.5 %; here 11.1 points less. "
        "Harbor City, 2024: 91.0 %; here 17.6 points less."
    )
    assert "Peer cities, median, 2025" in re.sub(r"<[^>]+>", " ", tree.parts(page, "Chart")[0].markup)
    assert [tree.words(row) for row in tree.parts(grid, "Tr")[1:]] == [
        "Peer cities, median 84.5 % 2025 State survey",
        "Harbor City 91.0 % 2024 Its budget, page 12",
    ]


def test_a_comparison_that_a_metric_lacks_is_misread(city: Edition) -> None:
    for compare in ("goal", "benchmark"):
        ask = settle(parse_ask("/m/calls", f"compare={compare}", ("en", "es")), city.catalogue, city.calendar)
        assert (ask.compare, ask.misread) == ("", ("compare",))
