"""Days, months and periods as people read them."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from civicstat.period import Period
from civicstat.words.table import locale, template

__all__ = ["day_text", "month_text", "period_text"]


def day_text(day: date, lang: str, short: bool = False) -> str:
    """Return the day in words.

    >>> day_text(date(2026, 10, 31), "en"), day_text(date(2026, 10, 31), "es"), day_text(date(2026, 9, 3), "es", True)
    ('31 October 2026', '31 de octubre de 2026', '3 sept 2026')
    """
    return format_date(day, template("period.day_short" if short else "period.day", lang), locale(lang))


def month_text(day: date, lang: str, short: bool = False) -> str:
    """Return the month of ``day`` with its year.

    >>> [month_text(date(2026, 10, 1), lang) for lang in ("en", "es")], month_text(date(2026, 10, 1), "en", short=True)
    (['October 2026', 'octubre de 2026'], 'Oct 2026')
    """
    return format_date(day, template("period.month_short" if short else "period.month", lang), locale(lang))


def period_text(period: Period, lang: str, short: bool = False) -> str:
    """Return the period in full, as it stands inside a sentence; ``short`` for the axis of a chart.

    >>> from civicstat.period import Calendar, FiscalYear
    >>> calendar = Calendar(FiscalYear(7))
    >>> [period_text(calendar.parse(key), "en") for key in ("2026-Q4", "FY2027", "2026-W42")]
    ['October to December 2026', 'fiscal year 2027', 'week of 12 October 2026']
    >>> period_text(calendar.parse("FY2027-Q2"), "es"), period_text(calendar.parse("FY2027-Q2"), "es", short=True)
    ('octubre a diciembre de 2026 (trimestre fiscal 2)', 'T2 fiscal 2027')
    """
    if period.start is None or period.last is None:
        return template("period.all", lang)
    if period.grain == "day":
        return day_text(period.start, lang, short)
    if period.grain == "month":
        return month_text(period.start, lang, short)
    year, _, quarter = period.key.removeprefix("FY").partition("-Q")
    same_year = period.start.year == period.last.year
    return template(f"period.{period.grain}_short" if short else f"period.{period.grain}", lang).format(
        day=day_text(period.start, lang, short),
        year=year.replace("-", "\N{EN DASH}"),
        quarter=quarter,
        first=format_date(period.start, "LLLL", locale(lang)) if same_year else month_text(period.start, lang),
        last=month_text(period.last, lang),
    )
