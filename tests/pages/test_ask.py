from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicstat.pages.ask import Ask, fields, link, parse_ask, settle
from civicstat.results import Status

LANGUAGES = ("en", "es")


def test_an_address_is_parsed_to_types() -> None:
    ask = parse_ask("/es/m/on_time", "period=2026-10&by=district&member=3&compare=year&tab=rows&after=50", LANGUAGES)

    assert ask == Ask("es", "/m/on_time", "2026-10", "district", "3", "year", "rows", 50, LANGUAGES)


def test_parameters_nobody_knows_are_dropped_in_silence() -> None:
    assert parse_ask("/m/on_time", "?utm_source=x&period=2026-10", LANGUAGES) == Ask(
        "en", "/m/on_time", "2026-10", languages=LANGUAGES
    )


@pytest.mark.parametrize(
    ("query", "misread"),
    [
        ("period=last", ("period",)),
        ("period=2026-10&period=2026-11", ("period",)),
        ("by=district'--", ("by",)),
        ("by=district&member=%00", ("member",)),
        ("by=district&member=" + "x" * 201, ("member",)),
        ("member=3", ("member",)),
        ("compare=last_year", ("compare",)),
        ("tab=%3Cscript%3E", ("tab",)),
        ("q=" + "x" * 101, ("q",)),
        ("q=a%00b", ("q",)),
        ("department=../etc", ("department",)),
        ("status=red", ("status",)),
        ("theme=%3Cb%3E", ("theme",)),
        ("owner=a--b", ("owner",)),
        ("owner=Chief%20Inspector", ("owner",)),
        ("sort=status", ("sort",)),
        ("after=-1", ("after",)),
        ("after=" + "9" * 19, ("after",)),
        ("after=%D9%A3", ("after",)),  # a digit, but not one of ours
    ],
)
def test_a_value_that_is_not_understood_is_named_and_not_kept(query: str, misread: tuple[str, ...]) -> None:
    ask = parse_ask("/m/on_time", query, LANGUAGES)

    assert ask.misread == misread
    assert all(getattr(ask, name) in ("", None, "time") for name in misread)


def test_what_this_edition_lacks_is_misread_too(editions: Any) -> None:
    edition = editions.current()

    def settled(path: str, query: str) -> tuple[str, str, str, tuple[str, ...]]:
        ask = settle(parse_ask(path, query, LANGUAGES), edition.catalogue, edition.calendar)
        return ask.period, ask.by, ask.member, ask.misread

    assert settled("/m/on_time", "period=2026-10&by=district&member=2") == ("2026-10", "district", "2", ())
    assert settled("/m/on_time", "period=2026-13") == ("", "", "", ("period",))
    assert settled("/m/on_time", "by=ward&member=2") == ("", "", "", ("by",))
    assert settled("/m/on_time", "by=district&member=9") == ("", "district", "", ("member",))
    assert settled("/m/on_time", "compare=goal")[3] == ("compare",)  # it has none
    assert settled("/d/code", "compare=year")[3] == ("compare",)
    assert settled("/d/code", "by=district") == ("", "", "", ("by",))


def test_filters_of_goals_are_kept_where_they_are_read_and_dropped_in_silence_elsewhere(editions: Any) -> None:
    edition = editions.current()

    def settled(path: str, query: str) -> Ask:
        return settle(parse_ask(path, query, LANGUAGES), edition.catalogue, edition.calendar)

    query = "q=%20late%20%20cases&department=code&status=off_track&sort=name"
    assert settled("/goals", query) == Ask(
        "en", "/goals", q="late cases", department="code", status=Status.OFF_TRACK, sort="name", languages=LANGUAGES
    )
    assert settled("/search", query) == Ask("en", "/search", q="late cases", languages=LANGUAGES)
    assert settled("/m/on_time", query + "&theme=%3Cb%3E") == Ask("en", "/m/on_time", languages=LANGUAGES)
    assert settled("/goals", "department=parks&theme=green&owner=nobody").misread == ("department", "theme", "owner")
    assert settled("/goals", "department=parks&theme=green&owner=nobody").department == ""


def test_a_form_keeps_what_it_does_not_change() -> None:
    ask = Ask("en", "/m/on_time", "2026-10", "district", "3", "year", "rows", 50)

    assert fields(ask, "period", "after") == [("by", "district"), ("member", "3"), ("compare", "year"), ("tab", "rows")]


def test_a_change_of_anything_but_the_page_of_rows_goes_back_to_the_first_rows() -> None:
    ask = Ask("en", "/m/on_time", "2026-10", tab="rows", after=50)

    assert link(ask, after=100) == "/m/on_time?period=2026-10&tab=rows&after=100"
    assert link(ask, period="2026-09") == "/m/on_time?period=2026-09&tab=rows"


ASKS = st.builds(
    Ask,
    lang=st.sampled_from(LANGUAGES),
    path=st.sampled_from(["/", "/help", "/m/on_time", "/d/code"]),
    period=st.sampled_from(["", "2026-10", "2026-W42", "FY2027-Q1", "FY2026-27", "all"]),
    by=st.sampled_from(["district", "case_type,district"]),
    member=st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30),
    across=st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30),
    compare=st.sampled_from(["", "previous", "year", "goal", "benchmark"]),
    tab=st.sampled_from(["time", "split", "rows", "how"]),
    after=st.none() | st.integers(0, 10**18 - 1),
    q=st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30),
    department=st.sampled_from(["", "code"]),
    status=st.none() | st.sampled_from(Status),
    theme=st.sampled_from(["", "safe"]),
    owner=st.sampled_from(["", "chief-inspector", "jefe-niño"]),
    sort=st.sampled_from(["", "department", "name"]),
    languages=st.just(LANGUAGES),
)


@given(ASKS)
def test_a_link_shows_what_its_sender_saw(ask: Ask) -> None:
    path, _, query = link(ask, after=ask.after).partition("?")

    assert parse_ask(path, query, LANGUAGES) == ask
    assert link(ask, after=ask.after).isascii()
