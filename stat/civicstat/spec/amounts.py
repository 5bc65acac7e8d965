"""Amounts as people write them: percentages, points, days and limits."""

from __future__ import annotations

import re

from civicstat.spec.cursor import Value
from civicstat.spec.kinds import (
    ELAPSED,
    FixedLimit,
)
from civicstat.spec.model import (
    Near,
)

__all__ = ["DURATIONS", "read_amount", "read_limit", "read_near"]

DURATIONS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0, "weeks": 604800.0}

_NUMBER = r"([-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?|[-+]?\.[0-9]{1,15})"
_PERCENT = re.compile(_NUMBER + r" ?%")
_MEASURED = re.compile(_NUMBER + r" ([a-z_]+)")
_PLAIN = re.compile(_NUMBER)


def read_amount(value: Value, unit: str) -> float:
    """Return an amount in the metric's unit: ``80%`` is 80 for a percent metric, ``14`` or ``14 days`` for others.

    What could mean two things is a fault that asks.
    """
    text = value.bare
    percent, plain, measured = _PERCENT.fullmatch(text), _PLAIN.fullmatch(text), _MEASURED.fullmatch(text)
    if unit == "percent":
        if percent:
            return float(percent[1])
        if plain:
            number = float(plain[1])
            shown = f"`{number * 100:g}%` or `{number:g}%`" if abs(number) <= 1 else f"`{number:g}%`"
            value.fault("percent-or-number", "a percentage", f"the unit is percent: is {shown} meant?")
            return number
        value.fault("not-a-number", "a percentage, as `80%`")
        return 0.0
    if percent:
        said = f"the unit is `{unit}`" if unit else "the metric has no unit"
        value.fault(
            "percent-or-number", "a number", f"{said}: is `{percent[1]}` meant, or should the unit be `percent`?"
        )
        return float(percent[1])
    if plain:
        return float(plain[1])
    if measured and unit and measured[2].rstrip("s") == unit.rstrip("s"):
        return float(measured[1])
    value.fault("not-a-number", f"a number of {unit}, as `14`" if unit else "a number")
    return 0.0


def read_near(value: Value, unit: str | None = None) -> Near:
    """Return the band called near: ``10%`` of the target, ``3 points``, ``2 days``, or the value where it begins.

    ``unit`` is the metric's; None for the city's default, which has to fit every metric.
    """
    text = value.bare
    percent, plain, measured = _PERCENT.fullmatch(text), _PLAIN.fullmatch(text), _MEASURED.fullmatch(text)
    near = Near("share", 0.0)
    if percent:
        near = Near("share", float(percent[1]) / 100)
    elif measured and measured[2] in ("point", "points"):
        if unit not in ("percent", None):
            value.fault("percent-or-number", "a share as `10%`, or a value", "points are there for a percentage only")
        near = Near("units", float(measured[1]))
    elif measured and unit and measured[2].rstrip("s") == unit.rstrip("s"):
        near = Near("units", float(measured[1]))
    elif plain and unit == "percent":
        number = plain[1]
        mend = f"is `{number} points` or `{number}%` of the target meant?"
        value.fault("percent-or-number", "points or a share of the target", mend)
    elif plain and unit is not None:
        near = Near("value", float(plain[1]))
    else:
        wanted = "a share of the target as `10%`, or `3 points`"
        value.fault("not-a-number", wanted + (", or a value" if unit else ""))
    if near.amount < 0 and near.kind != "value":
        value.fault("not-a-number", "an amount above 0")
    return near


def read_limit(value: Value) -> FixedLimit:
    """Return a limit as ``5 days``, ``8 minutes``; the elapsed time may be as long, not longer."""
    match = _MEASURED.fullmatch(value.bare)
    word = match[2] if match else ""
    if match and word in ("business_day", "business_days") and match[1].isdigit():
        return FixedLimit(0.0, value.bare, int(match[1]))
    true_time = word.startswith(ELAPSED)
    word = word.removeprefix(ELAPSED)
    unit = word if word in DURATIONS else f"{word}s"
    if not match or unit not in DURATIONS or float(match[1]) < 0:
        value.fault("not-a-duration", "a length of time, as `5 days`, `8 minutes`, `90 seconds`, `48 elapsed_hours`")
        return FixedLimit(0.0, value.bare)
    return FixedLimit(float(match[1]) * DURATIONS[unit], value.bare, true_time=true_time)
