"""Every phrase of the product in English and Spanish, and the one way to print a number, a day, a goal, a reason."""

from civicstat.words.amount import (
    change_ends,
    change_size,
    change_text,
    number,
    unit_word,
    value_parts,
    value_text,
)
from civicstat.words.day import day_text, month_text, period_text
from civicstat.words.goal import compared_text, goal_label, goal_text, near_text, status_word, tally_text, target_digits
from civicstat.words.phrase import capital, folded, phrase, pick, plain
from civicstat.words.plan import pace_text, plan_text
from civicstat.words.reason import ReasonLike, gap_text, reason_text
from civicstat.words.table import LANGUAGES, keys

__all__ = [
    "LANGUAGES",
    "ReasonLike",
    "capital",
    "change_ends",
    "change_size",
    "change_text",
    "compared_text",
    "day_text",
    "folded",
    "gap_text",
    "goal_label",
    "goal_text",
    "keys",
    "month_text",
    "near_text",
    "number",
    "pace_text",
    "period_text",
    "phrase",
    "pick",
    "plain",
    "plan_text",
    "reason_text",
    "status_word",
    "tally_text",
    "target_digits",
    "unit_word",
    "value_parts",
    "value_text",
]
