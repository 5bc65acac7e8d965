"""Days and periods in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from civicstat.period import Calendar, FiscalYear
from civicstat.words import capital, day_text, month_text, period_text, phrase, pick

JULY = Calendar(FiscalYear(7))


def test_a_day_is_written_day_month_year() -> None:
    day = date(2026, 10, 31)

    assert [day_text(day, "en"), day_text(day, "es")] == ["31 October 2026", "31 de octubre de 2026"]
    assert [day_text(day, "en", short=True), day_text(day, "es", short=True)] == ["31 Oct 2026", "31 oct 2026"]
    assert [month_text(day, "en"), month_text(day, "es")] == ["October 2026", "octubre de 2026"]


@pytest.mark.parametrize(
    ("key", "english", "spanish", "short"),
    [
        ("2026-10-31", "31 October 2026", "31 de octubre de 2026", "31 Oct 2026"),
        ("2026-W42", "week of 12 October 2026", "semana del 12 de octubre de 2026", "12 Oct 2026"),
        ("2026-10", "October 2026", "octubre de 2026", "Oct 2026"),
        ("2026-Q4", "October to December 2026", "octubre a diciembre de 2026", "Q4 2026"),
        ("2026", "2026", "2026", "2026"),
        (
            "FY2027-Q1",
            "July to September 2026 (fiscal quarter 1)",
            "julio a septiembre de 2026 (trimestre fiscal 1)",
            "FY2027 Q1",
        ),
        ("FY2027", "fiscal year 2027", "año fiscal 2027", "FY2027"),
        ("all", "all complete records", "todos los registros completos", "all complete records"),
    ],
)
def test_a_period_is_told_in_full_and_short(key: str, english: str, spanish: str, short: str) -> None:
    period = JULY.parse(key)

    assert [period_text(period, "en"), period_text(period, "es"), period_text(period, "en", short=True)] == [
        english,
        spanish,
        short,
    ]


def test_a_quarter_across_new_year_names_both_years() -> None:
    november = Calendar(FiscalYear(11)).parse("FY2027-Q1")

    assert period_text(november, "en") == "November 2026 to January 2027 (fiscal quarter 1)"


def test_a_fiscal_year_named_by_both_years_keeps_both() -> None:
    period = Calendar(FiscalYear(7, "both")).parse("FY2026-27")

    assert [period_text(period, lang) for lang in ("en", "es")] == ["fiscal year 2026–27", "año fiscal 2026–27"]


def test_a_phrase_prints_its_days_periods_and_numbers_in_its_own_language() -> None:
    assert phrase("chart.then", "es", value="12", period=JULY.parse("2026-10")) == "En octubre de 2026, 12."
    assert phrase("reason.stale", "es", as_of=date(2026, 3, 3), days=1284, count=1284) == (
        "Sin registros nuevos en los 1,284 días posteriores al 3 de marzo de 2026"
    )


def test_a_text_of_the_city_falls_back_to_its_first_language() -> None:
    assert [pick({"en": "Fire", "es": "Bomberos"}, "es"), pick({"en": "Fire"}, "es")] == ["Bomberos", "Fire"]


def test_a_label_begins_with_a_capital() -> None:
    assert [capital("octubre de 2026"), capital("Éxito", lower=True), capital("")] == ["Octubre de 2026", "éxito", ""]
