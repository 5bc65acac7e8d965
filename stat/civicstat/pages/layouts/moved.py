"""What moved since the edition before: how many numbers, which goals, and every number that was published otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from dash import html
from dash.development.base_component import Component

from civicstat.charts import shape
from civicstat.editions import Change, Changes, Edition, MetricInfo, Restatement
from civicstat.pages.ask import Ask, link
from civicstat.pages.components import Markup
from civicstat.pages.layouts.parts import Content, amount_text, named, period_name, section
from civicstat.pages.layouts.table import Head, table
from civicstat.pages.layouts.view import Headline, headline_of, is_judged
from civicstat.results import Reading, Status
from civicstat.words import capital, day_text, phrase, pick, status_word

__all__ = [
    "cause_text",
    "changes_section",
    "changes_table",
    "moved_value",
    "restated_before",
    "since_text",
    "status_before",
]

_NAMED = 5  # restated numbers that the city's page names; the rest stand in the archive
_LISTED = 300
_MORE_DIGITS = 6
_KINDS = {
    "restated": "moved.restated",
    "settled": "moved.settled",
    "judged": "moved.judged",
    "new": "moved.new",
    "gone": "moved.gone",
}
_CAUSES = {
    "definition": "moved.cause_definition",
    "source": "moved.cause_source",
    "correction": "moved.cause_correction",
    "late_data": "moved.cause_late_data",
    "product": "moved.cause_product",
    "clock": "moved.cause_clock",
    "not_known": "moved.cause_not_known",
}


def changes_section(edition: Edition, shown: Mapping[str, Headline], ask: Ask) -> Component:
    """Return the city's part on what changed: counts in words, goals that moved, numbers that were restated."""
    title, archive = phrase("moved.title", ask.lang), link(ask, path="/archive")
    changes = edition.changes
    more = html.P(html.A(phrase("moved.every_edition", ask.lang), href=archive), className="pages")
    if changes is None:
        return section(title, html.P(phrase("moved.first", ask.lang)), more, id="changes")
    parts: list[Content] = [html.P(since_text(changes, ask))]
    goals = _goals(edition, changes, shown, ask)
    if goals:
        parts += [html.H3(phrase("moved.goals", ask.lang, count=len(goals))), html.Ul(goals, className="moves")]
    restated = [item for item in changes.changes if item.kind == "restated" and _is_own(edition, item)]
    if restated:
        lines = [_line(edition, item, ask) for item in restated[:_NAMED]]
        parts += [html.H3(phrase("moved.numbers", ask.lang)), html.Ul(lines, className="moves")]
    return section(title, *parts, more, id="changes")


def _is_own(edition: Edition, item: Change) -> bool:
    """Return whether a number is a total of the kind of period its metric is told by, not of a longer one too."""
    info = edition.catalogue.metrics.get(item.metric)
    return info is not None and not item.slice and item.grain in (info.period, "all")


def since_text(changes: Changes, ask: Ask) -> str:
    """Return how many totals moved since which edition."""
    days = {"day": changes.previous.published_at.date(), "as_of": changes.previous.as_of}
    said = _kinds(changes.kinds, ask)
    return phrase("moved.since", ask.lang, said=said, **days) if said else phrase("moved.nothing", ask.lang, **days)


def _kinds(kinds: Mapping[str, int], ask: Ask) -> str:
    """Return how many numbers moved in which way: ``2 restated, 14 new``; "" for none."""
    return ", ".join(phrase(key, ask.lang, count=kinds[name]) for name, key in _KINDS.items() if kinds.get(name))


def _goals(edition: Edition, changes: Changes, shown: Mapping[str, Headline], ask: Ask) -> list[Component]:
    moves: list[Component] = []
    for name, item in shown.items():
        before = status_before(edition, changes, item.info) if is_judged(item.info) else None
        if before is not None and before is not item.status:
            title = html.A(pick(item.info.title, ask.lang), href=link(ask, path=f"/m/{name}"))
            moves.append(html.Li([html.Span(title), _from_to(edition, before, item.status, ask)]))
    return moves


def _from_to(edition: Edition, before: Status, after: Status, ask: Ask) -> Component:
    """Return two statuses with an arrow between them, which is read as a word."""
    words = edition.catalogue.city.status_words
    one, other = (
        [Markup(shape(status.value)), html.Span(status_word(status.value, ask.lang, words))]
        for status in (before, after)
    )
    return html.Span([*one, _arrow(ask), *other], className="move")


def _arrow(ask: Ask) -> Component:
    to = html.Span(phrase("moved.to", ask.lang), className="usa-sr-only")
    return html.Span([html.Span("\N{RIGHTWARDS ARROW}", **named("", aria_hidden="true")), to])


def status_before(edition: Edition, changes: Changes, info: MetricInfo) -> Status | None:
    """Return the status a goal had in the edition before, read from what changed since; None where it had none.

    What is not among the changes was then as it is now. The headline is chosen among the readings of then by the same
    rule as today, up to the last period that had ended by that edition's day.
    """
    grain = info.goal.judge if info.goal else info.period
    was = {item.period: item for item in changes.of(info.name) if not item.slice and item.grain == grain}
    found = edition.readings(info.name, grain=grain)
    earlier = [_as_it_was(item, was.get(item.period)) for item in found]
    running = edition.calendar.containing(changes.previous.as_of, info.period)
    chosen = headline_of([item for item in earlier if item is not None], edition.calendar.previous(running).start)
    return chosen.status if chosen else None


