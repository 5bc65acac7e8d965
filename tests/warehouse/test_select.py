"""A `select` over other datasets, against the same words asked of the engine by hand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa

from civicstat.compiler import SQL_TYPES, AsOfValue, plan_select
from civicstat.errors import SourceError
from civicstat.spec import Project, load_files
from civicstat.warehouse import (
    Beneath,
    LoadReport,
    attach,
    execute,
    load_dataset,
    open_writer,
    select_dataset,
)

CITY = "name: X\ntime_zone: UTC\nbusiness_days: {weekend: [saturday, sunday]}\n"
DATASETS = """
datasets:
  visits:
    row: one row is one visit
    source: {file: data/visits.csv}
    time: day
    as_of: 2026-02-28
    columns:
      id: {type: text}
      place: {type: text}
      day: {type: date}
      cost: {type: number}
      paid: {type: money}
  places:
    row: one row is one place
    source: {file: data/places.csv}
    as_of: 2020-04-01
    columns: {place: {type: text}, district: {type: text}}
  made:
    row: one row
    source:
      select: >-
        SELECT
"""
VISITS = [
    (1, "A", "2026-01-03", 10.5, "3.10"),
    (2, "A", "2026-01-05", 20, "1.00"),
    (3, "B", "2026-02-01", 5, ""),
    (4, "B", "2026-02-07", "", "2.25"),
    (5, "C", "2026-02-07", 7, "2.25"),
    (6, "A", "2026-01-03", 1, "0.05"),
    (7, "", "2026-02-09", 2, "9.00"),
]
PLACES = "place,district\nA,North\nB,South\nD,East\n"


class Town:
    """A small project and the segments of its files; a query is declared, loaded and read."""

    def __init__(self, root: Path) -> None:
        self.root, self.made = root, 0
        (root / "data").mkdir()
        (root / "data/places.csv").write_text(PLACES, encoding="utf-8")
        self.write(VISITS)

    def write(self, visits: list[Any]) -> None:
        lines = [",".join(map(str, row)) for row in visits]
        (self.root / "data/visits.csv").write_text("\n".join(["id,place,day,cost,paid", *lines]) + "\n", "utf-8")
        self.under: dict[str, Beneath] = {}
        project = self.declared("select place from visits")
        for name in ("visits", "places"):
            file = self.root / f"{name}-{self.made}.duckdb"
            report = load_dataset(
                project.datasets[name],
                self.root,
                project.city,
                file,
                fetched_at=datetime(2026, 3, 1),  # noqa: DTZ001 - local by meaning
            )
            self.under[name] = Beneath(project.datasets[name], [file], report)
        self.made += 1

    def declared(self, select: str, more: str = "") -> Project:
        return load_files(
            {"metrics/city.yaml": CITY, "metrics/d.yaml": DATASETS.replace("SELECT", select) + more}, self.root
        )

    def rows(self, select: str, more: str = "") -> list[tuple[Any, ...]]:
        return self.select(select, more)[0]

    def select(self, select: str, more: str = "") -> tuple[list[tuple[Any, ...]], LoadReport]:
        project = self.declared(select, more)
        dataset = project.datasets["made"]
        assert dataset.source.query is not None
        self.made += 1
        file = self.root / f"made-{self.made}.duckdb"
        under = {name: self.under[name] for name in dataset.source.query.datasets}
        report = select_dataset(dataset, project.city, under, file)
        names = ", ".join(dataset.types())
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(f"select {names} from rows order by _row").fetchall(), report

    def planned(self, queries: Sequence[str]) -> list[Sequence[Any]]:
        """Return what our plans of queries give, asked of one engine."""
        engine = open_writer(Path(":memory:"))
        tables = {}
        for name, item in self.under.items():
            attach(engine, item.files[0], name)
            columns = [sa.column(key, SQL_TYPES[kind]) for key, kind in item.dataset.types().items()]
            tables[name] = sa.table("rows", *columns, sa.column("_file"), sa.column("_record"), schema=name)
        clock = AsOfValue(datetime.fromisoformat("2026-02-28"), is_date=True)
        found: list[Sequence[Any]] = []
        for text in queries:
            project = self.declared(text)
            query = project.datasets["made"].source.query
            assert query is not None
            found.append(execute(engine, plan_select(query, tables, project.city, clock)))
        engine.dispose()
        return found

    def by_hand(self, queries: Sequence[str]) -> list[Sequence[Any]]:
        """Return what the engine itself gives."""
        with duckdb.connect() as connection:
            for name, item in self.under.items():
                connection.execute(f"attach '{item.files[0]}' as s_{name} (read_only)")
                connection.execute(f"create view {name} as select * exclude (_row, _file, _record) from s_{name}.rows")
            return [connection.execute(query).fetchall() for query in queries]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(tmp_path_factory.mktemp("town"))


QUERIES = [
    "select id, cost from visits where cost > 5 or cost is null",
    "select v.id, p.district from visits as v join places p on p.place = v.place",
    "select v.id, p.district from visits v left join places p on p.place = v.place",
    "select v.id, p.district from visits v right join places p on p.place = v.place",
    "select v.id, p.district from visits v full join places p on p.place = v.place and p.district <> 'North'",
    "select v.id, w.id as other from visits v join visits w on v.day = w.day and v.id < w.id",
    "select distinct place, day from visits",
    "select place, count(*) as n, count(cost) as known, count(distinct day) as days, sum(cost) as cost, "
    "avg(cost) as mean, median(cost) as middle, min(day) as first, max(id) as last from visits group by place",
    "select date_trunc('month', day) as month, sum(paid) as paid from visits group by month having count(*) > 3",
    "select count(*) as n, sum(cost) as cost from visits where day > '2030-01-01'",
    "select case when cost > 5 then 'dear' else 'cheap' end as price, count(*) as n from visits "
    "group by case when cost > 5 then 'dear' else 'cheap' end",
    "select place || '!' as place, sum(cost) * 2 + count(*) as n from visits group by place",
    "select id, rank() over (partition by place order by day desc) as n, "
    "sum(cost) over (partition by place order by day) as cost, count(*) over () as whole from visits",
    "select id, lag(cost) over (order by id) as before from visits",
    "select id, sum(cost) over (order by id rows between 1 preceding and 1 following) as around, "
    "first_value(id) over (order by id rows between unbounded preceding and current row) as first from visits",
    "select place, count(*) / sum(count(*)) over () as part from visits group by place",
    "select id from visits qualify row_number() over (partition by place order by cost desc nulls first, id) = 1",
    "select id, max(cost) over (partition by place) as most from visits where cost is not null qualify cost = most",
    "select place as name, cost from visits union all select district, 1 from places "
    "union all select cast(null as text), 2.5 from places",
    "select distinct place from visits union all select distinct district from places",
    "select 'it''s 100% %(x)s :y' as said, id from visits where place in ('A', 'B') and id not like '%2'",
]


def test_a_select_gives_what_the_engine_gives_for_the_same_words(town: Town) -> None:
    found, wanted = town.planned(QUERIES), town.by_hand(QUERIES)

    for query, rows, others in zip(QUERIES, found, wanted, strict=True):
        assert plain(rows) == plain(others), query
        assert rows or "2030" in query


def plain(rows: Sequence[Sequence[Any]]) -> list[tuple[str, ...]]:
    """Rows in no order; one number has several types, and a day may be its first moment."""
    return sorted(
        tuple(f"{value:.9f}" if isinstance(value, float) else str(value)[:10] for value in map(number, row))
        for row in rows
    )


def number(value: Any) -> Any:
    """Engines name one number in several types."""
    return float(value) if type(value).__name__ in ("int", "Decimal") else value


def test_our_own_functions_and_the_citys_calendar_stand_in_a_select_too(town: Town) -> None:
    found = town.rows(
        "select id, days_between(day, as_of) as old, business_days(day, as_of) as work from visits where id = '1'"
    )

    assert found == [("1", 56, 40)]


def test_the_clock_is_that_of_the_dataset_behind_from_and_the_earliest_of_several(town: Town) -> None:
    looked_up = town.select("select v.id from visits v left join places p on p.place = v.place")[1]
    stacked = town.select("select id as name from visits union all select district from places")[1]
    own = town.select("select id, as_of as clock from visits where id = '1'", "    as_of: 2026-05-01\n")

    assert (looked_up.as_of, looked_up.as_of_is_date) == ("2026-02-28", True)
    assert stacked.as_of == "2020-04-01"
    assert (own[0][0][1].date().isoformat(), own[1].as_of) == ("2026-05-01", "2026-05-01")


def test_rows_are_keyed_derived_checked_and_put_in_order_as_those_of_a_file(town: Town) -> None:
    more = "    key: day\n    keep: latest by cost\n    time: day\n    derive: {twice: cost * 2}\n"
    more += "    checks: [{not_null: cost, level: warn}]\n"

    found, report = town.select("select day, cost from visits", more)

    assert [(day.isoformat(), cost, twice) for day, cost, twice in found] == [
        ("2026-01-03", 10.5, 21),
        ("2026-01-05", 20, 40),
        ("2026-02-01", 5, 10),
        ("2026-02-07", 7, 14),
        ("2026-02-09", 2, 4),
    ]
    assert (report.read, report.loaded, report.duplicates, report.first, report.last) == (
        7,
        5,
        2,
        "2026-01-03",
        "2026-02-09",
    )
    assert [(check["name"], check["failing"]) for check in report.checks] == [("not_null: cost", 0)]


def test_a_check_that_refuses_names_the_row_of_the_result(town: Town) -> None:
    with pytest.raises(SourceError) as refused:
        town.select("select id, cost from visits", "    checks: [{not_null: cost, level: error}]\n")

    assert "`made:4`" in str(refused.value)


def test_a_value_the_engine_refuses_is_a_fault_at_the_query(town: Town) -> None:
    with pytest.raises(SourceError) as refused:
        town.select("select cast(place as integer) as n from visits")

    fault = refused.value.faults[0]
    assert (fault.code, fault.path) == ("cannot-select", "datasets.made.source.select")
    assert not list(town.root.glob("*.partial"))


def test_rows_that_come_in_another_order_give_the_same_rows(tmp_path: Path) -> None:
    town = Town(tmp_path)
    tied = [
        (number, "A" if number % 3 else "B", f"2026-01-0{1 + number % 4}", number % 5, "1.00") for number in range(60)
    ]
    asked = "select place, day, cost, count(*) over (partition by place) as n from visits"
    town.write(tied)
    before = town.rows(asked)
    random.Random(7).shuffle(tied)
    town.write(tied)

    assert town.rows(asked) == before


def test_where_rows_are_equal_in_an_order_the_files_decide(town: Town) -> None:
    found = town.rows(
        "select id, row_number() over (order by day) as n, lag(id) over (order by day) as before from visits "
        "where place = 'A'"
    )

    assert found == [("1", 1, None), ("2", 3, "6"), ("6", 2, "1")]


def test_no_row_is_no_fault(town: Town) -> None:
    found, report = town.select("select id from visits where id = 'none'")

    assert (found, report.read, report.loaded) == ([], 0, 0)
