"""Which periods' readings are those of the last time: whatever they are made of has a name, and names are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from civicstat.results.clock import Clock
from civicstat.results.suppress import threshold
from civicstat.spec import Privacy

__all__ = ["names_of"]

_DIGITS = 20


def names_of(made_of: Mapping[str, object], shared: object, privacy: Privacy | None, clock: Clock) -> dict[str, str]:
    """Return by period a name of all that its readings are made of, another where any of it is another.

    ``made_of`` says what each period's readings alone are made of, ``shared`` what those of all periods are. Of the
    clock a reading shows what the period says of it, and that news are overdue. Which numbers are withheld follows from
    all periods together: with ``privacy`` they are alike all or none.
    """
    overdue = (clock.last_day, clock.stale_days) if clock.stale else None
    least = threshold(privacy) if privacy else None
    together = sorted(made_of.items()) if privacy else None
    common = _name((shared, overdue, least, together))
    return {period: _name((common, own)) for period, own in made_of.items()}


def _name(content: object) -> str:
    return hashlib.sha256(repr(content).encode()).hexdigest()[:_DIGITS]
