"""Ages in completed years, and the one band of those who would stand out by theirs."""

from __future__ import annotations

from datetime import date

__all__ = ["OLDEST", "age_on", "age_shown"]

OLDEST = 90
"""From this age on people are in one band (HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C))."""


def age_on(born: date, day: date) -> int:
    """Return the completed years on ``day``; who was born on 29 February has a birthday on 1 March in common years.

    >>> age_on(date(2000, 2, 29), date(2018, 2, 28)), age_on(date(2000, 2, 29), date(2018, 3, 1))
    (17, 18)

    Raises:
        ValueError: ``day`` lies before the birth.
    """
    if day < born:
        raise ValueError("nobody has an age before being born")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_shown(age: int) -> str:
    """Return an age as it may be published.

    >>> age_shown(89), age_shown(90), age_shown(103)
    ('89', '90+', '90+')
    """
    return f"{OLDEST}+" if age >= OLDEST else str(age)
