"""Goals and statuses in words: what was promised, and whether it was kept."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from civicstat.statistics import round_half_up
from civicstat.words.amount import number, value_parts, value_text
from civicstat.words.phrase import capital, pick
from civicstat.words.table import template

__all__ = ["compared_text", "goal_label", "goal_text", "near_text", "status_word", "tally_text", "target_digits"]

Target = float | tuple[float, float]


def goal_text(
    target: Target,
    better: str,
    unit: str,
    decimals: int,
    lang: str,
    prefix: str = "",
    suffix: str = "",
    compact: bool = False,
) -> str:
    r"""Return the promise with its direction, printed exactly: at most two digits more than ``decimals``.

    >>> goal_text(92, "higher", "percent", 1, "en"), goal_text(14, "lower", "days", 1, "es")
    ('at least 92\xa0%', 'no más de 14 días')
    >>> goal_text((3, 5), "within", "days", 1, "en"), goal_text((0.5, 1), "within", "dollars", 0, "es")
    ('between 3 and 5 days', 'entre $0.5 y $1')
    """
    if isinstance(target, tuple):
        low, high = _range(target, unit, decimals, lang, prefix, suffix, compact)
        return template("goal.between", lang).format(low=low, high=high)
    value = value_text(target, unit, target_digits(target, decimals), lang, prefix, suffix, compact)
    key = {"higher": "goal.at_least", "lower": "goal.at_most"}.get(better, "goal.exactly")
    return template(key, lang).format(value=value)


def near_text(
    near: Target, better: str, word: str, unit: str, decimals: int, lang: str, prefix: str = "", suffix: str = ""
) -> str:
    r"""Return how far off the goal still counts as near, beside the goal, which gives the unit; ``word`` is its status.

    >>> near_text(99, "lower", "Near", "seconds", 0, "en"), near_text(88, "higher", "Cerca", "percent", 1, "es")
    ('up to 99 counts as near', 'cerca desde 88\xa0%')
    >>> near_text((50, 80), "within", "Near", "percent", 1, "en")
    '50\xa0% to 80\xa0% counts as near'
    """
    unit = unit if unit in ("percent", "dollars") else ""
    ends = near if isinstance(near, tuple) else (near, near)
    low, high = (value_text(end, unit, target_digits(end, decimals), lang, prefix, suffix) for end in ends)
    key = {"higher": "goal.near_from", "lower": "goal.near_to"}.get(better, "goal.near_between")
    return template(key, lang).format(low=low, high=high, near=capital(word, lower=True))


def goal_label(
    target: Target, unit: str, decimals: int, lang: str, prefix: str = "", suffix: str = "", compact: bool = False
) -> str:
    r"""Return the goal as it stands beside its line on a chart; the axis gives the unit, unless it is a percent.

    >>> goal_label(92, "percent", 1, "en"), goal_label(1000, "cases", 0, "es"), goal_label((3, 5), "days", 1, "en")
    ('Goal 92\xa0%', 'Meta 1,000', 'Goal 3 to 5')
    """
    unit = unit if unit in ("percent", "dollars") else ""
    if isinstance(target, tuple):
        low, high = _range(target, unit, decimals, lang, prefix, suffix, compact)
        return template("goal.label_range", lang).format(low=low, high=high)
    value = value_text(target, unit, target_digits(target, decimals), lang, prefix, suffix, compact)
    return template("goal.label", lang).format(value=value)


def compared_text(compare_at: int | None, lang: str) -> str:
    """Return at which precision value and goal are compared, for the line beside a status.

    >>> compared_text(None, "en"), compared_text(0, "en"), compared_text(1, "es")
    ('compared before rounding', 'compared as whole numbers', 'comparado con 1 decimal')
    """
    if compare_at is None:
        return template("goal.compared_unrounded", lang)
    if compare_at <= 0:
        return template("goal.compared_whole", lang)
    return template("goal.compared", lang, one=compare_at == 1).format(decimals=compare_at)


def status_word(status: str, lang: str, overrides: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Return the word of a status: the city's own where ``overrides`` has one.

    >>> status_word("off_track", "en"), status_word("met", "es"), status_word("near", "en", {"near": {"en": "Close"}})
    ('Off track', 'Cumplida', 'Close')
    """
    if overrides and status in overrides:
        return pick(overrides[status], lang)
    return template(f"status.{status}", lang, one=True)


def tally_text(count: int, status: str, lang: str, overrides: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Return how many goals have a status.

    >>> tally_text(2, "off_track", "en"), tally_text(2, "met", "es"), tally_text(1, "met", "es")
    ('2 off track', '2 cumplidas', '1 cumplida')
    """
    if overrides and status in overrides:
        word = pick(overrides[status], lang)
    else:
        word = template(f"status.{status}", lang, one=count == 1)
    return f"{number(count, lang)} {capital(word, lower=True)}"


def target_digits(target: float, decimals: int) -> int:
    """Return how many decimals ``target`` needs, at most two more than ``decimals``; one that needs more is worked out
    (a third of a year's total) and is printed as values are.
    """
    exact = round_half_up(target, decimals + 2).normalize()
    if abs(float(exact) - target) > 1e-9 * abs(target):
        return decimals
    exponent = exact.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) and exact != Decimal(0) else 0


def _range(
    target: tuple[float, float], unit: str, decimals: int, lang: str, prefix: str, suffix: str, compact: bool
) -> tuple[str, str]:
    """Return both ends, the unit with the second alone."""
    low, high = target
    low_text, _ = value_parts(low, unit, target_digits(low, decimals), lang, prefix, suffix)
    if compact:
        low_text = value_text(low, "", target_digits(low, decimals), lang, prefix, suffix, compact)
    return low_text, value_text(high, unit, target_digits(high, decimals), lang, prefix, suffix, compact)
