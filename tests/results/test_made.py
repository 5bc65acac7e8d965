"""Metrics made of metrics: what each gives at its edges, counted on one's fingers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from civicstat.compiler import SQL_TYPES
from civicstat.results import Clock, Reading, Status, read_metrics
from civicstat.spec import Project, load_files

CITY = """
name: Smallville
languages: [en]
time_zone: America/Chicago
fiscal_year: {starts: 07-01, named_by: end}
"""
DATASETS = """
datasets:
  cases:
    row: one row is one case
    source: {file: cases.csv}
    time: opened_on
    columns: {opened_on: {type: date}, ward: {type: text}, kind: {type: text}, cost: {type: number}}
  people:
    row: one row is one member of staff on a day
    source: {file: people.csv}
    time: day
    columns: {day: {type: date}, ward: {type: text}}
metrics:
  opened:
    {title: Opened, dataset: cases, type: simple, measure: count(*), unit: cases,
     dimensions: [ward, kind, [ward, kind]]}
  spent: {title: Spent, dataset: cases, type: simple, measure: sum(cost), unit: dollars, dimensions: [ward]}
  middle: {title: Middle, dataset: cases, type: simple, measure: median(cost), unit: dollars, dimensions: [ward]}
  staff: {title: Staff, dataset: people, type: simple, measure: count(*), unit: people, dimensions: [ward]}
