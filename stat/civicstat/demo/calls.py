"""911 calls: seasons, busy hours, a bonus that changed nothing and a second evening shift that did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from civicstat.demo.draw import along, at, chance, day_in, pick

__all__ = ["HEADER", "Row", "calls", "with_faults"]

HEADER = (
    "Call ID", "Received", "Answered", "Dispatched", "Arrived", "Priority", "District", "Language", "Satisfied",
    "Updated",
)  # fmt: skip

Row = list[str]

_MONTHS = (0.90, 0.88, 0.94, 0.98, 1.05, 1.10, 1.16, 1.12, 1.03, 1.00, 0.92, 0.94)
_BY_HOUR = (26, 20, 16, 13, 12, 14, 20, 30, 38, 42, 45, 48, 51, 53, 55, 59, 63, 66, 64, 60, 54, 47, 40, 33)
_HOURS = tuple(enumerate(_BY_HOUR))
_DISTRICTS = (
    ("Northside", 21), ("Riverfront", 17), ("Old Town", 24), ("Westgate", 15), ("Southpark", 22), ("", 0.8),
    ("N/A", 0.4),
)  # fmt: skip
_PRIORITIES = (("1", 22), ("2", 47), ("3", 31))
_LANGUAGES = (("English", 80), ("Spanish", 17), ("Other", 3))

# Month number (0 is November 2021) → share answered in ten seconds, and share of callers who hang up.
# Month 27, February 2024: a hiring bonus, without effect. Month 44, July 2025: a second evening shift.
_QUICK = ((0, 0.895), (12, 0.86), (20, 0.815), (27, 0.8), (36, 0.8), (44, 0.805), (50, 0.87), (57, 0.893), (60, 0.883))
_ABANDONED = ((0, 0.032), (20, 0.052), (44, 0.055), (52, 0.03), (60, 0.021))
_EVENING = range(15, 23)

_QUICK_SECONDS = ((0, 1), (0.3, 4), (0.7, 7), (1, 10.99))
_SLOW_SECONDS = ((0, 11), (0.5, 18), (0.85, 35), (0.97, 70), (1, 180))
_HANDLING = {  # seconds from answer to dispatch
    "1": ((0, 14), (0.5, 43), (0.85, 78), (0.95, 115), (1, 240)),
    "2": ((0, 25), (0.5, 95), (0.9, 210), (1, 600)),
    "3": ((0, 40), (0.5, 240), (0.9, 700), (1, 2400)),
}
_TRAVEL = {  # seconds from dispatch to arrival
    "1": ((0, 90), (0.5, 265), (0.85, 385), (0.95, 520), (1, 1200)),
    "2": ((0, 120), (0.5, 390), (0.9, 700), (1, 1900)),
    "3": ((0, 180), (0.5, 900), (0.9, 1900), (1, 5400)),
}
_FAR = {"Westgate": 1.16, "Southpark": 1.07, "Old Town": 0.9}
_SENT = {"1": 0.985, "2": 0.86, "3": 0.52}


def calls(rng: Random, first: date, last: date) -> Iterator[tuple[date, list[Row]]]:
    """Yield each day from ``first`` to ``last`` with its calls in order of arrival, in the columns of ``HEADER``."""
    day, serial = first, 0
    while day <= last:
        month = (day.year - first.year) * 12 + day.month - first.month
        growth = 1 + month * 0.0022
        weekend = 1.12 if day.weekday() >= 5 else 0.98
        number = int(52 * _MONTHS[day.month - 1] * growth * weekend * (0.8 + 0.4 * rng.random()) + 0.5)
        moments = sorted(
            datetime.combine(day, time(pick(rng, _HOURS))) + timedelta(seconds=int(rng.random() * 3600))
            for _ in range(number)
        )
        rows = []
        for received in moments:
            serial += 1
            rows.append(_call(rng, f"{day:%y}-{serial:06d}", received, month + (day.day - 1) / 31))
        yield day, rows
        day += timedelta(days=1)


def _call(rng: Random, name: str, received: datetime, month: float) -> Row:
    district = pick(rng, _DISTRICTS)
    priority = pick(rng, _PRIORITIES)
    answered = dispatched = arrived = None
    if not chance(rng, along(_ABANDONED, month)):
        evening = received.hour in _EVENING
        relief = along(((44, 0.0), (52, 0.05)), month) if evening else 0.0
        quick = along(_QUICK, month) + (relief - 0.055 if evening else 0.035)
        answered = received + timedelta(seconds=day_in(rng, _QUICK_SECONDS if chance(rng, quick) else _SLOW_SECONDS))
        if chance(rng, _SENT[priority]):
            dispatched = answered + timedelta(seconds=day_in(rng, _HANDLING[priority]))
            if not chance(rng, 0.004):
                travel = day_in(rng, _TRAVEL[priority]) * _FAR.get(district, 1.0)
                arrived = dispatched + timedelta(seconds=int(travel))
    updated = (arrived or dispatched or answered or received) + timedelta(minutes=int(20 + 90 * rng.random()))
    language = pick(rng, _LANGUAGES)
    moments = (at(received), at(answered), at(dispatched), at(arrived))
    return [name, *moments, priority, district, language, "", at(updated)]


def with_faults(rng: Random, rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Return a month's rows as a real system exports them, and the late versions that follow in the next file.

    A few arrivals come late (the row comes again, updated), a clock slips, a date is no date, a word stands for
    no value, and every now and then the header is repeated in the middle.
    """
    late: list[Row] = []
    for row in rows:
        fate = rng.random()
        if fate < 0.003 and row[4]:
            late.append([*row[:9], _later(row[9], days=3)])
            row[4] = ""
        elif fate < 0.0036:
            row[1] = f"{row[1][:8]}32{row[1][10:]}"  # the 32nd of a month
        elif fate < 0.0042 and row[2]:
            row[2] = _later(row[1], minutes=-2)  # answered before it came in
        elif fate < 0.006 and not row[4]:
            row[4] = "--"
    if chance(rng, 0.08):
        rows.insert(len(rows) // 2, list(HEADER))
    return rows, late


def _later(text: str, **by: int) -> str:
    return at(datetime.fromisoformat(text) + timedelta(**by))
