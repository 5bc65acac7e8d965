"""Numbers for machines: the JSON interface, and the one shape of a reading it shares with the command line."""

from __future__ import annotations

from civicstat.publish.answer import (
    as_promised,
    find_readings,
    reading_gap,
    reading_json,
    reading_reason,
    readings_json,
)
from civicstat.publish.api import Editions, create_api, error_response
from civicstat.publish.behaviour import Sign, behaviour_json, drawn_limits, last_said, rule_text, sign_of, verdict
from civicstat.publish.chance import interval_of, is_unstable, order_is_uncertain
from civicstat.publish.compared import COMPARISONS, Compare, broken_before, comparisons, earlier_readings
from civicstat.publish.files import create_downloads
from civicstat.publish.year_end import year_end_of

__all__ = [
    "COMPARISONS",
    "Compare",
    "Editions",
    "Sign",
    "as_promised",
    "behaviour_json",
    "broken_before",
    "comparisons",
    "create_api",
    "create_downloads",
    "drawn_limits",
    "earlier_readings",
    "error_response",
    "find_readings",
    "interval_of",
    "is_unstable",
    "last_said",
    "order_is_uncertain",
    "reading_gap",
    "reading_json",
    "reading_reason",
    "readings_json",
    "rule_text",
    "sign_of",
    "verdict",
    "year_end_of",
]