"""

Rows = Sequence[Mapping[str, Any]]
Read = Callable[..., list[Reading]]

JANUARY, MARCH, OTHER_WARD = date(2026, 1, 15), date(2026, 3, 10), "2"


def fill(connection: sa.Connection, project: Project, name: str, rows: Rows) -> sa.Table:
    types = project.datasets[name].types()
    table = sa.Table(name, sa.MetaData(), *(sa.Column(column, SQL_TYPES[kind]) for column, kind in types.items()))
    table.drop(connection, checkfirst=True)
    table.create(connection)
    if rows:
        connection.execute(sa.insert(table), [{column: row.get(column) for column in types} for row in rows])
    return table


def case(day: date, cost: float | None = None, ward: str = "1", kind: str = "Lot") -> dict[str, Any]:
    return {"opened_on": day, "cost": cost, "ward": ward, "kind": kind}


def at(readings: Sequence[Reading], period: str, **chosen: str) -> Reading:
    [found] = [item for item in readings if item.period == period and dict(item.slice) == chosen]
    return found


CASES = [
    case(JANUARY, 10),
    case(JANUARY, 30, OTHER_WARD),
    case(MARCH, 8),
    case(MARCH, None),
    case(MARCH, 4, OTHER_WARD),
]


@pytest.fixture
def read(memory: sa.Engine) -> Iterator[Read]:
    """Return the readings of the metric ``it``, declared in YAML beside four others, over the rows of two datasets."""
    with memory.connect() as connection:

        def run(
            yaml: str,
            cases: Rows = CASES,
            people: Rows = (),
            as_of: str = "2026-06-30",
            *,
            declared: str = DATASETS,
            city: str = "",
            clocks: Mapping[str, Mapping[str, Any]] | None = None,
            failed: dict[str, str] | None = None,
        ) -> list[Reading]:
            text = f"{declared}  it: {{title: It, {yaml}}}\n"
            project = load_files({"metrics/city.yaml": CITY + city, "metrics/a.yaml": text}, Path())
            tables, known = {}, {}
            for name, rows in (("cases", cases), ("people", people)):
                tables[name] = fill(connection, project, name, rows)
                given = {"first": date(2026, 1, 1), "as_of": as_of, **(clocks or {}).get(name, {})}
                known[name] = Clock(datetime.fromisoformat(given.pop("as_of")), is_date=True, **given)
            return read_metrics(project, connection, tables, known, failed=failed)["it"]

        yield run
        connection.rollback()


def test_a_formula_is_worked_out_in_every_period_and_slice_from_the_numbers_there(read: Read) -> None:
    readings = read('type: derived, formula: "{spent} / {opened}"')

    assert at(readings, "2026-01").value == 20
    assert at(readings, "2026-03").value == 4
    assert at(readings, "2026-Q1").value == pytest.approx(52 / 5)  # not the mean of 20 and 4
    assert at(readings, "2026-03", ward="1").value == 4
    assert [item.n for item in readings] == [None] * len(readings)


def test_what_a_number_is_made_of_is_kept_with_it(read: Read) -> None:
    reading = at(read('type: derived, formula: "({spent} - 2) / {opened}"'), "2026-03", ward="1")

    assert [(item.name, item.metric, item.period, dict(item.slice), item.value) for item in reading.used] == [
        ("spent", "spent", "2026-03", {"ward": "1"}, 8),
        ("opened", "opened", "2026-03", {"ward": "1"}, 2),
    ]


def test_a_missing_number_makes_the_formula_missing_and_dividing_by_nothing_is_no_number(read: Read) -> None:
    readings = read('type: derived, formula: "{middle} + {opened}"')
    divided = read('type: derived, formula: "{spent} / {opened}"')

    assert (at(readings, "2026-02").value, at(readings, "2026-02").status) == (None, Status.NO_DATA)
    assert at(readings, "2026-02").reason.code == "part_missing"
    assert (at(divided, "2026-02").value, at(divided, "2026-02").reason.code) == (None, "nothing_to_divide")


def test_a_formula_over_a_year_before_has_a_number_where_both_years_have_one(read: Read) -> None:
    cases = [case(date(2025, 3, 1), 5), case(date(2025, 3, 2), 5), case(MARCH, 1)]
    began = {"cases": {"first": date(2025, 3, 1)}}
    readings = read('type: derived, formula: "{opened} - {opened@prior_year}"', cases, clocks=began)

    assert at(readings, "2026-03").value == -1
    assert at(readings, "2026-04").value == 0
    assert at(readings, "2025-03").value is None
    assert [item for item in readings if item.grain == "all"] == []
    assert at(readings, "2026-03").used[1].period == "2025-03"


def test_numbers_of_two_datasets_meet_in_period_and_slice(read: Read) -> None:
    people = [{"day": MARCH, "ward": "1"}, {"day": MARCH, "ward": "1"}, {"day": MARCH, "ward": "3"}]
    readings = read('type: derived, formula: "{opened} / {staff}"', CASES, people)

    assert at(readings, "2026-03").value == 1
    assert at(readings, "2026-03", ward="1").value == 1
    assert at(readings, "2026-03", ward="2").value is None, "no staff is known of ward 2"
    assert at(readings, "2026-03", ward="3").value is None, "no case is known of ward 3"
    assert {name for item in readings for name in item.slice} == {"ward"}


def test_numbers_that_reach_different_days_are_not_held_against_one_another(read: Read) -> None:
    people = [{"day": MARCH, "ward": "1"}]
    readings = read(
        'type: derived, formula: "{opened} / {staff}"', CASES, people, clocks={"cases": {"as_of": "2026-05-31"}}
    )
    later = read(
        'type: derived, formula: "{opened} / {staff}"', CASES, people, clocks={"cases": {"first": date(2026, 2, 1)}}
    )

    assert at(readings, "2026-03").value == 3
    assert (at(readings, "2026").value, at(readings, "2026").reason.code) == (None, "uneven")
    assert (at(later, "all").value, at(later, "all").reason.code) == (None, "uneven")


def test_a_share_is_each_part_out_of_the_whole(read: Read) -> None:
    readings = read("type: share, metric: opened, of: total")

    assert at(readings, "2026-03", ward="1").value == pytest.approx(200 / 3)
    assert (at(readings, "2026-03", ward="1").numerator, at(readings, "2026-03", ward="1").denominator) == (2, 3)
    assert at(readings, "2026-Q1", ward="2").value == 40
    assert at(readings, "2026-03").value == 100
    assert at(readings, "2026-02", ward="1").reason.code == "nothing_to_divide"


def test_a_share_of_one_member_is_of_that_member_alone(read: Read) -> None:
    cases = [
        case(MARCH, kind="Lot"),
        case(MARCH, kind="Lot"),
        case(MARCH, kind="Fence"),
        case(MARCH, kind="Lot", ward=OTHER_WARD),
    ]
    readings = read("type: share, metric: opened, of: {kind: Lot}", cases)

    assert at(readings, "2026-03", ward="1").value == pytest.approx(200 / 3)
    assert at(readings, "2026-03").value == 100
    assert {name for item in readings for name in item.slice} == {"ward"}


def test_a_goal_is_judged_as_for_any_metric(read: Read) -> None:
    readings = read('type: derived, formula: "{spent} / {opened}", better: lower, goal: {target: 10, near: 12}')
    total = read('type: derived, formula: "{spent} + 2 * {opened}", better: lower, goal: {target: 10}')

    assert at(readings, "2026-03").status is Status.MET
    assert at(readings, "2026-01").status is Status.OFF_TRACK
    assert at(readings, "2026-Q1").reason.code == "informational"
    assert at(readings, "2026-01", ward="1").status is Status.MET
    assert at(total, "2026-03", ward="1").reason.code == "part_of_goal"


def test_the_running_month_is_partial_and_a_stale_dataset_makes_stale(read: Read) -> None:
    readings = read('type: derived, formula: "{spent} / {opened}"', as_of="2026-03-12")
    stale = read(
        'type: derived, formula: "{opened} / {staff}"',
        CASES,
        [{"day": MARCH}],
        clocks={"people": {"stale": True, "stale_days": 40}},
    )

    assert (at(readings, "2026-03").status, at(readings, "2026-03").complete) == (Status.PARTIAL, False)
    assert at(readings, "2026-03").reason.args == {"through": "2026-03-12"}
    assert (at(stale, "2026-03").status, at(stale, "2026-03").reason.args["days"]) == (Status.STALE, 40)


def test_a_number_made_of_a_withheld_one_is_withheld(read: Read) -> None:
    cases = [case(MARCH, 5)] * 12 + [case(MARCH, 7, OTHER_WARD)] * 2 + [case(MARCH, 7, "3")] * 4
    readings = read('type: derived, formula: "10 * {opened}"', cases, city="privacy: {min_count: 5}\n")
    share = read("type: share, metric: opened, of: total", cases, city="privacy: {min_count: 5}\n")

    for found in (readings, share):
        assert at(found, "2026-03", ward=OTHER_WARD).suppressed
        assert at(found, "2026-03", ward=OTHER_WARD).reason.args == {"min_count": 5}
        assert at(found, "2026-03", ward="3").suppressed, "or the total less ward 1 would tell ward 2"
        assert not at(found, "2026-03", ward="1").suppressed


def test_too_few_rows_for_a_part_are_too_few_for_what_is_made_of_it(read: Read) -> None:
    text = DATASETS.replace(
        "measure: median(cost), unit: dollars, dimensions: [ward]",
        "measure: median(cost), unit: dollars, dimensions: [{by: ward, min_n: 3}]",
    )
    readings = read('type: derived, formula: "{middle} / 2"', declared=text)

    assert (at(readings, "2026-03", ward="1").status, at(readings, "2026-03", ward="1").reason.code) == (
        Status.TOO_SMALL,
        "too_few_rows",
    )


def test_metrics_made_of_made_metrics_are_worked_out_in_turn(read: Read) -> None:
    text = DATASETS + '  twice: {title: Twice, type: derived, formula: "2 * {opened}"}\n'
    readings = read('type: derived, formula: "{twice} + {opened}"', declared=text)

    assert at(readings, "2026-03").value == 9


def test_a_metric_made_of_one_that_fails_fails_with_it(read: Read) -> None:
    failed: dict[str, str] = {}
    text = DATASETS.replace("measure: sum(cost)", 'measure: "sum(cast(kind as number))"')
    readings = read('type: derived, formula: "{spent} / {opened}"', declared=text, failed=failed)

    assert [item.status for item in readings] == [Status.FAILED]
    assert failed["it"].startswith("`spent`, which it is made of")


def test_nothing_is_measured_before_all_it_is_made_of_are(read: Read) -> None:
    readings = read('type: derived, formula: "{opened} * 1", since: 2026-03-01')

    assert (at(readings, "2026-02").status, at(readings, "2026-02").value) == (Status.NOT_DUE, None)
    assert at(readings, "2026-03").value == 3


YEARS = [case(date(2025, 3, 1), 5), case(date(2025, 3, 2), 5), case(MARCH, 4), case(date(2025, 1, 2), -10)]
BEGAN = {"cases": {"first": date(2025, 1, 1)}}


@pytest.mark.parametrize(
    ("how", "opened", "spent"), [("percent", -50, 140), ("difference", -1, 14), ("ratio", 0.5, -0.4)]
)
def test_a_change_is_against_the_number_a_year_before(read: Read, how: str, opened: float, spent: float) -> None:
    cases = [*YEARS, case(JANUARY, 4)]
    of_rows = read(f"type: change, metric: opened, against: prior_year, as: {how}", cases, clocks=BEGAN)
    of_costs = read(f"type: change, metric: spent, against: prior_year, as: {how}", cases, clocks=BEGAN)

    assert at(of_rows, "2026-03").value == opened
    assert at(of_costs, "2026-01").value == pytest.approx(spent), "up from less than nothing is up"
    assert [item.name for item in at(of_rows, "2026-03").used] == ["opened", "opened@prior_year"]


def test_a_change_from_nothing_has_no_percentage_and_one_from_a_part_of_a_period_none_at_all(read: Read) -> None:
    readings = read("type: change, metric: opened, against: prior_period", YEARS, clocks=BEGAN, as_of="2026-03-20")

    assert at(readings, "2025-03").reason.code == "nothing_to_divide"
    assert (at(readings, "2025-04").value, at(readings, "2025-01").value) == (-100, None)
    assert (at(readings, "2026-03").value, at(readings, "2026-03").reason.code) == (None, "part_missing")


def test_a_percentage_changes_by_points(read: Read) -> None:
    shares = "numerator: {where: cost > 4}, denominator: count(*)"
    text = DATASETS + f"  dear: {{title: D, dataset: cases, type: ratio, {shares}}}\n"
    readings = read("type: change, metric: dear, against: prior_year", YEARS, declared=text, clocks=BEGAN)

    assert at(readings, "2026-03").value == -100


def test_a_change_may_be_against_the_same_time_of_a_named_year_or_against_one_named_period(read: Read) -> None:
    cases = [case(date(2024, 3, 1))] * 4 + [case(date(2025, 3, 1))] + [case(MARCH)] * 6
    began = {"cases": {"first": date(2024, 1, 1)}}
    of_year = read("type: change, metric: opened, against: 2024", cases, clocks=began)
    of_month = read("type: change, metric: opened, against: 2024-03", cases, clocks=began)
    of_fiscal = read("type: change, metric: opened, against: FY2024", cases, clocks=began)

    assert at(of_year, "2026-03").value == 50
    assert at(of_year, "2026-03").used[1].period == "2024-03"
    assert at(of_year, "2026-Q1").used[1].period == "2024-Q1"
    assert (at(of_year, "2024-03").value, at(of_year, "2025").used[1].period) == (0, "2024")
    assert at(of_month, "2026-04").value == -100
    assert at(of_month, "2024-02").value is None, "what it is held against comes later"
    assert at(of_month, "2026-Q1").value is None, "a month is no quarter"
    assert at(of_fiscal, "2026-03").used[1].period == "2024-03"
    assert at(of_fiscal, "2025-11").used[1].period == "2023-11"


def test_several_earlier_periods_stand_side_by_side(read: Read) -> None:
    readings = read(
        "type: change, metric: opened, against: [prior_year, prior_period], as: difference, dimensions: [ward]",
        [*YEARS, case(date(2026, 2, 1))], clocks=BEGAN,
    )  # fmt: skip

    assert at(readings, "2026-03").value == -1, "the first is the number of the whole"
    assert at(readings, "2026-03", against="prior_year").value == -1
    assert at(readings, "2026-03", against="prior_period").value == 0
    assert [item.period for item in at(readings, "2026-03", against="prior_period").used] == ["2026-03", "2026-02"]
    assert at(readings, "2026-03", ward="1").value == -1


def test_a_change_may_be_against_one_member_of_a_dimension(read: Read) -> None:
    cases = [case(MARCH), case(MARCH, kind="Fence"), case(MARCH, ward=OTHER_WARD)]
    readings = read("type: change, metric: opened, against: {ward: '1'}, as: difference", cases)

    assert at(readings, "2026-03").value == 1
    assert at(readings, "2026-03", ward="2").value == -1
    assert at(readings, "2026-03", ward="1").value == 0
    assert at(readings, "2026-03", kind="Lot").value == 1, "of the same kind in that ward"
    assert at(readings, "all").value == 1
    assert [dict(item.slice) for item in at(readings, "2026-03", kind="Lot").used] == [
        {"kind": "Lot"},
        {"kind": "Lot", "ward": "1"},
    ]


SPREAD = [case(date(2025, 5, 3), 7), case(date(2025, 8, 2), 1), case(JANUARY, 10), case(MARCH, 4, OTHER_WARD)]
FROM_MAY = {"cases": {"first": date(2025, 5, 1)}}


def test_a_running_total_is_of_the_fiscal_year_or_of_all_and_a_longer_period_has_that_of_its_end(read: Read) -> None:
    of_year = read("type: cumulative, metric: spent, over: fiscal_year", SPREAD, clocks=FROM_MAY)
    of_all = read("type: cumulative, metric: opened, over: all", SPREAD, clocks=FROM_MAY)

    assert [at(of_year, period).value for period in ("2025-08", "2025-12", "2026-01", "2026-04")] == [1, 1, 11, 15]
    assert [at(of_year, period).value for period in ("2025-Q4", "FY2026-Q3", "2025", "FY2026")] == [1, 15, 1, 15]
    assert [at(of_all, period).value for period in ("2025-05", "2025-08", "2026-06", "all")] == [1, 2, 4, 4]
    assert at(of_all, "2026-06", ward="2").value == 1
    assert [(item.name, item.period) for item in at(of_all, "2026-01").used] == [
        ("it@prior_period", "2025-12"),
        ("opened", "2026-01"),
    ]
    assert at(of_year, "FY2025").complete is False, "the records begin in May"
    assert (at(of_year, "2026").value, at(of_year, "2026").complete) == (15, False)


def test_a_window_is_of_so_many_periods_and_has_no_number_before_it_is_full(read: Read) -> None:
    total = read("type: cumulative, metric: spent, over: 3 months", SPREAD, clocks=FROM_MAY)
    average = read("type: cumulative, metric: opened, over: 3 months, as: average", SPREAD, clocks=FROM_MAY)

    assert at(total, "2025-06").value is None
    assert [at(total, period).value for period in ("2025-07", "2025-08", "2026-01", "2026-03")] == [7, 1, 10, 14]
    assert at(average, "2026-03").value == pytest.approx(2 / 3)
    assert at(average, "2026-Q1").value == pytest.approx(2 / 3)
    assert [item.period for item in at(average, "2026-03").used] == ["2026-03", "2026-02", "2026-01"]


def test_an_average_of_percentages_is_of_all_rows_and_one_of_a_stock_of_its_ends(read: Read) -> None:
    text = DATASETS + (
        "  dear: {title: D, dataset: cases, type: ratio, numerator: {where: cost > 4}, denominator: count(*)}\n"
        "  there: {title: T, dataset: cases, type: stock, opened: opened_on}\n"
    )
    cases = [case(JANUARY, 10), case(MARCH, 1), case(MARCH, 1), case(MARCH, 9)]
    dear = read("type: cumulative, metric: dear, over: all, as: average", cases, declared=text)
    there = read("type: cumulative, metric: there, over: 2 months, as: average", cases, declared=text)

    assert (at(dear, "2026-03").value, at(dear, "2026-03").numerator, at(dear, "2026-03").denominator) == (50, 2, 4)
    assert [at(there, period).value for period in ("2026-02", "2026-03", "2026-04")] == [1, 2.5, 4]


def test_a_running_total_over_a_gap_is_of_what_there_is_and_says_so(read: Read) -> None:
    covers = ((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 3, 1), date(2026, 6, 30)))
    readings = read("type: cumulative, metric: opened, over: all", clocks={"cases": {"covers": covers}})
    window = read("type: cumulative, metric: opened, over: 2 months", clocks={"cases": {"covers": covers}})

    assert [at(readings, key).value for key in ("2026-01", "2026-02", "2026-03")] == [2, 2, 5]
    assert (at(readings, "2026-03").status, at(readings, "2026-03").reason.code) == (Status.PARTIAL, "incomplete")
    assert at(readings, "2026-Q2").value == 5
    assert [at(window, key).value for key in ("2026-02", "2026-03", "2026-04")] == [None, None, 3]


def test_a_running_total_that_holds_a_withheld_number_is_withheld(read: Read) -> None:
    cases = [case(JANUARY)] * 9 + [case(date(2026, 2, 2))] * 2 + [case(MARCH)] * 9
    readings = read("type: cumulative, metric: opened, over: all", cases, city="privacy: {min_count: 5}\n")

    held = {item.period for item in readings if item.suppressed and not item.slice and item.grain == "month"}
    assert "2026-02" in held
    assert "2026-03" in held, "or what is shown for March would tell February"


def census(day: date, people: int, ward: str = "1") -> dict[str, Any]:
    return {"day": day, "people": people, "ward": ward}


COUNTED = """
datasets:
  cases:
    row: one row is one case
    source: {file: cases.csv}
    time: opened_on
    columns: {opened_on: {type: date}, ward: {type: text}, kind: {type: text}, cost: {type: number}}
  people:
    row: one row is the residents of a ward at a census
    source: {file: people.csv}
    time: day
    columns: {day: {type: date}, ward: {type: text}, people: {type: integer}}
