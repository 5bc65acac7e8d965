"""Statistical methods as pure functions over plain numbers: nothing here knows of metrics, periods or places."""

from civicstat.statistics.ages import OLDEST, age_on, age_shown
from civicstat.statistics.leaks import behind_percent, behind_running_totals
from civicstat.statistics.linear import Contradiction, extremes, fixed_amounts
from civicstat.statistics.multiplicity import holm
from civicstat.statistics.proportions import Interval, TwoShares, compare_shares, wilson
from civicstat.statistics.rates import UNSTABLE_UNDER, RateRatio, count_interval, rate_ratio
from civicstat.statistics.rounding import round_half_up
from civicstat.statistics.samples import people_per_arm
from civicstat.statistics.season import SEASONAL, season_strength
from civicstat.statistics.signals import Direction, Method, Rule
from civicstat.statistics.suppression import Audit, Plan, audit_cells, plan_cells, small_cells
from civicstat.statistics.survival import survival_quantile
from civicstat.statistics.targeting import (
    Bin,
    Calibration,
    GroupHits,
    Hits,
    calibrate,
    rank_area,
    target,
    target_groups,
)
from civicstat.statistics.xmr import METHODS, TRIAL, Assurance, Behaviour, Segment, Variation, read_behaviour
from civicstat.statistics.year_end import LEAST_MONTHS, Outlook, YearEnd, best_run, project_year

__all__ = [
    "LEAST_MONTHS",
    "METHODS",
    "OLDEST",
    "SEASONAL",
    "TRIAL",
    "UNSTABLE_UNDER",
    "Assurance",
    "Audit",
    "Behaviour",
    "Bin",
    "Calibration",
    "Contradiction",
    "Direction",
    "GroupHits",
    "Hits",
    "Interval",
    "Method",
    "Outlook",
    "Plan",
    "RateRatio",
    "Rule",
    "Segment",
    "TwoShares",
    "Variation",
    "YearEnd",
    "age_on",
    "age_shown",
    "audit_cells",
    "behind_percent",
    "behind_running_totals",
    "best_run",
    "calibrate",
    "compare_shares",
    "count_interval",
    "extremes",
    "fixed_amounts",
    "holm",
    "people_per_arm",
    "plan_cells",
    "project_year",
    "rank_area",
    "rate_ratio",
    "read_behaviour",
    "round_half_up",
    "season_strength",
    "small_cells",
    "survival_quantile",
    "target",
    "target_groups",
    "wilson",
]
