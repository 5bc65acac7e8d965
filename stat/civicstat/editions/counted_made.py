"""How a metric made of others is worked out, in sentences of each language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civicstat.spec import Change, Formula, Metric, Operand, Project, Share, operands_of
from civicstat.words import phrase, pick

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
        case Change(metric=name, against=against, how=how):
            key = f"counted.change_{how}"
            then = _named(Operand(name, against), project, lang)
            yield phrase(key, lang, now=_named(Operand(name), project, lang), then=then)
    yield phrase("counted.from_parts", lang)
    if any(item.shift for item in operands_of(body)):
        yield phrase("counted.earlier", lang)
    if min_count:
        yield phrase("counted.withheld_with", lang)


def _named(item: Operand, project: Project, lang: str) -> str:
    key = {"": "counted.same", "prior_period": "counted.prior_period", "prior_year": "counted.prior_year"}[item.shift]
    return phrase(key, lang, metric=_title(item.metric, project, lang))


def _title(name: str, project: Project, lang: str) -> str:
    return pick(project.metrics[name].title, lang)


def _column(name: str, column: str, project: Project, lang: str) -> str:
    """Return what the dimension of another metric is called."""
    metric = project.metrics[name]
    parts = {part.by: part for item in metric.dimensions for part in item.parts}
    dataset = project.datasets.get(metric.dataset)
    title = (parts[column].title if column in parts else None) or (dataset.column_title(column) if dataset else None)
    return pick(title, lang) if title else column.replace("_", " ")
