"""Beside a metric's chart: the number against its goal, first of all, then what it is made of and who answers."""

from __future__ import annotations

from datetime import date, timedelta

from dash import html
from dash.development.base_component import Component

from civicstat.editions import Edition
from civicstat.pages.ask import Ask, link
from civicstat.pages.layouts.behaviour import behaviour
from civicstat.pages.layouts.chosen import Chosen, part_text
from civicstat.pages.layouts.made_of import made_of_list
from civicstat.pages.layouts.moved import restated_before
from civicstat.pages.layouts.parts import (
    Content,
    amount,
    amount_text,
    chip,
    day_of,
    few_chip,
    named,
    period_name,
    status_name,
)
from civicstat.pages.layouts.promise import earlier_goals, goal_line, near_margin, plan_said, since
from civicstat.pages.layouts.view import stood
from civicstat.publish import interval_of, reading_reason, year_end_of
from civicstat.results import SCORED, Status
from civicstat.words import capital, number, phrase, pick

__all__ = ["side", "standing"]


def standing(edition: Edition, chosen: Chosen, ask: Ask) -> Component:
    """Return the number, its status, how it stands against the goal and how it moves: on a phone before any chart."""
    parts = [_big(edition, chosen, ask), _against(edition, chosen, ask), behaviour(edition, chosen, ask)]
    return html.Div([part for part in parts if part], className="side standing")


def side(edition: Edition, chosen: Chosen, ask: Ask) -> Component:
    """Return the panel below the number: its parts, its owner and its source."""
    parts = [
        _made_of(edition, chosen, ask),
        _restated(edition, chosen, ask),
        _owner(chosen, ask),
        _source(edition, chosen, ask),
    ]
    name = named(phrase("page.side", ask.lang))
    return html.Aside([part for part in parts if part], className="side about", **name)


def _big(edition: Edition, chosen: Chosen, ask: Ask) -> Component:
    reading, info = chosen.reading, chosen.info
    status = reading.status if reading else Status.NO_DATA
    if info.error is not None:
        status = Status.FAILED
    value = amount(reading, info, ask)
    where = [capital(period_name(edition, info, chosen.period.key, ask))] if chosen.period else []
    where += [part_text(chosen, ask)] if chosen.slice else []
    period = html.P(", ".join(where), className="soft") if where else None
    marks = named("", data_metric=info.name, data_period=reading.period if reading else "", data_status=status.value)
    promised = reading is None or stood(info, reading)
    city = edition.catalogue.city
    few = reading is not None and status_name(reading) == "too_few"
    mark = few_chip(city, ask) if few else chip(status, city, ask, promised)
    figure = html.Div([value, mark], className="big")
    return html.Article([period, figure], className="now", **marks)


def _part(key: str, ask: Ask, *content: Content) -> Component:
    return html.Section([html.H2(phrase(key, ask.lang)), *content])


def _against(edition: Edition, chosen: Chosen, ask: Ask) -> Component | None:
    """Return how the number stands against the goal and who promised it; without a goal, why it is not judged."""
    info, reading = chosen.info, chosen.reading
    reason = capital(reading_reason(reading, info, ask.lang)) + "." if reading and info.error is None else ""
    said: list[Content] = [html.P(reason)] if reason else []
    goal = info.goal_of(reading.end) if reading is not None else info.goal
    if goal is None:
        return _part("page.side_status", ask, *said) if said else None
    catalogue = edition.catalogue
    if reading is None or reading.status not in SCORED:
        said.append(goal_line(info, reading, catalogue, ask))
    else:
        told = [phrase(f"goal.{info.better}", ask.lang)]
        told.append(since(chosen.readings(edition), reading, info, edition, ask))
        told.append(capital(margin) + "." if (margin := near_margin(info, reading, catalogue.city, ask)) else "")
        told += [plan_said(goal, info, catalogue, ask), _year_end(edition, chosen, ask)]
        said += [html.P(text) for text in told if text]
    promise = [pick(text, ask.lang) for text in (goal.authority, goal.note) if text]
    promise += [text] if (text := earlier_goals(info, goal, catalogue, ask)) else []
    if goal.set_on:
        promise.append(phrase("page.goal_set", ask.lang, day=day_of(goal.set_on, ask)))
        if reading is not None and not stood(info, reading):
            promise.append(phrase("page.goal_later", ask.lang))
    if promise:
        said.append(html.P(" ".join(text.rstrip(".") + "." for text in promise), className="soft"))
    return _part("page.side_goal", ask, *said)


