"""How a metric made of others is worked out, in sentences of each language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from civicstat.period import Calendar
from civicstat.spec import (
    Change,
    Cumulative,
    Equivalent,
    Factor,
    Formula,
    Metric,
    Operand,
    Project,
    Quotient,
    Share,
    operands_of,
)
from civicstat.words import day_text, number, period_text, phrase, pick

__all__ = ["made_sentences"]


def made_sentences(metric: Metric, project: Project, lang: str, min_count: int) -> Iterator[str]:
    """Yield what the metric is made of, what a missing number does to it, and what is withheld."""
    body = metric.body
    match body:
        case Formula(text=text, operands=operands):
            names = {item.name: _named(item, project, lang) for item in operands}
            formula = re.sub(r"\{([^{}]*)\}", lambda found: names[found[1]], text)
            yield phrase("counted.derived", lang, formula=" ".join(formula.split()))
        case Share(metric=name, of=None):
            yield phrase("counted.share_of_total", lang, metric=_title(name, project, lang))
        case Share(metric=name, of=(column, member)):
            title = _title(name, project, lang)
            yield phrase(
                "counted.share_of_member",
                lang,
                metric=title,
                column=_column(name, column, project, lang),
                member=member,
            )
        case Change(metric=name, member=(column, member), how=how):
            key = "counted.of_member"
            title, named = _title(name, project, lang), _column(name, column, project, lang)
            then = phrase(key, lang, metric=title, column=named, member=member)
            yield phrase(f"counted.change_{how}", lang, now=_named(Operand(name), project, lang), then=then)
        case Change(metric=name, against=against, how=how):
            for shift in against:
                then = _named(Operand(name, shift), project, lang)
                yield phrase(f"counted.change_{how}", lang, now=_named(Operand(name), project, lang), then=then)
        case Equivalent(metric=name, factors=factors, others=others):
            yield from _converted(_title(name, project, lang), factors, lang)
            for who, theirs in others.items():
                yield phrase("counted.other_factor", lang, who=who, factors="; ".join(_factors(theirs, lang)))
        case Quotient():
            yield from _divided(body, project, lang)
        case Cumulative(metric=name, over=over, how=how):
            yield _gathered(name, over, how, metric.period, project, lang)
    yield phrase("counted.to_date" if isinstance(body, Cumulative) else "counted.from_parts", lang)
    if any(item.shift for item in operands_of(body)):
        yield phrase("counted.earlier", lang)
    if min_count:
        yield phrase("counted.withheld_with", lang)


def _converted(title: str, factors: Sequence[Factor], lang: str) -> Iterator[str]:
    yield phrase("counted.equivalent", lang, metric=title, factors="; ".join(_factors(factors, lang)))
    if len(factors) > 1:
        yield phrase("counted.factors_change", lang)


def _factors(factors: Sequence[Factor], lang: str) -> Iterator[str]:
    for item in factors:
        digits = len(f"{item.value:.15f}".rstrip("0").partition(".")[2])
        said = {"factor": number(item.value, lang, digits), "source": pick(item.source, lang)}
        if item.since:
            yield phrase("counted.factor_since", lang, day=day_text(item.since, lang), **said)
        else:
            yield phrase("counted.factor_always", lang, **said)


def _divided(body: Quotient, project: Project, lang: str) -> Iterator[str]:
    top, under = (_title(name, project, lang) for name in (body.numerator, body.denominator))
    yield phrase("counted.quotient", lang, top=top, under=under)
    for name in body.levels:
        yield phrase("counted.level", lang, metric=_title(name, project, lang))
    if body.per not in (1, 100):
        yield phrase("counted.per", lang, per=number(body.per, lang))
    if body.annual:
        yield phrase("counted.annual", lang)


def _gathered(name: str, over: str | int, how: str, grain: str, project: Project, lang: str) -> str:
    title = _title(name, project, lang)
    if isinstance(over, int):
        grain_word = phrase(f"period.grain_{grain}", lang)
        return phrase(f"counted.last_{how}", lang, metric=title, count=over, grain=grain_word)
    if over == "fiscal_year":
        return phrase(f"counted.fiscal_year_{how}", lang, metric=title)
    return phrase(f"counted.all_{how}", lang, metric=title)


def _named(item: Operand, project: Project, lang: str) -> str:
    title = _title(item.metric, project, lang)
    match item.shift:
        case "":
            return phrase("counted.same", lang, metric=title)
        case "prior_period":
            return phrase("counted.prior_period", lang, metric=title)
        case "prior_year":
            return phrase("counted.prior_year", lang, metric=title)
    calendar = Calendar(project.city.fiscal_year, project.city.week_start)
    return phrase("counted.then", lang, metric=title, period=period_text(calendar.parse(item.shift), lang))


def _title(name: str, project: Project, lang: str) -> str:
    return pick(project.metrics[name].title, lang)


def _column(name: str, column: str, project: Project, lang: str) -> str:
    """Return what the dimension of another metric is called."""
    metric = project.metrics[name]
    parts = {part.by: part for item in metric.dimensions for part in item.parts}
    dataset = project.datasets.get(metric.dataset)
    title = (parts[column].title if column in parts else None) or (dataset.column_title(column) if dataset else None)
    return pick(title, lang) if title else column.replace("_", " ")
