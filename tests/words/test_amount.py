"""Numbers, units and changes in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from civicstat.statistics import round_half_up
from civicstat.words import change_text, number, plain, value_parts, value_text


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (0.145 * 100, 0, "15"),  # 14.499999999999998 in binary, 14.5 to a person
        (89.96, 1, "90.0"),
        (-0.04, 1, "0.0"),
        (1e15 + 0.5, 0, "1000000000000000"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: float, decimals: int, rounded: str) -> None:
    assert round_half_up(value, decimals) == Decimal(rounded)
    assert not str(round_half_up(value, decimals)).startswith("-0")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_thousands_are_set_apart_as_the_united_states_do(lang: str) -> None:
    assert [number(1284, lang), number(1234567.891, lang, 2), number(-0.4, lang), number(-1284, lang)] == [
        "1,284",
        "1,234,567.89",
        "0",
        "-1,284",
    ]


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "english", "spanish"),
    [
        (87.4, "percent", 1, "87.4 %", "87.4 %"),
        (1284, "cases", 0, "1,284 cases", "1,284 casos"),
        (1, "cases", 0, "1 case", "1 caso"),
        (-1, "points", 0, "-1 point", "-1 punto"),
        (1, "days", 1, "1.0 days", "1.0 días"),
        (0.96, "days", 0, "1 day", "1 día"),
        (0, "requests", 0, "0 requests", "0 solicitudes"),
        (3.25, "business_days", 1, "3.3 business days", "3.3 días hábiles"),
        (12, "hydrants", 0, "12 hydrants", "12 hydrants"),
        (12, "count", 0, "12", "12"),
        (4, "", 0, "4", "4"),
        (-1284.5, "dollars", 2, "-$1,284.50", "-$1,284.50"),
        (None, "days", 1, "–", "–"),
    ],
)
def test_a_value_has_its_unit(value: float | None, unit: str, decimals: int, english: str, spanish: str) -> None:
    assert [plain(value_text(value, unit, decimals, lang)) for lang in ("en", "es")] == [english, spanish]


def test_a_percent_sign_never_stands_alone_on_a_line() -> None:
    assert value_text(87.4, "percent", 1, "en") == "87.4\N{NO-BREAK SPACE}%"


def test_a_prefix_and_a_suffix_stand_where_the_city_put_them() -> None:
    assert value_text(4.25, "score", 1, "en", prefix="~", suffix="x") == "~4.3x"
    assert value_parts(1284, "cases", 0, "en") == ("1,284", "cases")


@pytest.mark.parametrize(
    ("value", "unit", "english", "spanish"),
    [
        (2_450_000, "dollars", "$2.5 million", "$2.5 millones"),
        (1_000_000, "people", "1 million people", "1 millón de personas"),
        (12_000_000, "calls", "12 million calls", "12 millones de llamadas"),
        (999_999, "calls", "999,999 calls", "999,999 llamadas"),
    ],
)
def test_a_compact_number_names_its_millions(value: float, unit: str, english: str, spanish: str) -> None:
    assert [plain(value_text(value, unit, 0, lang, compact=True)) for lang in ("en", "es")] == [english, spanish]


@pytest.mark.parametrize(
    ("now", "before", "unit", "decimals", "english", "spanish"),
    [
        (87.4, 77.6, "percent", 1, "▲ 9.8 points in a year", "▲ 9.8 puntos en un año"),
        (1284, 1566, "cases", 0, "▼ 18 % in a year", "▼ 18 % en un año"),
        (1030, 1000, "cases", 0, "▲ 3.0 % in a year", "▲ 3.0 % en un año"),
        (11.2, 17.7, "days", 1, "▼ 6.5 days in a year", "▼ 6.5 días en un año"),
        (12, 0, "cases", 0, "▲ 12 cases in a year", "▲ 12 casos en un año"),
        (5, 5, "cases", 0, "No change in a year", "Sin cambio en un año"),
        (50.01, 50, "percent", 1, "Almost no change in a year", "Casi sin cambio en un año"),
        (100_001, 100_000, "cases", 0, "Almost no change in a year", "Casi sin cambio en un año"),
        (91, 90, "percent", 0, "▲ 1 point in a year", "▲ 1 punto en un año"),
    ],
)
def test_a_change_is_told_in_points_in_units_or_in_percent(
    now: float, before: float, unit: str, decimals: int, english: str, spanish: str
) -> None:
    assert [plain(change_text(now, before, unit, decimals, lang)) for lang in ("en", "es")] == [english, spanish]


def test_a_change_is_said_in_a_word_to_those_who_do_not_see_the_arrow() -> None:
    said = [change_text(3, 5, "days", 0, lang, span="previous", arrow=False) for lang in ("en", "es")]

    assert said == ["Down 2 days since the period before", "Bajó 2 días desde el período anterior"]
