"""Statistical methods as pure functions over plain numbers: nothing here knows of metrics, periods or places."""

from civicstat.statistics.signals import Direction, Method, Rule
from civicstat.statistics.xmr import METHODS, TRIAL, Assurance, Behaviour, Segment, Variation, read_behaviour

__all__ = [
    "METHODS",
    "TRIAL",
    "Assurance",
    "Behaviour",
    "Direction",
    "Method",
    "Rule",
    "Segment",
    "Variation",
    "read_behaviour",
]
