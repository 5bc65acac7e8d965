"""The city: how many goals stand where, by theme, and each department with its worst goals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from civicstat.editions import CityInfo, Edition
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.card import row
from civicstat.pages.layouts.frame import frame
from civicstat.pages.layouts.moved import changes_section
from civicstat.pages.layouts.parts import facts, head, section, tally
from civicstat.pages.layouts.table import Head, table
from civicstat.pages.layouts.view import Headline, count_statuses, edition_facts, headline, is_judged, worst_first
from civicstat.results import Status
from civicstat.words import number, phrase, pick, status_word

__all__ = ["city_page"]

_WORST = 3  # goals shown in a department's panel


def city_page(edition: Edition, ask: Ask) -> Component:
    """Return the page of the whole city; statuses are counted, never averaged."""
    catalogue = edition.catalogue
    city = catalogue.city
    shown = {name: headline(edition, name) for name in catalogue.metrics}
    goals = [item for item in shown.values() if is_judged(item.info)]
    title = phrase("page.city_title", ask.lang, city=pick(city.name, ask.lang))
    top = [head(title, _finding(goals, ask), facts(edition_facts(edition, shown, ask)))]
    if goals:
        top.append(tally(count_statuses(goals), phrase("page.goals", ask.lang, count=len(goals)), city, ask))
    panels = [
        _panel(
            edition,
            pick(info.title, ask.lang),
            link(ask, path=f"/d/{name}"),
            [shown[item] for item in info.metrics],
            ask,
        )
        for name, info in sorted(catalogue.departments.items(), key=lambda item: not _promises(item[1].metrics, shown))
    ]
    alone = [item for item in shown.values() if not item.info.departments]
    if alone:
        panels.append(_panel(edition, phrase("page.other_numbers", ask.lang), "", alone, ask))
    parts = [section(phrase("page.departments", ask.lang), html.Div(panels, className="panels"), id="departments")]
    parts.append(changes_section(edition, shown, ask))
    if city.themes and goals:
        parts.append(section(phrase("page.themes", ask.lang), _themes(city, goals, ask)))
    return frame(edition, ask, html.Div(top, className="top"), *parts)


def _promises(metrics: Iterable[str], shown: Mapping[str, Headline]) -> bool:
    """Say whether a department has goals: those with goals come first."""
    return any(is_judged(shown[name].info) for name in metrics)


def _finding(goals: Sequence[Headline], ask: Ask) -> Component | None:
    """Return the count that matters in one sentence."""
    if not goals:
        return html.P(phrase("page.no_goals", ask.lang), className="lead")
    counts = count_statuses(goals)
    good = counts.get(Status.MET, 0) + counts.get(Status.ON_TRACK, 0)
    text = phrase("page.city_finding", ask.lang, good=good, count=len(goals))
    return html.P(text, className="lead")


def _panel(edition: Edition, title: str, address: str, shown: Iterable[Headline], ask: Ask) -> Component:
    """Return a department with the tally of its goals and the worst of them."""
    shown = list(shown)
    goals = worst_first(item for item in shown if is_judged(item.info))
    lines = (goals or shown)[:_WORST]
    name = html.H3(html.A(title, href=address) if address else title)
    parts: list[Component] = []
    if goals:
        count = phrase("page.goals", ask.lang, count=len(goals))
        parts.append(tally(count_statuses(goals), count, edition.catalogue.city, ask))
    elif shown:
        parts.append(html.P(phrase("page.no_goals_here", ask.lang, count=len(shown)), className="soft"))
    else:
        parts.append(html.P(phrase("page.no_metrics", ask.lang), className="soft"))
    rows = html.Div([row(edition, item, ask) for item in lines], className="lines")
    if len(lines) < len(shown) and address:
        text = phrase("page.all_of", ask.lang, count=len(shown), department=title)
        parts.extend([rows, html.P(html.A(text, href=address), className="more")])
    else:
        parts.append(rows)
    return html.Section([name, *parts], className="panel")


def _themes(city: CityInfo, goals: Sequence[Headline], ask: Ask) -> Component:
    """Return a table of themes by status; goals without a theme have a row of their own."""
    statuses = list(count_statuses(goals))
    heads = [Head(phrase("page.theme", ask.lang)), Head(phrase("page.goals_head", ask.lang), numeric=True)]
    heads += [Head(status_word(status.value, ask.lang, city.status_words), numeric=True) for status in statuses]
    rows = []
    for name, title in (*city.themes.items(), ("", None)):
        mine = [item for item in goals if (item.info.theme or "") == name]
        if not mine and title is None:
            continue
        counts: Mapping[Status, int] = count_statuses(mine)
        label = pick(title, ask.lang) if title else phrase("page.no_theme", ask.lang)
        cells = [number(counts.get(status, 0), ask.lang) for status in statuses]
        rows.append([label, number(len(mine), ask.lang), *cells])
    return table(phrase("page.themes_caption", ask.lang), heads, rows)
