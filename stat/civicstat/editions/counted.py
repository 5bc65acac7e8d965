"""How a metric is counted, in sentences of each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from civicstat.editions.counted_again import again_sentences
from civicstat.editions.counted_made import made_sentences
from civicstat.spec import (
    ELAPSED,
    Aggregate,
    Conversion,
    Dataset,
    Dimension,
    Distinct,
    DueColumn,
    Duration,
    Expr,
    FixedLimit,
    LimitBy,
    Metric,
    Project,
    Ratio,
    Recurrence,
    Simple,
    Snapshot,
    Stock,
    Within,
    walk,
)
from civicstat.words import number, phrase, pick, unit_word, value_text

__all__ = ["counted_sentences"]

_MERGEABLE = frozenset({"count", "sum"})


def counted_sentences(metric: Metric, project: Project, min_count: int) -> Mapping[str, tuple[str, ...]]:
    """Return what is counted and when, what is set aside, and what is withheld, by language."""
    languages = project.city.languages
    if not metric.dataset:
        return {lang: tuple(made_sentences(metric, project, lang, min_count)) for lang in languages}
    dataset = project.datasets[metric.dataset]
    return {lang: tuple(_sentences(metric, _Names(dataset, lang), lang, min_count)) for lang in languages}


@dataclass(frozen=True, slots=True)
class _Names:
    """What people call the columns of a dataset, in one language."""

    dataset: Dataset
    lang: str

    def __call__(self, column: str) -> str:
        title = self.dataset.column_title(column)
        return pick(title, self.lang) if title else column.replace("_", " ")


def _sentences(metric: Metric, name: _Names, lang: str, min_count: int) -> Iterator[str]:
    body = metric.body
    if isinstance(body, Stock):
        if body.closed:
            yield phrase("counted.stock", lang, opened=name(body.opened), closed=name(body.closed))
        else:
            yield phrase("counted.never_closed", lang, opened=name(body.opened))
    elif isinstance(body, Recurrence):
        yield from again_sentences(body, metric.period, name, lang)
    elif metric.time is None:
        yield phrase("counted.no_time", lang)
    else:
        yield phrase(
            "counted.time", lang, grain=phrase(f"period.grain_{metric.period}", lang), column=name(metric.time)
        )
    if metric.where_sql:
        yield phrase("counted.where", lang, condition=metric.where_sql)
    match body:
        case Within():
            yield _limit(body, name, lang)
            yield phrase(f"counted.open_{body.open_rows}", lang)
            if body.limit.true_time:
                yield phrase("counted.true_time", lang)
            yield phrase("counted.backwards", lang)
        case Duration():
            unit = unit_word(body.unit, lang)
            key = "counted.duration_censor" if body.open_rows == "censor" else "counted.duration"
            yield phrase(key, lang, start=name(body.start), end=name(body.end), unit=unit)
            if body.true_time:
                yield phrase("counted.true_time", lang)
            yield phrase("counted.backwards", lang)
        case Snapshot(take=take):
            yield phrase(f"counted.take_{take}", lang)
        case Conversion(entity=entity, base_sql=base, then_sql=then, inside=inside):
            said = {"column": name(entity), "base": base, "then": then, "inside": _span(inside, lang)}
            yield phrase("counted.conversion", lang, **said)
            yield phrase("counted.ripe", lang)
        case Distinct(entity=entity):
            yield phrase("counted.distinct", lang, column=name(entity))
        case Ratio():
            yield phrase("counted.parts", lang)
            if body.per not in (1, 100):
                yield phrase("counted.per", lang, per=number(body.per, lang))
    if isinstance(body, Simple | Duration) and not _adds_up(body.measure):
        yield phrase("counted.records", lang)
    for part in {part.by: part for item in metric.dimensions for part in item.parts}.values():
        yield from _split(part, name, lang)
    if min_count:
        yield phrase("counted.privacy", lang, count=min_count)


def _split(part: Dimension, name: _Names, lang: str) -> Iterator[str]:
    column = pick(part.title, lang) if part.title else name(part.by)
    if part.bands:
        unit = "days" if part.by == "age" else ""
        edges = ", ".join(value_text(edge, unit, _digits(edge), lang) for edge in part.bands)
        yield phrase("counted.bands", lang, column=column, edges=edges)
    if part.top is not None:
        yield phrase("counted.top", lang, column=column, count=part.top)
    if part.split:
        yield phrase("counted.several", lang, column=column)
    if part.min_n:
        yield phrase("counted.few", lang, column=column, count=part.min_n)


def _digits(edge: float) -> int:
    return len(f"{edge:.15g}".partition(".")[2])


def _limit(body: Within, name: _Names, lang: str) -> str:
    start, end = name(body.start), name(body.end)
    match body.limit:
        case DueColumn(column=column):
            return phrase("counted.limit_due", lang, end=end, due=name(column))
        case FixedLimit() as limit:
            return phrase("counted.limit", lang, start=start, end=end, limit=_span(limit, lang))
        case LimitBy(column=column, limits=limits):
            shown = ", ".join(f"{member}: {_span(limit, lang)}" for member, limit in limits.items())
            return phrase("counted.limit_by", lang, start=start, end=end, column=name(column), limits=shown)


def _span(limit: FixedLimit, lang: str) -> str:
    """Return the limit as declared (``5 days``) in words of the language."""
    amount, _, unit = limit.text.replace(ELAPSED, "").partition(" ")
    try:
        value = float(amount)
    except ValueError:
        return limit.text
    decimals = len(amount.partition(".")[2])
    return value_text(value, unit if unit.endswith("s") else f"{unit}s", decimals, lang)


def _adds_up(measure: Expr) -> bool:
    """Return whether a longer period's value is the sum of its months'."""
    aggregates = [part for part in walk(measure) if isinstance(part, Aggregate)]
    return all(part.name in _MERGEABLE and not part.distinct for part in aggregates)
