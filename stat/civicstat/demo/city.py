"""Everything Riverbend's systems export, written as files under ``data/demo/``."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from civicstat.demo import calls, cases
from civicstat.demo.draw import along, chance, day_in, pick, us_day

__all__ = ["AS_OF", "FIRST_DAY", "write_city"]

FIRST_DAY = date(2021, 11, 1)
AS_OF = date(2026, 11, 2)
"""The day the exports were taken: five whole years end on 31 October 2026, two days of November are in."""

_UNITS = (("Field inspection", 20), ("Demolition", 14), ("911 floor", 12), ("Housing", 2), ("Front office", 2))
_NATURES = (("Strain", 40), ("Fall", 22), ("Dog bite", 14), ("Cut", 14), ("Heat", 10))


def write_city(target: Path) -> None:
    """Write the records of Riverbend under ``target``: some 140,000 rows in 71 files, always the same bytes."""
    folder = target / "data" / "demo"
    _write_calls(Random("riverbend 911"), folder / "calls")
    _write_cases(Random("riverbend code enforcement"), folder / "cases")
    _write_reviews(Random("riverbend call reviews"), folder / "call_reviews")
    _write_injuries(Random("riverbend injuries"), folder / "injuries")


def _write_calls(rng: Random, folder: Path) -> None:
    late: list[calls.Row] = []
    days = calls.calls(rng, FIRST_DAY, AS_OF)
    for month, group in itertools.groupby(days, key=lambda entry: f"{entry[0]:%Y-%m}"):
        rows, after = calls.with_faults(rng, [row for _, found in group for row in found])
        _write(folder / f"calls-{month}.csv", calls.HEADER, late + rows)
        late = after


def _write_cases(rng: Random, folder: Path) -> None:
    rows = list(cases.cases(rng, FIRST_DAY, AS_OF))
    newer = cases.updates(rng, rows)
    for year, group in itertools.groupby(rows, key=lambda row: row[1][6:]):
        _write(folder / f"cases-{year}.csv", cases.HEADER, cases.with_faults(rng, list(group)), encoding="utf-8-sig")
    _write(folder / "cases-updates.csv", cases.HEADER, newer)


def _write_reviews(rng: Random, folder: Path) -> None:
    """Write supervisors' reviews of calls: the export stopped when the software changed at the end of July 2026."""
    rows = []
    day = date(2023, 1, 3)
    while day <= date(2026, 7, 31):
        if day.weekday() < 5:
            passed = along(((0, 0.84), (1290, 0.93)), (day - date(2023, 1, 3)).days)
            rows += [
                [f"R{day:%y%m%d}-{number}", us_day(day), pick(rng, (("Day", 5), ("Evening", 4), ("Night", 2))),
                 "yes" if chance(rng, passed) else "no"]
                for number in (1, 2)
            ]  # fmt: skip
        day += timedelta(days=1)
    _write(folder / "reviews.csv", ("Review", "Reviewed", "Shift", "Protocol followed"), rows)


def _write_injuries(rng: Random, folder: Path) -> None:
    """Write each quarter's export, which replaces the one before, below the two title lines its system prints."""
    rows: list[tuple[date, list[str]]] = []
    day = FIRST_DAY
    while day <= AS_OF:
        for _ in range(4):  # four crews a day at the most risk
            if not chance(rng, 0.2 if 5 <= day.month <= 9 else 0.16):
                continue
            lost = day_in(rng, ((0, 1), (0.6, 4), (0.9, 15), (1, 60))) if chance(rng, 0.13) else 0
            name = f"Employee {1 + int(rng.random() * 420):03d}"
            report = [f"WI-{len(rows) + 1:04d}", us_day(day), pick(rng, _UNITS), pick(rng, _NATURES), str(lost), name]
            rows.append((day, report))
        day += timedelta(days=1)
    titles = "City of Riverbend\nWork injuries, all departments\n"
    header = ("Report", "Date", "Unit", "Nature", "Days Lost", "Employee")
    for taken in (date(2026, 7, 31), AS_OF):
        known = [row for happened, row in rows if happened <= taken]
        _write(folder / f"injuries-{taken:%Y-%m-%d}.csv", header, known, titles=titles)


def _write(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], *, encoding: str = "utf-8", titles: str = ""
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(titles)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
