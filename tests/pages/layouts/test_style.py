"""The style sheet: small, without a request to anywhere, and with every class that the pages use."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from civicstat.editions import Edition
from civicstat.pages.ask import Ask
from civicstat.pages.layouts import (
    archive_page,
    city_page,
    dataset_page,
    department_page,
    goals_page,
    help_page,
    metric_page,
    search_page,
)

STYLE = Path(__file__).parents[3] / "assets" / "civicstat.css"
FROM_USWDS = {"usa-sr-only"}
FOR_TESTS = {"more", "number", "now", "menu", "legend"}


def test_the_style_sheet_stays_under_thirty_kilobytes_and_asks_for_nothing() -> None:
    css = STYLE.read_text(encoding="utf-8")

    assert len(css.encode()) <= 30 * 1024
    assert "url(" not in css
    assert "@import" not in css


def test_every_colour_is_a_custom_property_so_that_dark_print_and_forced_colours_reach_it() -> None:
    css = STYLE.read_text(encoding="utf-8")
    without_palette = re.sub(r"--c-[\w-]+:[^;]+;", "", css)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(", without_palette) == []


def test_every_custom_property_used_is_declared() -> None:
    css = STYLE.read_text(encoding="utf-8")

    assert set(re.findall(r"var\((--[\w-]+)\)", css)) - set(re.findall(r"(--[\w-]+):", css)) == set()


def test_every_class_of_a_page_has_a_rule(
    city: Edition, changed: Edition, asked: Callable[..., Ask], tree: Any
) -> None:
    css = STYLE.read_text(encoding="utf-8")
    metric = "/m/closed_in_30_days"
    pages = [
        city_page(city, asked("/")),
        department_page(city, "code", asked("/d/code")),
        dataset_page(city, "cases", asked("/data/cases")),
        help_page(city, asked("/help")),
        archive_page(changed, asked("/archive")),
        city_page(changed, asked("/")),
        goals_page(city, asked("/goals", q="zzzz")),
        search_page(city, asked("/search", q="cases")),
        *(metric_page(city, "closed_in_30_days", asked(metric, tab=tab)) for tab in ("time", "split", "rows", "how")),
    ]
    used = {name for node in tree.parts(pages) for name in str(tree.get(node, "className") or "").split()}

    assert {name for name in used - FROM_USWDS - FOR_TESTS if f".{name}" not in css} == set()