def _as_it_was(item: Reading, change: Change | None) -> Reading | None:
    if change is None:
        return item
    if change.kind == "new" or change.before_status is None:
        return None
    status = Status(change.before_status)
    open_still = status in (Status.PARTIAL, Status.PROVISIONAL)
    return item._replace(value=change.before, status=status, complete=not open_still, final=not open_still)


def cause_text(cause: str | None, ask: Ask) -> str:
    """Return why a number moved; "" for one that is new."""
    return phrase(_CAUSES[cause], ask.lang) if cause else ""


def _line(edition: Edition, item: Change, ask: Ask) -> Component:
    info = edition.catalogue.metrics[item.metric]
    period = period_name(edition, info, item.period, ask)
    where = link(ask, path=f"/m/{item.metric}", period=item.period)
    title = html.A(f"{pick(info.title, ask.lang)}, {period}", href=where)
    said = cause_text(item.cause, ask)
    return html.Li([html.Span(title), moved_value(item, info, ask), html.Span(said, className="soft")])


def moved_value(item: Change | Restatement, info: MetricInfo, ask: Ask) -> Component:
    """Return a number as it was and as it is, with as many digits as it takes to tell them apart."""
    texts: Sequence[str] = ()
    for more in range(_MORE_DIGITS):
        look = replace(info, decimals=info.decimals + more)
        texts = [_value(value, status, look, ask) for value, status in _both(item)]
        if texts[0] != texts[1] or item.before == item.after:
            break
    return html.Span([html.Span(texts[0]), _arrow(ask), html.Span(texts[1])], className="move")


def _both(item: Change | Restatement) -> Iterable[tuple[float | None, str | None]]:
    return (item.before, item.before_status), (item.after, item.after_status)


def _value(value: float | None, status: str | None, info: MetricInfo, ask: Ask) -> str:
    if value is None:
        return phrase("chart.withheld" if status == Status.TOO_SMALL else "chart.no_value", ask.lang)
    return amount_text(value, info, ask)


def changes_table(edition: Edition, changes: Changes, ask: Ask) -> list[Content]:
    """Return every total that moved, those published as settled first; and how many slices did."""
    order = list(_KINDS)
    found = [item for item in changes.changes if not item.slice and item.metric in edition.catalogue.metrics]
    found.sort(key=lambda item: order.index(item.kind))
    keys = ("moved.number", "page.period", "moved.kind", "moved.value", "page.status", "moved.cause")
    heads = [Head(phrase(key, ask.lang)) for key in keys]
    rows = [_cells(edition, item, ask) for item in found[:_LISTED]]
    day = day_text(changes.previous.published_at.date(), ask.lang)
    parts: list[Content] = [table(phrase("moved.caption", ask.lang, day=day), heads, rows)] if rows else []
    if len(found) > _LISTED:
        parts.append(html.P(phrase("moved.left_out", ask.lang, count=len(found) - _LISTED), className="soft"))
    slices = sum(changes.slice_kinds.values())
    if slices:
        parts.append(html.P(phrase("moved.slices", ask.lang, count=slices), className="soft"))
    return parts


def _cells(edition: Edition, item: Change, ask: Ask) -> list[Content]:
    info = edition.catalogue.metrics[item.metric]
    words = edition.catalogue.city.status_words
    period = capital(period_name(edition, info, item.period, ask))
    statuses = [
        status_word(status, ask.lang, words) if status else "" for status in (item.before_status, item.after_status)
    ]
    status: Content = statuses[1] or statuses[0]
    if all(statuses) and statuses[0] != statuses[1]:
        status = html.Span([statuses[0], _arrow(ask), statuses[1]], className="move")
    value: Content = moved_value(item, info, ask)
    if item.kind in ("new", "gone"):
        value = _value(*list(_both(item))[item.kind == "new"], info, ask)
    elif item.before == item.after:
        value = _value(item.after, item.after_status, info, ask)
    return [
        html.A(pick(info.title, ask.lang), href=link(ask, path=f"/m/{item.metric}")),
        period,
        phrase(f"moved.kind_{item.kind}", ask.lang),
        value,
        status,
        cause_text(item.cause, ask),
    ]


def restated_before(edition: Edition, metric: str, period: str, ask: Ask) -> list[str]:
    """Return as what a total was published before, the newest first, and why it moved."""
    info = edition.catalogue.metrics[metric]
    said = []
    for item in reversed(edition.restatements(metric)):
        if item.period == period:
            was = _value(item.before, item.before_status, info, ask)
            cause = cause_text(item.cause, ask)
            days: dict[str, date] = {"first": item.first.published_at.date(), "then": item.then.published_at.date()}
            said.append(phrase("moved.published_as", ask.lang, value=was, cause=cause, **days))
    return said
