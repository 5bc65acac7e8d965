"""How people and places that come again are counted, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from civicstat.period import Length
from civicstat.spec import Cohort, Recurrence
from civicstat.words import day_text, number, phrase, value_text

__all__ = ["again_sentences"]


def again_sentences(body: Recurrence, period: str, name: Callable[[str], str], lang: str) -> Iterator[str]:
    """Yield who is counted over which time."""
    column = name(body.entity)
    if body.cohort is not None:
        yield from _cohort(body, body.cohort, column, lang)
        return
    grain, over = phrase(f"period.grain_{period}", lang), _length(body.over, lang)
    yield phrase("counted.window", lang, grain=grain, over=over)
    count = number(body.more_than, lang)
    yield phrase(f"counted.again_{body.show}", lang, column=column, count=count)
    yield phrase("counted.again_parts", lang, column=column)


def _cohort(body: Recurrence, cohort: Cohort, column: str, lang: str) -> Iterator[str]:
    before, after, on = _length(cohort.before, lang), _length(body.over, lang), day_text(cohort.on, lang)
    yield phrase("counted.cohort", lang, column=column, count=cohort.top, before=before, on=on)
    yield phrase("counted.cohort_change", lang, after=after, before=before)
    if cohort.before != body.over:
        yield phrase("counted.cohort_by_day", lang)


def _length(length: Length, lang: str) -> str:
    return value_text(length.count, length.unit, 0, lang)
