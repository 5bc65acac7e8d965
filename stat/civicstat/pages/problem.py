"""Pages for when there is no page: in the house style, without an edition and without details."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from civicstat.pages.ask import Ask, page_path, split_language
from civicstat.words import LANGUAGES, phrase

__all__ = ["problem_ask", "problem_name", "problem_page"]

_NAMES = {404: "not_found", 429: "too_often", 500: "failed", 503: "not_ready"}


def problem_name(status: int) -> str:
    """Return the phrase group of an HTTP status.

    >>> problem_name(404), problem_name(405)
    ('not_found', 'request')
    """
    return _NAMES.get(status, "request")


def problem_ask(path: str, languages: Sequence[str] = LANGUAGES) -> Ask:
    """Return an ask that has only the language of ``path``, so that nothing sent comes back.

    ``languages`` are those of ``words`` while no edition says which are the city's.
    """
    return Ask(split_language(path, languages)[0], "/", languages=tuple(languages))


def problem_page(status: int, ask: Ask) -> Component:
    """Return what happened, what to do, and where else to go."""
    name = f"problem.{problem_name(status)}"
    text = html.P(phrase(f"{name}_text", ask.lang), className="lead")
    mend = [html.P(html.Code("civicstat build"))] if status == 503 else []
    home = html.P(html.A(phrase("problem.home", ask.lang), href=page_path(ask)))
    title = html.H1(phrase(f"{name}_title", ask.lang))
    main = html.Main([title, text, *mend, home], id="main", className="wrap problem", tabIndex="-1")
    return html.Div(main, className="page")
