"""Goals, statuses and their reasons in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from civicstat.words import (
    compared_text,
    goal_label,
    goal_text,
    plain,
    reason_text,
    status_word,
    tally_text,
)


@dataclass(frozen=True)
class Reason:
    code: str
    args: Mapping[str, Any] = field(default_factory=dict)


def both(code: str, **args: object) -> list[str]:
    return [plain(reason_text(Reason(code, args), lang)) for lang in ("en", "es")]


def test_a_missed_goal_says_by_how_much() -> None:
    assert both("off_track", value=66.2, goal=80, gap=13.8, unit="percent", decimals=1, better="higher") == [
        "66.2 % against a goal of at least 80 %: 13.8 points short",
        "66.2 % frente a una meta de al menos 80 %: faltan 13.8 puntos",
    ]
    assert both("off_track", value=1284, goal=1000, unit="cases", decimals=0, better="lower") == [
        "1,284 cases against a goal of at most 1,000 cases: 284 cases over",
        "1,284 casos frente a una meta de no más de 1,000 casos: 284 casos de más",
    ]
    assert both("off_track", value=13, goal=14, unit="days", decimals=0, better="higher") == [
        "13 days against a goal of at least 14 days: 1 day short",
        "13 días frente a una meta de al menos 14 días: falta 1 día",
    ]


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (2.6, "0.4 days below the range", "0.4 días por debajo del rango"),
        (6.1, "1.1 days above the range", "1.1 días por encima del rango"),
    ],
)
def test_outside_a_range_says_on_which_side(value: float, english: str, spanish: str) -> None:
    assert both("off_track", value=value, goal=[3, 5], unit="days", decimals=1, better="within") == [
        f"{value} days against a goal of between 3 and 5 days: {english}",
        f"{value} días frente a una meta de entre 3 y 5 días: {spanish}",
    ]


def test_a_goal_kept_says_what_is_to_spare() -> None:
    assert both("met", value=93, goal=90, unit="percent", decimals=1, better="higher") == [
        "93.0 % against a goal of at least 90 %: 3.0 points to spare",
        "93.0 % frente a una meta de al menos 90 %: 3.0 puntos de margen",
    ]
    assert both("met", value=14, goal=14, unit="days", decimals=0, better="lower")[0].endswith(": exactly at the goal")
    assert both("met", value=4, goal=(3, 5), unit="days", decimals=0, better="within")[0].endswith(": inside the range")


def test_a_running_period_says_so_far() -> None:
    english = both("on_track", value=11.2, goal=14, unit="days", decimals=1, better="lower")[0]
    behind = both("off_track", value=15.5, goal=14, unit="days", decimals=1, better="lower", through="2026-10-14")[0]

    assert english == "11.2 days so far against a goal of at most 14 days: 2.8 days to spare"
    assert behind == "15.5 days so far against a goal of at most 14 days: 1.5 days over"


@pytest.mark.parametrize(
    ("value", "goal", "decimals", "printed"),
    [
        (89.96, 90, 1, "89.96 % against a goal of at least 90 %: 0.04 points short"),
        (89.9996, 90, 1, "89.9996 % against a goal of at least 90 %: 0.0004 points short"),
        (89.94, 90, 1, "89.9 % against a goal of at least 90 %: 0.1 points short"),
        (91.4, 92.5, 0, "91.4 % against a goal of at least 92.5 %: 1.1 points short"),
    ],
)
def test_a_value_just_short_of_its_goal_never_prints_like_it(
    value: float, goal: float, decimals: int, printed: str
) -> None:
    args = {"value": value, "goal": goal, "unit": "percent", "decimals": decimals, "better": "higher"}

    assert plain(reason_text(Reason("off_track", args), "en")) == printed


def test_near_names_the_margin_and_the_precision_of_the_comparison() -> None:
    assert both("near", value=89.1, goal=90, unit="percent", decimals=1, better="higher", compare_at=1) == [
        "89.1 % against a goal of at least 90 %: 0.9 points short, inside the margin called near, "
        "compared to 1 decimal place",
        "89.1 % frente a una meta de al menos 90 %: faltan 0.9 puntos, dentro del margen que llamamos cerca, "
        "comparado con 1 decimal",
    ]


def test_a_goal_met_only_as_whole_numbers_says_so() -> None:
    """New Orleans, capital projects, first quarter of 2012: 63 of 79 against 80 % (semantics 24)."""
    assert both("met", value=79.746835, goal=80, unit="percent", decimals=1, better="higher", compare_at=0) == [
        "79.7 % against a goal of at least 80 %: counts as met, compared as whole numbers",
        "79.7 % frente a una meta de al menos 80 %: cuenta como cumplida, comparado en números enteros",
    ]


def test_a_reason_without_direction_or_decimals_is_still_told() -> None:
    assert plain(reason_text(Reason("off_track", {"value": 66.2, "goal": 80, "unit": "percent"}), "en")) == (
        "66.2 % against a goal of at least 80 %: 13.8 points short"
    )
    assert reason_text(Reason("met", {"value": 3, "goal": 5, "unit": "days"}), "en") == (
        "3 days against a goal of at most 5 days: 2 days to spare"
    )


@pytest.mark.parametrize(
    ("code", "args", "english", "spanish"),
    [
        ("failed", {}, "This number could not be computed", "No se pudo calcular este número"),
        (
            "part_of_goal",
            {},
            "The goal is for the whole, not for one part of it",
            "La meta es para el total, no para una de sus partes",
        ),
        (
            "not_due",
            {"first_due": "2027-01-15"},
            "First reading due 15 January 2027",
            "Primer dato previsto para el 15 de enero de 2027",
        ),
        ("not_due", {}, "Not measured yet", "Aún no se mide"),
        ("no_data", {}, "No records for this period", "No hay registros de este período"),
        (
            "stale",
            {"as_of": "2026-03-03T10:30:00", "days": 40},
            "No new records in the 40 days after 3 March 2026",
            "Sin registros nuevos en los 40 días posteriores al 3 de marzo de 2026",
        ),
        (
            "too_small",
            {"min_count": 5},
            "Withheld to protect privacy: a count under 5, or one that would give it away",
            "No se muestra para proteger la privacidad: un conteo menor que 5, u otro que lo revelaría",
        ),
        (
            "partial",
            {"through": "2026-10-14"},
            "Counted through 14 October 2026: the period is not complete",
            "Contado hasta el 14 de octubre de 2026: el período no está completo",
        ),
        (
            "provisional",
            {"pending": 1},
            "1 record is not due yet, so the number may still change",
            "1 registro aún no vence, así que el número puede cambiar",
        ),
        (
            "provisional",
            {"pending": None},
            "Some records are not due yet, so the number may still change",
            "Algunos registros aún no vencen, así que el número puede cambiar",
        ),
        (
            "informational",
            {"judge": "fiscal_year"},
            "The goal is judged by fiscal year; this number helps to follow it",
            "La meta se evalúa por año fiscal; este número ayuda a darle seguimiento",
        ),
        (
            "baseline",
            {"until": "2027-06-30"},
            "Setting a baseline until 30 June 2027",
            "Se mide el punto de partida hasta el 30 de junio de 2027",
        ),
    ],
)
def test_an_unscored_status_says_why(code: str, args: dict[str, object], english: str, spanish: str) -> None:
    assert both(code, **args) == [english, spanish]


@pytest.mark.parametrize("code", ["no_rows", "nothing_to_divide", "gap", "incomplete", "no_goal", "statistic"])
def test_a_reason_without_values_is_a_sentence_of_its_own(code: str) -> None:
    english, spanish = both(code)

    assert english != spanish
    assert not (english + spanish).count("{")


@pytest.mark.parametrize(
    ("target", "better", "unit", "english", "spanish"),
    [
        (92, "higher", "percent", "at least 92 %", "al menos 92 %"),
        (92.55, "higher", "percent", "at least 92.55 %", "al menos 92.55 %"),
        (14, "lower", "days", "at most 14 days", "no más de 14 días"),
        (1, "lower", "days", "at most 1 day", "no más de 1 día"),
        (7, "neither", "days", "7 days", "7 días"),
        ((3, 5), "within", "days", "between 3 and 5 days", "entre 3 y 5 días"),
        ((0, 2.5), "within", "percent", "between 0 and 2.5 %", "entre 0 y 2.5 %"),
        (100, "higher", "cases", "at least 100 cases", "al menos 100 casos"),
    ],
)
def test_a_goal_is_told_with_its_direction(
    target: float | tuple[float, float], better: str, unit: str, english: str, spanish: str
) -> None:
    assert [plain(goal_text(target, better, unit, 1, lang)) for lang in ("en", "es")] == [english, spanish]


def test_a_goal_is_short_beside_its_line() -> None:
    assert [
        plain(goal_label(92, "percent", 1, "en")),
        goal_label((3, 5), "days", 1, "es"),
        goal_label(2_500_000, "dollars", 0, "en", compact=True),
    ] == ["Goal 92 %", "Meta 3 a 5", "Goal $2.5 million"]


def test_the_precision_of_a_comparison_stands_beside_the_status() -> None:
    assert [compared_text(at, "en") for at in (None, 0, 1, 2)] == [
        "compared before rounding",
        "compared as whole numbers",
        "compared to 1 decimal place",
        "compared to 2 decimal places",
    ]


def test_a_city_may_use_its_own_word_for_a_status() -> None:
    words = {"near": {"en": "Almost", "es": "Casi"}}

    assert [status_word("near", "es", words), status_word("met", "es", words)] == ["Casi", "Cumplida"]
    assert [tally_text(2, status, "es", words) for status in ("near", "met", "off_track")] == [
        "2 casi",
        "2 cumplidas",
        "2 fuera de la meta",
    ]
    assert tally_text(1284, "no_data", "en") == "1,284 no data"
