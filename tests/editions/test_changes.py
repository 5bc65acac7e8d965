"""What an edition says moved since the one before, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from civicstat.editions import Change, Changes, Folder, Published, Store, compare_editions
from civicstat.editions.changes import changes_of, changes_text

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]

HEADER = "Id,Came,Clinic,Kind,Patient\n"
VISITS = [f"{number},2026-{1 + number % 3:02}-{1 + number:02},North,1,A" for number in range(1, 25)]
APRIL = date(2026, 4, 1)
BENCHMARK = "    benchmarks: [{who: Springfield, value: 9, year: 2024, source: Annual report}]\n"
SHARE = """
  north:
    title: Visits to the North clinic
    dataset: visits
    type: ratio
    numerator: {measure: count(*), where: clinic = 'North'}
    denominator: count(*)
    unit: percent
    better: higher
"""


def said(changes: Changes | None) -> list[tuple[str, str, str, str | None, float | None, float | None]]:
    assert changes is not None
    return [
        (item.metric, item.period, item.kind, item.cause, item.before, item.after)
        for item in changes.changes
        if not item.slice and item.grain == "month"
    ]


def test_the_first_edition_has_nothing_to_be_compared_with(tinytown: Write, build: Build) -> None:
    root = tinytown()
    manifest = build(root)

    assert Store(root).current().changes is None
    assert Store(root).current().restatements("visits") == []
    assert manifest["changes"] is None


def test_an_edition_of_equal_numbers_says_that_nothing_moved_since_which_one(tinytown: Write, build: Build) -> None:
    root = tinytown()
    first = build(root)
    second = build(root, as_of=APRIL)
    changes = Store(root).current().changes

    published = datetime.fromisoformat(first["published_at"])
    assert changes == Changes(Published(first["id"], date(2026, 3, 31), published))
    assert second["changes"] == {"since": first["id"], "kinds": {}, "causes": {}}


def test_a_number_moved_by_its_own_definition_says_so_and_its_neighbour_is_not_named(
    tinytown: Write, build: Build
) -> None:
    root = tinytown(visits=HEADER + "\n".join(VISITS), more=SHARE)
    build(root)
    text = (root / "metrics/departments/health.yaml").read_text(encoding="utf-8")
    narrower = text.replace("    measure: count(*)", "    where: came_on > '2026-01-04'\n    measure: count(*)", 1)
    (root / "metrics/departments/health.yaml").write_text(narrower, encoding="utf-8")
    build(root, as_of=APRIL)

    assert said(Store(root).current().changes) == [("visits", "2026-01", "restated", "definition", 8.0, 7.0)]


def test_a_caveat_a_format_or_a_benchmark_is_no_definition(tinytown: Write, build: Build) -> None:
    root = tinytown(visits=HEADER + "\n".join(VISITS))
    build(root)
    tinytown(
        visits=HEADER + "\n".join(VISITS[1:]), more=f"    caveats: None.\n    format: {{decimals: 2}}\n{BENCHMARK}"
    )
    build(root, as_of=APRIL)

    (change,) = said(Store(root).current().changes)
    assert change[:3] == ("visits", "2026-02", "restated")
    assert change[3] != "definition"


def test_a_goal_that_was_moved_judges_the_same_number_anew(tinytown: Write, build: Build) -> None:
    root = tinytown(visits=HEADER + "\n".join(VISITS), more="    goal: {target: 8, judge: month}\n    near: 0\n")
    text = (root / "metrics/departments/health.yaml").read_text(encoding="utf-8").replace("neither", "higher")
    text = text.replace("    near: 0\n", "")
    (root / "metrics/departments/health.yaml").write_text(text, encoding="utf-8")
    build(root)
    (root / "metrics/departments/health.yaml").write_text(text.replace("target: 8", "target: 9"), encoding="utf-8")
    build(root, as_of=APRIL)
    changes = Store(root).current().changes

    assert changes is not None
    moved = [item for item in changes.changes if item.period == "2026-01" and not item.slice]
    assert [(item.kind, item.cause, item.before, item.after) for item in moved] == [("judged", "definition", 8.0, 8.0)]
    assert [(item.before_status, item.after_status) for item in moved] == [("met", "off_track")]


def test_a_metric_that_came_and_one_that_went_are_new_and_gone(tinytown: Write, build: Build) -> None:
    root = tinytown(visits=HEADER + "\n".join(VISITS))
    build(root)
    tinytown(visits=HEADER + "\n".join(VISITS), more=SHARE)
    build(root, as_of=APRIL)
    came = said(Store(root).current().changes)
    tinytown(visits=HEADER + "\n".join(VISITS))
    build(root, as_of=date(2026, 4, 2))
    went = said(Store(root).current().changes)
    office = said(Store(root, office=True).current().changes)

    months = ("2026-01", "2026-02", "2026-03")
    assert came == [("north", month, "new", None, None, 100.0) for month in months]
    assert went == [("north", month, "gone", "definition", None, None) for month in months]
    assert office == [("north", month, "gone", "definition", 100.0, None) for month in months]


def test_a_day_built_twice_is_compared_with_the_day_before_both_times(tinytown: Write, build: Build) -> None:
    root = tinytown(visits=HEADER + "\n".join(VISITS))
    first = build(root, published_at=datetime.fromisoformat("2026-04-01T08:00:00+00:00"))
    found = []
    for hour, count in ((8, 23), (9, 22)):
        tinytown(visits=HEADER + "\n".join(VISITS[:count]))
        build(root, as_of=APRIL, published_at=datetime.fromisoformat(f"2026-04-02T0{hour}:00:00+00:00"))
        edition = Store(root).current()
        assert edition.changes is not None
        log = [item for item in edition.restatements("visits") if item.grain == "month"]
        found.append((edition.changes.previous.id, len(said(edition.changes)), len(log)))

    assert found == [(first["id"], 1, 1), (first["id"], 2, 2)]


def test_a_day_built_twice_with_no_day_before_it_is_compared_with_its_first_edition(
    tinytown: Write, build: Build
) -> None:
    root = tinytown(visits=HEADER + "\n".join(VISITS))
    first = build(root)
    tinytown(visits=HEADER + "\n".join(VISITS[:-1]))
    build(root)
    changes = Store(root).current().changes

    assert changes is not None
    assert changes.previous.id == first["id"]


def test_the_log_of_restatements_goes_on_from_edition_to_edition(tinytown: Write, build: Build) -> None:
    root = tinytown(visits=HEADER + "\n".join(VISITS))
    ids = [build(root)["id"]]
    for day, gone in ((1, 1), (2, 4), (3, 4)):
        tinytown(visits=HEADER + "\n".join(VISITS[gone:]))
        ids.append(build(root, as_of=date(2026, 4, day))["id"])
    log = [item for item in Store(root).current().restatements("visits") if item.grain == "month"]

    assert [(item.period, item.before, item.after, item.first.id, item.then.id) for item in log] == [
        ("2026-02", 8.0, 7.0, ids[0], ids[1]),
        ("2026-01", 8.0, 7.0, ids[1], ids[2]),
        ("2026-02", 7.0, 6.0, ids[1], ids[2]),
        ("2026-03", 8.0, 7.0, ids[1], ids[2]),
    ]


def test_a_number_withheld_in_either_edition_is_told_in_neither(tinytown: Write, build: Build) -> None:
    few = [f"{number},2026-01-{number:02},South,1,A" for number in range(1, 4)]
    private = "    privacy: {min_count: 5}\n"
    root = tinytown(visits=HEADER + "\n".join(few), more=private)
    build(root)
    more = [f"{number},2026-01-{number:02},South,1,A" for number in range(1, 7)]
    tinytown(visits=HEADER + "\n".join(more), more=private)
    build(root, as_of=APRIL)

    for office in (False, True):
        changes = Store(root, office=office).current().changes
        assert changes is not None
        moved = [item for item in changes.changes if item.period == "2026-01"]
        assert [(item.slice, item.before, item.after, item.before_n, item.after_n) for item in moved] == [
            ({}, None, None, None, None),
            ({"clinic": "South"}, None, None, None, None),
        ]
        assert {(item.before_status, item.after_status) for item in moved} == {("too_small", "no_goal")}


def test_a_number_withheld_in_both_editions_is_not_said_to_have_moved(tinytown: Write, build: Build) -> None:
    private = "    privacy: {min_count: 5}\n"
    root = tinytown(visits=HEADER + "1,2026-01-01,South,1,A\n2,2026-01-02,South,1,A", more=private)
    before = build(root)["id"]
    tinytown(visits=HEADER + "1,2026-01-01,South,1,A", more=private)
    after = build(root, as_of=APRIL)["id"]

    assert compare_editions(Folder(root), before, after).changes == ()
    assert Store(root).current().changes == Store(root, office=True).current().changes


def test_a_restated_number_that_is_withheld_by_now_is_blank_in_the_log(tinytown: Write, build: Build) -> None:
    root = tinytown(visits=HEADER + "\n".join(VISITS))
    build(root)
    tinytown(visits=HEADER + "\n".join(VISITS[1:]))
    build(root, as_of=APRIL)
    tinytown(visits=HEADER + "\n".join(VISITS[1:]), more="    privacy: {min_count: 10}\n")
    build(root, as_of=date(2026, 4, 2))
    log = Store(root).current().restatements("visits")

    assert [(item.before, item.after) for item in log if item.period == "2026-02"] == [(None, None), (None, None)]


def test_the_public_file_says_nothing_of_a_metric_for_the_staff(tinytown: Write, build: Build) -> None:
    staff = SHARE.replace("  north:", "  hidden_share:") + "    visibility: staff\n"
    root = tinytown(visits=HEADER + "\n".join(VISITS), more=staff)
    build(root)
    later = tinytown(visits=HEADER + "\n".join(VISITS).replace("North", "South", 1), more=staff)
    manifest = build(later, as_of=APRIL)

    named = []
    for office in (False, True):
        changes = Store(root, office=office).current().changes
        assert changes is not None
        named.append({item.metric for item in changes.changes})
    assert named == [{"visits"}, {"visits", "hidden_share"}]
    assert b"hidden_share" not in (root / "data/editions" / manifest["id"] / "public.duckdb").read_bytes()


def test_more_slices_than_an_edition_lists_are_counted(
    tinytown: Write, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civicstat.editions.compare.SLICES_KEPT", 3)
    root = tinytown(visits=HEADER + "\n".join(VISITS))
    before = build(root)["id"]
    tinytown(visits=HEADER + "\n".join(VISITS[1:]).replace("North", "South"))
    after = build(root, as_of=APRIL)["id"]
    changes = Store(root).current().changes
    whole = compare_editions(Folder(root), before, after)

    assert changes is not None
    assert (len([item for item in changes.changes if item.slice]), whole.slices_left_out) == (3, 0)
    assert len(whole.changes) == len(changes.changes) + changes.slices_left_out
    assert changes.slice_kinds == whole.slice_kinds


def test_changes_are_read_as_they_were_written() -> None:
    change = Change(
        *("visits", "month", "2026-01", {"clinic": "Nórte"}, "restated", "correction", 1.5, 2.0, "met", "near"),
        *(10, 11, ("product",)),
    )
    moment = datetime.fromisoformat("2026-04-01T08:00:00+00:00")
    changes = Changes(
        Published("2026-03-31-0123456789ab", date(2026, 3, 31), moment),
        *({"restated": 1}, {"correction": 1}, {}, {}, (change,), 7),
    )

    assert changes_of(changes_text(changes)) == changes
