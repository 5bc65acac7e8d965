"""Every goal of the city in one table: what was promised, how far it is, and who answers; filtered by its address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, fields, goal_owner, link, owner_key, page_path
from civicstat.pages.components import SearchField
from civicstat.pages.layouts.card import reason_line
from civicstat.pages.layouts.controls import option, select
from civicstat.pages.layouts.frame import frame
from civicstat.pages.layouts.parts import Content, chip, facts, head, named, period_name, tally, value_cell
from civicstat.pages.layouts.promise import goal_line
from civicstat.pages.layouts.table import Head, Row, stacked
from civicstat.pages.layouts.view import Headline, count_statuses, edition_facts, headline, is_judged, worst_first
from civicstat.publish import reading_gap
from civicstat.words import capital, day_text, folded, phrase, pick, status_word

__all__ = ["goals_page"]

NONE = "\N{EN DASH}"


def goals_page(edition: Edition, ask: Ask) -> Component:
    """Return the page of all goals."""
    catalogue = edition.catalogue
    goals = [headline(edition, name) for name, info in catalogue.metrics.items() if is_judged(info)]
    shown = _sorted(edition, [item for item in goals if _fits(edition, item, ask)], ask)
    lead = html.P(phrase("goals.lead", ask.lang), className="lead")
    used = [item.info.name for item in goals]
    top: list[Component] = [head(phrase("goals.title", ask.lang), lead, facts(edition_facts(edition, used, ask)))]
    if not goals:
        return frame(edition, ask, *top, html.P(phrase("goals.none", ask.lang), className="lead empty"))
    if shown:
        title = phrase("page.goals", ask.lang, count=len(shown))
        top.append(tally(count_statuses(shown), title, catalogue.city, ask))
    said = _said(edition, goals, shown, ask)
    grid = _table(edition, shown, said, ask) if shown else html.P(said, className="empty")
    body = [_form(edition, goals, ask), _clear(ask), grid]
    return frame(edition, ask, html.Div(top, className="top"), html.Div(body, className="goals"))


def _fits(edition: Edition, item: Headline, ask: Ask) -> bool:
    """Return whether a goal answers to everything that was chosen."""
    info = item.info
    return (
        (not ask.department or ask.department in info.departments)
        and (ask.status is None or item.status is ask.status)
        and (not ask.theme or info.theme == ask.theme)
        and (not ask.owner or owner_key(info) == ask.owner)
        and all(word in _searched(edition, item) for word in folded(ask.q).split())
    )


def _searched(edition: Edition, item: Headline) -> str:
    info = item.info
    departments = [edition.catalogue.departments[name].title for name in info.departments]
    texts = [info.title, info.why, goal_owner(info), info.goal.authority if info.goal else None, *departments]
    return folded(" ".join(said for text in texts if text for said in text.values()))


def _sorted(edition: Edition, goals: Iterable[Headline], ask: Ask) -> list[Headline]:
    found = worst_first(goals)
    if ask.sort == "name":
        found.sort(key=lambda item: folded(pick(item.info.title, ask.lang)))
    elif ask.sort == "department":
        order = list(edition.catalogue.departments)
        found.sort(key=lambda item: min(map(order.index, item.info.departments), default=len(order)))
    return found


def _form(edition: Edition, goals: Sequence[Headline], ask: Ask) -> Component:
    """Return the filters, each choice with how many goals it has."""
    catalogue, lang = edition.catalogue, ask.lang
    departments = [(name, pick(info.title, lang)) for name, info in catalogue.departments.items()]
    themes = [(name, pick(text, lang)) for name, text in catalogue.city.themes.items()]
    statuses = {item.status: None for item in worst_first(goals)} | ({ask.status: None} if ask.status else {})
    words = [(item.value, status_word(item.value, lang, catalogue.city.status_words)) for item in statuses]
    owners = sorted(_owners(goals, ask).items(), key=lambda item: folded(item[1]))
    shown = [
        _field("department", departments, [item.info.departments for item in goals], ask.department, ask),
        _field("status", words, [(item.status.value,) for item in goals], ask.status or "", ask),
        _field("theme", themes, [(item.info.theme or "",) for item in goals], ask.theme, ask),
        _field("owner", owners, [(owner_key(item.info),) for item in goals], ask.owner, ask),
        select("sort", phrase("goals.sort", lang), [option(*item, ask.sort) for item in _orders(ask)]),
    ]
    box = SearchField("ask-words", "q", ask.q, "100")
    typed = html.Div([html.Label(phrase("goals.words", lang), htmlFor="ask-words"), box], className="field")
    button = html.Button(phrase("page.show", lang), type="submit")
    name = named(phrase("goals.filters", lang))
    content = [typed, *(field for field in shown if field), button]
    return html.Form(content, action=page_path(ask), method="get", className="controls", autoComplete="off", **name)


def _owners(goals: Iterable[Headline], ask: Ask) -> dict[str, str]:
    named_as = ((owner_key(item.info), goal_owner(item.info)) for item in goals)
    return {key: capital(pick(text, ask.lang)) for key, text in named_as if text}


def _field(
    name: str, choices: Sequence[tuple[str, str]], held: Sequence[Sequence[str]], here: str, ask: Ask
) -> Component | None:
    """Return a filter, or None where there is nothing to choose between."""
    counts = {key: sum(key in keys for keys in held) for key, _ in choices}
    offered = [(key, text) for key, text in choices if counts[key] or key == here]
    if len(offered) < 2 and not here:
        return None
    options = [option("", phrase("goals.any", ask.lang), here)]
    for key, text in offered:
        options.append(option(key, phrase("goals.counted", ask.lang, name=text, count=counts[key]), here))
    label = {"department": "goals.department", "status": "page.status", "theme": "page.theme", "owner": "goals.owner"}
    return select(name, phrase(label[name], ask.lang), options)


def _orders(ask: Ask) -> list[tuple[str, str]]:
    keys = {"": "goals.sort_worst", "department": "goals.sort_department", "name": "goals.sort_name"}
    return [(value, phrase(key, ask.lang)) for value, key in keys.items()]


def _said(edition: Edition, goals: Sequence[Headline], shown: Sequence[Headline], ask: Ask) -> str:
    """Return what is shown and in which order, for those who print it or hear it."""
    order = capital(dict(_orders(ask))[ask.sort], lower=True)
    chosen = ", ".join(_chosen(edition, goals, ask))
    if not chosen:
        return phrase("goals.all_shown", ask.lang, count=len(goals), order=order)
    if not shown:
        return phrase("goals.empty", ask.lang, chosen=chosen)
    return phrase("goals.some_shown", ask.lang, count=len(shown), all=len(goals), chosen=chosen, order=order)


def _chosen(edition: Edition, goals: Sequence[Headline], ask: Ask) -> list[str]:
    city = edition.catalogue.city
    said = []
    if ask.department:
        said.append(pick(edition.catalogue.departments[ask.department].title, ask.lang))
    if ask.status:
        said.append(capital(status_word(ask.status.value, ask.lang, city.status_words), lower=True))
    if ask.theme:
        said.append(pick(city.themes[ask.theme], ask.lang))
    if ask.owner:
        said.append(_owners(goals, ask).get(ask.owner, ""))
    if ask.q:
        said.append(phrase("goals.chosen_words", ask.lang))
    return [text for text in said if text]


def _clear(ask: Ask) -> Component | None:
    if not fields(ask, "sort"):
        return None
    every = Ask(ask.lang, ask.path, languages=ask.languages, sort=ask.sort)
    return html.P(html.A(phrase("goals.clear", ask.lang), href=link(every)), className="pages")


def _table(edition: Edition, shown: Sequence[Headline], said: str, ask: Ask) -> Component:
    keys = ("goals.goal", "page.value", "goals.promised", "page.status", "goals.through", "goals.answers")
    heads = [Head(phrase(key, ask.lang), numeric=key == "page.value") for key in keys]
    rows = [_row(edition, item, ask) for item in shown]
    return stacked(said, heads, rows)


def _row(edition: Edition, item: Headline, ask: Ask) -> Row:
    info, reading = item.info, item.reading
    departments = [pick(edition.catalogue.departments[name].title, ask.lang) for name in info.departments]
    title = html.A(pick(info.title, ask.lang), href=link(ask, path=f"/m/{info.name}"))
    period = capital(period_name(edition, info, reading.period, ask)) if reading else ""
    value = value_cell(reading, info, ask) if reading and info.error is None else NONE
    gap = reading_gap(reading, info, ask.lang) if reading else ""
    through = edition.catalogue.complete_through(info)
    owner = goal_owner(info)
    cells: list[Content] = [
        html.Div([title, _under(", ".join(departments))]),
        html.Div([value, _under(period)]),
        goal_line(info, reading, edition.catalogue, ask, alone=True),
        html.Div([chip(item.status, edition.catalogue.city, ask), _under(gap) if gap else reason_line(item, ask)]),
        day_text(date.fromisoformat(through), ask.lang, short=True) if through else phrase("page.unknown", ask.lang),
        html.Div([capital(pick(owner, ask.lang)) if owner else phrase("goals.unset", ask.lang), _authority(item, ask)]),
    ]
    marks = {"metric": info.name, "period": reading.period if reading else "", "status": item.status.value}
    return Row(cells, marks)


def _authority(item: Headline, ask: Ask) -> Component | None:
    goal = item.info.goal
    return _under(pick(goal.authority, ask.lang)) if goal and goal.authority else None


def _under(text: str) -> Component | None:
    return html.Div(text, className="soft") if text else None
