"""A phrase of the product, filled in and in the reader's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date

from civicstat.period import Period
from civicstat.words.amount import NO_BREAK, number
from civicstat.words.day import day_text, period_text
from civicstat.words.table import template

__all__ = ["capital", "folded", "phrase", "pick", "plain"]


def phrase(key: str, lang: str, **values: str | int | date | Period) -> str:
    """Return the phrase under ``key``; whole numbers, days and periods are printed the language's way.

    A phrase with a singular takes it when ``count`` is 1. A year or a code is given as text, so that no comma enters.

    >>> phrase("reason.no_goal", "es")
    'No se ha fijado una meta'

    Raises:
        LookupError: where there is no such phrase, or a place in it is left unfilled.
    """
    text = template(key, lang, one=values.get("count") == 1)
    return text.format_map({name: _print(value, lang) for name, value in values.items()})


def pick(text: Mapping[str, str], lang: str) -> str:
    """Return the text in ``lang``, else in the first language it has.

    >>> pick({"en": "Districts"}, "es")
    'Districts'
    """
    return text[lang] if lang in text else next(iter(text.values()))


def capital(text: str, lower: bool = False) -> str:
    """Return ``text`` with a capital first letter, as a label or a sentence needs it; with ``lower`` the other way.

    >>> capital("octubre de 2026"), capital("Off track", lower=True)
    ('Octubre de 2026', 'off track')
    """
    return (text[:1].lower() if lower else text[:1].upper()) + text[1:]


def folded(text: str) -> str:
    """Return ``text`` as it is compared by people who look for it: without case and accents, with plain spaces.

    >>> folded("Menú del Niño"), folded("ÉXITO")
    ('menu del nino', 'exito')
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def plain(text: str) -> str:
    """Return ``text`` with ordinary spaces, for JSON, CSV and the terminal."""
    return text.replace(NO_BREAK, " ")


def _print(value: str | int | date | Period, lang: str) -> str:
    match value:
        case str():
            return value
        case int():
            return number(value, lang)
        case date():
            return day_text(value, lang)
        case Period():
            return period_text(value, lang)