metrics:
  opened: {title: Opened, dataset: cases, type: simple, measure: count(*), unit: cases, dimensions: [ward, kind]}
  residents:
    {title: Residents, dataset: people, type: snapshot, measure: sum(people), unit: people, dimensions: [ward],
     period: year}
"""
CENSUSES = [
    *(census(date(2015, 4, 1), 1000), census(date(2015, 4, 1), 3000, OTHER_WARD)),
    *(census(date(2025, 4, 1), 2000), census(date(2025, 4, 1), 6000, OTHER_WARD)),
]
KNOWN = {"people": {"first": date(2015, 1, 1), "as_of": "2025-04-01"}, "cases": {"first": date(2025, 1, 1)}}
PER_HEAD = 'type: ratio, numerator: "{opened}", denominator: "{residents}"'


def test_a_rate_per_resident_takes_the_last_census_that_is_known_by_the_end_of_each_period(read: Read) -> None:
    cases = [*[case(date(2025, 11, 2))] * 8, *[case(MARCH)] * 10, *[case(MARCH, ward=OTHER_WARD)] * 3]
    readings = read(f"{PER_HEAD}, per: 1000", cases, CENSUSES, declared=COUNTED, clocks=KNOWN)

    assert at(readings, "2025-11").value == pytest.approx(1000 * 8 / 4000), "the year of the next census still runs"
    assert at(readings, "2026-03").value == pytest.approx(1000 * 13 / 8000)
    assert at(readings, "2026-03", ward="1").value == pytest.approx(5)
    assert at(readings, "2026-03", ward="2").value == pytest.approx(0.5)
    assert at(readings, "2026-Q1").value == pytest.approx(1000 * 13 / 8000), "the count of the quarter, not a year's"
    assert at(readings, "all").value == pytest.approx(1000 * 21 / 8000)
    assert (at(readings, "2026-03").numerator, at(readings, "2026-03").denominator) == (13, 8000)
    assert [item.period for item in at(readings, "2026-03", ward="1").used] == ["2026-03", "2025"]
    assert (at(readings, "2026-03").complete, at(readings, "2026-03").status) == (True, Status.NO_GOAL)
    assert {item.start.year for item in readings if item.start} == {2024, 2025, 2026}, "only where cases are counted"
    assert {name for item in readings for name in item.slice} == {"ward"}


def test_the_whole_city_is_all_rows_over_all_residents_and_a_part_without_residents_has_no_rate(read: Read) -> None:
    cases = [case(MARCH), case(MARCH, ward=OTHER_WARD), case(MARCH, ward="(blank)"), case(MARCH, ward="9")]
    readings = read(f"{PER_HEAD}, per: 1000", cases, CENSUSES, declared=COUNTED, clocks=KNOWN)

    assert at(readings, "2026-03").value == pytest.approx(0.5)
    assert [at(readings, "2026-03", ward=ward).value for ward in ("(blank)", "9")] == [None, None]
    assert at(readings, "2026-03", ward="9").reason.code == "part_missing"


def test_a_rate_a_year_is_by_the_days_that_were_counted(read: Read) -> None:
    cases = [*[case(MARCH)] * 31, *[case(date(2024, 2, 2))] * 29]
    clocks = {**KNOWN, "cases": {"first": date(2024, 1, 1), "as_of": "2026-04-10"}}
    readings = read(f"{PER_HEAD}, per: 1000 a year", cases, CENSUSES, declared=COUNTED, clocks=clocks)

    assert at(readings, "2026-03").value == pytest.approx(1000 * 365 / 8000)
    assert at(readings, "2024-02").value == pytest.approx(1000 * 366 / 4000)
    assert at(readings, "2024").value == pytest.approx(1000 * 29 / 4000), "a whole year is as it is"
    assert at(readings, "2026").value == pytest.approx(1000 * 31 / 8000 * 365 / 90), "January to March"
    assert [item for item in readings if item.grain == "all"] == []


def test_residents_without_a_date_are_those_of_every_period(read: Read) -> None:
    text = (
        COUNTED.replace("    time: day\n", "")
        .replace("type: snapshot", "type: simple")
        .replace(",\n     period: year", "")
    )
    readings = read(f"{PER_HEAD}, per: 1000", [case(MARCH)], CENSUSES[2:], declared=text, clocks=KNOWN)

    assert at(readings, "2026-03").value == at(readings, "all").value == pytest.approx(0.125)
    assert at(readings, "2026-02").value == 0


def test_a_rate_before_the_first_census_has_no_number(read: Read) -> None:
    readings = read(PER_HEAD, [case(MARCH)], CENSUSES[:2], declared=COUNTED, clocks={
        "people": {"first": date(2015, 1, 1)}, "cases": {"first": date(2015, 1, 1)},
    })  # fmt: skip

    assert (at(readings, "2015-11").value, at(readings, "2015-11").reason.code) == (None, "part_missing")
    assert at(readings, "2015-12").value == 0


def test_two_counts_of_two_datasets_are_divided_where_both_are_complete(read: Read) -> None:
    people = [{"day": MARCH, "ward": "1"}, {"day": MARCH, "ward": "1"}, {"day": MARCH, "ward": "3"}]
    readings = read('type: ratio, numerator: "{opened}", denominator: "{staff}", unit: cases', CASES, people)

    assert at(readings, "2026-03").value == 1
    assert at(readings, "2026-03", ward="1").value == 1
    assert at(readings, "2026-04").reason.code == "nothing_to_divide"


def test_a_rate_made_of_a_withheld_count_is_withheld(read: Read) -> None:
    cases = [*[case(MARCH)] * 12, *[case(MARCH, ward=OTHER_WARD)] * 2]
    readings = read(
        PER_HEAD, cases, CENSUSES, declared=COUNTED, clocks=KNOWN, city="privacy: {min_count: 5}\n"
    )  # fmt: skip

    assert at(readings, "2026-03", ward=OTHER_WARD).suppressed


SINCE = "{value: 2, source: A}"
CHANGING = "[{value: 2, source: A}, {value: 3, source: B, from: 2026-02-01}]"


def test_a_number_in_another_unit_is_it_times_the_factor_in_every_period_and_part(read: Read) -> None:
    readings = read(f"type: equivalent, metric: spent, unit: tonnes, factor: {SINCE}")

    assert [at(readings, key).value for key in ("2026-01", "2026-03", "2026-Q1", "all")] == [80, 24, 104, 104]
    assert at(readings, "2026-03", ward="2").value == 8
    assert [(item.metric, item.period, item.value) for item in at(readings, "2026-Q1").used] == [
        ("spent", "2026-Q1", 52)
    ]


def test_a_period_has_the_factor_in_force_when_it_begins_and_a_longer_one_the_sum_of_its_periods(read: Read) -> None:
    readings = read(f"type: equivalent, metric: spent, unit: tonnes, factor: {CHANGING}")

    assert [at(readings, key).value for key in ("2026-01", "2026-03", "2026-Q1", "2026-Q2")] == [80, 36, 116, 0]
    assert [item.period for item in at(readings, "2026-Q1").used] == ["2026-01", "2026-02", "2026-03"]
    assert (at(readings, "all").value, at(readings, "2026").complete) == (116, False)
    assert at(readings, "2026-Q1", ward="2").value == 72


def test_before_the_first_factor_there_is_no_number_and_no_sum_that_would_need_one(read: Read) -> None:
    late = "[{value: 2, source: A, from: 2026-02-01}, {value: 3, source: B, from: 2026-03-01}]"
    readings = read(f"type: equivalent, metric: spent, unit: tonnes, factor: {late}")

    assert [at(readings, key).value for key in ("2026-01", "2026-03", "2026-Q1", "2026-Q2")] == [None, 36, None, 0]
    assert (at(readings, "2026-01").status, at(readings, "2026-01").reason.code) == (Status.NO_DATA, "part_missing")


def test_what_other_official_factors_would_give_stands_beside_it(read: Read) -> None:
    others = "others: {Ministry: {value: 5, source: C}, Agency: " + CHANGING + "}"
    readings = read(f"type: equivalent, metric: spent, unit: tonnes, factor: {SINCE}, {others}, dimensions: [ward]")

    assert at(readings, "2026-03").value == 24
    assert [at(readings, "2026-Q1", factor=who).value for who in ("Ministry", "Agency")] == [260, 116]
    assert {tuple(item.slice) for item in readings} == {(), ("ward",), ("factor",)}


def test_a_window_is_of_the_periods_that_the_total_itself_has(read: Read) -> None:
    readings = read("type: cumulative, metric: opened, over: 2 quarters, period: quarter", SPREAD, clocks=FROM_MAY)

    assert [at(readings, key).value for key in ("2025-Q4", "2026-Q1")] == [1, 2]


def test_a_number_made_of_others_is_held_against_a_goal_that_moves_and_against_another_metric(read: Read) -> None:
    slope = "goal: {target: {from: 0, on: 2026-01-01, to: 12, by: 2026-03-31}}"
    moved = read(f'type: derived, formula: "{{spent}} / {{opened}}", unit: dollars, better: higher, {slope}')
    middle = read(
        'type: derived, formula: "{spent} / {opened}", unit: dollars, better: lower, goal: {target: "{middle}"}'
    )

    assert [(at(moved, key).goal, at(moved, key).status) for key in ("2026-01", "2026-03")] == [
        (4, Status.MET),
        (12, Status.OFF_TRACK),
    ]
    assert (at(middle, "2026-03", ward="1").goal, at(middle, "2026-03", ward="1").status) == (8, Status.MET)


def test_a_withheld_number_is_no_goal_by_which_it_could_be_guessed(read: Read) -> None:
    few = (
        "  few: {title: Few, dataset: people, type: simple, measure: count(*), unit: cases, privacy: {min_count: 5}}\n"
    )
    goal = 'type: simple, dataset: cases, measure: count(*), unit: cases, better: higher, goal: {target: "{few}"}'

    january = at(read(goal, people=[{"day": JANUARY}], declared=DATASETS + few), "2026-01")

    assert (january.status, january.reason.code, january.goal) == (Status.INFORMATIONAL, "no_target", None)


MEANS = "breaks: [{on: 2026-02-01, what: Calls by app count too, compare: HOW}]"
BREAKS = DATASETS.replace("unit: cases,", f"unit: cases, {MEANS},")
CHANGE = "type: change, metric: opened, against: prior_period, as: difference"


@pytest.mark.parametrize(("compare", "february", "march"), [("refuse", None, 3.0), ("mark", -2.0, 3.0)])
def test_what_is_counted_may_change_and_no_number_is_held_against_one_of_another_meaning(
    read: Read, compare: str, february: float | None, march: float
) -> None:
    found = read(CHANGE, declared=BREAKS.replace("HOW", compare))

    assert (at(found, "2026-02").value, at(found, "2026-03").value) == (february, march)
    assert at(found, "2026-02", ward="1").value == (None if compare == "refuse" else -1)


def test_a_number_that_is_not_taken_across_a_break_says_why(read: Read) -> None:
    found = at(read(CHANGE, declared=BREAKS.replace("HOW", "refuse")), "2026-02")

    assert (found.status, found.reason.code) == (Status.NO_DATA, "broken")
    assert dict(found.reason.args) == {"on": "2026-02-01", "what": {"en": "Calls by app count too"}}
    assert [(item.name, item.value) for item in found.used] == [("opened", 0), ("opened@prior_period", None)]


def test_a_metric_made_of_one_that_changed_has_its_break(read: Read) -> None:
    twice = BREAKS.replace("HOW", "refuse") + '  double: {title: Double, type: derived, formula: "{opened} * 2"}\n'

    found = read(CHANGE.replace("metric: opened", "metric: double"), declared=twice)

    assert (at(found, "2026-02").reason.code, at(found, "2026-03").value) == ("broken", 6)