def _year_end(edition: Edition, chosen: Chosen, ask: Ask) -> str:
    """Return where a year's total would end if it went on, "" where nothing is due by a pace."""
    info, reading = chosen.info, chosen.reading
    found = year_end_of(edition, info, reading) if reading is not None else None
    if found is None:
        return ""
    value = amount_text(found.straight_line, info, ask)
    if found.interval is None:
        return phrase("page.year_end", ask.lang, value=value)
    low, high = (amount_text(end, info, ask) for end in (found.interval.lower, found.interval.upper))
    return phrase("page.year_end_between", ask.lang, value=value, low=low, high=high)


def _restated(edition: Edition, chosen: Chosen, ask: Ask) -> Component | None:
    """Return as what this number was published before."""
    if chosen.period is None or chosen.slice:
        return None
    said = restated_before(edition, chosen.info.name, chosen.period.key, ask)
    return _part("moved.side", ask, *map(html.P, said)) if said else None


def _made_of(edition: Edition, chosen: Chosen, ask: Ask) -> Component | None:
    """Return the parts of a share, and how many records it rests on; nothing where they are withheld."""
    reading = chosen.reading
    if reading is not None and chosen.info.made_of:
        used = made_of_list(edition, chosen, ask)
        return _part("page.side_parts", ask, used) if used else None
    if reading is None or reading.suppressed or reading.n is None:
        return None
    said = [html.P(html.A(phrase("page.records_counted", ask.lang, count=reading.n), href=link(ask, tab="rows")))]
    top, bottom = reading.numerator, reading.denominator
    if chosen.info.type in ("within", "ratio") and top is not None and bottom is not None:
        parts = {"part": number(top, ask.lang, _digits(top)), "whole": number(bottom, ask.lang, _digits(bottom))}
        said.insert(0, html.P(phrase("page.part_of", ask.lang, **parts)))
    if chosen.info.censored and top is not None and bottom is not None:
        said.append(html.P(phrase("page.still_open", ask.lang, count=int(bottom - top))))
    ends, info = interval_of(reading, chosen.info), chosen.info
    if ends is not None:
        low, high = number(ends.lower, ask.lang, info.decimals), amount_text(ends.upper, info, ask)
        said.append(html.P(phrase("page.interval_said", ask.lang, low=low, high=high), className="soft"))
    return _part("page.side_parts", ask, *said)


def _digits(value: float) -> int:
    return 0 if float(value).is_integer() else 1


def _owner(chosen: Chosen, ask: Ask) -> Component | None:
    info = chosen.info
    people = dict.fromkeys(
        pick(text, ask.lang) for text in (info.owner, info.goal.owner if info.goal else None) if text
    )
    if not people:
        return None
    return _part("page.side_owner", ask, html.P(capital(", ".join(people))))


def _source(edition: Edition, chosen: Chosen, ask: Ask) -> Component:
    """Return where the records come from, how far they reach, and when the next number is due."""
    behind, through = edition.catalogue.behind(chosen.info), edition.catalogue.complete_through(chosen.info)
    links = [html.A(pick(item.title, ask.lang), href=link(ask, path=f"/data/{item.name}")) for item in behind]
    said = [html.P(title) for title in links]
    if through:
        day = day_of(through, ask)
        said.append(html.P(phrase("page.complete_through_day", ask.lang, day=day), className="soft"))
    last = chosen.info.last and edition.calendar.parse(chosen.info.last)
    if last and last.end:
        after = edition.calendar.next(last)
        due = (after.end or date.max) + timedelta(days=max((item.lag for item in behind), default=0))
        said.append(html.P(phrase("page.next", ask.lang, period=after, day=due), className="soft"))
    return _part("page.side_source", ask, *said)
