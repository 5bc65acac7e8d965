"""A query laid out as before but for its moments is the one that would be laid out anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from duckdb_sqlalchemy import Dialect

from civicstat.compiler import AsOfValue, Ending, explain_sql
from civicstat.editions import Folder, Store, prune_editions
from civicstat.editions.layouts import Layouts
from civicstat.editions.sealed import read_sealed
from civicstat.spec import load_project, pretty_sql

Write = Callable[..., Path]
Build = Callable[..., dict[str, Any]]
FIRST, NEXT = map(datetime.fromisoformat, ("2025-12-31T23:59:32", "2026-01-07T08:00:01"))
QUERY = (
    "select '{0}', date '{0}' from t where a < '{0} {1}' and b >= '{0} {1}.{2}' or c = '{0} {1}' and d = 'it''s {0}'"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("2025-12-31", "23:59:59", "000001"), ("2026-01-01", "00:00:00", "999999")),
        (("0000-00-00", "00:00:00", "000000"), ("0000-00-01", "00:00:02", "1")),
        (("2026-01-01", "00:00:00", "5"), ("2026-01-01", "00:00:00", "500000")),
    ],
)
def test_a_layout_is_the_one_made_anew_whatever_its_moments(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    layouts = Layouts()
    for moments in (one, other, one):
        text = QUERY.format(*moments)

        assert layouts.lay_out(text) == pretty_sql(text)


def test_every_query_of_the_demonstration_city_is_the_one_made_anew_on_another_day() -> None:
    project, dialect = load_project(Path(__file__).parents[2]), Dialect()
    before, after = Layouts(), Layouts()
    counted = [item for item in project.metrics.values() if item.dataset]

    def asked(clock: datetime, layouts: Layouts | None) -> list[str]:
        ending = Ending(clock.date(), clock, clock, clock.date())
        lay_out = layouts.lay_out if layouts else pretty_sql
        return [explain_sql(item, project, dialect, AsOfValue(clock), ending, lay_out) for item in counted]

    asked(FIRST, before)
    after.held = before.kept

    assert asked(NEXT, after) == asked(NEXT, None)
    assert after.kept == before.kept


def test_a_build_on_another_day_lays_out_nothing_anew(
    tinytown: Write, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tinytown()
    build(root)
    before = (root / "data" / "cells" / "queries.layouts").read_bytes()
    monkeypatch.setattr("civicstat.editions.layouts.pretty_sql", lambda _: pytest.fail("laid out anew"))
    tinytown(visits="Id,Came,Clinic,Kind,Patient\n1,2026-01-05,North,1,A\n2,2026-02-07,South,2,B\n")
    build(root)

    assert (root / "data" / "cells" / "queries.layouts").read_bytes() == before
    assert "'2026-" in Store(root).current().catalogue.metrics["visits"].sql
    assert prune_editions(Folder(root), 2).files == ()


def test_layouts_of_another_program_are_not_used(
    tinytown: Write, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tinytown()
    build(root)
    path = root / "data" / "cells" / "queries.layouts"
    first = read_sealed(path)
    monkeypatch.setattr("civicstat.editions.layouts.version", lambda _: "another")
    tinytown(visits="Id,Came,Clinic,Kind,Patient\n1,2026-01-05,North,1,A\n")
    build(root)

    assert read_sealed(path)["made_by"] != first["made_by"]
    assert read_sealed(path)["layouts"] == first["layouts"]
