"""What `metrics/events.csv` says, and each way in which a line of it can be wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from civicstat.spec import Event, load_files
from civicstat.spec.cursor import Notes
from civicstat.spec.events import read_events

HEAD = "start,end,text_en,text_es,metrics,departments,source\n"


def read(text: str) -> tuple[tuple[Event, ...], list[str]]:
    notes = Notes()
    found = read_events(text, notes, ("en", "es"), ["late", "open"], ["roads"])
    return found, [str(fault) for fault in notes.faults]


def test_events_stand_in_order_of_their_first_day_with_what_they_concern() -> None:
    found, faults = read(
        HEAD + '2026-03-01,2026-04-30,"Snow, much",Nieve,,,\n\n2026-01-01,,Crew,Cuadrilla,late; open,roads,Council 7\n'
    )

    assert faults == []
    assert found == (
        Event(date(2026, 1, 1), None, {"en": "Crew", "es": "Cuadrilla"}, ("late", "open"), ("roads",), "Council 7", 4),
        Event(date(2026, 3, 1), date(2026, 4, 30), {"en": "Snow, much", "es": "Nieve"}, line=2),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "2026-02-30,,A,B,,,\n", ["2:1: not-a-day: events.start", "`2026-02-30`"]),
        (HEAD + ",,A,B,,,\n", ["2:1: not-a-day: events.start", "no day"]),
        (HEAD + "2026-03-02,2026-03-01,A,B,,,\n", ["2:12: not-an-event: events.end", "before its start"]),
        (HEAD + "2026-03-02,,A,,,,\n", ["2:1: not-an-event: events.text_es", "no text in `es`"]),
        (HEAD + "2026-03-02,,A,B,lat,,\n", ["2:17: unknown-metric: events.metrics", "did you mean `late`"]),
        (HEAD + "2026-03-02,,A,B,,parks,\n", ["2:18: unknown-department: events.departments", "a department: `roads`"]),
        (HEAD + "2026-03-02,A\n", ["2:1: not-an-event: events.start", "2 cells", "7 cells"]),
        (HEAD + '2026-03-02,"A\n', ["not-an-event: metrics/events.csv", "a quote ends"]),
        ("start,text_en,note\n", ["1:1: not-an-event: metrics/events.csv", "the column `note`"]),
        ("start,text_es\n", ["1:1: not-an-event: metrics/events.csv", "no column `text_en`"]),
        ("start,text_en,start\n", ["1:1: not-an-event: metrics/events.csv", "a heading twice"]),
        ("", ["1:1: not-an-event: metrics/events.csv", "no column `start`"]),
    ],
)
def test_a_wrong_line_is_named_with_its_place(text: str, said: list[str]) -> None:
    _, faults = read(text)

    assert len(faults) == 1
    assert [part for part in said if part not in faults[0]] == []


def test_the_project_has_the_events_of_its_file(base_files: dict[str, str]) -> None:
    project = load_files({**base_files, "metrics/events.csv": "start,text_en\n2026-01-05,Flood\n"}, Path())

    assert [(item.start, dict(item.text)) for item in project.events] == [(date(2026, 1, 5), {"en": "Flood"})]
