"""The one table of pages: which address draws what, and what its title says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from dash.development.base_component import Component

from civicstat.editions import Catalogue, Edition
from civicstat.pages.ask import Ask
from civicstat.words import period_text, phrase, pick

__all__ = ["Layouts", "draw_page", "has_page", "page_title", "what_changed"]


class Layouts(Protocol):
    """One function a page, from a finished edition and what is asked of it."""

    def city_page(self, edition: Edition, ask: Ask) -> Component: ...  # noqa: D102 - the class says it
    def department_page(self, edition: Edition, name: str, ask: Ask) -> Component: ...  # noqa: D102
    def metric_page(self, edition: Edition, name: str, ask: Ask) -> Component: ...  # noqa: D102
    def goals_page(self, edition: Edition, ask: Ask) -> Component: ...  # noqa: D102
    def search_page(self, edition: Edition, ask: Ask) -> Component: ...  # noqa: D102
    def archive_page(self, edition: Edition, ask: Ask) -> Component: ...  # noqa: D102
    def data_page(self, edition: Edition, ask: Ask) -> Component: ...  # noqa: D102
    def dataset_page(self, edition: Edition, name: str, ask: Ask) -> Component: ...  # noqa: D102
    def help_page(self, edition: Edition, ask: Ask) -> Component: ...  # noqa: D102
    def not_found_page(self, edition: Edition, ask: Ask) -> Component: ...  # noqa: D102
    def chart_file(self, edition: Edition, name: str, ask: Ask) -> str | None: ...  # noqa: D102


_PLAIN = ("/", "/goals", "/search", "/archive", "/data", "/help")
_NAMED = re.compile(r"/(d|m|data)/([^/]{1,100})")


def has_page(catalogue: Catalogue, path: str) -> bool:
    """Say whether there is a page at ``path`` (without its language)."""
    return path in _PLAIN or _named(catalogue, path) is not None


def draw_page(layouts: Layouts, edition: Edition, ask: Ask) -> Component:
    """Return the page at ``ask.path``, which has one."""
    named = _named(edition.catalogue, ask.path)
    if named is None:
        plain = {
            "/": layouts.city_page,
            "/goals": layouts.goals_page,
            "/search": layouts.search_page,
            "/archive": layouts.archive_page,
            "/data": layouts.data_page,
            "/help": layouts.help_page,
        }
        return plain[ask.path](edition, ask)
    kind, name = named
    drawing = {"d": layouts.department_page, "m": layouts.metric_page, "data": layouts.dataset_page}[kind]
    return drawing(edition, name, ask)


def page_title(catalogue: Catalogue, ask: Ask) -> str:
    """Return the title from the particular to the general: ``Metric - Department - City``."""
    parts = [pick(catalogue.city.name, ask.lang)]
    named = _named(catalogue, ask.path)
    if named is not None:
        kind, name = named
        if kind == "data":
            parts += [phrase("document.data", ask.lang), pick(catalogue.datasets[name].title, ask.lang)]
        department = catalogue.metrics[name].departments[:1] if kind == "m" else (name,) if kind == "d" else ()
        parts += [pick(catalogue.departments[item].title, ask.lang) for item in department]
        if kind == "m":
            parts.append(pick(catalogue.metrics[name].title, ask.lang))
    elif ask.path != "/":
        parts.append(phrase("document." + ask.path[1:], ask.lang))
    return " - ".join(reversed(parts))


def what_changed(edition: Edition, ask: Ask) -> str:
    """Return what a screen reader says after the page was drawn again: its title, period and slice."""
    parts = [page_title(edition.catalogue, ask).partition(" - ")[0]]
    if ask.period:
        parts.append(period_text(edition.calendar.parse(ask.period), ask.lang))
    parts += [member for member in (ask.member, ask.across) if member]
    return phrase("document.updated", ask.lang, title=", ".join(parts))


def _named(catalogue: Catalogue, path: str) -> tuple[str, str] | None:
    found = _NAMED.fullmatch(path)
    if found is None:
        return None
    kinds: Mapping[str, Mapping[str, Any]] = {
        "d": catalogue.departments,
        "m": catalogue.metrics,
        "data": catalogue.datasets,
    }
    return (found[1], found[2]) if found[2] in kinds[found[1]] else None
