"""Datasets made of datasets in an edition: what is made again, what their numbers open to, and what rests on what."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from civicstat.editions import Store, open_draft
from civicstat.editions.folder import Folder
from civicstat.spec import load_project, uses_of

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]

MORE = """
datasets:
  repeats:
    title: Repeated visits
    row: one row is one visit with the days since the one before
    source:
      select: >-
        select id, clinic, came_on, patient,
        days_between(lag(came_on) over (partition by clinic order by came_on), came_on) as since
        from firsts where kind <> '7'
    key: id
    time: came_on
    covers: [[2026-01-01, 2026-03-31]]
    records: {public: [id, came_on, since]}
  firsts:
    title: One visit a day and clinic
    row: one row is one visit
    source: {select: "select * from visits"}
    time: came_on
metrics:
  repeats: {title: Repeated visits, dataset: repeats, type: simple, measure: count(*), dimensions: [clinic]}
  since: {title: Days since, dataset: repeats, type: simple, measure: avg(since), unit: days}
""".replace(
    "select * from visits",
    "select id, clinic, came_on, kind, patient from visits where kind is not null "
    "qualify row_number() over (partition by clinic, came_on order by id) = 1",
)


@pytest.fixture
def root(tinytown: Write) -> Path:
    """Tinytown with a file a day, and datasets over its visits."""
    declared = (tinytown() / "metrics/datasets/visits.yaml").read_text(encoding="utf-8")
    made = tinytown(dataset=declared.replace("{file: data/visits.csv}", "{file: data/daily/*.csv, take: all}"))
    (made / "metrics/more.yaml").write_text(MORE, encoding="utf-8")
    (made / "data/daily").mkdir()
    (made / "data/visits.csv").rename(made / "data/daily/day1.csv")
    return made


def test_a_query_over_a_query_is_built_its_numbers_open_and_only_what_changed_is_made_again(
    root: Path, build: Build, tmp_path: Path
) -> None:
    first = build(root)
    news = "Id,Came,Clinic,Kind,Patient\n31,2026-03-30,South,7,Late\n32,2026-01-02,North,1,New"
    (root / "data/daily/day2.csv").write_text(news, "utf-8")
    later = build(root, only=["visits"])
    whole = tmp_path / "whole"
    for name in ("metrics", "data/daily"):
        shutil.copytree(root / name, whole / name)

    assert [first["datasets"]["repeats"][name] for name in ("read", "loaded", "as_of")] == [29, 29, "2026-03-31"]
    assert later["reused"] == []
    assert later["datasets"]["repeats"]["load"] == {"how": "whole", "because": "rows-changed"}
    assert len(later["datasets"]["visits"]["segment_files"]) == 2
    assert build(whole)["id"] == later["id"]
    edition, other = (Store(place, office=True).current() for place in (root, whole))
    for month in ("2026-01", "2026-02", "2026-03"):
        one, two = (each.rows("repeats", month, {}, limit=99).rows for each in (edition, other))
        assert one == two
    found = [item for by in ("", "clinic") for item in edition.readings("repeats", dimension=by) if item.n]
    for item in found:
        page = edition.rows("repeats", item.period, item.slice, limit=99)
        assert len(page.rows) == page.total == item.n
    assert {item.value for item in found if item.period == "2026-01" and not item.slice} == {11}
    info = edition.catalogue.datasets["repeats"]
    assert (info.made_of, info.files) == (("firsts",), 0)
    assert [column["name"] for column in info.columns if column["sensitive"]] == ["patient"]
    assert Store(root).current().rows("repeats", "2026-03", {}, limit=1).columns == ("id", "came_on", "since")
    with open_draft(load_project(root), Folder(root), later, ["since"]) as draft:
        assert (set(draft.segments), draft.loaded) == ({"visits", "firsts", "repeats"}, ())


def test_what_rests_on_a_column_is_followed_through_queries(root: Path) -> None:
    project = load_project(root)

    rests = {(use.what, use.name, use.how) for use in uses_of(project, "visits", "came_on")}
    hangs = {(use.what, use.name, use.how) for use in uses_of(project, "visits", "kind")}

    assert {("dataset", "firsts", "select"), ("dataset", "repeats", "select"), ("metric", "since", "measure")} <= rests
    assert ("metric", "repeats", "select of its dataset") in hangs
    assert not any(name == "patient" for _, name, _ in hangs)
