"""Code enforcement cases: tall grass every summer, and a backlog that a change of policy bends in July 2025."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from civicstat.demo.draw import along, chance, day_in, next_working_day, pick, us_day

__all__ = ["HEADER", "POLICY", "Row", "cases", "updates", "with_faults"]

HEADER = (
    "Case Number", "Opened", "First Inspected", "Due", "Closed", "Case Type", "District", "Ward", "Address",
    "Violation", "Fine", "Survey", "Reported By", "Updated",
)  # fmt: skip

POLICY = date(2025, 7, 1)
"""From this day lots are closed on the owner's dated photograph, and two inspectors work only on the oldest cases."""

Row = list[str]

# Case type → (weight from November to March, weight from April to October, days promised, pace of closing)
_TYPES = {
    "Overgrown lot": (8, 34, 30, 0.8),
    "Trash and debris": (30, 24, 30, 0.9),
    "Abandoned vehicle": (18, 12, 21, 0.7),
    "Rental housing": (22, 14, 60, 1.2),
    "Unsafe building": (12, 8, 90, 2.0),
    "Zoning": (10, 8, 60, 1.4),
}
_WARDS = {"Northside": "12", "Riverfront": "34", "Old Town": "56", "Westgate": "78", "Southpark": "9"}
_DISTRICTS = (("Northside", 18), ("Riverfront", 14), ("Old Town", 30), ("Westgate", 16), ("Southpark", 21), ("", 1))
_STREETS = ("Alder St", "Peña Blvd", "Mill Rd", "Ferry Ln", "Third Ave", "Quarry Rd", "Lincoln St", "Orchard Ct")
_FINES = (("$75.00", 40), ("$150.00", 35), ("$250.00", 17), ("$1,000.00", 8))
_WEEKDAY = (1.25, 1.2, 1.1, 1.05, 1.1, 0.3, 0.2)
_MONTHS = (0.72, 0.74, 0.9, 1.06, 1.25, 1.3, 1.28, 1.2, 1.08, 0.96, 0.8, 0.7)

# Month number (0 is November 2021; 44 is July 2025) → how much longer a case lasts, and share inspected in two weeks.
_SLOWNESS = ((0, 0.9), (14, 1.15), (28, 1.7), (43, 2.5), (44, 1.35), (52, 1.02), (60, 0.97))
_PROMPT = ((0, 0.84), (20, 0.74), (43, 0.62), (46, 0.78), (54, 0.9), (60, 0.94))
_DAYS_TO_CLOSE = ((0, 0), (0.1, 6), (0.3, 15), (0.5, 29), (0.75, 58), (0.9, 118), (0.97, 260), (1, 620))
_PROMPT_DAYS = ((0, 0), (0.5, 6), (0.9, 11), (1, 12.99))
_TARDY_DAYS = ((0, 15), (0.5, 24), (0.9, 47), (1, 110))


def cases(rng: Random, first: date, last: date) -> Iterator[Row]:
    """Yield the cases opened from ``first`` to ``last``, as they stand at the end of ``last``.

    Before them come those carried over: opened earlier in the year of ``first`` and still open on that day.
    """
    day, serial = date(first.year, 1, 1), 0
    while day <= last:
        rate = 17 * _MONTHS[day.month - 1] * _WEEKDAY[day.weekday()]
        for _ in range(int(rate * (0.7 + 0.6 * rng.random()) + 0.5)):
            serial += 1
            row, closed = _case(rng, f"CE-{day.year}-{serial:05d}", day, first, last)
            if day >= first or closed is None or closed >= first:
                yield row
        day += timedelta(days=1)


def _case(rng: Random, name: str, opened: date, first: date, last: date) -> tuple[Row, date | None]:
    month = (opened.year - first.year) * 12 + opened.month - first.month + (opened.day - 1) / 31
    summer = 4 <= opened.month <= 10
    kind = pick(rng, [(kind, row[1] if summer else row[0]) for kind, row in _TYPES.items()])
    district = pick(rng, _DISTRICTS)
    prompt = chance(rng, along(_PROMPT, month))
    inspected = next_working_day(opened + timedelta(days=day_in(rng, _PROMPT_DAYS if prompt else _TARDY_DAYS)))
    ended = next_working_day(_end(rng, opened, _TYPES[kind][3] * along(_SLOWNESS, month)))
    never = chance(rng, 0.006)
    violation = pick(rng, (("yes", 66), ("no", 34)))
    closed = None if never or ended > last else ended
    inspected = min(inspected, ended)  # nothing is closed unseen
    seen = inspected if inspected <= last else None
    due = opened + timedelta(days=_TYPES[kind][2])
    ward = _WARDS.get(district, "1")
    fine = pick(rng, _FINES) if seen and violation == "yes" and chance(rng, 0.14) else ""
    number = 100 + int(rng.random() * 4200)
    street = _STREETS[int(rng.random() * len(_STREETS))]
    unit = f", Unit {1 + int(rng.random() * 12)}" if kind == "Rental housing" else ""
    row = [
        name, us_day(opened), us_day(seen), us_day(due) if chance(rng, 0.97) else "", us_day(closed), kind, district,
        ward[int(rng.random() * len(ward))] if district else "", f"{number} {street}{unit}",
        violation if seen else "", fine, "", f"Neighbor {1 + int(rng.random() * 9000):04d}",
        us_day(closed or seen or opened),
    ]  # fmt: skip
    return row, closed


def _end(rng: Random, opened: date, slowness: float) -> date:
    """What is still open when the policy starts takes less than half of the time it had left."""
    days = day_in(rng, _DAYS_TO_CLOSE) * slowness
    before = (POLICY - opened).days
    if 0 < before < days:
        days = before + (days - before) * 0.42
    return opened + timedelta(days=int(days))


def updates(rng: Random, rows: list[Row]) -> list[Row]:
    """Take back what was keyed late: returns the newer versions, and leaves the older ones in ``rows``."""
    newer = []
    for row in rows:
        if row[4] and row[4] != row[2] and chance(rng, 0.02):
            newer.append(list(row))
            row[4], row[-1] = "", row[2] or row[1]
    return newer


def with_faults(rng: Random, rows: list[Row]) -> list[Row]:
    """Return the rows with what a real export holds: bad dates, cases closed before they opened, rows twice, typos."""
    out: list[Row] = []
    for row in rows:
        fate = rng.random()
        if fate < 0.0010:
            row[1] = "see file"
        elif fate < 0.0018 and row[4]:
            row[4] = f"13/45/{row[4][6:]}"
        elif fate < 0.0026 and row[4]:
            row[4] = _slipped(row[1])
        elif fate < 0.0036:
            row[6] = row[7] = "N/A"
        elif fate < 0.0037:
            row[1] = f"{row[1][:6]}2062"
        out.append(row)
        if 0.0040 < fate < 0.0055:
            out.append(list(row))
    return out


def _slipped(text: str) -> str:
    """Return the day a month before: closed before it was opened."""
    month, day, year = (int(part) for part in text.split("/"))
    return us_day(date(year, month, day) - timedelta(days=30))
