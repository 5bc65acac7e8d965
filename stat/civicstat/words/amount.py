"""Numbers, units and changes as people read them, rounded once, half away from zero."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal

from civicstat.statistics import round_half_up
from civicstat.words.table import has, locale, template

__all__ = [
    "change_ends",
    "change_size",
    "change_text",
    "number",
    "unit_word",
    "value_parts",
    "value_text",
]

NO_BREAK = "\N{NO-BREAK SPACE}"
NONE = "\N{EN DASH}"
_MILLION = Decimal(1_000_000)
_TIMES = ("seconds", "minutes", "hours", "days", "weeks", "business_days")
_BARE = ("count", "number")
_SMALL_BASE = 20  # a percent of less says more than there is: from 1 to 3 is not "up 200 %"
_MOST_PERCENT = 1000  # and one as large as this says nothing that two numbers do not say better
_DOLLARS = ("dollars", "usd", "$")


def number(value: float | Decimal, lang: str, decimals: int = 0) -> str:
    """Return ``value`` with the language's separators.

    >>> number(1284, "en"), number(87.45, "es", 1)
    ('1,284', '87.5')
    """
    pattern = "#,##0" + ("." + "0" * decimals if decimals > 0 else "")
    return format_decimal(round_half_up(value, decimals), pattern, locale(lang), decimal_quantization=False)


def unit_word(unit: str, lang: str, *, one: bool = False) -> str:
    """Return the unit in words or as its sign, and one that is not in ``phrases/unit.toml`` as it was declared.

    >>> unit_word("days", "es"), unit_word("days", "en", one=True), unit_word("hydrants", "es")
    ('días', 'day', 'hydrants')
    """
    key = f"unit.{unit}"
    return template(key, lang, one=one) if has(key) else unit


def value_parts(
    value: float | None,
    unit: str,
    decimals: int,
    lang: str,
    prefix: str = "",
    suffix: str = "",
    compact: bool = False,
) -> tuple[str, str]:
    """Return the number and its unit apart, for a card that prints them in two sizes; no value is a dash.

    ``compact`` writes millions in words from one million on, to one decimal.

    >>> value_parts(87.4, "percent", 1, "en"), value_parts(-1284, "dollars", 0, "en")
    (('87.4', '%'), ('-$1,284', ''))
    >>> value_parts(2_450_000, "calls", 0, "es", compact=True)
    ('2.5', 'millones de llamadas')
    """
    if value is None:
        return NONE, ""
    if unit in _DOLLARS:
        prefix, unit = prefix or "$", ""
    if unit in _BARE:
        unit = ""
    rounded = round_half_up(value, decimals)
    word = unit_word(unit, lang, one=abs(rounded) == 1 and decimals <= 0) if unit and not suffix else ""
    if compact and abs(rounded) >= _MILLION:
        millions = round_half_up(rounded / _MILLION, 1)
        digits = 0 if millions == millions.to_integral_value() else 1
        shown = number(abs(millions), lang, digits)
        key = "unit.millions_of" if word else "unit.millions"
        word = template(key, lang, one=abs(millions) == 1).format(unit=word)
    else:
        shown = number(abs(rounded), lang, decimals)
    sign = "-" if rounded < 0 else ""
    return f"{sign}{prefix}{shown}{suffix}", word


def value_text(
    value: float | None,
    unit: str,
    decimals: int,
    lang: str,
    prefix: str = "",
    suffix: str = "",
    compact: bool = False,
) -> str:
    """Return the value with its unit, ``%`` after a no-break space.

    >>> value_text(11.2, "days", 1, "en"), value_text(1, "cases", 0, "es"), value_text(4.5, "", 1, "en", suffix="x")
    ('11.2 days', '1 caso', '4.5x')
    """
    shown, word = value_parts(value, unit, decimals, lang, prefix, suffix, compact)
    return f"{shown}{_space(word)}{word}"


def change_text(
    now: float,
    before: float,
    unit: str,
    decimals: int,
    lang: str,
    span: str = "year",
    arrow: bool = True,
) -> str:
    r"""Return how far ``now`` is from ``before``: points for a percent, the unit for a time, else a percent.

    ``span`` is a key of ``phrases/change.toml`` (``year``, ``previous``). With ``arrow`` false the direction is said in
    a word, for those who do not see it.

    >>> change_text(1284, 1566, "cases", 0, "en"), change_text(87.4, 77.6, "percent", 1, "en", arrow=False)
    ('▼ 18\xa0% in a year', 'Up 9.8 points in a year')
    >>> change_text(5, 5, "days", 0, "es")
    'Sin cambio en un año'

    Where a percent would mislead both numbers are said.

    >>> change_text(266, 5, "cases", 0, "en")
    '▲ from 5 to 266 in a year'
    """
    when = template(f"change.in_{span}", lang)
    if now == before:
        return template("change.none", lang).format(span=when)
    ends = change_ends(now, before, unit, decimals, lang)
    amount = template("change.ends", lang).format(**ends) if ends else change_size(now, before, unit, decimals, lang)
    if amount is None:
        return template("change.slight", lang).format(span=when)
    way = "up" if now > before else "down"
    key = f"change.arrow_{way}" if arrow else f"change.{way}"
    return template(key, lang).format(amount=amount, span=when)


def change_ends(now: float, before: float, unit: str, decimals: int, lang: str) -> dict[str, str] | None:
    """Return both numbers of a change that a percent would blow up, ``before`` and ``now``; None where it would not.

    >>> change_ends(266, 5, "cases", 0, "en"), change_ends(1284, 1566, "cases", 0, "en")
    ({'before': '5', 'now': '266'}, None)
    """
    if not _by_percent(unit, before) or (before >= _SMALL_BASE and abs(now - before) / before < _MOST_PERCENT / 100):
        return None
    unit = unit if unit in _DOLLARS else ""
    ends = {"before": value_text(before, unit, decimals, lang), "now": value_text(now, unit, decimals, lang)}
    return ends if ends["before"] != ends["now"] else None


def _by_percent(unit: str, before: float) -> bool:
    """Say whether a change is told as a share of what it was before."""
    return unit not in ("percent", *_TIMES) and before > 0


def change_size(now: float, before: float, unit: str, decimals: int, lang: str) -> str | None:
    """Return the size of a change without its sign, None where it rounds to nothing."""
    if _by_percent(unit, before):
        percent = abs(100 * (now - before) / before)
        unit, decimals, size = "percent", 0 if percent >= 10 else 1, percent
    else:
        unit, size = "points" if unit == "percent" else unit, abs(now - before)
    return value_text(size, unit, decimals, lang) if round_half_up(size, decimals) else None


def _space(word: str) -> str:
    return "" if not word else NO_BREAK if word == "%" else " "
