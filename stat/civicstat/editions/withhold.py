"""What those outside the office may not see: withheld numbers and sensitive columns."""

from __future__ import annotations

from civicstat.results import Reading, Reason, Status

__all__ = ["blanked", "withheld_status"]

_BEFORE_TOO_SMALL = frozenset({Status.FAILED, Status.NOT_DUE, Status.STALE})


def blanked(reading: Reading, min_count: int) -> Reading:
    """Return the reading without value, parts and counts where it is suppressed, else the reading itself.

    A withheld cell without a value says that it is withheld too: ``no_data`` would tell that nothing was counted.
    """
    if not reading.suppressed:
        return reading
    status = withheld_status(reading.status)
    return reading._replace(
        value=None,
        numerator=None,
        denominator=None,
        n=None,
        gap=None,
        aside={},
        used=(),
        final=reading.complete,  # whether an outcome is pending would tell of the rows
        status=status,
        reason=Reason("too_small", {"min_count": min_count}) if status is Status.TOO_SMALL else reading.reason,
    )


def withheld_status(status: Status) -> Status:
    """Return the status that is published of a withheld reading."""
    return status if status in _BEFORE_TOO_SMALL else Status.TOO_SMALL
